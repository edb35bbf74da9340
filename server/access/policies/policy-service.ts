import type { AccessPolicies } from '#contract/access-policies.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { type RIGHT_CLASSES, rightClassSql } from '../../systems/right-class.ts'
import { resuspend } from '../access-store.ts'
import type { AfterDecided } from '../after-decided.ts'
import { type GraceEffect, graceEffect, loadAbsencePolicy, loadGracePolicy, storePolicies } from './policy-store.ts'

type When = { today: string; now: Date; after: readonly AfterDecided[] }
export type PolicyEffect = { suspended: number; returned: number; people: number }

export const readPolicies = async (tx: Tx): Promise<AccessPolicies> => ({
  absence: await loadAbsencePolicy(tx),
  grace: await loadGracePolicy(tx),
})

/** How many rights of each class are given now, and how many of them rest. */
export async function classCounts(
  tx: Tx,
): Promise<{ class: (typeof RIGHT_CLASSES)[number]; given: number; resting: number }[]> {
  return tx.query(
    `select ${rightClassSql('e', 's')} as class, sum(n.given)::int as given, sum(n.resting)::int as resting
     from (select entitlement_id, count(*) as given, count(suspended) as resting from assignment group by entitlement_id) n
     join entitlement e on e.id = n.entitlement_id join it_system s on s.id = e.system_id group by 1 order by 1`,
  )
}

/**
 * Stores both policies and lets rights rest, or return, at once. What stays after a move that has happened keeps the days
 * that it was given.
 */
export async function changePolicies(tx: Tx, policies: AccessPolicies, when: When): Promise<PolicyEffect> {
  const before = await resting(tx)
  await storePolicies(tx, policies)
  const people = await resuspend(tx, 'all', { ...when, cause: 'policy' })
  const after = await resting(tx)
  let suspended = 0
  for (const one of after) if (!before.has(one)) suspended++
  return { suspended, returned: before.size - (after.size - suspended), people: people.length }
}

/** The very change, taken back: what it would do, today. */
export async function previewPolicies(
  tx: Tx,
  policies: AccessPolicies,
  when: Omit<When, 'after'>,
): Promise<PolicyEffect & { grace: GraceEffect }> {
  await tx.query('savepoint policy_preview')
  const effect = await changePolicies(tx, policies, { ...when, after: [] })
  await tx.query('rollback to savepoint policy_preview')
  return { ...effect, grace: await graceEffect(tx, policies.grace, when.now) }
}

export async function applyPolicies(
  tx: Tx,
  actor: Actor,
  { policies, reason }: { policies: AccessPolicies; reason: string },
  when: When,
): Promise<PolicyEffect> {
  const before = await readPolicies(tx)
  const effect = await changePolicies(tx, policies, when)
  await audit(tx).write({
    actor: auditActor(actor),
    ...{ action: 'access-policy.changed', subjectKind: 'installation' },
    ...{ before, after: policies, detail: { reason, ...effect } },
  })
  return effect
}

async function resting(tx: Tx): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `select affiliation_id || ' ' || entitlement_id as id from assignment where suspended is not null`,
  )
  return new Set(rows.map(row => row.id))
}
