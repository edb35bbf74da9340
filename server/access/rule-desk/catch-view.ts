import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { catchRule } from '#contract/rule-desk.ts'
import type { getRuleReach } from '#contract/rule-looks.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { type Condition, type ConditionNode, parseCondition } from '../../rules/condition.ts'
import { conditionsOf, placeText } from '../../rules/condition-tree.ts'
import { neverHolds, type PathOf } from '../../rules/never-holds.ts'
import type { RightsRule } from '../../rules/rights-rule.ts'
import { buildIndex } from '../../rules/rule-index.ts'
import { affectedFacts } from '../affected-facts.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from '../visible.ts'

type Caught = ResponseOf<typeof catchRule>

const UNITS = 12
const SAMPLE = 8

/** Affiliations in force on a date for which conditions hold, whatever rules there are. The database narrows first. */
export async function caughtBy(tx: Tx, conditions: Condition, on: string): Promise<{ id: string; personId: string }[]> {
  const rule: RightsRule = {
    key: 'asked',
    version: 1,
    name: 'asked',
    inverted: false,
    conditions,
    entitlements: [],
    roles: [],
    validFrom: on,
    validTo: null,
    state: 'active',
    owner: 'asked',
    order: 0,
  }
  const caught: { id: string; personId: string }[] = []
  for await (const batch of affectedFacts(tx, buildIndex([], [], [], on), buildIndex([rule], [], [], on)))
    for (const { id, personId, startsOn, endsOn } of batch)
      if (startsOn <= on && (endsOn === null || on < endsOn)) caught.push({ id, personId })
  return caught
}

/** Units with those above them, by key: for contradictions that only the tree can tell. */
export async function unitPaths(tx: Tx): Promise<PathOf> {
  const rows = await tx.query<{ key: string; path_keys: string[] }>('select key, path_keys from org_unit_current')
  const paths = new Map(rows.map(row => [row.key, row.path_keys]))
  return key => paths.get(key)
}

export async function catchView(
  tx: Tx,
  actor: Actor,
  { conditions, person }: BodyOf<typeof catchRule>,
  today: string,
): Promise<Caught> {
  const written = conditionsOf(conditions)
  const { node, problems } = parseCondition(written)
  const nobody = {
    ...{ affiliations: 0, people: 0, never: false, units: [], otherUnits: 0, sample: [], catchesPerson: null },
    reach: NOWHERE,
  }
  if (!node)
    return { ...nobody, problems: problems.map(({ code, at, params }) => ({ code, at: placeText(at), params })) }
  const caught = await caughtBy(tx, written, today)
  if (caught.length === 0)
    return {
      ...nobody,
      reach: await reachOf(tx, [], unitsNamed(node)),
      never: neverHolds(node, await unitPaths(tx)),
      catchesPerson: person === undefined ? null : false,
      problems: [],
    }
  const ids = caught.map(one => one.id)
  const people = new Set(caught.map(one => one.personId))
  const units = await tx.query<Caught['units'][number] & { total: number }>(
    `with here as (select unit_id, count(*)::int as n from affiliation_current
       where affiliation_id = any($1::uuid[]) group by unit_id)
     select ${unitRefSql('u')} as unit, h.n as count, (select count(*)::int from affiliation_current a
       where a.unit_id = h.unit_id and a.status = 'active') as of, count(*) over ()::int as total
     from here h left join org_unit_current u on u.unit_id = h.unit_id
     order by h.n desc, u.name ${DANISH} limit ${UNITS}`,
    [ids],
  )
  return {
    affiliations: ids.length,
    people: people.size,
    never: false,
    units: units.map(({ total: _, ...row }) => row),
    otherUnits: Math.max(0, (units[0]?.total ?? 0) - units.length),
    sample: await sampleOf(tx, actor, ids),
    reach: await reachOf(tx, ids, unitsNamed(node)),
    catchesPerson: person === undefined ? null : people.has(person),
    problems: [],
  }
}

async function sampleOf(tx: Tx, actor: Actor, ids: readonly string[]): Promise<Caught['sample']> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  return tx.query<Caught['sample'][number]>(
    `select ${personRefSql('p', shown)} as person, ac.affiliation_id as "affiliationId",
       case when ${may.affiliation('ac', 'details')} then ac.title end as title, ${unitRefSql('u')} as unit
     from affiliation_current ac join person_current p on p.person_id = ac.person_id
     left join org_unit_current u on u.unit_id = ac.unit_id
     where ac.affiliation_id = any(${q.bind(ids, 'uuid[]')}) and ${may.person('p')}
     order by md5(ac.affiliation_id::text) limit ${SAMPLE}`,
    q.params,
  )
}

/** Unit keys that conditions name as "at or below" or "exactly", outside negations. */
export function unitsNamed(node: ConditionNode): string[] {
  if (node.op === 'not') return []
  if (node.op !== 'test') return node.of.flatMap(unitsNamed)
  const names = (node.field === 'unitPath' || node.field === 'unitKey') && (node.test === 'in' || node.test === 'eq')
  return names ? [node.value].flat().map(String) : []
}

/** Where a rule reaches: every unit with somebody caught in it or below it, and those the rule names itself. */
export async function reachView(tx: Tx, rule: RightsRule, today: string): Promise<Reach> {
  const { node } = parseCondition(rule.conditions)
  if (!node) return NOWHERE
  const ids = (await caughtBy(tx, rule.conditions, today)).map(one => one.id)
  return reachOf(tx, ids, unitsNamed(node))
}

type Reach = ResponseOf<typeof getRuleReach>
const NOWHERE: Reach = { units: [], withoutUnit: 0 }

/** The same of affiliations that are caught already, and unit keys that are named. One statement. */
async function reachOf(tx: Tx, ids: readonly string[], named: readonly string[]): Promise<Reach> {
  const rows = await tx.query<{
    id: string
    name: string
    parent: string | null
    named: boolean
    above: boolean
    here: number
    below: number
    of: number
    without: number
  }>(
    `with caught as (
       select a.unit_id, a.unit_path from affiliation_current a where a.affiliation_id = any($1::uuid[])
     ), here as (select unit_id, count(*)::int as n from caught group by unit_id),
     below as (select unnest(unit_path) as unit_id, count(*)::int as n from caught group by 1),
     every as (select unnest(unit_path) as unit_id, count(*)::int as n from affiliation_current
       where status = 'active' group by 1)
     select u.unit_id as id, u.name, u.parent_id as parent, u.key = any($2::text[]) as named,
       u.path_keys && $2::text[] as above, coalesce(h.n, 0) as here, coalesce(b.n, 0) as below, coalesce(e.n, 0) as of,
       (select count(*)::int from caught where unit_id is null) as without
     from org_unit_current u left join here h on h.unit_id = u.unit_id left join below b on b.unit_id = u.unit_id
     left join every e on e.unit_id = u.unit_id
     where b.n > 0 or u.key = any($2::text[])
     order by u.path_keys, u.name ${DANISH}`,
    [ids, named],
  )
  const shown = new Set(rows.map(row => row.id))
  return {
    units: rows.map(row => ({
      unit: { id: row.id, name: row.name },
      parent: row.parent !== null && shown.has(row.parent) ? row.parent : null,
      how: row.named ? 'named' : row.above ? 'from-above' : 'around',
      here: row.here,
      below: row.below,
      of: row.of,
    })),
    // Without a unit in the answer, nobody who is caught is in one.
    withoutUnit: rows[0]?.without ?? ids.length,
  }
}
