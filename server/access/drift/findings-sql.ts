import type { z } from 'zod'
import type { findingFilter } from '#contract/findings.ts'
import type { Statement } from '../../platform/statement.ts'
import type { Actor } from '../../policy/actor.ts'
import { visibleTo } from '../visible.ts'

export type Filter = z.output<typeof findingFilter> & { cause?: string | undefined }

/** Kinds that a new installation lists; the rest is counted until somebody switches it on, area by area. */
export const LISTED_AT_FIRST = ['leaver-active', 'privileged', 'orphan', 'exception-ending'] as const

/**
 * How the kind of finding `f`, of system `y`, is shown: as was said of its unit or the nearest one above, else of the area of
 * its system, else of everywhere.
 */
export const SWITCHES = `left join finding_switch here on here.code = f.code and here.area = y.area
      left join finding_switch elsewhere on elsewhere.code = f.code and elsewhere.area = ''
      left join (select distinct on (k.code, u.unit_id) k.code, u.unit_id, k.mode from finding_unit_switch k
        join org_unit_current said on said.unit_id = k.unit_id join org_unit_current u on k.unit_id = any(u.path)
        order by k.code, u.unit_id, said.level desc) placed on placed.code = f.code and placed.unit_id = f.unit_id`
/** The same as a word: over what `SWITCHES` joins, or without `placed` where no unit is meant. */
export const modeSql = (code: string, placed = 'null'): string =>
  `coalesce(${placed}, here.mode, elsewhere.mode, case when ${code} in (${LISTED_AT_FIRST.map(one => `'${one}'`).join(', ')}) then 'listed' else 'counted' end)`

/** Marked for removal so many days ago, it should be gone: the system has been read since, or nobody has done it. */
export const REMOVAL_DAYS = 14
export const OVERDUE = `(f.state = 'removal' and f.decided_at < now() - interval '${REMOVAL_DAYS} days')`

/** Kinds that are about a right as such: it is the subject. */
const REGISTER_RIGHTS = [
  'licence-over',
  'kle-wider',
  'sensitivity-above',
  'unlimited',
  'data-not-stated',
  'no-condition',
]
/** The right that a finding is about: its object, or of those the subject itself. */
export const RIGHT = `case when f.code in (${REGISTER_RIGHTS.map(code => `'${code}'`).join(', ')}) then f.subject_id else f.object_id end`

const AGES = {
  week: `f.opened_at > now() - interval '7 days'`,
  month: `f.opened_at <= now() - interval '7 days' and f.opened_at > now() - interval '30 days'`,
  quarter: `f.opened_at <= now() - interval '30 days' and f.opened_at > now() - interval '90 days'`,
  older: `f.opened_at <= now() - interval '90 days'`,
} as const

/** Fewer than these of one unit and position with the same right are no lack of a rule: they are one line a right. */
const A_RULE_IS_FOR = 3

/** The exception in force by which `f` was settled: made in the same instant, for the same right of the same person. */
export const EXCEPTION = `x.in_force and x.person_id = f.person_id and x.entitlement_id = f.object_id and x.created_at = f.decided_at`

/** Of a batch whatever has become of it; else of one state, open without one. */
function inState({ state, batch }: Filter, q: Statement): string[] {
  const of = batch ? [`f.id in (select finding_id from finding_event where batch_id = ${q.bind(batch, 'uuid')})`] : []
  if (batch && !state) return of
  if (state === 'exception') return [...of, `exists (select from right_exception x where ${EXCEPTION})`]
  if (state === 'closed') return [...of, `f.state = 'closed'`]
  return [...of, `f.closed_at is null and f.state = ${q.bind(state ?? 'open', 'text')}`]
}

/** Handed to a person; or that ends an exception which that person answers for. */
const mineSql = (person: string): string =>
  `(f.owner_person_id = ${person} or f.code = 'exception-ending' and exists (
    select from right_exception x where x.id = f.subject_id and x.in_force and x.owner_person_id = ${person}))`

/**
 * CTEs that end in `found`: findings that the reader may know of and the filter leaves, each with `mode` and with `key`,
 * the cause under which it is listed: while no rule at all gives a right, everybody who holds it is one line, and so are the
 * few here and there who hold one that rules give to others.
 */
export function foundSql(actor: Actor, filter: Filter, q: Statement): string {
  const may = visibleTo(actor, q)
  const all = [may.finding('f', 'p'), `(f.person_id is null or ${may.person('p')})`, ...inState(filter, q)]
  if (filter.code) all.push(`f.code = ${q.bind(filter.code, 'text')}`)
  if (filter.severity) all.push(`f.severity = ${q.bind(filter.severity, 'text')}`)
  if (filter.system) all.push(`f.system_id = ${q.bind(filter.system, 'uuid')}`)
  if (filter.entitlement) all.push(`${RIGHT} = ${q.bind(filter.entitlement, 'uuid')}`)
  if (filter.mine) all.push(actor.personId ? mineSql(q.bind(actor.personId, 'uuid')) : 'false')
  if (filter.activity) all.push(`f.activity_id = ${q.bind(filter.activity, 'uuid')}`)
  if (filter.person) all.push(`f.person_id = ${q.bind(filter.person, 'uuid')}`)
  if (filter.unit)
    all.push(`f.unit_id in (select unit_id from org_unit_current where ${q.bind(filter.unit, 'uuid')} = any(path))`)
  if (filter.age) all.push(AGES[filter.age])
  if (filter.owner === 'activityowner' || filter.owner === 'manager') all.push(`f.owner_role = '${filter.owner}'`)
  else if (filter.owner)
    all.push(
      `f.owner_role in ('systemowner', 'it') and (f.owner_role = 'systemowner' and y.owner_affiliation_id is not null) = ${filter.owner === 'systemowner'}`,
    )
  return `given as materialized (
      select k.object_id, exists (select from assignment a where a.entitlement_id = k.object_id) as given
      from (select distinct object_id from finding where code = 'unexplained' and closed_at is null) k
    ), single as (
      select f.*, case when f.code = 'unexplained' and g.given is false then 'no-rule:' || f.object_id else f.cause end as line,
        ${modeSql('f.code', 'placed.mode')} as mode, y.owner_affiliation_id
      from finding f left join person_current p on p.person_id = f.person_id
      left join it_system y on y.id = f.system_id
      ${SWITCHES}
      left join given g on g.object_id = f.object_id
      where ${all.join(' and ')}
    ), found as materialized (
      select s.*, case when s.line like 'place:%' and count(*) over (partition by s.code, s.line) < ${A_RULE_IS_FOR}
        then 'spread:' || s.object_id else s.line end as key
      from single s
    )`
}

/**
 * Which rows of `found` are shown: those of listed kinds, or also those that are only counted (somebody handed them over, or
 * allowed them); of what was decided in one go all.
 */
export const shownSql = (filter: Filter, q: Statement): string =>
  `${filter.batch ? 'true' : `f.mode ${filter.counted || filter.person || filter.mine || filter.state === 'exception' ? `<> 'off'` : `= 'listed'`}`}${filter.cause ? ` and f.key = ${q.bind(filter.cause, 'text')}` : ''}`

/** A relation of one row: how many findings the list of a reader shows who asks for the serious ones, or for those of an age. */
export const shownByAgeSql = (actor: Actor, q: Statement): string =>
  `(with ${foundSql(actor, {}, q)} select count(*) filter (where f.severity = 'high') as findings_high,
     ${Object.entries(AGES)
       .map(([age, which]) => `count(*) filter (where ${which}) as findings_${age}`)
       .join(', ')}
     from found f where ${shownSql({}, q)})`
/** Findings of the last seven days, by kind, the most serious first, as the list of a reader shows them who asks for such a line. */
export const newByCodeSql = (actor: Actor, q: Statement): string => `with ${foundSql(actor, { age: 'week' }, q)}
  select f.code, f.severity, count(*)::int as count from found f where ${shownSql({ age: 'week' }, q)}
  group by 1, 2 order by array_position(array['high', 'medium', 'low'], f.severity), 3 desc, 1`

/** SQL of a number: how many findings the list of a reader shows who filters nothing (or only those handed to them). */
export const countShownSql = (actor: Actor, filter: Filter, q: Statement): string =>
  `(with ${foundSql(actor, filter, q)} select count(*) from found f where ${shownSql(filter, q)})`
