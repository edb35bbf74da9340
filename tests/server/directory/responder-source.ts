import { ldapReader } from '../../../server/directory/ldap-reader.ts'
import type { ReadContext, ReadItem, ReadNote } from '../../../server/feeds/reading/reader.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import type { SourceDeclaration } from '../../../server/feeds/sources/source.ts'
import type { ResponderEntry } from '../../support/ldap-responder.ts'

export const BASE = 'DC=kommune,DC=test'

/** A source that reads responders (or any servers without TLS); `more` holds further lines of YAML. */
export function declareServers(urls: readonly string[], more = ''): SourceDeclaration {
  const yaml = `sources:
  - key: ad
    kind: ldap
    flavour: ad
    urls: [${urls.join(', ')}]
    allowPlain: true
    bindDn: CN=hjemmel,${BASE}
    password: { env: PW }
    base: ${BASE}
    ${more}
`
  return parseSources(yaml, { file: 'k.yaml', folder: '/', readers: [ldapReader] })[0]!
}

export function readContext(password = 'rigtig'): ReadContext & { notes: ReadNote[] } {
  const notes: ReadNote[] = []
  return { secretOf: () => password, signal: new AbortController().signal, note: note => notes.push(note), notes }
}

export async function readWhole(source: SourceDeclaration, context: ReadContext = readContext()): Promise<ReadItem[]> {
  const items: ReadItem[] = []
  for await (const batch of ldapReader.read(source, context)) items.push(...batch)
  return items
}

/** A user as a domain controller gives one; `n` makes its identity. */
export function user(n: number, more: ResponderEntry['attributes'] = {}): ResponderEntry {
  const name = `bruger${n}`
  return {
    dn: `CN=${name},OU=Folk,${BASE}`,
    attributes: {
      objectClass: ['top', 'person', 'organizationalPerson', 'user'],
      objectCategory: 'person',
      objectGUID: guid(n),
      sAMAccountName: name,
      displayName: `Bruger Nr. ${n}`,
      userAccountControl: '512',
      ...more,
    },
  }
}

export function group(n: number, members: readonly string[], more: ResponderEntry['attributes'] = {}): ResponderEntry {
  const name = `gruppe${n}`
  return {
    dn: `CN=${name},OU=Grupper,${BASE}`,
    attributes: {
      objectClass: ['top', 'group'],
      objectGUID: guid(1_000_000 + n),
      sAMAccountName: name,
      member: members,
      ...more,
    },
  }
}

export function guid(n: number): Buffer {
  const bytes = Buffer.alloc(16, 0xee)
  bytes.writeUInt32LE(n)
  return bytes
}

export const usersOf = (count: number): ResponderEntry[] => Array.from({ length: count }, (_, n) => user(n))
/** The tree that the users and groups stand in, so that the base is there. */
export const units: ResponderEntry[] = [
  { dn: BASE, attributes: { objectClass: ['top', 'domain'] } },
  ...['Folk', 'Grupper'].map((ou, n) => ({
    dn: `OU=${ou},${BASE}`,
    attributes: { objectClass: ['top', 'organizationalUnit'], objectGUID: guid(2_000_000 + n), ou },
  })),
]
