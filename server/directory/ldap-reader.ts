import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { ReadContext, ReadItem, SourceReader } from '../feeds/reader.ts'
import type { SourceDeclaration } from '../feeds/source.ts'
import { canonicalDn, dnDepth } from '../platform/dn.ts'
import type { RecordKind } from '../platform/feed-record.ts'
import {
  type LdapClient,
  type LdapConfig,
  type LdapSearch,
  openDirectory,
  searchPages,
  testConnection,
} from '../platform/ldap-client.ts'
import { problem } from '../platform/problem.ts'
import { type DefaultSearch, defaultSearches } from './default-records.ts'
import { type DirectoryEntry, guidText } from './directory-entry.ts'
import { attributesOf, entryMapper, entryRecord } from './map-entry.ts'
import { readAhead } from './read-ahead.ts'

const secret = z.union([z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
  error: 'must be { env: NAME } or { file: path }; a password is never written here itself',
})
const settings = z.object({
  flavour: z.enum(['ad', 'openldap']),
  url: z.url({ protocol: /^ldaps?$/, error: 'must be ldaps://host or ldap://host' }),
  caFile: z.string().min(1).optional(),
  startTls: z.boolean().default(false),
  /** Without TLS the password goes over the network in clear: only where somebody has said so. */
  allowPlain: z.boolean().default(false),
  bindDn: z.string().min(1),
  password: secret,
  base: z.string().min(1).optional(),
  searches: z
    .array(
      z.strictObject({
        base: z.string().min(1),
        filter: z.string().min(3).optional(),
        records: z.array(entryRecord).min(1).optional(),
      }),
    )
    .min(1)
    .optional(),
  /** Persons, affiliations and units too, from the entries' own attributes and the OUs. */
  people: z.boolean().default(false),
  /** Attribute that holds the payroll employee number. */
  employeeNo: z.string().min(1).optional(),
  pageSize: z.number().int().min(1).max(5000).default(500),
  timeoutSeconds: z.number().int().min(1).max(3600).default(120),
})
type LdapSettings = z.output<typeof settings>
type Search = DefaultSearch & { base: string }

/** A live directory, read whole and in pages. Nothing is written to it. */
export const ldapReader: SourceReader = {
  kind: 'ldap',
  settings,
  check: given => {
    const { url, startTls, allowPlain, base, searches } = given as LdapSettings
    const mistakes: string[] = []
    if (!base && !searches) mistakes.push('say where to read: `base: dc=example,dc=dk`, or `searches:`')
    if (url.startsWith('ldap:') && !startTls && !allowPlain)
      mistakes.push('url: the password would be sent in clear; use ldaps://, or startTls: true')
    if (url.startsWith('ldaps:') && startTls)
      mistakes.push('startTls: ldaps:// is encrypted already; leave one of them out')
    return mistakes
  },
  kinds: source =>
    [...new Set(searchesOf(source).flatMap(search => search.records.map(rule => rule.record)))] as RecordKind[],
  seenAt: async () => null,
  async *read(source, context) {
    const client = await openDirectory(ldapConfig(source, context))
    try {
      for await (const items of readAhead(readSearches(client, source))) {
        context.signal.throwIfAborted()
        yield items
      }
    } finally {
      await client.unbind().catch(() => {})
    }
  },
  test: async (source, context) =>
    testConnection(
      ldapConfig(source, context),
      searchesOf(source).map(search => asked(search, settingsOf(source).pageSize)),
    ),
}

const settingsOf = (source: SourceDeclaration) => source.settings as LdapSettings

/** How to reach the directory of a source of kind `ldap`; also for signing in against it. */
export function ldapConfig(source: SourceDeclaration, context: Pick<ReadContext, 'secretOf'>): LdapConfig {
  if (source.kind !== 'ldap')
    throw problem('source-invalid', { detail: `The source ${source.key} is no live directory (kind: ldap).` })
  const { url, startTls, bindDn, password, caFile, timeoutSeconds } = settingsOf(source)
  return {
    url,
    startTls,
    bindDn,
    password: context.secretOf(password, source.folder),
    timeout: timeoutSeconds * 1000,
    ...(caFile ? { ca: readAuthority(resolve(source.folder, caFile)) } : {}),
  }
}

/** What a sign-in needs to know of a source: where to search, by which attribute, and what identifies the entry. */
export function signInSearch(source: SourceDeclaration): { bases: string[]; username: string; key: string } {
  const { flavour, base, searches } = settingsOf(source)
  const bases = searches ? [...new Set(searches.map(search => search.base))] : [base!]
  return flavour === 'ad'
    ? { bases, username: 'sAMAccountName', key: 'objectGUID' }
    : { bases, username: 'uid', key: 'entryUUID' }
}

function readAuthority(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw problem('source-invalid', {
      detail: `The authority file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}). Correct caFile.`,
      cause,
    })
  }
}

function searchesOf(source: SourceDeclaration): Search[] {
  const { flavour, base, searches, people, employeeNo } = settingsOf(source)
  const defaults = defaultSearches(flavour, { people, employeeNo })
  if (!searches) return defaults.map(search => ({ ...search, base: base! }))
  return searches.flatMap(search =>
    search.records
      ? {
          base: search.base,
          filter: search.filter ?? '(objectClass=*)',
          records: search.records,
          parentsFirst: search.records.every(rule => rule.record === 'unit'),
        }
      : defaults.map(one => ({
          ...one,
          base: search.base,
          filter: search.filter ? `(&${search.filter}${one.filter})` : one.filter,
        })),
  )
}

const asked = (search: Search, pageSize: number): LdapSearch => ({
  base: search.base,
  filter: search.filter,
  attributes: attributesOf(search.records).map(name => name.replace(/-key$/i, '')),
  pageSize,
})

async function* readSearches(client: LdapClient, source: SourceDeclaration): AsyncGenerator<ReadItem[]> {
  const { pageSize } = settingsOf(source)
  const searches = searchesOf(source)
  const keys = new Map<string, string>()
  for (const search of searches) {
    const map = entryMapper(search.records, entry => entry.dn, keys)
    const pages = readAhead(searchPages(client, asked(search, pageSize)))
    if (!search.parentsFirst) {
      for await (const page of pages) yield page.flatMap(map)
      continue
    }
    const all: DirectoryEntry[] = []
    for await (const page of pages) all.push(...page)
    const depths = new Map(all.map(entry => [entry, dnDepth(canonicalDn(entry.dn))]))
    all.sort((a, b) => depths.get(a)! - depths.get(b)!)
    await addManagerKeys(client, all)
    yield all.flatMap(map)
  }
}

/** `managedBy` of an OU names an entry; its key is what an affiliation is known by. One look-up per manager. */
async function addManagerKeys(client: LdapClient, entries: readonly DirectoryEntry[]): Promise<void> {
  const known = new Map<string, string | null>()
  for (const entry of entries) {
    const dn = entry.attributes.get('managedby')?.[0]
    if (typeof dn !== 'string' || dn === '') continue
    const key = known.get(dn) ?? (await keyOf(client, dn))
    known.set(dn, key)
    if (key) entry.attributes.set('managedby-key', [key])
  }
}

/** null where the entry is gone, in another domain, or may not be seen: the unit then has no manager from here. */
async function keyOf(client: LdapClient, dn: string): Promise<string | null> {
  const search = { base: dn, scope: 'base', filter: '(objectClass=*)', pageSize: 1 } as const
  try {
    for await (const [entry] of searchPages(client, { ...search, attributes: ['objectGUID'] })) {
      const guid = entry?.attributes.get('objectguid')?.[0]
      return guid instanceof Buffer ? guidText(guid) : null
    }
  } catch (error) {
    if (!client.isBound) throw error
  }
  return null
}
