import { listDrops, listWatched } from '#contract/drops.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Actor } from '../../policy/actor.ts'
import type { Feeds } from '../feeds-service.ts'
import * as views from './drop-views.ts'

export function dropRoutes(routes: Routes<Actor>, { feeds }: { feeds: Feeds }): void {
  routes.add(listWatched, async call => ({ rows: await views.listWatched(call.tx, await feeds.watched()) }))
  routes.add(listDrops, call => views.listDrops(call.tx, call.query))
}
