import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import { type getHeat, type getMatrix, MATRIX_PEOPLE } from '#contract/matrix.ts'
import { type Clock, knownOn } from '../../platform/clock.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { seesWholePeople } from '../whole-people.ts'
import { type Cells, encodeCells, foldCells, readCells } from './matrix-cells.ts'
import { type MatrixColumn, readColumns } from './matrix-columns-views.ts'
import { type Moment, type PastPerson, placePast, readPastCells, readPastPeople } from './matrix-past-views.ts'
import { type MatrixPerson, readPeople, readTodaysCells, readUnits } from './matrix-today-views.ts'
import { listUnits, type UnitRow } from './matrix-units.ts'

export type MatrixQuery = BodyOf<typeof getMatrix>
export type Matrix = ResponseOf<typeof getMatrix>
type Heat = ResponseOf<typeof getHeat>

export type Read = {
  asOf: string
  /** Of another day: when, and who was where. Null: today. */
  day: { at: Moment; people: PastPerson[] } | null
  past: boolean
  people: MatrixPerson[]
  total: number
  units: UnitRow[]
  columns: (MatrixColumn & { id: string; gone: boolean })[]
  areas: string[]
  cells: Cells
}

/**
 * Units, people, columns, areas, cells: a statement each, whatever is asked, all in one snapshot. `listed`: the answer
 * lists people, so no more than `MATRIX_PEOPLE`. `areas`: and the areas to choose from.
 */
export async function readMatrix(
  tx: Tx,
  actor: Actor,
  query: MatrixQuery,
  clock: Clock,
  { listed, areas: withAreas }: { listed: boolean; areas: boolean },
): Promise<Read> {
  const today = clock.today()
  const past = query.known !== undefined || (query.asOf !== undefined && query.asOf < today)
  if (!past) {
    const units = await readUnits(tx)
    const found = await readPeople(tx, actor, query)
    const people = listed ? found.slice(0, MATRIX_PEOPLE) : found
    const { columns, areas } = await readColumns(tx, query, withAreas)
    const cells = await readTodaysCells(tx, actor, { people, columns, query })
    return {
      asOf: today,
      day: null,
      past,
      people,
      total: found.length,
      units,
      columns,
      areas,
      cells: readCells(cells),
    }
  }
  const at: Moment = { valid: query.asOf ?? today, known: query.known ? knownOn(query.known, clock) : clock.now() }
  const then = await readPastPeople(tx, actor, query, at)
  const people = listed ? then.people.slice(0, MATRIX_PEOPLE) : then.people
  const { columns, areas } = await readColumns(tx, query, withAreas)
  const { cells, detailed } = await readPastCells(tx, actor, { people, columns, query, at })
  const placed = placePast(people, detailed, then.paths, query.unit)
  return {
    asOf: at.valid,
    day: { at, people },
    past,
    people: placed.map(one => (one.fits ? one : { ...one, unit: OUTSIDE })),
    total: then.people.length,
    units: then.units,
    columns,
    areas,
    cells: readCells(cells),
  }
}

/** Of a past day: not in the unit that is asked for, which is known only when the cells have been read. */
export const OUTSIDE = 'outside'

/** The question names rights, so who has none of them is not an answer to it. */
const asksForRights = (query: MatrixQuery) =>
  query.drift || query.protectedData || query.privileged || query.state !== undefined

export async function matrixView(tx: Tx, actor: Actor, query: MatrixQuery, clock: Clock): Promise<Matrix> {
  const { people, columns, cells, ...all } = await readMatrix(tx, actor, query, clock, { listed: true, areas: true })
  const [hasCells, hasHolders] = [new Uint8Array(people.length), new Uint8Array(columns.length)]
  for (let cell = 0; cell < cells.length; cell++) {
    const person = cells.person(cell)
    if (people[person]?.unit === OUTSIDE) continue
    hasCells[person] = 1
    hasHolders[cells.column(cell)] = 1
  }
  const narrow = asksForRights(query) || query.area !== undefined || query.system !== undefined
  const kept = people
    .map((person, place) => ({ person, place }))
    .filter(({ person, place }) => person.unit !== OUTSIDE && (hasCells[place] === 1 || (person.stays && !narrow)))
  const units = listUnits(all.units, new Set(kept.flatMap(({ person }) => person.unit ?? [])))
  const unitAt = new Map(units.map((unit, place) => [unit.id, place]))
  const inUnit = ({ person }: { person: MatrixPerson }) => unitAt.get(person.unit ?? '') ?? null
  // By unit, and within it in the order of names in which they came.
  kept.sort((a, b) => (inUnit(a) ?? units.length) - (inUnit(b) ?? units.length) || a.place - b.place)
  const personTo = new Int32Array(people.length).fill(-1)
  for (const [to, { place }] of kept.entries()) personTo[place] = to
  // Nobody in it: of interest to whoever sees everybody, when nothing in particular was asked for.
  const withEmpty = seesWholePeople(actor) && !asksForRights(query)
  const columnTo = new Int32Array(columns.length).fill(-1)
  const shown = columns.filter((column, place) => hasHolders[place] === 1 || (withEmpty && !column.gone))
  const columnAt = new Map(shown.map((column, place) => [column.id, place]))
  for (const [place, column] of columns.entries()) columnTo[place] = columnAt.get(column.id) ?? -1
  return {
    asOf: all.asOf,
    past: all.past,
    total: all.total > people.length ? all.total : kept.length,
    units,
    areas: all.areas,
    columns: shown.map(({ gone: _, ...column }) => column),
    people: kept.map(one => ({
      id: one.person.id,
      name: one.person.name,
      protected: one.person.protected,
      title: one.person.title,
      unit: inUnit(one),
    })),
    cells: encodeCells(cells, kept.length, personTo, columnTo),
  }
}

/** Units by areas, or by the systems of the one area (or the one system) that is named. */
export async function heatView(tx: Tx, actor: Actor, query: Omit<MatrixQuery, 'columns'>, clock: Clock): Promise<Heat> {
  const { people, columns, cells, ...all } = await readMatrix(
    tx,
    actor,
    { ...query, columns: 'systems' },
    clock,
    // Nobody is listed: all are counted, however many.
    { listed: false, areas: true },
  )
  const counted = people.map(person => person.unit !== OUTSIDE && person.stays)
  for (let cell = 0; cell < cells.length; cell++) {
    const person = cells.person(cell)
    if (people[person]?.unit !== OUTSIDE) counted[person] = true
  }
  const units = listUnits(all.units, new Set(people.flatMap((one, place) => (counted[place] && one.unit) || [])))
  const unitAt = new Map(units.map((unit, place) => [unit.id, place]))
  const unitOf = Int32Array.from(people, one => unitAt.get(one.unit ?? '') ?? -1)
  const inUnit = new Uint32Array(units.length)
  for (const [place, at] of unitOf.entries())
    if (counted[place])
      for (let unit: number | null = at; unit !== null && unit >= 0; unit = units[unit]?.parent ?? null)
        inUnit[unit] = (inUnit[unit] ?? 0) + 1
  const bySystem = query.area !== undefined || query.system !== undefined
  const folded: MatrixColumn[] = []
  const foldTo = new Int32Array(columns.length)
  const held = new Set<number>()
  for (let cell = 0; cell < cells.length; cell++) held.add(cells.column(cell))
  for (const [place, column] of columns.entries()) {
    const last = folded.at(-1)
    const same = !bySystem && last !== undefined && last.area === column.area
    if (!held.has(place)) foldTo[place] = -1
    else if (same) foldTo[place] = folded.length - 1
    else foldTo[place] = folded.push(bySystem ? withoutGone(column) : ofArea(column)) - 1
    if (held.has(place) && same) widen(last, column)
  }
  const parents = units.map(unit => unit.parent)
  return {
    asOf: all.asOf,
    past: all.past,
    total: counted.filter(Boolean).length,
    areas: all.areas,
    units: units.map((unit, place) => ({ ...unit, people: inUnit[place] ?? 0 })),
    columns: folded,
    cells: foldCells(cells, unitOf, parents, foldTo, folded.length),
  }
}

const withoutGone = ({ gone: _, ...column }: MatrixColumn & { gone: boolean }): MatrixColumn => column
const ofArea = (column: MatrixColumn): MatrixColumn => ({
  id: null,
  name: column.area ?? '',
  system: null,
  systemId: null,
  area: column.area,
  sensitivity: column.sensitivity,
  privileged: column.privileged,
})
const WEIGHT = ['none', 'personal', 'confidential', 'special', 'criminal'] as const
function widen(area: MatrixColumn, column: MatrixColumn): void {
  if (WEIGHT.indexOf(column.sensitivity) > WEIGHT.indexOf(area.sensitivity)) area.sensitivity = column.sensitivity
  area.privileged ||= column.privileged
}
