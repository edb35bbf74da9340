import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { NOT_KEPT, type NotKept, type PackageScope } from '#contract/packages.ts'
import type { PaperDocument } from '../../platform/documents/document.ts'
import { writeDocx } from '../../platform/documents/write-docx.ts'
import { writePdf } from '../../platform/documents/write-pdf.ts'
import { writeXlsx, type XlsxCell, type XlsxSheet } from '../../platform/documents/write-xlsx.ts'
import { type ZipEntry, type ZipPart, zipStream } from '../../platform/documents/zip-stream.ts'
import { type PrintedRecord, recordDocument } from '../../register/documents/record-document.ts'
import { dayWords } from '../../register/documents/record-text.ts'
import type { AdviceThen, ControlThen, DatedThen } from './controls-view.ts'
import type { LeaverThen } from './leavers-view.ts'
import {
  adviceRows,
  controlRows,
  datedRows,
  leaverRows,
  type RowWords,
  recordRows,
  rightRows,
  systemRows,
  whoIn,
} from './package-rows.ts'
import { type PackageWords, packageWords } from './package-words.ts'
import type { RightThen } from './rights-view.ts'

/** Everything that a package is made of. What is long is a stream, asked for when its turn has come. */
export type PackageContent = {
  scope: PackageScope
  /** As of when it was known, as an instant. */
  known: string
  /** The role under which it is made, and whether pupils are outside of it. */
  madeAs: string
  staffOnly: boolean
  unit: { name: string } | null
  systems: readonly { id: string; name: string; read: boolean }[]
  unitNames: ReadonlyMap<string, string>
  records: readonly PrintedRecord[]
  vocabularies: RowWords['vocabularies']
  defaults: Parameters<typeof recordDocument>[0]['defaults']
  controls: readonly ControlThen[]
  advice: readonly AdviceThen[]
  dated: { kept: ReadonlySet<string>; rows: readonly DatedThen[] }
  rights: () => AsyncIterable<RightThen>
  leavers: () => AsyncIterable<LeaverThen>
}

/** What dated records, where they are kept here, answer of an inspection's items. */
const KEPT_AS: Partial<Record<NotKept, string>> = {
  dpia: 'dpia',
  processors: 'processor-agreement',
  'log-samples': 'log-sample',
}
export const notKeptItems = (kept: ReadonlySet<string>): NotKept[] =>
  NOT_KEPT.filter(item => !kept.has(KEPT_AS[item] ?? ''))

const WIDE: Record<string, readonly number[]> = {
  records: [10, 36, 20, 30, 34, 34, 24, 30, 18, 24, 30, 30, 30, 9, 12],
  systems: [28, 10, 36, 28, 24, 30, 18, 24, 30],
  rights: [24, 28, 26, 24, 26, 22, 32, 16, 12, 12, 24, 34, 30, 34, 34],
  leavers: [26, 24, 26, 12, 24, 28, 14, 20, 18, 18],
  controls: [30, 40, 16, 14, 10, 20, 10],
  advice: [12, 10, 36, 60, 16, 12, 10],
  'dated-records': [24, 22, 36, 12, 12, 40, 40],
}
type Table = keyof PackageWords['head']

/** One table as a sheet, with what it is about above it. */
export const tableSheet = (
  words: PackageWords,
  table: Table,
  above: readonly (readonly XlsxCell[])[],
  rows: XlsxSheet['rows'],
): XlsxSheet => ({ name: words.sheet[table], above, head: words.head[table], widths: WIDE[table] ?? [], rows })

/** What a package or a file of its own is about: name and value, above each sheet and on the cover. */
export function aboutLines(
  words: PackageWords,
  content: Pick<PackageContent, 'scope' | 'unit' | 'systems'>,
): [string, string][] {
  const { scope, unit, systems } = content
  const day = dayWords(scope.language)
  return [
    [words.area, unit?.name ?? words.all],
    [words.systems, scope.systems.length > 0 ? systems.map(one => one.name).join(', ') : words.systemsOfRecords],
    [words.day, day(scope.day)],
    [words.known, scope.known === 'then' ? words.knownThen : words.knownNow],
    [words.leavers, `${day(scope.leaversFrom)} ${words.until} ${day(scope.day)}`],
    [words.names, scope.names ? words.namesYes : words.namesNo],
  ]
}

/** Numbers of people mean something within one package only: they follow from what was asked for. */
export const saltOf = (content: Pick<PackageContent, 'scope' | 'known' | 'madeAs'>): string =>
  createHash('sha256')
    .update(JSON.stringify([content.scope, content.known, content.madeAs]))
    .digest('hex')

export const rowWords = (
  content: Pick<PackageContent, 'scope' | 'known' | 'madeAs' | 'systems' | 'unitNames' | 'vocabularies'>,
): RowWords => {
  const words = packageWords[content.scope.language]
  return {
    words,
    language: content.scope.language,
    vocabularies: content.vocabularies,
    unitNames: content.unitNames,
    systems: new Map(content.systems.map(one => [one.id, one])),
    who: whoIn(words, content.scope.names, saltOf(content)),
  }
}

/**
 * The package as a stream. The same content gives the same bytes: no hour and no chance is in it. `seen` is called with each
 * person of whom a row is in it.
 */
export function packageStream(
  content: PackageContent,
  seen: (personId: string) => void = () => {},
): { stream: Readable; files: readonly ZipEntry[] } {
  const { scope } = content
  const words = packageWords[scope.language]
  const on = rowWords(content)
  const about = aboutLines(words, content)
  const register = recordDocument({
    ...{ language: scope.language, day: scope.day, known: null, records: content.records },
    scope: content.unit ? { kind: 'unit', name: content.unit.name } : { kind: 'all' },
    ...{ vocabularies: content.vocabularies, defaults: content.defaults },
  })
  const sheet = (table: Table, rows: XlsxSheet['rows']) =>
    tableSheet(words, table, [[words.sheet[table]], ...about, []], rows)
  const book = (name: string, ...sheets: XlsxSheet[]): ZipPart => ({
    name,
    packed: true,
    open: () => writeXlsx(sheets),
  })
  const { kept, rows } = content.dated
  const items = notKeptItems(kept)
  return zipStream(async function* (written) {
    yield { name: words.file.recordsDocx, packed: true, open: () => writeDocx(register) }
    yield { name: words.file.recordsPdf, packed: true, open: () => writePdf(register) }
    yield book(words.file.records, sheet('records', recordRows(on, content.records)))
    yield book(words.file.systems, sheet('systems', systemRows(on, content.records)))
    yield book(words.file.rights, sheet('rights', rightRows(on, noticed(content.rights(), seen))))
    yield book(words.file.leavers, sheet('leavers', leaverRows(on, noticed(content.leavers(), seen))))
    yield book(
      words.file.controls,
      sheet('controls', controlRows(on, content.controls)),
      sheet('advice', adviceRows(on, content.advice)),
    )
    if (kept.size > 0) yield book(words.file['dated-records'], sheet('dated-records', datedRows(on, rows)))
    const cover = coverOf(content, words, about, items, [...written])
    yield { name: words.file.cover, packed: true, open: () => writePdf(cover) }
    yield { name: 'manifest.json', open: () => Buffer.from(manifest(content, items, written)) }
  })
}

async function* noticed<T extends { personId: string | null }>(
  rows: AsyncIterable<T>,
  seen: (personId: string) => void,
): AsyncGenerator<T> {
  for await (const row of rows) {
    if (row.personId !== null) seen(row.personId)
    yield row
  }
}

function coverOf(
  content: PackageContent,
  words: PackageWords,
  about: readonly [string, string][],
  items: readonly NotKept[],
  files: readonly ZipEntry[],
): PaperDocument {
  const { scope, systems } = content
  const unread = systems.filter(one => !one.read)
  const municipality = content.defaults.controller?.name ?? ''
  return {
    language: scope.language,
    title: words.title,
    about: [
      [words.municipality, municipality],
      ...about,
      [words.generator, `Hjemmel (${content.madeAs})`],
      ...(content.staffOnly ? [[words.staffOnly, words.yes] as const] : []),
    ],
    note: words.minimised,
    foot: [words.title, municipality].filter(Boolean).join(', '),
    chapters: [
      {
        title: words.about,
        sections: [
          {
            title: words.systems,
            blocks: [
              systems.length > 0
                ? { kind: 'list', items: systems.map(one => one.name) }
                : { kind: 'text', text: words.none },
              ...(unread.length > 0
                ? [
                    {
                      kind: 'facts',
                      facts: [[words.unread, unread.map(one => one.name).join(', ')] as const],
                    } as const,
                  ]
                : []),
            ],
          },
          {
            title: words.notKept,
            blocks: [
              { kind: 'text', text: words.notKeptLead },
              { kind: 'list', items: items.map(item => words.notKeptItem[item]) },
            ],
          },
          {
            title: words.files,
            blocks: [
              {
                kind: 'table',
                head: words.fileHead,
                shares: [0.34, 0.12, 0.54],
                rows: files.map(file => [file.name, String(file.bytes), file.sha256]),
              },
              { kind: 'text', text: words.manifest, quiet: true },
            ],
          },
        ],
      },
    ],
  }
}

/** What a program reads: the scope, and the hash of every file (SHA-256 in hexadecimal). */
function manifest(content: PackageContent, notKept: readonly NotKept[], files: readonly ZipEntry[]): string {
  const { scope, known, madeAs, unit, systems, defaults, staffOnly } = content
  const said = {
    kind: 'hjemmel-inspection-package',
    version: 1,
    controller: defaults.controller?.name ?? null,
    generator: { program: 'Hjemmel', role: madeAs },
    scope: { ...scope, unitName: unit?.name ?? null, systemNames: systems.map(one => one.name) },
    cutOff: { day: scope.day, known },
    staffOnly,
    notKept,
    files,
  }
  return `${JSON.stringify(said, null, 2)}\n`
}
