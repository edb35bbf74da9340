import { changeAccessPolicies, getAccessPolicies, previewAccessPolicies } from '#contract/access-policies.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import type { AfterDecided } from '../after-decided.ts'
import { applyPolicies, classCounts, previewPolicies, readPolicies } from './policy-service.ts'

type Parts = { db: Db; clock: Clock; afterDecided: readonly AfterDecided[] }

/** What happens with each class of right in an absence and after a move. */
export function policyRoutes(routes: Routes<Actor>, { db, clock, afterDecided }: Parts): void {
  const when = () => ({ today: clock.today(), now: clock.now(), after: afterDecided })
  routes.add(getAccessPolicies, async call => ({
    policies: await readPolicies(call.tx),
    classes: await classCounts(call.tx),
    allowed: { change: can(call.actor, 'access-policy.change') },
  }))
  // It writes and takes back what it wrote, so that a snapshot would not do.
  routes.addOwn(previewAccessPolicies, call => db.transaction(tx => previewPolicies(tx, call.body, when())))
  routes.add(changeAccessPolicies, call => applyPolicies(call.tx, call.actor, call.body, when()))
}
