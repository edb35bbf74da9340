import type { AffiliationFacts } from './affiliation-facts.ts'
import { affiliationKinds, factTypes } from './affiliation-facts.ts'

export type FactValue = string | number | boolean
export type FieldTest = FactValue | { [operator: string]: FactValue | readonly FactValue[] | FieldTest }
/** CASL conditions as they are written and stored: `{ position: 'sosu', unit: { $under: 'u-12' }, $or: [...] }`. */
export type Condition = { [fieldOrOperator: string]: FieldTest | readonly Condition[] }

export type Comparison = 'eq' | 'ne' | 'in' | 'nin' | 'gt' | 'gte' | 'lt' | 'lte' | 'exists'
export type TestNode = { op: 'test'; field: string; test: Comparison; value: FactValue | readonly FactValue[] }
/** Conditions after checking: only and, or, not and tests of single facts. An empty `and` is always true. */
export type ConditionNode =
  | { op: 'and' | 'or'; of: readonly ConditionNode[] }
  | { op: 'not'; of: ConditionNode }
  | TestNode

export type ConditionProblemCode =
  | 'condition-not-an-object'
  | 'condition-unknown-field'
  | 'condition-unknown-operator'
  | 'condition-bad-value'
  | 'condition-empty-list'
  | 'condition-too-large'
/** `at` is the place inside the conditions, outermost first. */
export type ConditionProblem = {
  code: ConditionProblemCode
  at: readonly (string | number)[]
  params: Record<string, string>
}

type Place = readonly (string | number)[]
const maxDepth = 12
const maxList = 5000
const civilDate = /^\d{4}-\d{2}-\d{2}$/

/** A day that exists: 2026-02-30 has the right form and is none. */
const isCivilDate = (text: string) =>
  civilDate.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const expected = (field: string) =>
  factTypes[field] === 'kind' ? affiliationKinds.join(', ') : String(factTypes[field])

function fits(field: string, value: unknown): boolean {
  switch (factTypes[field]) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'flag':
      return typeof value === 'boolean'
    case 'date':
      return typeof value === 'string' && isCivilDate(value)
    case 'kind':
      // A closed list: a kind that is misspelt would never match, and a prohibition on it never forbid.
      return (affiliationKinds as readonly unknown[]).includes(value)
    default:
      return typeof value === 'string' && value !== ''
  }
}

/**
 * Checks conditions and turns them into a tree. Whatever is not known is a problem and never ignored: a field or an
 * operator that nobody evaluates would make a rule wider (or a prohibition weaker) than its author believes.
 */
export function parseCondition(
  condition: unknown,
): { node: ConditionNode; problems: [] } | { node: null; problems: ConditionProblem[] } {
  const problems: ConditionProblem[] = []
  const report = (code: ConditionProblemCode, at: Place, params: Record<string, string> = {}) => {
    problems.push({ code, at, params })
    return { op: 'or', of: [] } as ConditionNode
  }

  const value = (field: string, test: Comparison, raw: unknown, at: Place): ConditionNode =>
    fits(field, raw)
      ? { op: 'test', field, test, value: raw as FactValue }
      : report('condition-bad-value', at, { field, expected: expected(field) })

  const list = (field: string, test: Comparison, raw: unknown, at: Place): ConditionNode => {
    if (!Array.isArray(raw)) return report('condition-bad-value', at, { field, expected: 'list of values' })
    if (raw.length === 0) return report('condition-empty-list', at, { field })
    if (raw.length > maxList) return report('condition-too-large', at, { limit: String(maxList) })
    const bad = raw.findIndex(item => !fits(field, item))
    if (bad >= 0) return report('condition-bad-value', [...at, bad], { field, expected: expected(field) })
    return { op: 'test', field, test, value: raw as FactValue[] }
  }

  const operator = (field: string, name: string, raw: unknown, at: Place): ConditionNode => {
    if (name === '$under') {
      if (field !== 'unit') return report('condition-unknown-operator', at, { operator: name, field })
      return list('unitPath', 'in', Array.isArray(raw) ? raw : [raw], at)
    }
    if (name === '$not') {
      if (!isObject(raw))
        return report('condition-bad-value', at, { field, expected: 'operators such as {"$in": [...]}' })
      return { op: 'not', of: tests(field, raw, at) }
    }
    if (field === 'unit') return report('condition-unknown-operator', at, { operator: name, field })
    switch (name) {
      case '$eq':
      case '$ne':
        return value(field, name === '$eq' ? 'eq' : 'ne', raw, at)
      case '$in':
      case '$nin':
        return list(field, name === '$in' ? 'in' : 'nin', raw, at)
      case '$gt':
      case '$gte':
      case '$lt':
      case '$lte': {
        const type = factTypes[field]
        if (type !== 'number' && type !== 'date')
          return report('condition-unknown-operator', at, { operator: name, field })
        return value(field, name.slice(1) as Comparison, raw, at)
      }
      case '$exists':
        if (typeof raw !== 'boolean') return report('condition-bad-value', at, { field, expected: 'true or false' })
        return { op: 'test', field, test: 'exists', value: raw }
      default:
        return report('condition-unknown-operator', at, { operator: name, field })
    }
  }

  const tests = (field: string, raw: Record<string, unknown>, at: Place): ConditionNode => {
    if (at.length > maxDepth * 2) return report('condition-too-large', at, { limit: String(maxDepth) })
    const names = Object.keys(raw)
    if (names.length === 0) return report('condition-empty-list', at, { field })
    return all(names.map(name => operator(field, name, raw[name], [...at, name])))
  }

  const visit = (raw: unknown, at: Place): ConditionNode => {
    if (!isObject(raw)) return report('condition-not-an-object', at)
    if (at.length > maxDepth * 2) return report('condition-too-large', at, { limit: String(maxDepth) })
    return all(
      Object.keys(raw).map(key => {
        const inner = raw[key]
        const here = [...at, key]
        if (key === '$and' || key === '$or' || key === '$nor') {
          if (!Array.isArray(inner))
            return report('condition-bad-value', here, { field: key, expected: 'list of conditions' })
          if (inner.length === 0) return report('condition-empty-list', here, { field: key })
          const of = inner.map((part, i) => visit(part, [...here, i]))
          if (key === '$and') return all(of)
          return key === '$or' ? { op: 'or', of } : { op: 'not', of: { op: 'or', of } }
        }
        if (key.startsWith('$')) return report('condition-unknown-operator', here, { operator: key, field: '' })
        if (key !== 'unit' && !Object.hasOwn(factTypes, key))
          return report('condition-unknown-field', here, { field: key })
        if (isObject(inner)) return tests(key, inner, here)
        return operator(key, '$eq', inner, here)
      }),
    )
  }

  const node = visit(condition, [])
  return problems.length > 0 ? { node: null, problems } : { node, problems: [] }
}

const all = (of: ConditionNode[]): ConditionNode => (of.length === 1 ? (of[0] as ConditionNode) : { op: 'and', of })

export type Predicate = (facts: AffiliationFacts) => boolean

/** The tree as a function. Same meaning as `policy/condition-matcher.ts`; a property test holds the two equal. */
export function compile(node: ConditionNode): Predicate {
  switch (node.op) {
    case 'and':
    case 'or': {
      const parts = node.of.map(compile)
      const [first, second] = parts
      if (parts.length === 1) return first as Predicate
      if (parts.length === 2) {
        const a = first as Predicate
        const b = second as Predicate
        return node.op === 'and' ? facts => a(facts) && b(facts) : facts => a(facts) || b(facts)
      }
      return node.op === 'and' ? facts => parts.every(part => part(facts)) : facts => parts.some(part => part(facts))
    }
    case 'not': {
      const inner = compile(node.of)
      return facts => !inner(facts)
    }
    case 'test':
      return compileTest(node)
  }
}

function compileTest({ field, test, value }: TestNode): Predicate {
  const number = value as number
  const same = (actual: unknown) => typeof actual === typeof value
  switch (test) {
    case 'eq':
    case 'ne': {
      const wanted = test === 'eq'
      return facts => {
        const actual = facts[field]
        return (Array.isArray(actual) ? actual.includes(value) : actual === value) === wanted
      }
    }
    case 'in':
    case 'nin': {
      const wanted = test === 'in'
      const set = new Set<unknown>(value as FactValue[])
      return facts => {
        const actual = facts[field]
        return (Array.isArray(actual) ? actual.some(item => set.has(item)) : set.has(actual)) === wanted
      }
    }
    case 'exists':
      return facts => exists(facts[field]) === value
    case 'gt':
      return facts => some(facts[field], actual => same(actual) && (actual as number) > number)
    case 'gte':
      return facts => some(facts[field], actual => same(actual) && (actual as number) >= number)
    case 'lt':
      return facts => some(facts[field], actual => same(actual) && (actual as number) < number)
    case 'lte':
      return facts => some(facts[field], actual => same(actual) && (actual as number) <= number)
  }
}

const some = (actual: unknown, test: (one: unknown) => boolean) =>
  Array.isArray(actual) ? actual.some(test) : test(actual)

const exists = (actual: unknown) =>
  actual !== null && actual !== undefined && !(Array.isArray(actual) && actual.length === 0)
