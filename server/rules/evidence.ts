import type { AffiliationFacts } from './affiliation-facts.ts'
import type { ConditionNode } from './condition.ts'
import { compile } from './condition.ts'

/** A fact that made a rule match. For a list, only the elements that were asked for. */
export type MatchedFact = { field: string; value: unknown }

export type Collect = (facts: AffiliationFacts, into: MatchedFact[]) => void

/**
 * For a condition that is true: the facts that made it so. Of an `or` the first part that is true counts; of a
 * negation the facts that were looked at, since it is their being otherwise that counts.
 */
export function evidence(node: ConditionNode): Collect {
  switch (node.op) {
    case 'and': {
      const parts = node.of.map(evidence)
      return (facts, into) => {
        for (const part of parts) part(facts, into)
      }
    }
    case 'or': {
      const parts = node.of.map(part => ({ test: compile(part), collect: evidence(part) }))
      return (facts, into) => parts.find(part => part.test(facts))?.collect(facts, into)
    }
    case 'not': {
      const fields = [...new Set(fieldsOf(node.of))]
      return (facts, into) => {
        for (const field of fields) into.push({ field, value: facts[field] ?? null })
      }
    }
    case 'test': {
      const { field } = node
      const wanted = node.test === 'eq' || node.test === 'in' ? [node.value].flat() : null
      return (facts, into) => {
        const actual = facts[field] ?? null
        if (!wanted || !Array.isArray(actual)) into.push({ field, value: actual })
        else for (const value of wanted) if (actual.includes(value)) into.push({ field, value })
      }
    }
  }
}

export function fieldsOf(node: ConditionNode): string[] {
  if (node.op === 'test') return [node.field]
  return node.op === 'not' ? fieldsOf(node.of) : node.of.flatMap(fieldsOf)
}
