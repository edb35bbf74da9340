import type { ReadItem, SourceReader } from '../feeds/reader.ts'
import type { SourceDeclaration } from '../feeds/source.ts'
import { canonicalDn, dnDepth } from '../platform/dn.ts'
import { type LdapClient, openDirectory } from '../platform/ldap-client.ts'
import { type LdapFilter, narrowed } from '../platform/ldap-filter.ts'
import { readEntry, searchPages } from '../platform/ldap-search.ts'
import { testConnection } from '../platform/ldap-test.ts'
import { type DirectoryEntry, guidText } from './directory-entry.ts'
import { addParents } from './ldap-parents.ts'
import {
  asked,
  kindsOf,
  type LdapSettings,
  ldapConfig,
  ldapMistakes,
  ldapSettings,
  searchesOf,
  settingsOf,
} from './ldap-source.ts'
import { entryMapper } from './map-entry.ts'
import { readAhead } from './read-ahead.ts'
import { type ChangeSettings, keepMark, readChanges, serverOfState } from './read-changes.ts'

/** A live directory, read whole and in pages. Nothing is written to it. */
export const ldapReader: SourceReader = {
  kind: 'ldap',
  settings: ldapSettings,
  check: given => ldapMistakes(given as LdapSettings),
  kinds: kindsOf,
  seenAt: async () => null,
  async *read(source, context) {
    const client = await openDirectory(ldapConfig(source, context, serverOfState(context.lastState)))
    try {
      await keepMark(client, changesOf(source), context)
      for await (const items of readAhead(readSearches(client, source))) {
        context.signal.throwIfAborted()
        yield items
      }
    } finally {
      await client.unbind().catch(() => {})
    }
  },
  async *changes(source, context, state) {
    const client = await openDirectory(ldapConfig(source, context, serverOfState(state)))
    try {
      yield* readChanges(client, changesOf(source), context, {
        state,
        readAgain: only => readSearches(client, source, only),
      })
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

const changesOf = (source: SourceDeclaration): ChangeSettings => ({
  ...settingsOf(source),
  searches: searchesOf(source),
})

/** What the searches of a source find; `only` narrows each of them to a few entries. */
async function* readSearches(
  client: LdapClient,
  source: SourceDeclaration,
  only?: LdapFilter,
): AsyncGenerator<ReadItem[]> {
  const { pageSize } = settingsOf(source)
  const searches = searchesOf(source)
  const keys = new Map<string, string>()
  for (const search of searches) {
    const map = entryMapper(search.records, entry => entry.dn, keys)
    const whole = asked(search, pageSize)
    const pages = readAhead(searchPages(client, only ? { ...whole, filter: narrowed(search.filter, only) } : whole))
    if (!search.parentsFirst) {
      for await (const page of pages) {
        if (only) await addParents(client, searches, page, keys)
        yield page.flatMap(map)
      }
      continue
    }
    const all: DirectoryEntry[] = []
    for await (const page of pages) all.push(...page)
    if (only) await addParents(client, searches, all, keys)
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
  try {
    const guid = (await readEntry(client, dn, ['objectGUID']))?.attributes.get('objectguid')?.[0]
    return guid instanceof Buffer ? guidText(guid) : null
  } catch (error) {
    if (!client.isBound) throw error
    return null
  }
}
