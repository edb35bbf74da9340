import type { KeptAttribute } from '#contract/account-types.ts'
import { canonicalDn, dnKey } from '../platform/dn.ts'
import type { OrderAction, Writes } from './connector.ts'
import { fill } from './patterns.ts'
import type { KeptValues, Slot, Wished } from './plan-orders.ts'
import { type UserNamePattern, userNames } from './user-name.ts'

/**
 * What an account says that Hjemmel is the authority for, and does not say as it should: a new name, another place,
 * other details. Pure. Compared is what was read last, with what was sent since and nobody has read yet laid over it, so
 * that nothing is sent twice while it is on its way into a reading.
 */
export type KeptSlot = Slot & {
  keeps: readonly KeptAttribute[]
  /** null: each attribute as it is, and no places. */
  writes: Writes | null
  /** Of the last reading. */
  seen: KeptValues
  /** Carried out since; the newest last. */
  sent: readonly KeptValues[]
  /** What the patterns are filled from, as orders have it. */
  facts: Readonly<Record<string, string | string[] | null>>
  /** Only a name that was given here by a pattern is ever another one by it. */
  naming: { pattern: UserNamePattern; given: boolean } | null
}

/** By what an attribute is changed. A new name may be part of the name of the entry itself. */
const BY: Record<KeptAttribute, OrderAction> = {
  username: 'rename',
  givenName: 'rename',
  familyName: 'rename',
  displayName: 'rename',
  place: 'move',
  title: 'set',
  department: 'set',
  email: 'set',
  phone: 'set',
  employeeNo: 'set',
  manager: 'set',
}
const AS_IT_IS: Writes['attributes'] = {
  givenName: '{givenName}',
  familyName: '{familyName}',
  displayName: '{displayName}',
  title: '{title}',
  department: '{unit}',
  email: '{email}',
  phone: '{phone}',
  employeeNo: '{employeeNo}',
  manager: '{managerDn}',
}
/** An account without them is none, whatever nobody knows. */
const NEEDED: ReadonlySet<KeptAttribute> = new Set(['username', 'givenName', 'familyName', 'displayName', 'email'])
/** How many names of a pattern are tried before one that is had is no longer one of them. */
const NAMES = 60

export function wishOfKept(slot: KeptSlot, today: string): Wished[] {
  const is: KeptValues = Object.assign({}, slot.seen, ...slot.sent)
  const wrong = new Map<OrderAction, KeptValues>()
  for (const attribute of slot.keeps) {
    const should = shouldBe(attribute, slot, is)
    if (should === undefined || same(attribute, is[attribute] ?? null, should)) continue
    wrong.set(BY[attribute], { ...wrong.get(BY[attribute]), [attribute]: should })
  }
  const { systemId, personId, affiliationId, accountTypeId, entitlementId } = slot
  return [...wrong].map(([action, kept]) => ({
    ...{ systemId, personId, affiliationId, accountTypeId, entitlementId },
    ...{ action, dueOn: today, cause: 'kept', urgent: false, kept },
  }))
}

/** undefined: nobody can say. A user name is null where it must be another one: which is found when it is given. */
function shouldBe(attribute: KeptAttribute, slot: KeptSlot, is: KeptValues): string | null | undefined {
  const { writes, facts } = slot
  if (attribute === 'username') return nameThatFits(slot, is)
  if (attribute === 'place') return placeOfJob(writes, facts)
  const pattern = (writes?.attributes ?? AS_IT_IS)[attribute]
  if (pattern === undefined) return undefined
  const account = { username: is.username ?? '', attributes: facts }
  const value = fill(pattern, { account, person: { id: slot.personId } })
  return value === null && NEEDED.has(attribute) ? undefined : value
}

function nameThatFits({ naming, facts }: KeptSlot, is: KeptValues): string | null | undefined {
  // One that was just sent is not known until it is read.
  if (!naming?.given || !is.username) return undefined
  const text = (name: string) => (typeof facts[name] === 'string' ? (facts[name] as string) : '')
  const person = {
    givenName: text('givenName'),
    familyName: text('familyName'),
    employeeNo: text('employeeNo') || null,
  }
  let tried = 0
  for (const name of userNames(naming.pattern, person)) {
    if (name === is.username.toLowerCase()) return is.username
    tried += 1
    if (tried >= NAMES) break
  }
  return tried === 0 ? undefined : null
}

/** The place of the nearest unit that has one, in the form by which places are compared. */
function placeOfJob(writes: Writes | null, facts: KeptSlot['facts']): string | undefined {
  if (!writes?.places || !Array.isArray(facts.unitPath)) return undefined
  const { units, otherwise } = writes.places
  const place = facts.unitPath.map(key => units[key]).find(one => one !== undefined) ?? otherwise
  return dnKey(canonicalDn(place))
}

const WITHOUT_CASE: ReadonlySet<KeptAttribute> = new Set(['username', 'place', 'manager', 'email'])
function same(attribute: KeptAttribute, is: string | null, should: string | null): boolean {
  if (is === null || should === null) return (is ?? '') === (should ?? '')
  if (attribute === 'manager') return dnKey(canonicalDn(is)) === dnKey(canonicalDn(should))
  return WITHOUT_CASE.has(attribute) ? is.toLowerCase() === should.toLowerCase() : is === should
}
