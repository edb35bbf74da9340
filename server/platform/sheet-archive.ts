import { crc32, inflateRawSync } from 'node:zlib'

/**
 * An XLSX file is a ZIP archive that came from outside: it may claim to be small and unfold to gigabytes, name a file
 * twice, or say one thing in its directory and another in front of the file. So it is unfolded here, by its directory and
 * within a limit, and what a spreadsheet is made of is packed anew, uncompressed and honest, for the reader.
 */
export type Unfolded =
  | { ok: true; archive: Buffer; parts: ReadonlyMap<string, Buffer> }
  | { ok: false; why: 'no-archive' | 'encrypted' | 'too-large' }

/** The parts that rows come from. Pictures, macros and the like are left where they are. */
const NEEDED =
  /^(\[Content_Types\]\.xml|_rels\/\.rels|xl\/(workbook|sharedStrings|styles)\.xml|xl\/_rels\/workbook\.xml\.rels|xl\/worksheets\/[^/]+\.xml)$/i
const MOST_ENTRIES = 5000
const DIRECTORY_END = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_ENTRY = 0x04034b50

/** `most`: bytes that all needed parts may have together, unfolded. */
export function unfoldSheet(file: Buffer, most: number): Unfolded {
  const end = directoryEnd(file)
  if (end < 0) return { ok: false, why: 'no-archive' }
  const count = file.readUInt16LE(end + 10)
  let at = file.readUInt32LE(end + 16)
  if (count > MOST_ENTRIES) return { ok: false, why: 'too-large' }
  const parts = new Map<string, Buffer>()
  let left = most
  for (let n = 0; n < count; n++) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== DIRECTORY_ENTRY) return { ok: false, why: 'no-archive' }
    const [flags, method] = [file.readUInt16LE(at + 8), file.readUInt16LE(at + 10)]
    const [packed, nameLength] = [file.readUInt32LE(at + 20), file.readUInt16LE(at + 28)]
    const more = file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
    const local = file.readUInt32LE(at + 42)
    const name = file.toString('utf8', at + 46, at + 46 + nameLength)
    at += 46 + nameLength + more
    if (!NEEDED.test(name) || parts.has(name)) continue
    if (flags & 1) return { ok: false, why: 'encrypted' }
    if (local + 30 > file.length || file.readUInt32LE(local) !== LOCAL_ENTRY) return { ok: false, why: 'no-archive' }
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    const content = unfold(file.subarray(from, from + packed), method, left)
    if (content === 'too-large' || content === 'no-archive') return { ok: false, why: content }
    left -= content.length
    parts.set(name, content)
  }
  return parts.has('xl/workbook.xml') ? { ok: true, archive: pack(parts), parts } : { ok: false, why: 'no-archive' }
}

function unfold(packed: Buffer, method: number, left: number): Buffer | 'too-large' | 'no-archive' {
  if (method === 0) return packed.length > left ? 'too-large' : packed
  if (method !== 8) return 'no-archive'
  try {
    // One more than there is room for, so that exactly full is not taken for too much.
    return inflateRawSync(packed, { maxOutputLength: left + 1 })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'no-archive'
  }
}

/** It stands at the end, before a comment of at most 64 kB. */
function directoryEnd(file: Buffer): number {
  for (let at = file.length - 22; at >= Math.max(0, file.length - 22 - 0xffff); at--)
    if (file.readUInt32LE(at) === DIRECTORY_END) return at
  return -1
}

function pack(parts: ReadonlyMap<string, Buffer>): Buffer {
  const body: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, content] of parts) {
    const title = Buffer.from(name)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt32LE(crc32(content), 10)
    head.writeUInt32LE(content.length, 14)
    head.writeUInt32LE(content.length, 18)
    head.writeUInt16LE(title.length, 22)
    const local = Buffer.alloc(4)
    local.writeUInt32LE(LOCAL_ENTRY)
    body.push(local, head, title, content)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(DIRECTORY_ENTRY, 0)
    entry.writeUInt16LE(20, 4)
    head.copy(entry, 6, 0, 24)
    entry.writeUInt32LE(at, 42)
    directory.push(entry, title)
    at += 30 + title.length + content.length
  }
  const size = directory.reduce((sum, one) => sum + one.length, 0)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(DIRECTORY_END, 0)
  end.writeUInt16LE(parts.size, 8)
  end.writeUInt16LE(parts.size, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...body, ...directory, end])
}

/** Cells that were made one, by worksheet in the order of the workbook: the column (from 0) and the lines (from 1). */
export type Merged = { column: number; from: number; to: number }

/** Attributes of one name in all tags of another; prefixes of namespaces differ from program to program. */
const tags = (xml: string, name: string): string[] => xml.match(new RegExp(`<(?:\\w+:)?${name}\\b[^>]*>`, 'g')) ?? []
const attribute = (tag: string, name: string): string | undefined =>
  new RegExp(`\\s(?:\\w+:)?${name}="([^"]*)"`).exec(tag)?.[1]

export function mergedCells(parts: ReadonlyMap<string, Buffer>): Merged[][] {
  const text = (name: string) => parts.get(name)?.toString('utf8') ?? ''
  const targets = new Map(
    tags(text('xl/_rels/workbook.xml.rels'), 'Relationship').map(tag => [
      attribute(tag, 'Id'),
      attribute(tag, 'Target'),
    ]),
  )
  return tags(text('xl/workbook.xml'), 'sheet').map(tag => {
    // `sheetId` is no relationship; `r:id` is, whatever its prefix.
    const id = /\s\w+:id="([^"]*)"/.exec(tag)?.[1]
    const target = targets.get(id)?.replace(/^\/?(?:xl\/)?/, '')
    return target === undefined ? [] : tags(text(`xl/${target}`), 'mergeCell').flatMap(cell => rangeOf(cell))
  })
}

function rangeOf(tag: string): Merged[] {
  const [, first, from, last, to] =
    /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/.exec(attribute(tag, 'ref') ?? '') ?? []
  // Across columns a merge is a title: only what goes down belongs to the rows below it.
  if (!first || first !== last) return []
  const column = [...first].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
  return [{ column, from: Number(from), to: Number(to) }]
}
