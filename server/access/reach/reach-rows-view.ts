import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { searchReachRows } from '#contract/reach.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { DANISH, personRefSql, unitRefSql, visibleTo } from '../visible.ts'
import { activitiesStating, activityRights } from './activity-rights.ts'
import { reachCellCtes } from './reach-cells-sql.ts'
import { operationsOf } from './reach-limits.ts'
import { narrowOf, typesOf } from './reach-views.ts'

type Question = BodyOf<typeof searchReachRows>
type Answer = ResponseOf<typeof searchReachRows>
type Row = Answer['rows'][number]
type Found = Omit<Row, 'operations' | 'uncounted'> & { ops: number; uncounted: string | null }

/** Of the ways in which somebody reaches what was asked, the first is the strongest. */
const RANK = `case when c.how = 'constrained' then 1 when c.beyond = 'operation' then 2 when c.beyond = 'limits' then 3
  when c.how = 'maximum' then 4 else 5 end`

/**
 * The rows behind a number: one a person, right and activity, with the strongest way in which it reaches what was asked.
 * Unexplained ones first. One statement. `actor` null: all of them, for whoever works inside.
 */
export async function reachRowsBehind(
  tx: Tx,
  question: Question & { day: string },
  actor: Actor | null,
): Promise<Answer> {
  const q = statement()
  const day = q.bind(question.day, 'date')
  const shown = actor ? visibleTo(actor, q).name('p') : 'true'
  const data = question.data.length > 0 ? q.bind(question.data, 'text[]') : null
  const subjects = question.subjects.length > 0 ? q.bind(question.subjects, 'text[]') : null
  const activity = question.activity === undefined ? null : q.bind(question.activity, 'uuid')
  const { among = 'true', ...narrow } = narrowOf(q, question, actor ?? undefined)
  // Only rights by which it could be reached are read at all.
  const could = activity ?? (data || subjects ? activitiesStating(data, subjects, day) : null)
  const looked = could === null ? among : `${among} and RIGHT in (${activityRights(could, day)})`
  const ctes = reachCellCtes(day, { ...narrow, among: looked }, question.operation)
  const filter = [
    question.unknown ? 'c.data is null' : '',
    data ? `c.data = any(${data})` : '',
    subjects ? `c.subject = any(${subjects})` : '',
    activity ? `c.activity_id = ${activity}` : '',
    question.how ? `c.how = ${q.bind(question.how, 'text')}` : '',
  ]
  const page = `offset ${q.bind(question.offset, 'int')} limit ${q.bind(question.limit, 'int')}`
  const [row] = await tx.query<{ rows: Found[] | null; total: number; people: number }>(
    `with ${ctes}, hit as materialized (
       -- What a footprint reaches of what was asked, before anybody is looked at.
       select c.footprint, c.activity_id, min(${RANK}) as rank, bit_or(c.ops) as ops,
         coalesce(bool_and(c.part) filter (where c.how = 'constrained'), false) as part,
         case when bool_and(c.uncounted is not null) filter (where c.how = 'constrained') then string_agg(distinct c.uncounted, E'\\n') end as uncounted,
         coalesce(array_agg(distinct c.data) filter (where c.data is not null), '{}') as data,
         coalesce(array_agg(distinct c.subject) filter (where c.subject is not null), '{}') as subjects
       from reach_cell c where ${filter.filter(Boolean).join(' and ') || 'true'} group by 1, 2
     ), found as materialized (
       -- Who is seen with a right by several groups has it once, by the strongest way.
       select w.person_id, w.affiliation_id, w.unit_id, w.entitlement_id, h.activity_id, bool_or(n.wider) as wider,
         min(h.rank * 1000000 + h.footprint) as way
       from reach_print n join hit h on h.footprint = n.footprint
       cross join lateral (select n.entitlement_id, x.* from unnest(n.persons, n.affiliations, n.units) x (person_id, affiliation_id, unit_id)) w
       group by 1, 2, 3, 4, 5
     ), named as (
       -- A name that is not shown does not order the list either.
       select f.*, f.way / 1000000 as rank, f.way % 1000000 as footprint, case when ${shown} then p.family_name || ' ' || p.given_name end as name
       from found f join person_current p on p.person_id = f.person_id
     ), page as (
       select * from named order by rank desc, name ${DANISH} nulls last, person_id, entitlement_id, activity_id, affiliation_id ${page}
     ), purposes as materialized (
       select x.footprint, x.activity_id, string_agg(distinct t.name, ', ') as names from (
         select distinct c.footprint, c.activity_id, unnest(c.bindings) as id from reach_cell c
         where c.footprint in (select footprint from page)) x
       join reach_bound b on b.id = x.id join activity_purpose t on t.version_id = b.version_id and t.key = b.purpose_key group by 1, 2
     )
     select (select count(*)::int from found) as total, (select count(distinct person_id)::int from found) as people,
       (select json_agg(json_build_object(
         'person', ${personRefSql('p', shown)}, 'unit', ${unitRefSql('u')},
         'system', json_build_object('id', s.id, 'key', s.key, 'name', s.name), 'right', json_build_object('id', e.id, 'name', e.name),
         'activity', case when y.id is not null then json_build_object('id', y.id, 'ref', y.ref, 'name', v.content ->> 'name') end,
         'purpose', (select o.names from purposes o where o.footprint = f.footprint and o.activity_id = f.activity_id),
         'how', case f.rank when 1 then 'constrained' when 5 then 'unexplained' else 'maximum' end, 'wider', f.wider,
         'beyond', (array[null, 'operation', 'limits', 'category', null])[f.rank], 'ops', h.ops, 'part', h.part, 'uncounted', h.uncounted,
         'seen', exists (select from reach_held h where h.person_id = f.person_id and h.entitlement_id = f.entitlement_id),
         'data', h.data, 'subjects', h.subjects)
         order by f.rank desc, f.name ${DANISH} nulls last, f.person_id, f.entitlement_id, f.activity_id, f.affiliation_id)
        from page f join person_current p on p.person_id = f.person_id join entitlement e on e.id = f.entitlement_id
        join it_system s on s.id = e.system_id
        join hit h on h.footprint = f.footprint and h.activity_id is not distinct from f.activity_id
        left join org_unit_current u on u.unit_id = f.unit_id
        left join activity y on y.id = f.activity_id left join reach_record r on r.activity_id = y.id
        left join activity_version v on v.id = r.version_id) as rows`,
    q.params,
  )
  const rows = (row?.rows ?? []).map(
    ({ ops, uncounted, ...rest }): Row => ({
      ...rest,
      operations: operationsOf(ops),
      uncounted: typesOf(uncounted ?? ''),
    }),
  )
  return { rows, total: row?.total ?? 0, people: row?.people ?? 0 }
}
