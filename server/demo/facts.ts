import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import type { DemoOrganisation } from './organisation.ts'
import { type DemoAffiliation, onLeave } from './people.ts'
import { position } from './positions.ts'

/**
 * What the product will see of an affiliation once the files have been read: the rules decide over it what the
 * directory should say, and the mess is what it says besides.
 */
export function factsOf(
  one: DemoAffiliation,
  organisation: DemoOrganisation,
  managers: ReadonlyMap<string, string>,
  today: string,
): AffiliationFacts {
  const unit = organisation.unit(one.unit)
  return {
    id: one.key,
    personId: one.person.key,
    kind: one.kind,
    unitId: unit.key,
    unitKey: unit.key,
    unitPath: [...unit.path],
    unitKind: unit.kind,
    unitLevel: unit.level,
    position: one.position,
    positionCategory: one.position ? position(one.position).category : null,
    title: one.title,
    kle: [...unit.kle],
    functions: one.functions,
    isManager: one.manages,
    managerOf: one.manages && managers.get(unit.key) === one.key ? [unit.key] : [],
    fraction: one.fraction,
    primary: one.primary,
    startsOn: one.startsOn,
    endsOn: one.endsOn,
    onLeave: onLeave(one, today),
    networks: [],
    schoolClass: one.schoolClass,
  }
}
