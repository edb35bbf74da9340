import { getLeadTimes } from '#contract/lifecycle-lead-times.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Actor } from '../../policy/actor.ts'
import { inOrder } from '../proof/proof-routes.ts'
import { leadTimesView } from './lead-times-views.ts'

export function leadTimesRoutes(routes: Routes<Actor>, { clock }: { clock: Clock }): void {
  routes.add(getLeadTimes, call => {
    inOrder(call.query)
    return leadTimesView(call.tx, call.actor, call.query, { today: clock.today(), now: clock.now() })
  })
}
