import type { z } from 'zod'
import type { missingReason } from '#contract/people.ts'
import { affiliationFacts } from '../people/affiliation-facts-view.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import { type ExplainedCondition, explainMissing } from '../rules/explain.ts'
import { grantsOfRight } from './grants/grant-views.ts'
import { loadIndex } from './grounds-store.ts'
import { factText, type Names, readNames } from './person-names-views.ts'
import type { Viewer } from './viewer.ts'

type MissingReason = z.output<typeof missingReason>
type Line = MissingReason['rules'][number]['conditions'][number]

/**
 * Why a person should not hold a right: each rule that could give it, closest to being met first, with every condition
 * marked met or not; and the prohibition, if one decided. Over those of the person's active affiliations under which
 * the reader may know of a right in that system: the conditions tell facts of them. null: no such right, or none of them.
 */
export async function whyNotView(
  tx: Tx,
  personId: string,
  viewer: Viewer,
  entitlement: string,
  today: string,
): Promise<MissingReason | null> {
  const [known] = await tx.query<{ name: string; systemId: string }>(
    'select name, system_id as "systemId" from entitlement where key = $1 and gone_at is null',
    [entitlement],
  )
  if (!known) return null
  const active = await tx.query<{ id: string; unitPath: string[] }>(
    `select affiliation_id as id, unit_path as "unitPath" from affiliation_current where person_id = $1 and status = 'active'`,
    [personId],
  )
  const ids = active.filter(one => viewer.right({ systemId: known.systemId, unitPath: one.unitPath }))
  if (active.length > 0 && ids.length === 0) return null
  const index = await loadIndex(tx, today)
  const names = await readNames(tx)
  const byRule = new Map<string, MissingReason['rules'][number] & { unmet: number }>()
  for await (const batch of affiliationFacts(
    tx,
    ids.map(row => row.id),
  ))
    for (const facts of batch as AffiliationFacts[]) {
      const answer = explainMissing(index, entitlement, facts)
      const denied = answer.deniedBy ? [{ ...answer.deniedBy, inverted: true }] : []
      for (const rule of [...denied, ...answer.granting.map(one => ({ ...one, inverted: false, reason: null }))]) {
        const conditions = flatten(rule.conditions, names)
        const unmet = conditions.filter(line => !line.met).length
        const best = byRule.get(rule.ruleKey)
        if (best && best.unmet <= unmet) continue
        byRule.set(rule.ruleKey, {
          ruleKey: rule.ruleKey,
          ruleName: rule.name,
          inverted: rule.inverted,
          reason: rule.reason,
          conditions,
          unmet,
        })
      }
    }
  const rules = [...byRule.values()].sort((a, b) => Number(b.inverted) - Number(a.inverted) || a.unmet - b.unmet)
  const grants = await grantsOfRight(
    tx,
    ids.map(row => row.id),
    entitlement,
  )
  return { key: entitlement, name: known.name, grants, rules: rules.slice(0, 20).map(({ unmet: _, ...rule }) => rule) }
}

function flatten(node: ExplainedCondition, names: Names, negated = false): Line[] {
  if (node.op === 'not') return node.of.flatMap(part => flatten(part, names, !negated))
  if (node.op !== 'test') return node.of.flatMap(part => flatten(part, names, negated))
  return [
    {
      field: node.field,
      op: negated ? `not-${node.test}` : node.test,
      wanted: factText(names, node.field, node.expected),
      actual: node.actual === null ? null : factText(names, node.field, node.actual),
      met: negated ? !node.met : node.met,
    },
  ]
}
