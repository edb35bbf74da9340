import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { type getFlow, stateOfCode } from '#contract/matrix.ts'
import { sensitivity } from '#contract/shapes.ts'
import { visibleTo } from '../../access/visible.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Statement, statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { type FlowThing, foldFlow } from './fold-flow.ts'
import { scopedSql } from './matrix-past-views.ts'
import { type ListedUnit, listUnits } from './matrix-units.ts'
import { OUTSIDE, type Read, readMatrix } from './matrix-views.ts'

type FlowQuery = BodyOf<typeof getFlow>
type Flow = ResponseOf<typeof getFlow>
type Grounds = { packed: Buffer; names: { key: string; name: string | null; role: boolean }[] }

/** The cells of the matrix with rights as columns, each with the role or rule that gives it: one statement more. */
export const flowView = async (...asked: Parameters<typeof readFlow>): Promise<Flow> => (await readFlow(...asked)).flow

/** The same, with what it was folded from. */
export async function readFlow(
  tx: Tx,
  actor: Actor,
  { by, through, ...query }: FlowQuery,
  clock: Clock,
): Promise<{ read: Read; flow: Flow }> {
  const read = await readMatrix(tx, actor, { ...query, columns: 'rights' }, clock, {
    listed: false,
    areas: false,
  })
  const grounds = await readGrounds(tx, actor, read)
  const { group, groups } = by === 'unit' ? groupByUnit(read, query.unit) : groupByTitle(read)
  const { flows, things } = join(read, grounds, group, groups)
  const about = {
    unit: read.units.find(unit => unit.id === query.unit)?.name ?? null,
    system: query.system ? (read.columns[0]?.system ?? null) : null,
  }
  return { read, flow: { asOf: read.asOf, past: read.past, about, ...foldFlow(flows, things, through) } }
}

const EXCEPTION = 'exception'
const UNEXPLAINED = 'unexplained'

/** Cells and grounds both come by person and right, so one walk puts them together. */
function join(read: Read, grounds: Grounds, group: Int32Array, groups: FlowThing[]) {
  const { cells, people, columns } = read
  const bySystem = new Map<string, number>()
  const systems: FlowThing[] = []
  const systemOf = Int32Array.from(columns, column => {
    const id = column.systemId ?? ''
    const known = bySystem.get(id)
    if (known !== undefined) return known
    bySystem.set(id, systems.length)
    return systems.push({ key: id, name: column.system, kind: 'system' }) - 1
  })
  const data: FlowThing[] = sensitivity.options.map(key => ({ key, name: null, kind: 'data' }))
  const dataOf = Int32Array.from(columns, column => sensitivity.options.indexOf(column.sensitivity))
  const given: FlowThing[] = grounds.names.map(({ key, name, role }) => ({
    key: `${role ? 'role' : 'rule'}:${key}`,
    name: name ?? key,
    kind: role ? 'role' : 'rule',
  }))
  const [exception, unexplained, none] = [given.length, given.length + 1, given.length + 2]
  given.push(
    { key: EXCEPTION, name: null, kind: 'exception' },
    { key: UNEXPLAINED, name: null, kind: 'unexplained' },
    { key: 'none', name: null, kind: 'none' },
  )
  const flow: { person: number[]; right: number[]; ground: number[] } = { person: [], right: [], ground: [] }
  let next = 0
  const ends = grounds.packed.length / 8
  for (let cell = 0; cell < cells.length; cell++) {
    const [person, right] = [cells.person(cell), cells.column(cell)]
    if (people[person]?.unit === OUTSIDE) continue
    const add = (ground: number) => {
      flow.person.push(person)
      flow.right.push(right)
      flow.ground.push(ground)
    }
    const before = () => {
      const who = grounds.packed.readUInt32BE(next * 8)
      return who - person || grounds.packed.readUInt16BE(next * 8 + 4) - right
    }
    while (next < ends && before() < 0) next++
    let found = false
    for (; next < ends && before() === 0; next++) {
      add(grounds.packed.readUInt16BE(next * 8 + 6))
      found = true
    }
    if (found) continue
    const state = stateOfCode(cells.code(cell))
    add(state === 'exception' ? exception : state === 'unexplained' || state === 'stale' ? unexplained : none)
  }
  const at = (list: ArrayLike<number>) => (place: number) => list[place] ?? 0
  return {
    things: [groups, given, systems, data],
    flows: {
      length: flow.person.length,
      person: at(flow.person),
      right: at(flow.right),
      thing: [
        (place: number) => group[flow.person[place] ?? 0] ?? 0,
        at(flow.ground),
        (place: number) => systemOf[flow.right[place] ?? 0] ?? 0,
        (place: number) => dataOf[flow.right[place] ?? 0] ?? 0,
      ],
    },
  }
}

/**
 * Why each expected right is: eight bytes a (person, right, ground), as cells are packed. The role that a rule gives, or
 * the rule where it gives the right itself. Of another day what was stored at its end.
 */
async function readGrounds(tx: Tx, actor: Actor, { people, columns, day }: Read): Promise<Grounds> {
  const q = statement()
  const may = visibleTo(actor, q)
  const ids = (list: readonly { id: string }[]) =>
    q.bind(
      list.map(one => one.id),
      'uuid[]',
    )
  const [row] = await tx.query<{ packed: Buffer | null; names: Grounds['names'] | null }>(
    `with listed as materialized (
       select person_id, place - 1 as place from unnest(${ids(people)}) with ordinality as p (person_id, place)
     ), scope as materialized (
       select id, place - 1 as place from unnest(${ids(columns)}) with ordinality as c (id, place)
     ), ${day ? pastGrounds(day, may, q) : todaysGrounds(may)},
     named as materialized (
       select key, role, row_number() over (order by role desc, key) - 1 as place,
         (select coalesce(
           (select r.name from rights_role r where role and r.key = g.key order by r.version desc limit 1),
           (select r.name from rights_rule r where not role and r.key = g.key order by r.version desc limit 1))) as name
       from (select distinct key, role from ground) g
     ), packed as (
       select distinct ((g.person::bigint << 32) | (g.col::bigint << 16) | n.place::bigint) as flow
       from ground g join named n on n.key = g.key and n.role = g.role
     )
     select (select string_agg(int8send(flow), ''::bytea order by flow) from packed) as packed,
       (select jsonb_agg(jsonb_build_object('key', key, 'name', name, 'role', role) order by place) from named) as names`,
    q.params,
  )
  return { packed: row?.packed ?? Buffer.alloc(0), names: row?.names ?? [] }
}

const GROUND = `listed.place as person, scope.place as col, cardinality(d.role_path) > 0 as role,
  coalesce(d.role_path[1], d.rule_key) as key`

const todaysGrounds = (may: ReturnType<typeof visibleTo>): string => `ground as materialized (
  select distinct ${GROUND}
  from listed join affiliation_current ac on ac.person_id = listed.person_id
  join assignment a on a.affiliation_id = ac.affiliation_id
  join scope on scope.id = a.entitlement_id
  join entitlement e on e.id = a.entitlement_id
  join person_current p on p.person_id = listed.person_id
  join derivation d on d.id = a.derivation_id
  where ${may.assignment('ac', 'p', 'e')})`

/** What was stored at the end of that day, of affiliations that the reader may know the rights of. */
const pastGrounds = (
  { at, people }: NonNullable<Read['day']>,
  may: ReturnType<typeof visibleTo>,
  q: Statement,
): string => `${scopedSql(people, q)}, moment as materialized (
  select least(${q.bind(at.known, 'timestamptz')}, (${q.bind(at.valid, 'date')} + 1)::timestamp at time zone 'Europe/Copenhagen') as at
), held as (
  select a.affiliation_id, a.entitlement_id, a.derivation_id from assignment a, moment where a.reason_since <= moment.at
  union all
  select h.affiliation_id, h.entitlement_id, h.derivation_id from assignment_history h, moment where h.held @> moment.at
), ground as materialized (
  select distinct ${GROUND}
  from listed join affiliation f on f.person_id = listed.person_id
  join held on held.affiliation_id = f.id
  join scope on scope.id = held.entitlement_id
  join entitlement e on e.id = held.entitlement_id
  join person_current p on p.person_id = listed.person_id
  join derivation d on d.id = held.derivation_id
  cross join lateral (select f.person_id, e.id as entitlement_id, array[f.id] as grounds) x
  where ${may.pastRight('x', 'p', 'e', 'scoped')})`

/**
 * The parts that the asked unit (the whole, when none is) splits into, where no part has nearly everybody: a municipality
 * beside its council says nothing.
 */
function groupByUnit(read: Read, asked: string | undefined): { group: Int32Array; groups: FlowThing[] } {
  const counted = read.people.filter(one => one.unit !== null && one.unit !== OUTSIDE)
  const units = listUnits(read.units, new Set(counted.flatMap(one => one.unit ?? [])))
  const placeOf = new Map(units.map((unit, place) => [unit.id, place]))
  const path = (place: number): number[] => {
    const above = units[place]?.parent ?? null
    return above === null ? [place] : [...path(above), place]
  }
  const paths = units.map((_, place) => path(place))
  const start = asked === undefined ? undefined : placeOf.get(asked)
  let depth = start === undefined ? 0 : (paths[start]?.length ?? 0)
  const inside = (place: number) => start === undefined || (paths[place] ?? []).includes(start)
  const used = counted.flatMap(one => placeOf.get(one.unit ?? '') ?? []).filter(inside)
  const largestAt = (of: number): number => {
    const sizes = new Map<number, number>()
    for (const at of used) {
      const part = paths[at]?.[of] ?? at
      sizes.set(part, (sizes.get(part) ?? 0) + 1)
    }
    return Math.max(0, ...sizes.values())
  }
  const deepest = used.reduce((most, at) => Math.max(most, (paths[at] ?? []).length), 0)
  while (depth + 1 < deepest && largestAt(depth) > used.length * 0.9) depth++
  const groups: FlowThing[] = []
  const known = new Map<string, number>()
  const place = (unit: ListedUnit | undefined): number => {
    const key = unit?.id ?? 'no-unit'
    const found = known.get(key)
    if (found !== undefined) return found
    known.set(key, groups.length)
    return groups.push(unit ? { key, name: unit.name, kind: 'unit' } : { key, name: null, kind: 'none' }) - 1
  }
  const group = Int32Array.from(read.people, one => {
    const at = placeOf.get(one.unit ?? '')
    if (at === undefined) return place(undefined)
    return place(units[paths[at]?.[depth] ?? at])
  })
  return { group, groups }
}

function groupByTitle(read: Read): { group: Int32Array; groups: FlowThing[] } {
  const groups: FlowThing[] = []
  const known = new Map<string, number>()
  const group = Int32Array.from(read.people, one => {
    const key = one.title ?? ''
    const found = known.get(key)
    if (found !== undefined) return found
    known.set(key, groups.length)
    return groups.push({ key, name: one.title, kind: one.title === null ? 'none' : 'title' }) - 1
  })
  return { group, groups }
}
