import { decideHeld, readPlan } from '../plans/plan-store.ts'
import type { RecordKind } from '../platform/feed-record.ts'
import { problem } from '../platform/problem.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { RunResult } from './feed-run.ts'
import type { FeedAudit } from './feeds-service.ts'
import { confirmMissing } from './record-store.ts'
import { endRun, readRun, reopenRun, resultOf } from './run-store.ts'

export type HeldDeps = {
  db: Db
  worker: string
  audit?: FeedAudit | undefined
  /** Apply what has become planned and end the run. */
  carryOut(runId: string): Promise<RunResult>
}

/** A person's word on what the guards have held back. */
export function createHeldDecisions({ db, worker, audit, carryOut }: HeldDeps) {
  /** Load the run whose held changes somebody decides on; checks that the decision fits the diff that was seen. */
  const heldRun = async (tx: Tx, runId: string, hash: string) => {
    const found = await readRun(tx, runId)
    const plan = found.planId ? await readPlan(tx, found.planId) : null
    if (found.state !== 'held' || plan?.state !== 'held' || plan.heldHash !== hash)
      throw problem('plan-stale', {
        detail:
          'What was held back here has been decided on, or a newer run has taken its place. Look at the newest run.',
      })
    return { found, plan }
  }

  return {
    /** Let through what a guard held back. The diff's hash must be the one that was looked at; the starter may not. */
    async approveHeld(
      runId: string,
      actor: { id: string },
      decision: { hash: string; reason?: string },
    ): Promise<RunResult> {
      await db.transaction(async tx => {
        const { found, plan } = await heldRun(tx, runId, decision.hash)
        if (found.startedBy === actor.id)
          throw problem('second-person-needed', {
            detail: 'You started this run. Another person than you must approve what was held back.',
          })
        const items = await decideHeld(tx, plan.id, { approve: true, by: actor.id, reason: decision.reason ?? null })
        await reopenRun(tx, runId, worker, found.source)
        await audit?.(tx, {
          action: 'feed.approve',
          actor,
          source: found.source,
          runId,
          detail: { items, hash: decision.hash, reason: decision.reason ?? null },
        })
      })
      return carryOut(runId)
    },

    /** What was held back is not carried out. A later run that finds the same difference asks again. */
    async rejectHeld(
      runId: string,
      actor: { id: string },
      decision: { hash: string; reason?: string },
    ): Promise<RunResult> {
      return db.transaction(async tx => {
        const { found, plan } = await heldRun(tx, runId, decision.hash)
        const items = await decideHeld(tx, plan.id, { approve: false, by: actor.id, reason: decision.reason ?? null })
        await endRun(tx, runId, { state: 'done' })
        await audit?.(tx, {
          action: 'feed.reject',
          actor,
          source: found.source,
          runId,
          detail: { items, hash: decision.hash, reason: decision.reason ?? null },
        })
        return resultOf(tx, runId)
      })
    },

    /** A person confirms that records are gone, so that the next complete read need not be the second. */
    async confirmMissing(source: string, kind: RecordKind, keys: string[], actor: { id: string }): Promise<number> {
      return db.transaction(async tx => {
        const count = await confirmMissing(tx, source, kind, keys)
        await audit?.(tx, {
          action: 'feed.confirm-missing',
          actor,
          source,
          runId: null,
          detail: { kind, count },
        })
        return count
      })
    },
  }
}
