import { CELL_STATES } from '#contract/lists.ts'
import type { CellState } from '#contract/matrix.ts'

/** Cells in the order of persons and columns, as the database packs them. */
export type Cells = { length: number; person(cell: number): number; column(cell: number): number } & {
  code(cell: number): number
  count(cell: number): number
}

/** One cell in eight bytes, most significant first: person (4), column (2), code, number of rights. */
export const PACKED = 8
export function readCells(packed: Buffer): Cells {
  return {
    length: packed.length / PACKED,
    person: cell => packed.readUInt32BE(cell * PACKED),
    column: cell => packed.readUInt16BE(cell * PACKED + 4),
    code: cell => packed[cell * PACKED + 6] ?? 0,
    count: cell => packed[cell * PACKED + 7] ?? 0,
  }
}

const codeOf = (state: CellState): number => CELL_STATES.indexOf(state) + 1

/** SQL of a cell's code by `state` (of the comparison) and whether all it follows from is on leave. */
export const codeSql = (state: string, direct: string): string => `case
  when ${direct} and ${state} = 'matching' then ${codeOf('direct')}
  ${CELL_STATES.map(name => `when ${state} = '${name}' then ${codeOf(name)}`).join('\n  ')} else 0 end`

/** SQL of the packed form; see `readCells`. */
export const packedSql = (c: { person: string; column: string; code: string; count: string }): string =>
  `((${c.person}::bigint << 32) | (${c.column}::bigint << 16) | (${c.code}::bigint << 8) | least(${c.count}, 255)::bigint)`

const FIRST_DIFFERENCE = codeOf('missing')
/** Something in the cell is not as it should be. */
export const differs = (code: number): boolean => (code & 15) >= FIRST_DIFFERENCE

/**
 * The cells of the contract, people and columns in another order and some of them left out: `personTo` and `columnTo`
 * say where each went, -1 that it is not there.
 */
export function encodeCells(cells: Cells, people: number, personTo: Int32Array, columnTo: Int32Array) {
  const starts = new Uint32Array(people + 1)
  const sorted = new Map<number, number>()
  let kept = 0
  for (let cell = 0; cell < cells.length; cell++) {
    const to = personTo[cells.person(cell)] ?? -1
    if (to < 0 || (columnTo[cells.column(cell)] ?? -1) < 0) continue
    // Cells come person by person, so that the first of each says where the others are.
    if (!sorted.has(to)) sorted.set(to, cell)
    starts[to + 1] = (starts[to + 1] ?? 0) + 1
    kept++
  }
  for (let place = 0; place < people; place++) starts[place + 1] = (starts[place + 1] ?? 0) + (starts[place] ?? 0)
  const [columns, codes, counts] = [new Uint16Array(kept), new Uint8Array(kept), new Uint8Array(kept)]
  for (const [to, first] of sorted) {
    const person = cells.person(first)
    let at = starts[to] ?? 0
    for (let cell = first; cell < cells.length && cells.person(cell) === person; cell++) {
      const column = columnTo[cells.column(cell)] ?? -1
      if (column < 0) continue
      columns[at] = column
      codes[at] = cells.code(cell)
      counts[at++] = cells.count(cell)
    }
  }
  const text = (array: Uint8Array | Uint16Array | Uint32Array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64')
  return { starts: text(starts), columns: text(columns), codes: text(codes), counts: text(counts) }
}

/**
 * The aggregate: how many people of each unit (and everything below it) have something in a column, and how many of them
 * something that differs. `unitOf` by person (-1: none), `parents` by unit, `foldTo` by column of the cells.
 * Returns four numbers a cell: unit, column, people, people with a difference.
 */
export function foldCells(
  cells: Cells,
  unitOf: Int32Array,
  parents: readonly (number | null)[],
  foldTo: Int32Array,
  columns: number,
): number[] {
  const holders = new Uint32Array(parents.length * columns)
  const differing = new Uint32Array(parents.length * columns)
  const held = new Uint8Array(columns)
  const touched: number[] = []
  const settle = (person: number) => {
    for (let unit: number | null = unitOf[person] ?? -1; unit !== null && unit >= 0; unit = parents[unit] ?? null)
      for (const column of touched) {
        const at = unit * columns + column
        holders[at] = (holders[at] ?? 0) + 1
        if (held[column] === 2) differing[at] = (differing[at] ?? 0) + 1
      }
    for (const column of touched) held[column] = 0
    touched.length = 0
  }
  for (let cell = 0, before = -1; cell < cells.length; cell++) {
    const person = cells.person(cell)
    if (person !== before) settle(before)
    before = person
    const column = foldTo[cells.column(cell)] ?? -1
    if (column < 0) continue
    if (held[column] === 0) touched.push(column)
    if (differs(cells.code(cell))) held[column] = 2
    else if (held[column] === 0) held[column] = 1
    if (cell === cells.length - 1) settle(person)
  }
  const folded: number[] = []
  for (let at = 0; at < holders.length; at++)
    if (holders[at]) folded.push(Math.floor(at / columns), at % columns, holders[at] ?? 0, differing[at] ?? 0)
  return folded
}
