/**
 * Distinguished names (RFC 4514), written in one form, so that two that name the same entry are the same text apart from
 * the case of letters. Directories, exports and people write them differently: `\2C`, `\,` and quotes, blanks around
 * commas, `\c3\a6` for æ, parts of a multi-valued RDN in any order.
 */

/** What can stand differently in a DN; most have none of it and are returned as they are. */
const UNUSUAL = /(?:^|,)oid\.|[\\"#;+<>]|\s\s|\s[,=]|[,=]\s|^\s|\s$|[^\x20-\u024f]/i

/**
 * The DN in its one form; the case of letters is kept. Text that is no DN comes back without the blanks around it:
 * what a directory gives as a member may be anything.
 */
export function canonicalDn(dn: string): string {
  if (!UNUSUAL.test(dn)) return dn
  const rdns = parseDn(dn)
  if (!rdns) return dn.trim()
  return rdns
    .map(rdn =>
      rdn
        .map(({ type, value }) => `${type}=${value}`)
        .sort((a, b) => compare(dnKey(a), dnKey(b)))
        .join('+'),
    )
    .join(',')
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** By which a DN in its one form is compared: letters in lower case, one for one as PostgreSQL's `lower` does it. */
export function dnKey(dn: string): string {
  return dn.replaceAll('İ', 'i').replaceAll('Σ', 'σ').toLowerCase()
}

/** The DN of the entry above, for a DN in its one form; empty for a suffix. An escaped comma does not separate. */
export function parentDn(dn: string): string {
  for (let at = 0; at < dn.length; at++) {
    if (dn[at] === '\\') at++
    else if (dn[at] === ',') return dn.slice(at + 1)
  }
  return ''
}

export function dnDepth(dn: string): number {
  let depth = 0
  for (let at = dn; at !== ''; at = parentDn(at)) depth++
  return depth
}

/** Is this entry the base itself or below it? Both in any form. */
export function isWithin(dn: string, base: string): boolean {
  const entry = dnKey(canonicalDn(dn))
  const above = dnKey(canonicalDn(base))
  return above === '' || entry === above || entry.endsWith(`,${above}`)
}

type Part = { type: string; value: string }

/** Parts by RDN with their values written in the one form; null when the text is no DN. */
function parseDn(dn: string): Part[][] | null {
  const rdns: Part[][] = []
  let rdn: Part[] = []
  let at = 0
  while (at < dn.length) {
    const equals = dn.indexOf('=', at)
    if (equals < 0) return null
    const type = dn
      .slice(at, equals)
      .trim()
      .replace(/^oid\./i, '')
    if (!/^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)*)$/i.test(type)) return null
    const read = readValue(dn, equals + 1)
    if (!read) return null
    rdn.push({ type, value: read.value })
    at = read.end + 1
    if (dn[read.end] !== '+') {
      rdns.push(rdn)
      rdn = []
    }
    // A separator with nothing behind it.
    if (read.end < dn.length && at >= dn.length) return null
  }
  return rdns
}

/** `;` separated RDNs before RFC 4514 and still does in old exports. */
const SEPARATORS = new Set([',', ';', '+'])

/** What may stand around a value and is none of it. Any other blank, such as a wide one, is a letter like all others. */
const BLANK = /[ \t\r\n]/
const AFTER = /^[ \t\r\n]*/

/** A value from `from` to its separator. Bytes are gathered, for hex pairs may be parts of one letter. */
function readValue(dn: string, from: number): { value: string; end: number } | null {
  let at = from
  while (BLANK.test(dn[at] ?? '')) at++
  if (dn[at] === '#') {
    const hex = /^#(?:[0-9a-f]{2})+/i.exec(dn.slice(at))?.[0]
    if (hex) {
      const end = at + hex.length + (AFTER.exec(dn.slice(at + hex.length))?.[0].length ?? 0)
      return end === dn.length || SEPARATORS.has(dn[end]!) ? { value: hex.toLowerCase(), end } : null
    }
  }
  const quoted = dn[at] === '"'
  if (quoted) at++
  const bytes: number[] = []
  /** Up to here nothing is a blank that may be cut off: escaped and quoted ones count. */
  let kept = 0
  const push = (text: string, keep: boolean) => {
    bytes.push(...Buffer.from(text, 'utf8'))
    if (keep) kept = bytes.length
  }
  for (; at < dn.length; at++) {
    const sign = dn[at]!
    if (sign === '\\') {
      const pair = /^[0-9a-f]{2}/i.exec(dn.slice(at + 1, at + 3))?.[0]
      if (pair) {
        bytes.push(Number.parseInt(pair, 16))
        kept = bytes.length
        at += 2
        continue
      }
      const code = dn.codePointAt(at + 1)
      if (code === undefined) return null
      const escaped = String.fromCodePoint(code)
      push(escaped, true)
      at += escaped.length
      continue
    }
    if (quoted && sign === '"') {
      const end = at + 1 + (AFTER.exec(dn.slice(at + 1))?.[0].length ?? 0)
      return end === dn.length || SEPARATORS.has(dn[end]!) ? { value: write(bytes), end } : null
    }
    if (!quoted && SEPARATORS.has(sign)) break
    const letter = String.fromCodePoint(dn.codePointAt(at)!)
    push(letter, quoted || !BLANK.test(letter))
    at += letter.length - 1
  }
  return quoted ? null : { value: write(bytes.slice(0, kept)), end: at }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The value with as few escapes as RFC 4514 asks for; several blanks in a row count as one (RFC 4518, 2.6.1). */
function write(bytes: readonly number[]): string {
  let text: string
  try {
    text = utf8.decode(Uint8Array.from(bytes)).normalize('NFC')
  } catch {
    return bytes.map(byte => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  }
  return text
    .replace(/ {2,}/g, ' ')
    .replace(/[\\,+"<>;]/g, '\\$&')
    .replace(/\p{Cc}/gu, sign => (sign < ' ' ? `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}` : sign))
    .replace(/^[ #]/, '\\$&')
    .replace(/(?<=[^\\]|\\\\) $/, '\\ ')
}
