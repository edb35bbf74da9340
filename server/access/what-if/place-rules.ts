import type { DraftChange } from '#contract/what-if-draft.ts'
import type { RulesPatch } from '../rule-desk/rule-patch.ts'

type Keyed = { key: string }
type InForce = { rules: readonly Keyed[]; roles: readonly Keyed[] }
type With = { newId: () => string; same: (a: unknown, b: unknown) => boolean }

/**
 * The changes of a draft with the rules and roles of a patch in them: one change for each that differs from what is in
 * force, in the place where the draft spoke of them first, but behind the roles of the draft that they name. What is as
 * it is in force is no change.
 */
export function placeRules(
  changes: readonly DraftChange[],
  patch: RulesPatch,
  inForce: InForce,
  { newId, same }: With,
): DraftChange[] {
  const touched = new Set([
    ...[...patch.rules.map(one => one.key), ...patch.removedRules].map(key => `rule ${key}`),
    ...[...patch.roles.map(one => one.key), ...patch.removedRoles].map(key => `role ${key}`),
  ])
  const about = (one: DraftChange) => touched.has(spokenOf(one) ?? '')
  const ids = new Map(changes.filter(about).map(one => [spokenOf(one), one.id]))
  const rest = changes.filter(one => !about(one))
  const first = changes.findIndex(about)
  const named = new Set([...patch.rules, ...patch.roles].flatMap(one => one.roles).map(key => `role ${key}`))
  const place = Math.max(
    first < 0 ? rest.length : changes.slice(0, first).filter(one => !about(one)).length,
    rest.findLastIndex(one => one.kind === 'role-put' && named.has(spokenOf(one) ?? '')) + 1,
  )
  const id = (of: string) => ids.get(of) ?? newId()
  const differs = (list: readonly Keyed[], one: Keyed) =>
    !same(
      list.find(other => other.key === one.key),
      one,
    )
  const has = (list: readonly Keyed[], key: string) => list.some(one => one.key === key)
  return [
    ...rest.slice(0, place),
    ...patch.removedRules
      .filter(key => has(inForce.rules, key))
      .map((key): DraftChange => ({ id: id(`rule ${key}`), kind: 'rule-retire', key })),
    ...patch.removedRoles
      .filter(key => has(inForce.roles, key))
      .map((key): DraftChange => ({ id: id(`role ${key}`), kind: 'role-retire', key })),
    ...patch.roles
      .filter(one => differs(inForce.roles, one))
      .map((one): DraftChange => ({ id: id(`role ${one.key}`), kind: 'role-put', role: { ...one } })),
    ...patch.rules
      .filter(one => differs(inForce.rules, one))
      .map((one): DraftChange => ({ id: id(`rule ${one.key}`), kind: 'rule-put', rule: { ...one } })),
    ...rest.slice(place),
  ]
}

/** The rule or role that a change is about; null: it is about something else. */
function spokenOf(change: DraftChange): string | null {
  switch (change.kind) {
    case 'rule-put':
      return `rule ${String(change.rule.key)}`
    case 'rule-retire':
      return `rule ${change.key}`
    case 'role-put':
      return `role ${String(change.role.key)}`
    case 'role-retire':
      return `role ${change.key}`
    default:
      return null
  }
}
