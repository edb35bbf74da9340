import { getReportedSubject, listReportedAffiliations } from '#contract/lifecycle-subject.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { reportedAffiliations, subjectView } from './subject-view.ts'

/** What reports about an affiliation that is there begin with. Whoever looks is on record before the answer leaves. */
export function doorRoutes(routes: Routes<Actor>, { db }: { db: Db }): void {
  routes.addOwn(listReportedAffiliations, call =>
    db.snapshotOnRecord(async tx => {
      const { personId } = call.body
      const rows = await reportedAffiliations(tx, call.actor, personId)
      if (rows.length > 0)
        await audit(tx).lookup({
          actor: auditActor(call.actor),
          personId,
          action: 'case.subject-viewed',
          requestId: call.requestId,
        })
      return { rows }
    }),
  )
  routes.addOwn(getReportedSubject, call =>
    db.snapshotOnRecord(async tx => {
      const answer = await subjectView(tx, call.actor, call.params.affiliationId)
      await audit(tx).lookup({
        actor: auditActor(call.actor),
        personId: answer.person.id,
        action: 'case.subject-viewed',
        requestId: call.requestId,
      })
      return answer
    }),
  )
}
