import { SHEET, type SheetField } from '#contract/sheet.ts'
import type { ImportSettings } from '#contract/transfer.ts'
import { sameHeading } from '../../feeds/imports/headings.ts'
import type { RawTable } from '../../feeds/imports/read-sent.ts'
import {
  cleanText,
  isNone,
  isPlain,
  nameInCell,
  type PlainField,
  type ReadCell,
  readCell,
  readChoice,
  readDate,
  readList,
  readNumber,
  WORDS,
  wordsOf,
} from './cell-text.ts'
import { isOwn, placesOf } from './headings.ts'
import { fault, type Place, readSaid, refFields, type Told, toldOf } from './told.ts'

export type Part = 'systems' | 'contracts' | 'flows'
export type Table = RawTable & { part: Part; headings: string[] }

const CONTRACTS = [WORDS.da.contract, WORDS.en.contract] as const
const FLOWS = [WORDS.da.flow, WORDS.en.flow] as const

/** What each worksheet is: by its headings, whatever it is called. The first that is nothing else has the systems. */
export function tablesOf(sheets: readonly RawTable[]): { tables: Table[]; left: string[] } {
  const tables: Table[] = []
  const left: string[] = []
  const take = (part: Part, sheet: RawTable) => {
    const [head, ...rows] = sheet.rows
    if (tables.some(one => one.part === part)) left.push(sheet.sheet ?? '')
    else tables.push({ part, sheet: sheet.sheet, headings: head?.cells.map(cleanText) ?? [], rows })
  }
  const others: RawTable[] = []
  for (const sheet of sheets) {
    const headings = sheet.rows[0]?.cells ?? []
    if (isOwn(headings)) take('systems', sheet)
    else if (placesOf(headings, CONTRACTS, ['name', 'to', 'noticeMonths'])) take('contracts', sheet)
    else if (placesOf(headings, FLOWS, ['system', 'direction'])) take('flows', sheet)
    else others.push(sheet)
  }
  for (const sheet of others) {
    const known = [WORDS.da, WORDS.en].some(
      words => sameHeading(words.sheets.values) === sameHeading(sheet.sheet ?? ''),
    )
    if (sheet.rows.length === 0) continue
    if (known || tables.some(one => one.part === 'systems')) left.push(sheet.sheet ?? '')
    else take('systems', sheet)
  }
  return { tables, left }
}

/** Every system that the lists name, with what they say of it. Cells that cannot be read are faults of their row. */
export function tellTables(tables: readonly Table[], settings: Pick<ImportSettings, 'columns' | 'empty'>): Told[] {
  const told: Told[] = []
  const byKey = new Map<string, Told>()
  for (const table of tables.filter(one => one.part === 'systems'))
    for (const row of table.rows) {
      const one = tellSystem(table, row, settings)
      told.push(one)
      if (one.key && !byKey.has(one.key)) byKey.set(one.key, one)
    }
  const of = (place: Place, key: string): Told => {
    const found = byKey.get(key)
    if (found) return found
    const one = { ...toldOf(place), key }
    byKey.set(key, one)
    told.push(one)
    return one
  }
  for (const table of tables) {
    if (table.part === 'contracts') tellContracts(table, of)
    if (table.part === 'flows') tellFlows(table, of)
  }
  return told
}

function tellSystem(
  table: Table,
  row: Table['rows'][number],
  settings: Pick<ImportSettings, 'columns' | 'empty'>,
): Told {
  const place = { sheet: table.sheet, line: row.line }
  const told = toldOf(place)
  for (const [at, target] of settings.columns.entries()) {
    if (target === null) continue
    const text = cleanText(row.cells[at] ?? '')
    const column = table.headings[at] ?? ''
    if (target === 'key') {
      told.key = text === '' ? null : text
      continue
    }
    if (target === 'name' && text !== '') told.name = text
    told.cells[target] = { column, text }
    if (text === '') {
      if (settings.empty === 'clear') told.set[target] = null
    } else if ((refFields as readonly string[]).includes(target)) {
      told.refs.push(readSaid(target as 'owner', column, text))
    } else if (isPlain(target)) read(told, place, column, target, text)
  }
  return told
}

function read(told: Told, place: Place, column: string, field: PlainField, text: string): void {
  const cell = readCell(field, text)
  if (cell.ok) told.set[field] = cell.value
  else told.faults.push(fault(place, column, text, cell.code, cell.proposal ?? exampleOf(field)))
}

/** What could stand there, where nothing is near: for a short list all of it. */
function exampleOf(field: SheetField): string | null {
  const { choices } = SHEET[field]
  if (choices.length === 0 || choices.length > 6) return null
  const words = (WORDS.da.choice as Record<string, Record<string, string>>)[field] ?? {}
  return choices.map(one => words[one] ?? one).join(' / ')
}

type Of = (place: Place, key: string) => Told

/**
 * Rows of one system are its whole list: those that are not there any more are taken away, a system without rows keeps
 * its own. A row with the key and nothing but a word for none (`-`, `(ingen)`) takes the last one away.
 */
function tellRows<Name extends string>(
  table: Table,
  of: Of,
  field: 'contracts' | 'flows',
  lists: readonly Readonly<Record<Name, string>>[],
  how: (name: Name, text: string) => ReadCell,
): void {
  const places = placesOf(table.headings, lists, [])
  if (!places) return
  const emptied = new Map<Told, Place>()
  for (const row of table.rows) {
    const place = { sheet: table.sheet, line: row.line }
    const key = cleanText(row.cells[places.key] ?? '')
    const told = of(place, key)
    if (key === '') told.faults.push(fault(place, table.headings[places.key] ?? null, '', 'key-missing'))
    const said = Object.values<number>(places.at as Record<Name, number>)
      .map(at => cleanText(row.cells[at] ?? ''))
      .filter(text => text !== '')
    if (said.length === 1 && isNone(said[0] as string)) {
      emptied.set(told, place)
      continue
    }
    const one: Record<string, unknown> = {}
    for (const [name, at] of Object.entries(places.at) as [Name, number][]) {
      const text = cleanText(row.cells[at] ?? '')
      if (text === '') continue
      const cell = how(name, text)
      if (cell.ok) one[name] = cell.value
      else told.faults.push(fault(place, table.headings[at] ?? null, text, cell.code, cell.proposal))
    }
    told.set[field] = [...((told.set[field] as unknown[] | undefined) ?? []), one]
    told.places[field].push(place)
  }
  for (const [told, place] of emptied)
    if (told.set[field] === undefined) told.set[field] = null
    else told.faults.push(fault(place, null, '', 'none-and-more'))
}

const asText = (text: string): ReadCell => ({ ok: true, value: text })

const tellContracts = (table: Table, of: Of): void =>
  tellRows(table, of, 'contracts', CONTRACTS, (name, text) => {
    if (name === 'from' || name === 'to' || name === 'agreementOn') return readDate(text)
    if (name === 'noticeMonths' || name === 'pricePerYear') return readNumber(text)
    if (name === 'renewal' || name === 'agreement') return readChoice(wordsOf(name), text)
    return asText(name === 'name' ? nameInCell(text) : text)
  })

const tellFlows = (table: Table, of: Of): void =>
  tellRows(table, of, 'flows', FLOWS, (name, text) => {
    if (name === 'direction' || name === 'how' || name === 'frequency') return readChoice(wordsOf(name), text)
    // `kmd-aktiv (KMD Aktiv)`: the key is what counts.
    if (name === 'system') return asText(text.replace(/\s+\(.*\)$/s, ''))
    return name === 'data' ? { ok: true, value: readList(text) } : asText(text)
  })
