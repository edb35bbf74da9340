import { randomUUID } from 'node:crypto'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getReachTrend } from '#contract/reach.ts'
import { addDays } from '../../platform/civil-date.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { sqlFor } from '../../policy/policy.ts'
import { readTerms } from './reach-terms.ts'
import { cellsOf, type ReachCell, readReach } from './reach-views.ts'

/** Figures of everybody's rights are for those who see all of them. */
export const mayReadKept = (actor: Actor): boolean =>
  sqlFor(actor, 'read', 'Binding', { systemId: { sql: 's.id', type: 'uuid' } }, { startAt: 1 }).sql === 'true'

/** Figures of how far down: the municipality, its directorates and what they consist of. Below that units are small. */
const LEVELS = 2
const WEEK = 7

/**
 * Once a week the figures of that day, of everybody and by unit; nothing before a week has gone. Answers how many rows were
 * kept. `units: false`: of everybody only.
 */
export async function keepReach(tx: Tx, day: string, { units = true } = {}): Promise<number> {
  const [last] = await tx.query<{ day: string | null }>('select max(day) as day from reach_snapshot')
  if (last?.day && last.day > addDays(day, -WEEK)) return 0
  const [begun] = await tx.query(
    'select from activity_in_force where upper_inf(recorded) and valid @> $1::date limit 1',
    [day],
  )
  // Before the first record is in force there is nothing to count.
  if (!begun) return 0
  const { classOf } = await readTerms(tx)
  const places = units
    ? await tx.query<{ id: string }>(
        `select unit_id as id from org_unit_current where tree = 'admin' and active and level between 1 and $1 order by 1`,
        [LEVELS],
      )
    : []
  let kept = 0
  for (const unit of [null, ...places.map(one => one.id)]) {
    const cells = cellsOf(await readReach(tx, day, { unit: unit ?? undefined }), classOf)
    kept += cells.length
    await tx.query(
      `insert into reach_snapshot (id, day, unit_id, data_category, subject_category, people, constrained, unexplained)
       select r.id, $1, $2, r.data, r.subject, r.people, r.constrained, r.unexplained from jsonb_to_recordset($3::jsonb)
         as r (id uuid, data text, subject text, people int, constrained int, unexplained int)`,
      [day, unit, JSON.stringify(cells.map(cell => ({ id: randomUUID(), ...cell })))],
    )
  }
  return kept
}

/** Days of which there are figures of everybody, or of a unit; the latest last. */
export async function daysKept(tx: Tx, unit: string | undefined): Promise<string[]> {
  const rows = await tx.query<{ day: string }>(
    'select distinct day from reach_snapshot where unit_id is not distinct from $1::uuid order by day',
    [unit ?? null],
  )
  return rows.map(row => row.day)
}

export const keptCells = (tx: Tx, day: string, unit: string | undefined): Promise<ReachCell[]> =>
  tx.query<ReachCell>(
    `select data_category as data, subject_category as subject, people, constrained, unexplained from reach_snapshot
     where day = $1 and unit_id is not distinct from $2::uuid order by 1, 2`,
    [day, unit ?? null],
  )

/** At most so many lines in one picture. */
const SERIES = 6

/** Of each pair week by week. No data: the classes that need protection; no subject: about anybody. */
export async function reachTrend(
  tx: Tx,
  asked: { unit?: string | undefined; data: readonly string[]; subjects: readonly string[] },
): Promise<ResponseOf<typeof getReachTrend>> {
  const data =
    asked.data.length > 0 ? asked.data : asked.subjects.length > 0 ? [] : ['*', '*special', '*criminal', '*cpr']
  const rows = await tx.query<{ data: string; subject: string; points: unknown }>(
    `select data_category as data, subject_category as subject, json_agg(json_build_object('day', day, 'people', people,
       'constrained', constrained, 'unexplained', unexplained) order by day) as points
     from reach_snapshot where unit_id is not distinct from $1::uuid
       and (data_category = any($2) or cardinality($2::text[]) = 0 and data_category not like '*%' and data_category <> '')
       and (case when cardinality($3::text[]) = 0 then subject_category = '*' else subject_category = any($3) end)
     group by 1, 2 order by max(people) desc, 1, 2 limit ${SERIES}`,
    [asked.unit ?? null, data, asked.subjects],
  )
  return { series: rows as ResponseOf<typeof getReachTrend>['series'] }
}

export type ReachDrift = {
  data: string
  day: string
  people: number
  unexplained: number
  more: number
  moreUnexplained: number
}

/**
 * Of each class of data that needs protection (`*special`, `*criminal`, `*cpr`) and of all (`*`), week by week, how many
 * reach it and how many more that is than in the week before. The latest last.
 */
export async function reachDrift(tx: Tx, weeks: number): Promise<ReachDrift[]> {
  return tx.query<ReachDrift>(
    `select data, day, people, unexplained, more, "moreUnexplained" from (
       select data_category as data, day, people, unexplained,
         people - lag(people, 1, people) over w as more, unexplained - lag(unexplained, 1, unexplained) over w as "moreUnexplained",
         row_number() over (partition by data_category order by day desc) as back
       from reach_snapshot where unit_id is null and subject_category = '*' and data_category in ('*', '*special', '*criminal', '*cpr')
       window w as (partition by data_category order by day)) x
     where back <= $1 order by data, day`,
    [weeks],
  )
}
