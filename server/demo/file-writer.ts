import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Lines are gathered to pieces of this many characters, so that many short lines do not become many short writes. */
const piece = 256 * 1024

function* pieces(lines: Iterable<string>): Generator<string> {
  let text = ''
  for (const line of lines) {
    text += line
    if (text.length < piece) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

/** Streams text to a file below `dir`; memory does not grow with the file. */
export async function writeText(dir: string, path: string, lines: Iterable<string>): Promise<void> {
  const file = join(dir, path)
  await mkdir(dirname(file), { recursive: true })
  await pipeline(Readable.from(pieces(lines), { objectMode: true, highWaterMark: 4 }), createWriteStream(file, 'utf8'))
}

export type Cell = string | number | boolean | null | undefined

const quoted = (cell: Cell) => {
  const text =
    cell === null || cell === undefined ? '' : typeof cell === 'boolean' ? (cell ? 'Ja' : 'Nej') : String(cell)
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** CSV as Danish systems export it: UTF-8 with a byte order mark, semicolons, CRLF. */
export async function writeCsv<T>(
  dir: string,
  path: string,
  columns: Record<string, (row: T) => Cell>,
  rows: Iterable<T>,
): Promise<void> {
  const cells = Object.values(columns)
  function* lines() {
    yield `\uFEFF${Object.keys(columns).map(quoted).join(';')}\r\n`
    for (const row of rows) yield `${cells.map(cell => quoted(cell(row))).join(';')}\r\n`
  }
  await writeText(dir, path, lines())
}

/** Attribute values in order; several values of one attribute stand in a list, bytes are written as base64. */
export type LdifEntry = { dn: string; attributes: [string, string | Uint8Array | readonly string[] | null][] }

/** RFC 2849: safe text stands as it is, all else as base64; lines are folded at 76 characters. */
export function* ldifEntry({ dn, attributes }: LdifEntry): Generator<string> {
  yield ldifLine('dn', dn)
  for (const [name, value] of attributes) {
    if (value === null) continue
    if (typeof value === 'string') yield ldifLine(name, value)
    else if (value instanceof Uint8Array) yield fold(`${name}:: ${Buffer.from(value).toString('base64')}`)
    else for (const one of value) yield ldifLine(name, one)
  }
  yield '\n'
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the character class is RFC 2849's SAFE-STRING.
const safe = /^(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )$/

const ldifLine = (name: string, value: string) =>
  fold(safe.test(value) ? `${name}: ${value}` : `${name}:: ${Buffer.from(value, 'utf8').toString('base64')}`)

function fold(line: string): string {
  if (line.length <= 76) return `${line}\n`
  let folded = line.slice(0, 76)
  for (let at = 76; at < line.length; at += 75) folded += `\n ${line.slice(at, at + 75)}`
  return `${folded}\n`
}
