import type { AffiliationFacts } from './affiliation-facts.ts'
import type { ConstraintSpec } from './constraint.ts'
import { evidence, type MatchedFact } from './evidence.ts'
import type { RightsRule } from './rights-rule.ts'
import { candidates, type Grant, type IndexedRule, type RuleIndex } from './rule-index.ts'

/** Why: the rule and its version, the roles between rule and right, and the facts that made the rule match. */
export type Because = {
  ruleKey: string
  ruleVersion: number
  rolePath: readonly string[]
  matched: readonly MatchedFact[]
  constraints: readonly ConstraintSpec[]
}

/**
 * A right that an affiliation should hold. The reason is the rule that decides (CASL's `relevantRuleFor`);
 * `alsoBecause` are the rules that would still give it if that one were gone, next in line first. Constraints are not
 * resolved yet, and one that resolves to nothing removes the right: see `resolveConstraints`.
 */
export type Held = Because & { entitlement: string; alsoBecause: readonly Because[] }

const nothingElse: readonly Because[] = []

/** The rules that match, lowest priority first. */
export function matchingRules(index: RuleIndex, facts: AffiliationFacts): IndexedRule[] {
  const found: IndexedRule[] = []
  for (const rank of candidates(index, facts)) {
    const rule = index.rules[rank] as IndexedRule
    if (rule.test(facts)) found.push(rule)
  }
  return found
}

/**
 * Everything that one affiliation should hold, in the order in which rules first name it. No rule, no right; a later
 * rule overrides an earlier one, so what an inverted rule takes away only a rule after it gives back.
 */
export function decide(index: RuleIndex, facts: AffiliationFacts): Held[] {
  const held = new Map<number, Held | null>()
  for (const one of matchingRules(index, facts)) {
    if (one.rule.inverted) {
      for (const grant of one.grants) if (held.has(grant.id)) held.set(grant.id, null)
      continue
    }
    const matched = evidenceOf(one, facts)
    for (const grant of one.grants) {
      const before = held.get(grant.id)
      held.set(grant.id, before ? outranked(before, grant, one, matched) : hold(grant, one, matched, nothingElse))
    }
  }
  const result: Held[] = []
  for (const one of held.values()) if (one) result.push(one)
  return result
}

function hold(
  { entitlement, rolePath, constraints }: Grant,
  { rule }: IndexedRule,
  matched: readonly MatchedFact[],
  alsoBecause: readonly Because[],
): Held {
  return { entitlement, ruleKey: rule.key, ruleVersion: rule.version, rolePath, matched, constraints, alsoBecause }
}

function outranked(before: Held, grant: Grant, one: IndexedRule, matched: readonly MatchedFact[]): Held {
  const { ruleKey, ruleVersion, rolePath, constraints } = before
  const next: Because = { ruleKey, ruleVersion, rolePath, matched: before.matched, constraints }
  return hold(grant, one, matched, [next, ...before.alsoBecause])
}

const collectors = new WeakMap<IndexedRule, ReturnType<typeof evidence>>()

function evidenceOf(one: IndexedRule, facts: AffiliationFacts): MatchedFact[] {
  let collect = collectors.get(one)
  if (!collect) {
    collect = evidence(one.node)
    collectors.set(one, collect)
  }
  const matched: MatchedFact[] = []
  collect(facts, matched)
  return matched
}

/** One question: should this affiliation hold this entitlement? An entitlement that is not known is held by nobody. */
export function holds(index: RuleIndex, facts: AffiliationFacts, entitlement: string): boolean {
  const id = index.idOf.get(entitlement)
  return id !== undefined && decidingRule(index, facts, id)?.inverted === false
}

/** The rule that decides about an entitlement (its place in the index) for this affiliation; null: no rule says anything. */
export function decidingRule(index: RuleIndex, facts: AffiliationFacts, entitlementId: number): RightsRule | null {
  for (const rank of index.naming(entitlementId)) {
    const one = index.rules[rank] as IndexedRule
    if (one.test(facts)) return one.rule
  }
  return null
}

/** Whether a rule in force matches the affiliation, whatever other rules say. False for a rule that is not in force. */
export function touches(index: RuleIndex, ruleKey: string, facts: AffiliationFacts): boolean {
  const rank = index.rankOf.get(ruleKey)
  return rank !== undefined && (index.rules[rank] as IndexedRule).test(facts)
}

/**
 * The affiliations whose rights, or the stored reasons for them, may differ between two indexes: those that a changed,
 * new or removed rule matches, before or after. Deciding these again gives the same as deciding everyone.
 */
export function affectedBy<F extends AffiliationFacts>(before: RuleIndex, after: RuleIndex, facts: readonly F[]): F[] {
  const changed = changedRules(before, after)
  return changed.length === 0 ? [] : facts.filter(one => changed.some(rule => rule.test(one)))
}

/** Both sides of every rule that is not the same in the two indexes; roles and known entitlements count too. */
export function changedRules(before: RuleIndex, after: RuleIndex): readonly IndexedRule[] {
  // Remembered for the pair: a population comes in batches, and comparing a thousand rules is not done for each.
  const known = comparisons.get(before)?.get(after)
  if (known) return known
  const changed = compareRules(before, after)
  const ofBefore = comparisons.get(before) ?? new WeakMap<RuleIndex, readonly IndexedRule[]>()
  comparisons.set(before, ofBefore.set(after, changed))
  return changed
}

const comparisons = new WeakMap<RuleIndex, WeakMap<RuleIndex, readonly IndexedRule[]>>()

function compareRules(before: RuleIndex, after: RuleIndex): IndexedRule[] {
  const changed: IndexedRule[] = []
  for (const old of before.rules) {
    const rank = after.rankOf.get(old.rule.key)
    const next = rank === undefined ? undefined : after.rules[rank]
    if (next === old) continue
    if (next && sameRule(old, next)) continue
    changed.push(old)
    if (next) changed.push(next)
  }
  for (const next of after.rules) if (!before.rankOf.has(next.rule.key)) changed.push(next)
  return changed
}

const sameRule = (a: IndexedRule, b: IndexedRule) => effect(a) === effect(b)

/** All that reaches a stored decision. Ids of entitlements are left out: they are places in a list that may differ. */
const effect = ({ rule, grants }: IndexedRule) =>
  JSON.stringify([
    rule.version,
    rule.inverted,
    rule.order,
    rule.conditions,
    grants.map(({ entitlement, rolePath, constraints }) => [entitlement, rolePath, constraints]),
  ])
