import { inflateRawSync } from 'node:zlib'
import { ZipFile } from 'yazl'

const DIRECTORY_END = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50

/** The day that stands in everything that must be the same whenever it is made: the first that a ZIP archive knows. */
export const FIXED_DAY = new Date('1980-01-01T00:00:00Z')

/** How every entry of our archives is written; by the date of 1980 alone, since the other fields depend on the machine's zone. */
export const ENTRY = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 } as const

/**
 * An archive that we have made (as DOCX is one) packed again without the hour of making, its entries changed on the way: the
 * same content gives the same bytes. In memory.
 */
export async function repacked(archive: Buffer, change: (name: string, content: Buffer) => Buffer): Promise<Buffer> {
  const zip = new ZipFile()
  for (const { name, content } of entriesOf(archive)) zip.addBuffer(change(name, content), name, ENTRY)
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function* entriesOf(archive: Buffer): Generator<{ name: string; content: Buffer }> {
  let end = archive.length - 22
  while (end >= 0 && archive.readUInt32LE(end) !== DIRECTORY_END) end--
  if (end < 0) throw new Error('this is no ZIP archive')
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('the directory of the ZIP archive is broken')
    const nameLength = archive.readUInt16LE(at + 28)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const local = archive.readUInt32LE(at + 42)
    const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const packed = archive.subarray(from, from + archive.readUInt32LE(at + 20))
    yield { name, content: archive.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed) }
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
}
