import { hash } from 'node:crypto'
import type { NormalAttrs } from '../platform/feed-record.ts'
import type { KindShape } from './decide-shape.ts'

/** UTF-8 that was read as Latin-1, or text that could not be decoded: "Ã¦", "Ã¸", "Ã¥", U+FFFD. */
const GARBLED = /\u00c3[\u0080-\u00bf]|\u00c3[\u0152-\u2122]|\ufffd/

/**
 * Hash of what a record says. Empty values count as none, so that a new optional attribute in a later version of
 * this program does not make every record look changed; the sealed CPR number is left out, for it differs each time,
 * and `cprKey`, its hash under the oldest key, stands in, so that rotating keys changes no record.
 */
export function contentHash(attrs: NormalAttrs, cprKey: string | null): string {
  let text = ''
  for (const key in attrs) {
    const value = attrs[key]
    if (value === null || value === undefined || key === 'cprSealed' || key === 'cprHash') continue
    if (Array.isArray(value) && value.length === 0) continue
    text += typeof value === 'string' ? `${key}\u0001${value}\u0002` : `${key}\u0001${JSON.stringify(value)}\u0003`
  }
  if (cprKey) text += `cpr\u0001${cprKey}`
  return hash('sha256', text, 'hex').slice(0, 32)
}

/**
 * Raise this when `parse` of any sink gives something else for the same attributes: records that have not changed are
 * not parsed again, and would never get what the new parsing finds in them. A test compares it with what parsing gives.
 */
export const PARSE_VERSION = 1

/**
 * Hash of a record as it was read, before parsing: equal, and the record is the one that was let in the last time.
 * `cprKey` stands in for the CPR number, so that nothing can be tried out against this hash. 22 characters, 132 bits.
 */
export function seenHash(attrs: NormalAttrs, cprKey: string | null): string {
  let text = cprKey === null ? `${PARSE_VERSION}\u0002` : `${PARSE_VERSION}\u0001${cprKey}\u0002`
  for (const key in attrs) {
    const value = attrs[key]
    if (value === null || value === undefined || key === 'cpr') continue
    text += typeof value === 'string' ? `${key}\u0001${value}\u0002` : `${key}\u0001${JSON.stringify(value)}\u0003`
  }
  return hash('sha256', text, 'base64url').slice(0, 22)
}

/** Count one record, as it was read, into what the read looks like. */
export function noteShape(shape: KindShape, attrs: NormalAttrs): void {
  shape.read++
  const { filled } = shape
  let garbled = false
  for (const key in attrs) {
    const value = attrs[key]
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue
    filled[key] = (filled[key] ?? 0) + 1
    if (!garbled && typeof value === 'string' && GARBLED.test(value)) garbled = true
  }
  if (garbled) shape.garbled++
}
