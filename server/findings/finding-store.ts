import { askFor } from '../platform/planned.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/*
 * What is not as it should be, whatever it is about. Rooms above say what they have found as rows of SQL; here they are
 * kept with their age, their owner and what people decided.
 */

/** What a room evaluates in one go. Rows that are the same as before are not written. */
export type Evaluation = {
  /** Kinds that `rows` answers for. */
  codes: readonly string[]
  /** SQL over `finding f`: which of those kinds were looked at; what is not in `rows` any more is closed. */
  scope: string
  /**
   * SQL of columns code, subject_id, object_id, cause, severity, person_id, system_id, unit_id, owner_role, detail:
   * at most one row a (code, subject, object).
   */
  rows: string
  /** The rows say activity_id, too: which record of the register each is about. */
  ofRegister?: boolean
  params: readonly unknown[]
  /** What was looked at, where that may be a handful: then the statement is planned once, and not each time. */
  among?: readonly unknown[] | 'all'
}

const NONE = `'00000000-0000-0000-0000-000000000000'::uuid`

/** Opens, changes and closes findings to what was found, in one statement. A decision stays while its finding does. */
export async function syncFindings(
  tx: Tx,
  { codes, scope, rows, params, ofRegister = false, among = 'all' }: Evaluation,
): Promise<void> {
  const activity = ofRegister ? 'w.activity_id' : 'null::uuid'
  await askFor(
    tx,
    among,
    `with wanted as materialized (${rows}),
     closed as (
       update finding f set state = 'closed', closed_at = now()
       where f.closed_at is null and f.code = any(array[${codes.map(code => `'${code}'`).join(', ')}]) and (${scope})
         and not exists (select from wanted w where w.code = f.code and w.subject_id = f.subject_id
           and coalesce(w.object_id, ${NONE}) = coalesce(f.object_id, ${NONE}))
     )
     insert into finding as f (code, subject_id, object_id, cause, severity, person_id, system_id, unit_id, owner_role, detail, activity_id, opened_at)
     select w.code, w.subject_id, w.object_id, w.cause, w.severity, w.person_id, w.system_id, w.unit_id, w.owner_role, w.detail, ${activity}, now()
     from wanted w
     where not exists (select from finding k where k.closed_at is null and k.code = w.code and k.subject_id = w.subject_id
       and coalesce(k.object_id, ${NONE}) = coalesce(w.object_id, ${NONE})
       and (k.cause, k.severity, k.person_id, k.system_id, k.unit_id, k.owner_role, k.detail, k.activity_id)
         is not distinct from (w.cause, w.severity, w.person_id, w.system_id, w.unit_id, w.owner_role, w.detail, ${activity}))
     on conflict (code, subject_id, object_id) where closed_at is null do update set cause = excluded.cause,
       severity = excluded.severity, person_id = excluded.person_id, system_id = excluded.system_id,
       unit_id = excluded.unit_id, owner_role = excluded.owner_role, detail = excluded.detail, activity_id = excluded.activity_id`,
    [...params],
  )
}

export type Decision = {
  state: 'open' | 'accepted' | 'explained' | 'removal' | 'not-a-finding'
  action: string
  reason: string | null
  until: string | null
  by: string
  now: Date
  batchId: string
}

/** Decides about open findings; what each was before stands in its history. Answers how many. */
export async function decideFindings(tx: Tx, ids: readonly string[], decision: Decision): Promise<number> {
  const { state, action, reason, until, by, now, batchId } = decision
  const open = state === 'open'
  const rows = await tx.query(
    `with was as (
       select id, jsonb_build_object('state', state, 'until', until, 'reason', reason, 'decidedAt', decided_at,
         'decidedBy', decided_by, 'batchId', batch_id) as before
       from finding where id = any($1) and closed_at is null for update
     ), changed as (
       update finding f set state = $2, until = $3, reason = $4, decided_at = $5, decided_by = $6, batch_id = $7
       from was where f.id = was.id returning f.id
     )
     insert into finding_event (finding_id, at, by, action, batch_id, before, after)
     select was.id, $8, $9, $10, $7, was.before, jsonb_build_object('state', $2::text, 'until', $3::date, 'reason', $11::text)
     from was join changed on changed.id = was.id returning finding_id`,
    [ids, state, until, open ? null : reason, open ? null : now, open ? null : by, batchId, now, by, action, reason],
  )
  return rows.length
}

/** What was decided about findings without changing their state, also of closed ones, stands in their history. Answers how many. */
export async function noteDecision(
  tx: Tx,
  ids: readonly string[],
  { action, reason, by, now, batchId }: Pick<Decision, 'action' | 'by' | 'now' | 'batchId' | 'reason'>,
): Promise<number> {
  const rows = await tx.query(
    `with was as (select id, batch_id from finding where id = any($1) for update),
     changed as (update finding f set batch_id = $2 from was where f.id = was.id returning f.id)
     insert into finding_event (finding_id, at, by, action, batch_id, before, after)
     select was.id, $3, $4, $5, $2, jsonb_build_object('batchId', was.batch_id), jsonb_build_object('reason', $6::text)
     from was join changed on changed.id = was.id returning finding_id`,
    [ids, batchId, now, by, action, reason],
  )
  return rows.length
}

/** The same undone. Answers how many. */
export async function undoNoted(tx: Tx, batchId: string, by: string, now: Date): Promise<number> {
  const rows = await tx.query(
    `with undone as (
       update finding f set batch_id = (e.before ->> 'batchId')::uuid from finding_event e
       where e.batch_id = $1 and f.id = e.finding_id and f.batch_id = $1 returning f.id
     )
     insert into finding_event (finding_id, at, by, action) select id, $2, $3, 'undone' from undone returning finding_id`,
    [batchId, now, by],
  )
  return rows.length
}

/** Hands open findings to a person, or to nobody; who each was with before stands in its history. Answers how many. */
export async function assignFindings(
  tx: Tx,
  ids: readonly string[],
  to: { personId: string | null; by: string; now: Date; batchId: string },
): Promise<number> {
  const rows = await tx.query(
    `with was as (
       select id, owner_person_id from finding
       where id = any($1) and closed_at is null and owner_person_id is distinct from $2::uuid for update
     ), changed as (
       update finding f set owner_person_id = $2 from was where f.id = was.id returning f.id
     )
     insert into finding_event (finding_id, at, by, action, batch_id, before, after)
     select was.id, $3, $4, 'assigned', $5, jsonb_build_object('assignee', was.owner_person_id), jsonb_build_object('assignee', $2::uuid)
     from was join changed on changed.id = was.id returning finding_id`,
    [ids, to.personId, to.now, to.by, to.batchId],
  )
  return rows.length
}

/** Findings that a batch handed over; empty: it was no such batch. */
export async function assignedIn(tx: Tx, batchId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select finding_id as id from finding_event where batch_id = $1 and action = 'assigned'`,
    [batchId],
  )
  return rows.map(row => row.id)
}

/** Puts them back with whom they were before, where nobody has handed them on since. Answers how many. */
export async function undoAssigned(tx: Tx, batchId: string, by: string, now: Date): Promise<number> {
  const rows = await tx.query(
    `with undone as (
       update finding f set owner_person_id = (e.before ->> 'assignee')::uuid
       from finding_event e
       where e.batch_id = $1 and e.action = 'assigned' and f.id = e.finding_id and f.closed_at is null
         and f.owner_person_id is distinct from (e.before ->> 'assignee')::uuid
         and not exists (select from finding_event later where later.finding_id = f.id and later.action = 'assigned' and later.id > e.id)
       returning f.id, f.owner_person_id
     )
     insert into finding_event (finding_id, at, by, action, after)
     select id, $2, $3, 'undone', jsonb_build_object('assignee', owner_person_id) from undone returning finding_id`,
    [batchId, now, by],
  )
  return rows.length
}

/** What a batch decided, where nobody has decided since; null: there is no such batch. */
export async function batchOf(
  tx: Tx,
  batchId: string,
): Promise<{ at: Date; by: string; action: string; ids: string[] } | null> {
  const [row] = await tx.query<{ at: Date; by: string; action: string; ids: string[] }>(
    `select min(e.at) as at, min(e.by) as by, min(e.action) as action, array_agg(f.id) as ids
     from finding_event e join finding f on f.id = e.finding_id and f.batch_id = $1 where e.batch_id = $1 having count(*) > 0`,
    [batchId],
  )
  return row ?? null
}

/**
 * Puts findings back to what they were before a batch; one that closed by it is there again, unless the same has been
 * found anew. Answers how many.
 */
export async function undoBatch(tx: Tx, batchId: string, by: string, now: Date): Promise<number> {
  const rows = await tx.query(
    `with undone as (
       update finding f set state = e.before ->> 'state', until = (e.before ->> 'until')::date, reason = e.before ->> 'reason',
         decided_at = (e.before ->> 'decidedAt')::timestamptz, decided_by = e.before ->> 'decidedBy',
         batch_id = (e.before ->> 'batchId')::uuid, closed_at = null
       from finding_event e
       where e.batch_id = $1 and f.id = e.finding_id and f.batch_id = $1
         and (f.closed_at is null or e.action = 'exception' and not exists (
           select from finding k where k.closed_at is null and k.code = f.code and k.subject_id = f.subject_id
             and k.object_id is not distinct from f.object_id))
       returning f.id, f.state, f.until
     )
     insert into finding_event (finding_id, at, by, action, after)
     select id, $2, $3, 'undone', jsonb_build_object('state', state, 'until', until) from undone returning finding_id`,
    [batchId, now, by],
  )
  return rows.length
}

/** What was accepted until a day that has come is open again. */
export async function reopenDue(tx: Tx, today: string, now: Date): Promise<number> {
  const rows = await tx.query(
    `with due as (
       update finding set state = 'open', until = null, decided_at = null, decided_by = null, batch_id = null
       where state = 'accepted' and until <= $1 returning id
     )
     insert into finding_event (finding_id, at, by, action, after)
     select id, $2, null, 'reopened', jsonb_build_object('state', 'open') from due returning finding_id`,
    [today, now],
  )
  return rows.length
}

/** How many are open today, by kind, system and unit; said again during the day, the last one counts. */
export async function countDay(tx: Tx, today: string): Promise<void> {
  await tx.query(
    `with counted as (
       select code, coalesce(system_id, ${NONE}) as system_id, coalesce(unit_id, ${NONE}) as unit_id, count(*)::int as open
       from finding where closed_at is null and state = 'open' group by 1, 2, 3
     ), gone as (
       delete from finding_day d where on_date = $1 and not exists (
         select from counted c where c.code = d.code and c.system_id = d.system_id and c.unit_id = d.unit_id)
     )
     insert into finding_day as d (on_date, code, system_id, unit_id, open)
     select $1, code, system_id, unit_id, open from counted
     on conflict (on_date, code, system_id, unit_id) do update set open = excluded.open where d.open <> excluded.open`,
    [today],
  )
}

/** Sets how a kind is shown in an area ('' everywhere else); null takes back what was said of the area. */
export async function putSwitch(
  tx: Tx,
  one: { code: string; area: string; mode: string | null; by: string; now: Date },
): Promise<{ before: string | null }> {
  const [before] = await tx.query<{ mode: string }>('select mode from finding_switch where code = $1 and area = $2', [
    one.code,
    one.area,
  ])
  if (one.mode === null)
    await tx.query('delete from finding_switch where code = $1 and area = $2', [one.code, one.area])
  else
    await tx.query(
      `insert into finding_switch (code, area, mode, changed_at, changed_by) values ($1, $2, $3, $4, $5)
       on conflict (code, area) do update set mode = excluded.mode, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
      [one.code, one.area, one.mode, one.now, one.by],
    )
  return { before: before?.mode ?? null }
}

/** The same for a unit and what is below it; null: as the unit above. */
export async function putUnitSwitch(
  tx: Tx,
  one: { code: string; unitId: string; mode: string | null; by: string; now: Date },
): Promise<{ before: string | null }> {
  const at = [one.code, one.unitId]
  const [before] = await tx.query<{ mode: string }>(
    'select mode from finding_unit_switch where code = $1 and unit_id = $2',
    at,
  )
  if (one.mode === null) await tx.query('delete from finding_unit_switch where code = $1 and unit_id = $2', at)
  else
    await tx.query(
      `insert into finding_unit_switch (code, unit_id, mode, changed_at, changed_by) values ($1, $2, $3, $4, $5)
       on conflict (code, unit_id) do update set mode = excluded.mode, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
      [...at, one.mode, one.now, one.by],
    )
  return { before: before?.mode ?? null }
}

export type Notice = { discussedOn: string; toldOn: string; reference: string }

export async function putNotice(tx: Tx, notice: Notice, by: string, now: Date): Promise<void> {
  await tx.query(
    `insert into finding_notice (one, discussed_on, told_on, reference, recorded_at, recorded_by) values (true, $1, $2, $3, $4, $5)
     on conflict (one) do update set discussed_on = excluded.discussed_on, told_on = excluded.told_on,
       reference = excluded.reference, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by`,
    [notice.discussedOn, notice.toldOn, notice.reference, now, by],
  )
}

export async function removeNotice(tx: Tx): Promise<boolean> {
  return (await tx.query('delete from finding_notice returning one')).length > 0
}

export const NOTICE_SQL = 'exists (select from finding_notice)'
