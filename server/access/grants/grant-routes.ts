import {
  checkEmergencyAccess,
  endEmergencyAccess,
  giveEmergencyAccess,
  listEmergencyChecks,
  listGrace,
} from '#contract/grants.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import type { AfterDecided } from '../after-decided.ts'
import { checkEmergency, endEmergency, giveEmergency } from './emergency-service.ts'
import { emergencyChecksView, graceView } from './grant-views.ts'

type Parts = { db: Db; clock: Clock; afterDecided: readonly AfterDecided[] }

/** Rights that people decide: emergency access, and what stays after a move. */
export function grantRoutes(routes: Routes<Actor>, { db, clock, afterDecided }: Parts): void {
  const when = () => ({ today: clock.today(), now: clock.now() })
  const hooks = { after: afterDecided }
  const looked = async (call: { actor: Actor; requestId: string }, action: string, count: number) => {
    if (count === 0) return
    await db.transaction(tx =>
      audit(tx).lookupList({
        ...{ actor: auditActor(call.actor), action, query: {}, count, requestId: call.requestId },
      }),
    )
  }
  routes.add(giveEmergencyAccess, call => giveEmergency(call.tx, call.actor, call.body, when(), hooks))
  routes.add(endEmergencyAccess, async call => {
    await endEmergency(call.tx, call.actor, { id: call.params.grantId, reason: call.body.reason }, when(), hooks)
    return { ended: true as const }
  })
  routes.addOwn(listEmergencyChecks, async call => {
    const answer = await db.snapshot(tx => emergencyChecksView(tx, call.actor, call.query))
    await looked(call, 'grants.emergency-viewed', answer.total)
    return answer
  })
  routes.add(checkEmergencyAccess, async call => {
    await checkEmergency(call.tx, call.actor, { id: call.params.grantId, note: call.body.note }, clock.now())
    return { checked: true as const }
  })
  routes.addOwn(listGrace, async call => {
    const answer = await db.snapshot(tx => graceView(tx, call.actor, call.query, clock.today()))
    await looked(call, 'grants.grace-viewed', answer.total)
    return answer
  })
}
