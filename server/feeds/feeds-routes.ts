import {
  approveRun,
  getRun,
  listRejects,
  listRuns,
  listSources,
  rejectRun,
  searchPlan,
  startRun,
} from '#contract/runs.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import type { Log } from '../platform/log.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor, seesOfAll } from '../policy/policy.ts'
import type { Feeds } from './feeds-service.ts'
import * as views from './runs/feeds-views.ts'
import { readRun } from './runs/run-store.ts'

type UserNames = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Parts = { clock: Clock; log: Log; feeds: Feeds; userNames: UserNames }

export function feedRoutes(routes: Routes<Actor>, { clock, log, feeds, userNames }: Parts): void {
  routes.add(listSources, async call => ({ rows: await views.listSources(call.tx, clock.now()) }))
  routes.add(listRuns, async call => {
    const { rows, total } = await views.listRuns(call.tx, call.query)
    const name = await namer(call.tx, rows)
    return { rows: rows.map(row => ({ ...row, startedBy: name(row.startedBy) })), total }
  })
  routes.add(getRun, async call => {
    const run = await views.runDetail(call.tx, call.params.runId)
    const name = await namer(call.tx, [run, { startedBy: run.decision?.by ?? null }])
    const decision = run.decision && { ...run.decision, by: name(run.decision.by) ?? run.decision.by }
    return { ...run, startedBy: name(run.startedBy), decision }
  })
  routes.add(searchPlan, async call => {
    await readRun(call.tx, call.params.runId)
    return views.planItems(call.tx, call.params.runId, call.body, {
      // Records are not yet people with a unit, so a field counts only where it is seen of everybody.
      seeProtected: seesOfAll(call.actor, 'protectedName'),
      seePupils: seesOfAll(call.actor, 'basic'),
      // Six of the ten digits of a CPR number: whoever may not see the number does not learn it from the plan.
      seeBirthDates: seesOfAll(call.actor, 'cpr'),
    })
  })
  routes.add(listRejects, async call => {
    await readRun(call.tx, call.params.runId)
    return views.runRejects(call.tx, call.params.runId, call.query)
  })
  routes.addOwn(startRun, call => {
    const { sourceKey } = call.params
    const actor = actorOf(call)
    return new Promise((resolve, reject) => {
      feeds
        .run(sourceKey, { dryRun: call.body.dryRun, trigger: 'manual', actor, onStart: runId => resolve({ runId }) })
        .catch((error: unknown) => {
          // After the start nobody waits here any more; what went wrong stands in the run's own row.
          log.warn({ source: sourceKey, err: String(error) }, 'a run that was asked for did not start or stopped')
          reject(error)
        })
    })
  })
  routes.addOwn(approveRun, call => feeds.approveHeld(call.params.runId, actorOf(call), decisionOf(call.body)))
  routes.addOwn(rejectRun, call => feeds.rejectHeld(call.params.runId, actorOf(call), decisionOf(call.body)))

  const namer = async (tx: Tx, rows: readonly { startedBy: string | null }[]) => {
    const names = await userNames(
      tx,
      rows.flatMap(row => row.startedBy ?? []),
    )
    return (id: string | null) => (id === null ? null : (names.get(id) ?? id))
  }
}

/** Who it is, in the function that the audit log names. */
const actorOf = ({ actor }: { actor: Actor }) => {
  const { personId, function: inFunction } = auditActor(actor)
  return { id: actor.userId, personId, function: inFunction }
}

const decisionOf = ({ hash, reason }: { hash: string; reason?: string | undefined }) => ({
  hash,
  ...(reason ? { reason } : {}),
})
