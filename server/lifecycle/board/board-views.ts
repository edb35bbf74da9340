import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getHome } from '#contract/home.ts'
import type { BoardRow, getBoard } from '#contract/lifecycle-board.ts'
import { unitRefSql, visibleTo } from '../../access/visible.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { caseFilter } from '../cases/case-sql.ts'
import { stageOf } from '../payroll/extension-rule.ts'
import { type BoardWhen, boardSql } from './board-sql.ts'

type Query = QueryOf<typeof getBoard>
type Answer = ResponseOf<typeof getBoard>
type HomeAhead = ResponseOf<typeof getHome>['sections'][number]['ahead']
type UnitRef = NonNullable<HomeAhead>[number]['unit']

const WRITTEN = `trim(concat(k.form #>> '{person,givenName}', ' ', k.form #>> '{person,familyName}'))`

/** Who comes and goes, what is late first. Two statements: the lines, and the counts that lead to them. */
export async function boardView(tx: Tx, actor: Actor, query: Query, when: BoardWhen): Promise<Answer> {
  const q = statement()
  const ctes = boardSql(actor, q, when)
  const may = visibleTo(actor, q)
  const shown = may.name('p')
  const changes = caseFilter(actor, q, 'k', 'ku', 'change')
  const rows = await tx.query<Omit<BoardRow, 'expires'> & { total: number }>(
    `with ${ctes}
     select e.id, e.kind, e.bucket, e.day_on as "on",
       jsonb_build_object('id', p.person_id, 'protected', coalesce(p.protected, (k.form #>> '{person,protected}') = 'true', false),
         'name', case when p.person_id is not null then case when ${shown} then p.name end
           when (k.form #>> '{person,protected}') = 'true' and not ${changes} then null else nullif(${WRITTEN}, '') end) as person,
       e.title, ${unitRefSql('u')} as unit, e.case_id as "caseId", e.draft, e.secret as confidential,
       e.affiliation_id as "affiliationId", e.hour,
       jsonb_build_object('facts', e.facts, 'approvals', e.approvals, 'orders', e.orders, 'tasks', e.tasks,
         'payroll', e.payroll, 'held', e.held) as lacks,
       count(*) over ()::int as total
     from entry e left join person_current p on p.person_id = e.person_id
     left join org_unit_current u on u.unit_id = e.unit_id
     left join lifecycle_case k on k.id = e.case_id left join org_unit_current ku on ku.unit_id = k.unit_id
     where ${filters(query, q, true)}
     order by array_position(array['late', 'today', 'coming', 'done'], e.bucket),
       case when e.bucket = 'done' then e.day_on end desc, e.day_on nulls first, e.kind, p.family_name, p.given_name, e.id
     offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const n = statement()
  const [counts] = await tx.query<
    Pick<Answer, 'units' | 'chosenUnit'> & { buckets: Partial<Answer['buckets']> | null }
  >(
    `with ${boardSql(actor, n, when)}, here as (select * from entry e where ${filters(query, n, false)}),
       open as (select e.unit_id, count(*)::int as count from entry e where e.bucket <> 'done' and e.unit_id is not null group by 1)
     select (select jsonb_object_agg(bucket, n) from (select bucket, count(*)::int as n from here group by 1) b) as buckets,
       coalesce((select jsonb_agg(jsonb_build_object('id', u.unit_id, 'name', u.name, 'count', o.count) order by u.name, u.unit_id)
         from open o join org_unit_current u on u.unit_id = o.unit_id), '[]') as units,
       (select ${unitRefSql('u')} from org_unit_current u where u.unit_id = ${n.bind(query.unit ?? null, 'uuid')}) as "chosenUnit"`,
    n.params,
  )
  const none = { late: 0, today: 0, coming: 0, done: 0 }
  return {
    rows: rows.map(({ total: _, ...row }) => ({ ...row, expires: expiring(row, when.today) })),
    total: rows[0]?.total ?? 0,
    today: when.today,
    buckets: { ...none, ...counts?.buckets },
    units: counts?.units ?? [],
    chosenUnit: counts?.chosenUnit ?? null,
  }
}

/** An end that stands in the contract only: whoever manages them says whether it goes on. */
const expiring = (row: Omit<BoardRow, 'expires'>, today: string): BoardRow['expires'] =>
  row.kind === 'end' && row.caseId === null && row.affiliationId !== null ? stageOf(row.on, today) : null

const LACK: Record<NonNullable<Query['lack']>, string> = {
  facts: 'e.facts > 0',
  approvals: 'e.approvals > 0',
  orders: 'e.orders > 0',
  tasks: 'e.tasks > 0',
  payroll: 'e.payroll > 0',
  held: 'e.held > 0',
}

function filters(query: Query, q: Statement, bucket: boolean): string {
  const all = ['true']
  if (bucket && query.bucket) all.push(`e.bucket = ${q.bind(query.bucket, 'text')}`)
  if (query.kind) all.push(`e.kind = ${q.bind(query.kind, 'text')}`)
  if (query.unit) all.push(`e.unit_path @> array[${q.bind(query.unit, 'uuid')}]`)
  if (query.lack) all.push(LACK[query.lack])
  return all.join(' and ')
}

/** Weeks that a home shows ahead, and units; the rest stand on the board. */
const WEEKS = 5
const UNITS = 8
export type BoardAhead = { late: number; today: number; units: NonNullable<HomeAhead> }

/**
 * For a home: how many are late and come or go today, counted as the board counts them, and who comes and goes in the next
 * thirty days by unit and week. One statement.
 */
export async function boardAhead(tx: Tx, actor: Actor, when: BoardWhen): Promise<BoardAhead> {
  const q = statement()
  const rows = await tx.query<{
    late: number
    today: number
    unit: UnitRef | null
    week: number | null
    starts: number
    ends: number
  }>(
    `with ${boardSql(actor, q, when)}, next as (
       select e.unit_id, (e.day_on - ${q.bind(when.today, 'date')}) / 7 as week, count(*) filter (where e.kind = 'hire')::int as starts,
         count(*) filter (where e.kind = 'end')::int as ends
       from entry e where e.bucket in ('today', 'coming') and e.kind in ('hire', 'end') and e.day_on < ${q.bind(when.today, 'date')} + 30
       group by 1, 2
     ), sums as (
       select count(*) filter (where bucket = 'late')::int as late, count(*) filter (where bucket = 'today')::int as today from entry
     )
     select s.late, s.today, ${unitRefSql('u')} as unit, n.week, n.starts, n.ends
     from sums s left join (next n join org_unit_current u on u.unit_id = n.unit_id) on true order by u.name, u.unit_id, n.week`,
    q.params,
  )
  const units = [
    ...Map.groupBy(
      rows.flatMap(row => (row.unit ? [{ ...row, unit: row.unit }] : [])),
      row => row.unit.id,
    ).values(),
  ].map(all => ({
    unit: all[0]!.unit,
    weeks: Array.from({ length: WEEKS }, (_, week) => {
      const one = all.find(row => row.week === week)
      return { starts: one?.starts ?? 0, ends: one?.ends ?? 0 }
    }),
  }))
  const size = (one: BoardAhead['units'][number]) => one.weeks.reduce((sum, week) => sum + week.starts + week.ends, 0)
  return {
    late: rows[0]?.late ?? 0,
    today: rows[0]?.today ?? 0,
    units: units.sort((a, b) => size(b) - size(a)).slice(0, UNITS),
  }
}
