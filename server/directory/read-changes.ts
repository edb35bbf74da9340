import type { ChangeBatch, ChangeContext, ReadContext, ReadItem } from '../feeds/reading/reader.ts'
import type { Json } from '../platform/feed-record.ts'
import { guidBytes, guidText } from '../platform/guid.ts'
import { connectionOf, type LdapClient } from '../platform/ldap-client.ts'
import { anyOf, bothOf, eitherOf, type LdapFilter, namesInFilter, narrowed } from '../platform/ldap-filter.ts'
import { searchPages } from '../platform/ldap-search.ts'
import { type ChangeState, type Listing, openState, searchesMark, stateLost } from './change-state.ts'
import type { Flavour } from './default-records.ts'
import type { DirectorySearch, LdapSettings } from './ldap-source.ts'
import { askController, type Controller, listByDirSync, listByUsn, markAd } from './list-ad-changes.ts'
import { listByStamp, markStamp } from './list-stamped-changes.ts'
import { attributesOf, type EntryRecord } from './map-entry.ts'

export type ChangeSettings = Pick<LdapSettings, 'flavour' | 'changes'> & { searches: readonly DirectorySearch[] }

/** Entries read again in one search: their keys stand in its filter. */
const CHUNK = 50
const NAMED_CHUNK = 20

/** What a server works out when asked: it changes without the entry that has it having changed. */
const COMPUTED = new Set(['memberof', 'ismemberof', 'tokengroups', 'tokengroupsglobalanduniversal', 'lastlogon'])
/** Values that name other entries: they follow when those are renamed, and the entry that has them does not change. */
const NAMES_OTHERS = new Set(['member', 'uniquemember', 'manager', 'owner', 'secretary', 'assistant', 'seealso'])

const identity = (flavour: Flavour) => (flavour === 'ad' ? 'objectGUID' : 'entryUUID')

/**
 * Changes can be read where a key is the entry's own identity, since that is all that a tombstone has left, and where
 * nothing is read that changes without the entry having changed.
 */
export function canReadChanges({ flavour, changes, searches }: ChangeSettings): boolean {
  if (changes === 'off') return false
  return searches.every(
    search =>
      search.records.every(rule => rule.key.toLowerCase() === identity(flavour).toLowerCase()) &&
      !namesRead(search).some(name => COMPUTED.has(name.toLowerCase())),
  )
}

const namesRead = (search: DirectorySearch) => [...attributesOf(search.records), ...namesInFilter(search.filter)]

function basesOf(searches: readonly DirectorySearch[]): string[] {
  return [...new Set(searches.map(search => search.base))]
}

type Here = { client: LdapClient; controller: Controller | null; common: Common }
type Common = Pick<ChangeState, 'server' | 'url' | 'searches' | 'at'>

/** Which server answers, and what a state from it begins with. null: this directory cannot tell of changes. */
async function lookAround(client: LdapClient, settings: ChangeSettings): Promise<Here | null> {
  const { url } = connectionOf(client)
  const controller = settings.flavour === 'ad' ? await askController(client, basesOf(settings.searches)) : null
  if (settings.flavour === 'ad' && !controller) return null
  const common = {
    server: controller?.server ?? url,
    url,
    searches: searchesMark(settings.searches),
    at: new Date().toISOString(),
  }
  return { client, controller, common }
}

/** Before everything is read, on the same connection: where reading of changes can go on from afterwards. */
export async function keepMark(client: LdapClient, settings: ChangeSettings, context: ReadContext): Promise<void> {
  if (!context.keepState || !canReadChanges(settings)) return
  const here = await lookAround(client, settings)
  if (!here) return
  const last = knownState(context.lastState)
  const { controller, common } = here
  const state = controller
    ? await markAd(client, controller, { common, last, attributes: [], usnOnly: settings.changes === 'usn' })
    : await markStamp(client, whereOf(settings), { common, last, now: new Date() })
  if (state) context.keepState(state as unknown as Json)
}

function knownState(stored: Json | null | undefined): ChangeState | null {
  try {
    return stored ? openState(stored) : null
  } catch {
    return null
  }
}

/** The server that the state came from, to be tried first; null when there is no such state. */
export const serverOfState = (stored: Json | null | undefined): string | null => knownState(stored)?.url ?? null

const whereOf = ({ flavour, searches }: ChangeSettings) => ({ bases: basesOf(searches), key: identity(flavour) })

/** Reads again what a filter says, by the searches of the source: what is in scope and how it is mapped is told once. */
export type ReadAgain = (only: LdapFilter) => AsyncIterable<ReadItem[]>

/**
 * What has changed since the state was taken: which entries is asked of the directory, what they say is read anew with
 * the source's own searches. Throws `source-state-lost` where something could be left out.
 */
export async function* readChanges(
  client: LdapClient,
  settings: ChangeSettings,
  context: ChangeContext,
  options: { state: Json; readAgain: ReadAgain },
): AsyncGenerator<ChangeBatch> {
  const state = openState(options.state)
  const listing = await listChanges(client, settings, state)
  const keys = new Set(listing.changed.map(entry => entry.key))
  const names = namesOf(listing)
  for (const key of await whoNames(client, settings, names)) keys.add(key)
  // Nobody can be asked who named an entry that is gone: what is known of it here tells. Nor who named the one whose name
  // somebody new has now: groups that are known to list the name are looked at again, or they would be the new one's.
  for (const key of await context.holdersOf(listing.deleted, names)) keys.add(key)
  for (const key of listing.deleted) keys.delete(key)

  const all = [...keys]
  for (let at = 0; at < all.length; at += CHUNK) {
    context.signal.throwIfAborted()
    const chunk = all.slice(at, at + CHUNK)
    for await (const items of options.readAgain(byKey(settings.flavour, chunk))) yield { items }
    // Out of scope, no longer to be seen, or no longer of this kind: said of every key, for what was not given above.
    yield { items: chunk.map(key => ({ unseen: key })) }
  }
  yield {
    items: listing.deleted.map(key => ({ deleted: key })),
    state: listing.state as unknown as Json,
  }
}

/** Names that are new, or may be. */
function namesOf({ changed, again = [] }: Listing): string[] {
  return [...new Set([...changed.filter(entry => entry.placed).map(entry => entry.dn), ...again])]
}

async function listChanges(client: LdapClient, settings: ChangeSettings, state: ChangeState): Promise<Listing> {
  const here = await lookAround(client, settings)
  if (!here || here.common.server !== state.server) throw stateLost('other-server')
  const { controller, common } = here
  if (common.searches !== state.searches || (state.way === 'dirsync' && settings.changes === 'usn'))
    throw stateLost('other-settings')
  if (state.way === 'stamp') return listByStamp(client, state, whereOf(settings), common)
  if (!controller) throw stateLost('other-server')
  // A tombstone is swept away at the end of its life, and nobody is told that it was there.
  const age = Date.now() - Date.parse(state.at)
  if (age > controller.lifetimeDays * 0.9 * 86_400_000) throw stateLost('too-old')
  const attributes = settings.searches.flatMap(namesRead)
  const ask = { attributes, common }
  return state.way === 'dirsync'
    ? listByDirSync(client, state, ask)
    : listByUsn(client, state, controller, { ...ask, bases: basesOf(settings.searches) })
}

function byKey(flavour: Flavour, keys: readonly string[]): LdapFilter {
  return anyOf(identity(flavour), flavour === 'ad' ? keys.map(guidBytes) : keys)
}

/**
 * What finds the entries of a rule that name one of some DNs; null where the rule reads no names. The class that the rule
 * asks for stands beside the names: it is the one attribute that every directory has an index on, and a server without one
 * on `uniqueMember` looked at every entry it has (343 ms of 60,000, and 2 ms with the class).
 */
function namingRule(rule: EntryRecord): ((dns: readonly string[]) => LdapFilter) | null {
  const names = attributesOf([rule]).filter(name => NAMES_OTHERS.has(name.toLowerCase()))
  if (names.length === 0) return null
  const classes = Object.entries(rule.match).flatMap(([name, value]) =>
    name.toLowerCase() === 'objectclass' ? [value].flat() : [],
  )
  return dns => {
    const named = eitherOf(names.map(name => anyOf(name, dns)))
    return classes.length === 0 || classes.includes('*') ? named : bothOf(anyOf('objectClass', classes), named)
  }
}

/**
 * Keys of entries that name a renamed or moved one, a group its members above all: the directory has rewritten the name
 * in them and does not count that as a change of theirs.
 */
async function whoNames(client: LdapClient, settings: ChangeSettings, dns: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const id = identity(settings.flavour)
  for (const search of settings.searches) {
    const naming = search.records.flatMap(rule => namingRule(rule) ?? [])
    if (naming.length === 0) continue
    for (let at = 0; at < dns.length; at += NAMED_CHUNK) {
      const chunk = dns.slice(at, at + NAMED_CHUNK)
      const filter = narrowed(search.filter, eitherOf(naming.map(fits => fits(chunk))))
      for await (const page of searchPages(client, { base: search.base, filter, attributes: [id] }))
        for (const { attributes } of page) {
          const value = attributes.get(id.toLowerCase())?.[0]
          if (value !== undefined) found.push(typeof value === 'string' ? value : guidText(value))
        }
    }
  }
  return found
}
