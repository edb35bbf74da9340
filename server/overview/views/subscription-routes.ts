import type { ResponseOf } from '#contract/endpoint.ts'
import { listSubscriptions, subscribe, unsubscribe } from '#contract/views.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Config } from '../../platform/config.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { mayBeSent } from './digest-figures-view.ts'
import { makeDigest } from './digest-service.ts'
import { addressOf, dropSubscription, putSubscription, subscriptionsOf } from './subscription-store.ts'
import { seenView } from './view-store.ts'

/** Views that come every week. The first digest is made at once and stands on the page: it says what will come. */
export function subscriptionRoutes(routes: Routes<Actor>, { clock, config }: { clock: Clock; config: Config }): void {
  const wayTo = async (tx: Tx, actor: Actor): Promise<ResponseOf<typeof listSubscriptions>['by']> => {
    if (config.HJEMMEL_SMTP_URL === undefined) return 'no-server'
    return (await addressOf(tx, actor.personId)) === null ? 'no-address' : 'mail'
  }
  routes.add(listSubscriptions, async ({ tx, actor }) => ({
    by: await wayTo(tx, actor),
    subscriptions: await subscriptionsOf(tx, actor.userId),
  }))
  routes.add(subscribe, async ({ tx, actor, body, requestId }) => {
    const view = await seenView(tx, actor, body.viewId)
    if (!mayBeSent(actor, view.screen)) throw problem('not-found')
    const id = await putSubscription(tx, { ...body, userId: actor.userId })
    await audit(tx).write({
      actor: auditActor(actor),
      action: 'view.subscribed',
      subjectKind: 'view',
      subjectId: view.id,
      after: { weekday: body.weekday, hour: body.hour },
      requestId,
    })
    await makeDigest(tx, id, clock.today(), clock, false)
    return { id }
  })
  routes.add(unsubscribe, async ({ tx, actor, params, requestId }) => {
    const gone = await dropSubscription(tx, params.subscriptionId, actor.userId)
    if (!gone) throw problem('not-found')
    await audit(tx).write({
      actor: auditActor(actor),
      action: 'view.unsubscribed',
      subjectKind: 'view',
      subjectId: gone.viewId,
      requestId,
    })
    return {}
  })
}
