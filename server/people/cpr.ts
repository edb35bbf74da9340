import type { NormalAttrs } from '../platform/feed-record.ts'
import type { Keyring } from '../platform/keyring.ts'

const PURPOSE = 'cpr'
const FEED_CONTEXT = 'feed-cpr'

/**
 * A CPR number as ten digits, or null. Ten digits with a real date of birth; replacement numbers
 * (erstatningspersonnumre) have 60 added to the day. Modulus 11 is not asked: the CPR office has given out numbers
 * without it since 2007.
 */
export function parseCpr(text: string): string | null {
  const digits = text.trim().replace(/[\s-]/g, '')
  if (!/^\d{10}$/.test(digits)) return null
  return birthDateOf(digits) ? digits : null
}

/**
 * Date of birth from a CPR number. The seventh digit and the year give the century (the CPR office, "Personnummeret i
 * CPR"): 0-3 1900s; 4 and 9 with year 00-36 2000s, else 1900s; 5-8 with year 00-57 2000s, else 1800s.
 */
export function birthDateOf(cpr: string): string | null {
  const shifted = Number(cpr.slice(0, 2))
  const day = shifted > 60 ? shifted - 60 : shifted
  const month = Number(cpr.slice(2, 4))
  const year = Number(cpr.slice(4, 6))
  const seventh = Number(cpr[6])
  const century =
    seventh <= 3 ? 1900 : seventh === 4 || seventh === 9 ? (year <= 36 ? 2000 : 1900) : year <= 57 ? 2000 : 1800
  const full = century + year
  const date = new Date(Date.UTC(full, month - 1, day))
  if (date.getUTCFullYear() !== full || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  return date.toISOString().slice(0, 10)
}

/** How a CPR number is shown: `ddmmyy-xxxx`. */
export function maskCpr(cpr: string): string {
  return `${cpr.slice(0, 6)}-xxxx`
}

/**
 * What a reader does to a record before it is staged anywhere: the CPR number leaves the attributes and comes back as
 * a keyed hash (for matching and for the content hash) and a sealed value. `cprSealed` differs each time; leave it
 * out of content hashes. An unreadable number becomes `cprInvalid`, on which the person sink rejects the record.
 */
export function sealCprAttr(attrs: NormalAttrs, keyring: Keyring): NormalAttrs {
  if (!('cpr' in attrs)) return attrs
  const { cpr, ...rest } = attrs
  if (cpr === null || (typeof cpr === 'string' && cpr.trim() === '')) return rest
  const digits = typeof cpr === 'string' || typeof cpr === 'number' ? parseCpr(String(cpr)) : null
  if (!digits) return { ...rest, cprInvalid: true }
  return { ...rest, ...sealFeedCpr(keyring, digits) }
}

function sealFeedCpr(keyring: Keyring, digits: string): { cprHash: string; cprSealed: string } {
  return { cprHash: cprHash(keyring, digits).toString('hex'), cprSealed: keyring.encrypt(digits, FEED_CONTEXT) }
}

/** A number that a feed has sealed, sealed and hashed anew with the current key. */
export function resealFeedCpr(keyring: Keyring, sealed: string): { cprHash: string; cprSealed: string } {
  return sealFeedCpr(keyring, openFeedCpr(keyring, sealed))
}

export function openFeedCpr(keyring: Keyring, sealed: string): string {
  return keyring.decrypt(sealed, FEED_CONTEXT)
}

export function cprHash(keyring: Keyring, cpr: string, keyId?: string): Buffer {
  return keyring.hash(cpr, PURPOSE, keyId)
}

/** Sealed for one person: the id is bound in, so the value cannot be moved to another row. */
export function sealCpr(keyring: Keyring, cpr: string, personId: string): string {
  return keyring.encrypt(cpr, `person-cpr:${personId}`)
}

export function openCpr(keyring: Keyring, sealed: string, personId: string): string {
  return keyring.decrypt(sealed, `person-cpr:${personId}`)
}
