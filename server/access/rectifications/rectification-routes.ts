import {
  answerRectification,
  askRectification,
  listOwnRectifications,
  listRectifications,
  seeRectifications,
} from '#contract/rectifications.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { answer, ask } from './rectification-service.ts'
import { noteSeen } from './rectification-store.ts'
import { ownRectificationsView, rectificationsView } from './rectification-views.ts'

/** "This is wrong": said by whom it is about, answered by whoever answers for it. */
export function rectificationRoutes(routes: Routes<Actor>, { db, clock }: { db: Db; clock: Clock }): void {
  routes.add(askRectification, call => ask(call.tx, call.actor, call.body, clock.now()))
  routes.add(listOwnRectifications, call => ownRectificationsView(call.tx, call.actor))
  routes.add(seeRectifications, async call => {
    const { personId } = call.actor
    const seen = personId === null ? 0 : await noteSeen(call.tx, personId, clock.now())
    await audit(call.tx).write({
      ...{ actor: auditActor(call.actor), action: 'rectification.answers-read', subjectKind: 'rectification' },
      ...{ subjectId: personId ?? call.actor.userId, personId, detail: { seen } },
    })
    return { seen }
  })
  routes.addOwn(listRectifications, async call => {
    const found = await db.snapshot(tx => rectificationsView(tx, call.actor, call.query, clock.now()))
    if (found.total > 0)
      await db.transaction(tx =>
        audit(tx).lookupList({
          ...{ actor: auditActor(call.actor), action: 'rectifications.viewed', query: {}, count: found.total },
          requestId: call.requestId,
        }),
      )
    return found
  })
  routes.add(answerRectification, call =>
    answer(call.tx, call.actor, call.params.rectificationId, call.body, clock.now()),
  )
}
