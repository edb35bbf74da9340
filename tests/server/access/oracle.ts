import { loadUnits } from '../../../server/access/grounds-store.ts'
import { affiliationFacts } from '../../../server/people/affiliation-facts-view.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import type { AffiliationFacts } from '../../../server/rules/affiliation-facts.ts'
import { asSubject, rightsAbility, toCaslRules } from '../../../server/rules/casl-rules.ts'
import { resolveConstraints } from '../../../server/rules/constraint.ts'
import { decide } from '../../../server/rules/decide-rights.ts'
import { buildIndex } from '../../../server/rules/rule-index.ts'
import { loadRoles, loadRules } from '../../../server/rules/rules-store.ts'

export type StoredRight = {
  affiliation: string
  entitlement: string
  rule: string
  constraints: unknown
  validTo: string | null
}

export async function stored(tx: Tx): Promise<StoredRight[]> {
  return tx.query<StoredRight>(
    `select f.key as affiliation, e.key as entitlement, d.rule_key as rule, a.constraints, a.valid_to as "validTo"
     from assignment a join affiliation f on f.id = a.affiliation_id join entitlement e on e.id = a.entitlement_id
     join derivation d on d.id = a.derivation_id order by 1, 2`,
  )
}

/**
 * What should be stored, worked out the slow way: plain CASL over every affiliation and every entitlement, one question
 * at a time. Only which constraints a right carries is taken from the engine, which has its own tests.
 */
export async function expected(tx: Tx, today: string): Promise<StoredRight[]> {
  const [rules, roles] = [await loadRules(tx), await loadRoles(tx)]
  const ability = rightsAbility(toCaslRules(rules, roles, today))
  const keys = (await tx.query<{ key: string }>('select key from entitlement where gone_at is null')).map(
    row => row.key,
  )
  const index = buildIndex(rules, roles, keys, today)
  const units = await loadUnits(tx)
  const named = new Map(
    (await tx.query<{ id: string; key: string }>('select id, key from affiliation')).map(row => [row.id, row.key]),
  )
  const rights: StoredRight[] = []
  for await (const batch of affiliationFacts(tx, 'all'))
    for (const facts of batch as AffiliationFacts[]) {
      if (facts.startsOn > today || (facts.endsOn !== null && facts.endsOn <= today)) continue
      for (const key of keys) {
        if (!ability.can('hold', asSubject(facts), key)) continue
        const origin = ability.relevantRuleFor('hold', asSubject(facts), key)?.origin as unknown as { key: string }
        const specs = decide(index, facts).find(one => one.entitlement === key)?.constraints ?? []
        const constraints = resolveConstraints(specs, facts, units)
        if (!constraints) continue
        const ends = [rules.find(rule => rule.key === origin.key)?.validTo ?? null, facts.endsOn].filter(
          end => end !== null,
        )
        rights.push({
          affiliation: named.get(facts.id) as string,
          entitlement: key,
          rule: origin.key,
          constraints,
          validTo: ends.sort()[0] ?? null,
        })
      }
    }
  return rights.sort((a, b) => (`${a.affiliation} ${a.entitlement}` < `${b.affiliation} ${b.entitlement}` ? -1 : 1))
}
