import type { z } from 'zod'
import type { ParamsOf, QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getOrganisation, getUnit, unitNode } from '#contract/units.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from '../access/visible.ts'
import { resolveOrganisation, type UnitInput } from '../people/organisation.ts'
import { type Statement, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { type Condition, type ConditionNode, parseCondition } from '../rules/condition.ts'
import { countsSql } from './people-views.ts'
import { seesWholePeople } from './whole-people.ts'

type Node = z.output<typeof unitNode>
type Organisation = ResponseOf<typeof getOrganisation>

/** CTEs `own` and `below`: active affiliations in a unit, and in it and everything under it. */
const headcounts = `
  own as (
    select u.unit_id, u.path, a.n from (
      select unit_id, false as pay, count(*) as n from affiliation_current where status = 'active' group by unit_id
      union all
      select pay_unit_id, true, count(*) from affiliation_current where status = 'active' group by pay_unit_id
    ) a join org_unit_current u on u.unit_id = a.unit_id and (u.tree = 'pay') = a.pay
  ), below as (
    select above.unit_id, sum(own.n)::int as n from own cross join unnest(own.path) as above (unit_id) group by above.unit_id
  )`

const nodeColumns = (shown: string) => `
  u.unit_id as id, u.parent_id as "parentId", u.name, u.kind, u.tree, coalesce(own.n, 0) as people,
  coalesce(below.n, 0) as "peopleBelow", ${personRefSql('m', shown)} as manager, u.post_person_id is null as vacant,
  (select count(*) from org_unit_current child where child.parent_id = u.unit_id and child.active) as children`
const nodeJoins = `
  left join own on own.unit_id = u.unit_id
  left join below on below.unit_id = u.unit_id
  left join person_current m on m.person_id = u.manager_person_id`

export async function organisationView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof getOrganisation>,
  today: string,
): Promise<Organisation> {
  if (query.asOf !== undefined && query.asOf !== today) return organisationAsOf(tx, actor, query.tree, query.asOf)
  const q = statement()
  const units = await tx.query<Node>(
    `with ${headcounts}
     select ${nodeColumns(visibleTo(actor, q).name('m'))} from org_unit_current u ${nodeJoins}
     where u.tree = ${q.bind(query.tree, 'text')} and u.active order by u.level, u.name ${DANISH}, u.key`,
    q.params,
  )
  return { units, asOf: today }
}

type StateRow = {
  id: string
  key: string
  tree: string
  attrs: Record<string, unknown>
  people: number
}

/** The tree on another day, as known now: the same rules resolve it, over the state of that day. */
async function organisationAsOf(
  tx: Tx,
  actor: Actor,
  tree: Organisation['units'][number]['tree'],
  asOf: string,
): Promise<Organisation> {
  const rows = await tx.query<StateRow>(
    `with placed as (
       select coalesce(s.attrs ->> 'unitOverride', s.attrs ->> (case when $2 = 'pay' then 'payUnit' else 'unit' end)) as unit_id,
         count(*) as n
       from affiliation_state s where upper_inf(s.recorded) and s.valid @> $1::date group by 1
     )
     select u.id, u.key, u.tree, s.attrs, coalesce(p.n, 0) as people
     from org_unit_state s join org_unit u on u.id = s.unit_id left join placed p on p.unit_id = u.id::text
     where upper_inf(s.recorded) and s.valid @> $1::date and u.tree = $2`,
    [asOf, tree],
  )
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
  const inputs = rows.map(
    ({ id, key, tree: kind, attrs }): UnitInput => ({
      id,
      key,
      tree: kind,
      name: text(attrs.name) ?? key,
      kind: text(attrs.unitKind) ?? 'unit',
      parentId: text(attrs.parent),
      postId: text(attrs.manager),
      kle: [],
      mapsToId: null,
      active: true,
    }),
  )
  const q = statement()
  const posts = await tx.query<{ id: string; personId: string | null; active: boolean; ref: Node['manager'] }>(
    `select a.id, a.person_id as "personId", exists (
       select from affiliation_state s where s.affiliation_id = a.id and upper_inf(s.recorded)
         and s.valid @> ${q.bind(asOf, 'date')}) as active, ${personRefSql('m', visibleTo(actor, q).name('m'))} as ref
     from affiliation a left join person_current m on m.person_id = a.person_id
     where a.id = any(${q.bind(
       inputs.flatMap(unit => unit.postId ?? []),
       'uuid[]',
     )})`,
    q.params,
  )
  const managers = new Map(posts.map(post => [post.personId, post.ref]))
  const resolved = [...resolveOrganisation(inputs, new Map(posts.map(post => [post.id, post]))).values()]
  const own = new Map(rows.map(row => [row.id, row.people]))
  const below = new Map<string, number>()
  for (const unit of resolved)
    for (const above of unit.path) below.set(above, (below.get(above) ?? 0) + (own.get(unit.id) ?? 0))
  const children = Map.groupBy(resolved, unit => unit.parentId)
  const order = new Intl.Collator('da')
  return {
    asOf,
    units: resolved
      .sort((a, b) => a.level - b.level || order.compare(a.name, b.name))
      .map(unit => ({
        id: unit.id,
        parentId: unit.parentId,
        name: unit.name,
        kind: unit.kind as Node['kind'],
        tree,
        people: own.get(unit.id) ?? 0,
        peopleBelow: below.get(unit.id) ?? 0,
        manager: managers.get(unit.managerPersonId) ?? null,
        vacant: unit.postPersonId === null,
        children: children.get(unit.id)?.length ?? 0,
      })),
  }
}

type Page = ResponseOf<typeof getUnit>

/** A unit with its place, deputies, people and rules in six statements; null: no such unit. */
export async function unitView(
  tx: Tx,
  actor: Actor,
  { unitId }: ParamsOf<typeof getUnit>,
  page: QueryOf<typeof getUnit>,
  today: string,
): Promise<Page | null> {
  const q = statement()
  const id = q.bind(unitId, 'uuid')
  const [row] = await tx.query<Page['unit'] & { pathKeys: string[]; active: boolean }>(
    `with ${headcounts}
     select ${nodeColumns(visibleTo(actor, q).name('m'))}, u.key, u.active, u.path_keys as "pathKeys",
       array(select distinct k from unnest(u.kle || u.kle_inherited) as k order by k) as kle,
       (select jsonb_agg(${unitRefSql('a')} order by p.place) from unnest(u.path) with ordinality as p (unit_id, place)
        join org_unit_current a on a.unit_id = p.unit_id) as path,
       case when u.manager_via_unit_id <> u.unit_id then ${unitRefSql('via')} end as "managerFromUnit",
       coalesce((select jsonb_agg(${unitRefSql('pay')} order by pay.name) from org_unit_current pay
        where pay.tree = 'pay' and pay.active and pay.maps_to_id = u.unit_id), '[]') as "payUnits"
     from org_unit_current u ${nodeJoins} left join org_unit_current via on via.unit_id = u.manager_via_unit_id
     where u.unit_id = ${id}`,
    q.params,
  )
  if (!row) return null
  const { pathKeys, active: _, ...unit } = row
  return {
    unit: { ...unit, path: unit.path ?? [] },
    deputies: await deputiesOf(tx, actor, unitId, today),
    children: await childrenOf(tx, actor, unitId),
    ...(await peopleOf(tx, actor, unitId, page)),
    rules: await rulesNaming(tx, new Set(pathKeys), today),
  }
}

async function childrenOf(tx: Tx, actor: Actor, unitId: string): Promise<Node[]> {
  const q = statement()
  return tx.query<Node>(
    `with ${headcounts}
     select ${nodeColumns(visibleTo(actor, q).name('m'))} from org_unit_current u ${nodeJoins}
     where u.parent_id = ${q.bind(unitId, 'uuid')} and u.active order by u.name ${DANISH}, u.key`,
    q.params,
  )
}

/** Deputies of today and those that are agreed for later. */
async function deputiesOf(tx: Tx, actor: Actor, unitId: string, today: string): Promise<Page['deputies']> {
  const q = statement()
  return tx.query(
    `select ${personRefSql('p', visibleTo(actor, q).name('p'))} as person, d.kind, lower(d.valid) as from, upper(d.valid) as to
     from deputy d join person_current p on p.person_id = d.deputy_person_id
     where d.unit_id = ${q.bind(unitId, 'uuid')} and (upper(d.valid) is null or upper(d.valid) > ${q.bind(today, 'date')})
     order by lower(d.valid) nulls first, d.id`,
    q.params,
  )
}

async function peopleOf(
  tx: Tx,
  actor: Actor,
  unitId: string,
  page: { offset: number; limit: number },
): Promise<Pick<Page, 'people' | 'totalPeople'>> {
  const q: Statement = statement()
  const may = visibleTo(actor, q)
  const id = q.bind(unitId, 'uuid')
  const shown = may.name('p')
  const details = may.affiliation('ac', 'details')
  const rows = await tx.query<Page['people'][number] & { total: number }>(
    `with found as (
       select ac.affiliation_id, p.person_id, case when ${shown} then p.family_name end as family_name,
         case when ${shown} then p.given_name end as given_name, ac.status
       from affiliation_current ac join person_current p on p.person_id = ac.person_id
       where (ac.unit_id = ${id} or ac.pay_unit_id = ${id}) and ac.status <> 'ended'
         and ${may.affiliation('ac')} and ${may.person('p')}
     ), page as (
       select * from found
       order by status = 'future', family_name ${DANISH} nulls last, given_name ${DANISH} nulls last, affiliation_id
       offset ${q.bind(page.offset, 'int')} limit ${q.bind(page.limit, 'int')}
     ), ${countsSql(actor, seesWholePeople(actor), 'select person_id from page', q)}
     select (select count(*) from found) as total, ${personRefSql('p', shown)} as person,
       ac.affiliation_id as "affiliationId", ac.kind, ac.status, case when ${details} then ac.title end as title,
       case when ${details} then ac.starts_on end as "startsOn", case when ${details} then ac.ends_on end as "endsOn",
       coalesce(${details} and ac.on_leave, false) as "onLeave",
       coalesce(n.expected, 0) as expected, coalesce(n.drift, 0) as drift
     from page g join affiliation_current ac on ac.affiliation_id = g.affiliation_id
     join person_current p on p.person_id = g.person_id left join counts n on n.person_id = g.person_id
     order by g.status = 'future', g.family_name ${DANISH} nulls last, g.given_name ${DANISH} nulls last, g.affiliation_id`,
    q.params,
  )
  return { people: rows.map(({ total: _, ...row }) => row), totalPeople: rows[0]?.total ?? 0 }
}

/** Rules in force that ask for this unit or one above it, by what their conditions say, not by how they are written. */
async function rulesNaming(tx: Tx, keys: ReadonlySet<string>, today: string): Promise<Page['rules']> {
  const rules = await tx.query<{ key: string; name: string; conditions: Condition }>(
    `select key, name, conditions from rights_rule
     where upper_inf(recorded) and state = 'active' and valid @> $1::date order by name ${DANISH}, key`,
    [today],
  )
  return rules
    .filter(rule => {
      const { node } = parseCondition(rule.conditions)
      return node !== null && names(node, keys)
    })
    .map(({ key, name }) => ({ key, name }))
}

/** Below a negation the unit is named to leave it out, which does not catch anybody. */
function names(node: ConditionNode, keys: ReadonlySet<string>): boolean {
  if (node.op === 'not') return false
  if (node.op !== 'test') return node.of.some(part => names(part, keys))
  if (node.field !== 'unitPath' && node.field !== 'unitKey') return false
  if (node.test !== 'eq' && node.test !== 'in') return false
  return [node.value].flat().some(value => keys.has(String(value)))
}
