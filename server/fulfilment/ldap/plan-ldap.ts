import { ConnectorFailure, type OrderToCarryOut, type Step, type TargetAccount } from '../../orders/connector.ts'
import { fill } from '../../orders/patterns.ts'
import { canonicalDn, dnKey, isWithin, parentDn } from '../../platform/dn.ts'
import { type LdapChange, type LdapWrite, rdnOf } from '../../platform/ldap-write.ts'
import { type LdapWriteSettings, markOf } from './ldap-settings.ts'

/** What is left to do of one order in a directory, as requests. Pure. */
export type LdapTarget = TargetAccount & {
  dn: string
  /** userAccountControl ([MS-ADTS] 2.2.16); null where there is none. */
  control: number | null
  /** By carrier: its DN and whether the account is a member; null: there is no such group. */
  groups: Readonly<Record<string, { dn: string; member: boolean } | null>>
}
/** `{random}` stands for a password that is made when it is sent: it is never in a log, and nobody knows it. */
export type LdapRequest = LdapWrite & { password?: 'random' }
type Plan = (order: OrderToCarryOut, now: LdapTarget, settings: LdapWriteSettings) => Step[]

const NORMAL = 0x200
const DISABLED = 0x2

export function planLdap(order: OrderToCarryOut, now: LdapTarget | null, settings: LdapWriteSettings): Step[] {
  const { action } = order
  if (!now) {
    if (action === 'create') return [createStep(order, settings)]
    if (action === 'delete' || action === 'disable' || action === 'revoke') return []
    throw new ConnectorFailure('refused', 'There is no such account')
  }
  const plan = PLANS[action]
  if (!plan) throw new ConnectorFailure('refused', `${action} is nothing that a directory can do`)
  return plan(order, now, settings)
}

const PLANS: Partial<Record<OrderToCarryOut['action'], Plan>> = {
  create: () => [],
  enable: (_, now, settings) => lockSteps(now, settings, true),
  disable: (_, now, settings) => lockSteps(now, settings, false),
  set: (order, now, settings) => setSteps(order, now, settings),
  move: (order, now, settings) => [...setSteps(order, now, settings), ...placeSteps(order, now, settings)],
  rename: (order, now, settings) => [
    ...nameSteps(order, now, settings),
    ...setSteps(order, now, settings),
    ...rdnSteps(order, now, settings),
  ],
  grant: groupSteps,
  revoke: groupSteps,
  delete: (_, now) => {
    if (now.enabled)
      throw new ConnectorFailure('refused', 'The account is open again: nobody in use is deleted. Close it first.')
    return [step('Delete the account', { op: 'delete', dn: now.dn })]
  },
}

function createStep(order: OrderToCarryOut, settings: LdapWriteSettings): Step {
  const { username, enabled } = order.account
  const ad = settings.flavour === 'ad'
  const given = Object.entries(settings.attributes).flatMap(([name, pattern]): [string, string[]][] => {
    const value = fill(pattern, order)
    return value === null ? [] : [[name, [value]]]
  })
  const named = entryName(order, settings)
  const lower = new Set(given.map(([name]) => name.toLowerCase()))
  const upn = settings.userPrincipalName ? fill(settings.userPrincipalName, order) : null
  const attributes: Record<string, string[]> = {
    objectClass: ad
      ? ['top', 'person', 'organizationalPerson', 'user']
      : ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
    ...Object.fromEntries(given),
    [markOf(settings)]: [order.person.id],
    ...(ad
      ? {
          sAMAccountName: [username],
          userAccountControl: [String(NORMAL | (enabled ? 0 : DISABLED))],
          ...(upn ? { userPrincipalName: [upn] } : {}),
        }
      : {
          uid: [username],
          // An inetOrgPerson must have both (RFC 2798; RFC 4519, 3.12).
          ...(lower.has('cn')
            ? {}
            : { cn: [named.type.toLowerCase() === 'cn' ? named.value : (fill('{displayName}', order) ?? username)] }),
          ...(lower.has('sn') ? {} : { sn: [fill('{familyName}', order) ?? username] }),
          ...(enabled ? {} : { [settings.lock.attribute]: [settings.lock.value] }),
        }),
  }
  const dn = `${rdnOf(named.type, named.value)},${placeOf(order, settings)}`
  const encrypted = settings.startTls || settings.urls.every(url => url.startsWith('ldaps:'))
  const request: LdapRequest = { op: 'add', dn, attributes }
  return step(
    enabled ? 'Create the account' : 'Create the account, closed',
    ad && encrypted ? { ...request, password: 'random' } : request,
  )
}

/** What was read is what is changed: a flag that somebody has set meanwhile makes the server refuse, and we read again. */
function lockSteps(now: LdapTarget, settings: LdapWriteSettings, open: boolean): Step[] {
  if (now.enabled === open) return []
  const say = open ? 'Open the account' : 'Close the account'
  if (now.control !== null) {
    const next = open ? now.control & ~DISABLED : now.control | DISABLED
    return [modify(say, now.dn, [changed('userAccountControl', [String(now.control)], [String(next)])].flat())]
  }
  const { attribute, value } = settings.lock
  return [modify(say, now.dn, [{ how: open ? 'delete' : 'add', attribute, values: [value] }])]
}

function setSteps(order: OrderToCarryOut, now: LdapTarget, settings: LdapWriteSettings): Step[] {
  const changes = Object.entries(settings.attributes).flatMap(([attribute, pattern]): LdapChange[] => {
    const wanted = fill(pattern, order)
    const is = now.attributes[attribute.toLowerCase()] ?? []
    if (wanted === null)
      return is.length === 0 || NEEDED.test(attribute) ? [] : [{ how: 'delete', attribute, values: [] }]
    return is.length === 1 && saysSame(attribute, is[0]!, wanted)
      ? []
      : [{ how: 'replace', attribute, values: [wanted] }]
  })
  return changes.length === 0 ? [] : [modify(`Change ${changes.map(one => one.attribute).join(', ')}`, now.dn, changes)]
}
/** A DN may be written in several ways and is the same. */
const saysSame = (attribute: string, is: string, wanted: string) =>
  /^(manager|secretary)$/i.test(attribute) ? dnKey(canonicalDn(is)) === dnKey(canonicalDn(wanted)) : is === wanted
/** An entry of a person is none without them. */
const NEEDED = /^(sn|cn)$/i

function nameSteps(order: OrderToCarryOut, now: LdapTarget, settings: LdapWriteSettings): Step[] {
  const { username } = order.account
  const upn = settings.userPrincipalName ? fill(settings.userPrincipalName, order) : null
  const has = (name: string) => now.attributes[name.toLowerCase()] ?? []
  const changes: LdapChange[] = []
  if (settings.flavour === 'ad') {
    if (now.username !== username) changes.push({ how: 'replace', attribute: 'sAMAccountName', values: [username] })
    if (upn !== null && has('userPrincipalName')[0] !== upn)
      changes.push({ how: 'replace', attribute: 'userPrincipalName', values: [upn] })
  } else if (now.username !== username && entryName(order, settings).type.toLowerCase() !== 'uid')
    changes.push({ how: 'replace', attribute: 'uid', values: [username] })
  return changes.length === 0 ? [] : [modify(`Rename to ${username}`, now.dn, changes)]
}

/** The entry itself is named anew last: until then it is found at the DN that was read. */
function rdnSteps(order: OrderToCarryOut, now: LdapTarget, settings: LdapWriteSettings): Step[] {
  const { type, value } = entryName(order, settings)
  const rdn = rdnOf(type, value)
  const above = parentDn(canonicalDn(now.dn))
  const same = dnKey(canonicalDn(`${rdn},${above}`)) === dnKey(canonicalDn(now.dn))
  return same ? [] : [step('Name the entry anew', { op: 'rename', dn: now.dn, rdn, above })]
}

function placeSteps(order: OrderToCarryOut, now: LdapTarget, settings: LdapWriteSettings): Step[] {
  const place = placeOf(order, settings)
  // As the server wrote it, and not in the one form: the entry keeps its very name.
  const above = parentDn(now.dn)
  if (dnKey(canonicalDn(above)) === dnKey(canonicalDn(place))) return []
  const rdn = now.dn.slice(0, now.dn.length - above.length - 1)
  const equals = rdn.indexOf('=')
  const safe = rdn.includes('\\') ? rdnOf(rdn.slice(0, equals), unescaped(rdn.slice(equals + 1))) : rdn
  return [step(`Move to ${place}`, { op: 'rename', dn: now.dn, rdn: safe, above: place })]
}
const unescaped = (value: string) =>
  value.replace(/(?:\\[0-9a-f]{2})+|\\(.)/gi, (all, sign?: string) =>
    sign === undefined ? Buffer.from(all.replaceAll('\\', ''), 'hex').toString('utf8') : sign,
  )

function groupSteps({ action, right }: OrderToCarryOut, now: LdapTarget): Step[] {
  const carriers = right?.carriers ?? []
  if (carriers.length === 0)
    throw new ConnectorFailure('refused', 'No group carries this right. Map one to it, or give the order to a person.')
  return carriers.flatMap((carrier): Step[] => {
    const group = now.groups[carrier]
    if (!group) {
      if (action === 'revoke') return []
      throw new ConnectorFailure('refused', `There is no group ${carrier}`)
    }
    if (group.member === (action === 'grant')) return []
    const how = action === 'grant' ? 'add' : 'delete'
    return [
      modify(action === 'grant' ? `Add to ${carrier}` : `Remove from ${carrier}`, group.dn, [
        { how, attribute: 'member', values: [now.dn] },
      ]),
    ]
  })
}

/** The nearest unit that has a place; the common one where none has. */
export function placeOf(order: OrderToCarryOut, settings: LdapWriteSettings): string {
  const { unitPath, unitKey } = order.account.attributes
  const keys = Array.isArray(unitPath) ? unitPath : typeof unitKey === 'string' ? [unitKey] : []
  const place = keys.map(key => settings.units[key]).find(one => one !== undefined) ?? settings.accountsIn
  if (!settings.scope.some(one => isWithin(place, one)))
    throw new ConnectorFailure('refused', `${place} stands outside the scope of this connector`)
  return place
}

function entryName(order: OrderToCarryOut, settings: LdapWriteSettings): { type: string; value: string } {
  const at = settings.entryName.indexOf('=')
  const value = fill(settings.entryName.slice(at + 1), order)
  if (value === null)
    throw new ConnectorFailure(
      'refused',
      'The name of the entry cannot be made: something that entryName names is missing',
    )
  // Longer is refused by Active Directory ([MS-ADA1] 2.110: rangeUpper of cn).
  return { type: settings.entryName.slice(0, at), value: value.slice(0, 64) }
}

const changed = (attribute: string, was: string[], is: string[]): LdapChange[] => [
  { how: 'delete', attribute, values: was },
  { how: 'add', attribute, values: is },
]
const modify = (say: string, dn: string, changes: LdapChange[]): Step => step(say, { op: 'modify', dn, changes })
const step = (say: string, change: LdapRequest): Step => ({ say, change })
