import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { SecretRef } from '../feeds/reading/reader.ts'
import type { SourceDeclaration } from '../feeds/sources/source.ts'
import { bindAs, type LdapConfig } from '../platform/ldap-client.ts'
import type { LdapEntry } from '../platform/ldap-entry.ts'
import { searchOne } from '../platform/ldap-search.ts'
import { problem } from '../platform/problem.ts'
import type { DirectorySignIn } from './sign-in-service.ts'

/** What of a directory source's declaration signing in needs; its reader has checked the whole. */
const settings = z.looseObject({
  flavour: z.enum(['ad', 'openldap']).default('ad'),
  url: z.string().optional(),
  urls: z.array(z.string()).optional(),
  caFile: z.string().optional(),
  startTls: z.boolean().default(false),
  bindDn: z.string(),
  password: z.union([z.object({ env: z.string() }), z.object({ file: z.string() })]),
  base: z.string().optional(),
  searches: z.array(z.looseObject({ base: z.string() })).optional(),
})

type Sources = { sources(): Promise<readonly SourceDeclaration[]> }
type SecretOf = (ref: SecretRef, folder: string) => string

/**
 * Signing in with the municipality's directory: the user is searched for with the source's own account, then bound as
 * with the password given. Reads only. The answer is the identity that the source's accounts are stored under
 * (objectGUID, entryUUID), so a user name that was given to somebody else does not lead to the wrong person.
 */
export function directorySignIn(sourceKey: string, feeds: Sources, secretOf: SecretOf): DirectorySignIn {
  const declared = async () => {
    const source = (await feeds.sources()).find(one => one.key === sourceKey)
    const parsed = settings.safeParse(source?.settings)
    if (source?.kind !== 'ldap' || !parsed.success)
      throw problem('source-invalid', {
        detail: `HJEMMEL_SIGN_IN_SOURCE names "${sourceKey}", which is no source of kind ldap in the sources file.`,
      })
    // Whoever says where passwords are checked can sign in as anybody: that is not for a screen.
    if (source.owner === 'screen')
      throw problem('source-invalid', {
        detail: `HJEMMEL_SIGN_IN_SOURCE names "${sourceKey}", which is declared on the screen. Declare the directory that people sign in with in the sources file.`,
      })
    return { source, settings: parsed.data }
  }
  return {
    source: sourceKey,
    name: sourceKey,
    authenticate: async (username, password) => {
      const { source, settings: given } = await declared()
      const config: LdapConfig = {
        urls: given.urls ?? [given.url!],
        startTls: given.startTls,
        bindDn: given.bindDn,
        password: secretOf(given.password, source.folder),
        ...(given.caFile ? { ca: readFileSync(resolve(source.folder, given.caFile)) } : {}),
        connectTimeout: 5000,
        timeout: 10_000,
      }
      const bases = given.base ? [given.base] : (given.searches ?? []).map(search => search.base)
      const { filter, key } = FLAVOURS[given.flavour]
      for (const base of bases) {
        const entry = await searchOne(config, { base, filter: filter(username), attributes: [key] })
        if (entry) return (await bindAs(config, entry.dn, password)) ? identityOf(entry, key) : null
      }
      // A name that is not there takes as long as a wrong password, and is answered the same.
      await bindAs(config, `cn=hjemmel-nobody,${bases[0]}`, password).catch(() => false)
      return null
    },
  }
}

const FLAVOURS = {
  ad: {
    key: 'objectGUID',
    filter: (username: string) => {
      // `KOMMUNE\abc` as Windows shows it; `abc@kommune.dk` is the userPrincipalName.
      const name = escapeFilter(username.replace(/^[^\\]*\\/, ''))
      return `(&(objectCategory=person)(objectClass=user)(|(sAMAccountName=${name})(userPrincipalName=${name})))`
    },
  },
  openldap: {
    key: 'entryUUID',
    filter: (username: string) => `(&(objectClass=person)(uid=${escapeFilter(username)}))`,
  },
} as const

/**
 * RFC 4515, 3: every byte that means something in a filter, and everything beyond ASCII, goes as `\xx`, so that what is
 * typed into the name field is only ever a value.
 */
export function escapeFilter(value: string): string {
  return Array.from(Buffer.from(value, 'utf8'), byte =>
    (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
      ? String.fromCharCode(byte)
      : `\\${byte.toString(16).padStart(2, '0')}`,
  ).join('')
}

function identityOf(entry: LdapEntry, key: string): string | null {
  const [value] = entry.attributes.get(key.toLowerCase()) ?? []
  if (value === undefined) return null
  return typeof value === 'string' ? value : guidText(value)
}

/** A GUID as Windows writes it ([MS-DTYP] 2.3.4): the first three groups are little-endian. */
function guidText(value: Buffer): string | null {
  if (value.length !== 16) return null
  const swapped = Buffer.concat([
    Buffer.from(value.subarray(0, 4)).reverse(),
    Buffer.from(value.subarray(4, 6)).reverse(),
    Buffer.from(value.subarray(6, 8)).reverse(),
    value.subarray(8),
  ]).toString('hex')
  return swapped.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
