import { Ability, type AbilityTuple, fieldPatternMatcher, type RawRule, subject } from '@casl/ability'
import { conditionMatcher } from '../policy/condition-matcher.ts'
import type { AffiliationFacts } from './affiliation-facts.ts'
import type { Condition } from './condition.ts'
import { everything, isSystemWildcard, type RightsRule, rulesInForce } from './rights-rule.ts'
import { type Role, roleBook } from './role.ts'

export type RightsRawRule = RawRule<['hold', 'Affiliation'], Condition> & { key: string; version: number }
export type RightsAbility = Ability<AbilityTuple, Condition>

/**
 * The rules in force on a date as CASL raw rules, lowest priority first. `key` and `version` ride along, so that
 * `relevantRuleFor(...).origin` says which rule it was. A rule whose roles are all empty is left out: for CASL a rule
 * without fields means every field there is.
 */
export function toCaslRules(rules: readonly RightsRule[], roles: readonly Role[], on: string): RightsRawRule[] {
  const book = roleBook(roles)
  return rulesInForce(rules, on).flatMap(rule => {
    const written = new Set(rule.entitlements)
    for (const role of rule.roles) for (const grant of book.grants(role)) written.add(grant.entitlement)
    if (written.size === 0) return []
    const raw: RightsRawRule = {
      action: 'hold',
      subject: 'Affiliation',
      fields: [...written].map(caslField),
      conditions: rule.conditions,
      key: rule.key,
      version: rule.version,
    }
    if (rule.inverted) return [{ ...raw, inverted: true, reason: rule.reason }]
    return [raw]
  })
}

/** One star stops at a full stop in CASL (`sbsys/*` misses `sbsys/sag.laes`), two do not. */
const caslField = (written: string) => (written === everything || isSystemWildcard(written) ? `${written}*` : written)

/** Plain CASL over those rules: the meaning that the engine of `decide-rights.ts` must have. */
export function rightsAbility(raw: readonly RightsRawRule[]): RightsAbility {
  return new Ability<AbilityTuple, Condition>(raw as never, {
    conditionsMatcher: conditionMatcher as never,
    fieldMatcher: fieldPatternMatcher,
  })
}

/** Facts as the subject of a question: `ability.can('hold', asSubject(facts), 'sbsys/caseworker')`. */
export const asSubject = (facts: AffiliationFacts) => subject('Affiliation', { ...facts })
