import { getMyEquipment, listEquipment, saveStock } from '#contract/equipment.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import type { Db } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'
import { equipmentView, ownEquipment, storeStock } from './equipment-views.ts'

/** Things that are handed out and come back. Handing over is settling a task. */
export function equipmentRoutes(routes: Routes<Actor>, { clock, db }: { clock: Clock; db: Db }): void {
  routes.addOwn(listEquipment, async call => {
    const answer = await db.snapshot(tx => equipmentView(tx, call.actor, call.query, clock.today()))
    if (answer.total === 0) return answer
    const { state = null, system = null, person = null } = call.query
    await db.transaction(tx =>
      audit(tx).lookupList({
        ...{ actor: auditActor(call.actor), action: 'equipment.searched', query: { state, system, person } },
        ...{ count: answer.total, requestId: call.requestId },
      }),
    )
    return answer
  })
  routes.add(getMyEquipment, async call => {
    if (!call.actor.personId) throw problem('not-found')
    return { rows: await ownEquipment(call.tx, call.actor.personId, clock.today()) }
  })
  routes.add(saveStock, async call => {
    const { entitlementId } = call.params
    const { owned } = call.body
    const stored = await storeStock(call.tx, entitlementId, owned, { by: call.actor.userId, now: clock.now() })
    if (!stored) throw problem('not-found')
    await audit(call.tx).write({
      ...{ actor: auditActor(call.actor), action: 'equipment.stock-saved', subjectKind: 'entitlement' },
      ...{ subjectId: entitlementId, before: { owned: stored.before }, after: { owned }, requestId: call.requestId },
    })
    return {}
  })
}
