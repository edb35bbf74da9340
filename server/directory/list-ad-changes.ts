import { canonicalDn, isWithin } from '../platform/dn.ts'
import { guidText } from '../platform/guid.ts'
import type { LdapClient } from '../platform/ldap-client.ts'
import { dirSync, ShowDeletedControl } from '../platform/ldap-dirsync.ts'
import { anyOf } from '../platform/ldap-filter.ts'
import { readEntry, searchPages } from '../platform/ldap-search.ts'
import { type ChangedEntry, type ChangeState, type Listing, type StateOf, stateLost } from './change-state.ts'

/** What a controller says of itself. */
export type Controller = { server: string; contexts: string[]; usn: string; lifetimeDays: number }

/** Classes of entries that hold others: when one is renamed or moved, the names of all below it change, silently. */
const CONTAINERS = new Set(['organizationalunit', 'container', 'organization', 'locality', 'country', 'builtindomain'])
/** [MS-ADTS] 7.1.1.2.4.1.1: where nothing is set. */
const SHORTEST_LIFETIME = 60
const CHUNK = 50
/** Nothing fits it: the server then gives its cookie and no entries. */
const NOTHING = '(!(objectClass=*))'

/** Which controller this is, and which of its naming contexts hold the bases. null: some base is in none of them. */
export async function askController(client: LdapClient, bases: readonly string[]): Promise<Controller | null> {
  // By the search of ours: a line that breaks here too is a read that was cut short, and heals.
  const root = await readEntry(client, '', [
    'dsServiceName',
    'namingContexts',
    'highestCommittedUSN',
    'configurationNamingContext',
  ])
  const valuesOf = (name: string) => (root?.attributes.get(name.toLowerCase()) ?? []).map(String)
  const service = valuesOf('dsServiceName')[0] ?? ''
  const all = valuesOf('namingContexts')
  const contexts = new Set<string>()
  for (const base of bases) {
    const [nearest] = all.filter(context => isWithin(base, context)).sort((a, b) => b.length - a.length)
    if (!nearest) return null
    contexts.add(nearest)
  }
  if (service === '') return null
  const configuration = valuesOf('configurationNamingContext')[0] ?? ''
  return {
    // A controller that was restored from a backup keeps its name and gets another invocation id.
    server: `${service} ${await invocationOf(client, service)}`,
    contexts: [...contexts],
    usn: valuesOf('highestCommittedUSN')[0] ?? '0',
    lifetimeDays: await lifetimeOf(client, configuration),
  }
}

async function invocationOf(client: LdapClient, service: string): Promise<string> {
  const found = await optional(readEntry(client, service, ['invocationId']))
  const value = found?.attributes.get('invocationid')?.[0]
  return Buffer.isBuffer(value) ? guidText(value) : ''
}

async function lifetimeOf(client: LdapClient, configuration: string): Promise<number> {
  const base = `CN=Directory Service,CN=Windows NT,CN=Services,${configuration}`
  const found = await optional(readEntry(client, base, ['tombstoneLifetime']))
  return Number(found?.attributes.get('tombstonelifetime')?.[0]) || SHORTEST_LIFETIME
}

/** May not be readable for this account; a broken line shows at the next question. */
const optional = <T>(asked: Promise<T>): Promise<T | null> => asked.catch(() => null)

type Ask = { attributes: readonly string[]; common: Pick<ChangeState, 'server' | 'url' | 'searches' | 'at'> }

/** A state to go on from, as of now. DirSync where the controller lets this account, update numbers otherwise. */
export async function markAd(
  client: LdapClient,
  controller: Controller,
  ask: Ask & { last: ChangeState | null; usnOnly: boolean },
): Promise<ChangeState> {
  const byUsn = { way: 'usn' as const, ...ask.common, usn: controller.usn }
  if (ask.usnOnly) return byUsn
  const cookies: Record<string, string> = {}
  for (const base of controller.contexts) {
    const last = ask.last?.way === 'dirsync' && ask.last.server === controller.server ? ask.last.cookies[base] : null
    const from = (cookie: Buffer) => dirSync(client, { base, cookie, filter: NOTHING, attributes: ['objectGUID'] })
    // From the last cookie the way is shorter than from the beginning of the directory.
    const answer = (last && (await from(Buffer.from(last, 'base64')))) || (await from(Buffer.alloc(0)))
    if (!answer) return byUsn
    cookies[base] = answer.cookie.toString('base64')
  }
  return { way: 'dirsync', ...ask.common, cookies }
}

export async function listByDirSync(client: LdapClient, state: StateOf<'dirsync'>, ask: Ask): Promise<Listing> {
  const changed: ChangedEntry[] = []
  const deleted: string[] = []
  const cookies: Record<string, string> = {}
  for (const [base, cookie] of Object.entries(state.cookies)) {
    const answer = await dirSync(client, {
      base,
      cookie: Buffer.from(cookie, 'base64'),
      filter: '(objectClass=*)',
      attributes: [...new Set([...ask.attributes, 'objectClass', 'name', 'isDeleted'])],
    })
    if (!answer) throw stateLost('cookie-refused')
    cookies[base] = answer.cookie.toString('base64')
    const renamed: Buffer[] = []
    for (const { dn, guid, changed: attributes } of answer.entries) {
      const key = guidText(guid)
      if (attributes.get('isdeleted')?.some(value => value.toUpperCase() === 'TRUE')) {
        deleted.push(key)
        continue
      }
      const placed = attributes.has('name')
      changed.push({ key, dn, placed })
      // The class of an entry never changes, so it comes with new entries only; whatever is below those is new there too.
      if (placed && !attributes.has('objectclass')) renamed.push(guid)
    }
    if (await someContainer(client, base, renamed)) throw stateLost('moved-container')
  }
  return { changed, deleted, state: { ...state, ...ask.common, cookies } }
}

async function someContainer(client: LdapClient, base: string, guids: readonly Buffer[]): Promise<boolean> {
  for (let at = 0; at < guids.length; at += CHUNK) {
    const filter = anyOf('objectGUID', guids.slice(at, at + CHUNK))
    for await (const page of searchPages(client, { base, filter, attributes: ['objectClass'] }))
      if (page.some(({ attributes }) => isContainer(attributes.get('objectclass')))) return true
  }
  return false
}

const isContainer = (classes: readonly (string | Buffer)[] | undefined): boolean =>
  classes?.some(name => CONTAINERS.has(String(name).toLowerCase())) ?? false

/** What has an update number of its own since. Which attribute changed is not told, so anything may have been renamed. */
export async function listByUsn(
  client: LdapClient,
  state: StateOf<'usn'>,
  controller: Controller,
  ask: Ask & { bases: readonly string[] },
): Promise<Listing> {
  const changed = new Map<string, ChangedEntry>()
  const deleted: string[] = []
  const since = `(uSNChanged>=${BigInt(state.usn) + 1n})`
  for (const base of ask.bases) {
    const search = { base, filter: since, attributes: ['objectGUID', 'objectClass'] }
    for await (const page of searchPages(client, search))
      for (const { dn, attributes } of page) {
        const guid = attributes.get('objectguid')?.[0]
        if (!(guid instanceof Buffer)) continue
        if (isContainer(attributes.get('objectclass'))) throw stateLost('moved-container')
        const key = guidText(guid)
        changed.set(key, { key, dn: canonicalDn(dn), placed: true })
      }
  }
  // Only what the account may see of them; what it may not is found by the full comparison.
  for (const base of controller.contexts) {
    const filter = `(&(isDeleted=TRUE)${since})`
    const controls = [new ShowDeletedControl()]
    for await (const page of searchPages(client, { base, filter, attributes: ['objectGUID'], controls }))
      for (const { attributes } of page) {
        const guid = attributes.get('objectguid')?.[0]
        if (guid instanceof Buffer) deleted.push(guidText(guid))
      }
  }
  return { changed: [...changed.values()], deleted, state: { ...state, ...ask.common, usn: controller.usn } }
}
