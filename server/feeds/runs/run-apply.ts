import { markApplied, markBatchApplied, nextItems, planSize, stageBatch } from '../../plans/plan-store.ts'
import { RECORD_KINDS, type Sink, type SinkContext } from '../../platform/feed-record.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Progress } from './feed-run.ts'
import { recordApplied, recordBatch } from './record-store.ts'
import { holdRun, setPhase } from './run-store.ts'

const BATCH = 2000
/** As it is stored, compressed: some ten times as much once it is text in this process. */
const BATCH_BYTES = 2_000_000
/** In the database alone: what a batch costs beside its rows is then most of it. */
const STORED_BATCH = 20_000
/** From here on a plan changes the tables so much that the planner must be told: autovacuum comes a minute too late. */
const MANY = 2000

type StoredSink = Extract<Sink, { applyStored: unknown }>
type AppliedSink = Exclude<Sink, StoredSink>

export type ApplyOptions = {
  db: Db
  runId: string
  worker: string
  planId: string | null
  sinks: readonly Sink[]
  context(tx: Tx): SinkContext
  onProgress(progress: Progress): void
}

/**
 * Carry out what is planned, kind by kind in the order of RECORD_KINDS, a transaction per batch. Each item carries its
 * own state, so that after a kill this goes on where it stopped; settle and after are asked to stand repetition.
 */
export async function applyPlan(options: ApplyOptions): Promise<void> {
  const { db, runId, worker, planId } = options
  const ordered = RECORD_KINDS.flatMap(kind => options.sinks.find(sink => sink.kind === kind) ?? [])
  const size = planId ? await db.snapshot(tx => planSize(tx, planId)) : { applied: 0, total: 0 }
  if (planId && size.total > 0) {
    let done = size.applied
    for (const sink of ordered) {
      const before = done
      for (let more = true; more; ) {
        const last = await db.transaction(async tx => {
          await holdRun(tx, runId, worker)
          return sink.apply ? applyBatch(tx, options, sink, planId) : applyStored(tx, options, sink, planId)
        })
        more = last.more
        done += last.count
        options.onProgress({ phase: 'apply', done, total: size.total })
      }
      if (sink.settle)
        await db.transaction(async tx => {
          await holdRun(tx, runId, worker)
          if (done - before >= MANY) await tx.query('analyze source_record')
          await sink.settle?.(options.context(tx))
        })
    }
  }
  if (size.total - size.applied >= MANY) await db.transaction(tx => tx.query('analyze'))
  await db.transaction(async tx => {
    await holdRun(tx, runId, worker)
    await setPhase(tx, runId, 'after')
  })
  options.onProgress({ phase: 'after', done: 0, total: null })
  await db.transaction(async tx => {
    await holdRun(tx, runId, worker)
    for (const sink of ordered) await sink.after?.(options.context(tx))
  })
}

type Batch = { count: number; more: boolean }

async function applyStored(tx: Tx, options: ApplyOptions, sink: StoredSink, planId: string): Promise<Batch> {
  const count = await stageBatch(tx, planId, sink.kind, STORED_BATCH)
  if (count === 0) return { count, more: false }
  const context = options.context(tx)
  const answer = await sink.applyStored(context)
  const { source, now } = context
  await recordBatch(tx, { source, kind: sink.kind, runId: options.runId, now, answer })
  await markBatchApplied(tx, planId)
  return { count, more: count === STORED_BATCH }
}

async function applyBatch(tx: Tx, options: ApplyOptions, sink: AppliedSink, planId: string): Promise<Batch> {
  const { items, more } = await nextItems(tx, planId, sink.kind, { limit: BATCH, bytes: BATCH_BYTES })
  if (items.length === 0) return { count: 0, more: false }
  const context = options.context(tx)
  const applied = await sink.apply(
    context,
    items.map(({ key, op, before, after, subjectId }) => ({ key, op, before, after, subjectId })),
  )
  await recordApplied(tx, {
    source: context.source,
    planId,
    runId: options.runId,
    now: context.now,
    items,
    applied,
  })
  await markApplied(
    tx,
    planId,
    items.map(item => item.n),
  )
  return { count: items.length, more }
}
