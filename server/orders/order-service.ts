import type { OrderRow } from '#contract/orders.ts'
import type { AfterDecided } from '../access/after-decided.ts'
import { rightsOn } from '../access/upcoming-rights.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { getsAccount } from './account-type.ts'
import { withEarlyStarts } from './cutover.ts'
import { earlyStarts } from './cutover-store.ts'
import { wishOfKept } from './kept.ts'
import { keptSlots, learnedSince } from './kept-store.ts'
import { planLeft } from './left-store.ts'
import { withdrawnSince } from './marked.ts'
import {
  type AccountType,
  accountsOf,
  accountTypesOf,
  comingJobs,
  decidedSince,
  type Job,
  jobsOf,
  lockedPeople,
  lockPlanning,
  openOrders,
  type People,
  rightSlots,
  rightsHeld,
  type SeenAccount,
  type Systems,
  someSteered,
} from './order-plan-store.ts'
import { applyDifference } from './order-store.ts'
import { ordersOfView } from './orders-views.ts'
import {
  type AccountSlot,
  addDays,
  type Difference,
  differenceOf,
  type RightSlot,
  type Slot,
  type Span,
  unionOf,
  type Wished,
  wishOfAccount,
  wishOfRight,
} from './plan-orders.ts'
import { arrangeTasks, handedOver } from './task-store.ts'

/** How far ahead somebody who starts later is ordered for, in days; account types may ask for more. */
const AHEAD = 120

export type Planned = { made: number; changed: number; cancelled: number }
/** `cause`: why rights were decided; where much is taken at once it is shown to the second person. `agreed`: one has seen it. */
type When = { today: string; now: Date; cause?: string; agreed?: boolean }

/**
 * Brings open orders in line with what should be and what is, for the people of whom rights were decided. In the same
 * transaction; where no system is steered it costs one statement.
 */
export const planOrders: AfterDecided = async (tx, { people, today, now, cause }) => {
  await planOrdersOf(tx, people, { today, now, cause })
}

export async function planOrdersOf(tx: Tx, people: People, when: When): Promise<Planned> {
  if (people !== 'all' && people.length === 0) return { made: 0, changed: 0, cancelled: 0 }
  if (!(await someSteered(tx))) return { made: 0, changed: 0, cancelled: 0 }
  await lockPlanning(tx)
  const wished = await wishedOrders(tx, people, when.today, { as: null })
  const timed = withEarlyStarts(wished, await earlyStarts(tx, people))
  const difference = differenceOf(timed, await openOrders(tx, people), when.today)
  const { today, now, cause = 'planning', agreed = false } = when
  await applyDifference(tx, difference, people, { today, now, held: agreed ? null : cause })
  if (await planLeft(tx, people, { now })) await arrangeTasks(tx, people, now)
  else if (people === 'all') {
    const free = await handedOver(tx)
    if (free.length > 0) await arrangeTasks(tx, free, now)
  }
  return counts(difference)
}

/**
 * For whoever decides rights and knows nothing of orders (rules, merges, drafts that are carried out): planned for
 * everybody, once, at the next round of the job.
 */
export async function catchUpOrders(tx: Tx, when: When): Promise<Planned | null> {
  if (!(await someSteered(tx))) return null
  const learned = await learnedSince(tx, when)
  if (await decidedSince(tx)) return planOrdersOf(tx, 'all', when)
  // A name, a title, the name of a unit: no right rests on them, and still an account says them.
  if (learned === 'all') return planOrdersOf(tx, learned, when)
  const people = [...(learned ?? []), ...(await withdrawnSince(tx))]
  return people.length === 0 ? null : planOrdersOf(tx, people, when)
}

/** What systems that send nothing would be asked for, were they steered: lines of a preview, nothing is stored. */
export const notSentOrders = (tx: Tx, people: readonly string[], today: string): Promise<Wished[]> =>
  people.length === 0 ? Promise.resolve([]) : wishedOrders(tx, people, today, { as: 'apply' })

async function wishedOrders(tx: Tx, people: People, today: string, systems: Systems): Promise<Wished[]> {
  const types = await accountTypesOf(tx, systems)
  const rights = await wantedRights(tx, people, today, systems, Math.max(AHEAD, ...types.map(type => type.leadDays)))
  const wished = rights.flatMap(slot => wishOfRight(slot, today))
  if (types.length === 0) return wished
  // What is not sent is compared with nothing.
  const kept = systems.as === null ? await keptSlots(tx, people) : []
  const jobs = await jobsOf(tx, people)
  const seen = await accountsOf(tx, people, systems)
  const locked = await lockedPeople(tx, people)
  const slots = accountSlots(types, jobs, seen, locked)
  const accounts = slots.flatMap(slot => wishOfAccount(slot, today))
  // An account that nobody says there is to be, or that goes today, is corrected no more.
  const going = new Set(accounts.flatMap(one => (isLeaving(one, today) ? accountKey(one) : [])))
  const staying = new Set(slots.flatMap(one => (one.wanted && !going.has(accountKey(one)) ? accountKey(one) : [])))
  const corrected = kept.flatMap(slot => (staying.has(accountKey(slot)) ? wishOfKept(slot, today) : []))
  return [...wished, ...accounts, ...corrected]
}

const isLeaving = (one: Wished, today: string) =>
  (one.action === 'disable' || one.action === 'delete') && one.dueOn <= today
const accountKey = (one: Pick<Slot, 'accountTypeId' | 'personId' | 'affiliationId'>) =>
  `${one.accountTypeId}/${one.personId}/${one.affiliationId ?? ''}`

/** Rights of today with what is to be done, and those of people who start later. */
async function wantedRights(tx: Tx, people: People, today: string, systems: Systems, ahead: number) {
  const slots = new Map<string, RightSlot>()
  for (const { validTo, now, ...row } of await rightSlots(tx, people, systems))
    slots.set(`${row.personId}/${row.entitlementId}`, { ...row, wanted: now ? { from: today, to: validTo } : null })
  const coming: { right: Awaited<ReturnType<typeof rightsOn>>[number]; from: string }[] = []
  const starts = Map.groupBy(await comingJobs(tx, people, addDays(today, ahead)), job => job.startsOn)
  // Nobody is asked for what will not be given before somebody says what it is for.
  for (const [from, jobs] of starts)
    for (const right of await rightsOn(
      tx,
      jobs.map(job => job.id),
      from,
    ))
      if (!right.withheld) coming.push({ right, from })
  if (coming.length === 0) return [...slots.values()]
  const known = new Map(
    (
      await rightsHeld(
        tx,
        coming.map(({ right }) => right),
        systems,
      )
    ).map(row => [`${row.personId}/${row.entitlementId}`, row]),
  )
  for (const { right, from } of coming) {
    const key = `${right.personId}/${right.entitlementId}`
    const base = known.get(key)
    if (!base) continue
    const span: Span = { from, to: right.validTo }
    const slot = slots.get(key)
    // Held today by another job: what the coming one adds is that it does not end with that.
    if (slot) slots.set(key, { ...slot, wanted: unionOf([...(slot.wanted ? [slot.wanted] : []), span]) })
    else if (!base.held)
      slots.set(key, {
        ...base,
        affiliationId: right.affiliationId,
        wanted: span,
        untouchable: false,
        kept: false,
        ours: true,
        suspended: null,
        marked: null,
      })
  }
  return [...slots.values()]
}

function accountSlots(
  types: readonly AccountType[],
  jobs: readonly Job[],
  seen: readonly SeenAccount[],
  locked: ReadonlySet<string>,
): AccountSlot[] {
  const key = (type: string, person: string, affiliation: string | null) => `${type}/${person}/${affiliation ?? ''}`
  const slots: AccountSlot[] = []
  for (const type of types) {
    const is = new Map(
      seen
        .filter(one => one.accountTypeId === type.id)
        .map(one => [key(type.id, one.personId, one.affiliationId), one]),
    )
    const reasons = Map.groupBy(
      jobs.filter(job => getsAccount(type.rules, job)),
      job => key(type.id, job.personId, type.per === 'affiliation' ? job.affiliationId : null),
    )
    for (const at of new Set([...is.keys(), ...reasons.keys()])) {
      const account = is.get(at)
      const own = reasons.get(at) ?? []
      const current = own.filter(job => job.status !== 'ended')
      const ends = own.flatMap(job => (job.status === 'ended' && job.endsOn ? [job.endsOn] : [])).sort()
      const endedOn = current.length > 0 ? null : (ends.at(-1) ?? null)
      const [, personId = ''] = at.split('/')
      slots.push({
        systemId: type.systemId,
        personId,
        affiliationId: type.per === 'affiliation' ? at.split('/')[2] || null : null,
        accountTypeId: type.id,
        rung: type.rung,
        wanted: unionOf(current.map(job => ({ from: job.startsOn ?? '1900-01-01', to: job.endsOn }))),
        endedOn,
        is: account?.is ?? 'none',
        untouchable: account?.untouchable ?? false,
        ours: account?.ours ?? false,
        endedUnderUs: endedOn !== null && type.rungOn !== null && endedOn >= type.rungOn,
        locked: locked.has(personId),
        marked: account?.marked ?? null,
        leadDays: type.leadDays,
        disableAfter: type.disableAfter,
        deleteAfter: type.deleteAfter,
      })
    }
  }
  return slots
}

/** Orders of people or affiliations, as the case page and a preview show them. `shown`: SQL, see `ordersOfView`. */
export const ordersOf = (
  tx: Tx,
  of: { affiliationIds?: readonly string[]; personIds?: readonly string[] },
  shown = 'false',
): Promise<OrderRow[]> => ordersOfView(tx, of, shown)

const counts = ({ make, change, cancel }: Difference): Planned => ({
  made: make.length,
  changed: change.length,
  cancelled: cancel.length,
})
