import type { ResponseOf } from '#contract/endpoint.ts'
import { systemGap } from '#contract/lists.ts'
import type { getSystemParts } from '#contract/pages.ts'
import { foundSql, shownSql } from '../../access/drift/findings-sql.ts'
import { DANISH, visibleTo } from '../../access/visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { gapSql } from '../../systems/catalogue/system-gaps.ts'

type Parts = ResponseOf<typeof getSystemParts>

/** What the municipality calls a source. */
const SOURCE_NAME = (key: string) => `(select src.name from source src where src.key = ${key})`

/** What stands behind the rights of a system, or one of them, in two statements. null: no such system. */
export async function systemPartsView(
  tx: Tx,
  actor: Actor,
  systemId: string,
  entitlement: string | undefined,
  today: string,
): Promise<Parts | null> {
  const [system] = await tx.query<{ lacks: Parts['lacks'] }>(
    `select array_remove(array[${systemGap.options
      .map(gap => `case when ${gapSql(gap, 's', () => '$2::date')} then '${gap}' end`)
      .join(', ')}], null) as lacks from it_system s where s.id = $1`,
    [systemId, today],
  )
  if (!system) return null
  const q = statement()
  const may = visibleTo(actor, q)
  const id = q.bind(systemId, 'uuid')
  const only = entitlement ? ` and id = ${q.bind(entitlement, 'uuid')}` : ''
  const filter = { system: systemId, entitlement, counted: true }
  const list = (sql: string) => `coalesce((${sql}), '[]')`
  const [parts] = await tx.query<Omit<Parts, 'lacks'>>(
    `with known as materialized (select p.person_id from person_current p where ${may.person('p')}),
     e as materialized (select id, key, name, system_id from entitlement where system_id = ${id}${only}),
     granted as materialized (
       select ac.person_id, d.rule_key, a.constraints from e join assignment a on a.entitlement_id = e.id
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id
       join person_current cp on cp.person_id = ac.person_id join derivation d on d.id = a.derivation_id
       where ac.person_id in (select person_id from known) and ${may.assignment('ac', 'cp', 'e')}
     ), ${foundSql(actor, filter, q)}
     select ${list(`select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'source', g.source, 'sourceName', ${SOURCE_NAME('g.source')},
         'pattern', m.pattern,
         'members', (select count(*) from group_member gm where gm.group_id = g.id),
         'entitlement', jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name)) order by g.name ${DANISH}, e.name)
       from e join group_entitlement ge on ge.entitlement_id = e.id join directory_group g on g.id = ge.group_id
       join group_mapping m on m.id = ge.mapping_id where g.gone_at is null`)} as groups,
     ${list(`select jsonb_agg(to_jsonb(n) order by n.username) from (
         select acc.id, acc.username, acc.source, ${SOURCE_NAME('acc.source')} as "sourceName", acc.kind, array_agg(e.name order by e.name) as rights
         from e join observed_right o on o.entitlement_id = e.id join account acc on acc.id = o.account_id
         where acc.person_id is null and acc.gone_at is null and ${may.nobodysRight('e')}
         group by acc.id order by acc.username limit 100) n`)} as nobodys,
     ${list(`select jsonb_agg(jsonb_build_object('code', n.code, 'open', n.open) order by n.open desc, n.code) from (
         select f.code, count(*)::int as open from found f where ${shownSql(filter, q)} group by f.code) n`)} as findings,
     ${list(`select jsonb_agg(jsonb_build_object('key', n.rule_key, 'name', coalesce(r.name, n.rule_key), 'people', n.people)
         order by n.people desc, n.rule_key)
       from (select rule_key, count(distinct person_id)::int as people from granted where rule_key <> '' group by rule_key) n
       left join rights_rule r on r.key = n.rule_key and upper_inf(r.recorded)`)} as rules,
     ${list(`select jsonb_agg(jsonb_build_object('kind', n.kind, 'value', case when n.of = 'unit' then coalesce((select min(u.name) from org_unit_current u where u.key = n.value), n.value)
           else n.value end, 'count', n.n) order by n.n desc, n.kind, n.value)
       from (select c ->> 'kind' as kind, c ->> 'on' as of, v as value, count(*)::int as n from granted
           cross join jsonb_array_elements(granted.constraints) c cross join jsonb_array_elements_text(c -> 'values') v
         group by 1, 2, 3 order by 4 desc limit 100) n`)} as limits`,
    q.params,
  )
  return parts ? { ...parts, lacks: entitlement ? [] : system.lacks } : null
}
