import type { Condition } from '../rules/condition.ts'
import type { RightsRule } from '../rules/rights-rule.ts'
import type { Role } from '../rules/role.ts'
import { noAccount } from './people.ts'
import { position } from './positions.ts'

export const paid = { kind: { $in: ['employment', 'temp', 'trainee'] } }

/** Those who work at a screen and therefore have an account. Payroll's mark for the others is a function. */
export const atScreen: Condition = { ...paid, functions: { $ne: noAccount } }
export const withoutScreen: Condition = { ...paid, functions: noAccount }
export const usesScreen = (key: string) => position(key).account !== 'never'

export type RuleDraft = Pick<RightsRule, 'key' | 'name' | 'conditions'> &
  Partial<Omit<RightsRule, 'key' | 'name' | 'conditions'>>

export type RuleBookDraft = {
  rules: RightsRule[]
  roles: Role[]
  rule: (draft: RuleDraft) => void
  role: (role: Role) => void
}

/** Collects rules and roles; what a rule does not say gets the usual value. */
export function ruleBookDraft(validFrom: string): RuleBookDraft {
  const rules: RightsRule[] = []
  const roles: Role[] = []
  return {
    rules,
    roles,
    role: role => {
      roles.push(role)
    },
    rule: draft => {
      rules.push({
        version: 1,
        inverted: false,
        entitlements: [],
        roles: [],
        validFrom,
        validTo: null,
        state: 'active',
        owner: 'IT & Digitalisering',
        order: draft.inverted ? 900 : 100,
        ...draft,
      })
    },
  }
}
