import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import iconv from 'iconv-lite'
import { z } from 'zod'
import { say } from '#contract/said.ts'
import type { FeedRecord, Json, RecordKind } from '../../platform/feed-record.ts'
import { problem } from '../../platform/problem.ts'
import { dropSettings, filePattern } from '../drops/decide-drops.ts'
import { draftsWanted } from '../sources/drafts-wanted.ts'
import { recordKind, type SourceDeclaration } from '../sources/source.ts'
import { csvRows, emptyFile } from './csv-rows.ts'
import { headingKey } from './csv-text.ts'
import { compileMapping, type Mapper, mapping, namesIn } from './map-record.ts'
import { pickEvenly } from './pick-evenly.ts'
import { isReject, type ReadItem, type SampleEntry, type SourceReader, type TestStep } from './reader.ts'
import { saidOf } from './said-of.ts'

/** Without it, found out from each file: UTF-8, UTF-16 or Windows-1252. */
const encoding = z
  .string()
  .refine(
    name => name === 'auto' || iconv.encodingExists(name),
    'is not an encoding that is known here (auto, utf-8, windows-1252, ...)',
  )
const csvFile = z.strictObject({
  path: z.string().min(1).optional(),
  /** With `drops`: names of the files in the folder, `personale*.csv`. */
  pattern: filePattern.optional(),
  record: recordKind,
  /** Column of the stable key; several columns are joined by a colon. */
  key: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  map: mapping,
  /** Of this file, where it is another than that of the rest. */
  encoding: encoding.optional(),
})
const settings = z.object({
  /** Without it, what the file's first line has most of: `;`, tab, `,` or `|`; Excel's line `sep=;` decides. */
  delimiter: z.union([z.literal('auto'), z.string().length(1)]).default('auto'),
  encoding: encoding.default('auto'),
  files: z.array(csvFile).min(1),
  drops: dropSettings.optional(),
  /** A list that is somebody's payroll: what it says that no report has said opens a draft. Most lists are none. */
  drafts: draftsWanted.optional(),
})
type CsvSettings = Omit<z.output<typeof settings>, 'files'> & { files: CsvFile[] }
/** `path` is what people know the file by; `stands` where it is read, when it was taken from a watched folder. */
type CsvFile = z.output<typeof csvFile> & { stands?: string; before?: boolean }

export const csvReader: SourceReader = {
  kind: 'csv',
  settings,
  check: given => checkFiles(given as CsvSettings),
  kinds: source => kindsOf(settingsOf(source).files),
  seenAt: async source => newest(source.folder, filesOf(source).map(placeOf)),
  async *read(source) {
    for (const file of filesOf(source)) yield* readFile(source, file)
  },
  watched: source => {
    const { drops, files } = settingsOf(source)
    return drops ? { ...drops, patterns: files.map(file => file.pattern!) } : null
  },
  ofFiles: (source, taken) => {
    const settings = settingsOf(source)
    const files = settings.files.flatMap(file => {
      const found = taken.find(one => one.pattern === file.pattern)
      return found ? [{ ...file, path: found.name, stands: found.path, before: found.before }] : []
    })
    return { ...source, settings: { ...settings, drops: undefined, files } }
  },
  readBefore: source => kindsOf(settingsOf(source).files.filter(file => file.before)),
  async test(source) {
    const steps: TestStep[] = []
    for (const file of filesOf(source)) {
      try {
        let records = 0
        for await (const batch of readFile(source, file)) {
          records += batch.length
          break
        }
        steps.push({
          step: 'file',
          ok: true,
          detail: `${file.path}: the header fits, ${records} first lines read`,
          said: say('header-fits', { file: file.path, count: records }),
        })
      } catch (error) {
        steps.push({ step: 'file', ok: false, ...saidOf(error) })
      }
    }
    return steps
  },
  async sample(source, _context, count) {
    const candidates: (SampleEntry & { file: string })[] = []
    for (const file of filesOf(source)) {
      const seen: Seen = (item, raw) => candidates.push({ file: file.path, at: item.at ?? '', raw, items: [item] })
      // A batch is enough to see what the lines are like.
      for await (const _ of readFile(source, file, seen)) break
    }
    const sortOf = ({ file, items }: (typeof candidates)[number]) =>
      `${file} ${items.map(item => (isReject(item) ? item.reject : item.kind)).join(' ')}`
    return pickEvenly(candidates, sortOf, count).map(({ at, raw, items }) => ({ at, raw, items }))
  },
}

const settingsOf = (source: SourceDeclaration) => source.settings as CsvSettings
const kindsOf = (files: readonly CsvFile[]) => [...new Set(files.map(file => file.record))] as RecordKind[]
const placeOf = (file: CsvFile): string => file.stands ?? file.path ?? ''

function filesOf(source: SourceDeclaration): (CsvFile & { path: string })[] {
  const { files, drops } = settingsOf(source)
  // Patterns are no files: the pipeline takes them from the folder first, and says what there is in `ofFiles`.
  if (drops)
    throw problem('source-unreachable', {
      detail: `No file has been dropped into ${drops.folder} yet.`,
      said: say('nothing-dropped', { folder: drops.folder }),
    })
  return files.map(file => ({ ...file, path: file.path ?? '' }))
}

function checkFiles({ files, drops }: CsvSettings): string[] {
  const mistakes: string[] = []
  for (const [index, file] of files.entries()) {
    if (drops && (file.path || !file.pattern))
      mistakes.push(`files: number ${index + 1} is taken from the watched folder: give it \`pattern\`, and no \`path\``)
    if (!drops && (file.pattern || !file.path))
      mistakes.push(
        `files: number ${index + 1} needs \`path\`; \`pattern\` is for a watched folder, \`drops: { folder: ... }\``,
      )
  }
  const patterns = files.map(file => file.pattern).filter(pattern => pattern !== undefined)
  if (new Set(patterns).size < patterns.length) mistakes.push('files: two have the same pattern')
  return mistakes
}

/** The time of the newest of the files. Throws `source-unreachable` that names the file that is not there. */
export async function newest(folder: string, paths: readonly string[]): Promise<Date> {
  let latest = 0
  for (const path of paths) {
    const full = resolve(folder, path)
    const info = await stat(full).catch(cause => {
      throw problem('source-unreachable', {
        detail: `The file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'}). Put it in ${folder}, or correct its path in the sources file.`,
        said: say('file-unreadable', { file: path, code: (cause as NodeJS.ErrnoException).code ?? 'unknown' }),
        cause,
      })
    })
    latest = Math.max(latest, info.mtimeMs)
  }
  return new Date(latest)
}

type Seen = (item: ReadItem, raw: Record<string, Json>) => void

async function* readFile(
  source: SourceDeclaration,
  file: CsvFile & { path: string },
  seen?: Seen,
): AsyncGenerator<ReadItem[]> {
  const settings = settingsOf(source)
  const path = resolve(source.folder, placeOf(file))
  const rows = csvRows(path, file.path, {
    encoding: file.encoding ?? settings.encoding,
    delimiter: settings.delimiter,
  })
  let mapRow: ((row: string[], line: number) => ReadItem) | undefined
  let header: string[] = []
  for await (const some of rows) {
    const batch: ReadItem[] = []
    for (const { cells, line } of some) {
      if (!mapRow) {
        mapRow = rowMapper(file, cells)
        header = cells
        continue
      }
      const item = mapRow(cells, line)
      batch.push(item)
      seen?.(item, rawOf(header, cells))
    }
    if (batch.length > 0) yield batch
  }
  if (!mapRow) throw emptyFile(file.path)
}

/** A line as the file has it, by its columns; those without a name are left out. */
export const rawOf = (header: readonly string[], row: readonly string[]): Record<string, Json> =>
  Object.fromEntries(header.flatMap((name, index) => (name.trim() === '' ? [] : [[name, row[index] ?? null]])))

/** Where a column stands: by its name as it is written, else without regard to case and blanks. */
function columnsOf(header: readonly string[], path: string): (name: string) => number | undefined {
  const exact = new Map<string, number>()
  const alike = new Map<string, number>()
  const twice = new Set<string>()
  for (const [index, name] of header.entries()) {
    const key = headingKey(name)
    if (alike.has(key)) twice.add(key)
    alike.set(key, index)
    exact.set(name.trim(), exact.get(name.trim()) ?? index)
  }
  return name => {
    const key = headingKey(name)
    const place = exact.get(name)
    const others = header.filter(other => other.trim() === name).length
    if (twice.has(key) && (place === undefined || others > 1))
      throw problem('source-invalid', {
        detail: `The file ${path} has more than one column "${name}". Have the export made with one of each.`,
        said: say('column-twice', { file: path, column: name }),
        errors: [{ where: `${path}: ${name}`, what: 'There are two columns of this name.' }],
      })
    return place ?? alike.get(key)
  }
}

function rowMapper(file: CsvFile & { path: string }, cells: string[]): (row: string[], line: number) => ReadItem {
  // Excel writes an empty cell for every column that ever had something in it.
  const header = cells.slice(0, cells.findLastIndex(name => name.trim() !== '') + 1)
  const keyColumns = [file.key].flat()
  const find = columnsOf(header, file.path)
  const read = [...new Set([...keyColumns, ...namesIn(file.map)])]
  const columns = new Map(read.map(name => [name, find(name)]))
  const missing = read.filter(name => columns.get(name) === undefined)
  if (missing.length > 0)
    throw problem('source-invalid', {
      detail: `The file ${file.path} has no column ${missing.map(name => `"${name}"`).join(', ')}. Its columns are: ${header.join(', ')}. Correct the file, or the mapping in the sources file.`,
      said: say('columns-missing', {
        file: file.path,
        missing: missing.join(', '),
        columns: header.join(', '),
      }),
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
    const key = keyAt.map(index => row[index] ?? '').join(':')
    const known = keyAt.every(index => (row[index] ?? '') !== '') ? { key } : {}
    // Cells beyond the header must be empty. A row that is short has lost a separator, and nobody knows which.
    const tooLong = row.length > header.length && row.slice(header.length).some(cell => cell !== '')
    if (tooLong || row.length < header.length)
      return {
        reject: 'columns-wrong',
        kind: file.record,
        ...known,
        at,
        params: { expected: header.length, found: row.length },
        raw: rawOf(header, row),
      }
    if (!('key' in known)) return { reject: 'key-missing', kind: file.record, at, raw: rawOf(header, row) }
    current = row
    const mapped = map(valuesOf)
    if (!mapped.ok)
      return { reject: mapped.reason, kind: file.record, key, at, params: mapped.params, raw: rawOf(header, row) }
    return { kind: file.record, key, attrs: mapped.attrs, at } satisfies FeedRecord
  }
}
