import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { say } from '#contract/said.ts'
import { MOST_IMPORT_BYTES, MOST_IMPORT_ROWS } from '#contract/transfer.ts'
import { csvRows, emptyFile } from '../../feeds/reading/csv-rows.ts'
import { problem } from '../../platform/problem.ts'
import { oldSheet, readWorkbook, sheetKind } from '../../platform/read-sheet.ts'
import { unguarded } from '../../platform/write-csv.ts'
import { kitosFile } from './kitos-shape.ts'
import { type RawTable, tablesOf } from './read-tables.ts'
import type { ImportContent } from './transfer-store.ts'

const MEGABYTE = 1024 * 1024
const MOST_COLUMNS = 300

/** What is sent in, whole; throws `payload-too-large` as soon as it is. */
export async function takeBody(from: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of from as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MOST_IMPORT_BYTES)
      throw problem('payload-too-large', {
        detail: `The file is larger than ${MOST_IMPORT_BYTES / MEGABYTE} MB. A list of systems is smaller: take out worksheets that are something else.`,
      })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

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
  const sheets = kind === 'xlsx' ? await readWorkbook(file, name) : [{ sheet: null, rows: await readCsv(file, name) }]
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

/** CSV is read from disk, since only a whole file tells how it is encoded; the copy is gone right after. */
async function readCsv(file: Buffer, name: string): Promise<RawTable['rows']> {
  const folder = await mkdtemp(join(tmpdir(), 'hjemmel-import-'))
  try {
    const path = join(folder, 'in.csv')
    await writeFile(path, file, { mode: 0o600 })
    const rows: RawTable['rows'] = []
    for await (const batch of csvRows(path, name, { encoding: 'auto', delimiter: 'auto' })) {
      for (const row of batch) rows.push({ line: row.line, cells: row.cells.map(unguarded) })
      if (rows.length > MOST_IMPORT_ROWS + 1) break
    }
    return rows
  } finally {
    await rm(folder, { recursive: true, force: true })
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
