import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import iconv from 'iconv-lite'

/** How a CSV file is written, found by looking at it. */
export type CsvForm = {
  encoding: string
  delimiter: string
  /** The line that the header stands on, or an empty one above it; 2 where Excel's `sep=;` comes first. */
  fromLine: number
}

const HEAD = 64 * 1024
/** In the order in which they win when a header has as many of one as of the other. */
const DELIMITERS = [';', '\t', ',', '|'] as const

/** Looks at a file; what is declared is not guessed. Throws what the file system throws. */
export async function lookAtCsv(path: string, declared: { encoding: string; delimiter: string }): Promise<CsvForm> {
  const encoding = declared.encoding === 'auto' ? await encodingOf(path) : declared.encoding
  const head = iconv.decode(await headOf(path), encoding)
  const sep = /^sep=(.)\r?\n/i.exec(head)
  const delimiter = declared.delimiter === 'auto' ? (sep?.[1] ?? delimiterOf(head)) : declared.delimiter
  return { encoding, delimiter, fromLine: sep ? 2 : 1 }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/**
 * UTF-8, UTF-16 by its mark, or Windows-1252, which is what Excel's "CSV (semikolonsepareret)" is in Denmark. The whole
 * file is looked at: the first æ may stand on line 5,000. A file that is UTF-8 but for a spot is called UTF-8, so that
 * strict decoding refuses it: read as Windows-1252 it would turn every ø into two signs.
 */
async function encodingOf(path: string): Promise<string> {
  const head = await headOf(path)
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let beyond = 0
  let pairs = 0
  let valid = true
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (valid)
      try {
        decoder.decode(chunk, { stream: true })
      } catch {
        valid = false
      }
    for (let at = 0; at < chunk.length; at++) {
      if (chunk[at]! < 0x80) continue
      beyond++
      // Two bytes of UTF-8 for the letters of western languages: c3 or c2, and one from 80 to bf.
      if ((chunk[at]! & 0xfe) === 0xc2 && ((chunk[at + 1] ?? 0) & 0xc0) === 0x80) pairs++
    }
  }
  if (valid)
    try {
      decoder.decode()
    } catch {
      valid = false
    }
  return valid || pairs * 4 > beyond ? 'utf-8' : 'windows-1252'
}

/** The sign that the first line has most of, outside quotes. */
function delimiterOf(head: string): string {
  const line = head.replace(/^\ufeff/, '').match(/[^\r\n]*\S[^\r\n]*/)?.[0] ?? ''
  const bare = line.replace(/"(?:[^"]|"")*"/g, '')
  let best: string = DELIMITERS[0]
  for (const sign of DELIMITERS) if (bare.split(sign).length > bare.split(best).length) best = sign
  return best
}

/** By which headings are compared: people write `Medarbejder nr.` and `medarbejder  Nr.` for the same column. */
export const headingKey = (name: string): string => name.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()
