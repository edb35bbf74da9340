import { getBoard, getPersonLifecycle } from '#contract/lifecycle-board.ts'
import { readPersonHead } from '../../access/person-record-view.ts'
import { viewerOf } from '../../access/viewer.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor, functionFor } from '../../policy/policy.ts'
import { boardView } from './board-views.ts'
import { personLifecycle } from './person-lifecycle-views.ts'

/** Who comes and goes, and all of it for one person. */
export function boardRoutes(routes: Routes<Actor>, { db, clock }: { db: Db; clock: Clock }): void {
  routes.addOwn(getBoard, call =>
    db.snapshotOnRecord(async tx => {
      const answer = await boardView(tx, call.actor, call.query, { today: clock.today(), now: clock.now() })
      const { bucket, kind, unit, lack } = call.query
      if (answer.total > 0)
        await audit(tx).lookupList({
          actor: auditActor(call.actor),
          action: 'board.viewed',
          query: { bucket: bucket ?? null, kind: kind ?? null, unit: unit ?? null, lack: lack ?? null },
          count: answer.total,
          requestId: call.requestId,
        })
      return answer
    }),
  )
  routes.addOwn(getPersonLifecycle, call =>
    db.snapshotOnRecord(async tx => {
      const { personId } = call.params
      const found = await readPersonHead(tx, personId)
      if (!found || !allows(call.actor, 'read', 'Person', found.record)) throw problem('not-found')
      const viewer = viewerOf(call.actor, found.record)
      if (!viewer.history) throw problem('not-found')
      const answer = await personLifecycle(tx, call.actor, personId, viewer, clock.today())
      await audit(tx).lookup({
        actor: auditActor(call.actor, functionFor(call.actor, 'Person', found.record) ?? undefined),
        personId,
        action: 'person.lifecycle-viewed',
        requestId: call.requestId,
      })
      return answer
    }),
  )
}
