import type { Named } from '#contract/rule-forms.ts'
import type { RuleDifference } from '#contract/rule-looks.ts'
import type { ReadableCondition } from '#contract/rules.ts'
import { parseCondition } from '../../rules/condition.ts'
import type { RightsRule } from '../../rules/rights-rule.ts'
import type { Role } from '../../rules/role.ts'
import { readableCondition } from '../readable-condition.ts'

/** Names for what a difference is about: units and positions in conditions, rights and roles given. */
export type DifferenceNames = {
  unit: ReadonlyMap<string, string>
  position: ReadonlyMap<string, string>
  role: ReadonlyMap<string, string>
  right: ReadonlyMap<string, string>
  /** Of people, those whom the reader may know. */
  person: ReadonlyMap<string, string>
}
type Field = RuleDifference['fields'][number]

/** What is another between two versions of a rule, one entry a part of it. Null side: it was not there, or is no more. */
export function ruleDifferenceOf(
  before: RightsRule | null,
  after: RightsRule | null,
  names: DifferenceNames,
): RuleDifference {
  const one = (after ?? before) as RightsRule
  const text = (field: Field['field'], of: (rule: RightsRule) => string | null) =>
    changed(field, before && of(before), after && of(after))
  return {
    rule: one.key,
    name: one.name,
    kind: one.excepts === undefined ? 'rule' : 'exception',
    change: change(before, after),
    fields: [
      ...text('name', rule => rule.name),
      ...text('state', rule => rule.state),
      ...conditions(before, after, names),
      ...lists('gives', before?.entitlements ?? [], after?.entitlements ?? [], names.right),
      ...lists('roles', before?.roles ?? [], after?.roles ?? [], names.role),
      ...text('limits', rule => limitsText(rule.constraints)),
      ...text('inverted', rule => String(rule.inverted)),
      ...text('reason', rule => rule.reason ?? null),
      ...text('validFrom', rule => rule.validFrom),
      ...text('validTo', rule => rule.validTo),
      ...text('owner', rule => rule.owner),
      ...text(
        'ownerPerson',
        rule => (rule.ownerPerson && (names.person.get(rule.ownerPerson) ?? rule.ownerPerson)) || null,
      ),
      ...text('purpose', rule => rule.purpose ?? null),
      ...text('order', rule => String(rule.order)),
    ],
  }
}

export function roleDifferenceOf(before: Role | null, after: Role | null, names: DifferenceNames): RuleDifference {
  const one = (after ?? before) as Role
  const text = (field: Field['field'], of: (role: Role) => string | null) =>
    changed(field, before && of(before), after && of(after))
  const rights = (role: Role | null) => (role?.entitlements ?? []).map(entry => entry.key)
  return {
    rule: one.key,
    name: one.name,
    kind: 'role',
    change: change(before, after),
    fields: [
      ...text('name', role => role.name),
      ...text('description', role => role.description ?? null),
      ...lists('gives', rights(before), rights(after), names.right),
      ...lists('roles', before?.roles ?? [], after?.roles ?? [], names.role),
      ...text('limits', role =>
        limitsText(Object.fromEntries(role.entitlements.map(entry => [entry.key, entry.constraints ?? []]))),
      ),
    ],
  }
}

const change = (before: unknown, after: unknown): RuleDifference['change'] =>
  before === null ? 'added' : after === null ? 'removed' : 'changed'

const nothing = { before: null, after: null, added: [], removed: [], conditions: null }

const changed = (field: Field['field'], before: string | null, after: string | null): Field[] =>
  before === after ? [] : [{ ...nothing, field, before, after }]

function lists(
  field: Field['field'],
  before: readonly string[],
  after: readonly string[],
  names: ReadonlyMap<string, string>,
): Field[] {
  const [had, has] = [new Set(before), new Set(after)]
  const told = (keys: Set<string>): Named[] => [...keys].map(key => ({ key, name: names.get(key) ?? key, note: null }))
  const [added, removed] = [told(has.difference(had)), told(had.difference(has))]
  return added.length + removed.length === 0 ? [] : [{ ...nothing, field, added, removed }]
}

function conditions(before: RightsRule | null, after: RightsRule | null, names: DifferenceNames): Field[] {
  if (JSON.stringify(before?.conditions) === JSON.stringify(after?.conditions)) return []
  const read = (rule: RightsRule | null) => rule && readableWithPeople(rule, names)
  return [{ ...nothing, field: 'conditions', conditions: { before: read(before), after: read(after) } }]
}

/** Conditions in words; people by name where the reader may know it. */
export function readableWithPeople(rule: RightsRule, names: DifferenceNames): ReadableCondition {
  const { node } = parseCondition(rule.conditions)
  const read = (one: ReadableCondition): ReadableCondition =>
    'join' in one
      ? { ...one, parts: one.parts.map(read) }
      : one.field === 'personId'
        ? { ...one, values: one.values.map(id => names.person.get(id) ?? '') }
        : one
  return node ? read(readableCondition(node, names)) : { join: 'all', parts: [] }
}

/** Limits as one line a right, for comparing and reading: `sbsys/sag unit: own-unit`. Null: none. */
function limitsText(limits: RightsRule['constraints']): string | null {
  const lines = Object.entries(limits ?? {}).flatMap(([right, specs]) =>
    specs.map(spec => {
      const { on, kind, ...more } = spec
      const values = 'values' in more ? (more.values ?? []) : 'level' in more ? [String(more.level)] : []
      return `${right} ${on}: ${[kind, ...values].join(' ')}`
    }),
  )
  return lines.length === 0 ? null : lines.join('\n')
}
