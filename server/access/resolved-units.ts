import type { ResolvedUnit } from '../people/organisation.ts'
import type { UnitLookup } from '../rules/constraint.ts'

/*
 * What limits and facts need of an organisation that has been resolved for a day which is not stored: a draft's, or one
 * ahead. For today `loadUnits` reads the same from the database.
 */

/** As `loadUnits` has it: active units, in the order of their keys. */
export function lookupOf(units: ReadonlyMap<string, ResolvedUnit>): UnitLookup {
  const active = [...units.values()].filter(unit => unit.active).sort((a, b) => (a.key < b.key ? -1 : 1))
  const level = new Map(active.map(unit => [unit.key, unit.level]))
  const below = new Map<string, string[]>()
  for (const unit of active)
    for (const above of unit.pathKeys) {
      const list = below.get(above)
      if (list) list.push(unit.key)
      else below.set(above, [unit.key])
    }
  return { level: key => level.get(key), below: key => below.get(key) ?? [] }
}

/** Affiliation → units whose post it holds. */
export function managedOf(units: ReadonlyMap<string, ResolvedUnit>): Map<string, ResolvedUnit[]> {
  const managed = new Map<string, ResolvedUnit[]>()
  for (const unit of units.values())
    if (unit.postAffiliationId && unit.active)
      managed.set(unit.postAffiliationId, [...(managed.get(unit.postAffiliationId) ?? []), unit])
  return managed
}
