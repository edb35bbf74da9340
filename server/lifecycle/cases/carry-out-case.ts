import { catchUp } from '../../access/access-store.ts'
import type { AfterDecided } from '../../access/after-decided.ts'
import { addGrants, type NewGrant } from '../../access/grants/grant-store.ts'
import type { LocalAdministrators } from '../../access/last-administrator.ts'
import { authorityOf, type SourceDeclaration } from '../../feeds/sources/source.ts'
import { type FactDeps, stateFacts } from '../../people/report-facts.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { approverOf, insertApproval } from './approval-store.ts'
import { approvalNeeded, type Doer, extrasOf, type StoredCase } from './case.ts'
import { doorOf } from './doors.ts'
import { resolveLimits, rightFacts } from './limits-view.ts'
import { affiliationOn } from './newcomer-view.ts'

export type CaseParts = {
  keyring: Keyring
  localAdministrators: LocalAdministrators
  /** What follows from rights in the same transaction: orders. */
  afterDecided: readonly AfterDecided[]
}
export type When = { now: Date; today: string }
export type CarriedOut = { personId: string; affiliationId: string; made: boolean; from: string }

/** The number that a draft keeps, in clear, for the command that needs it. */
export const openNumber = (parts: Pick<CaseParts, 'keyring'>, one: Pick<StoredCase, 'id' | 'cprSealed'>) =>
  one.cprSealed === null ? null : parts.keyring.decrypt(one.cprSealed, numberContext(one.id))
export const sealNumber = (parts: Pick<CaseParts, 'keyring'>, caseId: string, digits: string) =>
  parts.keyring.encrypt(digits, numberContext(caseId))
const numberContext = (caseId: string) => `case-cpr:${caseId}`

/**
 * Everything that a report says, made true: the person and the affiliation, the facts, rights that somebody has asked
 * for (or their approvals), and what rules and orders make of it. All in the transaction of the caller: a process that
 * is killed has done nothing. A preview is this, taken back.
 */
export async function carryOut(tx: Tx, one: StoredCase, by: Doer, parts: CaseParts, when: When): Promise<CarriedOut> {
  const deps: FactDeps = { authority: await authority(tx), keyring: parts.keyring, ...when }
  const asking = { cpr: openNumber(parts, one), by, today: when.today }
  const stated = await doorOf(one.kind).facts(tx, one, asking, deps)
  const { affiliations } = await stateFacts(tx, stated.facts, deps)
  const from = one.effectiveOn ?? when.today
  await askFor(tx, one, { ...stated, from }, by, when)
  await catchUp(
    tx,
    {
      ...when,
      cause: `case ${one.id}`,
      localAdministrators: parts.localAdministrators,
      after: parts.afterDecided,
    },
    [...new Set([...affiliations, ...(stated.changed ?? []), stated.affiliationId])],
  )
  return { personId: stated.personId, affiliationId: stated.affiliationId, made: stated.made, from }
}

/** Rights beside those of the rules: at once, or when whoever has to has said yes. What waits does not delay the rest. */
async function askFor(
  tx: Tx,
  one: StoredCase,
  at: { personId: string; affiliationId: string; from: string },
  by: Doer,
  when: When,
): Promise<void> {
  const extras = extrasOf(one.form)
  if (extras.length === 0) return
  const known = await rightFacts(
    tx,
    extras.map(extra => extra.entitlementId),
  )
  const place = await affiliationOn(tx, at.personId, at.affiliationId, at.from > when.today ? at.from : when.today)
  const grants: NewGrant[] = []
  for (const [index, extra] of extras.entries()) {
    const right = known.get(extra.entitlementId)
    const constraints = place ? resolveLimits(extra, place.facts, place.units) : null
    if (!right || right.gone || !constraints)
      throw problem('case-incomplete', {
        errors: [{ where: `rights/${index}`, what: right && !right.gone ? 'limit-unresolved' : 'right-gone' }],
      })
    const because = approvalNeeded(right)
    if (because)
      await insertApproval(
        tx,
        {
          caseId: one.id,
          affiliationId: at.affiliationId,
          personId: at.personId,
          entitlementId: right.id,
          constraints,
          from: at.from,
          to: null,
          why: extra.why,
          because,
          approver: await approverOf(tx, {
            entitlementId: right.id,
            unitId: one.unitId,
            not: [at.personId, by.personId],
          }),
        },
        when,
      )
    else
      grants.push({
        affiliationId: at.affiliationId,
        entitlementId: right.id,
        constraints,
        from: at.from,
        to: null,
        kind: 'report',
        reason: extra.why,
        caseId: one.id,
        by: by.userId,
      })
  }
  await addGrants(tx, grants, when)
}

/** Which source wins for which attribute, as the sources are declared now. */
export async function authority(tx: Tx): Promise<FactDeps['authority']> {
  return authorityOf(
    await tx.query<Pick<SourceDeclaration, 'key' | 'authority'>>(
      `select key, declaration -> 'authority' as authority from source where declaration ? 'authority'`,
    ),
  )
}
