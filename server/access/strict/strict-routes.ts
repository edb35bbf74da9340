import { getStrictMode, setStrictMode } from '#contract/strict.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { type StrictHooks, setStrict } from './strict-service.ts'
import { strictView } from './strict-views.ts'

/** Strict mode of a system. Who reads whom it holds something back from is on record, as with every list of people. */
export function strictRoutes(
  routes: Routes<Actor>,
  { db, clock, hooks }: { db: Db; clock: Clock; hooks: StrictHooks },
): void {
  const when = () => ({ today: clock.today(), now: clock.now() })
  routes.addOwn(getStrictMode, async call => {
    const asked = { ...call.params, ...call.query }
    const answer = await db.snapshot(tx => strictView(tx, call.actor, asked, when()))
    if (answer.rows.length > 0)
      await db.transaction(tx =>
        audit(tx).lookupList({
          ...{ actor: auditActor(call.actor), action: 'strict-mode.viewed', requestId: call.requestId },
          ...{ query: { systemId: call.params.systemId }, count: answer.total },
        }),
      )
    return answer
  })
  routes.add(setStrictMode, call =>
    setStrict(call.tx, call.actor, { systemId: call.params.systemId, ...call.body }, when(), hooks),
  )
}
