import type { ActivityRow, listActivities } from '#contract/activities.ts'
import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import { containing, type Statement, searchWords, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import { ATTENTION, activitiesSql, mayActivity, OWNER, personRefSql, SPEAKING } from './activity-sql.ts'

type Row = Omit<ActivityRow, 'open'> & {
  openId: string | null
  openNumber: number
  openState: 'draft' | 'proposed'
  openProposedAt: Date | null
}

/** Rows of the list with its filters; what is due with each. Two statements. */
export async function activitiesView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listActivities>,
  today: string,
): Promise<ResponseOf<typeof listActivities>> {
  const q = statement()
  const day = q.bind(today, 'date')
  const where = [mayActivity(actor, q, 'read'), ...activityFilters(query, q, day, actor)].join(' and ')
  const found = await tx.query<Row & { total: number }>(
    `select g.id, g.ref, g.kind, sv.content ->> 'name' as name, sv.content ->> 'area' as area, g.standing,
       g.open_id as "openId", g.open_number as "openNumber", g.open_state as "openState", g.open_proposed_at as "openProposedAt",
       ${personRefSql('op')} as owner,
       coalesce((select json_agg(json_build_object('id', u.unit_id, 'name', u.name) order by u.name)
         from activity_unit au join org_unit_current u on u.unit_id = au.unit_id where au.version_id = g.speaks_id), '[]') as units,
       (select count(*)::int from activity_system s where s.version_id = g.speaks_id) as systems,
       g.attest_due::text as "attestDue", advice.n as advice, advice.next::text as "followUpOn",
       array_remove(array[${Object.entries(ATTENTION)
         .map(([name, holds]) => `case when ${holds(day)} then '${name}' end`)
         .join(', ')}], null) as attention,
       (count(*) over ())::int as total
     from ${activitiesSql(day)} g ${SPEAKING} left join person_current op on op.person_id = ${OWNER} ${ADVICE}
     where ${where} order by g.ref offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const counted = await overall(tx, actor, today)
  return {
    rows: found.map(({ openId, openNumber, openState, openProposedAt, total: _, ...row }) => ({
      ...row,
      open:
        openId === null
          ? null
          : {
              ...{ versionId: openId, number: openNumber, state: openState },
              proposedAt: openProposedAt?.toISOString() ?? null,
            },
    })),
    total: found[0]?.total ?? 0,
    ...counted,
    allowed: { start: can(actor, 'activity.change'), settings: can(actor, 'vocabulary.change') },
  }
}

const ADVICE = `cross join lateral (
  select count(*)::int as n, min(follow_up_on) as next from activity_comment c
  where c.activity_id = g.id and c.kind = 'advice' and c.answer is null) advice`

/** Conditions over `g` and `SPEAKING` for the filters of the list; also for whoever takes the list out as a file. */
export function activityFilters(
  query: Omit<QueryOf<typeof listActivities>, 'offset' | 'limit'>,
  q: Statement,
  day: string,
  actor: Actor,
): string[] {
  const conditions = searchWords(query.search ?? '').map(
    word =>
      `search_fold(concat_ws(' ', g.ref, sv.content ->> 'name', sv.content ->> 'nameEn', sv.content ->> 'area'))
         like ${q.bind(containing(word), 'text')}`,
  )
  if (query.area) conditions.push(`sv.content ->> 'area' = ${q.bind(query.area, 'text')}`)
  if (query.kind) conditions.push(`g.kind = ${q.bind(query.kind, 'text')}`)
  if (query.standing) conditions.push(`g.standing = ${q.bind(query.standing, 'text')}`)
  if (query.attention) conditions.push(`(${ATTENTION[query.attention](day)})`)
  if (query.system)
    conditions.push(`exists (select from activity_system fs
      where fs.version_id = g.speaks_id and fs.system_id = ${q.bind(query.system, 'uuid')})`)
  if (query.own) conditions.push(`${OWNER} = ${q.bind(actor.personId, 'uuid')}`)
  if (query.decide) conditions.push(`g.open_state = 'proposed' and ${mayActivity(actor, q, 'decide')}`)
  if (query.month) {
    const month = q.bind(query.month, 'text')
    conditions.push(`(g.standing = 'in-force' and ${monthOf('g.attest_due', day)} = ${month}
      or exists (select from activity_comment mc where mc.activity_id = g.id and mc.kind = 'advice' and mc.answer is null
        and ${monthOf('mc.follow_up_on', day)} = ${month}))`)
  }
  return conditions
}

/** What is late is due now. */
const monthOf = (column: string, day: string) => `to_char(greatest(${column}, ${day}), 'YYYY-MM')`

type Overall = Pick<ResponseOf<typeof listActivities>, 'areas' | 'counts' | 'wheel'>

/** Figures above the list, of everything that the reader may see: in force, waiting, late, and what each month brings. */
async function overall(tx: Tx, actor: Actor, today: string): Promise<Overall> {
  const q = statement()
  const day = q.bind(today, 'date')
  const may = mayActivity(actor, q, 'read')
  const own = q.bind(actor.personId, 'uuid')
  const [row] = await tx.query<Overall>(
    `with seen as materialized (
       select g.id, g.standing, g.open_state, g.attest_due, sv.content ->> 'area' as area, ${OWNER} as owner
       from ${activitiesSql(day)} g ${SPEAKING} where ${may}),
     advice as (
       select c.follow_up_on from activity_comment c join seen on seen.id = c.activity_id
       where c.kind = 'advice' and c.answer is null),
     months as (
       select to_char(${day} + make_interval(months => n), 'YYYY-MM') as month, n
       from (select date_trunc('month', ${day})::date) d, generate_series(0, 11) n),
     due as (
       select ${monthOf('attest_due', day)} as month, 1 as attestation, 0 as follow from seen where standing = 'in-force'
       union all select ${monthOf('follow_up_on', day)}, 0, 1 from advice)
     select
       array(select distinct area from seen order by 1) as areas,
       (select json_build_object(
          'inForce', count(*) filter (where standing = 'in-force'), 'proposed', count(*) filter (where open_state = 'proposed'),
          'overdue', count(*) filter (where standing = 'in-force' and attest_due < ${day}),
          'own', count(*) filter (where owner = ${own}), 'advice', (select count(*) from advice)) from seen) as counts,
       (select json_agg(json_build_object('month', m.month,
          'attestations', (select coalesce(sum(attestation), 0) from due where due.month = m.month),
          'followUps', (select coalesce(sum(follow), 0) from due where due.month = m.month)) order by m.n) from months m) as wheel`,
    q.params,
  )
  return row as Overall
}

/** For a home: proposals that the reader may decide; own records to attest soon, or late; own ones with advice to answer. */
export function countActivitiesSql(actor: Actor, q: Statement, today: string): string {
  const day = q.bind(today, 'date')
  const own = `${OWNER} = ${q.bind(actor.personId, 'uuid')}`
  const count = (condition: string) => `(select count(*) from ${activitiesSql(day)} g ${SPEAKING} where ${condition})`
  return `${count(`g.open_state = 'proposed' and ${mayActivity(actor, q, 'decide')}`)} as activities_decide,
    ${count(`${own} and ${ATTENTION.attest(day)}`)} as activities_attest, ${count(`${own} and ${ATTENTION.advice()}`)} as activities_advice`
}

/** For the DPO's home: proposals to have an opinion on, and attestations that are late or soon to be made, of all. */
export function countAllActivitiesSql(q: Statement, today: string): string {
  const day = q.bind(today, 'date')
  const count = (condition: string) => `(select count(*) from ${activitiesSql(day)} g where ${condition})`
  return `${count(`g.open_state = 'proposed'`)} as activities_proposed, ${count(ATTENTION.attest(day))} as activities_due`
}
