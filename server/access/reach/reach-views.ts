import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { visibleTo } from '../visible.ts'
import { activityRights } from './activity-rights.ts'
import { type Crowd, countReach, type Footprint, type ReachCount } from './count-reach.ts'
import { REACH, reachCellCtes } from './reach-cells-sql.ts'
import type { Operation } from './reach-limits.ts'
import type { ReachNarrow } from './reach-sql.ts'

/** Whose rights and which; `reader`: only what this reader may know of, otherwise all. */
export type ReachFilter = {
  unit?: string | undefined
  system?: string | undefined
  activity?: string | undefined
  /** What is to be done with it: purposes for something else do not count. Not said: anything. */
  operation?: Operation | undefined
}
export type ReachAsked = ReachFilter & { data?: readonly string[]; subjects?: readonly string[] }
type Reader = { reader?: Actor | undefined }

type Ref = { id: string; key: string; name: string }
type ActivityRef = { id: string; ref: string; name: string }
export type Ground = { place: number; key: string | null; name: string | null; kind: 'role' | 'rule' | 'seen' }
export type ReachSet = {
  footprints: Footprint[]
  crowds: Crowd[]
  systems: Map<string, Ref>
  activities: Map<string, ActivityRef>
  /** By place; only where they were asked for. A print is then `place * GROUND + footprint`. */
  grounds: Ground[]
}
export const GROUND = 1_000_000

export type Q = ReturnType<typeof statement>
type Cell = Footprint['cells'][number]
type PackedCell = [string | null, string | null, string | null, string, string | null, boolean, string | null]

/** The parts of the set that a reader may know of, of a unit and a system. */
export function narrowOf(q: Q, { unit, system }: ReachFilter, reader?: Actor): ReachNarrow {
  const may = reader ? visibleTo(reader, q) : null
  const place = unit === undefined ? null : q.bind(unit, 'uuid')
  const and = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' and ') || 'true'
  return {
    given: and(may?.assignment('ac', 'p', 'e'), place && `${place} = any(ac.unit_path)`),
    seen: and(may?.observed('h', 'p', 'e'), place && `${place} = any(p.unit_ids)`),
    ...(system === undefined
      ? {}
      : { among: `RIGHT in (select id from entitlement where system_id = ${q.bind(system, 'uuid')})` }),
  }
}

/** What is reached and by how many, as one statement: footprints with their cells, and how many people have which. */
export async function readReach(
  tx: Tx,
  day: string,
  filter: ReachFilter & Reader = {},
  { grounds = false } = {},
): Promise<ReachSet> {
  const q = statement()
  const on = q.bind(day, 'date')
  const activity = filter.activity === undefined ? null : q.bind(filter.activity, 'uuid')
  const { among = 'true', ...narrow } = narrowOf(q, filter, filter.reader)
  const looked = activity === null ? among : `${among} and RIGHT in (${activityRights(activity, on)})`
  const cells = activity === null ? 'true' : `activity_id = ${activity}`
  const print = grounds ? `(g.place * ${GROUND} + n.footprint)` : 'n.footprint'
  const [row] = await tx.query<{
    footprints: (Omit<Footprint, 'cells'> & { cells: PackedCell[] })[] | null
    crowds: Crowd[] | null
    systems: Ref[] | null
    activities: ActivityRef[] | null
    grounds: Ground[] | null
  }>(
    `with ${reachCellCtes(on, { ...narrow, among: looked, grounds }, filter.operation)}, ground as materialized (
       -- The role that a rule gives, or the rule where it gives the right itself.
       select x.kind, x.key, x.ground, row_number() over (order by kind, key) - 1 as place, coalesce(
         case kind when 'role' then (select r.name from rights_role r where r.key = x.key order by r.version desc limit 1)
           when 'rule' then (select r.name from rights_rule r where r.key = x.key order by r.version desc limit 1) end, x.key) as name
       from (select distinct ground, split_part(ground, ':', 1) as kind, substr(ground, strpos(ground, ':') + 1) as key from reach_print) x
     ), cells as materialized (select * from reach_cell where ${cells})
     select
       (select json_agg(json_build_object('id', x.footprint, 'systemId', x.system_id, 'cells', x.cells)) from (
         select footprint, system_id, json_agg(json_build_array(activity_id, data, subject, how, beyond, part, uncounted)) as cells from cells group by 1, 2) x) as footprints,
       (select json_agg(json_build_object('people', y.people, 'prints', y.prints)) from (
         select x.prints, count(*) as people from (
           select w.person_id, array_agg(distinct w.print order by w.print) as prints
           from (select ${print} as print, unnest(n.persons) as person_id from reach_print n ${grounds ? 'join ground g on g.ground = n.ground' : ''}
             where n.footprint in (select footprint from cells)) w
           group by w.person_id) x group by x.prints) y) as crowds,
       (select json_agg(json_build_object('id', s.id, 'key', s.key, 'name', s.name)) from it_system s
         where s.id in (select system_id from cells)) as systems,
       (select json_agg(json_build_object('id', y.id, 'ref', y.ref, 'name', v.content ->> 'name'))
         from reach_record r join activity y on y.id = r.activity_id join activity_version v on v.id = r.version_id
         where y.id in (select activity_id from cells)) as activities,
       ${grounds ? `(select json_agg(json_build_object('place', place, 'key', key, 'name', name, 'kind', kind) order by place) from ground)` : 'null::json'} as grounds`,
    q.params,
  )
  const byId = <T extends { id: string }>(rows: T[] | null | undefined) =>
    new Map((rows ?? []).map(one => [one.id, one]))
  return {
    footprints: (row?.footprints ?? []).map(one => ({
      ...one,
      cells: one.cells.map(([activityId, data, subject, how, beyond, part, uncounted]) => ({
        ...{ activityId, data, subject, part, uncounted: uncounted === null ? [] : typesOf(uncounted) },
        ...{ how: how as Cell['how'], beyond: beyond as Cell['beyond'] },
      })),
    })),
    crowds: row?.crowds ?? [],
    systems: byId(row?.systems),
    activities: byId(row?.activities),
    grounds: row?.grounds ?? [],
  }
}

/** Types of limit as `reach_cell` has them. */
export const typesOf = (lines: string): string[] => [...new Set(lines.split('\n').filter(Boolean))]

export type ReachCell = { data: string; subject: string } & ReachCount
const SPLIT = '\u0000'

/** People by data and subject category on a day, `''` where no record states them; `*` is all of them, each person once. */
export async function reachMatrix(
  tx: Tx,
  { day, ...filter }: { day: string } & ReachFilter & Reader,
): Promise<ReachCell[]> {
  const set = await readReach(tx, day, filter)
  return cellsOf(set)
}

export function cellsOf(set: ReachSet, classOf: (data: string) => string | null = () => null): ReachCell[] {
  return readCells(countReach(set.footprints, set.crowds, cell => cellKeys(cell, classOf)))
}

/** What one cell counts for: itself, all about anybody, everything; and all data of its class where classes are asked for. */
export function cellKeys(
  { data, subject }: { data: string | null; subject: string | null },
  classOf: (data: string) => string | null,
): string[] {
  if (data === null || subject === null) return ['']
  const group = classOf(data)
  return [
    `${data}${SPLIT}${subject}`,
    `${data}${SPLIT}*`,
    `*${SPLIT}*`,
    ...(group === null ? [] : [`*${group}${SPLIT}*`]),
  ]
}

/** Those of counted things that are cells, in the order of their codes. */
export function readCells(counted: ReadonlyMap<string, ReachCount>): ReachCell[] {
  return [...counted]
    .flatMap(([key, count]): ReachCell[] => {
      if (key === '') return [{ data: '', subject: '', ...count }]
      const [data = '', subject] = key.split(SPLIT)
      return subject === undefined ? [] : [{ data, subject, ...count }]
    })
    .sort((a, b) => (a.data + SPLIT + a.subject < b.data + SPLIT + b.subject ? -1 : 1))
}

/** One statement for whoever reads the rows of the set themselves: findings, packages. `$1` is the day. */
export const reachRowsSql = (narrow?: ReachNarrow): string => `with ${reachCellCtes('$1', narrow)}
  select w.person_id, w.affiliation_id, w.unit_id, w.system_id, w.entitlement_id, c.activity_id, c.data as data_category,
    c.subject as subject_category, c.how from ${REACH}`

/** Everybody who holds, or should hold, a right of an activity: bound to it, or in a system that its record names. */
export async function peopleOfActivity(tx: Tx, activityId: string, day: string): Promise<ReachCount> {
  const set = await readReach(tx, day, { activity: activityId })
  return (
    countReach(set.footprints, set.crowds, () => ['all']).get('all') ?? { people: 0, constrained: 0, unexplained: 0 }
  )
}

/** The same of every activity in one statement, for what the records claim of how many have access. */
export async function peopleOfActivities(tx: Tx, day: string): Promise<Map<string, ReachCount>> {
  const set = await readReach(tx, day)
  return countReach(set.footprints, set.crowds, cell => (cell.activityId === null ? [] : [cell.activityId]))
}
