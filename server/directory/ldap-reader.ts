import type { ReadContext, ReadItem, SourceReader } from '../feeds/reading/reader.ts'
import type { SourceDeclaration } from '../feeds/sources/source.ts'
import { guidText } from '../platform/guid.ts'
import { connectionOf, type LdapClient, openDirectory } from '../platform/ldap-client.ts'
import { type LdapFilter, narrowed } from '../platform/ldap-filter.ts'
import { readEntry, searchPages } from '../platform/ldap-search.ts'
import { testConnection } from '../platform/ldap-test.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { gatherElsewhere } from './elsewhere.ts'
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
import { byDepth } from './order-entries.ts'
import { readAhead } from './read-ahead.ts'
import { type ChangeSettings, keepMark, readChanges, serverOfState } from './read-changes.ts'
import { sampleDirectory } from './sample-directory.ts'

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
      noteServer(client, context)
      await keepMark(client, changesOf(source), context)
      for await (const items of readAhead(readSearches(client, source, context))) {
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
      noteServer(client, context)
      yield* readChanges(client, changesOf(source), context, {
        state,
        readAgain: only => readSearches(client, source, context, only),
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
  async sample(source, context, count) {
    const client = await openDirectory(ldapConfig(source, context))
    try {
      return await sampleDirectory(client, searchesOf(source), count)
    } finally {
      await client.unbind().catch(() => {})
    }
  },
}

function noteServer(client: LdapClient, context: ReadContext): void {
  for (const { url, why } of connectionOf(client).passedOver) context.note?.({ note: 'server-passed-over', url, why })
}

const changesOf = (source: SourceDeclaration): ChangeSettings => ({
  ...settingsOf(source),
  searches: searchesOf(source),
})

/** What the searches of a source find; `only` narrows each of them to a few entries. */
async function* readSearches(
  client: LdapClient,
  source: SourceDeclaration,
  context: ReadContext,
  only?: LdapFilter,
): AsyncGenerator<ReadItem[]> {
  const { pageSize } = settingsOf(source)
  const searches = searchesOf(source)
  const keys = new Map<string, string>()
  const elsewhere = gatherElsewhere()
  for (const search of searches) {
    const map = entryMapper(search.records, entry => entry.dn, keys)
    const whole = { ...asked(search, pageSize), onReferral: elsewhere.add }
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
    await addManagerKeys(client, all)
    yield byDepth(all).flatMap(map)
  }
  elsewhere.tell(context)
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
