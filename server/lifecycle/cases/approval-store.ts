import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { ResolvedConstraint } from '../../rules/constraint.ts'
import { addDays, type Because } from './case.ts'

export type ApprovalState = 'waiting' | 'approved' | 'refused' | 'withdrawn'
export type StoredApproval = {
  id: string
  caseId: string
  affiliationId: string
  personId: string
  entitlementId: string
  systemId: string
  constraints: ResolvedConstraint[]
  from: string
  to: string | null
  why: string
  via: Approver['via']
  unitId: string | null
  approverId: string | null
  state: ApprovalState
  sentBy: string | null
  sentPersonId: string | null
  secret: boolean
}
export type Approver = { via: 'owner' | 'manager' | 'hr' | 'right'; unitId: string | null; personId: string | null }

/** When whoever has not answered is reminded, in days: a fortnight before a start is what a report has (danish-public-sector.md 2). */
const REMIND_AFTER = [2, 5, 9]

/**
 * Who says yes to a right. Where the right itself says who (`entitlement.approval`), that one first: its own owner, the
 * system's, or the manager of the unit. Else the owner of its system, then the manager, then HR, whoever there is. Never
 * the person whom it is for, nor who asks for it; deputies answer in the place of a manager and of a system's owner.
 */
export async function approverOf(
  tx: Tx,
  of: { entitlementId: string; unitId: string | null; not: readonly (string | null)[] },
): Promise<Approver> {
  const [row] = await tx.query<{
    first: 'unit' | 'system' | 'right' | null
    own: string | null
    owner: string | null
    unit: string | null
    manager: string | null
  }>(
    `select e.approval as first,
       (select p.person_id from person_current p where p.person_id = e.owner_person_id and p.status = 'active'
          and p.person_id <> all($3::uuid[])) as own,
       (select oa.person_id from it_system s join affiliation_current oa
            on oa.affiliation_id in (s.owner_affiliation_id, s.task_deputy_affiliation_id) and oa.status = 'active'
          where s.id = e.system_id and oa.person_id <> all($3::uuid[])
          order by oa.affiliation_id = s.owner_affiliation_id desc limit 1) as owner,
       above.unit_id as unit, above.post_person_id as manager
     from entitlement e left join lateral (
       select m.unit_id, m.post_person_id from org_unit_current u
       join org_unit_current m on m.unit_id = any(u.path) and m.active
       join affiliation_current ma on ma.affiliation_id = m.post_affiliation_id and ma.status = 'active'
       where u.unit_id = $2 and m.post_person_id is not null and m.post_person_id <> all($3::uuid[])
       order by m.level desc limit 1) above on true
     where e.id = $1`,
    [of.entitlementId, of.unitId, of.not.filter(id => id !== null)],
  )
  const owner: Approver[] = row?.owner ? [{ via: 'owner', unitId: null, personId: row.owner }] : []
  const manager: Approver[] = row?.manager ? [{ via: 'manager', unitId: row.unit, personId: row.manager }] : []
  const own: Approver[] = row?.first === 'right' && row.own ? [{ via: 'right', unitId: null, personId: row.own }] : []
  const [chosen] = row?.first === 'unit' ? [...manager, ...owner] : [...own, ...owner, ...manager]
  return chosen ?? { via: 'hr', unitId: null, personId: null }
}

export async function insertApproval(
  tx: Tx,
  given: Pick<
    StoredApproval,
    'caseId' | 'affiliationId' | 'personId' | 'entitlementId' | 'constraints' | 'from' | 'to' | 'why'
  > & { because: Because; approver: Approver },
  when: { now: Date; today: string },
): Promise<void> {
  const id = newId(when.now.getTime())
  await tx.query(
    `insert into lifecycle_approval (id, case_id, affiliation_id, person_id, entitlement_id, constraints, valid_from,
       valid_to, why, because, via, unit_id, approver_person_id, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      id,
      given.caseId,
      given.affiliationId,
      given.personId,
      given.entitlementId,
      JSON.stringify(given.constraints),
      given.from,
      given.to,
      given.why,
      given.because,
      given.approver.via,
      given.approver.unitId,
      given.approver.personId,
      when.now,
    ],
  )
  await tx.query('insert into lifecycle_reminder (approval_id, due_on) select $1, due from unnest($2::date[]) as due', [
    id,
    REMIND_AFTER.map(days => addDays(when.today, days)),
  ])
}

export async function loadApproval(tx: Tx, id: string): Promise<StoredApproval | null> {
  const [row] = await tx.query<StoredApproval>(
    `select a.id, a.case_id as "caseId", a.affiliation_id as "affiliationId", a.person_id as "personId",
       a.entitlement_id as "entitlementId", e.system_id as "systemId", a.constraints, a.valid_from as "from",
       a.valid_to as "to", a.why, a.via, a.unit_id as "unitId", a.approver_person_id as "approverId", a.state, c.sent_by as "sentBy",
       c.sent_person_id as "sentPersonId", c.confidential and c.released_at is null as secret
     from lifecycle_approval a join lifecycle_case c on c.id = a.case_id join entitlement e on e.id = a.entitlement_id
     where a.id = $1 for update of a`,
    [id],
  )
  return row ?? null
}

export async function settleApproval(
  tx: Tx,
  id: string,
  given: { state: ApprovalState; by: string; reason: string | null; grantId: string | null },
  now: Date,
): Promise<void> {
  await tx.query(
    `update lifecycle_approval set state = $2, decided_by = $3, reason = $4, grant_id = $5, decided_at = $6 where id = $1`,
    [id, given.state, given.by, given.reason, given.grantId, now],
  )
  // Nobody is reminded of what is answered.
  await tx.query('delete from lifecycle_reminder where approval_id = $1', [id])
}
