import type { LdapClient } from '../platform/ldap-client.ts'
import { searchPages } from '../platform/ldap-search.ts'
import { type ChangedEntry, type ChangeState, type Listing, type StateOf, stateLost } from './change-state.ts'

/**
 * Changes by the stamp that each entry carries: `entryCSN` of OpenLDAP (a time, a count, the server and a count again,
 * draft-zeilenga-ldap-csn), `modifyTimestamp` elsewhere. A stamp is given before the change can be seen, and a replica
 * gets the changes of others later than their stamps say, so each time a little of the past is looked at again.
 * Nobody tells of deletions here: those are found by the full comparison.
 */
const OVERLAP_SECONDS = 60
/** So many entries of the overlap are remembered. After an import of thousands in a minute the overlap is shorter. */
const MOST_REMEMBERED = 1000
/**
 * Names that are asked for twice. The overlay that writes a new name into groups (slapo-refint) does so after the change
 * itself has been answered, and leaves the stamps of the groups alone.
 */
const MOST_AGAIN = 200
/** How far back to look for a change that is known to have been made: seconds. */
const BACK = [60, 3600, 86_400, 30 * 86_400, 365 * 86_400, 100 * 365 * 86_400]

const CONTAINER_CLASSES = new Set(['organizationalunit', 'organization', 'locality', 'country', 'domain', 'dcobject'])

type Attribute = StateOf<'stamp'>['attribute']
type Where = { bases: readonly string[]; key: string }
type Common = Pick<ChangeState, 'server' | 'url' | 'searches' | 'at'>

/** A state to go on from, as of now. null where entries carry no stamp that this account may read. */
export async function markStamp(
  client: LdapClient,
  where: Where,
  { common, last, now }: { common: Common; last: ChangeState | null; now: Date },
): Promise<ChangeState | null> {
  const attribute = await attributeOf(client, where)
  if (!attribute) return null
  const hint = last?.way === 'stamp' && last.attribute === attribute ? last.newest : null
  const newest =
    (hint && (await newestSince(client, where, attribute, hint))) || (await newestOf(client, where, attribute, now))
  if (!newest) return null
  const near: Stamped[] = []
  for await (const entry of entriesSince(client, where, attribute, overlapOf(attribute, newest))) near.push(entry)
  return { way: 'stamp', ...common, attribute, newest, ...remembered(near, attribute, newest), again: [] }
}

/** What is as new as it was when it was listed need not be read again: it was read after that. */
function remembered(near: readonly Stamped[], attribute: Attribute, newest: string) {
  const from = overlapOf(attribute, newest)
  const kept = near
    .filter(entry => entry.stamp >= from)
    .sort((a, b) => (a.stamp < b.stamp ? 1 : -1))
    .slice(0, MOST_REMEMBERED)
  return {
    from: kept.length < MOST_REMEMBERED ? from : kept.at(-1)!.stamp,
    seen: Object.fromEntries(kept.map(entry => [entry.key, entry.stamp])),
  }
}

export async function listByStamp(
  client: LdapClient,
  state: StateOf<'stamp'>,
  where: Where,
  common: Common,
): Promise<Listing> {
  const changed = new Map<string, ChangedEntry>()
  const near: Stamped[] = []
  for await (const entry of entriesSince(client, where, state.attribute, state.from)) {
    near.push(entry)
    const { key, dn, stamp } = entry
    if (state.seen[key] === stamp) continue
    // Unless it was made after the state was taken: nothing below it was there then under another name.
    if (entry.container && entry.created <= instantOf(state.newest)) throw stateLost('moved-container')
    changed.set(key, { key, dn, placed: true })
  }
  const newest = near.reduce((last, entry) => (entry.stamp > last ? entry.stamp : last), '')
  // The entry that was newest is still as new, has become newer, or is gone. Or the server was set back to a copy.
  if (newest < state.newest) throw stateLost('went-back')
  const list = [...changed.values()]
  return {
    changed: list,
    deleted: [],
    again: state.again,
    state: {
      ...state,
      ...common,
      newest,
      ...remembered(near, state.attribute, newest),
      again: list.slice(0, MOST_AGAIN).map(entry => entry.dn),
    },
  }
}

async function attributeOf(client: LdapClient, { bases }: Where): Promise<Attribute | null> {
  const [base = ''] = bases
  const search = { base, filter: '(objectClass=*)', attributes: ['entryCSN', 'modifyTimestamp'], pageSize: 1 }
  for await (const [entry] of searchPages(client, search)) {
    if (entry?.attributes.has('entrycsn')) return 'entryCSN'
    return entry?.attributes.has('modifytimestamp') ? 'modifyTimestamp' : null
  }
  return null
}

/** The stamp of some entry that is no older than `since`, the newest of the first page; null when there is none. */
async function newestSince(
  client: LdapClient,
  { bases }: Where,
  attribute: Attribute,
  since: string,
): Promise<string | null> {
  let newest: string | null = null
  for (const base of bases) {
    const search = { base, filter: `(${attribute}>=${since})`, attributes: [attribute] }
    for await (const page of searchPages(client, search)) {
      for (const { attributes } of page) {
        const stamp = String(attributes.get(attribute.toLowerCase())?.[0] ?? '')
        if (stamp > (newest ?? '')) newest = stamp
      }
      break
    }
  }
  return newest
}

/**
 * A stamp that was given not long ago, without reading everybody's. Every later change has a later one, whichever this
 * is; the nearer it is to the newest, the less is looked at twice.
 */
async function newestOf(client: LdapClient, where: Where, attribute: Attribute, now: Date): Promise<string | null> {
  for (const seconds of BACK) {
    const since = stampAt(attribute, now.getTime() - seconds * 1000)
    const found = await newestSince(client, where, attribute, since)
    if (found) return found
  }
  return null
}

type Stamped = { key: string; dn: string; stamp: string; container: boolean; created: string }

async function* entriesSince(
  client: LdapClient,
  { bases, key: keyName }: Where,
  attribute: Attribute,
  since: string,
): AsyncGenerator<Stamped> {
  for (const base of bases) {
    const filter = `(${attribute}>=${since})`
    const attributes = [attribute, keyName, 'objectClass', 'hasSubordinates', 'createTimestamp']
    for await (const page of searchPages(client, { base, filter, attributes }))
      for (const entry of page) {
        const value = (name: string) => entry.attributes.get(name.toLowerCase()) ?? []
        const [key, stamp] = [value(keyName)[0], value(attribute)[0]]
        if (key === undefined || stamp === undefined) continue
        yield {
          key: String(key),
          dn: entry.dn,
          stamp: String(stamp),
          created: instantOf(String(value('createTimestamp')[0] ?? '')),
          container:
            value('hasSubordinates')[0] === 'TRUE' ||
            value('objectClass').some(name => CONTAINER_CLASSES.has(String(name).toLowerCase())),
        }
      }
  }
}

/** The second of a stamp as digits, comparable as text. Both kinds begin with a GeneralizedTime in UTC. */
const instantOf = (stamp: string): string => stamp.slice(0, 14)

function overlapOf(attribute: Attribute, newest: string): string {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(newest) ?? []
  if (s === undefined) throw stateLost('unreadable')
  const instant = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s))
  return stampAt(attribute, instant - OVERLAP_SECONDS * 1000)
}

function stampAt(attribute: Attribute, instant: number): string {
  const time = new Date(Math.max(instant, 0)).toISOString().replace(/\D/g, '').slice(0, 14)
  return attribute === 'entryCSN' ? `${time}.000000Z#000000#000#000000` : `${time}Z`
}
