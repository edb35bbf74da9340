import { getCaseValues } from '#contract/case-values.ts'
import * as contract from '#contract/lifecycle.ts'
import { decideApproval, findReported, listApprovals, proposeRights } from '#contract/lifecycle-desk.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { decide } from './approval-service.ts'
import { approvalsView } from './approval-views.ts'
import type { CaseParts } from './carry-out-case.ts'
import { isOpen, isSecret } from './case.ts'
import { type CaseContext, find, missingOf } from './case-checks.ts'
import { casesView } from './case-list-views.ts'
import * as service from './case-service.ts'
import type { Loaded } from './case-store.ts'
import { caseValuesView } from './case-values-view.ts'
import { casePageView, savedView } from './case-views.ts'
import { planView } from './plan-view.ts'
import { proposalsView } from './proposals-view.ts'
import { reportedPeople } from './reported-people-view.ts'

type Parts = CaseParts & {
  db: Db
  clock: Clock
  /** Where links in mails lead. */
  publicUrl: string
  userNames(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/** Reports: their drafts, what they would do, sending, and what waits for a yes. The screen and any program use the same. */
export function caseRoutes(routes: Routes<Actor>, parts: Parts): void {
  const { db, clock } = parts
  const context = (call: { actor: Actor; requestId: string }): CaseContext => ({
    ...parts,
    actor: call.actor,
    when: { now: clock.now(), today: clock.today() },
    requestId: call.requestId,
  })
  const saved = async (tx: Tx, loaded: Loaded, ctx: CaseContext) =>
    savedView(tx, ctx.actor, loaded, await missingOf(tx, loaded.one, ctx), parts)

  routes.add(contract.createCase, async call => {
    const ctx = context(call)
    const loaded = await service.createCase(call.tx, call.body, ctx)
    return { id: loaded.one.id, ...(await saved(call.tx, loaded, ctx)) }
  })
  routes.add(contract.saveCase, async call => {
    const ctx = context(call)
    return saved(call.tx, await service.saveDraft(call.tx, call.params.caseId, call.body, ctx), ctx)
  })
  // Whoever looks at a report looks at a person: on record before the answer leaves.
  routes.addOwn(contract.getCase, call =>
    db.snapshotOnRecord(async tx => {
      const ctx = context(call)
      const loaded = await find(tx, call.params.caseId, ctx)
      const { one } = loaded
      const missing = isOpen(one) ? await missingOf(tx, one, ctx) : []
      const page = await casePageView(tx, call.actor, loaded, missing, { ...parts, today: clock.today() })
      if (one.personId !== null)
        await audit(tx).lookup({
          actor: auditActor(call.actor),
          personId: one.personId,
          action: 'case.viewed',
          caseId: isSecret(one) ? one.id : null,
          requestId: call.requestId,
        })
      return page
    }),
  )
  routes.addOwn(getCaseValues, call =>
    db.snapshotOnRecord(async tx => {
      const { one } = await find(tx, call.params.caseId, context(call))
      const found = await caseValuesView(tx, call.actor, one)
      if (one.personId !== null && found.values.length > 0)
        await audit(tx).lookup({
          actor: auditActor(call.actor),
          personId: one.personId,
          action: 'case.viewed',
          caseId: isSecret(one) ? one.id : null,
          requestId: call.requestId,
        })
      return found
    }),
  )
  routes.add(contract.listCases, call => casesView(call.tx, call.actor, call.body, clock.today()))
  // It writes and takes back what it has written, so a snapshot to read from is not enough.
  routes.addOwn(contract.previewCase, call =>
    db.transaction(async tx => {
      const ctx = context(call)
      const today = ctx.when.today
      const { seen, missing } = await service.preview(tx, call.params.caseId, ctx, (inner, one, done) =>
        planView(inner, one, done, { actor: call.actor, today, publicUrl: parts.publicUrl }),
      )
      return { plan: seen ?? [], missing }
    }),
  )
  routes.add(contract.prepareCase, async call => ({
    version: await service.prepareCase(call.tx, call.params.caseId, call.body.version, context(call)),
  }))
  routes.add(contract.sendCase, async call => {
    const one = await service.sendCase(call.tx, call.params.caseId, call.body.version, context(call))
    return { state: one.state, personId: one.personId, affiliationId: one.affiliationId }
  })
  routes.add(contract.withdrawCase, async call => ({
    version: await service.withdrawCase(call.tx, call.params.caseId, call.body, context(call)),
  }))
  routes.add(contract.copyCase, async call => ({
    id: await service.copyCase(call.tx, call.params.caseId, context(call)),
  }))
  routes.add(contract.concealCase, async call => ({
    version: await service.concealCase(call.tx, call.params.caseId, call.body, context(call)),
  }))
  routes.add(contract.releaseCase, async call => ({
    version: await service.release(call.tx, call.params.caseId, call.body.version, context(call)),
  }))

  routes.addOwn(findReported, call =>
    db.snapshotOnRecord(async tx => {
      const answer = await reportedPeople(tx, call.actor, call.body, parts.keyring)
      const { caseId } = call.body
      const secret = caseId ? isSecret((await find(tx, caseId, call)).one) : false
      const actor = auditActor(call.actor)
      // Under a confidential report each person is one entry, which that person reads once it is released.
      if (secret && caseId)
        for (const { id } of answer.rows)
          await audit(tx).lookup({
            actor,
            personId: id,
            action: 'case.person-found',
            caseId,
            requestId: call.requestId,
          })
      else
        await audit(tx).lookupList({
          actor,
          action: 'case.people-searched',
          query: { text: call.body.text !== undefined, number: call.body.cpr !== undefined },
          count: answer.rows.length,
          requestId: call.requestId,
        })
      return answer
    }),
  )
  routes.add(proposeRights, call => proposalsView(call.tx, call.actor, call.body, clock.today()))
  routes.add(listApprovals, call => approvalsView(call.tx, call.actor, call.query))
  routes.add(decideApproval, async call => ({
    state: await decide(call.tx, call.params.approvalId, call.body, context(call)),
  }))
}
