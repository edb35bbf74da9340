import * as contract from '#contract/lifecycle-shift.ts'
import {
  getReportedSubject,
  listFormerRights,
  listHandovers,
  listReportedAffiliations,
} from '#contract/lifecycle-subject.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import type { CaseParts } from './carry-out-case.ts'
import type { CaseContext } from './case-checks.ts'
import { handoversView } from './handover-views.ts'
import { confirmShift, saveTemplate, startShift } from './shift-service.ts'
import { shiftsView } from './shift-views.ts'
import { formerRights, reportedAffiliations, subjectView } from './subject-view.ts'

/** What reports about an affiliation that is there begin with. Whoever looks is on record before the answer leaves. */
export function doorRoutes(routes: Routes<Actor>, parts: CaseParts & { db: Db; clock: Clock }): void {
  const { db, clock } = parts
  const context = (call: { actor: Actor; requestId: string }): CaseContext => ({
    ...parts,
    actor: call.actor,
    when: { now: clock.now(), today: clock.today() },
    requestId: call.requestId,
  })
  routes.addOwn(contract.listShifts, call =>
    db.snapshotOnRecord(async tx => {
      const answer = await shiftsView(tx, call.actor, clock.now())
      if (answer.waiting.length > 0)
        await audit(tx).lookupList({
          actor: auditActor(call.actor),
          action: 'shifts.viewed',
          query: {},
          count: answer.waiting.length,
          requestId: call.requestId,
        })
      return answer
    }),
  )
  routes.add(contract.startShift, call => startShift(call.tx, call.body, context(call)))
  routes.add(contract.confirmShift, call => confirmShift(call.tx, call.params.caseId, context(call)))
  routes.add(contract.saveShiftTemplate, async call => ({
    id: await saveTemplate(call.tx, call.body, context(call)),
  }))
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
  routes.addOwn(listHandovers, call =>
    db.snapshotOnRecord(async tx => {
      const answer = await handoversView(tx, call.actor, call.query, clock.today())
      if (answer.rows.length > 0)
        await audit(tx).lookupList({
          actor: auditActor(call.actor),
          action: 'case.handovers-viewed',
          query: {},
          count: answer.total,
          requestId: call.requestId,
        })
      return answer
    }),
  )
  routes.addOwn(listFormerRights, call =>
    db.snapshotOnRecord(async tx => {
      const { personId } = call.body
      const answer = await formerRights(tx, call.actor, personId)
      if (answer.rows.length > 0)
        await audit(tx).lookup({
          actor: auditActor(call.actor),
          personId,
          action: 'case.subject-viewed',
          requestId: call.requestId,
        })
      return answer
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
