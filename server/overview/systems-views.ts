import type { z } from 'zod'
import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { systemGrouping } from '#contract/lists.ts'
import type { listSystems, systemRow } from '#contract/systems.ts'
import { comparisonSql, deviationSql } from '../access/person-rights-store.ts'
import { DANISH, personRefSql, visibleTo } from '../access/visible.ts'
import { oneSlip } from '../platform/fold.ts'
import { containing, type Statement, searchWords, statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { allows } from '../policy/policy.ts'
import { gapSql } from '../systems/catalogue/system-gaps.ts'
import { nearWords, rawWords } from './near-words.ts'

type SystemRow = z.output<typeof systemRow>

const COUNTS = ['expected', 'observed', 'drift'] as const
type Count = (typeof COUNTS)[number]

/**
 * Rows of what should be, of what is, and of what deviates, in the systems of `systems`, as far as the reader may know of
 * them: the same rows as `held`, without comparing everybody, which takes a second or more. `ctes` is what they stand on;
 * what is not asked for binds no parameters.
 */
function sides(actor: Actor, systems: string, q: Statement): { ctes: string; rows: Record<Count, () => string> } {
  const may = visibleTo(actor, q)
  const known = 'cp.person_id in (select person_id from known)'
  return {
    ctes: `known as materialized (select p.person_id from person_current p where ${may.person('p')}),
    scope as materialized (select id, system_id from entitlement where system_id in (${systems})),
    ${deviationSql(undefined, 'select id from scope')}, nobodys as (
      select acc.id as account_id, e.system_id
      from account acc join observed_right o on o.account_id = acc.id join scope e on e.id = o.entitlement_id
      where acc.person_id is null and acc.gone_at is null and ${may.nobodysRight('e')}
    )`,
    rows: {
      expected:
        () => `select e.system_id, ac.person_id, a.entitlement_id from scope e join assignment a on a.entitlement_id = e.id
        join affiliation_current ac on ac.affiliation_id = a.affiliation_id
        join person_current cp on cp.person_id = ac.person_id
        where a.suspended is null and ${known} and ${may.assignment('ac', 'cp', 'e')}`,
      observed:
        () => `select e.system_id, c.person_id, c.entitlement_id from scope e join observed_right o on o.entitlement_id = e.id
        join account acc on acc.id = o.account_id and acc.gone_at is null
        join person_current cp on cp.person_id = acc.person_id
        cross join lateral (select acc.person_id, o.entitlement_id, exists (
          select from affiliation_current xc join assignment xa on xa.affiliation_id = xc.affiliation_id
          where xc.person_id = acc.person_id and xa.entitlement_id = o.entitlement_id) as expected) c
        where ${known} and ${may.right('c', 'cp', 'e')}
        union all
        -- What should be held and is included in something that is.
        select e.system_id, c.person_id, c.entitlement_id from scope e join entitlement_part part on part.part_id = e.id
        join observed_right o on o.entitlement_id = part.entitlement_id
        join account acc on acc.id = o.account_id and acc.gone_at is null
        join person_current cp on cp.person_id = acc.person_id
        cross join lateral (select acc.person_id, e.id as entitlement_id, true as expected) c
        where (select exists (select from entitlement_include)) and ${known} and ${may.right('c', 'cp', 'e')}
          and exists (select from affiliation_current xc join assignment xa on xa.affiliation_id = xc.affiliation_id
            where xc.person_id = acc.person_id and xa.entitlement_id = e.id and xa.suspended is null)`,
      drift: () => `select e.system_id, c.person_id, c.entitlement_id, c.state
        from scope e join deviation c on c.entitlement_id = e.id join person_current cp on cp.person_id = c.person_id
        where ${known} and ${may.right('c', 'cp', 'e')}`,
    },
  }
}

/**
 * CTEs that end in `counts(system_id, …)`: `expected` and `observed` are people (and accounts of nobody), `drift` is
 * differences, rows of the holders' list. Only what is asked for is read.
 */
function systemCounts(actor: Actor, systems: string, counts: readonly Count[], q: Statement): string {
  const { ctes, rows } = sides(actor, systems, q)
  // Distinct first, then counted: counting distinct values would sort every right there is.
  const people = (what: Count) =>
    `select system_id, '${what}', count(*) from (select distinct system_id, person_id from (${rows[what]()}) r) each group by system_id`
  const parts: Record<Count, () => string> = {
    expected: () => people('expected'),
    observed: () => `${people('observed')}
      union all select system_id, 'observed', count(distinct account_id) from nobodys group by system_id`,
    drift: () => `select system_id, 'drift', count(*) from (${rows.drift()}) r group by system_id
      union all select system_id, 'drift', count(*) from nobodys group by system_id`,
  }
  return `${ctes}, counts as (
      select system_id, ${counts.map(what => `coalesce(sum(n) filter (where what = '${what}'), 0)::int as ${what}`).join(', ')}
      from (${counts.map(what => parts[what]()).join(' union all ')}) part (system_id, what, n) group by system_id)`
}

/** CTEs and the columns over them that count rights (a right of one person is one), in all the systems together. */
export function rightTotals(actor: Actor, systems: string, q: Statement): { ctes: string; columns: string } {
  const { ctes, rows } = sides(actor, systems, q)
  const rights = (what: Count) =>
    `(select count(*) from (select distinct person_id, entitlement_id from (${rows[what]()}) r) each)`
  const nobodys = '(select count(*) from nobodys)'
  return {
    ctes,
    columns: `${rights('expected')} as expected, ${rights('observed')} + ${nobodys} as observed,
      ${rights('drift')} + ${nobodys} as drift, (select count(*) from (select distinct person_id, entitlement_id
        from (${rows.drift()}) r where state = 'unexplained') each) + ${nobodys} as unexplained_rights`,
  }
}

/** What rows can be put together by: the key of the group, and what it is called (null: without). What is bound must be used. */
const GROUPS: Record<z.output<typeof systemGrouping>, (named: () => string) => { key: string; label: string }> = {
  area: () => ({ key: 's.area', label: 's.area' }),
  supplier: () => ({ key: 's.supplier', label: 's.supplier' }),
  status: () => ({ key: 's.status', label: 's.status' }),
  owner: named => ({ key: 'owner.person_id::text', label: `case when ${named()} then owner.name end` }),
}
const OWNER = `left join affiliation oa on oa.id = s.owner_affiliation_id
     left join person_current owner on owner.person_id = oa.person_id`

type SystemFilter = Pick<
  QueryOf<typeof listSystems>,
  'text' | 'area' | 'reading' | 'status' | 'criticality' | 'hosting' | 'supplier' | 'gap' | 'own' | 'read' | 'team'
>
/** Conditions over `it_system s`, also for who takes the list out as a file. */
export function systemFilter(
  actor: Actor,
  query: { [K in keyof SystemFilter]?: SystemFilter[K] | undefined },
  today: string,
  q: Statement,
): string[] {
  const conditions = ['s.gone_at is null']
  const equal = (column: string, value: string | undefined) => {
    if (value) conditions.push(`s.${column} = ${q.bind(value, 'text')}`)
  }
  const spelt = (table: string) =>
    searchWords(query.text ?? '').map(word => {
      const like = q.bind(containing(word), 'text')
      return `(${table}.search like ${like} or search_fold(${table}.supplier) like ${like})`
    })
  const raw = rawWords(query.text ?? '')
  const slips = raw.map(oneSlip)
  const asked = spelt('s').join(' and ')
  if (asked !== '' && slips.every(slip => slip === null)) conditions.push(asked)
  // Where no system is spelt so: those that are but for one slip in a word, as in search.
  else if (asked !== '')
    conditions.push(
      `(${asked} or not exists (select from it_system z where z.gone_at is null and ${spelt('z').join(' and ')})
        and ${nearWords('s.search', raw, slips, q, false)})`,
    )
  equal('area', query.area)
  equal('reading', query.reading)
  equal('status', query.status)
  equal('criticality', query.criticality)
  equal('hosting', query.hosting)
  equal('supplier', query.supplier)
  if (query.gap) conditions.push(gapSql(query.gap, 's', () => q.bind(today, 'date')))
  if (query.read !== undefined) conditions.push(`s.reading ${query.read ? '<>' : '='} 'none'`)
  if (query.own !== undefined)
    conditions.push(`${query.own ? '' : 'not '}s.id = any(${q.bind(actor.systems, 'uuid[]')})`)
  if (query.team) conditions.push(`s.id in (${teamSystemsSql(actor, q)})`)
  return conditions
}

/** SQL of the people who work in the reader's own units, or in those that the reader stands in for. */
export const teamSql = (actor: Actor, q: Statement): string =>
  `select p.person_id from person_current p where p.status = 'active' and p.kind <> 'pupil'
    and p.unit_ids && ${q.bind([...actor.units, ...actor.actingFor], 'uuid[]')} and ${visibleTo(actor, q).person('p')}`

/** SQL of the systems in which those people hold or should hold something that the reader may know of. */
export const teamSystemsSql = (actor: Actor, q: Statement): string =>
  `with team as materialized (${teamSql(actor, q)}), ${comparisonSql('PERSON in (select person_id from team)')}
    select e.system_id from compared c join entitlement e on e.id = c.entitlement_id
    join person_current cp on cp.person_id = c.person_id where ${visibleTo(actor, q).right('c', 'cp', 'e')}`

/** Systems in three statements: which, in what groups; with what counts; and the areas and suppliers to choose from. */
export async function systemsView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listSystems>,
  today: string,
): Promise<ResponseOf<typeof listSystems>> {
  const counted = query.sort === 'expected' || query.sort === 'drift' ? query.sort : null
  const q = statement()
  const way = query.descending ? 'desc nulls last' : 'asc nulls last'
  const conditions = systemFilter(actor, query, today, q)
  const group = query.group
    ? GROUPS[query.group](() => visibleTo(actor, q).name('owner'))
    : { key: 'null', label: 'null' }
  const ordered =
    query.sort === 'criticality'
      ? `array_position(array['low', 'medium', 'high', 'critical'], f.criticality) ${way},`
      : query.sort === 'attestDue'
        ? `f.attest_due ${way},`
        : counted
          ? `coalesce(n.${counted}, 0) ${way},`
          : ''
  const [found] = await tx.query<{
    total: number
    ids: string[]
    places: number[]
    counts: number[]
    groups: { label: string | null; count: number }[]
  }>(
    `with found as materialized (
       select s.id, s.name, s.criticality, s.attest_due, ${group.key} as grouped, ${group.label} as label
       from it_system s ${query.group === 'owner' ? OWNER : ''} where ${conditions.join(' and ')}),
     placed as (
       select grouped, min(label) as label, count(*)::int as n,
         (row_number() over (order by min(label) ${DANISH} nulls last, grouped nulls last))::int - 1 as place
       from found group by grouped)
     ${counted ? `, ${systemCounts(actor, 'select id from found', [counted], q)}` : ''}
     , page as (
       select f.id, p.place, f.n, row_number() over () as at from (
         select f.*, ${counted ? `coalesce(n.${counted}, 0)` : 0} as n from found f join placed p on p.grouped is not distinct from f.grouped
         ${counted ? 'left join counts n on n.system_id = f.id' : ''}
         order by p.place, ${ordered} f.name ${DANISH} ${ordered ? '' : way}, f.id
         offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}) f
       join placed p on p.grouped is not distinct from f.grouped)
     select (select count(*) from found) as total, array(select id from page order by at) as ids,
       array(select place from page order by at) as places, array(select n from page order by at) as counts,
       (select jsonb_agg(jsonb_build_object('label', label, 'count', n) order by place) from placed) as groups`,
    q.params,
  )
  const [offered] = await tx.query<{ areas: string[]; suppliers: string[] }>(
    `select array(select area from it_system where gone_at is null and area is not null
         group by area order by area ${DANISH}) as areas,
       array(select supplier from it_system where gone_at is null and supplier is not null
         group by supplier order by supplier ${DANISH}) as suppliers`,
  )
  const ids = found?.ids ?? []
  const rows = ids.length === 0 ? [] : await readSystems(tx, actor, ids, counted)
  return {
    rows: rows.map((row, at) => ({
      ...row,
      // What the list is sorted by has been counted to sort it.
      ...(counted ? { [counted]: found?.counts[at] ?? 0 } : {}),
      group: query.group ? (found?.places[at] ?? null) : null,
    })),
    total: found?.total ?? 0,
    areas: offered?.areas ?? [],
    suppliers: offered?.suppliers ?? [],
    groups: query.group ? (found?.groups ?? []) : [],
  }
}

/** `known`: a count that the caller has already; it is 0 here. */
export async function readSystems(
  tx: Tx,
  actor: Actor,
  ids: readonly string[],
  known: Count | null = null,
): Promise<SystemRow[]> {
  const q = statement()
  const page = q.bind(ids, 'uuid[]')
  const read = COUNTS.filter(count => count !== known)
  const rows = await tx.query<SystemRow>(
    `with ${systemCounts(actor, `select unnest(${page})`, read, q)}
     select s.id, s.key, s.name, s.area, ${personRefSql('owner', visibleTo(actor, q).name('owner'))} as owner,
       s.supplier, s.criticality, s.hosting, s.status, s.reading, s.attest_due as "attestDue",
       (select count(*) from entitlement e where e.system_id = s.id and e.gone_at is null) as entitlements,
       ${COUNTS.map(count => `${read.includes(count) ? `coalesce(n.${count}, 0)` : 0} as ${count}`).join(', ')}
     from unnest(${page}) with ordinality as wanted (id, place)
     join it_system s on s.id = wanted.id
     left join counts n on n.system_id = s.id
     ${OWNER}
     order by wanted.place`,
    q.params,
  )
  return rows.map(row => ({ ...row, change: allows(actor, 'change', 'System', { id: row.id }) }))
}
