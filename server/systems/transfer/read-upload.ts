import type { Readable } from 'node:stream'
import { say } from '#contract/said.ts'
import { MOST_IMPORT_BYTES, MOST_IMPORT_ROWS } from '#contract/transfer.ts'
import { emptyFile } from '../../feeds/reading/csv-rows.ts'
import { csvFile, takeBody } from '../../feeds/reading/sent-file.ts'
import { problem } from '../../platform/problem.ts'
import { oldSheet, readWorkbook, sheetKind } from '../../platform/read-sheet.ts'
import { kitosFile } from './kitos-shape.ts'
import { type RawTable, tablesOf } from './read-tables.ts'
import type { ImportContent } from './transfer-store.ts'

const MEGABYTE = 1024 * 1024
const MOST_COLUMNS = 300

/** What is sent in, whole; throws `payload-too-large` as soon as it is. */
export const takeSystems = (from: Readable): Promise<Buffer> =>
  takeBody(
    from,
    MOST_IMPORT_BYTES,
    `The file is larger than ${MOST_IMPORT_BYTES / MEGABYTE} MB. A list of systems is smaller: take out worksheets that are something else.`,
  )

/** By its content, whatever its name says: a workbook, JSON, or else CSV. Throws `source-invalid`, `source-incomplete`. */
export async function readUpload(file: Buffer, name: string): Promise<ImportContent> {
  if (file.length === 0) throw emptyFile(name)
  const kind = sheetKind(file)
  if (kind === 'old') throw oldSheet(name)
  const first = file
    .subarray(0, 200)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()[0]
  if (kind === 'other' && (first === '{' || first === '[')) return readJson(file, name)
  const sheets =
    kind === 'xlsx'
      ? await readWorkbook(file, name)
      : [{ sheet: null, rows: await csvFile(file, name, MOST_IMPORT_ROWS) }]
  const { tables, left } = tablesOf(sheets.map(limited(name)))
  const filled = tables.filter(one => one.rows.length > 0 || one.part !== 'systems')
  if (!filled.some(one => one.rows.length > 0)) throw emptyFile(name)
  return { kind: 'table', tables: filled, left }
}

/** No NUL and no half signs: the database keeps neither. */
const plain = (text: string): string => text.replaceAll('\0', '').toWellFormed()

const limited =
  (name: string) =>
  ({ sheet, rows }: RawTable): RawTable => {
    if (rows.length > MOST_IMPORT_ROWS || rows.some(row => row.cells.length > MOST_COLUMNS))
      throw problem('source-invalid', {
        detail: `${name} has more than ${MOST_IMPORT_ROWS} rows or ${MOST_COLUMNS} columns. Send in the list of systems alone.`,
        said: say('import-too-many', { file: name, rows: MOST_IMPORT_ROWS }),
      })
    return {
      sheet: sheet === null ? null : plain(sheet),
      rows: rows.map(row => ({ line: row.line, cells: row.cells.map(plain) })),
    }
  }

function readJson(file: Buffer, name: string): ImportContent {
  let found: ReturnType<typeof kitosFile> = null
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file)
    found = kitosFile(JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? plain(value) : value)))
  } catch (cause) {
    throw notKitos(name, cause)
  }
  if (!found) throw notKitos(name)
  if (found.usages.length > MOST_IMPORT_ROWS)
    throw problem('source-invalid', {
      detail: `${name} has more than ${MOST_IMPORT_ROWS} systems.`,
      said: say('import-too-many', { file: name, rows: MOST_IMPORT_ROWS }),
    })
  return { kind: 'kitos', file: found }
}

const notKitos = (name: string, cause?: unknown) =>
  problem('source-invalid', {
    detail: `${name} is no JSON of KITOS: a list of it-system-usages, or an object with itSystemUsages, itContracts and dataProcessingRegistrations. Fetch it anew from KITOS' API v2.`,
    said: say('json-not-kitos', { file: name }),
    cause,
  })
