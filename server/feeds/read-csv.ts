import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TextDecoder } from 'node:util'
import { type CsvError, parse } from 'csv-parse'
import iconv from 'iconv-lite'
import { z } from 'zod'
import type { FeedRecord, RecordKind } from '../platform/feed-record.ts'
import { problem } from '../platform/problem.ts'
import { compileMapping, type Mapper, mapping, namesIn } from './map-record.ts'
import type { ReadItem, SourceReader, TestStep } from './reader.ts'
import { recordKind, type SourceDeclaration } from './source.ts'

const csvFile = z.strictObject({
  path: z.string().min(1),
  record: recordKind,
  /** Column of the stable key; several columns are joined by a colon. */
  key: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  map: mapping,
})
const settings = z.object({
  delimiter: z.string().length(1).default(';'),
  encoding: z
    .string()
    .default('utf-8')
    .refine(name => iconv.encodingExists(name), 'is not an encoding that is known here (utf-8, windows-1252, ...)'),
  files: z.array(csvFile).min(1),
})
type CsvSettings = z.output<typeof settings>
type CsvFile = CsvSettings['files'][number]

const BATCH = 500

export const csvReader: SourceReader = {
  kind: 'csv',
  settings,
  kinds: source => [...new Set(settingsOf(source).files.map(file => file.record))] as RecordKind[],
  seenAt: async source =>
    newest(
      source.folder,
      settingsOf(source).files.map(file => file.path),
    ),
  async *read(source) {
    const { files } = settingsOf(source)
    for (const file of files) yield* readFile(source, file)
  },
  async test(source) {
    const steps: TestStep[] = []
    for (const file of settingsOf(source).files) {
      try {
        let records = 0
        for await (const batch of readFile(source, file)) {
          records += batch.length
          break
        }
        steps.push({ step: 'file', ok: true, detail: `${file.path}: the header fits, ${records} first lines read` })
      } catch (error) {
        steps.push({ step: 'file', ok: false, detail: (error as Error).message })
      }
    }
    return steps
  },
}

const settingsOf = (source: SourceDeclaration) => source.settings as CsvSettings

/** The time of the newest of the files. Throws `source-unreachable` that names the file that is not there. */
export async function newest(folder: string, paths: readonly string[]): Promise<Date> {
  let latest = 0
  for (const path of paths) {
    const full = resolve(folder, path)
    const info = await stat(full).catch(cause => {
      throw problem('source-unreachable', {
        detail: `The file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}). Put it in ${folder}, or correct its path in the sources file.`,
        cause,
      })
    })
    latest = Math.max(latest, info.mtimeMs)
  }
  return new Date(latest)
}

async function* readFile(source: SourceDeclaration, file: CsvFile): AsyncGenerator<ReadItem[]> {
  const { delimiter, encoding } = settingsOf(source)
  const parser = parse({
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
    trim: true,
  })
  const state = { failed: null as unknown }
  const feeding = pipeline(
    createReadStream(resolve(source.folder, file.path)),
    decoder(encoding, file.path),
    parser,
  ).catch(error => {
    state.failed = error
  })
  let mapRow: ((row: string[], line: number) => ReadItem) | undefined
  let batch: ReadItem[] = []
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (!mapRow) {
        mapRow = rowMapper(file, record)
        continue
      }
      batch.push(mapRow(record, info.lines))
      if (batch.length >= BATCH) {
        yield batch
        batch = []
      }
    }
  } catch (error) {
    throw asProblem(state.failed ?? error, file.path)
  } finally {
    parser.destroy()
    await feeding
  }
  if (state.failed) throw asProblem(state.failed, file.path)
  if (!mapRow)
    throw problem('source-incomplete', {
      detail: `The file ${file.path} is empty; not even the header is there. Have the export made again.`,
    })
  if (batch.length > 0) yield batch
}

/** Strict decoding: a file in another encoding than declared must stop the run, not turn names into question marks. */
function decoder(encoding: string, path: string): Transform {
  if (!/^utf-?8$/i.test(encoding)) return iconv.decodeStream(encoding) as unknown as Transform
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const wrong = (cause: unknown) =>
    problem('source-invalid', {
      detail: `The file ${path} is not UTF-8. Export it as UTF-8, or declare the source's encoding (for example windows-1252).`,
      cause,
    })
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        done(null, text.decode(chunk, { stream: true }))
      } catch (error) {
        done(wrong(error))
      }
    },
    flush(done) {
      try {
        done(null, text.decode())
      } catch (error) {
        done(wrong(error))
      }
    },
  })
}

function rowMapper(file: CsvFile, header: string[]): (row: string[], line: number) => ReadItem {
  const keyColumns = [file.key].flat()
  const columns = new Map(header.map((name, index) => [name.trim(), index]))
  const missing = [...new Set([...keyColumns, ...namesIn(file.map)])].filter(name => !columns.has(name))
  if (missing.length > 0)
    throw problem('source-invalid', {
      detail: `The file ${file.path} has no column ${missing.map(name => `"${name}"`).join(', ')}. Its columns are: ${header.join(', ')}. Correct the file, or the mapping in the sources file.`,
      errors: missing.map(name => ({ where: `${file.path}: ${name}`, what: 'The column is missing.' })),
    })
  const keyAt = keyColumns.map(name => columns.get(name)!)
  const map: Mapper = compileMapping(file.map)
  let current: string[] = []
  const valuesOf = (name: string): readonly string[] => {
    const value = current[columns.get(name)!]
    return value === undefined || value === '' ? [] : [value]
  }
  return (row, line) => {
    const at = `${file.path}:${line}`
    const rawOf = () => Object.fromEntries(header.map((name, index) => [name, row[index] ?? null]))
    const key = keyAt.map(index => row[index] ?? '').join(':')
    const known = keyAt.every(index => (row[index] ?? '') !== '') ? { key } : {}
    if (row.length !== header.length)
      return {
        reject: 'columns-wrong',
        kind: file.record,
        ...known,
        at,
        params: { expected: header.length, found: row.length },
        raw: rawOf(),
      }
    if (!('key' in known)) return { reject: 'key-missing', kind: file.record, at, raw: rawOf() }
    current = row
    const mapped = map(valuesOf)
    if (!mapped.ok) return { reject: mapped.reason, kind: file.record, key, at, params: mapped.params, raw: rawOf() }
    return { kind: file.record, key, attrs: mapped.attrs, at } satisfies FeedRecord
  }
}

function asProblem(error: unknown, path: string): unknown {
  if (error instanceof Error && 'problem' in error) return error
  const { code, message } = error as CsvError
  if (typeof code === 'string' && code.startsWith('CSV_'))
    return problem(code === 'CSV_QUOTE_NOT_CLOSED' ? 'source-incomplete' : 'source-invalid', {
      detail: `The file ${path} is not readable as CSV: ${message}. Have the export made again.`,
      cause: error,
    })
  return problem('source-unreachable', { detail: `The file ${path} cannot be read: ${message}.`, cause: error })
}
