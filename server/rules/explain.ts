import type { AffiliationFacts } from './affiliation-facts.ts'
import type { Comparison, ConditionNode, FactValue } from './condition.ts'
import { compile } from './condition.ts'
import type { IndexedRule, RuleIndex } from './rule-index.ts'

/** One line of a condition, marked. `of` holds the parts of and, or, not. */
export type ExplainedCondition =
  | { op: 'and' | 'or' | 'not'; met: boolean; of: ExplainedCondition[] }
  | {
      op: 'test'
      met: boolean
      field: string
      test: Comparison
      expected: FactValue | readonly FactValue[]
      /** Null where the fact is missing. */
      actual: unknown
    }

export type ExplainedRule = {
  ruleKey: string
  ruleVersion: number
  name: string
  rolePath: readonly string[]
  met: boolean
  conditions: ExplainedCondition
}

/**
 * Why an affiliation does, or does not, hold an entitlement. `known` false: there is no such entitlement. `granting`
 * are all rules in force that could give it, the deciding order first; `deniedBy` is the prohibition that decided.
 */
export type Explanation = {
  entitlement: string
  known: boolean
  held: boolean
  granting: ExplainedRule[]
  deniedBy: (ExplainedRule & { reason: string }) | null
}

export function explainMissing(index: RuleIndex, entitlement: string, facts: AffiliationFacts): Explanation {
  const id = index.idOf.get(entitlement)
  if (id === undefined) return { entitlement, known: false, held: false, granting: [], deniedBy: null }
  const rules = index.naming(id).map(rank => index.rules[rank] as IndexedRule)
  const deciding = rules.find(one => one.test(facts))
  const explain = (one: IndexedRule): ExplainedRule => ({
    ruleKey: one.rule.key,
    ruleVersion: one.rule.version,
    name: one.rule.name,
    rolePath: one.grants.find(grant => grant.id === id)?.rolePath ?? [],
    met: one.test(facts),
    conditions: explainCondition(one.node, facts),
  })
  return {
    entitlement,
    known: true,
    held: deciding !== undefined && !deciding.rule.inverted,
    granting: rules.filter(one => !one.rule.inverted).map(explain),
    deniedBy: deciding?.rule.inverted ? { ...explain(deciding), reason: deciding.rule.reason ?? '' } : null,
  }
}

/** Every part of a condition with whether it is met and the fact it looked at. */
export function explainCondition(node: ConditionNode, facts: AffiliationFacts): ExplainedCondition {
  const met = compile(node)(facts)
  if (node.op === 'test')
    return {
      op: 'test',
      met,
      field: node.field,
      test: node.test,
      expected: node.value,
      actual: facts[node.field] ?? null,
    }
  const of = node.op === 'not' ? [node.of] : node.of
  return { op: node.op, met, of: of.map(part => explainCondition(part, facts)) }
}
