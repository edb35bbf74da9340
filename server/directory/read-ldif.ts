import { say } from '#contract/said.ts'
import { foldOptions } from '../platform/attribute-options.ts'
import { problem } from '../platform/problem.ts'
import type { DirectoryEntry } from './directory-entry.ts'

type LdifEntry = DirectoryEntry & { line: number }

/**
 * Content records of LDIF (RFC 2849), entry by entry from a stream of bytes: folded lines, comments, `::` base64, CR LF,
 * a byte order mark, attribute options and language tags (see foldOptions). Windows' ldifde writes `changetype: add`
 * above every entry of an export, and OpenLDAP's ldapsearch puts its result below: both are taken for what they are.
 * `onReferral` is told of what the export says is on other servers: ldapsearch writes it as a record of its own without
 * a DN (`ref: ldap://...`), slapcat as an entry of the class referral (RFC 3296), which is given as any other.
 *
 * Refused with the line: other change records (this is no place to write from), `:<` URLs (a file must not make us open
 * others), and lines that are neither. Binary values stay bytes; text must be UTF-8. Throws `source-invalid`, and
 * `source-incomplete` where the export itself says that it was cut short.
 */
export async function* readLdif(
  chunks: AsyncIterable<Buffer | string>,
  file: string,
  onReferral: (uris: readonly string[]) => void = () => {},
): AsyncGenerator<LdifEntry> {
  let entry: LdifEntry | null = null
  let first = true
  let aside = false
  for await (const { line, at } of unfold(chunks, file)) {
    if (line === '') {
      if (entry) {
        tellReferral(entry, onReferral)
        yield finished(entry)
      }
      entry = null
      aside = false
      continue
    }
    const { name, value } = splitLine(line, file, at)
    const lower = name.toLowerCase()
    if (first && lower === 'version') {
      if (value !== '1')
        throw malformed(file, at, `version ${String(value)} of the format is not known, only version 1`)
      first = false
      continue
    }
    first = false
    if (entry) {
      addLine(entry, lower, value, file, at)
      continue
    }
    if (!aside && lower === 'dn') {
      entry = { dn: textOf(value, file, at), attributes: new Map(), line: at }
      continue
    }
    aside ||= lower === 'search' || lower === 'ref'
    if (!aside) throw malformed(file, at, 'an entry must begin with "dn:"')
    if (lower === 'ref') onReferral([textOf(value, file, at)])
    if (lower === 'result' && typeof value === 'string' && !/^0\b/.test(value)) throw cutShort(file, at, value)
  }
  if (entry) {
    tellReferral(entry, onReferral)
    yield finished(entry)
  }
}

function tellReferral({ attributes }: LdifEntry, onReferral: (uris: readonly string[]) => void): void {
  const classes = attributes.get('objectclass') ?? []
  if (classes.some(name => String(name).toLowerCase() === 'referral'))
    onReferral((attributes.get('ref') ?? []).map(String))
}

function addLine(entry: LdifEntry, name: string, value: string | Buffer, file: string, at: number): void {
  if (name === 'changetype' && value === 'add' && entry.attributes.size === 0) return
  if (name === 'changetype' || name === 'control')
    throw malformed(file, at, 'this is a change record; a source file holds whole entries only')
  if (name === 'dn') throw malformed(file, at, 'an empty line is missing between two entries')
  // A range from the first to the last value is the whole; any other says that values are missing.
  const type = name.replace(/;range=0-\*$/, '')
  const values = entry.attributes.get(type)
  if (values) values.push(value)
  else entry.attributes.set(type, [value])
}

function finished(entry: LdifEntry): LdifEntry {
  foldOptions(entry.attributes)
  return entry
}

const MALFORMED_SHOWN = 40

function splitLine(line: string, file: string, at: number): { name: string; value: string | Buffer } {
  const colon = line.indexOf(':')
  if (colon <= 0) throw malformed(file, at, `"${line.slice(0, MALFORMED_SHOWN)}" is not "attribute: value"`)
  const name = line.slice(0, colon)
  const mark = line[colon + 1]
  if (mark === '<') throw malformed(file, at, `${name} refers to a URL, which is not followed`)
  if (mark !== ':') return { name, value: line.slice(colon + 1).replace(/^ +/, '') }
  const encoded = line.slice(colon + 2).trim()
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded) || encoded.length % 4 !== 0)
    throw malformed(file, at, `${name} is not valid base64`)
  return { name, value: Buffer.from(encoded, 'base64') }
}

function textOf(value: string | Buffer, file: string, at: number): string {
  if (typeof value === 'string') return value
  const text = value.toString('utf8')
  if (text.includes('\ufffd')) throw malformed(file, at, 'the DN is not UTF-8')
  return text
}

/** Lines with their continuations joined, comments (which may be folded too) left out; an empty line ends an entry. */
async function* unfold(
  chunks: AsyncIterable<Buffer | string>,
  file: string,
): AsyncGenerator<{ line: string; at: number }> {
  let current: { line: string; at: number } | null = null
  for await (const { line, at } of linesOf(chunks, file)) {
    if (line[0] === ' ') {
      if (!current) throw malformed(file, at, 'a continuation line has nothing to continue')
      current.line += line.slice(1)
      continue
    }
    if (current && current.line[0] !== '#') yield current
    current = { line, at }
  }
  if (current && current.line[0] !== '#' && current.line !== '') yield current
}

async function* linesOf(
  chunks: AsyncIterable<Buffer | string>,
  file: string,
): AsyncGenerator<{ line: string; at: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let at = 0
  const decode = (chunk?: Buffer | string) => {
    try {
      if (chunk === undefined) return decoder.decode()
      return typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    } catch (cause) {
      throw problem('source-invalid', {
        detail: `The file ${file} is not UTF-8 after line ${at}. Values with other bytes must be written in base64.`,
        said: say('ldif-not-utf8', { file, line: at }),
        cause,
      })
    }
  }
  for await (const chunk of chunks) {
    const text = rest + decode(chunk)
    let from = 0
    for (let end = text.indexOf('\n', from); end >= 0; end = text.indexOf('\n', from)) {
      at++
      yield { line: text.slice(from, text[end - 1] === '\r' && end > from ? end - 1 : end), at }
      from = end + 1
    }
    rest = text.slice(from)
  }
  rest += decode()
  if (rest !== '') yield { line: rest.endsWith('\r') ? rest.slice(0, -1) : rest, at: at + 1 }
}

function malformed(file: string, line: number, what: string) {
  return problem('source-invalid', {
    detail: `The file ${file} is not a valid LDIF file at line ${line}: ${what}. Have the export made again.`,
    said: say('ldif-unreadable', { file, line }),
    errors: [{ where: `${file}:${line}`, what }],
  })
}

function cutShort(file: string, line: number, result: string) {
  return problem('source-incomplete', {
    detail: `The file ${file} was cut short when it was made: line ${line} says "${result.slice(0, MALFORMED_SHOWN)}". Have the export made again by an account that may read everything.`,
    said: say('ldif-cut-short', { file, line, words: result.slice(0, MALFORMED_SHOWN) }),
  })
}
