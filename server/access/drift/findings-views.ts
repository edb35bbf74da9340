import type { z } from 'zod'
import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { findingRow, getFinding, getFindingTrend, listFindingGroups, listFindings } from '#contract/findings.ts'
import { NOTICE_SQL } from '../../findings/finding-store.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import { personRefSql, unitRefSql, visibleTo } from '../visible.ts'
import { EXCEPTION, foundSql, OVERDUE, RIGHT, shownSql } from './findings-sql.ts'
import { HELD_BY } from './held-by.ts'

/** Kinds that a rule can explain. */
const MAY_BE_RULED = ['unexplained', 'mover', 'outlier']
const RULED = MAY_BE_RULED.map(code => `'${code}'`).join(', ')

type Groups = ResponseOf<typeof listFindingGroups>
type Row = z.output<typeof findingRow>
/** Whoever decided, by user id, as the screen names them. */
export type NamesOf = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>

const RANK = `array_position(array['high', 'medium', 'low'], f.severity)`
/** Who answers for a finding, over `f`, its system `y`, the owner `ap_` of its record and the leader of its unit. */
const ANSWERS = `case when f.owner_role = 'activityowner' and ao.affiliation_id is not null then 'activityowner'
  when f.owner_role = 'manager' and ma.affiliation_id is not null then 'manager'
  when f.owner_role in ('systemowner', 'manager', 'activityowner') and y.owner_affiliation_id is not null then 'systemowner' else 'it' end`
/** Over `f`, `y` and its unit `u`: the employment of whoever answers, and the record that it is about. */
const ANSWERING = `left join lateral (select v.owner_id, v.content ->> 'name' as name, g.ref, g.id
    from activity g join activity_version v on v.activity_id = g.id
    where g.id = f.activity_id order by v.state = 'in-force' desc, v.number desc limit 1) act on true
  left join affiliation_current ao on f.owner_role = 'activityowner' and ao.affiliation_id = act.owner_id and ao.status = 'active'
  left join affiliation_current ma on f.owner_role = 'manager' and ma.affiliation_id = u.manager_affiliation_id
  left join affiliation_current oa on oa.affiliation_id = coalesce(ao.affiliation_id, ma.affiliation_id, y.owner_affiliation_id)
  left join person_current op on op.person_id = oa.person_id`
const ACTIVITY = `case when act.id is not null then jsonb_build_object('id', act.id, 'ref', act.ref, 'name', act.name) end as activity`

/** One line a cause, those that matter most first. Two statements. */
export async function findingGroupsView(
  tx: Tx,
  actor: Actor,
  query: BodyOf<typeof listFindingGroups>,
): Promise<Groups> {
  const q = statement()
  const may = visibleTo(actor, q)
  const shown = may.name('who')
  const ownerName = may.name('op')
  const rows = await tx.query<
    Omit<Groups['rows'][number], 'oldest'> & { oldest: Date; total: number; findings: number }
  >(
    `with ${foundSql(actor, query, q)}, grouped as (
       select f.code, f.key, min(${RANK}) as rank, count(*)::int as count, count(distinct f.person_id)::int as people,
         min(f.opened_at) as oldest, min(f.owner_role) as owner_role,
         case when count(distinct f.person_id) = 1 then min(f.person_id::text)::uuid end as person_id,
         case when count(distinct f.system_id) = 1 then min(f.system_id::text)::uuid end as system_id,
         case when count(distinct ${RIGHT}) = 1 then min((${RIGHT})::text)::uuid end as right_id,
         case when count(distinct f.unit_id) = 1 then min(f.unit_id::text)::uuid end as unit_id,
         case when count(distinct f.activity_id) = 1 then min(f.activity_id::text)::uuid end as activity_id,
         bool_or(${may.finding('f', 'p', 'decide')}) as may_decide
       from found f left join person_current p on p.person_id = f.person_id where ${shownSql(query, q)} group by f.code, f.key
     ), page as (
       select * from grouped order by rank, count desc, code, key
       offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}
     )
     select f.key, f.code, split_part(f.key, ':', 1) as cause, (array['high', 'medium', 'low'])[f.rank] as severity, f.count, f.people, f.oldest,
       (select count(*) from grouped)::int as total, (select sum(count) from grouped)::int as findings,
       ${ANSWERS} as owner, ${ACTIVITY}, f.may_decide as "mayDecide",
       ${personRefSql('op', ownerName)} as "ownerPerson", ${personRefSql('who', shown)} as person,
       case when y.id is not null then jsonb_build_object('id', y.id, 'key', y.key, 'name', y.name) end as system,
       case when e.id is not null then jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name) end as entitlement,
       ${unitRefSql('u')} as unit,
       case when split_part(f.key, ':', 1) = 'place' and split_part(f.key, ':', 4) <> '' then
         jsonb_build_object('key', split_part(f.key, ':', 4), 'name', coalesce(pos.name, split_part(f.key, ':', 4))) end as position,
       case when split_part(f.key, ':', 1) = 'give' and split_part(f.key, ':', 3) <> '' then
         jsonb_build_object('key', split_part(f.key, ':', 3), 'name', coalesce(r.name, split_part(f.key, ':', 3))) end as rule,
       case when f.code in (${RULED}) and e.id is not null then jsonb_build_object('entitlement', e.key,
         'unit', case when f.key like 'place:%' then nullif(split_part(f.key, ':', 3), '') else f.unit_id::text end,
         'position', case when f.key like 'place:%' then nullif(split_part(f.key, ':', 4), '') end) end as "ruleFrom",
       case when f.code in ('orphan', 'unlinked', 'leaver-active', 'dormant', 'shared') and f.key not like 'unused-right:%'
         then split_part(f.key, ':', 2) end as source,
       case when f.code in ('orphan', 'unlinked', 'leaver-active', 'dormant', 'shared') and f.key not like 'unused-right:%'
         then (select src.name from source src where src.key = split_part(f.key, ':', 2)) end as "sourceName"
     from page f left join it_system y on y.id = f.system_id left join entitlement e on e.id = f.right_id
     left join org_unit_current u on u.unit_id = f.unit_id
     left join person_current who on who.person_id = f.person_id
     ${ANSWERING}
     left join position pos on split_part(f.key, ':', 1) = 'place' and pos.key = split_part(f.key, ':', 4)
     left join rights_rule r on split_part(f.key, ':', 1) = 'give' and r.key = split_part(f.key, ':', 3) and upper_inf(r.recorded)
     order by f.rank, f.count desc, f.code, f.key`,
    q.params,
  )
  const c = statement()
  const { code: _, ...others } = query
  const codes = await tx.query<Groups['codes'][number] & { notice: boolean }>(
    `with ${foundSql(actor, others, c)}
     select f.code, count(*) filter (where f.mode = 'listed')::int as listed, count(*) filter (where f.mode = 'counted')::int as counted
     from found f where f.mode <> 'off' group by f.code order by f.code`,
    c.params,
  )
  const n = statement()
  const [notice] = await tx.query<{ notice: boolean; at: Date | null; about: Groups['about'] }>(
    `select ${NOTICE_SQL} as notice, (select outliers_at from finding_notice) as at, ${aboutSql(actor, query, n)} as about`,
    n.params,
  )
  return {
    rows: rows.map(({ total: _total, findings: _findings, oldest, ...row }) => ({
      ...row,
      oldest: oldest.toISOString(),
    })),
    total: rows[0]?.total ?? 0,
    findings: rows[0]?.findings ?? 0,
    codes: codes as Groups['codes'],
    notice: notice?.notice ?? false,
    comparedAt: notice?.at?.toISOString() ?? null,
    about: notice!.about,
  }
}

/** What a filter asks for, by name, as far as the reader may know of it. What is not asked for binds nothing. */
function aboutSql(actor: Actor, query: BodyOf<typeof listFindingGroups>, n: Statement): string {
  const may = visibleTo(actor, n)
  const one = (what: string, id: string | undefined, from: () => string) =>
    `'${what}', ${id ? `(select ${from()} = ${n.bind(id, 'uuid')})` : 'null'}`
  return `jsonb_build_object(${[
    one('system', query.system, () => 'y.name from it_system y where y.id'),
    one('entitlement', query.entitlement, () => 'e.name from entitlement e where e.id'),
    one('unit', query.unit, () => 'u.name from org_unit_current u where u.unit_id'),
    one(
      'activity',
      can(actor, 'activity.read') ? query.activity : undefined,
      () => `concat_ws(' ', g.ref, (select v.content ->> 'name' from activity_version v where v.activity_id = g.id
        order by v.state = 'in-force' desc, v.number desc limit 1)) from activity g where g.id`,
    ),
    one(
      'person',
      query.person,
      () => `${personRefSql('p', may.name('p'))} from person_current p where ${may.person('p')} and p.person_id`,
    ),
  ].join(', ')})`
}

type Stored = Omit<Row, 'since' | 'decidedAt'> & { since: Date; decidedAt: Date | null; total: number }

/** Columns of a row over `page f`, and the joins that they need. */
function rowSql(actor: Actor, q: Statement): { columns: string; joins: string } {
  const may = visibleTo(actor, q)
  const name = may.name('p')
  const ownerName = may.name('op')
  const assigneeName = may.name('ap')
  const answersName = may.name('xp')
  return {
    columns: `f.id, f.code, split_part(f.key, ':', 1) as cause, f.severity, f.state, f.opened_at as since, f.until::text as until, f.reason,
       f.decided_at as "decidedAt", f.decided_by as "decidedBy", ${OVERDUE} as overdue, ${personRefSql('p', name)} as person,
       case when ${may.affiliation('main', 'details')} then main.title end as title, ${unitRefSql('u')} as unit,
       case when acc.id is not null then jsonb_build_object('id', acc.id, 'source', acc.source,
         'sourceName', (select src.name from source src where src.key = acc.source), 'username', acc.username, 'kind', acc.kind) end as account,
       case when y.id is not null then jsonb_build_object('id', y.id, 'key', y.key, 'name', y.name) end as system,
       case when e.id is not null then jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name, 'sensitivity', e.sensitivity,
         'privileged', e.privileged) end as entitlement,
       ${ANSWERS} as owner, ${ACTIVITY},
       ${personRefSql('op', ownerName)} as "ownerPerson", ${personRefSql('ap', assigneeName)} as assignee,
       case when x.id is not null then jsonb_build_object('until', x.valid_to, 'owner', ${personRefSql('xp', answersName)}) end as exception, f.detail`,
    joins: `left join person_current p on p.person_id = f.person_id
     left join affiliation_current main on main.affiliation_id = p.primary_affiliation_id
     left join org_unit_current u on u.unit_id = f.unit_id
     left join account acc on f.code in ('orphan', 'unlinked', 'leaver-active', 'dormant', 'shared') and acc.id = f.subject_id
     left join it_system y on y.id = f.system_id left join entitlement e on e.id = ${RIGHT}
     ${ANSWERING}
     left join person_current ap on ap.person_id = f.owner_person_id
     left join right_exception x on ${EXCEPTION} or x.in_force and f.code = 'exception-ending' and f.closed_at is null and x.id = f.subject_id
     left join person_current xp on xp.person_id = x.owner_person_id`,
  }
}

/** Findings, the most severe and oldest first. Two statements. */
export async function findingsView(
  tx: Tx,
  actor: Actor,
  query: BodyOf<typeof listFindings>,
  namesOf: NamesOf,
): Promise<ResponseOf<typeof listFindings>> {
  const q = statement()
  const row = rowSql(actor, q)
  const rows = await tx.query<Stored>(
    `with ${foundSql(actor, query, q)}, shown as (select f.* from found f where ${shownSql(query, q)}),
     page as (select * from shown f order by ${RANK}, f.opened_at, f.code, f.id
       offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')})
     select (select count(*) from shown)::int as total, ${row.columns}
     from page f ${row.joins} order by ${RANK}, f.opened_at, f.code, f.id`,
    q.params,
  )
  return { rows: await readable(tx, rows, namesOf), total: rows[0]?.total ?? 0 }
}

async function readable(tx: Tx, rows: readonly Stored[], namesOf: NamesOf): Promise<Row[]> {
  const by = [...new Set(rows.flatMap(row => row.decidedBy ?? []))]
  const names = by.length === 0 ? new Map<string, string>() : await namesOf(tx, by)
  return rows.map(({ total: _, since, decidedAt, decidedBy, ...row }) => ({
    ...row,
    since: since.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    decidedBy: decidedBy === null ? null : (names.get(decidedBy) ?? decidedBy),
  }))
}

type Finding = ResponseOf<typeof getFinding>

/** One finding with its evidence; also one that has closed. Null: not there, or not for this reader. */
export async function findingView(
  tx: Tx,
  actor: Actor,
  findingId: string,
  namesOf: NamesOf,
): Promise<(Omit<Finding, 'allowed' | 'order'> & { mayDecide: boolean }) | null> {
  const q = statement()
  const may = visibleTo(actor, q)
  const row = rowSql(actor, q)
  const [stored] = await tx.query<
    Stored & Pick<Finding, 'paths'> & { mayDecide: boolean; positionKey: string | null; unitKey: string | null }
  >(
    `with f as (
       select f.*, f.cause as key from finding f left join person_current p on p.person_id = f.person_id
       where f.id = ${q.bind(findingId, 'uuid')} and ${may.finding('f', 'p')} and (f.person_id is null or ${may.person('p')})
     )
     select 1 as total, ${row.columns}, main.position_key as "positionKey", u.key as "unitKey", ${may.finding('f', 'p', 'decide')} as "mayDecide",
       coalesce((select jsonb_agg(jsonb_build_object('accountId', acc.id, 'username', acc.username, 'source', acc.source, 'groups',
           coalesce((select jsonb_agg(g.name order by v.place) from unnest(o.via) with ordinality as v (group_id, place)
             join directory_group g on g.id = v.group_id), '[]')) order by acc.username)
         from ${HELD_BY}), '[]') as paths
     from f ${row.joins}`,
    q.params,
  )
  if (!stored) return null
  const events = await tx.query<{
    at: Date
    action: string
    by: string | null
    after: { reason?: string; until?: string } | null
  }>('select at, action, by, after from finding_event where finding_id = $1 order by id desc', [findingId])
  const { paths, mayDecide, positionKey, unitKey, ...rest } = stored
  const [finding] = await readable(tx, [rest], namesOf)
  const names = await namesOf(tx, [...new Set(events.flatMap(event => event.by ?? []))])
  return {
    ...finding!,
    paths,
    mayDecide,
    ruleFrom:
      finding!.entitlement && MAY_BE_RULED.includes(finding!.code)
        ? { entitlement: finding!.entitlement.key, unit: unitKey, position: positionKey }
        : null,
    history: [
      ...events.map(event => ({
        at: event.at.toISOString(),
        action: event.action,
        by: event.by === null ? null : (names.get(event.by) ?? event.by),
        reason: event.after?.reason ?? null,
        until: event.after?.until ?? null,
      })),
      { at: finding!.since, action: 'opened', by: null, reason: null, until: null },
    ],
  }
}

/** Open findings day by day, of systems and units that the reader may know of. */
export async function trendView(
  tx: Tx,
  actor: Actor,
  query: { system?: string | undefined; unit?: string | undefined; days: number },
  today: string,
): Promise<ResponseOf<typeof getFindingTrend>> {
  const q = statement()
  const all = [`d.on_date > ${q.bind(today, 'date')} - ${q.bind(query.days, 'int')}`]
  const everywhere = actor.roles.some(role => ['it', 'admin', 'dpo', 'auditor'].includes(role))
  // Whoever sees a part of the house sees the figures of that part.
  if (!everywhere)
    all.push(`(d.system_id = any(${q.bind(actor.systems, 'uuid[]')}) or d.unit_id in (
      select unit_id from org_unit_current where path && ${q.bind([...actor.units, ...actor.actingFor], 'uuid[]')}))`)
  if (query.system) all.push(`d.system_id = ${q.bind(query.system, 'uuid')}`)
  if (query.unit)
    all.push(`d.unit_id in (select unit_id from org_unit_current where ${q.bind(query.unit, 'uuid')} = any(path))`)
  const days = await tx.query<ResponseOf<typeof getFindingTrend>['days'][number]>(
    `select d.on_date::text as on, d.code, sum(d.open)::int as open from finding_day d where ${all.join(' and ')}
     group by 1, 2 order by 1, 2`,
    q.params,
  )
  const n = statement()
  const name = (from: string, id: string | undefined) => (id ? `(select name ${from} = ${n.bind(id, 'uuid')})` : 'null')
  const [about] = await tx.query<ResponseOf<typeof getFindingTrend>['about']>(
    `select ${name('from it_system where id', query.system)} as system, ${name('from org_unit_current where unit_id', query.unit)} as unit`,
    n.params,
  )
  return { days, about: about! }
}
