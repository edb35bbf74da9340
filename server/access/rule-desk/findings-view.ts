import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { type listRuleFindings, RULE_FINDINGS, type RuleFinding } from '#contract/rule-looks.ts'
import { affiliationFacts } from '../../people/affiliation-facts-view.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { AffiliationFacts } from '../../rules/affiliation-facts.ts'
import { alikeRules, bookFindings, type Finding, ruleFindings } from '../../rules/rule-findings.ts'
import { buildIndex, type IndexedRule, type RuleIndex } from '../../rules/rule-index.ts'
import { loadRoles, loadRules, RULES_STAMP } from '../../rules/rules-store.ts'
import type { RulesFile } from '../../rules/rules-yaml.ts'
import { loadEntitlements } from '../../systems/system-store.ts'
import { possiblyMatching } from '../affected-facts.ts'
import { unitPaths } from './catch-view.ts'
import { type BookNames, bookNames } from './names-view.ts'

/** Affiliations of a day, as rules see them. */
export async function factsOn(tx: Tx, on: string): Promise<AffiliationFacts[]> {
  const all: AffiliationFacts[] = []
  for await (const batch of factsOf(tx, 'all', on)) all.push(...batch)
  return all
}

async function* factsOf(tx: Tx, scope: readonly string[] | 'all', on: string): AsyncGenerator<AffiliationFacts[]> {
  for await (const batch of affiliationFacts(tx, scope))
    yield (batch as AffiliationFacts[]).filter(
      facts => facts.startsOn <= on && (facts.endsOn === null || on < facts.endsOn),
    )
}

/** Everything worth a look in these rules, over the people of a day. */
export async function findingsOf(
  tx: Tx,
  { rules, roles }: Pick<RulesFile, 'rules' | 'roles'>,
  on: string,
): Promise<Finding[]> {
  const keys = (await loadEntitlements(tx)).map(row => row.key)
  const index = buildIndex(rules, roles, keys, on)
  return [
    ...ruleFindings(index, await factsOn(tx, on), await unitPaths(tx)),
    ...(await inTheBook(tx, { rules, roles }, keys, on)),
  ]
}

/**
 * Those of `findingsOf` that are about some rules and roles. Everybody need not be looked at: what is found of a rule is
 * decided by whom it catches, and by whether a rule that gives all that it gives catches somebody else as well, of which
 * one is enough to know it.
 */
export async function findingsAbout(
  tx: Tx,
  { rules, roles }: Pick<RulesFile, 'rules' | 'roles'>,
  on: string,
  asked: { rules: readonly string[]; roles: readonly string[] },
): Promise<Finding[]> {
  const keys = (await loadEntitlements(tx)).map(row => row.key)
  const index = buildIndex(rules, roles, keys, on)
  const ranks = asked.rules.flatMap(key => index.rankOf.get(key) ?? [])
  const found = [
    ...(ranks.length > 0 ? ruleFindings(index, await peopleThatTell(tx, index, ranks, on), await unitPaths(tx)) : []),
    ...(await inTheBook(tx, { rules, roles }, keys, on)),
  ]
  return [
    ...asked.rules.flatMap(key => about(found, 'rule', key)),
    ...asked.roles.flatMap(key => about(found, 'role', key)),
  ]
}

/** Whom the rules with these ranks catch, and of each rule that gives all that one of them gives somebody it does not. */
async function peopleThatTell(
  tx: Tx,
  index: RuleIndex,
  ranks: readonly number[],
  on: string,
): Promise<AffiliationFacts[]> {
  const asked = ranks.map(rank => index.rules[rank] as IndexedRule)
  const people: AffiliationFacts[] = []
  for await (const batch of factsOf(tx, await possiblyMatching(tx, asked), on))
    people.push(...batch.filter(facts => asked.some(one => one.test(facts))))
  const { covering } = alikeRules(index)
  for (const rank of ranks) {
    const one = index.rules[rank] as IndexedRule
    for (const other of covering(rank).map(at => index.rules[at] as IndexedRule)) {
      const tells = (facts: AffiliationFacts) => other.test(facts) && !one.test(facts)
      const covers = people.every(facts => !one.test(facts) || other.test(facts))
      if (!covers || people.some(tells)) continue
      for await (const batch of factsOf(tx, await possiblyMatching(tx, [other]), on)) {
        const witness = batch.find(tells)
        if (!witness) continue
        people.push(witness)
        break
      }
    }
  }
  return people
}

async function inTheBook(
  tx: Tx,
  { rules, roles }: Pick<RulesFile, 'rules' | 'roles'>,
  keys: readonly string[],
  on: string,
): Promise<Finding[]> {
  const owners = [...new Set(rules.flatMap(rule => rule.ownerPerson ?? []))]
  const here = new Set(
    owners.length === 0
      ? []
      : (
          await tx.query<{ id: string }>(
            `select person_id as id from person_current where person_id = any($1::uuid[]) and status <> 'ended'`,
            [owners],
          )
        ).map(row => row.id),
  )
  return bookFindings(rules, roles, keys, on, person => !here.has(person))
}

type Kept = { stamp: string; findings: Finding[] }
/** The last answer and what it rests on: worked out anew only when rules, people, units or the day are others. */
let kept: Kept | null = null

/** As `findingsOf` of the stored rules. One statement where nothing has changed. */
export async function storedFindings(tx: Tx, on: string): Promise<Finding[]> {
  const [row] = await tx.query<{ stamp: string }>(
    `select (select md5(coalesce(string_agg(encode(facts_hash, 'hex'), ',' order by affiliation_id), ''))
         from affiliation_current) ||
       (select md5(coalesce(string_agg(key || array_to_string(path_keys, ' '), ',' order by unit_id), ''))
         from org_unit_current) || ' ' || ${RULES_STAMP} as stamp`,
  )
  const stamp = `${on} ${row?.stamp}`
  if (kept?.stamp === stamp) return kept.findings
  const findings = await findingsOf(tx, { rules: await loadRules(tx), roles: await loadRoles(tx) }, on)
  kept = { stamp, findings }
  return findings
}

/** Findings with the names of what they are about. One statement. */
export async function withNames(tx: Tx, findings: readonly Finding[]): Promise<RuleFinding[]> {
  return findings.length === 0 ? [] : named(findings, await bookNames(tx, findingKeys(findings)))
}

export const findingKeys = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.flatMap(one => [one.key, ...one.others])),
]

/** `names`: of at least `findingKeys`. */
export const named = (findings: readonly Finding[], names: BookNames): RuleFinding[] =>
  findings.map(one => ({
    ...one,
    name: names[one.kind].get(one.key) ?? one.key,
    others: one.others.map(key => {
      const name = one.code === 'gives-gone' ? names.right.get(key)?.name : names.rule.get(key)
      return { key, name: name ?? key, note: null }
    }),
  }))

/** Those about one rule or role, or that name it as the one that says the same. */
export const about = (findings: readonly Finding[], kind: Finding['kind'], key: string): Finding[] =>
  findings.filter(one => one.kind === kind && (one.key === key || (one.code === 'same-as' && one.others.includes(key))))

/** The worklist: what somebody must correct first. */
export async function findingsView(
  tx: Tx,
  query: QueryOf<typeof listRuleFindings>,
  today: string,
): Promise<ResponseOf<typeof listRuleFindings>> {
  const all = await storedFindings(tx, today)
  const asked = all.filter(one => (!query.code || one.code === query.code) && (!query.key || one.key === query.key))
  const place = (one: Finding) => RULE_FINDINGS.indexOf(one.code)
  const sorted = [...asked].sort((a, b) => place(a) - place(b) || b.caught - a.caught || (a.key < b.key ? -1 : 1))
  const [count] = await tx.query<{ n: number }>('select count(*)::int as n from rights_rule where upper_inf(recorded)')
  return {
    rows: await withNames(tx, sorted.slice(query.offset, query.offset + query.limit)),
    total: asked.length,
    byCode: RULE_FINDINGS.map(code => ({ code, count: all.filter(one => one.code === code).length })),
    rules: count?.n ?? 0,
  }
}
