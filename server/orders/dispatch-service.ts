import { systemActor } from '../audit/audit-entry.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Db } from '../platform/unit-of-work.ts'
import {
  type Connector,
  type ConnectorContext,
  ConnectorFailure,
  type ConnectorSession,
  type OrderToCarryOut,
} from './connector.ts'
import {
  asBatch,
  type Claimed,
  type ConnectorRow,
  claimOrders,
  connectorOf,
  contentsOf,
  giveBack,
  noteHealth,
  noteOutcome,
  noteSteps,
  type Outcome,
  RESTS_AFTER,
  systemsToSend,
} from './dispatch-store.ts'
import { planOrdersOf } from './order-service.ts'
import { asFailure, nextTry, within } from './try-again.ts'

export type Dispatch = {
  db: Db
  clock: Clock
  log: Log
  connectors: readonly Connector[]
  secretOf: ConnectorContext['secretOf']
  /** An order that takes longer is one of which nobody knows whether it was done. */
  orderSeconds?: number
  /** How long what was taken is this process's own; longer than an order may take. */
  leaseSeconds?: number
  /** After this nothing new is begun: the next run goes on. */
  runSeconds?: number
}
export type Sent = { done: number; failed: number }

const PARK_AFTER = 8
const AT_ONCE = 20
const BATCH = 500

/** All systems with something due, each by itself: one that hangs or fails keeps none of the others waiting. */
export async function sendOrders(deps: Dispatch): Promise<Sent> {
  const systems = await deps.db.transaction(tx => systemsToSend(tx, at(deps)))
  const sent = await Promise.all(
    systems.map(system =>
      sendOrdersOf(deps, system).catch(error => {
        deps.log.error(
          { system, error: String((error as Error).stack ?? error) },
          'orders of a system could not be sent',
        )
        return { done: 0, failed: 0 }
      }),
    ),
  )
  return { done: sum(sent.map(one => one.done)), failed: sum(sent.map(one => one.failed)) }
}

/** One system: takes what is due in small portions, carries it out, notes it, until nothing is left or time is over. */
export async function sendOrdersOf(deps: Dispatch, systemId: string): Promise<Sent> {
  const until = Date.now() + (deps.runSeconds ?? 45) * 1000
  const sent: Sent = { done: 0, failed: 0 }
  while (Date.now() < until) {
    const row = await deps.db.transaction(tx => connectorOf(tx, systemId, deps.clock.now()))
    const connector = row && deps.connectors.find(one => one.kind === row.kind)
    if (!row || !connector) return sent
    const claimed = await deps.db.transaction(tx => claimOrders(tx, claimFor(deps, row, connector)))
    if (claimed.length === 0) return sent
    const portion = await carryOut(deps, row, connector, claimed)
    sent.done += portion.done
    sent.failed += portion.failed
    if (portion.stop) return sent
  }
  return sent
}

const claimFor = (deps: Dispatch, row: ConnectorRow, connector: Connector) => ({
  systemId: row.systemId,
  actions: connector.actions,
  limit: row.probing ? 1 : connector.mode === 'batch' ? BATCH : AT_ONCE,
  // A portion is worked through one by one, and the last of it must still be ours.
  leaseSeconds: deps.leaseSeconds ?? (deps.orderSeconds ?? 30) * AT_ONCE + 30,
  ...at(deps),
})

type Portion = Sent & { stop: boolean }

async function carryOut(
  deps: Dispatch,
  row: ConnectorRow,
  connector: Connector,
  claimed: readonly Claimed[],
): Promise<Portion> {
  const abort = new AbortController()
  const ctx: ConnectorContext = {
    secretOf: deps.secretOf,
    signal: abort.signal,
    note: (message, detail) => deps.log.debug({ system: row.systemId, connector: row.kind, ...detail }, message),
  }
  const settings = connector.settings.safeParse(row.settings)
  const seconds = deps.orderSeconds ?? 30
  let session: { close(): Promise<void> } | null = null
  try {
    if (!settings.success) throw new ConnectorFailure('refused', 'The settings of the connector are not valid')
    if (connector.mode === 'batch') {
      const opened = await within(connector.open(settings.data, ctx), seconds, 'retry')
      session = opened
      return await handOver(deps, row, claimed, batch => within(opened.handOver(batch), seconds, 'lost'))
    }
    const opened = await within(connector.open(settings.data, ctx), seconds, 'retry')
    session = opened
    return await oneByOne(deps, row, opened, claimed)
  } catch (error) {
    // Not one of them was tried.
    const failure = asFailure(error)
    await deps.db.transaction(async tx => {
      await giveBack(tx, claimed, failure.message, nextTry(deps.clock.now(), 1, failure))
      await noteHealth(tx, row.systemId, failure.message, deps.clock.now())
    })
    return { done: 0, failed: claimed.length, stop: true }
  } finally {
    abort.abort()
    await session?.close().catch(() => {})
  }
}

async function oneByOne(
  deps: Dispatch,
  row: ConnectorRow,
  session: ConnectorSession,
  claimed: readonly Claimed[],
): Promise<Portion> {
  const orders = await deps.db.transaction(tx =>
    contentsOf(
      tx,
      claimed.map(one => one.id),
    ),
  )
  const portion: Portion = { done: 0, failed: 0, stop: false }
  let failures = row.failures
  for (const [place, one] of claimed.entries()) {
    const order = orders.get(one.id)
    if (!order) continue
    const outcome = await tryOrder(deps, session, one, order, failures)
    const down = outcome.outcome === 'retry' || outcome.outcome === 'lost'
    failures = down ? failures + 1 : 0
    await settle(deps, row, outcome, order, down ? outcome.said : null)
    if (outcome.state === 'done') portion.done += 1
    else portion.failed += 1
    if (down && failures >= RESTS_AFTER) {
      const rest = claimed.slice(place + 1)
      await deps.db.transaction(tx => giveBack(tx, rest, outcome.said ?? '', deps.clock.now()))
      return { ...portion, stop: true }
    }
  }
  return portion
}

/** Read, plan, write, read back. Whatever was done before, by us or by anybody, is not done again. */
async function tryOrder(
  deps: Dispatch,
  session: ConnectorSession,
  claimed: Claimed,
  order: OrderToCarryOut,
  failures: number,
): Promise<Outcome> {
  const seconds = deps.orderSeconds ?? 30
  const base = {
    ...claimed,
    username: order.account.username,
    externalId: null as string | null,
    readBack: false,
    nextTryAt: null,
  }
  let steps: Outcome['steps'] = []
  try {
    const now = await within(session.read(order), seconds, 'retry')
    if (now?.untouchable) return { ...base, outcome: 'refused', state: 'parked', steps, said: now.untouchable.code }
    steps = session.plan(order, now)
    if (steps.length === 0)
      return {
        ...base,
        externalId: now?.externalId ?? null,
        outcome: 'already',
        state: 'done',
        steps,
        said: null,
        readBack: true,
      }
    await deps.db.transaction(tx => noteSteps(tx, claimed.id, claimed.attempt, steps))
    const applied = await within(session.apply(order, steps as never), seconds, 'lost')
    const verified = await within(session.verify(order), seconds, 'retry')
    if (verified === 'differs') throw new ConnectorFailure('retry', 'Read back, it is not as it was written')
    return {
      ...base,
      ...applied,
      outcome: 'done',
      state: 'done',
      steps,
      said: null,
      readBack: verified === 'as-wanted',
    }
  } catch (error) {
    const failure = asFailure(error)
    // While the whole target is away no single order is to blame: it waits with all the others.
    const park = failure.why === 'refused' || (claimed.attempt >= PARK_AFTER && failures < RESTS_AFTER)
    return {
      ...base,
      outcome: failure.why,
      state: park ? 'parked' : 'retry',
      steps,
      said: failure.message.slice(0, 500),
      nextTryAt: park ? null : nextTry(deps.clock.now(), claimed.attempt, failure),
    }
  }
}

/** Those that were handed over before, and nobody knows whether it arrived, go once more as what they were. */
async function handOver(
  deps: Dispatch,
  row: ConnectorRow,
  claimed: readonly Claimed[],
  hand: (batch: { id: string; orders: OrderToCarryOut[] }) => Promise<{ receipt: string }>,
): Promise<Portion> {
  const portion: Portion = { done: 0, failed: 0, stop: false }
  for (const [known, members] of Map.groupBy(claimed, one => one.batchId)) {
    const ids = members.map(one => one.id)
    const { id, orders } = await deps.db.transaction(async tx => ({
      id: known ?? (await asBatch(tx, ids)),
      orders: await contentsOf(tx, ids),
    }))
    let failure: ConnectorFailure | null = null
    let receipt: string | null = null
    try {
      receipt = (await hand({ id, orders: [...orders.values()] })).receipt
    } catch (error) {
      failure = asFailure(error)
    }
    for (const one of members) {
      const order = orders.get(one.id)
      if (!order) continue
      const park = failure !== null && (failure.why === 'refused' || one.attempt >= PARK_AFTER)
      const outcome: Outcome = {
        ...one,
        ...{ externalId: null, username: order.account.username, readBack: false },
        outcome: failure?.why ?? 'done',
        state: failure === null ? 'done' : park ? 'parked' : 'retry',
        steps: receipt === null ? [] : [{ say: receipt }],
        said: failure?.message.slice(0, 500) ?? null,
        nextTryAt: failure === null || park ? null : nextTry(deps.clock.now(), one.attempt, failure),
      }
      await settle(deps, row, outcome, order, null)
    }
    await deps.db.transaction(tx => noteHealth(tx, row.systemId, failure?.message ?? null, deps.clock.now()))
    if (failure) return { ...portion, failed: portion.failed + members.length, stop: true }
    portion.done += members.length
  }
  return portion
}

/** Noted, entered in the log, and what is left for this person planned anew, in one transaction. */
async function settle(
  deps: Dispatch,
  row: ConnectorRow,
  outcome: Outcome,
  order: OrderToCarryOut,
  failed: string | null,
): Promise<void> {
  const { today, now } = at(deps)
  await deps.db.transaction(async tx => {
    const ours = await noteOutcome(tx, outcome, { now, by: row.kind })
    await noteHealth(tx, row.systemId, failed, now)
    if (!ours || outcome.state === 'retry') return
    await audit(tx).write({
      actor: systemActor('orders'),
      action: outcome.state === 'done' ? 'order.carried-out' : 'order.parked',
      subjectKind: 'order',
      subjectId: order.id,
      detail: { system: order.system.key, action: order.action, outcome: outcome.outcome, attempt: outcome.attempt },
    })
    if (outcome.state === 'done') await planOrdersOf(tx, [order.person.id], { today, now })
  })
}

const at = ({ clock }: Dispatch) => ({ today: clock.today(), now: clock.now() })
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
