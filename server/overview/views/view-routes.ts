import type { ResponseOf } from '#contract/endpoint.ts'
import { changeView, listViews, openWithView, removeView, saveView } from '#contract/views.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { auditActor } from '../../policy/policy.ts'
import { dropView, ownView, putDefault, putView, type StoredView, seenView, viewsFor } from './view-store.ts'

type NamesOf = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>

/** Saved views of any screen. They hold filters only: whoever opens one sees what they may see themselves. */
export function viewRoutes(routes: Routes<Actor>, { userNames }: { userNames: NamesOf }): void {
  const shown = async (
    tx: Tx,
    actor: Actor,
    views: (StoredView & { opens?: boolean })[],
  ): Promise<ResponseOf<typeof listViews>['views']> => {
    const others = views.filter(view => view.ownerId !== actor.userId).map(view => view.ownerId)
    const names = await userNames(tx, others)
    return views.map(({ ownerId, ...view }) => ({
      ...view,
      opens: view.opens ?? false,
      own: ownerId === actor.userId,
      owner: ownerId === actor.userId ? null : (names.get(ownerId) ?? null),
    }))
  }
  const log = (
    call: { tx: Tx; actor: Actor; requestId: string },
    what: 'saved' | 'changed' | 'removed',
    before: StoredView | null,
    after: StoredView | null,
  ) =>
    audit(call.tx).write({
      actor: auditActor(call.actor),
      action: `view.${what}`,
      subjectKind: 'view',
      subjectId: (after ?? before)?.id ?? null,
      before: before && kept(before),
      after: after && kept(after),
      requestId: call.requestId,
    })

  routes.add(listViews, async call => ({
    views: await shown(call.tx, call.actor, await viewsFor(call.tx, call.actor, call.query.screen)),
  }))
  routes.add(saveView, async call => {
    const view = await putView(call.tx, { ...call.body, ownerId: call.actor.userId })
    await log(call, 'saved', null, view)
    return first(await shown(call.tx, call.actor, [view]))
  })
  routes.add(changeView, async call => {
    const before = await ownView(call.tx, call.actor, call.params.viewId)
    const { name = before.name, search = before.search, sharedWith = before.sharedWith } = call.body
    const after = await putView(call.tx, { ...before, name, search, sharedWith })
    await log(call, 'changed', before, after)
    return first(await shown(call.tx, call.actor, [after]))
  })
  routes.add(openWithView, async call => {
    const { screen, viewId } = call.body
    if (viewId !== null && (await seenView(call.tx, call.actor, viewId)).screen !== screen) throw problem('not-found')
    await putDefault(call.tx, call.actor.userId, screen, viewId)
    await audit(call.tx).write({
      actor: auditActor(call.actor),
      action: 'view.opens-list',
      subjectKind: 'view',
      subjectId: viewId,
      after: { screen },
      requestId: call.requestId,
    })
    return {}
  })
  routes.add(removeView, async call => {
    const before = await ownView(call.tx, call.actor, call.params.viewId)
    await dropView(call.tx, before.id)
    await log(call, 'removed', before, null)
    return {}
  })
}

const kept = ({ screen, name, search, sharedWith }: StoredView) => ({ screen, name, search, sharedWith })
const first = <T>(list: T[]): T => {
  const [one] = list
  if (!one) throw new Error('a view that was just written is there')
  return one
}
