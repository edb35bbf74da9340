import {
  changeEntitlement,
  createEntitlement,
  getEntitlement,
  listEntitlements,
  releaseEntitlement,
  restoreEntitlement,
  retireEntitlement,
} from '#contract/entitlements.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import type { AfterDecided } from '../after-decided.ts'
import * as service from './entitlement-service.ts'
import { entitlementsView, entitlementView } from './entitlement-views.ts'

type UserNames = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** What systems can give: the list of what lacks something, and each with what it consists of. */
export function entitlementRoutes(
  routes: Routes<Actor>,
  {
    clock,
    userNames,
    afterDecided = [],
  }: { clock: Clock; userNames: UserNames; afterDecided?: readonly AfterDecided[] },
): void {
  routes.add(listEntitlements, call => entitlementsView(call.tx, call.actor, call.query))
  routes.add(getEntitlement, async call => {
    const page = await entitlementView(call.tx, call.actor, call.params.entitlementId)
    if (!page) throw problem('not-found')
    const names = await userNames(call.tx, [
      ...page.versions.flatMap(one => one.by ?? []),
      ...page.setByHand.map(one => one.by),
    ])
    return {
      ...page,
      setByHand: page.setByHand.map(one => ({ ...one, by: names.get(one.by) ?? one.by })),
      versions: page.versions.map(one => ({ ...one, by: one.by === null ? null : (names.get(one.by) ?? one.by) })),
    }
  })
  routes.add(changeEntitlement, async call => {
    const changed = await service.changeEntitlementValues(call.tx, call.params.entitlementId, call.body, who(call))
    await note(call, 'entitlement.changed', changed.id, {
      before: changed.before,
      after: { ...changed.after, ...(call.body.values.includes ? { includes: call.body.values.includes } : {}) },
      detail: { reason: call.body.reason },
    })
    return { stamp: changed.stamp }
  })
  routes.add(releaseEntitlement, async call => {
    const changed = await service.releaseEntitlementValues(call.tx, call.params.entitlementId, call.body, who(call))
    await note(call, 'entitlement.released', changed.id, {
      before: changed.before,
      after: changed.after,
      detail: { reason: call.body.reason },
    })
    return { stamp: changed.stamp }
  })
  routes.add(createEntitlement, async call => {
    const made = await service.createEntitlementOf(call.tx, call.params.systemId, call.body, who(call))
    const { reason, ...values } = call.body
    await note(call, 'entitlement.created', made.id, { after: { ...values, key: made.key }, detail: { reason } })
    return made
  })
  routes.add(retireEntitlement, async call => {
    const { id, stamp } = await service.retireEntitlementOf(call.tx, call.params.entitlementId, call.body, who(call))
    await note(call, 'entitlement.retired', id, { detail: { reason: call.body.reason } })
    return { stamp }
  })
  routes.add(restoreEntitlement, async call => {
    const { id, stamp } = await service.restoreEntitlementOf(call.tx, call.params.entitlementId, call.body, who(call))
    await note(call, 'entitlement.restored', id, { detail: { reason: call.body.reason } })
    return { stamp }
  })

  const who = (call: { actor: Actor }) => ({
    ...{ actor: call.actor, now: clock.now(), today: clock.today() },
    after: afterDecided,
  })
  const note = (
    call: { tx: Tx; actor: Actor; requestId: string },
    action: string,
    id: string,
    what: { before?: unknown; after?: unknown; detail?: unknown },
  ) =>
    audit(call.tx).write({
      actor: auditActor(call.actor),
      action,
      subjectKind: 'entitlement',
      subjectId: id,
      ...what,
      requestId: call.requestId,
    })
}
