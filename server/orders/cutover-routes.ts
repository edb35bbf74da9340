import { getCutover, saveCutover } from '#contract/cutover.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor, can, requireVisible } from '../policy/policy.ts'
import { storeCutover, unitCutover } from './cutover-store.ts'
import { planOrdersOf } from './order-service.ts'

/** Hours at which a unit changes hands. */
export function cutoverRoutes(routes: Routes<Actor>, { clock }: { clock: Clock }): void {
  routes.add(getCutover, async call => {
    const { unitId } = call.params
    requireVisible(call.actor, 'Unit', { id: unitId })
    const found = await unitCutover(call.tx, unitId)
    if (!found) throw problem('not-found')
    return { ...found, mayChange: can(call.actor, 'unit.cutover') }
  })
  routes.add(saveCutover, async call => {
    const { unitId } = call.params
    const before = await unitCutover(call.tx, unitId)
    if (!before) throw problem('not-found')
    const [today, now] = [clock.today(), clock.now()]
    await storeCutover(call.tx, unitId, call.body, { by: call.actor.userId, now })
    // Starts ahead get their day and hour at once.
    await planOrdersOf(call.tx, 'all', { today, now, cause: 'cutover' })
    await audit(call.tx).write({
      ...{ actor: auditActor(call.actor), action: 'unit.cutover-saved', subjectKind: 'unit', subjectId: unitId },
      ...{ before: before.own, after: call.body, requestId: call.requestId },
    })
    return {}
  })
}
