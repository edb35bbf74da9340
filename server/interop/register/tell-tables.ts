import { REGISTER_PARTS, type RegisterPart } from '#contract/register-transfer.ts'
import type { RawTable } from '../../feeds/imports/read-sent.ts'
import { fold } from '../../platform/fold.ts'
import { cleanText } from '../../systems/transfer/cell-text.ts'
import { fitsOf, isOwnSheet } from './sheet-headings.ts'
import { LISTS } from './sheets.ts'
import {
  fault,
  type ListPart,
  type Place,
  type ToldCell,
  type ToldFile,
  type ToldRecord,
  toldOf,
} from './told-record.ts'

export type Table = RawTable & { part: RegisterPart; headings: string[] }

/** Above the headings people put a title, a date, a line that says who made it. */
const HEADINGS_WITHIN = 10

/**
 * What each worksheet is: by its headings and its name. Of those that fit nothing the first one has the records, as long
 * as no other does; the rest are left and named.
 */
export function tablesOf(sheets: readonly RawTable[]): { tables: Table[]; left: string[] } {
  const found = sheets
    .filter(one => one.rows.length > 0)
    .map(sheet => {
      const fits = sheet.rows
        .slice(0, HEADINGS_WITHIN)
        .flatMap((row, at) => fitsOf(sheet.sheet, row.cells).map(one => ({ ...one, at })))
      const best = fits.reduce((a, b) => (b.fit > a.fit ? b : a))
      const lists = Object.values(LISTS).some(word => fold(word) === fold(sheet.sheet ?? ''))
      return { sheet, ...best, fit: lists ? -1 : best.fit }
    })
  const tables: Table[] = []
  const left: string[] = []
  const take = (part: RegisterPart, { sheet, at }: (typeof found)[number]) => {
    const headings = sheet.rows[at]?.cells.map(cleanText) ?? []
    tables.push({ part, sheet: sheet.sheet, headings, rows: sheet.rows.slice(at + 1) })
  }
  const free = (part: RegisterPart) => !tables.some(one => one.part === part)
  for (const one of found.toSorted((a, b) => b.fit - a.fit)) {
    // One heading alone says little: `Navn` stands above everything.
    if (one.fit >= 2 && free(one.part)) take(one.part, one)
    else if (one.fit >= 0 && free('activities') && !found.some(other => other.part === 'activities' && other.fit >= 2))
      take('activities', { ...one, at: one.fit > 0 ? one.at : 0 })
    else left.push(one.sheet.sheet ?? '')
  }
  return { tables: tables.toSorted((a, b) => REGISTER_PARTS.indexOf(a.part) - REGISTER_PARTS.indexOf(b.part)), left }
}

export const isOwnFile = (tables: readonly Table[]): boolean =>
  tables.length > 0 && tables.every(one => isOwnSheet(one.part, one.headings))

const keyOf = (text: string): string => fold(text).replaceAll(/\s+/g, ' ').trim()

/** Every record that the tables name, with what they say of it. */
export function tellTables(tables: readonly Table[], columns: readonly (readonly (string | null)[])[]): ToldFile {
  const records: ToldRecord[] = []
  const byName = new Map<string, ToldRecord[]>()
  const know = (key: string | null, one: ToldRecord) => {
    if (key) byName.set(keyOf(key), [...(byName.get(keyOf(key)) ?? []), one])
  }
  const said = tables.map((table, at) => ({ table, columns: columns[at] ?? [] }))
  for (const { table, columns: targets } of said.filter(one => one.table.part === 'activities'))
    for (const row of table.rows) {
      const place = { sheet: table.sheet, line: row.line }
      const cells = cellsOf(table, targets, row.cells)
      if (Object.values(cells).every(cell => cell.text === '')) continue
      const told = { ...toldOf(place), cells, ref: cells.ref?.text || null, name: cells.name?.text || null }
      records.push(told)
      know(told.ref, told)
      if (told.name !== told.ref) know(told.name, told)
    }
  const lists = new Set<ListPart>()
  for (const { table, columns: targets } of said) {
    if (table.part === 'activities') continue
    lists.add(table.part)
    for (const row of table.rows) {
      const place = { sheet: table.sheet, line: row.line }
      const { activity, title, ...cells } = cellsOf(table, targets, row.cells)
      const filled = Object.values(cells).some(cell => cell.text !== '')
      if (!filled) continue
      const told = recordOf(place, [activity, title], byName, records, know)
      const list = told.lists[table.part] ?? []
      list.push({ ...place, cells })
      told.lists[table.part] = list
    }
  }
  return { records, lists }
}

/** The record that a line belongs to, by its reference or its name; one that the sheet of records lacks is told of, too. */
function recordOf(
  place: Place,
  given: readonly (ToldCell | undefined)[],
  byName: ReadonlyMap<string, ToldRecord[]>,
  records: ToldRecord[],
  know: (key: string | null, one: ToldRecord) => void,
): ToldRecord {
  const said = given.filter(cell => cell !== undefined && cell.text !== '') as ToldCell[]
  for (const cell of said) {
    const known = byName.get(keyOf(cell.text)) ?? []
    if (known.length === 1 && known[0]) return known[0]
    if (known.length > 1) {
      const one = toldOf(place)
      one.faults.push(fault(place, cell.column, cell.text, 'name-of-many'))
      records.push(one)
      return one
    }
  }
  const [first] = said
  const one = { ...toldOf(place), ref: first?.text ?? null }
  if (!first) one.faults.push(fault(place, given[0]?.column ?? null, '', 'no-such-activity'))
  records.push(one)
  know(one.ref, one)
  return one
}

function cellsOf(
  table: Table,
  targets: readonly (string | null)[],
  cells: readonly string[],
): Record<string, ToldCell> {
  return Object.fromEntries(
    targets.flatMap((target, at) =>
      target === null ? [] : [[target, { column: table.headings[at] ?? '', text: cleanText(cells[at] ?? '') }]],
    ),
  )
}
