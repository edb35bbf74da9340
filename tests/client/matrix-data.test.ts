import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CELL_STATES } from '#contract/lists.ts'
import { columnFits } from '#contract/matrix.ts'
import {
  type Cells,
  decodeCells,
  holdersOf,
  layColumns,
  lookUp,
  type MatrixData,
  narrowColumns,
} from '../../client/features/matrix/matrix-data.ts'
import { matrix as da } from '../../client/texts/da/matrix.ts'
import { matrix as en } from '../../client/texts/en/matrix.ts'
import { exportWords } from '../../server/overview/matrix/export-words.ts'
import { narrowMatrix } from '../../server/overview/matrix/matrix-export.ts'

const words = ['Nexus', 'KMD', 'Løn', 'Sag', 'nexus-Løn', 'Ærø']
const base64 = (array: Uint8Array | Uint16Array | Uint32Array) =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64')

/** People by columns in areas that stand together, some cells of them filled. */
const matrices = fc
  .record({
    columns: fc.array(
      fc.record({
        name: fc.constantFrom(...words),
        system: fc.option(fc.constantFrom(...words)),
        area: fc.constantFrom(null, 'A', 'B', 'C'),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    held: fc.array(fc.array(fc.nat(15), { maxLength: 12 }), { minLength: 1, maxLength: 8 }),
  })
  .map(({ columns, held }): MatrixData => {
    const sorted = columns.sort((a, b) => String(a.area).localeCompare(String(b.area)))
    const starts = [0]
    const [places, codes, counts]: number[][] = [[], [], []]
    for (const codesOf of held) {
      for (const [place, code] of codesOf.slice(0, sorted.length).entries()) {
        if (code === 0 || code > CELL_STATES.length) continue
        places!.push(place)
        codes!.push(code)
        counts!.push(1)
      }
      starts.push(places!.length)
    }
    return {
      asOf: '2026-03-02',
      past: false,
      total: held.length,
      units: [],
      areas: [],
      columns: sorted.map((one, place) => ({
        id: `${place}`,
        systemId: `${place}`,
        sensitivity: 'none',
        privileged: false,
        ...one,
      })),
      people: held.map((_, place) => ({
        id: `${place}`,
        name: `P${place}`,
        protected: false,
        title: null,
        unit: null,
      })),
      cells: {
        starts: base64(Uint32Array.from(starts)),
        columns: base64(Uint16Array.from(places!)),
        codes: base64(Uint8Array.from(codes!)),
        counts: base64(Uint8Array.from(counts!)),
      },
    }
  })
const finds = fc.constantFrom('', 'nexus', 'løn', 'NEXUS løn', 'ærø', 'findes ikke')

/** What a person has in a column, found without the packing. */
const plainly = (matrix: MatrixData, cells: Cells) =>
  matrix.people.map((_, person) =>
    Object.fromEntries(
      matrix.columns.flatMap((column, place) => {
        const { code } = lookUp(cells, person, place, place + 1)
        return code ? [[column.id, code]] : []
      }),
    ),
  )

test('what is looked for narrows screen and file to the same columns with the same cells', () => {
  fc.assert(
    fc.property(matrices, finds, (all, find) => {
      const seen = narrowColumns(all, find)
      const fits = all.columns.filter(column => columnFits(column, find))
      expect(seen.matrix.columns).toEqual(fits)
      const ids = new Set(fits.map(one => one.id))
      const whole = plainly(all, decodeCells(all.cells))
      expect(plainly(seen.matrix, seen.cells)).toEqual(
        whole.map(cells => Object.fromEntries(Object.entries(cells).filter(([id]) => ids.has(id)))),
      )
      const file = narrowMatrix(all, find)
      expect({ ...file, cells: decodeCells(file.cells) }).toEqual({ ...seen.matrix, cells: seen.cells })
    }),
  )
})

test('a folded unit counts the people with something in each column, and in each folded area', () => {
  fc.assert(
    fc.property(matrices, fc.subarray([null, 'A', 'B', 'C']), fc.nat(7), fc.nat(8), (matrix, shut, one, two) => {
      const cells = decodeCells(matrix.cells)
      const { cols } = layColumns(matrix, new Set(shut))
      const [from, to] = [Math.min(one, two), Math.min(Math.max(one, two), matrix.people.length)]
      const people = matrix.people.map((_, person) => person).filter(person => person >= from && person < to)
      expect([...holdersOf(cells, from, to, cols)]).toEqual(
        cols.map(col => people.filter(person => lookUp(cells, person, col.from, col.to).code > 0).length),
      )
    }),
  )
})

test('a file says of each state what the screen says', () => {
  for (const [screen, file] of [
    [da, exportWords.da],
    [en, exportWords.en],
  ] as const)
    expect(Object.fromEntries(Object.entries(file.states).map(([state, word]) => [state, word.toLowerCase()]))).toEqual(
      screen.matrix.state,
    )
})
