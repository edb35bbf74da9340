import { getOrder, handOrder, letGoOrders, listOrders, replayOrder, wakeConnector } from '#contract/orders.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { allows, auditActor } from '../policy/policy.ts'
import { letGo, lockHold } from './hold-store.ts'
import { giveToPerson, lockOrder, replay, wake } from './order-act-store.ts'
import { type NamesOf, ordersView, orderView } from './orders-views.ts'
import { arrangeTasks } from './task-store.ts'

/** What systems are to carry out. */
export function orderRoutes(
  routes: Routes<Actor>,
  { clock, db, userNames }: { clock: Clock; db: Db; userNames: NamesOf },
): void {
  type Call = { tx: Tx; actor: Actor; requestId: string }
  const note = (
    call: Call,
    action: string,
    subjectKind: string,
    subjectId: string,
    personId: string | null,
    detail: unknown,
  ) =>
    audit(call.tx).write({
      ...{ actor: auditActor(call.actor), action, subjectKind, subjectId, personId, detail, requestId: call.requestId },
    })

  /** A list of people leaves one entry with its query. */
  const looked = async (call: { actor: Actor; requestId: string }, action: string, query: object, count: number) => {
    if (count === 0) return
    const { offset: _, limit: __, ...filters } = query as { offset?: number; limit?: number }
    const flat = Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, value ?? null])) as Record<
      string,
      null
    >
    await db.transaction(tx =>
      audit(tx).lookupList({ actor: auditActor(call.actor), action, query: flat, count, requestId: call.requestId }),
    )
  }

  routes.addOwn(listOrders, async call => {
    const answer = await db.snapshot(tx => ordersView(tx, call.actor, call.query, clock.today()))
    await looked(call, 'orders.searched', call.query, answer.total)
    return answer
  })
  routes.add(getOrder, async call => {
    const order = await orderView(call.tx, call.actor, call.params.orderId, userNames)
    if (!order) throw problem('not-found')
    return order
  })
  const parked = async (call: Call & { params: { orderId: string }; body: { version: number } }) => {
    const order = await lockOrder(call.tx, call.actor, call.params.orderId)
    if (!order) throw problem('not-found')
    if (order.version !== call.body.version || !['parked', 'retry'].includes(order.state)) throw problem('conflict')
    return order
  }
  routes.add(replayOrder, async call => {
    const order = await parked(call)
    const version = await replay(call.tx, order.id, call.body.username ?? null)
    await arrangeTasks(call.tx, [order.personId], clock.now())
    await note(call, 'order.replayed', 'order', order.id, order.personId, {
      system: order.systemKey,
      action: order.action,
    })
    return { version }
  })
  routes.add(handOrder, async call => {
    const order = await parked(call)
    const version = await giveToPerson(call.tx, order.id)
    await arrangeTasks(call.tx, [order.personId], clock.now())
    await note(call, 'order.given-to-person', 'order', order.id, order.personId, {
      system: order.systemKey,
      reason: call.body.reason,
    })
    return { version }
  })
  routes.add(letGoOrders, async call => {
    const hold = await lockHold(call.tx, call.params.holdId)
    if (!hold || !allows(call.actor, 'approve', 'Delivery', hold)) throw problem('not-found')
    // Neither whoever did what they follow from.
    if (hold.causedBy.includes(call.actor.userId)) throw problem('second-person-needed')
    // More, or fewer, than were looked at: look again.
    if (hold.open !== call.body.open) throw problem('conflict')
    const now = clock.now()
    const people = await letGo(call.tx, hold.id, { by: call.actor.userId, now, reason: call.body.reason })
    await arrangeTasks(call.tx, people, now)
    const { systemKey, cause, open } = hold
    await note(call, 'orders.let-go', 'system', hold.systemId, null, {
      ...{ system: systemKey, cause, open, reason: call.body.reason },
    })
    return { open }
  })
  routes.add(wakeConnector, async call => {
    if (!allows(call.actor, 'start', 'Delivery', call.params)) throw problem('not-found')
    if (!(await wake(call.tx, call.params.systemId))) throw problem('not-found')
    await note(call, 'connector.woken', 'system', call.params.systemId, null, {})
    return {}
  })
}
