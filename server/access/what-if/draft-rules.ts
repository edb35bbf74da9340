import { say } from '#contract/said.ts'
import type { DraftChange } from '#contract/what-if-draft.ts'
import { type RightsRule, rightsRule } from '../../rules/rights-rule.ts'
import { role } from '../../rules/role.ts'
import type { StoredRole } from '../../rules/rules-store.ts'
import type { StepProblem } from './draft-organisation.ts'
import { translateRole, translateRule, type UnitMap } from './translate-units.ts'

export type RulesOf = { rules: readonly RightsRule[]; roles: readonly StoredRole[] }
export type Translated = { kind: 'rule' | 'role'; key: string; name: string; before: unknown; after: unknown }
export type RulesStep = RulesOf & { translated: readonly Translated[]; problems: readonly StepProblem[] }

/** Key of the prohibition that closes a system, and of the one that retires an entitlement. */
export const closingKey = (what: string) => `lukket-${what.replaceAll('/', '.')}`

/**
 * One change of a draft on rules and roles as the changes before it have left them; null: it is about something else.
 * A system that closes and an entitlement that is retired become prohibitions: what a source says of the system stays
 * the source's own, and nobody is to hold anything in it from the date on, whatever rule gives it.
 */
export function rulesStep(
  change: DraftChange,
  before: RulesOf,
  context: { onDate: string; draft: string },
): RulesStep | null {
  const step = (rest: Partial<RulesStep>): RulesStep => ({ ...before, translated: [], problems: [], ...rest })
  switch (change.kind) {
    case 'rule-put': {
      const parsed = rightsRule.safeParse(change.rule)
      if (!parsed.success) return step({ problems: parsed.error.issues.map(unreadable) })
      return step({ rules: put(before.rules, parsed.data) })
    }
    case 'rule-retire':
      if (!before.rules.some(rule => rule.key === change.key))
        return step({
          problems: [{ what: `There is no rule "${change.key}"`, said: say('rule-not-there', { key: change.key }) }],
        })
      return step({ rules: before.rules.filter(rule => rule.key !== change.key) })
    case 'role-put': {
      const parsed = role.safeParse(change.role)
      if (!parsed.success) return step({ problems: parsed.error.issues.map(unreadable) })
      return step({ roles: [...before.roles.filter(one => one.key !== parsed.data.key), parsed.data as StoredRole] })
    }
    case 'role-retire':
      if (!before.roles.some(one => one.key === change.key))
        return step({
          problems: [{ what: `There is no role "${change.key}"`, said: say('role-not-there', { key: change.key }) }],
        })
      return step({ roles: before.roles.filter(one => one.key !== change.key) })
    case 'system-close':
    case 'entitlement-retire': {
      const what = change.kind === 'system-close' ? change.system : change.entitlement
      const last = before.rules.reduce((most, rule) => Math.max(most, rule.order), 0)
      return step({
        rules: put(before.rules, {
          key: closingKey(what),
          version: 1,
          name: change.kind === 'system-close' ? `Systemet ${what} lukkes` : `Rettigheden ${what} udgår`,
          inverted: true,
          reason: context.draft,
          conditions: {},
          entitlements: [change.kind === 'system-close' ? `${what}/*` : what],
          roles: [],
          validFrom: context.onDate,
          validTo: null,
          state: 'active',
          owner: 'IT',
          order: Math.floor(last) + 1,
        }),
      })
    }
    case 'unit-map':
      return change.translate ? translate(before, unitMapOf(change.rows)) : null
    default:
      return null
  }
}

export function unitMapOf(rows: readonly { from: string; to: string }[]): UnitMap {
  const map = new Map<string, string[]>()
  for (const { from, to } of rows) if (from !== to) map.set(from, [...(map.get(from) ?? []), to])
  return map
}

function translate(before: RulesOf, map: UnitMap): RulesStep {
  const translated: Translated[] = []
  const rules = before.rules.map(rule => {
    const next = translateRule(rule, map)
    if (!next) return rule
    const seen = (one: RightsRule) => (one.constraints ? [one.conditions, one.constraints] : one.conditions)
    translated.push({ kind: 'rule', key: rule.key, name: rule.name, before: seen(rule), after: seen(next) })
    return { ...next, version: rule.version + 1 }
  })
  const roles = before.roles.map(one => {
    const next = translateRole(one, map)
    if (!next) return one
    translated.push({ kind: 'role', key: one.key, name: one.name, before: one.entitlements, after: next.entitlements })
    return next
  })
  return { rules, roles, translated, problems: [] }
}

/** In the place of the one with its key, as its next version; else behind them all. */
function put(rules: readonly RightsRule[], rule: RightsRule): RightsRule[] {
  const known = rules.find(one => one.key === rule.key)
  const next = { ...rule, version: (known?.version ?? 0) + 1 }
  return known ? rules.map(one => (one === known ? next : one)) : [...rules, next]
}

const unreadable = (issue: { path: PropertyKey[]; message: string }): StepProblem => {
  const field = issue.path.map(String).join('.')
  return { what: `${field || 'It'}: ${issue.message}`, said: say('change-unreadable', { field: field || 'YAML' }) }
}
