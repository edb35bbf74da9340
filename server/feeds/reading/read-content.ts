import { hash } from 'node:crypto'
import type { NormalAttrs } from '../../platform/feed-record.ts'
import type { Keyring } from '../../platform/keyring.ts'

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
 * Raise it too when a mapping that nobody writes (directory/default-records.ts) finds more: the first full read after that
 * lets attributes through that no record of a source had before, and says so.
 */
export const PARSE_VERSION = 3

/** Under the oldest key that is still there: rotating keys makes one read parse everything, and changes no record. */
export function seenSecret(keyring: Keyring): string {
  return keyring.hash(`parse ${PARSE_VERSION}`, 'feed-seen', keyring.ids.at(-1)).toString('base64')
}

/**
 * Hash of a record as it was read, before parsing: equal, and the record is the one that was let in the last time.
 * `secret` (see `seenSecret`) goes before it, so that no number can be tried out against it: half of the digest is kept,
 * which makes that as good as an HMAC, at a third of the time. 22 characters, 132 bits.
 */
export function seenHash(attrs: NormalAttrs, secret: string): string {
  let text = secret
  for (const key in attrs) {
    const value = attrs[key]
    if (value === null || value === undefined) continue
    text += typeof value === 'string' ? `${key}\u0001${value}\u0002` : `${key}\u0001${JSON.stringify(value)}\u0003`
  }
  return hash('sha256', text, 'base64url').slice(0, 22)
}
