import {
  AlreadyExistsError,
  Attribute,
  BusyError,
  Change,
  type Client,
  NoSuchAttributeError,
  NoSuchObjectError,
  ResultCodeError,
  TypeOrValueExistsError,
  UnavailableError,
} from 'ldapts'
import { REFERRAL, resultWords } from './ldap-trouble.ts'

/** What is written to a directory, one request each. Reading has its own modules, and none of them writes. */
export type LdapValue = string | Buffer
export type LdapChange = { how: 'add' | 'delete' | 'replace'; attribute: string; values: readonly LdapValue[] }
export type LdapWrite =
  | { op: 'add'; dn: string; attributes: Readonly<Record<string, readonly LdapValue[]>> }
  | { op: 'modify'; dn: string; changes: readonly LdapChange[] }
  /** The RDN as `rdnOf` writes it; `above` is the whole DN of the place. */
  | { op: 'rename'; dn: string; rdn: string; above: string }
  | { op: 'delete'; dn: string }

/**
 * `gone`: no such entry. `exists`: there is one, or the value is there. `absent`: the value is not there. `busy`: it said
 * that it cannot now, and has done nothing. `lost`: nobody knows whether it was done. `never-sent`: it certainly was not.
 */
export type WriteTrouble = {
  why: 'gone' | 'exists' | 'absent' | 'busy' | 'refused' | 'lost' | 'never-sent'
  words: string
}

/**
 * One request. A connection that is not signed in sends nothing: the library would connect anew, as nobody. Referrals
 * are not followed. Throws what the library throws; `writeTroubleOf` says what it means.
 */
export async function writeEntry(client: Client, write: LdapWrite): Promise<void> {
  if (!client.isBound || !client.isConnected) throw Object.assign(new Error('Not connected'), { code: NEVER_SENT })
  switch (write.op) {
    case 'add':
      return client.add(
        write.dn,
        Object.entries(write.attributes).map(([type, values]) => attribute(type, values)),
      )
    case 'modify':
      return client.modify(
        write.dn,
        write.changes.map(
          one => new Change({ operation: one.how, modification: attribute(one.attribute, one.values) }),
        ),
      )
    case 'rename':
      return client.modifyDN(write.dn, `${write.rdn},${write.above}`)
    case 'delete':
      return client.del(write.dn)
  }
}
const NEVER_SENT = 'NEVER_SENT'

/**
 * `type=value` with every sign that means something written as hex pairs (RFC 4514, 2.4): the library looks for the
 * first comma without a backslash before it, and would take `a\\,ou=x` apart at the wrong place.
 */
export function rdnOf(type: string, value: string): string {
  const clean = value.normalize('NFC').replace(/\p{Cc}/gu, ' ')
  const text = clean.replace(/[\\,+"<>;=#]/g, hex)
  return `${type}=${text.replace(/^ | $/g, hex)}`
}
const hex = (sign: string) => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`

export function writeTroubleOf(error: unknown): WriteTrouble {
  const failure = error as Error & { code?: string | number }
  if (failure.code === NEVER_SENT) return { why: 'never-sent', words: failure.message }
  if (!(error instanceof ResultCodeError)) return { why: 'lost', words: failure.message }
  const words = resultWords(error)
  if (error instanceof NoSuchObjectError) return { why: 'gone', words }
  if (error instanceof AlreadyExistsError || error instanceof TypeOrValueExistsError) return { why: 'exists', words }
  if (error instanceof NoSuchAttributeError) return { why: 'absent', words }
  if (error instanceof BusyError || error instanceof UnavailableError) return { why: 'busy', words }
  if (error.code === REFERRAL)
    return { why: 'refused', words: 'The server refers to another one, which is not gone to' }
  return { why: 'refused', words }
}

const attribute = (type: string, values: readonly LdapValue[]) =>
  new Attribute({ type, values: [...values] as string[] })

/** A password as Active Directory takes it: in quotes, UTF-16 ([MS-ADTS] 3.1.1.3.1.5). Only over an encrypted line. */
export const adPassword = (password: string): Buffer => Buffer.from(`"${password}"`, 'utf16le')
