import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TextDecoder } from 'node:util'
import { SaxesParser } from 'saxes'
import { say } from '#contract/said.ts'
import { csvRows, emptyFile } from '../../feeds/reading/csv-rows.ts'
import { fold } from '../../platform/fold.ts'
import { problem } from '../../platform/problem.ts'
import type { WrittenEntry } from './kle-entry.ts'

const MOST_BYTES = 40 * 1024 * 1024
const MOST_ENTRIES = 30_000

/** What a file of KLE says. `gone`: numbers that it says have been taken out. */
export type KleFile = { entries: WrittenEntry[]; gone: string[] }

/** The body, whole; throws `payload-too-large` as soon as it is. */
export async function takeKleBody(from: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of from) {
    bytes += part.length
    if (bytes > MOST_BYTES)
      throw problem('payload-too-large', {
        detail: 'The file is larger than 40 MB: send in the list of subjects alone.',
      })
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** By its content, whatever its name says: XML, or else CSV. Throws `source-invalid`, `source-incomplete`. */
export async function readKle(file: Buffer, name: string): Promise<KleFile> {
  if (file.length === 0) throw emptyFile(name)
  const first = file
    .subarray(0, 200)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()[0]
  const read = first === '<' ? readXml(file, name) : await readCsv(file, name)
  if (read.entries.length + read.gone.length === 0) throw noKle(name)
  if (read.entries.length > MOST_ENTRIES) throw noKle(name)
  return read
}

const noKle = (name: string, cause?: unknown) =>
  problem('source-invalid', {
    detail: `${name} is no list of KLE: neither its XML (KLE-Emneplan) nor a CSV whose first row names number and title. Fetch the list anew, or name the columns "nummer" and "titel".`,
    said: say('kle-unreadable', { file: name }),
    cause,
  })

/** Elements that stand for an entry, with those that hold its number and title. */
const LEVELS: Record<string, { number: string; title: string }> = {
  Hovedgruppe: { number: 'HovedgruppeNr', title: 'HovedgruppeTitel' },
  Gruppe: { number: 'GruppeNr', title: 'GruppeTitel' },
  Emne: { number: 'EmneNr', title: 'EmneTitel' },
}
type Open = WrittenEntry & { level: string; gone: boolean }

/** The XML of KLE's list of subjects (KLE-Emneplan, version 2). */
function readXml(file: Buffer, name: string): KleFile {
  const found: KleFile = { entries: [], gone: [] }
  const open: Open[] = []
  const path: string[] = []
  let text = ''
  let rooted = false
  const parser = new SaxesParser()
  parser.on('error', error => {
    throw noKle(name, error)
  })
  parser.on('doctype', () => {
    throw noKle(name)
  })
  parser.on('opentag', ({ name: tag }) => {
    const local = tag.slice(tag.indexOf(':') + 1)
    if (path.length === 0) rooted = /^KLE-?Emneplan$/i.test(local)
    path.push(local)
    text = ''
    if (local in LEVELS)
      open.push({ number: '', title: '', code: '', erasure: '', line: parser.line, level: local, gone: false })
  })
  parser.on('text', part => {
    if (text.length < 4000) text += part
  })
  parser.on('closetag', () => {
    const local = path.pop() ?? ''
    const said = text.trim()
    text = ''
    const one = open.at(-1)
    if (!one) return
    if (local === one.level) return close(one)
    const names = LEVELS[one.level]
    if (local === names?.number) one.number = said
    else if (local === names?.title) one.title = said
    else if (local === 'BevaringJaevnfoerArkivloven') one.code = said
    else if (local === 'SletningJaevnfoerPersondataloven') one.erasure = said
    else if (local === 'UdgaaetDato' && said !== '') one.gone = true
  })
  function close({ level: _, gone, ...entry }: Open): void {
    open.pop()
    if (gone) found.gone.push(entry.number)
    else found.entries.push(entry)
  }
  try {
    parser.write(new TextDecoder('utf-8', { fatal: true }).decode(file)).close()
  } catch (error) {
    throw noKle(name, error)
  }
  if (!rooted) throw noKle(name)
  return found
}

/** Headings as lists of one's own have them. */
const HEADINGS: Record<'number' | 'title' | 'code' | 'erasure', readonly string[]> = {
  number: ['nummer', 'nr', 'kle', 'kle-nummer', 'kle nummer', 'emnenr', 'emnenummer', 'number'],
  title: ['titel', 'emnetitel', 'navn', 'emne', 'title'],
  code: ['bevaring', 'bevaringskode', 'kassation', 'kode', 'bevaringjaevnfoerarkivloven', 'preservation'],
  erasure: ['sletning', 'slettefrist', 'sletningjaevnfoerpersondataloven', 'erasure', 'erase after'],
}

async function readCsv(file: Buffer, name: string): Promise<KleFile> {
  const folder = await mkdtemp(join(tmpdir(), 'hjemmel-kle-'))
  try {
    const path = join(folder, 'in.csv')
    await writeFile(path, file, { mode: 0o600 })
    const found: KleFile = { entries: [], gone: [] }
    let at: Record<keyof typeof HEADINGS, number> | null = null
    for await (const batch of csvRows(path, name, { encoding: 'auto', delimiter: 'auto' }))
      for (const { cells, line } of batch) {
        if (at === null) at = columnsOf(cells, name)
        else {
          const columns = at
          const cell = (which: keyof typeof HEADINGS) => cells[columns[which]]?.trim() ?? ''
          found.entries.push({
            ...{ number: cell('number'), title: cell('title'), code: cell('code'), erasure: cell('erasure'), line },
          })
        }
      }
    return found
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function columnsOf(cells: readonly string[], name: string): Record<keyof typeof HEADINGS, number> {
  const headings = cells.map(cell => fold(cell.trim()))
  const place = (which: keyof typeof HEADINGS) => headings.findIndex(one => HEADINGS[which].map(fold).includes(one))
  const at = { number: place('number'), title: place('title'), code: place('code'), erasure: place('erasure') }
  if (at.number < 0 || at.title < 0) throw noKle(name)
  return at
}
