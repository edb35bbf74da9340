import type { z } from 'zod'
import type { EndForm, handoverKind } from '#contract/lifecycle-forms.ts'
import { endGrants } from '../../access/grants/grant-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { StoredCase } from './case.ts'
import type { KnownAffiliation } from './known-affiliation.ts'

export type Delegated = { kind: z.output<typeof handoverKind>; id: string; name: string }
/** More than anybody answers for; deviations beyond it are their owner's successor's anyway. */
const MOST = 200

/**
 * What a person answers for by this affiliation: systems, units, deputy posts, externals; and by themselves: approvals and
 * findings. One statement. Read today: what has been given to somebody else is no longer in it.
 */
export const delegatedBy = (tx: Tx, of: Pick<KnownAffiliation, 'affiliationId' | 'personId'>): Promise<Delegated[]> =>
  tx.query<Delegated>(
    `select kind, id, name from (
       select 'system' as kind, 1 as place, id, name from it_system where owner_affiliation_id = $1 and gone_at is null
       union all
       select 'responsible', 2, id, name from it_system where responsible_affiliation_id = $1 and gone_at is null
       union all
       select 'unit', 3, unit_id, name from org_unit_current where post_affiliation_id = $1 and active
       union all
       select 'deputy', 4, d.id, u.name from deputy d join org_unit_current u on u.unit_id = d.unit_id
       where d.deputy_affiliation_id = $1
       union all
       select 'sponsor', 5, ac.affiliation_id, p.name from affiliation_current ac
       join person_current p on p.person_id = ac.person_id
       where ac.sponsor_affiliation_id = $1 and ac.status <> 'ended'
       union all
       select 'approval', 6, a.id, e.name from lifecycle_approval a join entitlement e on e.id = a.entitlement_id
       where a.approver_person_id = $2 and a.state = 'waiting'
       union all
       select 'finding', 7, f.id, f.code from finding f where f.owner_person_id = $2 and f.closed_at is null
     ) all_of_it order by place, name, id limit ${MOST}`,
    [of.affiliationId, of.personId],
  )

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
  // Whoever waits for a yes waits for the one who takes over, from now on.
  await tx.query(
    `update lifecycle_approval a set approver_person_id = h.to_person_id from case_handover h
     where h.case_id = $1 and h.kind = 'approval' and h.subject_id = a.id and h.to_person_id is not null
       and a.state = 'waiting' and a.person_id <> h.to_person_id`,
    [one.id],
  )
}

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

/**
 * Handovers whose day has come, whenever it came: what can be given away here is given (an external gets the new contact),
 * and what is somebody else's by now is settled. The rest stays open and is looked for again. Answers affiliations whose
 * contact is to be stated, for the caller to state.
 */
export async function dueSponsors(
  tx: Tx,
  today: string,
): Promise<{ caseId: string; externalId: string; sponsorId: string }[]> {
  return tx.query(
    `select h.case_id as "caseId", h.subject_id as "externalId", p.primary_affiliation_id as "sponsorId"
     from case_handover h join person_current p on p.person_id = h.to_person_id and p.status = 'active'
     where h.kind = 'sponsor' and h.settled_at is null and h.due_on <= $1`,
    [today],
  )
}

/** Closes what the leaver answers for no longer. */
export const settleHandovers = (tx: Tx, now: Date): Promise<unknown> =>
  tx.query(
    `update case_handover h set settled_at = $1
     from lifecycle_case c where c.id = h.case_id and h.settled_at is null and case h.kind
       when 'system' then not exists (select from it_system s where s.id = h.subject_id and s.gone_at is null
         and s.owner_affiliation_id = c.affiliation_id)
       when 'responsible' then not exists (select from it_system s where s.id = h.subject_id and s.gone_at is null
         and s.responsible_affiliation_id = c.affiliation_id)
       when 'unit' then not exists (select from org_unit_current u where u.unit_id = h.subject_id and u.active
         and u.post_affiliation_id = c.affiliation_id)
       when 'deputy' then not exists (select from deputy d where d.id = h.subject_id
         and d.deputy_affiliation_id = c.affiliation_id)
       when 'sponsor' then not exists (select from affiliation_current e where e.affiliation_id = h.subject_id
         and e.status <> 'ended' and e.sponsor_affiliation_id = c.affiliation_id)
       when 'approval' then not exists (select from lifecycle_approval a where a.id = h.subject_id
         and a.state = 'waiting' and a.approver_person_id = h.person_id)
       else not exists (select from finding f where f.id = h.subject_id and f.closed_at is null
         and f.owner_person_id = h.person_id) end`,
    [now],
  )
