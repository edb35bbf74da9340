import {
  getActivityReach,
  getPersonReach,
  getReachFlow,
  getReachTrend,
  getSystemRegister,
  searchReach,
  searchReachRows,
} from '#contract/reach.ts'
import { audit } from '../../audit/audit-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Routes } from '../../platform/http/handle.ts'
import { problem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, auditActor, functionFor } from '../../policy/policy.ts'
import { personRecord } from '../person-record-view.ts'
import { activityReach } from './reach-activity-view.ts'
import { reachFlow } from './reach-flow-view.ts'
import { personReach } from './reach-person-view.ts'
import { reachRowsBehind } from './reach-rows-view.ts'
import { reachScreen } from './reach-screen-view.ts'
import { mayReadKept, reachTrend } from './reach-snapshot-store.ts'
import { systemRegister } from './system-register-view.ts'

/** Who can reach which data. Figures leave no trace; who is behind a figure does, before the answer leaves. */
export function reachRoutes(routes: Routes<Actor>, { db, clock }: { db: Db; clock: Clock }): void {
  routes.add(searchReach, call => reachScreen(call.tx, call.actor, call.body, clock.today()))
  routes.add(getReachFlow, call => reachFlow(call.tx, call.actor, call.body, clock.today()))
  routes.add(getReachTrend, async call => (mayReadKept(call.actor) ? reachTrend(call.tx, call.body) : { series: [] }))
  routes.add(getActivityReach, call => activityReach(call.tx, call.actor, call.params.activityId, clock.today()))
  routes.add(getSystemRegister, call => systemRegister(call.tx, call.actor, call.params.systemId, clock.today()))

  routes.addOwn(searchReachRows, call =>
    db.snapshotOnRecord(async tx => {
      const answer = await reachRowsBehind(tx, { ...call.body, day: clock.today() }, call.actor)
      const { data, subjects, offset: _, limit: __, ...asked } = call.body
      if (answer.total > 0)
        await audit(tx).lookupList({
          actor: auditActor(call.actor),
          action: 'reach.people-viewed',
          query: {
            ...Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, value ?? null])),
            data: data.join(',') || null,
            subjects: subjects.join(',') || null,
          },
          count: answer.people,
          requestId: call.requestId,
        })
      return answer
    }),
  )
  routes.addOwn(getPersonReach, call =>
    db.snapshotOnRecord(async tx => {
      const { personId } = call.params
      const person = await personRecord(tx, personId)
      if (!person || !allows(call.actor, 'read', 'Person', person)) throw problem('not-found')
      const answer = await personReach(tx, call.actor, personId, clock.today(), call.query.operation)
      const actor = auditActor(call.actor, functionFor(call.actor, 'Person', person) ?? undefined)
      await audit(tx).lookup({ actor, personId, action: 'person.reach-viewed', requestId: call.requestId })
      return answer
    }),
  )
}
