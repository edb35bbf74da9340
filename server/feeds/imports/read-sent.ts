import type { Readable } from 'node:stream'
import { MOST_IMPORT_BYTES } from '#contract/imports.ts'
import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'
import { oldSheet, readWorkbook, sheetKind } from '../../platform/read-sheet.ts'
import { emptyFile } from '../reading/csv-rows.ts'
import { csvFile, takeBody } from '../reading/sent-file.ts'

/** Rows of a file as they stand in it, by worksheet; one without a name for CSV. */
export type RawTable = { sheet: string | null; rows: { line: number; cells: string[] }[] }

const MEGABYTE = 1024 * 1024
const MOST_COLUMNS = 300

/** What is sent in, whole; throws `payload-too-large` as soon as it is too much. `instead`: what somebody is to do then. */
export const takeSent = (from: Readable, instead: string): Promise<Buffer> =>
  takeBody(from, MOST_IMPORT_BYTES, `The file is larger than ${MOST_IMPORT_BYTES / MEGABYTE} MB. ${instead}`)

export type SentShape<J> = {
  mostRows: number
  /** What to send in when there are more. */
  instead: string
  /** Cells that were made one from above to below say the same in each row. */
  merged: boolean
  json: {
    /** What another program sent; null: it is something else. */
    read: (value: unknown) => J | null
    count: (found: J) => number
    most: number
    refused: (cause?: unknown) => Error
  }
}

/** By its content, whatever its name says: a workbook, JSON, or else CSV. Throws `source-invalid`, `source-incomplete`. */
export async function readSent<J>(
  file: Buffer,
  name: string,
  shape: SentShape<J>,
): Promise<{ json: J } | { sheets: RawTable[] }> {
  if (file.length === 0) throw emptyFile(name)
  const kind = sheetKind(file)
  if (kind === 'old') throw oldSheet(name)
  const head = file.subarray(0, 200).toString('utf8')
  const first = head.replace(/^\ufeff/, '').trimStart()[0]
  if (kind === 'other' && (first === '{' || first === '[')) return { json: readJson(file, name, shape) }
  const sheets =
    kind === 'xlsx'
      ? await readWorkbook(file, name, { merged: shape.merged })
      : [{ sheet: null, rows: await csvFile(file, name, shape.mostRows) }]
  return { sheets: sheets.map(one => limited(one, name, shape)) }
}

/** No NUL and no half signs: the database keeps neither. */
const plain = (text: string): string => text.replaceAll('\0', '').toWellFormed()

const tooMany = (name: string, rows: number, instead: string) =>
  problem('source-invalid', {
    detail: `${name} has more than ${rows} rows or ${MOST_COLUMNS} columns. ${instead}`,
    said: say('import-too-many', { file: name, rows }),
  })

function limited({ sheet, rows }: RawTable, name: string, shape: Pick<SentShape<unknown>, 'mostRows' | 'instead'>) {
  if (rows.length > shape.mostRows || rows.some(row => row.cells.length > MOST_COLUMNS))
    throw tooMany(name, shape.mostRows, shape.instead)
  return {
    sheet: sheet === null ? null : plain(sheet),
    rows: rows.map(row => ({ line: row.line, cells: row.cells.map(plain) })),
  }
}

function readJson<J>(file: Buffer, name: string, { json, instead }: SentShape<J>): J {
  let found: J | null = null
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file)
    found = json.read(JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? plain(value) : value)))
  } catch (cause) {
    throw json.refused(cause)
  }
  if (!found) throw json.refused()
  if (json.count(found) > json.most) throw tooMany(name, json.most, instead)
  return found
}
