import readWorkbookOf, { readSheet } from 'read-excel-file/node'
import { say } from '#contract/said.ts'
import { problem } from './problem.ts'
import { mergedCells, unfoldSheet } from './sheet-archive.ts'

/** Bytes that a sheet may unfold to: some 400,000 rows of five columns. Larger lists are for CSV, which is streamed. */
const MOST_BYTES = 96 * 1024 * 1024
const MEGABYTE = 1024 * 1024

/** What a file is, by its first bytes: nobody is to trust its name. `old`: XLS, or an XLSX with a password. */
export function sheetKind(head: Buffer): 'xlsx' | 'old' | 'other' {
  if (head.length >= 4 && head.readUInt32LE(0) === 0x04034b50) return 'xlsx'
  return head.length >= 8 && head.readUInt32BE(0) === 0xd0cf11e0 ? 'old' : 'other'
}

/**
 * Rows of the first sheet of an XLSX file as text, as somebody would read them there: a formula is the value it had when
 * the file was saved, a date is `2026-11-21` (or `2026-11-21T14:30:00`, with no zone), a number has no grouping and a
 * point. Rows without any value are left out; `line` counts as the sheet does. `name` is what people know the file by.
 * Throws `source-invalid` that says what to do.
 */
export async function readSheetRows(file: Buffer, name: string): Promise<SheetRow[]> {
  const rows = await unfolded(file, name, archive => readSheet(archive, { parseNumber: asWritten }))
  return filled(rows as unknown[][])
}

/**
 * Every worksheet of an XLSX file, in its order, each read like that. `merged`: cells that were made one from above to
 * below say the same in each row that has anything; else only the uppermost says it.
 */
export async function readWorkbook(
  file: Buffer,
  name: string,
  { merged = false }: { merged?: boolean } = {},
): Promise<{ sheet: string; rows: SheetRow[] }[]> {
  const { sheets, merges } = await unfolded(file, name, async (archive, parts) => ({
    sheets: await readWorkbookOf(archive, { parseNumber: asWritten }),
    merges: merged ? mergedCells(parts) : [],
  }))
  return sheets.map((one, at) => {
    const rows = filled(one.data as unknown[][])
    // Only where both count the same sheets is it known whose merges these are.
    if (merges.length === sheets.length) fillDown(rows, merges[at] ?? [])
    return { sheet: one.sheet, rows }
  })
}
export type SheetRow = { cells: string[]; line: number }

/** Lines count from 1, columns from 0. */
function fillDown(rows: readonly SheetRow[], merges: ReturnType<typeof mergedCells>[number]): void {
  const byLine = new Map(rows.map(row => [row.line, row]))
  for (const { column, from, to } of merges) {
    const said = byLine.get(from)?.cells[column] ?? ''
    if (said === '') continue
    for (const row of rows)
      if (row.line > from && row.line <= to && column < row.cells.length) row.cells[column] ||= said
  }
}

/** Kept apart from texts: of a number only the reader knows how it was meant to look. */
type Written = { written: string }
const asWritten = (text: string) => ({ written: text }) as never

async function unfolded<T>(
  file: Buffer,
  name: string,
  read: (archive: Buffer, parts: ReadonlyMap<string, Buffer>) => Promise<T>,
): Promise<T> {
  const content = unfoldSheet(file, MOST_BYTES)
  if (!content.ok) throw content.why === 'too-large' ? tooLarge(name) : unreadable(name)
  try {
    return await read(content.archive, content.parts)
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

const filled = (rows: readonly unknown[][]): SheetRow[] =>
  rows.flatMap((row, place) => {
    const cells = row.map(textOf)
    return cells.some(cell => cell !== '') ? [{ cells, line: place + 1 }] : []
  })

/** Throws for what is a spreadsheet, but not one that can be read here. */
export const oldSheet = (name: string) =>
  problem('source-invalid', {
    detail: `The file ${name} is an older Excel file, or has a password. Open it in Excel and save it as an Excel workbook (.xlsx) without a password, or as CSV.`,
    said: say('sheet-old', { file: name }),
  })

const tooLarge = (name: string) =>
  problem('source-invalid', {
    detail: `The file ${name} unfolds to more than ${MOST_BYTES / MEGABYTE} MB. Save the sheet as CSV, which may be of any size.`,
    said: say('sheet-too-large', { file: name, limit: MOST_BYTES / MEGABYTE }),
  })

const unreadable = (name: string, cause?: unknown) =>
  problem('source-invalid', {
    detail: `The file ${name} cannot be read as an Excel workbook. Open it in Excel and save it anew, or save it as CSV.`,
    said: say('sheet-unreadable', { file: name }),
    cause,
  })

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return dateText(value)
  if (typeof value === 'boolean') return value ? 'ja' : 'nej'
  if (typeof value === 'object' && 'written' in value) return plainNumber((value as Written).written.trim())
  return String(value).trim()
}

/** A sheet knows no zones: what it shows stands in the UTC parts. */
function dateText(value: Date): string {
  if (Number.isNaN(value.getTime())) return ''
  const text = value.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19)
}

/** Excel keeps 4711 as `4711`, and 123456789012 as `1.23456789012E11`: a number of a person must come as it is seen. */
function plainNumber(text: string): string {
  if (!/^-?\d+(\.\d+)?E\+?\d+$/i.test(text)) return text
  const number = Number(text)
  return Number.isSafeInteger(number) ? String(number) : text
}
