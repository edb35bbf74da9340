import type { RoleForm, RuleForm } from '#contract/rule-forms.ts'
import type { Condition } from './condition.ts'
import { conditionsOf, formTree } from './condition-tree.ts'
import type { RightsRule } from './rights-rule.ts'
import type { Role } from './role.ts'

/*
 * A rule as a form and back. The form holds all of it, so that writing on the screen and importing the same YAML end in
 * the same rules.
 */

/** A form over a stored rule and the prohibitions that are exceptions from it. Null: its conditions are not valid. */
export function formOfRule(rule: RightsRule, exceptions: readonly RightsRule[]): RuleForm | null {
  const conditions = formTree(rule.conditions)
  const left = exceptions.map(one => ({ one, conditions: formTree(one.conditions) }))
  if (!conditions || left.some(one => one.conditions === null)) return null
  return {
    key: rule.key,
    name: rule.name,
    owner: rule.owner,
    ownerPerson: rule.ownerPerson ?? null,
    purpose: rule.purpose ?? null,
    inverted: rule.inverted,
    reason: rule.reason ?? null,
    conditions,
    entitlements: rule.entitlements,
    roles: rule.roles,
    limits: Object.entries(rule.constraints ?? {})
      .filter(([, specs]) => specs.length > 0)
      .map(([entitlement, specs]) => ({ entitlement, specs })),
    validFrom: rule.validFrom,
    validTo: rule.validTo,
    order: rule.order,
    state: rule.state,
    exceptions: left.map(({ one, conditions: who }) => ({
      key: one.key,
      reason: one.reason ?? '',
      conditions: who ?? { join: 'all', parts: [] },
      validFrom: one.validFrom,
      validTo: one.validTo ?? '',
    })),
  }
}

type Before = { rule: RightsRule | undefined; exceptions: readonly RightsRule[]; taken: ReadonlySet<string> }

/**
 * The rule of a form, then its exceptions. An exception forbids what the rule gives, stands at the rule's own place in
 * the order (with a key that sorts behind it), and follows when the rule gives something else.
 */
export function rulesOfForm(form: RuleForm, { rule: before, exceptions, taken }: Before): RightsRule[] {
  const rule = tidy({
    key: form.key,
    version: before?.version ?? 1,
    name: form.name,
    inverted: form.inverted,
    reason: form.inverted ? (form.reason ?? undefined) : undefined,
    conditions: conditionsAsWritten(form.conditions, before),
    entitlements: form.entitlements,
    roles: form.roles,
    constraints: constraintsOf(form, before),
    validFrom: form.validFrom,
    validTo: form.validTo,
    state: form.state,
    owner: form.owner,
    ownerPerson: form.ownerPerson ?? undefined,
    purpose: form.purpose ?? undefined,
    order: form.order,
    excepts: before?.excepts,
  })
  const known = new Map(exceptions.map(one => [one.key, one]))
  const used = new Set([...taken, ...form.exceptions.map(one => one.key).filter(key => key !== null)])
  const nextKey = () => {
    for (let n = 1; ; n++) {
      const key = `${form.key}--${n}`
      if (used.has(key)) continue
      used.add(key)
      return key
    }
  }
  return [
    rule,
    ...form.exceptions.map(one => {
      const stored = one.key === null ? undefined : known.get(one.key)
      return tidy({
        key: one.key ?? nextKey(),
        version: stored?.version ?? 1,
        name: stored && before?.name === form.name ? stored.name : `${form.name} (undtagelse)`,
        inverted: true,
        reason: one.reason,
        conditions: conditionsAsWritten(one.conditions, stored),
        entitlements: form.entitlements,
        roles: form.roles,
        constraints: undefined,
        validFrom: one.validFrom,
        validTo: one.validTo,
        state: form.state,
        owner: form.owner,
        ownerPerson: form.ownerPerson ?? undefined,
        purpose: undefined,
        order: form.order,
        excepts: form.key,
      })
    }),
  ]
}

type Loose = { [Name in keyof RightsRule]: RightsRule[Name] | undefined }

/** Without the keys that have no value, as the store and a file have it. */
const tidy = (rule: Loose): RightsRule =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as RightsRule

/** Conditions that say the same are left as somebody wrote them: a save that changes a name changes nothing else. */
function conditionsAsWritten(tree: RuleForm['conditions'], before: RightsRule | undefined): Condition {
  const same = before && JSON.stringify(formTree(before.conditions)) === JSON.stringify(tree)
  return same ? before.conditions : conditionsOf(tree)
}

function constraintsOf(form: RuleForm, before: RightsRule | undefined): RightsRule['constraints'] {
  if (form.limits.length > 0) return Object.fromEntries(form.limits.map(one => [one.entitlement, one.specs])) as never
  return before?.constraints && Object.values(before.constraints).every(specs => specs.length === 0)
    ? before.constraints
    : undefined
}

export function formOfRole(role: Role): RoleForm {
  return {
    key: role.key,
    name: role.name,
    description: role.description ?? null,
    entitlements: role.entitlements.map(one => ({ key: one.key, limits: one.constraints ?? [] })),
    roles: role.roles,
  }
}

export function roleOfForm(form: RoleForm, before: Role | undefined): Role {
  const stored = new Map((before?.entitlements ?? []).map(one => [one.key, one]))
  return {
    key: form.key,
    name: form.name,
    ...(form.description ? { description: form.description } : {}),
    entitlements: form.entitlements.map(({ key, limits }) => {
      const written = stored.get(key)?.constraints
      if (limits.length > 0) return { key, constraints: limits as never }
      return written && written.length === 0 ? { key, constraints: written } : { key }
    }),
    roles: form.roles,
  }
}
