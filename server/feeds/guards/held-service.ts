import {
  type Chosen,
  decideHeld,
  expirePlans,
  heldItems,
  type PlanRow,
  readPlan,
  setAside,
} from '../../plans/plan-store.ts'
import type { Clock } from '../../platform/clock.ts'
import type { RecordKind } from '../../platform/feed-record.ts'
import { problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { FeedAudit } from '../runs/feed-audit.ts'
import type { RunResult } from '../runs/feed-run.ts'
import { confirmMissing } from '../runs/record-store.ts'
import { endRun, type RunRow, readRun, reopenRun, resultOf } from '../runs/run-store.ts'
import { changedSource, type Overtaken, overtaken } from './held-store.ts'
import { saveException } from './shape-store.ts'

export type HeldDeps = {
  db: Db
  worker: string
  clock: Clock
  audit?: FeedAudit | undefined
  /** Apply what has become planned and end the run. */
  carryOut(runId: string): Promise<RunResult>
}
export type HeldDecision = Chosen & { hash: string; reason?: string | undefined }
type By = { id: string }

/** A person's word on what the guards have held back. */
export function createHeldDecisions({ db, worker, clock, audit, carryOut }: HeldDeps) {
  /** Load the run whose held changes somebody decides on; checks that the decision fits the diff that was seen. */
  const heldRun = async (tx: Tx, runId: string, hash: string): Promise<{ found: RunRow; plan: PlanRow }> => {
    // Two people may decide at once: the second waits, and then finds another hash.
    await tx.query('select from plan where cause_id = $1 for update', [runId])
    const found = await readRun(tx, runId)
    const plan = found.planId ? await readPlan(tx, found.planId) : null
    if (found.state !== 'held' || plan?.state !== 'held' || plan.heldHash !== hash)
      throw problem('plan-stale', {
        detail:
          'What was held back here has been decided on, or a newer run has taken its place. Look at the newest run.',
      })
    if (plan.expiresAt && plan.expiresAt <= clock.now())
      throw problem('plan-stale', { detail: 'This has waited too long. The next complete read finds it anew.' })
    return { found, plan }
  }

  const chosenItems = async (tx: Tx, plan: PlanRow, chosen: Chosen): Promise<number[]> => {
    const items = (await heldItems(tx, plan.id, chosen)).map(item => item.n)
    if (items.length === 0)
      throw problem('invalid-request', {
        detail:
          'Nothing of what was chosen waits here. What a batch never removes is only let through when its cause or its rows are named.',
      })
    return items
  }

  /** Nobody lets through what they have brought about themselves. */
  const mustBeAnother = async (tx: Tx, run: RunRow, by: By): Promise<void> => {
    if (run.startedBy === by.id)
      throw problem('second-person-needed', {
        detail: 'You started this run. Another person than you must approve what was held back.',
      })
    if (await changedSource(tx, run.id, by.id))
      throw problem('second-person-needed', {
        detail:
          'You changed this source before the run that waits. Another person than you must approve what was held back.',
      })
  }

  const detailOf = (items: number, { hash, reason, causes, rows }: HeldDecision) => ({
    items,
    hash,
    reason: reason ?? null,
    chosen: causes || rows ? `${causes?.length ?? 0} causes, ${rows?.length ?? 0} rows` : 'all',
  })

  return {
    /**
     * Let through what a guard held back: all of it, or the causes and rows that are named. The diff's hash must be the
     * one that was looked at; who started the run or changed the source may not. The chosen items are compared with what
     * is known now: what has been overtaken is put aside, and the rest must be looked at again.
     */
    async approveHeld(runId: string, actor: By, decision: HeldDecision): Promise<RunResult> {
      const late = await db.transaction(async (tx): Promise<Overtaken[]> => {
        const { found, plan } = await heldRun(tx, runId, decision.hash)
        await mustBeAnother(tx, found, actor)
        const items = await chosenItems(tx, plan, decision)
        const gone = await overtaken(tx, plan.id, items)
        if (gone.length > 0) {
          const numbers = gone.map(item => item.n)
          await setAside(tx, plan.id, numbers)
          if (await nothingWaits(tx, plan.id)) await endRun(tx, runId, { state: 'done' })
          const detail = { items: numbers.length }
          await audit?.(tx, { action: 'feed.set-aside', actor, source: found.source, runId, detail })
          return gone
        }
        await decideHeld(tx, plan.id, items, { approve: true, by: actor.id, reason: decision.reason ?? null })
        await reopenRun(tx, runId, worker, found.source)
        const detail = detailOf(items.length, decision)
        await audit?.(tx, { action: 'feed.approve', actor, source: found.source, runId, detail })
        return []
      })
      if (late.length > 0) throw overtakenProblem(late)
      return carryOut(runId)
    },

    /** What was held back is not carried out. A later run that finds the same difference asks again. */
    async rejectHeld(runId: string, actor: By, decision: HeldDecision): Promise<RunResult> {
      return db.transaction(async tx => {
        const { found, plan } = await heldRun(tx, runId, decision.hash)
        const all = !decision.causes && !decision.rows
        const items = all
          ? (
              await tx.query<{ n: number }>(`select n from plan_item where plan_id = $1 and state = 'held'`, [plan.id])
            ).map(row => row.n)
          : await chosenItems(tx, plan, decision)
        const left = await decideHeld(tx, plan.id, items, {
          ...{ approve: false, by: actor.id, reason: decision.reason ?? null },
        })
        if (left === 0) await endRun(tx, runId, { state: 'done' })
        const detail = detailOf(items.length, decision)
        await audit?.(tx, { action: 'feed.reject', actor, source: found.source, runId, detail })
        return resultOf(tx, runId)
      })
    },

    /**
     * A read that the shape guards rejected was right: an institution has closed, a column was given up. Reads that are no
     * worse are let in for seven days; the change guards still weigh what follows from them.
     */
    async acceptShape(runId: string, actor: By, reason: string): Promise<{ until: Date }> {
      return db.transaction(async tx => {
        const run = await readRun(tx, runId)
        const [newer] = await tx.query(
          `select from feed_run r where r.source = $1 and not r.dry_run and r.state not in ('failed', 'running')
             and r.started_at > (select started_at from feed_run where id = $2)`,
          [run.source, runId],
        )
        if (run.state !== 'rejected' || newer)
          throw problem('conflict', {
            detail: 'Only the newest read of a source can be said to be right, and only if its shape was rejected.',
          })
        await mustBeAnother(tx, run, actor)
        const until = await saveException(tx, {
          ...{ source: run.source, runId, verdicts: run.heldBack, reason, by: actor.id, now: clock.now() },
        })
        await audit?.(tx, {
          ...{ action: 'feed.accept-shape', actor, source: run.source, runId },
          detail: { reason, guards: [...new Set(run.heldBack.map(one => one.guard))].join(' ') },
        })
        return { until }
      })
    },

    /** What nobody has decided on in time waits no longer; its run has ended. Returns how many plans. */
    async expireHeld(): Promise<number> {
      return db.transaction(async tx => {
        const expired = await expirePlans(tx, 'feed', clock.now())
        for (const { causeId } of expired) {
          const run = await readRun(tx, causeId)
          if (run.state === 'held') await endRun(tx, causeId, { state: 'done' })
          await audit?.(tx, { action: 'feed.expired', actor: null, source: run.source, runId: causeId, detail: {} })
        }
        return expired.length
      })
    },

    /** A person confirms that records are gone, so that the next complete read need not be the second. */
    async confirmMissing(source: string, kind: RecordKind, keys: string[], actor: By): Promise<number> {
      return db.transaction(async tx => {
        const count = await confirmMissing(tx, source, kind, keys)
        const detail = { kind, count }
        await audit?.(tx, { action: 'feed.confirm-missing', actor, source, runId: null, detail })
        return count
      })
    },
  }
}

async function nothingWaits(tx: Tx, planId: string): Promise<boolean> {
  const [row] = await tx.query<{ some: boolean }>(
    `select exists (select from plan_item where plan_id = $1 and state = 'held') as some`,
    [planId],
  )
  return !row?.some
}

const SAID = {
  changed: 'has changed',
  'came-back': 'has come back',
  'is-there': 'is there already',
  'is-gone': 'is gone',
}

function overtakenProblem(late: readonly Overtaken[]) {
  return problem('plan-stale', {
    detail: `${late.length} of the changes no longer fit: their records have changed since. They are put aside; look at the rest again.`,
    params: { count: late.length },
    errors: late.slice(0, 50).map(({ n, kind, why }) => ({ where: `row ${n}`, what: `The ${kind} ${SAID[why]}` })),
  })
}
