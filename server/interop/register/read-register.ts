import type { Readable } from 'node:stream'
import { MOST_REGISTER_BYTES, MOST_REGISTER_RECORDS, MOST_REGISTER_ROWS } from '#contract/register-transfer.ts'
import { say } from '#contract/said.ts'
import { emptyFile } from '../../feeds/reading/csv-rows.ts'
import { csvFile, takeBody } from '../../feeds/reading/sent-file.ts'
import { problem } from '../../platform/problem.ts'
import { oldSheet, readWorkbook, sheetKind } from '../../platform/read-sheet.ts'
import { packageOf } from './tell-package.ts'
import { type RawTable, type Table, tablesOf } from './tell-tables.ts'

export type RegisterContent =
  | { kind: 'table'; tables: Table[]; left: string[] }
  | { kind: 'package'; title: string; records: unknown[] }

const MEGABYTE = 1024 * 1024
const MOST_COLUMNS = 300

export const takeRegister = (from: Readable): Promise<Buffer> =>
  takeBody(
    from,
    MOST_REGISTER_BYTES,
    `The file is larger than ${MOST_REGISTER_BYTES / MEGABYTE} MB. A register is smaller: take out worksheets and pictures that are something else.`,
  )

/** By its content, whatever its name says: a workbook, JSON, or else CSV. Throws `source-invalid`, `source-incomplete`. */
export async function readRegister(file: Buffer, name: string): Promise<RegisterContent> {
  if (file.length === 0) throw emptyFile(name)
  const kind = sheetKind(file)
  if (kind === 'old') throw oldSheet(name)
  const head = file.subarray(0, 200).toString('utf8')
  const first = head.replace(/^\ufeff/, '').trimStart()[0]
  if (kind === 'other' && (first === '{' || first === '[')) return readJson(file, name)
  const sheets =
    kind === 'xlsx'
      ? await readWorkbook(file, name, { merged: true })
      : [{ sheet: null, rows: await csvFile(file, name, MOST_REGISTER_ROWS) }]
  const { tables, left } = tablesOf(sheets.map(limited(name)))
  if (!tables.some(one => one.rows.length > 0)) throw emptyFile(name)
  return { kind: 'table', tables, left }
}

/** No NUL and no half signs: the database keeps neither. */
const plain = (text: string): string => text.replaceAll('\0', '').toWellFormed()

const tooMany = (name: string, rows: number) =>
  problem('source-invalid', {
    detail: `${name} has more than ${rows} rows or ${MOST_COLUMNS} columns. Send in the register alone, or one area at a time.`,
    said: say('import-too-many', { file: name, rows }),
  })

const limited =
  (name: string) =>
  ({ sheet, rows }: RawTable): RawTable => {
    if (rows.length > MOST_REGISTER_ROWS || rows.some(row => row.cells.length > MOST_COLUMNS))
      throw tooMany(name, MOST_REGISTER_ROWS)
    return {
      sheet: sheet === null ? null : plain(sheet),
      rows: rows.map(row => ({ line: row.line, cells: row.cells.map(plain) })),
    }
  }

function readJson(file: Buffer, name: string): RegisterContent {
  let found: ReturnType<typeof packageOf> = null
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file)
    found = packageOf(JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? plain(value) : value)))
  } catch (cause) {
    throw notPackage(name, cause)
  }
  if (!found) throw notPackage(name)
  if (found.records.length > MOST_REGISTER_RECORDS) throw tooMany(name, MOST_REGISTER_RECORDS)
  return { kind: 'package', ...found }
}

const notPackage = (name: string, cause?: unknown) =>
  problem('source-invalid', {
    detail: `${name} is no package of records: a list of objects with name, description, gdprChoices, kleMainGroups and kleGroups, as OS2compliance keeps them.`,
    said: say('json-no-package', { file: name }),
    cause,
  })
