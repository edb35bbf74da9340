import {
  getUserList,
  getUserListRun,
  nameListRight,
  saveUserList,
  takeUserList,
  tryUserList,
  uploadUserList,
} from '#contract/user-lists.ts'
import type { ScreenLimits } from '../../feeds/sources/screen-limits.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor, requireVisible } from '../../policy/policy.ts'
import type { By, UserLists } from './user-list-service.ts'
import * as views from './user-list-views.ts'

type Parts = { userLists: UserLists; screen: ScreenLimits }

/** A system's user list: whoever may change the system's sheet keeps its list. */
export function userListRoutes(routes: Routes<Actor>, { userLists, screen }: Parts): void {
  const mayChange = ({ actor, params }: { actor: Actor; params: { systemId: string } }): boolean =>
    allows(actor, 'change', 'System', { id: params.systemId })
  const by = (call: { actor: Actor; params: { systemId: string }; requestId: string }): By => {
    if (!mayChange(call)) throw problem('not-allowed')
    return { actor: { ...auditActor(call.actor), userId: call.actor.userId }, requestId: call.requestId }
  }

  routes.add(getUserList, async call => {
    requireVisible(call.actor, 'System', { id: call.params.systemId })
    return views.userListView(call.tx, call.params.systemId, { dropsDir: screen.dropsDir, change: mayChange(call) })
  })
  // The body is the file itself: it is written to disk as it comes, and is no JSON.
  routes.addOwn(uploadUserList, call => userLists.upload(by(call), call.params.systemId, call.query.name, call.request))
  routes.addOwn(tryUserList, call => userLists.try(by(call), call.params.systemId, call.params.uploadId, call.body))
  routes.addOwn(takeUserList, call => userLists.take(by(call), call.params.systemId, call.params.uploadId, call.body))
  routes.add(saveUserList, call => userLists.save(call.tx, by(call), call.params.systemId, call.body))
  routes.add(nameListRight, call => userLists.name(call.tx, by(call), call.params.systemId, call.body))
  routes.add(getUserListRun, call => {
    if (!mayChange(call)) throw problem('not-allowed')
    return views.userListRun(call.tx, call.params.systemId, call.params.runId)
  })
}
