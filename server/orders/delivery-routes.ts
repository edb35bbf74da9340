import {
  changeRung,
  getDelivery,
  previewAccountType,
  previewRung,
  removeAccountType,
  saveAccountType,
  saveConnector,
  saveTaskWords,
  testConnector,
} from '#contract/account-types.ts'
import type { Rung } from '#contract/orders.ts'
import { personRefSql, visibleTo } from '../access/visible.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import { statement } from '../platform/statement.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { allows, auditActor, requireVisible } from '../policy/policy.ts'
import type { Connector, ConnectorContext, OrderAction } from './connector.ts'
import { endAccountType, keepAccountType, keepConnector, noteWrites, previewTypeOf } from './delivery-service.ts'
import { deliveryView } from './delivery-views.ts'
import { connectorSettings, jobOfDeputy, noteTest, storeWords } from './order-act-store.ts'
import { changeRungOf, previewRungOf, REMOVALS_FLOOR } from './rung-service.ts'

type Parts = { clock: Clock; db: Db; connectors: readonly Connector[]; secretOf: ConnectorContext['secretOf'] }
const TEST_SECONDS = 20
const SAMPLE = 20

/** How a system is steered: rung, connector, kinds of accounts, words of tasks. */
export function deliveryRoutes(routes: Routes<Actor>, { clock, db, connectors, secretOf }: Parts): void {
  const when = () => ({ today: clock.today(), now: clock.now() })
  type Call = { actor: Actor; requestId: string; params: { systemId: string } }
  const note = (tx: Tx, call: Call, action: string, what: { before?: unknown; after?: unknown; detail?: unknown }) =>
    audit(tx).write({
      ...{
        actor: auditActor(call.actor),
        action,
        subjectKind: 'system',
        subjectId: call.params.systemId,
        requestId: call.requestId,
      },
      ...what,
    })
  const may = (call: Call, action: 'approve' | 'start' | 'change') => {
    if (!allows(call.actor, action, 'Delivery', call.params)) throw problem('not-found')
  }

  routes.add(getDelivery, async call => {
    requireVisible(call.actor, 'System', { id: call.params.systemId })
    const delivery = await deliveryView(call.tx, call.actor, call.params.systemId, connectors)
    if (!delivery) throw problem('not-found')
    return delivery
  })
  // It carries out and takes back, which a reading transaction cannot.
  routes.addOwn(previewRung, call =>
    db.transaction(async tx => {
      may(call, 'approve')
      const preview = await previewRungOf(tx, call.params.systemId, call.body.rung as Rung, when())
      const now = preview.made.filter(one => one.dueOn <= clock.today())
      const first = now.slice(0, SAMPLE)
      const q = statement()
      const people = await tx.query<{ id: string; ref: { id: string; name: string | null; protected: boolean } }>(
        `select pc.person_id as id, ${personRefSql('pc', visibleTo(call.actor, q).name('pc'))} as ref from person_current pc
         where pc.person_id = any(${q.bind(
           first.map(one => one.personId),
           'uuid[]',
         )})`,
        q.params,
      )
      const refs = new Map(people.map(one => [one.id, one.ref]))
      const byAction = Map.groupBy(now, one => one.action as OrderAction)
      return {
        made: [...byAction].map(([action, all]) => ({ action, count: all.length })),
        ...{ cancelled: preview.cancelled, tasks: preview.tasks, removals: preview.removals, hash: preview.hash },
        later: preview.made.length - now.length,
        floor: REMOVALS_FLOOR,
        secondPerson: preview.removals > REMOVALS_FLOOR && preview.waitsFor === null,
        sample: first.map(one => ({
          action: one.action as OrderAction,
          person: refs.get(one.personId) ?? { id: one.personId, name: null, protected: true },
          ...{ what: one.what, dueOn: one.dueOn },
        })),
      }
    }),
  )
  routes.add(changeRung, async call => {
    may(call, 'approve')
    const { rung, reason, hash } = call.body
    const { state, before, preview } = await changeRungOf(
      call.tx,
      call.params.systemId,
      { rung: rung as Rung, reason, hash, by: call.actor.userId },
      when(),
    )
    const detail = { reason, orders: preview.made.length, removals: preview.removals }
    await note(call.tx, call, state === 'changed' ? 'rung.changed' : 'rung.asked', {
      before: { rung: before },
      after: { rung },
      detail,
    })
    return { state }
  })
  routes.add(saveConnector, async call => {
    may(call, 'start')
    requireVisible(call.actor, 'System', { id: call.params.systemId })
    const version = await keepConnector(call.tx, call.params.systemId, call.body, connectors, when())
    await note(call.tx, call, 'connector.saved', {
      after: { kind: call.body.kind, enabled: call.body.enabled, settings: call.body.settings },
    })
    return { version }
  })
  routes.addOwn(testConnector, async call => {
    may(call, 'start')
    const row = await db.transaction(tx => connectorSettings(tx, call.params.systemId))
    const connector = connectors.find(one => one.kind === row?.kind)
    if (!row || !connector) throw problem('not-found')
    const settings = connector.settings.safeParse(row.settings)
    if (!settings.success)
      throw problem('data-invalid', { detail: 'The saved settings are no longer valid: save them again.' })
    const result = await connector.test(settings.data, {
      secretOf,
      signal: AbortSignal.timeout(TEST_SECONDS * 1000),
      note: () => {},
    })
    await db.transaction(async tx => {
      await noteTest(tx, call.params.systemId, result.ok, clock.now())
      await note(tx, call, 'connector.tested', { detail: { ok: result.ok } })
    })
    return result
  })
  // It carries out and takes back, which a reading transaction cannot.
  routes.addOwn(previewAccountType, call =>
    db.transaction(async tx => {
      may(call, 'change')
      await noteWrites(tx, call.params.systemId, connectors)
      const { made, ...rest } = await previewTypeOf(tx, call.params.systemId, call.body, when())
      const now = made.filter(one => one.dueOn <= clock.today())
      const byAction = Map.groupBy(now, one => one.action as OrderAction)
      return {
        ...rest,
        made: [...byAction].map(([action, all]) => ({ action, count: all.length })),
        later: made.length - now.length,
      }
    }),
  )
  routes.add(saveAccountType, async call => {
    may(call, 'change')
    requireVisible(call.actor, 'System', { id: call.params.systemId })
    await noteWrites(call.tx, call.params.systemId, connectors)
    if (call.body.hash !== undefined) {
      const { hash } = await previewTypeOf(call.tx, call.params.systemId, call.body, when())
      if (hash !== call.body.hash) throw problem('plan-stale')
    }
    const id = await keepAccountType(call.tx, call.params.systemId, call.body, when())
    await note(call.tx, call, 'account-type.saved', { after: call.body.values, detail: { id } })
    return { id }
  })
  routes.add(removeAccountType, async call => {
    may(call, 'change')
    await endAccountType(call.tx, call.params.accountTypeId, call.body.version, when())
    await note(call.tx, call, 'account-type.removed', { detail: { id: call.params.accountTypeId } })
    return {}
  })
  routes.add(saveTaskWords, async call => {
    if (!allows(call.actor, 'change', 'System', { id: call.params.systemId })) throw problem('not-found')
    const { words, sample, deputy, carries } = call.body
    const job = deputy ? await jobOfDeputy(call.tx, deputy) : deputy
    if (deputy && !job)
      throw problem('data-invalid', { errors: [{ where: 'body/deputy', what: 'Name somebody who works here today.' }] })
    const stored = await storeWords(
      call.tx,
      call.params.systemId,
      { words, sample, carries: carries && [...new Set(carries)] },
      job,
    )
    if (!stored) throw problem('not-found')
    await note(call.tx, call, 'task-words.saved', { before: stored.before, after: call.body })
    return {}
  })
}
