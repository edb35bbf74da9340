import { catchUp } from '../../access/access-store.ts'
import { addGrants } from '../../access/grants/grant-store.ts'
import { audit } from '../../audit/audit-store.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { auditActor } from '../../policy/policy.ts'
import { type ApprovalState, loadApproval, settleApproval } from './approval-store.ts'
import { mayDecide } from './approval-views.ts'
import type { CaseContext } from './case-checks.ts'
import { noteEvent } from './case-store.ts'

/**
 * Yes or no to a right in a report. A yes gives it in the same step; a no needs a reason. Nobody answers what they have
 * asked for, or what they would get. Throws `not-found`, `not-allowed`, `case-closed`, `reason-needed`.
 */
export async function decide(
  tx: Tx,
  id: string,
  given: { yes: boolean; reason: string },
  ctx: CaseContext,
): Promise<ApprovalState> {
  const { actor, when } = ctx
  const one = await loadApproval(tx, id)
  if (!one || one.secret || !mayDecide(actor, one, 'read')) {
    const own = one && !one.secret && (one.sentBy === actor.userId || one.sentPersonId === actor.personId)
    throw problem(own ? 'second-person-needed' : 'not-found')
  }
  if (!mayDecide(actor, one)) throw problem('not-allowed')
  if (one.state !== 'waiting') throw problem('case-closed')
  const reason = given.reason.trim()
  if (!given.yes && reason.length < 5) throw problem('reason-needed')
  let grantId: string | null = null
  if (given.yes) {
    const [made] = await addGrants(
      tx,
      [
        {
          affiliationId: one.affiliationId,
          entitlementId: one.entitlementId,
          constraints: one.constraints,
          from: one.from,
          to: one.to,
          kind: 'report',
          reason: one.why,
          caseId: one.caseId,
          by: actor.userId,
        },
      ],
      when,
    )
    grantId = made ?? null
  }
  const state = given.yes ? 'approved' : 'refused'
  await settleApproval(tx, id, { state, by: actor.userId, reason: reason || null, grantId }, when.now)
  if (given.yes)
    await catchUp(
      tx,
      { ...when, cause: `approval ${id}`, localAdministrators: ctx.localAdministrators, after: ctx.afterDecided },
      [one.affiliationId],
    )
  await noteEvent(tx, one.caseId, state, actor.userId, when.now, {
    entitlementId: one.entitlementId,
    ...(reason ? { reason } : {}),
  })
  await audit(tx).write({
    actor: auditActor(actor),
    action: `case.right-${state}`,
    subjectKind: 'case',
    subjectId: one.caseId,
    personId: one.personId,
    requestId: ctx.requestId,
    detail: { entitlementId: one.entitlementId, ...(reason ? { reason } : {}) },
  })
  return state
}
