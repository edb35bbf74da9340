import { CELL_EXPIRES, columnFits, stateOfCode } from '#contract/matrix.ts'
import { type ExportWords, LETTERS } from './export-words.ts'
import { encodeCells } from './matrix-cells.ts'
import type { Matrix, MatrixQuery } from './matrix-views.ts'

type Asked = Omit<MatrixQuery, 'columns'>
/** `beside`: what was asked for beside the filters, in words. */
type Heading = { words: ExportWords; query: Asked; beside: readonly string[]; who: string; when: string }
/** What names the filters of a question. */
type Named = {
  asOf: string
  units: readonly { id: string; name: string }[]
  columns: readonly { name: string; system: string | null }[]
}
type Line = string[]

/** What the file is about: date, filters in words, who and when, and how much it is. Stands above every sheet and list. */
export function headingOf(about: Named, sizes: readonly Line[], { words, query, beside, who, when }: Heading): Line[] {
  return [
    [words.title],
    [words.day, about.asOf],
    [words.filters, [...filtersInWords(about, query, words), ...beside].join('; ') || words.none],
    [words.made, `${when} ${words.by} ${who}`],
    ...sizes,
    [],
  ]
}

export const matrixSizes = (matrix: Matrix, words: ExportWords): Line[] => [
  [String(matrix.people.length), words.people],
  ...(matrix.total > matrix.people.length ? [[String(matrix.total), words.tooMany]] : []),
]

/** Only the columns that are looked for, as the screen shows them; the people are the same. */
export function narrowMatrix(matrix: Matrix, find: string): Matrix {
  if (find === '') return matrix
  let kept = 0
  const to = Int32Array.from(matrix.columns, column => (columnFits(column, find) ? kept++ : -1))
  const cells = [...cellsOf(matrix)]
  const read = {
    length: cells.length,
    person: (at: number) => cells[at]?.person ?? 0,
    column: (at: number) => cells[at]?.column ?? 0,
    code: (at: number) => cells[at]?.code ?? 0,
    count: (at: number) => cells[at]?.count ?? 0,
  }
  const people = Int32Array.from(matrix.people, (_, place) => place)
  return {
    ...matrix,
    columns: matrix.columns.filter((_, place) => to[place] !== -1),
    cells: encodeCells(read, matrix.people.length, people, to),
  }
}

function filtersInWords({ units, columns }: Named, query: Asked, words: ExportWords): string[] {
  const named = {
    unit: units.find(unit => unit.id === query.unit)?.name ?? query.unit,
    system: columns[0]?.system ?? columns[0]?.name ?? query.system,
    state: query.state && words.states[query.state],
  }
  return Object.entries(words.filter).flatMap(([name, label]) => {
    const value = query[name as keyof typeof words.filter]
    if (value === undefined || value === false) return []
    // A name that was searched for belongs in no file.
    if (value === true || name === 'text') return [label]
    return [`${label}: ${named[name as keyof typeof named] ?? value}`]
  })
}

type Cell = { person: number; column: number; code: number; count: number }

/** The cells of the answer, person by person. */
export function* cellsOf(matrix: Matrix): Generator<Cell> {
  const bytes = (text: string) => Buffer.from(text, 'base64')
  const [starts, columns] = [bytes(matrix.cells.starts), bytes(matrix.cells.columns)]
  const [codes, counts] = [bytes(matrix.cells.codes), bytes(matrix.cells.counts)]
  for (let person = 0; person < matrix.people.length; person++)
    for (let at = starts.readUInt32LE(person * 4); at < starts.readUInt32LE(person * 4 + 4); at++)
      yield { person, column: columns.readUInt16LE(at * 2), code: codes[at] ?? 0, count: counts[at] ?? 0 }
}

/** A protected name is in no file, whoever asks for it. */
function whoIs(matrix: Matrix, place: number, words: ExportWords): [string, string, string] {
  const person = matrix.people[place]
  const unit = person?.unit == null ? undefined : matrix.units[person.unit]
  return [person?.protected ? words.hidden : (person?.name ?? words.hidden), person?.title ?? '', unit?.name ?? '']
}

/** One line a cell: what a person, a screen reader or another program reads best. */
export function* listLines(matrix: Matrix, words: ExportWords): Generator<Line> {
  const rights = matrix.columns.some(column => column.system !== null)
  yield [
    words.person,
    words.job,
    words.unit,
    words.area,
    words.system,
    ...(rights ? [words.right] : []),
    words.state,
    words.rights,
    words.expires,
  ]
  for (const { person, column, code, count } of cellsOf(matrix)) {
    const of = matrix.columns[column]
    const state = stateOfCode(code)
    yield [
      ...whoIs(matrix, person, words),
      of?.area ?? '',
      of?.system ?? of?.name ?? '',
      ...(rights ? [of?.name ?? ''] : []),
      state ? words.states[state] : '',
      String(count),
      code & CELL_EXPIRES ? words.yes : '',
    ]
  }
}

/** The grid as on the screen: a letter a cell, `*` where it expires. */
export function* gridLines(matrix: Matrix, words: ExportWords): Generator<(string | null)[]> {
  yield ['', '', words.area, ...matrix.columns.map(column => column.area ?? '')]
  yield [
    words.person,
    words.job,
    words.unit,
    ...matrix.columns.map(column => (column.system === null ? column.name : `${column.system}: ${column.name}`)),
  ]
  let line: (string | null)[] = []
  let at = -1
  const fresh = (person: number) => [...whoIs(matrix, person, words), ...matrix.columns.map(() => null)]
  for (const { person, column, code } of cellsOf(matrix)) {
    // People without any cell have a line of their own, too.
    while (at < person) {
      if (at >= 0) yield line
      line = fresh(++at)
    }
    const state = stateOfCode(code)
    line[column + 3] = state ? `${LETTERS[state]}${code & CELL_EXPIRES ? '*' : ''}` : null
  }
  if (at >= 0) yield line
  while (++at < matrix.people.length) yield fresh(at)
}

export function* legendLines(words: ExportWords): Generator<Line> {
  yield [words.legend]
  for (const [state, letter] of Object.entries(LETTERS)) yield [letter, words.states[state as keyof typeof LETTERS]]
  yield ['*', words.expires]
}
