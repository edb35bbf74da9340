import { createReadStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TextDecoder } from 'node:util'
import { type CsvError, parse } from 'csv-parse'
import iconv from 'iconv-lite'
import { say } from '#contract/said.ts'
import { problem } from '../../platform/problem.ts'
import { lookAtCsv } from './csv-text.ts'

const BATCH = 500

/** One row of a file, the header among them, and the line that it ends on. */
export type FileRow = { cells: string[]; line: number }

/**
 * The rows of a CSV file, streaming, some at a time. `name` is what people know the file by. Throws `source-unreachable`
 * where it cannot be opened, `source-invalid` or `source-incomplete` where it is no whole CSV file.
 */
export async function* csvRows(
  path: string,
  name: string,
  declared: { encoding: string; delimiter: string },
): AsyncGenerator<FileRow[]> {
  const form = await lookAtCsv(path, declared).catch(error => {
    throw asProblem(error, name)
  })
  const parser = parse({
    delimiter: form.delimiter,
    from_line: form.fromLine,
    bom: true,
    relax_column_count: true,
    // A quote inside an unquoted value is a sign like others: `Skærm 24"`, `="0042"`.
    relax_quotes: true,
    skip_empty_lines: true,
    // What Excel leaves of rows whose cells have been emptied: nothing but semicolons.
    skip_records_with_empty_values: true,
    info: true,
    trim: true,
  })
  const state = { failed: null as unknown }
  const feeding = pipeline(createReadStream(path), decoder(form.encoding, name), parser).catch(error => {
    state.failed = error
  })
  let batch: FileRow[] = []
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      batch.push({ cells: record, line: info.lines })
      if (batch.length >= BATCH) {
        yield batch
        batch = []
      }
    }
  } catch (error) {
    throw asProblem(state.failed ?? error, name)
  } finally {
    parser.destroy()
    await feeding
  }
  if (state.failed) throw asProblem(state.failed, name)
  if (batch.length > 0) yield batch
}

export const emptyFile = (name: string) =>
  problem('source-incomplete', {
    detail: `The file ${name} is empty; not even the header is there. Have the export made again.`,
    said: say('file-empty', { file: name }),
  })

/** Strict decoding: a file in another encoding than declared must stop the run, not turn names into question marks. */
function decoder(encoding: string, path: string): Transform {
  if (!/^utf-?8$/i.test(encoding)) return iconv.decodeStream(encoding) as unknown as Transform
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const wrong = (cause: unknown) =>
    problem('source-invalid', {
      detail: `The file ${path} is not UTF-8. Export it as UTF-8, or declare the source's encoding (for example windows-1252).`,
      said: say('file-not-utf8', { file: path }),
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

function asProblem(error: unknown, path: string): unknown {
  if (error instanceof Error && 'problem' in error) return error
  const { code, message } = error as CsvError
  if (typeof code === 'string' && code.startsWith('CSV_'))
    return problem(code === 'CSV_QUOTE_NOT_CLOSED' ? 'source-incomplete' : 'source-invalid', {
      detail: `The file ${path} is not readable as CSV: ${message}. Have the export made again.`,
      said: say(code === 'CSV_QUOTE_NOT_CLOSED' ? 'csv-cut-short' : 'csv-unreadable', { file: path }),
      cause: error,
    })
  return problem('source-unreachable', {
    detail: `The file ${path} cannot be read: ${message}.`,
    said: say('file-unreadable', { file: path, code: code ?? 'unknown' }),
    cause: error,
  })
}
