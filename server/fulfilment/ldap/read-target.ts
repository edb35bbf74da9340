import { type Said, say } from '#contract/said.ts'
import { ConnectorFailure, type OrderToCarryOut } from '../../orders/connector.ts'
import { canonicalDn, dnKey, isWithin } from '../../platform/dn.ts'
import { guidBytes, guidText } from '../../platform/guid.ts'
import type { LdapClient } from '../../platform/ldap-client.ts'
import type { LdapEntry } from '../../platform/ldap-entry.ts'
import { anyOf, bothOf } from '../../platform/ldap-filter.ts'
import { readEntry, searchPages } from '../../platform/ldap-search.ts'
import { isProblem } from '../../platform/problem.ts'
import { fitsOne } from '../patterns.ts'
import { type LdapWriteSettings, markOf, nameAttribute } from './ldap-settings.ts'
import type { LdapTarget } from './plan-ldap.ts'

/** What a directory says of the account of an order, and whether it is ours to touch. */
export async function readTarget(
  client: LdapClient,
  order: OrderToCarryOut,
  settings: LdapWriteSettings,
): Promise<LdapTarget | null> {
  const found = await findAccount(client, order, settings)
  if (!found) return null
  const { entry, byId } = found
  const one = (name: string) => texts(entry, name)[0] ?? null
  const ad = settings.flavour === 'ad'
  const control = ad ? Number(one('userAccountControl') ?? Number.NaN) : null
  const { attribute, value } = settings.lock
  const enabled = ad
    ? ((control ?? 0) & 2) === 0
    : !texts(entry, attribute).some(is => is.toLowerCase() === value.toLowerCase())
  const grants = order.action === 'grant' || order.action === 'revoke'
  const groups: Record<string, { dn: string; member: boolean } | null> = {}
  let untouchable =
    shieldOf(entry, settings) ?? (byId || isOurs(entry, order, settings) ? null : say('account-of-another', {}))
  for (const carrier of grants && !untouchable ? (order.right?.carriers ?? []) : []) {
    const group = await findGroup(client, carrier, settings)
    if (group) untouchable ??= shieldOfGroup(group, carrier, settings)
    groups[carrier] = group && { dn: group.dn, member: await isMember(client, group.dn, entry.dn) }
  }
  return {
    externalId: idOf(entry, settings),
    username: one(nameAttribute(settings)) ?? '',
    enabled,
    attributes: Object.fromEntries([...entry.attributes.keys()].map(name => [name, texts(entry, name)])),
    carriers: Object.keys(groups).filter(carrier => groups[carrier]?.member),
    untouchable,
    dn: entry.dn,
    control: control === null || Number.isNaN(control) ? null : control,
    groups,
  }
}

/**
 * By the id that the directory itself gave, which survives every change. Only what has none that we know is looked for by
 * its name, in the whole directory: a name that is taken by somebody else must be seen to be taken.
 */
async function findAccount(client: LdapClient, order: OrderToCarryOut, settings: LdapWriteSettings) {
  const { externalId, username } = order.account
  const person = settings.flavour === 'ad' ? 'user' : 'person'
  const look = async (attribute: string, value: string | Buffer) => {
    const filter = bothOf(anyOf('objectClass', [person]), anyOf(attribute, [value]))
    const found: LdapEntry[] = []
    for await (const page of searchPages(client, {
      base: settings.base,
      filter,
      attributes: asked(settings),
      pageSize: 3,
    }))
      found.push(...page)
    if (found.length > 1) throw new ConnectorFailure('refused', `Several entries have this ${attribute}`)
    return found[0] ?? null
  }
  if (externalId !== null) {
    const id = identity(settings, externalId)
    if (!id) throw new ConnectorFailure('refused', 'What the account is known by is no id of this directory')
    const entry = await look(id.attribute, id.value)
    return entry && { entry, byId: true }
  }
  if (username === '') throw new ConnectorFailure('refused', 'Nobody knows which account it is: there is no user name')
  const entry = await look(nameAttribute(settings), username)
  return entry && { entry, byId: false }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
function identity({ flavour }: LdapWriteSettings, id: string) {
  if (!UUID.test(id)) return null
  return flavour === 'ad' ? { attribute: 'objectGUID', value: guidBytes(id) } : { attribute: 'entryUUID', value: id }
}

export function idOf(entry: LdapEntry, { flavour }: LdapWriteSettings): string {
  const [value] = entry.attributes.get(flavour === 'ad' ? 'objectguid' : 'entryuuid') ?? []
  return typeof value === 'string' ? value : value ? guidText(value) : ''
}

const asked = (settings: LdapWriteSettings): string[] => [
  ...new Set([
    ...['objectClass', 'objectGUID', 'entryUUID', 'cn', nameAttribute(settings), 'userPrincipalName'],
    ...['userAccountControl', 'adminCount', 'isCriticalSystemObject', settings.lock.attribute, markOf(settings)],
    ...Object.keys(settings.attributes),
  ]),
]

const texts = (entry: LdapEntry, name: string): string[] =>
  (entry.attributes.get(name.toLowerCase()) ?? []).map(value =>
    typeof value === 'string' ? value : value.toString('hex'),
  )

/** A mark of ours with this very person in it. An account that bears the name alone may be anybody's. */
const isOurs = (entry: LdapEntry, order: OrderToCarryOut, settings: LdapWriteSettings) =>
  texts(entry, markOf(settings)).includes(order.person.id)

function shieldOf(entry: LdapEntry, settings: LdapWriteSettings): Said | null {
  const name = texts(entry, nameAttribute(settings))[0] ?? ''
  const guarded =
    isGuarded(entry) ||
    texts(entry, 'objectClass').some(one => /^(computer|msDS-.*ManagedServiceAccount)$/i.test(one)) ||
    settings.protectedUsers.some(one => one.toLowerCase() === name.toLowerCase()) ||
    fitsOne(name, settings.protectedPatterns)
  if (guarded) return say('account-protected', {})
  return settings.scope.some(place => isWithin(entry.dn, place)) ? null : say('account-out-of-scope', {})
}

/** What Active Directory itself guards: members of its administrators' groups ([MS-ADTS] 3.1.1.6.1.2), and its own parts. */
const isGuarded = (entry: LdapEntry) =>
  Number(texts(entry, 'adminCount')[0] ?? 0) > 0 || /^true$/i.test(texts(entry, 'isCriticalSystemObject')[0] ?? '')

async function findGroup(client: LdapClient, carrier: string, settings: LdapWriteSettings): Promise<LdapEntry | null> {
  const attributes = ['objectClass', 'cn', 'sAMAccountName', 'adminCount', 'isCriticalSystemObject']
  if (/^[a-z][a-z0-9-]*=/i.test(carrier)) return readEntry(client, carrier, attributes)
  const ad = settings.flavour === 'ad'
  const filter = bothOf(
    anyOf('objectClass', ad ? ['group'] : ['groupOfNames']),
    anyOf(ad ? 'sAMAccountName' : 'cn', [carrier]),
  )
  const found: LdapEntry[] = []
  for await (const page of searchPages(client, { base: settings.base, filter, attributes, pageSize: 3 }))
    found.push(...page)
  if (found.length > 1) throw new ConnectorFailure('refused', `Several groups are called ${carrier}`)
  return found[0] ?? null
}

function shieldOfGroup(group: LdapEntry, carrier: string, settings: LdapWriteSettings): Said | null {
  const called = new Set(
    [carrier, canonicalDn(group.dn), ...texts(group, 'cn'), ...texts(group, 'sAMAccountName')].map(dnKey),
  )
  if (isGuarded(group) || settings.protectedGroups.some(one => called.has(dnKey(canonicalDn(one)))))
    return say('group-protected', {})
  return settings.groupScope.some(place => isWithin(group.dn, place)) ? null : say('group-out-of-scope', {})
}

/** The server compares: a group of ten thousand is not fetched to look for one. */
export async function isMember(client: LdapClient, group: string, member: string): Promise<boolean> {
  try {
    for await (const page of searchPages(client, {
      base: group,
      scope: 'base',
      filter: anyOf('member', [member]),
      attributes: ['1.1'],
      pageSize: 3,
    }))
      if (page.length > 0) return true
    return false
  } catch (error) {
    if (isProblem(error) && error.info.params?.why === 'base') return false
    throw error
  }
}
