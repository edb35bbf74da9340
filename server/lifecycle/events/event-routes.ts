import { searchSaid } from '#contract/fact-inbox.ts'
import { EVENT_NAMES, eventSchema, nameOfType, typeOf } from '#contract/hr-event-types.ts'
import * as contract from '#contract/hr-events.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor, Program } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import type { EventRunner } from './event-runner.ts'
import { receiveEvents } from './event-service.ts'
import { eventRows, inboxRows, readReceipts } from './event-store.ts'
import { settleEvents } from './inbox-service.ts'
import { inboxEventView, inboxView } from './inbox-views.ts'
import { saidView } from './said-views.ts'

type NamesOf = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Parts = { db: Db; clock: Clock; keyring: Keyring; events: EventRunner; userNames: NamesOf }

export function eventRoutes(routes: Routes<Actor>, { db, clock, keyring, events, userNames }: Parts): void {
  const programOf = (actor: Actor): Program => {
    if (!actor.program) throw problem('not-allowed')
    return actor.program
  }

  // Stored and committed before the answer; carried out beside it.
  routes.addOwn(contract.sendHrEvents, async call => {
    const program = programOf(call.actor)
    const receipts = await db.transaction(async tx => {
      const ids = await receiveEvents(call.body, program, {
        rows: eventRows(tx, keyring),
        keyring,
        now: clock.now(),
        audit: audit(tx).write,
        actor: auditActor(call.actor),
        requestId: call.requestId,
      })
      return readReceipts(tx, program.feed, ids)
    })
    events.kick()
    call.response.status(202)
    const [first] = receipts
    if (first && receipts.length === 1) call.response.setHeader('location', first.poll)
    return { receipts }
  })
  routes.add(contract.getHrReceipt, async ({ tx, actor, params }) => {
    const [receipt] = await readReceipts(tx, programOf(actor).feed, [params.receipt])
    if (!receipt) throw problem('not-found')
    return receipt
  })
  routes.add(contract.listHrSchemas, async () => ({
    types: EVENT_NAMES.map(name => ({ type: typeOf(name), schema: `/api/hr/schemas/${typeOf(name)}` })),
  }))
  routes.add(contract.getHrSchema, async ({ params }) => {
    const name = nameOfType(params.type)
    if (name === null) throw problem('not-found')
    return eventSchema(name)
  })

  routes.addOwn(contract.searchInbox, async call => {
    const answer = await db.snapshot(tx => inboxView(tx, call.actor, call.body))
    const { state, feed, name, text } = call.body
    await db.transaction(tx =>
      audit(tx).lookupList({
        actor: auditActor(call.actor),
        action: 'inbox.searched',
        query: { state: state ?? null, feed: feed ?? null, name: name ?? null, text: Boolean(text) },
        count: answer.total,
        requestId: call.requestId,
      }),
    )
    return answer
  })
  routes.addOwn(searchSaid, async call => {
    const answer = await db.snapshot(tx => saidView(tx, call.actor, call.body))
    const { origin, state, text } = call.body
    await db.transaction(tx =>
      audit(tx).lookupList({
        actor: auditActor(call.actor),
        action: 'inbox.searched',
        query: { origin: origin ?? null, state: state ?? null, text: Boolean(text), all: true },
        count: answer.total,
        requestId: call.requestId,
      }),
    )
    return answer
  })
  routes.addOwn(contract.getInboxEvent, async call =>
    db.snapshotOnRecord(async tx => {
      const event = await inboxEventView(tx, call.actor, call.params.eventId)
      if (!event) throw problem('not-found')
      if (event.person)
        await audit(tx).lookup({
          actor: auditActor(call.actor),
          personId: event.person.id,
          action: 'hr-event.viewed',
          requestId: call.requestId,
        })
      const names = await userNames(tx, event.decidedBy ? [event.decidedBy] : [])
      return { ...event, decidedBy: event.decidedBy ? (names.get(event.decidedBy) ?? null) : null }
    }),
  )
  const settle =
    (how: 'retry' | 'set-aside' | 'approve') =>
    async (
      call: { tx: Tx; actor: Actor; requestId: string },
      ids: readonly string[],
      reason: string | null,
    ): Promise<contract.EventState> =>
      settleEvents(how, ids, reason, {
        rows: inboxRows(call.tx, call.actor),
        audit: audit(call.tx).write,
        actor: auditActor(call.actor),
        now: clock.now(),
        requestId: call.requestId,
      })
  routes.addOwn(contract.retryInboxEvent, async call => {
    const state = await db.transaction(tx => settle('retry')({ ...call, tx }, [call.params.eventId], null))
    events.kick()
    return { state }
  })
  routes.add(contract.setInboxEventAside, async call => ({
    state: await settle('set-aside')(call, [call.params.eventId], call.body.reason),
  }))
  routes.addOwn(contract.approveInboxEvents, async call => {
    const ids = [...new Set(call.body.ids)]
    await db.transaction(tx => settle('approve')({ ...call, tx }, ids, call.body.reason))
    events.kick()
    return { approved: ids.length }
  })
}
