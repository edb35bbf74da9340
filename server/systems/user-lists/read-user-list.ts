import { resolve } from 'node:path'
import { z } from 'zod'
import { say } from '#contract/said.ts'
import { dropSettings, filePattern } from '../../feeds/drops/decide-drops.ts'
import { emptyFile } from '../../feeds/reading/csv-rows.ts'
import { pickEvenly } from '../../feeds/reading/pick-evenly.ts'
import { newest, rawOf } from '../../feeds/reading/read-csv.ts'
import { isReject, type ReadItem, type SampleEntry, type SourceReader } from '../../feeds/reading/reader.ts'
import { saidOf } from '../../feeds/reading/said-of.ts'
import type { SourceDeclaration } from '../../feeds/sources/source.ts'
import { problem } from '../../platform/problem.ts'
import { LIST_FIELDS, type ListColumns } from './list-columns.ts'
import { listRows } from './list-file.ts'
import { accountRecord, columnPlaces, type ListedAccount, listRowMapper } from './map-list-row.ts'

const heading = z.string().trim().min(1).max(200)
export const listColumns = z.strictObject(
  Object.fromEntries(LIST_FIELDS.map(field => [field, heading.optional()])) as Record<
    (typeof LIST_FIELDS)[number],
    z.ZodOptional<typeof heading>
  >,
)
const settings = z.object({
  /** Key of the system whose list it is. */
  system: z.string().min(1).max(200),
  columns: listColumns,
  /** The right that every row means, where no column says it. */
  right: z.string().trim().min(1).max(300).optional(),
  path: z.string().min(1).optional(),
  /** With `drops`: names of the files in the folder. */
  pattern: filePattern.default('*'),
  drops: dropSettings.optional(),
})
type Settings = Omit<z.output<typeof settings>, 'columns'> & { columns: ListColumns; stands?: string; before?: boolean }

const settingsOf = (source: SourceDeclaration) => source.settings as Settings

/** Titles and empty lines may stand above the header; below so many rows there is none. */
const HEADER_WITHIN = 30

/**
 * A system's own list of users, one row for each account and right, as CSV or XLSX (told by content). Yields the rights
 * as they come, and after the last row each account once, as all its rows together say it is.
 */
export const userListReader: SourceReader = {
  kind: 'list',
  settings,
  check: given => {
    const { columns, right, path, drops } = given as Settings
    const mistakes: string[] = []
    if (!columns.account) mistakes.push('columns: `account` is needed, the column of the user name')
    if (!columns.right && !right) mistakes.push('columns: `right` is needed, or `right:` for what every row means')
    if ((path === undefined) === (drops === undefined))
      mistakes.push('path: give either `path` or `drops: { folder: ... }`')
    return mistakes
  },
  kinds: () => ['account', 'held'],
  seenAt: async source => newest(source.folder, [placeOf(source)]),
  async *read(source) {
    yield* readList(source)
  },
  watched: source => {
    const { drops, pattern } = settingsOf(source)
    return drops ? { ...drops, patterns: [pattern] } : null
  },
  ofFiles: (source, taken) => {
    const file = taken[0]
    const given = settingsOf(source)
    return {
      ...source,
      settings: file
        ? { ...given, drops: undefined, path: file.name, stands: file.path, before: file.before }
        : { ...given, drops: undefined },
    }
  },
  readBefore: source => (settingsOf(source).before ? ['account', 'held'] : []),
  async test(source) {
    try {
      let records = 0
      for await (const batch of readList(source)) {
        records += batch.length
        break
      }
      const { path = '' } = settingsOf(source)
      const detail = `${path}: the header fits, ${records} first lines read`
      return [{ step: 'file', ok: true, detail, said: say('header-fits', { file: path, count: records }) }]
    } catch (error) {
      return [{ step: 'file', ok: false, ...saidOf(error) }]
    }
  },
  async sample(source, _context, count) {
    const candidates: SampleEntry[] = []
    for await (const _ of readList(source, entry => candidates.push(entry))) break
    const sortOf = ({ items }: SampleEntry) => items.map(item => (isReject(item) ? item.reject : item.kind)).join(' ')
    return pickEvenly(candidates, sortOf, count)
  },
}

function placeOf(source: SourceDeclaration): string {
  const { drops, stands, path } = settingsOf(source)
  if (drops)
    throw problem('source-unreachable', {
      detail: `No file has been dropped into ${drops.folder} yet.`,
      said: say('nothing-dropped', { folder: drops.folder }),
    })
  return stands ?? path ?? ''
}

async function* readList(source: SourceDeclaration, seen?: (entry: SampleEntry) => void): AsyncGenerator<ReadItem[]> {
  const place = placeOf(source)
  const given = settingsOf(source)
  const name = given.path ?? place
  const accounts = new Map<string, ListedAccount>()
  let mapRow: ReturnType<typeof listRowMapper> | undefined
  let header: string[] = []
  const above: string[][] = []
  for await (const rows of listRows(resolve(source.folder, place), name)) {
    const batch: ReadItem[] = []
    for (const { cells, line } of rows) {
      if (!mapRow) {
        const places = columnPlaces(cells, given.columns)
        if (places) {
          header = cells
          mapRow = listRowMapper(given, header, places, accounts)
        } else if (above.push(cells) >= HEADER_WITHIN) throw headerMissing(name, given.columns, above)
        continue
      }
      const at = `${name}:${line}`
      const item = mapRow(cells, at)
      if (item) batch.push(item)
      seen?.({ at, raw: rawOf(header, cells), items: item ? [item] : [] })
    }
    if (batch.length > 0) yield batch
  }
  if (!mapRow) throw above.length === 0 ? emptyFile(name) : headerMissing(name, given.columns, above)
  let batch: ReadItem[] = []
  for (const [key, said] of accounts) {
    batch.push(accountRecord(key, said, name))
    if (batch.length < 500) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The row that comes nearest is taken for the header, so that what is missing can be named. */
function headerMissing(name: string, columns: ListColumns, above: readonly string[][]) {
  const wanted = Object.entries(columns)
  const missingIn = (row: string[]) =>
    wanted.filter(([field, heading]) => columnPlaces(row, { [field]: heading }) === null).map(([, heading]) => heading)
  const [nearest = []] = [...above].sort((a, b) => missingIn(a).length - missingIn(b).length)
  const missing = missingIn(nearest)
  const has = nearest.filter(cell => cell.trim() !== '').join(', ')
  return problem('source-invalid', {
    detail: `The file ${name} has no column ${missing.map(one => `"${one}"`).join(', ')}. Its columns are: ${has}. Choose the columns of the list anew, or have the list made as before.`,
    said: say('columns-missing', { file: name, missing: missing.join(', '), columns: has }),
    errors: missing.map(one => ({ where: `${name}: ${one}`, what: 'The column is missing.' })),
  })
}
