import { decidePurposePlan, listPurposePlans } from '#contract/purpose-plans.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Actor } from '../../policy/actor.ts'
import type { AfterRegister } from '../../register/activities/activity-routes.ts'
import { decidePlan } from './plan-service.ts'
import { purposePlansView } from './plan-views.ts'

/** Rights whose purpose has ended, before the owner of their system. */
export function purposePlanRoutes(
  routes: Routes<Actor>,
  { clock, after }: { clock: Clock; after: readonly AfterRegister[] },
): void {
  routes.add(listPurposePlans, async call => ({
    plans: await purposePlansView(call.tx, call.actor, call.query, clock.today()),
    today: clock.today(),
  }))
  routes.add(decidePurposePlan, async call => {
    const when = { today: clock.today(), now: clock.now() }
    const done = await decidePlan(call.tx, call.actor, call.params.planId, call.body.decisions, when)
    for (const follow of after) await follow(call.tx, when.today)
    return done
  })
}
