import type { Readable } from 'node:stream'
import { MOST_EVIDENCE_BYTES } from '#contract/tasks.ts'
import { problem } from '../platform/problem.ts'

/**
 * A file that shows that something was done: read whole, bounded, and known by its own bytes, never by its name. Nothing
 * that a browser would run is kept, and it is only ever handed out as a file to save.
 */

const ZIP = [0x50, 0x4b, 0x03, 0x04]
const MAGIC: readonly { media: string; ending: string; bytes: readonly number[] }[] = [
  { media: 'application/pdf', ending: 'pdf', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { media: 'image/png', ending: 'png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { media: 'image/jpeg', ending: 'jpg', bytes: [0xff, 0xd8, 0xff] },
]
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

export type EvidenceFile = { name: string; media: string; content: Buffer }

/** Throws `payload-too-large` after the first byte too many. */
export async function readBounded(from: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of from as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_EVIDENCE_BYTES)
      throw problem('payload-too-large', {
        detail: `The file is larger than ${MOST_EVIDENCE_BYTES / 1024 / 1024} MB. Send a part of it, or a picture.`,
      })
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

/** What the bytes are, with an ending that says so. Throws `data-invalid` for what is none of the kinds that are kept. */
export function evidenceFile(name: string, content: Buffer): EvidenceFile {
  const kind = kindOf(content)
  if (!kind)
    throw problem('data-invalid', {
      errors: [{ where: 'body', what: 'Send a PDF, a picture (PNG or JPEG), an Excel sheet (.xlsx) or plain text.' }],
    })
  return { name: safeName(name, kind.ending), media: kind.media, content }
}

function kindOf(content: Buffer): { media: string; ending: string } | null {
  if (content.length === 0) return null
  const begins = (bytes: readonly number[]) => bytes.every((byte, at) => content[at] === byte)
  const known = MAGIC.find(one => begins(one.bytes))
  if (known) return known
  // A sheet is an archive with a workbook in it; any other archive is not wanted.
  if (begins(ZIP)) return content.includes('xl/workbook.xml') ? { media: SHEET, ending: 'xlsx' } : null
  return isText(content) ? { media: 'text/plain', ending: 'txt' } : null
}

/** UTF-8 or the older Danish one byte a letter; nothing below a blank but tabs and line ends. */
function isText(content: Buffer): boolean {
  if (content.some(byte => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return false
  return !/^\s*<(!doctype|html|svg|\?xml|script)/i.test(content.subarray(0, 500).toString('latin1'))
}

/** The name as people know it, without folders, controls or an ending that says something else than the bytes do. */
export function safeName(name: string, ending: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}"<>|:*?]/gu, '')
    .replace(/\.[^.]{0,8}$/u, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, 100)
  return `${plain || 'bilag'}.${ending}`
}
