import type { AffiliationFacts } from './affiliation-facts.ts'
import { matchingRules } from './decide-rights.ts'
import { neverHolds, type PathOf } from './never-holds.ts'
import { isSystemWildcard, type RightsRule } from './rights-rule.ts'
import { type Role, roleBook } from './role.ts'
import type { Grant, RuleIndex } from './rule-index.ts'

export type FindingCode =
  | 'could-never'
  | 'catches-nobody'
  | 'never-wins'
  | 'forbids-nothing'
  | 'same-as'
  | 'covered-by'
  | 'gives-gone'
  | 'role-not-given'
  | 'owner-left'

/** `others`: keys of rules that take its place or say the same, or rights that are gone. `caught`: affiliations. */
export type Finding = { code: FindingCode; kind: 'rule' | 'role'; key: string; caught: number; others: string[] }

const MOST_OTHERS = 5

/**
 * Rules in force that do nothing, or nothing that another does not do, exact over the affiliations given (those of the
 * index's day). Deciding is CASL's: the last matching rule that names a right. A limit that resolves to nothing is not
 * looked at: that is about a person's facts and not about the rule.
 *
 * - `could-never`, `catches-nobody`: matches nobody; the first also nobody who could be hired.
 * - `never-wins`: matches somebody, and for each right that it gives them a later rule decides.
 * - `forbids-nothing`: a prohibition that takes from nobody anything that an earlier rule gives and no later one decides.
 * - `same-as`, `covered-by`: another rule gives everybody whom it matches the same rights with the same limits, at least
 *   as long. `same-as` where that goes both ways; told once, of the one with the greater key.
 */
export function ruleFindings(
  index: RuleIndex,
  affiliations: Iterable<AffiliationFacts>,
  pathOf: PathOf = () => undefined,
): Finding[] {
  const { rules, rankOf } = index
  const people: number[][] = []
  const members = rules.map(() => [] as number[])
  const decides = rules.map(() => false)
  for (const facts of affiliations) {
    const at = people.length
    const ranks = matchingRules(index, facts).map(one => rankOf.get(one.rule.key) as number)
    people.push(ranks)
    for (const rank of ranks) members[rank]?.push(at)
    for (const { rank, given } of deciding(index, ranks).values())
      if (given || !rules[rank]?.rule.inverted) decides[rank] = true
  }
  const found: Finding[] = []
  const covers = coveredRules(index, members)
  rules.forEach(({ rule, node, grants }, rank) => {
    const caught = members[rank]?.length ?? 0
    const report = (code: FindingCode, others: string[] = []) =>
      found.push({ code, kind: 'rule', key: rule.key, caught, others })
    if (caught === 0) {
      report(neverHolds(node, pathOf) ? 'could-never' : 'catches-nobody')
      return
    }
    const cover = covers.get(rank)
    if (cover) report(cover.code, cover.others)
    if (!decides[rank] && rule.inverted) report('forbids-nothing')
    if (!decides[rank] && !rule.inverted && grants.length > 0)
      report('never-wins', winners(index, rank, members[rank] ?? [], people))
  })
  return found
}

type Decision = { rank: number; given: boolean }

/** Per right (id): which rule decides, and whether any rule below gives it. `ranks` ascending. */
function deciding({ rules }: RuleIndex, ranks: readonly number[]): Map<number, Decision> {
  const decided = new Map<number, Decision>()
  for (const rank of ranks) {
    const one = rules[rank]
    if (!one) continue
    for (const { id } of one.grants) {
      const before = decided.get(id)
      decided.set(id, { rank, given: (before?.given ?? false) || !one.rule.inverted })
    }
  }
  return decided
}

/** Who decides instead of a rule that never does, the most often first. */
function winners(index: RuleIndex, rank: number, members: readonly number[], people: readonly number[][]): string[] {
  const counts = new Map<number, number>()
  for (const at of members) {
    const decided = deciding(index, people[at] ?? [])
    for (const { id } of index.rules[rank]?.grants ?? []) {
      const winner = decided.get(id)?.rank
      if (winner !== undefined) counts.set(winner, (counts.get(winner) ?? 0) + 1)
    }
  }
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || a - b)
    .slice(0, MOST_OTHERS)
    .map(([winner]) => index.rules[winner]?.rule.key ?? '')
}

type Cover = { code: 'same-as' | 'covered-by'; others: string[] }

function coveredRules(index: RuleIndex, members: readonly number[][]): Map<number, Cover> {
  const { rules } = index
  const sets = members.map(list => new Set(list))
  const alike = alikeRules(index)
  const within = (a: number, b: number): boolean => {
    const [caught, wider] = [members[a], sets[b]]
    return (
      caught !== undefined && wider !== undefined && caught.length <= wider.size && caught.every(at => wider.has(at))
    )
  }
  const covered = new Map<number, Cover>()
  rules.forEach(({ rule }, rank) => {
    if (members[rank]?.length === 0) return
    const others = alike.covering(rank).filter(other => within(rank, other))
    const same = others.filter(other => alike.covers(rank, other) && within(other, rank))
    const wider = others.filter(other => !same.includes(other))
    const earlier = same.filter(other => (rules[other]?.rule.key ?? '') < rule.key)
    const [code, told] = wider.length > 0 ? (['covered-by', wider] as const) : (['same-as', earlier] as const)
    if (told.length > 0)
      covered.set(rank, { code, others: told.slice(0, MOST_OTHERS).map(other => rules[other]?.rule.key ?? '') })
  })
  return covered
}

/**
 * Which rules give all that another gives, with the same limits and at least as long; whomever they catch. `covering`:
 * ranks of those that do so for a rule. `covers`: whether the first does so for the second.
 */
export function alikeRules({ rules }: RuleIndex): {
  covering: (rank: number) => number[]
  covers: (rank: number, other: number) => boolean
} {
  const limits = rules.map(one => new Map(one.grants.map(grant => [grant.id, limitsText(grant)])))
  const giving = new Map<number, number[]>()
  rules.forEach(({ rule, grants }, rank) => {
    if (!rule.inverted) for (const { id } of grants) giving.set(id, [...(giving.get(id) ?? []), rank])
  })
  const covers = (rank: number, other: number): boolean => {
    const [given, own] = [limits[rank], limits[other]]
    if (!given || !own || own.size > given.size) return false
    for (const [id, text] of own) if (given.get(id) !== text) return false
    return lasts(rules[other]?.rule, rules[rank]?.rule)
  }
  const covering = (rank: number): number[] => {
    const one = rules[rank]
    const first = one?.grants[0]
    if (!one || one.rule.inverted || !first) return []
    return (giving.get(first.id) ?? []).filter(other => other !== rank && covers(other, rank))
  }
  return { covering, covers }
}

const limitsText = ({ constraints }: Grant) => JSON.stringify(constraints)

const lasts = (a: RightsRule | undefined, b: RightsRule | undefined) =>
  a !== undefined && b !== undefined && (b.validTo === null || (a.validTo !== null && a.validTo <= b.validTo))

/** What rules and roles name although it is gone, roles that nothing gives, and rules whose owner has left. */
export function bookFindings(
  rules: readonly RightsRule[],
  roles: readonly Role[],
  entitlementKeys: readonly string[],
  on: string,
  hasLeft: (personId: string) => boolean,
): Finding[] {
  const known = new Set(entitlementKeys)
  const systems = new Set(entitlementKeys.map(key => key.slice(0, key.indexOf('/'))))
  const gone = (key: string) =>
    key !== '*' && (isSystemWildcard(key) ? !systems.has(key.slice(0, -2)) : !known.has(key))
  const current = rules.filter(rule => rule.validTo === null || on < rule.validTo)
  const book = roleBook(roles)
  const given = new Set<string>()
  for (const rule of current)
    for (const role of rule.roles)
      if (book.has(role)) for (const key of within(role, new Map(roles.map(one => [one.key, one])))) given.add(key)
  const row = (code: FindingCode, kind: Finding['kind'], key: string, others: string[] = []): Finding => ({
    code,
    kind,
    key,
    caught: 0,
    others,
  })
  return [
    ...current.flatMap(rule => {
      const lost = rule.entitlements.filter(gone)
      return [
        ...(lost.length > 0 ? [row('gives-gone', 'rule', rule.key, lost)] : []),
        ...(rule.ownerPerson !== undefined && hasLeft(rule.ownerPerson) ? [row('owner-left', 'rule', rule.key)] : []),
      ]
    }),
    ...roles.flatMap(role => {
      const lost = role.entitlements.map(one => one.key).filter(gone)
      return [
        ...(lost.length > 0 ? [row('gives-gone', 'role', role.key, lost)] : []),
        ...(given.has(role.key) ? [] : [row('role-not-given', 'role', role.key)]),
      ]
    }),
  ]
}

/** A role and every role inside it. Cycles were refused when they were written. */
function within(role: string, byKey: ReadonlyMap<string, Role>, seen = new Set<string>()): Set<string> {
  if (seen.has(role)) return seen
  seen.add(role)
  for (const inner of byKey.get(role)?.roles ?? []) within(inner, byKey, seen)
  return seen
}
