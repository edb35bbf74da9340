import type { KeptAttribute } from '#contract/account-types.ts'
import type { OrderAction } from './connector.ts'
import type { Decision } from './marked.ts'

/**
 * What a system still has to carry out, from what should be and what is. Pure, and said anew each time from the two
 * states, never from the change that led to them: the same facts in any order, once or twice, leave the same open orders.
 */

/** What an account says, or is to say; null: nothing. */
export type KeptValues = Partial<Record<KeptAttribute, string | null>>

export type Rung = 'observe' | 'add' | 'apply' | 'full'

/** Civil dates, closed-open. `from` in the past or today: it holds now. */
export type Span = { from: string; to: string | null }

export type RightSlot = {
  systemId: string
  personId: string
  entitlementId: string
  /** The affiliation that it is given through, for whoever reads the order; it makes no other order. */
  affiliationId: string | null
  rung: Rung
  /** Things that are handed over: orders for a person, in other words. */
  kit: boolean
  wanted: Span | null
  /** Seen to be held, or carried out and not looked at since. */
  held: boolean
  /** Held through protected accounts only: nobody's to take. */
  untouchable: boolean
  /** A person has made it legitimate until a date. */
  kept: boolean
  /** Was wanted since the rung was raised, or given by an order: what `apply` may take. */
  ours: boolean
  /** Why it is not wanted although a rule gives it. */
  suspended: 'absence' | 'lock' | null
  /** Somebody has decided that it is to go. What gives it in the meantime stands before that. */
  marked: Decision | null
}

export type AccountSlot = {
  systemId: string
  personId: string
  affiliationId: string | null
  accountTypeId: string
  rung: Rung
  wanted: Span | null
  /** When the last reason for it ended; null: never had one, or still has. */
  endedOn: string | null
  is: 'none' | 'off' | 'on'
  untouchable: boolean
  /** Made or switched by an order of ours. */
  ours: boolean
  /** Its reason ended after the rung was raised. */
  endedUnderUs: boolean
  locked: boolean
  /** Somebody has decided that it is to be closed. */
  marked: Decision | null
  leadDays: number
  disableAfter: number
  deleteAfter: number | null
}

export type Slot = {
  systemId: string
  personId: string
  affiliationId: string | null
  accountTypeId: string | null
  entitlementId: string | null
}
export type Cause =
  | 'rule'
  | 'upcoming'
  | 'ended'
  | 'lost'
  | 'absence'
  | 'lock'
  | 'account-type'
  | 'unexplained'
  | 'removal'
  | 'kept'
export type Wished = Slot & {
  action: OrderAction
  dueOn: string
  cause: Cause
  urgent: boolean
  /** What the account is to say, of `rename`, `move` and `set`; a user name of null is given when the order is made. */
  kept?: KeptValues
  /** The decision that it rests on, of the cause `removal`. */
  decision?: Decision
}

export type OpenOrder = Slot & {
  id: string
  action: OrderAction
  dueOn: string
  cause: string
  urgent: boolean
  /** On its way just now: left alone, and looked at again when it has arrived. */
  sending: boolean
  kept?: KeptValues | null
  decision?: Decision | null
}
export type Difference = {
  make: Wished[]
  change: { id: string; dueOn: string; cause: Cause; urgent: boolean }[]
  cancel: string[]
}

export function wishOfRight(slot: RightSlot, today: string): Wished[] {
  if (slot.rung === 'observe') return []
  const wishes: Wished[] = []
  const wish = (action: OrderAction, dueOn: string, cause: Cause) => wishes.push(wishFor(slot, action, dueOn, cause))
  const { wanted, held, rung } = slot
  if (wanted && !held) wish(slot.kit ? 'hand-out' : 'grant', wanted.from, wanted.from > today ? 'upcoming' : 'rule')
  const mayTake = rung !== 'add' && !slot.untouchable && !slot.kept
  const back: OrderAction = slot.kit ? 'take-back' : 'revoke'
  if (wanted && wanted.to !== null && mayTake) wish(back, wanted.to, 'ended')
  // Not wanted at all: what is held is taken where it is ours, somebody decided so, or the rung takes whatever has no reason.
  else if (!wanted && held && mayTake && (slot.ours || slot.marked || rung === 'full'))
    wish(back, today, slot.suspended ?? (slot.ours ? 'lost' : slot.marked ? 'removal' : 'unexplained'))
  return wishes
}

export function wishOfAccount(slot: AccountSlot, today: string): Wished[] {
  if (slot.rung === 'observe' || slot.untouchable) return []
  const wishes: Wished[] = []
  const wish = (action: OrderAction, dueOn: string, cause: Cause) => wishes.push(wishFor(slot, action, dueOn, cause))
  const { wanted, is, rung } = slot
  if (slot.locked) {
    // Also at the first rung: who is locked out is locked out. A new account waits until the lock is released.
    if (is === 'on') wish('disable', today, 'lock')
    return wishes
  }
  if (wanted) {
    const why: Cause = wanted.from > today ? 'upcoming' : 'account-type'
    if (is === 'none') wish('create', addDays(wanted.from, -slot.leadDays), why)
    // An account that somebody else has locked stays so, unless everything is ours to say.
    if (is === 'none' || (is === 'off' && (slot.ours || rung === 'full'))) wish('enable', wanted.from, why)
    if (wanted.to !== null && rung !== 'add') close(wanted.to)
    return wishes
  }
  if (rung === 'add' || is === 'none') return wishes
  if (slot.endedOn !== null && (slot.ours || slot.endedUnderUs || rung === 'full')) close(slot.endedOn)
  else if (slot.ours || rung === 'full') wish('disable', today, 'lost')
  else if (slot.marked) wish('disable', today, 'removal')
  return is === 'off' ? wishes.filter(one => one.action !== 'disable') : wishes

  function close(end: string): void {
    wish('disable', addDays(end, slot.disableAfter), 'ended')
    if (slot.deleteAfter !== null) wish('delete', addDays(end, Math.max(slot.deleteAfter, slot.disableAfter)), 'ended')
  }
}

/**
 * What to do with the open orders so that they are what is wished: at most one open order a slot and action. A due date
 * that is over stays as it was: how late something is must not be forgotten.
 */
export function differenceOf(wished: readonly Wished[], open: readonly OpenOrder[], today: string): Difference {
  const left = new Map(open.map(order => [keyOf(order), order]))
  const difference: Difference = { make: [], change: [], cancel: [] }
  for (const wish of wished) {
    const key = keyOf(wish)
    const order = left.get(key)
    left.delete(key)
    if (!order) difference.make.push(wish)
    // Another decision, or none any more, is another order: each says what it rests on.
    else if (!order.sending && decisionOf(wish) !== decisionOf(order)) {
      difference.cancel.push(order.id)
      difference.make.push(wish)
    }
    // What it was to say is over: whoever tries it, or did in vain, is to try the other.
    else if (wish.kept && !order.sending && !saysTheSame(wish.kept, order.kept ?? {})) {
      difference.cancel.push(order.id)
      difference.make.push(wish)
    } else if (!order.sending && differs(wish, order, today))
      difference.change.push({ id: order.id, dueOn: wish.dueOn, cause: wish.cause, urgent: wish.urgent })
  }
  for (const order of left.values()) if (!order.sending) difference.cancel.push(order.id)
  return difference
}

function differs(wish: Wished, order: OpenOrder, today: string): boolean {
  const bothDue = wish.dueOn <= today && order.dueOn <= today
  return (!bothDue && wish.dueOn !== order.dueOn) || wish.urgent !== order.urgent
}

function saysTheSame(wish: KeptValues, order: KeptValues): boolean {
  const names = new Set([...Object.keys(wish), ...Object.keys(order)]) as Set<keyof KeptValues>
  return [...names].every(name =>
    name === 'username' ? name in wish === name in order : (wish[name] ?? null) === (order[name] ?? null),
  )
}

/** One right that several affiliations give: from the first day to the last, open where one of them is. */
export function unionOf(spans: readonly Span[]): Span | null {
  const [first, ...rest] = spans
  return first ? rest.reduce(widen, first) : null
}
const widen = (a: Span, b: Span): Span => ({
  from: a.from < b.from ? a.from : b.from,
  to: a.to === null || b.to === null ? null : a.to > b.to ? a.to : b.to,
})

export function addDays(date: string, days: number): string {
  const at = new Date(`${date}T12:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

/** `affiliationId` tells slots apart only where an account is kept per affiliation: a right belongs to the person. */
export const keyOf = (slot: Slot & { action: string }): string =>
  [
    slot.systemId,
    slot.personId,
    slot.accountTypeId ? slot.affiliationId : '',
    slot.accountTypeId ?? slot.entitlementId,
    slot.action,
  ].join('/')

const decisionOf = (one: { cause: string; decision?: Decision | null }): string | null =>
  one.cause === 'removal' ? (one.decision?.findingId ?? null) : null

const wishFor = (slot: RightSlot | AccountSlot, action: OrderAction, dueOn: string, cause: Cause): Wished => ({
  ...{ ...slotOf(slot), action, dueOn, cause, urgent: cause === 'lock' },
  ...(cause === 'removal' && slot.marked ? { decision: slot.marked } : {}),
})

const slotOf = (slot: RightSlot | AccountSlot): Slot => ({
  systemId: slot.systemId,
  personId: slot.personId,
  affiliationId: slot.affiliationId,
  accountTypeId: 'accountTypeId' in slot ? slot.accountTypeId : null,
  entitlementId: 'entitlementId' in slot ? slot.entitlementId : null,
})
