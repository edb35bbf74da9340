import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MOST_RECORD_BYTES, MOST_RECORD_ROWS } from '#contract/records.ts'
import { say } from '#contract/said.ts'
import { csvRows, emptyFile } from '../../feeds/reading/csv-rows.ts'
import { problem } from '../../platform/problem.ts'
import { oldSheet, readSheetRows, sheetKind } from '../../platform/read-sheet.ts'
import { unguarded } from '../../platform/write-csv.ts'
import { columnsOf, type RawRow, readRecords } from './read-records.ts'

const MEGABYTE = 1024 * 1024

/** The body, whole; throws `payload-too-large` as soon as it is. */
export async function takeRecordBody(from: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of from) {
    bytes += part.length
    if (bytes > MOST_RECORD_BYTES)
      throw problem('payload-too-large', {
        detail: `The file is larger than ${MOST_RECORD_BYTES / MEGABYTE} MB: send in the list of agreements and controls alone.`,
      })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** By its content, whatever its name says: a workbook (its first sheet), or else CSV. Throws `source-invalid`, `source-incomplete`. */
export async function readRecordFile(file: Buffer, name: string): Promise<ReturnType<typeof readRecords>> {
  if (file.length === 0) throw emptyFile(name)
  const kind = sheetKind(file)
  if (kind === 'old') throw oldSheet(name)
  const rows = kind === 'xlsx' ? await readSheetRows(file, name) : await readCsv(file, name)
  const columns = columnsOf(rows)
  if (!columns)
    throw problem('source-invalid', {
      detail: `${name} has no row of headings with kind, date and reference. Name the columns type, system, behandlingsaktivitet, dato, frist, henvisning and bemærkning.`,
      said: say('records-no-headings', { file: name }),
    })
  const below = rows.slice(columns.after)
  if (below.length > MOST_RECORD_ROWS)
    throw problem('source-invalid', {
      detail: `${name} has more than ${MOST_RECORD_ROWS} rows. Send it in in parts.`,
      said: say('import-too-many', { file: name, rows: MOST_RECORD_ROWS }),
    })
  return readRecords(below, columns.at)
}

/** CSV is read from disk, since only a whole file tells how it is encoded; the copy is gone right after. */
async function readCsv(file: Buffer, name: string): Promise<RawRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hjemmel-records-'))
  try {
    const path = join(folder, 'in.csv')
    await writeFile(path, file, { mode: 0o600 })
    const rows: RawRow[] = []
    for await (const batch of csvRows(path, name, { encoding: 'auto', delimiter: 'auto' })) {
      for (const { cells, line } of batch) rows.push({ line, cells: cells.map(unguarded) })
      if (rows.length > MOST_RECORD_ROWS + 21) break
    }
    return rows
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
