import { createHash } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import { ZipFile } from 'yazl'
import { ENTRY } from './fixed-zip.ts'

export type ZipPart = {
  name: string
  /** Called when its turn has come. */
  open: () => Buffer | Readable | Promise<Buffer | Readable>
  /** What is packed already (DOCX, XLSX, PDF) gains nothing from being packed again. */
  packed?: boolean
}
/** What was written of one entry; `sha256` in hexadecimal, of the entry unpacked. */
export type ZipEntry = { name: string; bytes: number; sha256: string }

/**
 * An archive as a stream, one entry after the other: each part is asked for when the one before it has been written, so that
 * the last may say the hashes of all before it. The same parts give the same bytes. A fault ends the stream with it.
 */
export function zipStream(parts: (written: readonly ZipEntry[]) => AsyncIterable<ZipPart>): {
  stream: Readable
  /** What has been written, once the stream has ended. */
  files: readonly ZipEntry[]
} {
  const zip = new ZipFile()
  const out = zip.outputStream as unknown as Readable
  const written: ZipEntry[] = []
  const fill = async () => {
    for await (const part of parts(written)) {
      const content = await part.open()
      const hash = createHash('sha256')
      let bytes = 0
      const counted = new Transform({
        transform(chunk: Buffer, _, done) {
          hash.update(chunk)
          bytes += chunk.length
          done(null, chunk)
        },
      })
      const source = Buffer.isBuffer(content) ? Readable.from([content], { objectMode: false }) : content
      await new Promise<void>((resolve, reject) => {
        counted.once('end', resolve)
        counted.once('error', reject)
        // A pipe does not hand faults on.
        source.once('error', reject)
        zip.addReadStream(source.pipe(counted), part.name, { ...ENTRY, compress: !part.packed })
      })
      written.push({ name: part.name, bytes, sha256: hash.digest('hex') })
    }
    zip.end()
  }
  fill().catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))))
  return { stream: out, files: written }
}
