import type { NormalAttrs } from '../../platform/feed-record.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { PayrollChange } from './decide-payroll-changes.ts'

export type DraftsWanted = { open: boolean; days: number }

/** Whether a source is payroll (or a list that says that it is) and opens drafts; null: neither. The first read of a source is its past, and opens none. */
export async function draftsOf(tx: Tx, source: string, runId: string): Promise<DraftsWanted | null> {
  const [row] = await tx.query<{ drafts: DraftsWanted | null; before: boolean }>(
    `select declaration #> '{settings,drafts}' as drafts,
       exists (select from feed_run r where r.source = s.key and r.id <> $2 and not r.dry_run
         and r.state in ('done', 'held')) as before
     from source s where key = $1 and kind in ('opus', 'sd', 'csv')`,
    [source, runId],
  )
  return row?.before && row.drafts?.open ? row.drafts : null
}

export type ChangedRecord = {
  affiliationId: string
  op: 'add' | 'change' | 'gone' | 'return'
  before: NormalAttrs | null
  after: NormalAttrs | null
}

/** Affiliation records whose dates this run has changed. */
export async function changedRecords(tx: Tx, source: string, runId: string): Promise<ChangedRecord[]> {
  return tx.query<ChangedRecord>(
    `select a.id as "affiliationId", i.op, i.before, i.after
     from plan p join plan_item i on i.plan_id = p.id and i.kind = 'affiliation' and i.state = 'applied'
     join affiliation a on a.source = $1 and a.key = i.key
     where p.cause_id = $2 and p.kind = 'feed'
       and (i.op <> 'change' or i.before -> 'endsOn' is distinct from i.after -> 'endsOn')
     order by a.id`,
    [source, runId],
  )
}

/** Once each; what was taken back and is said anew by another run counts anew. */
export async function noteChanges(
  tx: Tx,
  source: string,
  changes: readonly (PayrollChange & { affiliationId: string })[],
  run: { id: string; now: Date },
): Promise<void> {
  if (changes.length === 0) return
  await tx.query(
    `insert into payroll_change as p (id, source, affiliation_id, kind, effective_on, run_id, noticed_at)
     select id, $2, affiliation, kind, day, $3, $4
     from json_to_recordset($1::json) as r(id uuid, affiliation uuid, kind text, day date)
     on conflict on constraint payroll_change_once do update set state = 'noticed', run_id = excluded.run_id,
       noticed_at = excluded.noticed_at, case_id = null, settled_at = null
     where p.state = 'taken-back' and p.run_id <> excluded.run_id`,
    [
      JSON.stringify(
        changes.map(one => ({
          id: newId(run.now.getTime()),
          affiliation: one.affiliationId,
          kind: one.kind,
          day: one.on,
        })),
      ),
      source,
      run.id,
      run.now,
    ],
  )
}

export type OpenChange = PayrollChange & {
  id: string
  state: 'noticed' | 'opened'
  affiliationId: string
  caseId: string | null
  /** Nobody has sent it, and it is one of ours. */
  caseOpen: boolean
  /** What payroll says of it now; null: nothing any more. */
  record: NormalAttrs | null
  /** A report says so: one that was made one with it, or one that names the affiliation. */
  reported: boolean
  /** The matching desk has a report that it might belong to. */
  weighed: boolean
  current: {
    affiliationId: string
    personId: string
    kind: string
    unitId: string | null
    title: string | null
    fraction: number | null
    hourlyPaid: boolean
    startsOn: string | null
    endsOn: string | null
  } | null
}

/** What waits of a source, beside what payroll and reports say of it now. */
export async function openChanges(tx: Tx, source: string): Promise<OpenChange[]> {
  return tx.query<OpenChange>(
    `select p.id, p.kind, p.effective_on as "on", p.state, p.affiliation_id as "affiliationId", p.case_id as "caseId",
       coalesce(c.state in ('draft', 'prepared') and c.origin = 'payroll', false) as "caseOpen",
       case when r.gone_at is null then r.payload end as record,
       case p.kind
         when 'hire' then exists (select from affiliation s where s.id = a.merged_into and s.source = 'report')
           or exists (select from affiliation_merge m join affiliation s on s.id in (m.survivor_id, m.absorbed_id)
             where a.id in (m.survivor_id, m.absorbed_id) and m.undone_at is null and s.source = 'report')
         else false end
       or exists (select from lifecycle_case k where k.affiliation_id in (a.id, a.merged_into)
           and k.id is distinct from p.case_id and k.state in ('sent', 'done')
           and case p.kind
             when 'hire' then k.kind = 'hire'
             when 'end' then k.kind = 'end' and k.door not in ('extend', 'withdraw')
             else k.kind = 'end' and k.door in ('extend', 'postpone')
               and (k.form ->> 'endsOn')::date is not distinct from p.effective_on end) as reported,
       p.kind = 'hire' and exists (select from affiliation_match m where m.payroll_id = a.id and m.state = 'open') as weighed,
       case when ac.affiliation_id is not null then jsonb_build_object('affiliationId', ac.affiliation_id,
         'personId', ac.person_id, 'kind', ac.kind, 'unitId', ac.unit_id, 'title', ac.title,
         'fraction', ac.fraction, 'hourlyPaid', ac.hourly_paid, 'startsOn', ac.starts_on, 'endsOn', ac.contract_ends_on)
       end as current
     from payroll_change p join affiliation a on a.id = p.affiliation_id
     left join affiliation_current ac on ac.affiliation_id = coalesce(a.merged_into, a.id)
     left join source_record r on r.source = p.source and r.kind = 'affiliation' and r.key = a.key
     left join lifecycle_case c on c.id = p.case_id
     where p.source = $1 and p.state in ('noticed', 'opened') order by p.noticed_at, p.id`,
    [source],
  )
}

export async function settleChange(
  tx: Tx,
  id: string,
  to: { state: 'opened' | 'reported' | 'taken-back'; caseId?: string; at: Date },
): Promise<void> {
  await tx.query(
    `update payroll_change set state = $2, case_id = coalesce($3, case_id),
       settled_at = case when $2 = 'opened' then null else $4::timestamptz end where id = $1`,
    [id, to.state, to.caseId ?? null, to.at],
  )
}
