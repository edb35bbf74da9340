import { addOnCall, endOnCall, getPersonLock, listLocks, lockPerson, releaseLock } from '#contract/locks.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { confirmBirthDate, type LockHooks, liftLock, putOnCall, setLock, takeOffCall } from './lock-service.ts'
import { locksView, personLockView } from './lock-views.ts'

/** Emergency locks: setting, lifting, and who is on call. */
export function lockRoutes(
  routes: Routes<Actor>,
  { db, clock, locks }: { db: Db; clock: Clock; locks: LockHooks },
): void {
  const when = () => ({ today: clock.today(), now: clock.now() })
  routes.addOwn(listLocks, async call => {
    const answer = await db.snapshot(tx => locksView(tx, call.actor, call.query, clock.now()))
    const count = answer.current.length + answer.past.length
    if (count > 0)
      await db.transaction(tx =>
        audit(tx).lookupList({
          ...{ actor: auditActor(call.actor), action: 'locks.viewed', query: {}, count, requestId: call.requestId },
        }),
      )
    return answer
  })
  routes.add(getPersonLock, call => personLockView(call.tx, call.actor, call.params.personId))
  routes.addOwn(lockPerson, async call => {
    const asked = { personId: call.params.personId, birthDate: call.body.birthDate }
    const answer = await db.transaction(tx => confirmBirthDate(tx, call.actor, asked, clock.now()))
    if (answer !== 'right') throw problem(answer === 'wrong' ? 'birth-date-wrong' : 'birth-date-refused')
    return db.transaction(tx =>
      setLock(tx, call.actor, { personId: asked.personId, reason: call.body.reason }, when(), locks),
    )
  })
  routes.add(releaseLock, call =>
    liftLock(call.tx, call.actor, { lockId: call.params.lockId, reason: call.body.reason }, when(), locks),
  )
  routes.add(addOnCall, async call => ({ id: await putOnCall(call.tx, call.actor, call.body, clock.now()) }))
  routes.add(endOnCall, async call => {
    await takeOffCall(call.tx, call.actor, call.params.rosterId, clock.now())
    return { ended: true as const }
  })
}
