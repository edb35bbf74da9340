import type { z } from 'zod'
import type { ParamsOf, QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getRule, listRules, ruleRow } from '#contract/rules.ts'
import { affiliationFacts } from '../people/affiliation-facts-view.ts'
import { containing, type Statement, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import type { AffiliationFacts } from '../rules/affiliation-facts.ts'
import { compile, parseCondition } from '../rules/condition.ts'
import type { RightsRule } from '../rules/rights-rule.ts'
import { ruleJsonSql, ruleOfJson } from '../rules/rules-store.ts'
import { writeRulesYaml } from '../rules/rules-yaml.ts'
import { type Names, readNames } from './person-names-views.ts'
import { readableCondition } from './readable-condition.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from './visible.ts'

type RuleRow = z.output<typeof ruleRow>
type Page = ResponseOf<typeof getRule>

/** Whom rules catch, one row a rule and affiliation, as far as the reader may know. `rules` is SQL of keys. */
const caughtCte = (actor: Actor, rules: string, q: Statement): string => `
  caught as (
    select distinct d.rule_key, ac.affiliation_id
    from derivation d join assignment a on a.derivation_id = d.id
    join affiliation_current ac on ac.affiliation_id = a.affiliation_id
    join person_current p on p.person_id = ac.person_id
    where d.rule_key in (${rules}) and ${visibleTo(actor, q).person('p')}
  ), counts as (select rule_key, count(*) as caught from caught group by rule_key)`

const STATE = (today: string) => `case when r.state = 'draft' then 'draft'
  when lower(r.valid) > ${today} then 'future' when upper(r.valid) <= ${today} then 'expired' else 'active' end`

const rowColumns = (today: string) => `r.key, r.name, r.version, ${STATE(today)} as state, r.inverted, r.owner,
  nullif(lower(r.valid), '0001-01-01') as "validFrom", upper(r.valid) as "validTo",
  case when not r.inverted then coalesce(n.caught, 0) end as caught,
  cardinality(r.entitlements) as entitlements, cardinality(r.roles) as roles`

/** Rules in two statements: which, then what is shown of the page. */
export async function rulesView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listRules>,
  today: string,
): Promise<ResponseOf<typeof listRules>> {
  const counted = query.sort === 'caught'
  const q = statement()
  const all = ['upper_inf(r.recorded)']
  for (const word of searchWords(query.text ?? ''))
    all.push(
      `search_fold(r.name || ' ' || r.key || ' ' || coalesce(r.owner, '')) like ${q.bind(containing(word), 'text')}`,
    )
  if (query.state) all.push(`${STATE(q.bind(today, 'date'))} = ${q.bind(query.state, 'text')}`)
  if (query.inverted !== undefined) all.push(`r.inverted = ${q.bind(query.inverted, 'boolean')}`)
  const way = query.descending ? 'desc nulls last' : 'asc nulls last'
  const [found] = await tx.query<{ total: number; keys: string[] }>(
    `with found as (select r.key, r.name, r.inverted, upper(r.valid) as valid_to from rights_rule r where ${all.join(' and ')})
     ${counted ? `, ${caughtCte(actor, 'select key from found', q)}` : ''}
     select (select count(*) from found) as total, array(
       select f.key from found f ${counted ? 'left join counts n on n.rule_key = f.key' : ''}
       order by ${counted ? `case when not f.inverted then coalesce(n.caught, 0) end ${way},` : ''}
         ${query.sort === 'validTo' ? `f.valid_to ${way},` : ''} f.name ${DANISH} ${query.sort === 'name' ? way : ''}, f.key
       offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}) as keys`,
    q.params,
  )
  const keys = found?.keys ?? []
  return { rows: keys.length === 0 ? [] : await readRows(tx, actor, keys, today), total: found?.total ?? 0 }
}

/** `more`: further columns, of `r`. */
function readRows<More extends object = object>(
  tx: Tx,
  actor: Actor,
  keys: readonly string[],
  today: string,
  more: readonly string[] = [],
): Promise<(RuleRow & More)[]> {
  const q = statement()
  const page = q.bind(keys, 'text[]')
  return tx.query<RuleRow & More>(
    `with ${caughtCte(actor, `select unnest(${page})`, q)}
     select ${[rowColumns(q.bind(today, 'date')), ...more].join(', ')}
     from unnest(${page}) with ordinality as wanted (key, place)
     join rights_rule r on r.key = wanted.key and upper_inf(r.recorded)
     left join counts n on n.rule_key = r.key
     order by wanted.place`,
    q.params,
  )
}

type WithAll = { rule: RightsRule; rights: Record<string, string>; versions: Page['versions'] }

/** The rule itself, its versions, and names of the rights that it gives by key. */
const ALL = [
  `${ruleJsonSql('r')} as rule`,
  `(select jsonb_agg(jsonb_build_object('version', v.version, 'recordedAt', lower(v.recorded), 'by', v.recorded_by)
      order by v.version desc) from rights_rule v where v.key = r.key) as versions`,
  `(select coalesce(jsonb_object_agg(g.key, g.name), '{}') from (
      select key, name from entitlement where key = any(r.entitlements)
      union all select key || '/*', name from it_system where key || '/*' = any(r.entitlements)) g) as rights`,
]

/** A rule as it stands now, in three statements; a prohibition is tried on every affiliation. null: no such rule. */
export async function ruleView(
  tx: Tx,
  actor: Actor,
  { key }: ParamsOf<typeof getRule>,
  page: QueryOf<typeof getRule>,
  today: string,
): Promise<Page | null> {
  const [found] = await readRows<WithAll>(tx, actor, [key], today, ALL)
  if (!found) return null
  const { rule: stored, rights, versions, ...row } = found
  const rule = ruleOfJson(stored)
  const names = await readNames(tx)
  const { node } = parseCondition(rule.conditions)
  const forbidden = rule.inverted ? await matching(tx, rule, today) : null
  const people = await caughtPeople(tx, actor, key, forbidden, page)
  return {
    ...row,
    caught: people.total,
    purpose: rule.purpose ?? null,
    reason: rule.reason ?? null,
    conditions: node ? readableCondition(node, names) : { join: 'all', parts: [] },
    grants: grantsOf(rule, names, rights),
    constraints: Object.entries(rule.constraints ?? {}).flatMap(([entitlement, specs]) =>
      specs.map(spec => {
        const values = 'values' in spec && spec.values ? spec.values : 'level' in spec ? [String(spec.level)] : []
        const shown = values.map(value => names.unit.get(value) ?? value)
        return {
          entitlement,
          on: spec.on,
          kind: spec.kind,
          values: shown,
          text: [`${spec.on}: ${spec.kind}`, ...shown].join(' '),
        }
      }),
    ),
    versions: versions.map(one => ({ ...one, recordedAt: new Date(one.recordedAt).toISOString() })),
    caughtPeople: people.rows,
    yaml: writeRulesYaml({ roles: [], rules: [rule], mappings: [] }),
  }
}

/** Affiliations of today for which the conditions hold, whether or not there was anything to take from them. */
async function matching(tx: Tx, rule: RightsRule, today: string): Promise<string[]> {
  const { node } = parseCondition(rule.conditions)
  if (!node || rule.state !== 'active') return []
  const test = compile(node)
  const caught: string[] = []
  for await (const batch of affiliationFacts(tx, 'all', 20_000))
    for (const facts of batch)
      if (facts.startsOn <= today && (facts.endsOn === null || today < facts.endsOn) && test(facts as AffiliationFacts))
        caught.push(facts.id)
  return caught
}

async function caughtPeople(
  tx: Tx,
  actor: Actor,
  key: string,
  affiliations: readonly string[] | null,
  page: { offset: number; limit: number },
): Promise<{ rows: Page['caughtPeople']; total: number }> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const which = affiliations
    ? `ac.affiliation_id = any(${q.bind(affiliations, 'uuid[]')})`
    : `ac.affiliation_id in (select a.affiliation_id from derivation d join assignment a on a.derivation_id = d.id
         where d.rule_key = ${q.bind(key, 'text')})`
  const order = `family_name ${DANISH} nulls last, given_name ${DANISH} nulls last, affiliation_id`
  const rows = await tx.query<Page['caughtPeople'][number] & { total: number }>(
    `with found as (
       select ac.affiliation_id, case when ${shown} then p.family_name end as family_name,
         case when ${shown} then p.given_name end as given_name
       from affiliation_current ac join person_current p on p.person_id = ac.person_id
       where ${which} and ${may.person('p')}
     ), page as (
       select * from found order by ${order} offset ${q.bind(page.offset, 'int')} limit ${q.bind(page.limit, 'int')}
     )
     select (select count(*) from found) as total, ${personRefSql('p', shown)} as person,
       ac.affiliation_id as "affiliationId", case when ${may.affiliation('ac', 'details')} then ac.title end as title,
       ${unitRefSql('u')} as unit
     from page g join affiliation_current ac on ac.affiliation_id = g.affiliation_id
     join person_current p on p.person_id = ac.person_id left join org_unit_current u on u.unit_id = ac.unit_id
     order by g.family_name ${DANISH} nulls last, g.given_name ${DANISH} nulls last, g.affiliation_id`,
    q.params,
  )
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 }
}

function grantsOf(rule: RightsRule, names: Names, rights: WithAll['rights']): Page['grants'] {
  return [
    ...rule.roles.map(key => ({ key, name: names.role.get(key) ?? key, via: 'role' as const })),
    ...rule.entitlements.map(key => ({ key, name: rights[key] ?? key, via: 'entitlement' as const })),
  ]
}
