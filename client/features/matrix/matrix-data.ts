import type { ResponseOf } from '#contract/endpoint.ts'
import { type CellState, columnFits, type getHeat, type getMatrix, stateOfCode } from '#contract/matrix.ts'

export type MatrixData = ResponseOf<typeof getMatrix>
export type HeatData = ResponseOf<typeof getHeat>
export type MatrixColumn = MatrixData['columns'][number]

/** Cells as the contract packs them: of person p those from `starts[p]` up to `starts[p + 1]`, by column. */
export type Cells = { starts: Uint32Array; columns: Uint16Array; codes: Uint8Array; counts: Uint8Array }

const bytes = (base64: string): ArrayBuffer => Uint8Array.from(atob(base64), char => char.charCodeAt(0)).buffer

export const decodeCells = (cells: MatrixData['cells']): Cells => ({
  starts: new Uint32Array(bytes(cells.starts)),
  columns: new Uint16Array(bytes(cells.columns)),
  codes: new Uint8Array(bytes(cells.codes)),
  counts: new Uint8Array(bytes(cells.counts)),
})

/**
 * The answer with only the columns that are looked for, and its cells; the people are the same. Grid, list, legend and
 * paper are drawn from it, so they are about the same columns.
 */
export function narrowColumns(matrix: MatrixData, find: string): { matrix: MatrixData; cells: Cells } {
  const all = decodeCells(matrix.cells)
  if (find === '') return { matrix, cells: all }
  let kept = 0
  const to = Int32Array.from(matrix.columns, column => (columnFits(column, find) ? kept++ : -1))
  const starts = new Uint32Array(all.starts.length)
  const places: number[] = []
  for (let person = 0; person < matrix.people.length; person++) {
    for (let at = all.starts[person] ?? 0; at < (all.starts[person + 1] ?? 0); at++)
      if ((to[all.columns[at] ?? 0] ?? -1) !== -1) places.push(at)
    starts[person + 1] = places.length
  }
  const cells = {
    starts,
    columns: Uint16Array.from(places, at => to[all.columns[at] ?? 0] ?? 0),
    codes: Uint8Array.from(places, at => all.codes[at] ?? 0),
    counts: Uint8Array.from(places, at => all.counts[at] ?? 0),
  }
  return { matrix: { ...matrix, columns: matrix.columns.filter((_, place) => to[place] !== -1) }, cells }
}

/** What is listed down the grid: a band with a unit's name, or a person. */
export type Row =
  | { kind: 'band'; unit: number | null; people: number; from: number; to: number; closed: boolean }
  | { kind: 'person'; person: number }

/** People in the order of the answer, under a band a unit; people of closed bands are left out. */
export function layRows(matrix: MatrixData, grouped: boolean, closed: ReadonlySet<number | null>): Row[] {
  const { people } = matrix
  if (!grouped) return people.map((_, person) => ({ kind: 'person', person }))
  const rows: Row[] = []
  for (let from = 0; from < people.length; ) {
    const unit = people[from]?.unit ?? null
    let to = from
    while (to < people.length && (people[to]?.unit ?? null) === unit) to++
    rows.push({ kind: 'band', unit, people: to - from, from, to, closed: closed.has(unit) })
    if (!closed.has(unit)) for (let person = from; person < to; person++) rows.push({ kind: 'person', person })
    from = to
  }
  return rows
}

/** What is listed across: one column of the answer, or a closed area of several. `from` to `to` are its columns. */
export type Col = { area: string | null; from: number; to: number; closed: boolean }
/** Neighbouring columns of one area, as the row of areas above them shows. */
export type AreaSpan = { area: string | null; at: number; width: number; columns: number; closed: boolean }

export function layColumns(matrix: MatrixData, closed: ReadonlySet<string | null>): { cols: Col[]; areas: AreaSpan[] } {
  const cols: Col[] = []
  const areas: AreaSpan[] = []
  for (const [place, column] of matrix.columns.entries()) {
    const { area } = column
    const shut = closed.has(area)
    const last = areas.at(-1)
    const col = cols.at(-1)
    if (last && last.area === area) {
      last.columns++
      if (shut && col) {
        col.to = place + 1
        continue
      }
      last.width++
    } else areas.push({ area, at: cols.length, width: 1, columns: 1, closed: shut })
    cols.push({ area, from: place, to: place + 1, closed: shut })
  }
  return { cols, areas }
}

export type Found = { code: number; count: number }

/** What one person has in the columns from `from` up to `to`: the worst of it, and how many rights. 0 is nothing. */
export function lookUp(cells: Cells, person: number, from: number, to: number): Found {
  const end = cells.starts[person + 1] ?? 0
  let code = 0
  let count = 0
  for (let at = firstFrom(cells, person, from); at < end && (cells.columns[at] ?? to) < to; at++) {
    const one = cells.codes[at] ?? 0
    code = Math.max(one & 15, code & 15) | ((code | one) & 16)
    count += cells.counts[at] ?? 0
  }
  return { code, count }
}

/** Place of the first cell of a person at or after a column. */
export function firstFrom(cells: Cells, person: number, column: number): number {
  let low = cells.starts[person] ?? 0
  let high = cells.starts[person + 1] ?? 0
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cells.columns[middle] ?? 0) < column) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * How many people of a band have something in each of what is listed across; in a folded area each is counted once,
 * however much of it they have.
 */
export function holdersOf(cells: Cells, from: number, to: number, cols: readonly Col[]): Uint32Array {
  const holders = new Uint32Array(cols.length)
  for (let person = from; person < to; person++) {
    let col = 0
    let counted = -1
    for (let at = cells.starts[person] ?? 0; at < (cells.starts[person + 1] ?? 0); at++) {
      const column = cells.columns[at] ?? 0
      while (col < cols.length && (cols[col]?.to ?? 0) <= column) col++
      if (col === counted || col === cols.length || column < (cols[col]?.from ?? 0)) continue
      holders[col] = (holders[col] ?? 0) + 1
      counted = col
    }
  }
  return holders
}

/** How many cells show each state. */
export function countStates(cells: Cells): Map<CellState, number> {
  const counts = new Uint32Array(16)
  for (const code of cells.codes) counts[code & 15] = (counts[code & 15] ?? 0) + 1
  const found = new Map<CellState, number>()
  for (const [code, count] of counts.entries()) {
    const state = stateOfCode(code)
    if (state && count > 0) found.set(state, count)
  }
  return found
}

/** Names of a unit and those above it, the unit itself last. */
export function unitPath(units: MatrixData['units'], unit: number | null): string[] {
  const names: string[] = []
  for (let at = unit; at !== null; at = units[at]?.parent ?? null) names.unshift(units[at]?.name ?? '')
  return names
}
