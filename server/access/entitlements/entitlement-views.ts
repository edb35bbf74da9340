import type { z } from 'zod'
import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { entitlementChange, getEntitlement, listEntitlements } from '#contract/entitlements.ts'
import { containing, searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows } from '../../policy/policy.ts'
import { FED } from '../../systems/entitlements/entitlement.ts'
import { FEED_SQL, STAMP_SQL } from '../../systems/entitlements/entitlement-store.ts'
import { CONTENT_SQL } from '../../systems/entitlements/version-store.ts'
import { shownBySql } from '../../systems/observation-age.ts'
import { DANISH, personRefSql, visibleTo } from '../visible.ts'
import { LICENCES_USED } from './licences-used.ts'

type Page = ResponseOf<typeof getEntitlement>
type List = ResponseOf<typeof listEntitlements>
type Change = z.output<typeof entitlementChange>

/** What somebody should see to, over `entitlement e` and its `it_system s`. */
const LACK_SQL = {
  description: `coalesce(btrim(e.description), '') = ''`,
  owner: `e.owner_person_id is null and s.owner_affiliation_id is null`,
  'over-cap': `e.licence_cap is not null and (${LICENCES_USED}) > e.licence_cap`,
} as const

/** How many rights lack what, as columns of a statement that only counts. `scope`: a condition over `s`. */
export const lackCounts = (scope = 'true'): string =>
  Object.entries(LACK_SQL)
    .map(
      ([lack, sql]) => `(select count(*) from entitlement e join it_system s on s.id = e.system_id
        where e.status = 'active' and e.gone_at is null and s.gone_at is null and ${scope} and ${sql}) as "lack_${lack}"`,
    )
    .join(', ')

const rowColumns = (
  shown: string,
) => `e.id, e.key, e.name, e.description, e.kind, e.sensitivity, e.privileged, e.status,
  jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system, ${personRefSql('owner', shown)} as owner,
  case when e.licence_cap is not null then jsonb_build_object('cap', e.licence_cap, 'used', ${LICENCES_USED},
    'counts', e.licence_counts) end as licence,
  array_remove(array[${Object.entries(LACK_SQL)
    .map(([lack, sql]) => `case when ${sql} then '${lack}' end`)
    .join(', ')}], null) as lacks`
const OWNERS = `left join affiliation oa on oa.id = s.owner_affiliation_id
  left join person_current owner on owner.person_id = coalesce(e.owner_person_id, oa.person_id)`

/** What systems can give. Two statements. */
export async function entitlementsView(tx: Tx, actor: Actor, query: QueryOf<typeof listEntitlements>): Promise<List> {
  const q = statement()
  const scope = [`e.status = ${q.bind(query.retired ? 'retired' : 'active', 'text')}`, 's.gone_at is null']
  if (!query.retired) scope.push('e.gone_at is null')
  if (query.system) scope.push(`e.system_id = ${q.bind(query.system, 'uuid')}`)
  if (query.emergency) scope.push('e.emergency')
  if (query.own !== undefined)
    scope.push(`${query.own ? '' : 'not '}e.system_id = any(${q.bind(actor.systems, 'uuid[]')})`)
  if (query.kind) scope.push(`e.kind = ${q.bind(query.kind, 'text')}`)
  for (const word of searchWords(query.text ?? ''))
    scope.push(
      `search_fold(e.key || ' ' || e.name || ' ' || s.name || ' ' || coalesce(e.description, '')) like ${q.bind(containing(word), 'text')}`,
    )
  const from = `from entitlement e join it_system s on s.id = e.system_id`
  const [lacks] = await tx.query<List['lacks']>(
    `select ${Object.entries(LACK_SQL)
      .map(([lack, sql]) => `count(*) filter (where ${sql})::int as "${lack}"`)
      .join(', ')} ${from} where ${scope.join(' and ')}`,
    q.params,
  )
  if (query.lack) scope.push(`(${LACK_SQL[query.lack]})`)
  const shown = visibleTo(actor, q).name('owner')
  const rows = await tx.query<List['rows'][number] & { total: number }>(
    `with page as (
       select e.id, (count(*) over ())::int as total ${from} where ${scope.join(' and ')}
       order by s.name ${DANISH}, e.name ${DANISH}, e.key
       offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}
     )
     select g.total, ${rowColumns(shown)} from page g join entitlement e on e.id = g.id
     join it_system s on s.id = e.system_id ${OWNERS} order by s.name ${DANISH}, e.name ${DANISH}, e.key`,
    q.params,
  )
  return {
    rows: rows.map(({ total: _, ...row }) => row),
    total: rows[0]?.total ?? 0,
    lacks: lacks ?? { description: 0, owner: 0, 'over-cap': 0 },
  }
}

type Content = Record<string, string | number | boolean | string[] | null>
type Main = Omit<
  Page,
  'counts' | 'versions' | 'since' | 'allowed' | 'setByHand' | 'goneAt' | 'groups' | 'includes' | 'includedIn' | 'roles'
> & {
  systemId: string
  goneAt: Date | null
  content: Content
  feed: Content | null
  sets: { attribute: Page['setByHand'][number]['attribute']; by: string; at: string }[]
}

/** One entitlement. Four statements. null: there is none. Names of users are put in by the caller. */
export async function entitlementView(tx: Tx, actor: Actor, id: string): Promise<Page | null> {
  const q = statement()
  const may = visibleTo(actor, q)
  const [main] = await tx.query<Main>(
    `select ${rowColumns(may.name('owner'))}, e.system_id as "systemId", e.technical_note as "technicalNote",
       e.constraints, e.licence_counts as "licenceCounts", e.approval, e.emergency, e.source, e.gone_at as "goneAt",
       array(select shown.source from (${shownBySql('select s.id')}) shown order by 1) as "shownBy",
       ${personRefSql('own', may.name('own'))} as "ownOwner", ${STAMP_SQL} as stamp, ${CONTENT_SQL} as content,
       ${FEED_SQL} as feed,
       coalesce((select jsonb_agg(jsonb_build_object('attribute', x.attribute, 'by', x.set_by, 'at', x.set_at)
         order by x.attribute) from entitlement_set x where x.entitlement_id = e.id), '[]') as sets
     from entitlement e join it_system s on s.id = e.system_id ${OWNERS}
     left join person_current own on own.person_id = e.owner_person_id
     where e.id = ${q.bind(id, 'uuid')}`,
    q.params,
  )
  if (!main) return null
  const { systemId, content, feed, sets, ...row } = main
  const versions = await readVersions(tx, actor, id, content)
  const change = allows(actor, 'change', 'Entitlement', { systemId })
  return {
    ...row,
    goneAt: main.goneAt?.toISOString() ?? null,
    ...(await partsOf(tx, id)),
    ...versions,
    counts: await countsOf(tx, actor, id),
    // What no feed knows is all by hand: there is nothing to go back to.
    setByHand: feed
      ? sets.map(one => ({ ...one, at: new Date(one.at).toISOString(), feed: feed[one.attribute] ?? null }))
      : [],
    allowed: {
      change: change && row.status === 'active',
      retire: change && row.status === 'active',
      restore: change && row.status === 'retired',
    },
  }
}

async function countsOf(tx: Tx, actor: Actor, id: string): Promise<Page['counts']> {
  const q = statement()
  const may = visibleTo(actor, q)
  const right = q.bind(id, 'uuid')
  const [row] = await tx.query<Page['counts']>(
    `with known as materialized (select p.person_id from person_current p where ${may.person('p')}),
     e as (select id, system_id from entitlement where id = ${right})
     select (select count(distinct ac.person_id)::int from e join assignment a on a.entitlement_id = e.id
         join affiliation_current ac on ac.affiliation_id = a.affiliation_id
         join person_current p on p.person_id = ac.person_id
         where p.person_id in (select person_id from known) and ${may.assignment('ac', 'p', 'e')}) as expected,
       (select count(distinct coalesce(acc.person_id, acc.id))::int from e join observed_right o on o.entitlement_id = e.id
         join account acc on acc.id = o.account_id and acc.gone_at is null
         left join person_current p on p.person_id = acc.person_id
         where case when acc.person_id is null then ${may.nobodysRight('e')}
           else acc.person_id in (select person_id from known) and ${may.observed('acc', 'p', 'e')} end) as observed,
       (select count(*)::int from right_deviation d where d.entitlement_id = ${right} and d.state = 'missing'
         and d.person_id in (select person_id from known)) as missing,
       (select count(*)::int from right_deviation d where d.entitlement_id = ${right} and d.state = 'unexplained'
         and d.person_id in (select person_id from known)) as unexplained`,
    q.params,
  )
  return row!
}

async function partsOf(tx: Tx, id: string): Promise<Pick<Page, 'groups' | 'includes' | 'includedIn' | 'roles'>> {
  const other = (join: string, by: string) => `coalesce((select jsonb_agg(jsonb_build_object('id', x.id, 'key', x.key,
      'name', x.name, 'system', jsonb_build_object('id', y.id, 'key', y.key, 'name', y.name)) order by x.key)
    from entitlement_include i join entitlement x on x.id = i.${join} join it_system y on y.id = x.system_id
    where i.${by} = e.id), '[]')`
  const [row] = await tx.query<Pick<Page, 'groups' | 'includes' | 'includedIn' | 'roles'>>(
    `select coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name, 'source', g.source,
         'pattern', m.pattern, 'origin', m.origin,
         'members', (select count(*) from group_member gm where gm.group_id = g.id)) order by g.source, g.name)
       from group_entitlement ge join directory_group g on g.id = ge.group_id join group_mapping m on m.id = ge.mapping_id
       where ge.entitlement_id = e.id), '[]') as groups,
       ${other('includes_id', 'entitlement_id')} as includes, ${other('entitlement_id', 'includes_id')} as "includedIn",
       coalesce((select jsonb_agg(jsonb_build_object('key', r.key, 'name', r.name) order by r.name)
         from rights_role r where upper_inf(r.recorded)
         and r.entitlements @> jsonb_build_array(jsonb_build_object('key', e.key))), '[]') as roles
     from entitlement e where e.id = $1`,
    [id],
  )
  return row!
}

async function readVersions(tx: Tx, actor: Actor, id: string, now: Content): Promise<Pick<Page, 'versions' | 'since'>> {
  const rows = await tx.query<{
    version: number
    at: Date
    by: string | null
    reason: string | null
    content: Content
  }>(
    `select version, recorded_at as at, recorded_by as by, reason, content from entitlement_version
     where entitlement_id = $1 order by version`,
    [id],
  )
  const owners = [...rows.map(row => row.content.owner), now.owner].filter(owner => typeof owner === 'string')
  const q = statement()
  const names =
    owners.length === 0
      ? []
      : await tx.query<{ id: string; name: string | null }>(
          `select p.person_id as id, case when ${visibleTo(actor, q).name('p')} then p.name end as name
           from person_current p where p.person_id = any(${q.bind(owners, 'uuid[]')})`,
          q.params,
        )
  const nameOf = new Map(names.map(row => [row.id, row.name]))
  const named = (content: Content): Content => ({
    ...content,
    owner: typeof content.owner === 'string' ? (nameOf.get(content.owner) ?? content.owner) : null,
  })
  return {
    versions: rows
      .map(({ content, at, ...row }, place) => ({
        ...row,
        at: at.toISOString(),
        changes: place === 0 ? [] : changesBetween(named(rows[place - 1]!.content), named(content)),
      }))
      .reverse(),
    since: rows.length === 0 ? [] : changesBetween(named(rows.at(-1)!.content), named(now)),
  }
}

/** Which fields differ, in the order in which they are written. */
function changesBetween(before: Content, after: Content): Change[] {
  return [
    ...FED,
    'technicalNote',
    'owner',
    'licenceCap',
    'licenceCounts',
    'approval',
    'emergency',
    'status',
    'groups',
    'mappings',
    'includes',
  ]
    .filter(field => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null))
    .map(field => ({ field, before: before[field] ?? null, after: after[field] ?? null }))
}
