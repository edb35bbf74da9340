import { adoptActivities, getCatalogueActivity, listCatalogueActivities } from '#contract/activity-catalogue.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import type { Actor } from '../../policy/actor.ts'
import { can } from '../../policy/policy.ts'
import { checkContent } from '../activities/check-content.ts'
import * as service from './adopt-service.ts'
import { catalogueList, catalogueOne } from './catalogue-views.ts'

/** Activities to begin records from. */
export function activityCatalogueRoutes(routes: Routes<Actor>, { clock }: { clock: Clock }): void {
  routes.add(listCatalogueActivities, async call => ({
    ...(await catalogueList(call.tx, call.query, clock.today())),
    allowed: { adopt: can(call.actor, 'activity.change') },
  }))
  routes.add(getCatalogueActivity, async call => {
    const { row, vocabularies } = await catalogueOne(call.tx, call.params.key, clock.today())
    return { ...row, remarks: checkContent(row.content, vocabularies, clock.today()) }
  })
  routes.add(adoptActivities, call =>
    service.adoptActivities({ tx: call.tx, actor: call.actor, today: clock.today(), now: clock.now() }, call.body.keys),
  )
}
