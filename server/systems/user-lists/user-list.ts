import { createHash } from 'node:crypto'
import type { ListReading } from '#contract/user-lists.ts'
import { headingKey } from '../../feeds/reading/csv-text.ts'
import type { Json } from '../../platform/feed-record.ts'
import { type ListColumns, missingColumns, proposeColumns } from './list-columns.ts'

/**
 * Key of the source, and name of the folder, that a system's list has. Keys of systems may hold signs and be of a length
 * that those of sources may not: such a key is cut and told apart by its hash.
 */
export function listKey(system: string): { source: string; folder: string } {
  const plain = system
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const same = plain === system && plain.length <= 40
  const folder = same
    ? plain
    : `${plain.slice(0, 30)}-${createHash('sha256').update(system).digest('hex').slice(0, 8)}`.replace(/^-/, '')
  return { source: `list-${folder}`, folder }
}

/** The declaration of a list's source, as the sources file would write it. Guards that somebody has set stay. */
export function listDeclaration(
  system: { key: string; name: string },
  reading: ListReading,
  before: { [key: string]: Json } | null,
): { [key: string]: Json } {
  const { source, folder } = listKey(system.key)
  const columns = Object.fromEntries(Object.entries(reading.columns).filter(([, name]) => name !== undefined))
  const { name: _name, columns: _columns, right: _right, schedule: _schedule, ...kept } = before ?? {}
  return {
    ...kept,
    key: source,
    name: { da: cut(`Brugerliste: ${system.name}`), en: cut(`User list: ${system.name}`) },
    kind: 'list',
    system: system.key,
    columns: columns as { [key: string]: Json },
    ...(reading.columns.right === undefined && reading.right ? { right: reading.right } : {}),
    drops: kept.drops ?? { folder, content: 'full' },
    ...(reading.everyDays === null ? {} : { schedule: `${reading.everyDays}d` }),
  }
}
const cut = (text: string) => (text.length > 100 ? `${text.slice(0, 99)}…` : text)

/** How a stored declaration reads its list; null where it is none. */
export function readingOf(written: { [key: string]: Json } | null): ListReading | null {
  const columns = written?.columns as ListReading['columns'] | undefined
  if (!columns?.account) return null
  const days = /^(\d+)d$/.exec(String(written?.schedule ?? ''))
  return {
    columns,
    ...(typeof written?.right === 'string' ? { right: written.right } : {}),
    everyDays: days ? Number(days[1]) : null,
  }
}

export type Looked = {
  headings: string[]
  rows: string[][]
  columns: Partial<ListColumns>
  remembered: boolean
  missing: string[]
}
const SHOWN = 8

/**
 * Which of the first rows holds the headings, and what each seems to say. Columns that are remembered are used where the
 * file has them all; else the row in which most headings are known words, and above data titles are passed over.
 */
export function lookAtRows(rows: readonly (readonly string[])[], remembered: ListColumns | null): Looked {
  const filled = (row: readonly string[]) => row.filter(cell => cell.trim() !== '').length
  const words = rows.map(row => Object.keys(proposeColumns(row)).length)
  const most = Math.max(0, ...words)
  const known = remembered ? rows.findIndex(row => missingColumns(remembered, row).length === 0) : -1
  const proposed = most >= 2 ? words.indexOf(most) : rows.findIndex(row => filled(row) >= 2)
  const at = Math.max(0, known >= 0 ? known : proposed)
  const header = (rows[at] ?? []).map(cell => cell.trim())
  const headings = header.slice(0, header.findLastIndex(cell => cell !== '') + 1)
  return {
    headings,
    rows: rows.slice(at + 1, at + 1 + SHOWN).map(row => headings.map((_, index) => row[index] ?? '')),
    columns: known >= 0 && remembered ? asWritten(remembered, headings) : proposeColumns(headings),
    remembered: known >= 0,
    missing: remembered && known < 0 ? missingColumns(remembered, headings) : [],
  }
}

/** Remembered headings as this file writes them, so that a form can point at its columns. */
function asWritten(columns: ListColumns, headings: readonly string[]): ListColumns {
  return Object.fromEntries(
    Object.entries(columns).map(([field, name]) => [
      field,
      headings.find(one => headingKey(one) === headingKey(name)) ?? name,
    ]),
  )
}

/** A name under which a file may stand in a folder: what somebody's machine calls it, without paths and odd signs. */
export function fileName(given: string, at: Date): string {
  const base = given.split(/[/\\]/).at(-1) ?? ''
  const plain = base
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ._()-]+/gu, '_')
    .replace(/^[._ ]+/, '')
    .slice(-120)
  const stamp = at.toLocaleString('sv-SE', { timeZone: 'Europe/Copenhagen' }).replaceAll(':', '.')
  // An ending that says "not finished" would keep it from being taken.
  return /\.(csv|txt|xlsx|tsv)$/i.test(plain) ? `${stamp} ${plain}` : `${stamp} ${plain || 'liste'}.csv`
}
