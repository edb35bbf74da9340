import { affiliationFacts } from '../people/affiliation-facts-view.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import { affectedBy, changedRules } from '../rules/decide-rights.ts'
import type { IndexedRule, RuleIndex } from '../rules/rule-index.ts'

/**
 * Facts of the affiliations whose rights may differ between two indexes, in batches. The database leaves out those that
 * no changed rule can match, so that a change of one rule does not read the whole municipality; the rest is decided by
 * the rules themselves.
 */
export async function* affectedFacts(tx: Tx, before: RuleIndex, after: RuleIndex): AsyncGenerator<AffiliationFacts[]> {
  const changed = changedRules(before, after)
  if (changed.length === 0) return
  const scope = await possiblyMatching(tx, changed)
  for await (const batch of affiliationFacts(tx, scope)) {
    const affected = affectedBy(before, after, batch as AffiliationFacts[])
    if (affected.length > 0) yield affected
  }
}

/** Where the facts that rules are anchored by stand, over `affiliation_current a` and its unit `u`. */
const COLUMNS: Readonly<Record<string, (values: string) => string>> = {
  kind: values => `a.kind = any(${values})`,
  unitKey: values => `u.key = any(${values})`,
  unitPath: values => `a.unit_keys && ${values}`,
  unitKind: values => `u.kind = any(${values})`,
  position: values => `a.position_key = any(${values})`,
  positionCategory: values => `a.position_category = any(${values})`,
  title: values => `a.title = any(${values})`,
  kle: values => `a.kle && ${values}`,
  functions: values => `a.functions && ${values}`,
  networks: values => `a.networks && ${values}`,
  schoolClass: values => `a.school_class = any(${values})`,
  personId: values => `a.person_id::text = any(${values})`,
}

/** `all` where some rule has no anchor, or one that is no text in a column: then only the rules can tell. */
export async function possiblyMatching(tx: Tx, rules: readonly IndexedRule[]): Promise<string[] | 'all'> {
  const wanted = new Map<string, Set<string>>()
  for (const { anchors } of rules) {
    if (!anchors) return 'all'
    for (const { field, value } of anchors) {
      // An empty text stands for "no unit" in the facts, which the columns do not say so.
      if (!(field in COLUMNS) || typeof value !== 'string' || value === '') return 'all'
      const values = wanted.get(field)
      if (values) values.add(value)
      else wanted.set(field, new Set([value]))
    }
  }
  if (wanted.size === 0) return []
  const params = [...wanted.values()].map(values => [...values])
  const any = [...wanted.keys()].map((field, place) => COLUMNS[field]!(`$${place + 1}::text[]`))
  const rows = await tx.query<{ id: string }>(
    `select a.affiliation_id as id from affiliation_current a
     left join org_unit_current u on u.unit_id = a.unit_id where ${any.join(' or ')}`,
    params,
  )
  return rows.map(row => row.id)
}
