import type { z } from 'zod'
import type { EndForm, handoverKind } from '#contract/lifecycle-forms.ts'
import { endGrants } from '../../access/grants/grant-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { StoredCase } from './case.ts'
import type { KnownAffiliation } from './known-affiliation.ts'

export type Delegated = { kind: z.output<typeof handoverKind>; id: string; name: string }
/** More than anybody answers for; deviations beyond it are their owner's successor's anyway. */
const MOST = 200

/** Whether nothing of the person goes on when an affiliation (`$1`) of theirs (`$2`) ends. */
const LAST = `not exists (select from affiliation_current o where o.person_id = $2 and o.affiliation_id <> $1
  and o.status <> 'ended' and o.kind <> 'pupil' and (o.ends_on is null or o.ends_on > coalesce((select m.ends_on
    from affiliation_current m where m.affiliation_id = $1), 'infinity')))`

/**
 * What a person answers for by this affiliation: systems, units, deputy posts, externals; and, where it is their last, by
 * themselves: approvals, findings, rights, accounts, rules, exceptions. One statement. Read today: what has been given to
 * somebody else is no longer in it.
 */
export const delegatedBy = (tx: Tx, of: Pick<KnownAffiliation, 'affiliationId' | 'personId'>): Promise<Delegated[]> =>
  tx.query<Delegated>(
    `select kind, id, name from (
       select 'system' as kind, 1 as place, id, name from it_system where owner_affiliation_id = $1 and gone_at is null
       union all
       select 'responsible', 2, id, name from it_system where responsible_affiliation_id = $1 and gone_at is null
       union all
       select 'contact', 3, id, name from it_system where contact_affiliation_id = $1 and gone_at is null
       union all
       select 'task-deputy', 4, id, name from it_system where task_deputy_affiliation_id = $1 and gone_at is null
       union all
       select 'unit', 5, unit_id, name from org_unit_current where post_affiliation_id = $1 and active
       union all
       select 'deputy', 6, d.id, u.name from deputy d join org_unit_current u on u.unit_id = d.unit_id
       where d.deputy_affiliation_id = $1
       union all
       select 'sponsor', 7, ac.affiliation_id, p.name from affiliation_current ac
       join person_current p on p.person_id = ac.person_id
       where ac.sponsor_affiliation_id = $1 and ac.status <> 'ended'
       union all
       select * from (
         select 'approval', 8, a.id, e.name from lifecycle_approval a join entitlement e on e.id = a.entitlement_id
         where a.approver_person_id = $2 and a.state = 'waiting'
         union all
         select 'right', 9, e.id, s.name || ': ' || e.name from entitlement e join it_system s on s.id = e.system_id
         where e.owner_person_id = $2 and e.gone_at is null
         union all
         select 'account', 10, a.id, a.username from account a where a.owner_person_id = $2 and a.gone_at is null
         union all
         select 'account-rule', 11, r.id, coalesce(r.pattern, r.ou, r.source) from account_rule r
         where r.owner_person_id = $2
         union all
         select 'rule', 12, md5('rule ' || r.key)::uuid, r.name from rights_rule r
         where r.owner_person = $2 and upper_inf(r.recorded)
         union all
         select 'exception', 13, x.id, e.name from right_exception x join entitlement e on e.id = x.entitlement_id
         where x.owner_person_id = $2 and x.in_force
         union all
         select 'finding', 14, f.id, f.code from finding f where f.owner_person_id = $2 and f.closed_at is null
       ) own where ${LAST}
     ) all_of_it order by place, name, id limit ${MOST}`,
    [of.affiliationId, of.personId],
  )

/** Whether no other job goes on, and which things somebody holds or should hold. One statement. */
export async function leftBy(
  tx: Tx,
  of: Pick<KnownAffiliation, 'affiliationId' | 'personId'>,
): Promise<{ last: boolean; kit: string[] }> {
  const [row] = await tx.query<{ last: boolean; kit: string[] }>(
    `select ${LAST} as last, array(
       select e.id from entitlement e join it_system s on s.id = e.system_id
       where (e.kind in ('equipment', 'physical') or s.kind in ('equipment', 'physical')) and (
         exists (select from assignment a where a.affiliation_id = $1 and a.entitlement_id = e.id)
         or exists (select from account acc join observed_right r on r.account_id = acc.id
           where acc.person_id = $2 and acc.gone_at is null and r.entitlement_id = e.id)
         or (select o.action from provisioning_order o where o.person_id = $2 and o.entitlement_id = e.id
           and o.action in ('hand-out', 'take-back') and o.state in ('done', 'verified') order by o.done_at desc limit 1)
           = 'hand-out')
       order by e.key) as kit`,
    [of.affiliationId, of.personId],
  )
  return row ?? { last: false, kit: [] }
}

/** Writes down who takes over what, when an end is carried out; nobody yet where the report names nobody. */
export async function noteHandovers(
  tx: Tx,
  one: Pick<StoredCase, 'id'> & { form: EndForm },
  known: KnownAffiliation,
  due: string,
): Promise<void> {
  const chosen = new Map(one.form.handovers.map(each => [`${each.kind} ${each.id}`, each.toPersonId]))
  const rows = (await delegatedBy(tx, known)).map(each => ({
    ...each,
    to: chosen.get(`${each.kind} ${each.id}`) ?? null,
  }))
  await tx.query(
    `insert into case_handover (case_id, kind, subject_id, name, person_id, to_person_id, due_on)
     select $1, kind, id, name, $3, "to", $4 from jsonb_to_recordset($2::jsonb) as r(kind text, id uuid, name text, "to" uuid)
     on conflict (case_id, kind, subject_id) do update set to_person_id = excluded.to_person_id, due_on = excluded.due_on`,
    [one.id, JSON.stringify(rows), known.personId, due],
  )
}

/** The end is another day, and with it the day on which others take over. */
export const moveHandovers = (tx: Tx, caseIds: readonly string[], due: string) =>
  tx.query('update case_handover set due_on = $2 where case_id = any($1) and settled_at is null', [caseIds, due])

/** The person stays after all. */
export const forgetHandovers = (tx: Tx, caseIds: readonly string[]) =>
  tx.query('delete from case_handover where case_id = any($1) and settled_at is null', [caseIds])

/** Rights that somebody has asked for on an affiliation that never comes, and what still waits for a yes. */
export async function endGrantsOf(
  tx: Tx,
  affiliationId: string,
  when: { now: Date; today: string; by: string; reason: string },
): Promise<void> {
  const grants = await tx.query<{ id: string }>(
    'select id from right_grant where affiliation_id = $1 and ended_at is null',
    [affiliationId],
  )
  await endGrants(
    tx,
    grants.map(one => one.id),
    when,
  )
  await tx.query(
    `delete from lifecycle_reminder r using lifecycle_approval a
     where a.id = r.approval_id and a.affiliation_id = $1 and a.state = 'waiting'`,
    [affiliationId],
  )
  await tx.query(
    `update lifecycle_approval set state = 'withdrawn', decided_at = $2, reason = $3
     where affiliation_id = $1 and state = 'waiting'`,
    [affiliationId, when.now, when.reason],
  )
}

export type DueHandover = {
  caseId: string
  kind: Delegated['kind']
  id: string
  personId: string
  to: string
  /** The job by which they take over. */
  job: string
}
/** What is to be somebody else's from today on, whenever its day was, and who is there to take it. */
export const dueHandovers = (tx: Tx, today: string): Promise<DueHandover[]> =>
  tx.query(
    `select h.case_id as "caseId", h.kind, h.subject_id as id, h.person_id as "personId", p.person_id as to,
       p.primary_affiliation_id as job
     from case_handover h join person i on i.id = h.to_person_id
     join person_current p on p.person_id = coalesce(i.merged_into, i.id) and p.status = 'active'
     where h.settled_at is null and h.due_on <= $1 and p.primary_affiliation_id is not null
     order by h.case_id, h.kind, h.subject_id`,
    [today],
  )

/** Approvals that wait for somebody who has gone; `not`: who may never answer them. */
export const orphanedApprovals = (
  tx: Tx,
  today: string,
): Promise<{ id: string; entitlementId: string; unitId: string | null; not: (string | null)[] }[]> =>
  tx.query(
    `select distinct on (a.id) a.id, a.entitlement_id as "entitlementId", c.unit_id as "unitId",
       array[h.person_id, a.person_id, c.sent_person_id] as not
     from case_handover h join lifecycle_approval a on a.id = h.subject_id and a.state = 'waiting'
       and a.approver_person_id = h.person_id
     join lifecycle_case c on c.id = a.case_id
     where h.kind = 'approval' and h.settled_at is null and h.due_on <= $1`,
    [today],
  )

/** Closes what the leaver answers for no longer. */
export const settleHandovers = (tx: Tx, now: Date): Promise<{ caseId: string; kind: string; id: string }[]> =>
  tx.query(
    `update case_handover h set settled_at = $1
     from lifecycle_case c where c.id = h.case_id and h.settled_at is null and case h.kind
       when 'system' then not exists (select from it_system s where s.id = h.subject_id and s.gone_at is null
         and s.owner_affiliation_id = c.affiliation_id)
       when 'responsible' then not exists (select from it_system s where s.id = h.subject_id and s.gone_at is null
         and s.responsible_affiliation_id = c.affiliation_id)
       when 'unit' then not exists (select from org_unit_current u where u.unit_id = h.subject_id and u.active
         and u.post_affiliation_id = c.affiliation_id)
       when 'contact' then not exists (select from it_system s where s.id = h.subject_id and s.gone_at is null
         and s.contact_affiliation_id = c.affiliation_id)
       when 'task-deputy' then not exists (select from it_system s where s.id = h.subject_id and s.gone_at is null
         and s.task_deputy_affiliation_id = c.affiliation_id)
       when 'right' then not exists (select from entitlement e where e.id = h.subject_id and e.gone_at is null
         and e.owner_person_id = h.person_id)
       when 'account' then not exists (select from account a where a.id = h.subject_id and a.gone_at is null
         and a.owner_person_id = h.person_id)
       when 'account-rule' then not exists (select from account_rule r where r.id = h.subject_id
         and r.owner_person_id = h.person_id)
       when 'rule' then not exists (select from rights_rule r where md5('rule ' || r.key)::uuid = h.subject_id
         and upper_inf(r.recorded) and r.owner_person = h.person_id)
       when 'exception' then not exists (select from right_exception x where x.id = h.subject_id and x.in_force
         and x.owner_person_id = h.person_id)
       when 'deputy' then not exists (select from deputy d where d.id = h.subject_id
         and d.deputy_affiliation_id = c.affiliation_id)
       when 'sponsor' then not exists (select from affiliation_current e where e.affiliation_id = h.subject_id
         and e.status <> 'ended' and e.sponsor_affiliation_id = c.affiliation_id)
       when 'approval' then not exists (select from lifecycle_approval a where a.id = h.subject_id
         and a.state = 'waiting' and a.approver_person_id = h.person_id)
       else not exists (select from finding f where f.id = h.subject_id and f.closed_at is null
         and f.owner_person_id = h.person_id) end
     returning h.case_id as "caseId", h.kind, h.subject_id as id`,
    [now],
  )
