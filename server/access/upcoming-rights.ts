import { affiliationsOn, positionsByTitle } from '../people/on-date-view.ts'
import { resolveOrganisation } from '../people/organisation.ts'
import { loadPosts, loadUnitInputs } from '../people/organisation-store.ts'
import { factsOfPerson } from '../people/place-person.ts'
import { startOfDay } from '../platform/clock.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import type { ResolvedConstraint } from '../rules/constraint.ts'
import { createDecider, type Decided } from './decide-assignments.ts'
import { loadGrants } from './grants/grant-store.ts'
import { loadRuleGrounds } from './grounds-store.ts'
import { lookupOf, managedOf } from './resolved-units.ts'
import { heldAhead, strictRights } from './strict/held-ahead.ts'

export type UpcomingRight = {
  affiliationId: string
  personId: string
  entitlementId: string
  entitlement: string
  /** null: it rests on a grant. */
  ruleKey: string | null
  grantId: string | null
  constraints: readonly ResolvedConstraint[]
  validTo: string | null
  /** Strict mode would hold it back: nobody has said what it is for. */
  withheld: boolean
}

/**
 * Rights that affiliations hold on a date, by the rules, grants and organisation of that date as known now: for people
 * who start later, previews, orders ahead. Set by the decider itself; nothing is stored. Grace after a move that has not
 * happened yet is not in it, since nobody has lost anything yet. `scope` are affiliations; one whose person is not shown
 * (merged, without a name) holds nothing. An emergency grant counts to the end of its day. What strict mode holds back is in
 * it and says so: who asks what is held leaves it out.
 */
export async function rightsOn(tx: Tx, scope: readonly string[], on: string): Promise<UpcomingRight[]> {
  if (scope.length === 0) return []
  const { index, ids } = await loadRuleGrounds(tx, on)
  const inputs = await loadUnitInputs(tx, on)
  const posts = await loadPosts(
    tx,
    inputs.flatMap(unit => (unit.postId ? [unit.postId] : [])),
    on,
  )
  const units = resolveOrganisation(inputs, posts)
  const people = await tx.query<{ id: string }>(
    'select distinct person_id as id from affiliation where id = any($1::uuid[]) and person_id is not null',
    [scope],
  )
  const entries = await affiliationsOn(
    tx,
    people.map(row => row.id),
    on,
  )
  const grants = await loadGrants(tx, scope, { on, now: startOfDay(on) })
  const positions = await positionsByTitle(tx)
  const around = { today: on, units, positions, managed: managedOf(units) }
  const decider = createDecider(index, lookupOf(units))
  const wanted = new Set(scope)
  const found: Decided[] = []
  const persons = new Map<string, string>()
  for (const ofPerson of entries.values())
    for (const facts of factsOfPerson(ofPerson, around)) {
      if (!wanted.has(facts.id)) continue
      persons.set(facts.id, facts.personId)
      found.push(...decider.decideOne(facts as AffiliationFacts, grants.get(facts.id)))
    }
  const strict = found.length === 0 ? new Set<string>() : await strictRights(tx)
  const weighed = found.filter(one => strict.has(one.entitlement))
  const at = startOfDay(on)
  const held = await heldAhead(
    tx,
    weighed.map(decided => ({ decided, on, at })),
  )
  const withheld = new Set(weighed.filter((_, place) => held.has(place)))
  return found.map(one => ({
    affiliationId: one.affiliationId,
    personId: persons.get(one.affiliationId) as string,
    entitlementId: ids.get(one.entitlement) as string,
    entitlement: one.entitlement,
    ruleKey: one.reason.grantId === null ? one.reason.ruleKey : null,
    grantId: one.reason.grantId,
    constraints: one.constraints,
    validTo: one.validTo,
    withheld: withheld.has(one),
  }))
}
