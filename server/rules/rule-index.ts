import type { AffiliationFacts } from './affiliation-facts.ts'
import { type ConditionNode, compile, type FactValue, type Predicate, parseCondition } from './condition.ts'
import type { ConstraintSpec } from './constraint.ts'
import { everything, isSystemWildcard, type RightsRule, rulesInForce } from './rights-rule.ts'
import { type Role, type RoleBook, roleBook } from './role.ts'

/** One entitlement that a rule gives or forbids, worked out once: by which roles, with which constraints. */
export type Grant = {
  entitlement: string
  id: number
  rolePath: readonly string[]
  constraints: readonly ConstraintSpec[]
}

export type IndexedRule = {
  rule: RightsRule
  node: ConditionNode
  test: Predicate
  /** Fact values of which at least one must be there for the rule to match; null: every affiliation must be tried. */
  anchors: readonly Anchor[] | null
  grants: readonly Grant[]
}

type Anchor = { field: string; value: FactValue }

/** Rules of one date made ready for many affiliations. A rule's place in `rules` is its rank: later wins. */
export type RuleIndex = {
  on: string
  entitlementKeys: readonly string[]
  rules: readonly IndexedRule[]
  rankOf: ReadonlyMap<string, number>
  idOf: ReadonlyMap<string, number>
  unanchored: readonly number[]
  anchored: readonly { field: string; ranks: ReadonlyMap<unknown, readonly number[]> }[]
  /** Ranks of the rules that give or forbid an entitlement, highest first; made on first use. */
  naming: (entitlementId: number) => readonly number[]
  book: RoleBook
  bySystem: ReadonlyMap<string, readonly number[]>
}

/**
 * Builds the index for a civil date over the entitlements that are known. An entitlement that is not among
 * `entitlementKeys` is held by nobody. Throws on rules that `validateRules` would refuse.
 */
export function buildIndex(
  rules: readonly RightsRule[],
  roles: readonly Role[],
  entitlementKeys: readonly string[],
  on: string,
): RuleIndex {
  const idOf = new Map(entitlementKeys.map((key, id) => [key, id]))
  const bySystem = Map.groupBy(idOf.values(), id => systemOf(entitlementKeys[id] as string))
  const base = { on, entitlementKeys, idOf, bySystem, book: roleBook(roles) }
  const inForce = rulesInForce(rules, on)
  const costs = distinctValues(inForce)
  return assemble(
    base,
    inForce.map(rule => prepare(base, rule, costs)),
  )
}

/**
 * The same index with one rule put in (or in place of the one with its key), or taken out when `rule` is null. What
 * the other rules mean is kept, so a what-if of one rule does not pay for a thousand.
 */
export function replaceRule(index: RuleIndex, key: string, rule: RightsRule | null): RuleIndex {
  const others = index.rules.filter(one => one.rule.key !== key)
  const [next] = rule ? rulesInForce([rule], index.on) : []
  if (!next) return assemble(index, others)
  const changed = new Set([prepare(index, next, new Map())])
  const byRule = new Map([...others, ...changed].map(one => [one.rule, one]))
  return assemble(
    index,
    rulesInForce([...byRule.keys()], index.on).map(one => byRule.get(one) as IndexedRule),
  )
}

type Base = Pick<RuleIndex, 'on' | 'entitlementKeys' | 'idOf' | 'bySystem' | 'book'>

function assemble({ on, entitlementKeys, idOf, bySystem, book }: Base, rules: readonly IndexedRule[]): RuleIndex {
  const unanchored: number[] = []
  const byField = new Map<string, Map<unknown, number[]>>()
  rules.forEach(({ anchors }, rank) => {
    if (!anchors) unanchored.push(rank)
    for (const { field, value } of anchors ?? []) {
      const ranks = byField.get(field) ?? new Map<unknown, number[]>()
      byField.set(field, ranks)
      const list = ranks.get(value)
      if (list) list.push(rank)
      else ranks.set(value, [rank])
    }
  })
  let naming: number[][] | undefined
  return {
    on,
    entitlementKeys,
    rules,
    rankOf: new Map(rules.map((one, rank) => [one.rule.key, rank])),
    idOf,
    unanchored,
    anchored: [...byField].map(([field, ranks]) => ({ field, ranks })),
    naming: id => {
      naming ??= namingLists(rules, entitlementKeys.length)
      return naming[id] ?? []
    },
    book,
    bySystem,
  }
}

function namingLists(rules: readonly IndexedRule[], size: number): number[][] {
  const lists: number[][] = Array.from({ length: size }, () => [])
  for (let rank = rules.length - 1; rank >= 0; rank--)
    for (const grant of (rules[rank] as IndexedRule).grants) (lists[grant.id] as number[]).push(rank)
  return lists
}

function prepare(base: Base, rule: RightsRule, distinct: ReadonlyMap<string, number>): IndexedRule {
  const { node } = parseCondition(rule.conditions)
  if (!node) throw new Error(`the conditions of rule "${rule.key}" are not valid: check them with validateRules first`)
  return {
    rule,
    node,
    test: compile(node),
    anchors: anchorsOf(node, distinct)?.anchors ?? null,
    grants: grantsOf(base, rule),
  }
}

/** What the rule itself names comes before what its roles give; a shorter role path before a longer one. */
function grantsOf(base: Base, rule: RightsRule): Grant[] {
  const found = new Map<number, Grant>()
  const offer = (written: string, rolePath: readonly string[], fromRole: readonly ConstraintSpec[]) => {
    for (const id of idsOf(base, written)) {
      const before = found.get(id)
      if (before && before.rolePath.length <= rolePath.length) continue
      const entitlement = base.entitlementKeys[id] as string
      found.set(id, {
        entitlement,
        id,
        rolePath,
        constraints: [...fromRole, ...constraintsOf(rule, entitlement)],
      })
    }
  }
  for (const written of rule.entitlements) offer(written, [], [])
  for (const role of rule.roles)
    for (const grant of base.book.grants(role)) offer(grant.entitlement, grant.rolePath, grant.constraints)
  return [...found.values()]
}

const none: readonly ConstraintSpec[] = []
/** The closest that the rule says: for the entitlement, else for its system, else for everything. */
const constraintsOf = ({ constraints }: RightsRule, entitlement: string) =>
  constraints
    ? (constraints[entitlement] ?? constraints[`${systemOf(entitlement)}*`] ?? constraints[everything] ?? none)
    : none

const systemOf = (key: string) => key.slice(0, key.indexOf('/') + 1)

function idsOf(base: Base, written: string): Iterable<number> {
  if (written === everything) return base.idOf.values()
  if (isSystemWildcard(written)) return base.bySystem.get(systemOf(written)) ?? []
  const id = base.idOf.get(written)
  return id === undefined ? [] : [id]
}

/** How many different values rules ask of each fact: a measure of how much a test on it narrows. */
function distinctValues(rules: readonly RightsRule[]): Map<string, number> {
  const seen = new Map<string, Set<unknown>>()
  const visit = (node: ConditionNode) => {
    if (node.op === 'and' || node.op === 'or') for (const part of node.of) visit(part)
    if (node.op !== 'test' || (node.test !== 'eq' && node.test !== 'in')) return
    const values = seen.get(node.field) ?? new Set()
    seen.set(node.field, values)
    for (const value of [node.value].flat()) values.add(value)
  }
  for (const rule of rules) {
    const { node } = parseCondition(rule.conditions)
    if (node) visit(node)
  }
  return new Map([...seen].map(([field, values]) => [field, values.size]))
}

/**
 * The fact values without which the condition cannot be true: of an `and` the part that narrows most, of an `or` all
 * parts together, of a negation none (a missing fact makes it true).
 */
function anchorsOf(
  node: ConditionNode,
  distinct: ReadonlyMap<string, number>,
): { anchors: Anchor[]; cost: number } | null {
  if (node.op === 'test') {
    if (node.test !== 'eq' && node.test !== 'in') return null
    const values = [...new Set([node.value].flat() as FactValue[])]
    return {
      anchors: values.map(value => ({ field: node.field, value })),
      cost: values.length / Math.max(2, distinct.get(node.field) ?? 0),
    }
  }
  if (node.op === 'not') return null
  const parts = node.of.map(part => anchorsOf(part, distinct))
  if (node.op === 'and')
    return parts.reduce((best, next) => (next && (!best || next.cost < best.cost) ? next : best), null)
  if (parts.some(part => part === null)) return null
  const present = parts.filter(part => part !== null)
  return {
    anchors: present.flatMap(part => part.anchors),
    cost: present.reduce((sum, part) => sum + part.cost, 0),
  }
}

/** Ranks of the rules that may match, each once, lowest first. */
export function candidates(index: RuleIndex, facts: AffiliationFacts): number[] {
  const found: number[] = [...index.unanchored]
  for (const { field, ranks } of index.anchored) {
    const actual = facts[field]
    if (Array.isArray(actual)) {
      for (const value of actual) {
        const list = ranks.get(value)
        if (list) for (const rank of list) found.push(rank)
      }
    } else {
      const list = ranks.get(actual)
      if (list) for (const rank of list) found.push(rank)
    }
  }
  found.sort((a, b) => a - b)
  let kept = 0
  for (let i = 0; i < found.length; i++) if (i === 0 || found[i] !== found[i - 1]) found[kept++] = found[i] as number
  found.length = kept
  return found
}
