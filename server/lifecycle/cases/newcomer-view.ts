import { loadUnits } from '../../access/grounds-store.ts'
import type { AffiliationNow } from '../../people/affiliation.ts'
import { affiliationsOn, positionsByTitle } from '../../people/on-date-view.ts'
import { resolveOrganisation } from '../../people/organisation.ts'
import { loadPosts, loadUnitInputs } from '../../people/organisation-store.ts'
import { factsOfPerson } from '../../people/place-person.ts'
import type { NormalAttrs } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { AffiliationFacts } from '../../rules/affiliation-facts.ts'
import type { UnitLookup } from '../../rules/constraint.ts'

const NEWCOMER = '00000000-0000-0000-0000-000000000000'

export type Place = { facts: AffiliationFacts; units: UnitLookup }

/**
 * What rules would see of somebody with these attributes on a day, before there is anybody: made by what makes the facts
 * of everybody, so that a proposal cannot differ from what the rules then give.
 */
export async function newcomerOn(tx: Tx, attrs: NormalAttrs, on: string): Promise<Place | null> {
  const [place] = await placesOn(tx, [{ id: NEWCOMER, personId: NEWCOMER, status: 'active', attrs }], on)
  return place ?? null
}

/** The same of an affiliation that is there, on a day that may be ahead. */
export async function affiliationOn(tx: Tx, personId: string, id: string, on: string): Promise<Place | null> {
  const entries = (await affiliationsOn(tx, [personId], on)).get(personId) ?? []
  return (await placesOn(tx, entries, on)).find(place => place.facts.id === id) ?? null
}

async function placesOn(tx: Tx, entries: readonly AffiliationNow[], on: string): Promise<Place[]> {
  const inputs = await loadUnitInputs(tx, on)
  const posts = await loadPosts(
    tx,
    inputs.flatMap(unit => (unit.postId ? [unit.postId] : [])),
    on,
  )
  const around = {
    today: on,
    units: resolveOrganisation(inputs, posts),
    positions: await positionsByTitle(tx),
    managed: new Map(),
  }
  const units = await loadUnits(tx)
  return factsOfPerson(entries, around).map(facts => ({ facts: facts as AffiliationFacts, units }))
}
