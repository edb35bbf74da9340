import type { Condition, FactValue, FieldTest } from '../../rules/condition.ts'
import type { ConstraintSpec } from '../../rules/constraint.ts'
import type { RightsRule } from '../../rules/rights-rule.ts'
import type { Role } from '../../rules/role.ts'

/** Old unit key → the units that it continues as. */
export type UnitMap = ReadonlyMap<string, readonly string[]>

/** Facts whose values are keys of units. `unit` is the one that `$under` is written on. */
const UNIT_FIELDS = new Set(['unit', 'unitKey', 'unitPath', 'managerOf', 'networks'])
/** Limits whose fixed values are keys of units. */
const UNIT_LIMIT = /^(unit|enhed)/i

/**
 * A rule that names an old unit names the new ones beside it. The old one stays, since payroll moves people on a day of
 * its own choosing: until then nobody loses the right because the rule was quicker. Also in what is forbidden, so that a
 * prohibition follows the unit. Null where the rule names none of the old units.
 */
export function translateRule(rule: RightsRule, map: UnitMap): RightsRule | null {
  const conditions = translateCondition(rule.conditions, map)
  const constraints =
    rule.constraints &&
    Object.fromEntries(Object.entries(rule.constraints).map(([key, specs]) => [key, limits(specs, map)]))
  const next = { ...rule, conditions, ...(constraints ? { constraints } : {}) }
  return JSON.stringify(next) === JSON.stringify(rule) ? null : next
}

export function translateRole<R extends Role>(role: R, map: UnitMap): R | null {
  const entitlements = role.entitlements.map(one =>
    one.constraints ? { ...one, constraints: limits(one.constraints, map) } : one,
  )
  const next = { ...role, entitlements }
  return JSON.stringify(next) === JSON.stringify(role) ? null : next
}

function limits(specs: readonly ConstraintSpec[], map: UnitMap): ConstraintSpec[] {
  return specs.map(spec =>
    (spec.kind === 'fixed' || spec.kind === 'chosen') && spec.values && UNIT_LIMIT.test(spec.on)
      ? { ...spec, values: widened(spec.values, map) as string[] }
      : spec,
  )
}

export function translateCondition(condition: Condition, map: UnitMap): Condition {
  return Object.fromEntries(
    Object.entries(condition).map(([key, value]) => {
      if (key === '$and' || key === '$or' || key === '$nor')
        return [key, (value as readonly Condition[]).map(part => translateCondition(part, map))]
      return [key, UNIT_FIELDS.has(key) ? translateTest(value as FieldTest, map) : value]
    }),
  )
}

function translateTest(test: FieldTest, map: UnitMap): FieldTest {
  if (typeof test !== 'object') {
    const values = widened([test], map)
    return values.length === 1 ? test : { $in: values }
  }
  const next: { [operator: string]: FactValue | readonly FactValue[] | FieldTest } = {}
  for (const [operator, value] of Object.entries(test)) {
    if (operator === '$not') next.$not = translateTest(value as FieldTest, map)
    else if (Array.isArray(value)) next[operator] = both(operator, next[operator], widened(value as FactValue[], map))
    else if (typeof value !== 'string') next[operator] = value as FactValue
    else {
      const values = widened([value], map)
      const wide = operator === '$eq' ? '$in' : operator === '$ne' ? '$nin' : operator
      if (values.length === 1) next[operator] = value
      else next[wide] = both(wide, next[wide], values)
    }
  }
  return next
}

/** The same operator twice, as `$eq` beside `$in` would give: of two lists what both name, of two refusals either. */
function both(operator: string, before: unknown, values: readonly FactValue[]): readonly FactValue[] {
  if (!Array.isArray(before)) return values
  return operator === '$nin' ? [...new Set([...before, ...values])] : values.filter(value => before.includes(value))
}

function widened(values: readonly FactValue[], map: UnitMap): FactValue[] {
  return [...new Set(values.flatMap(value => [value, ...(typeof value === 'string' ? (map.get(value) ?? []) : [])]))]
}

/** Keys of units that the conditions or limits of a rule name. */
export function unitsNamed(rule: RightsRule): Set<string> {
  const found = new Set<string>()
  const collect = (value: unknown): void => {
    if (typeof value === 'string') found.add(value)
    else if (Array.isArray(value)) value.forEach(collect)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect)
  }
  const visit = (condition: Condition): void => {
    for (const [key, value] of Object.entries(condition)) {
      if (key.startsWith('$')) for (const part of value as readonly Condition[]) visit(part)
      else if (UNIT_FIELDS.has(key)) collect(value)
    }
  }
  visit(rule.conditions)
  for (const specs of Object.values(rule.constraints ?? {}))
    for (const spec of specs) if (spec.kind === 'fixed' && UNIT_LIMIT.test(spec.on)) collect(spec.values)
  return found
}
