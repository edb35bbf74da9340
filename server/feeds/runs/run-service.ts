import { say } from '#contract/said.ts'
import { readPlan, setPlanState } from '../../plans/plan-store.ts'
import type { SinkContext } from '../../platform/feed-record.ts'
import { newId } from '../../platform/ids.ts'
import { lostGround, sayLostGround } from '../../platform/lost-ground.ts'
import { isProblem, problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Reading } from '../reading/reader.ts'
import { authorityOf, type SourceDeclaration } from '../sources/source.ts'
import type { Lookup } from '../sources/source-lookup.ts'
import { ensureDraft, stillDue } from '../sources/source-store.ts'
import { standingOf } from './change-store.ts'
import { whyOf } from './decide-end.ts'
import type { RunActor, RunResult, RunTrigger } from './feed-run.ts'
import { decideMode, type ReadMode } from './read-mode.ts'
import { applyPlan } from './run-apply.ts'
import type { FeedsDeps } from './run-deps.ts'
import { type Pulse, startPulse } from './run-pulse.ts'
import { createReading, type RunAbout, tellsChanges } from './run-reading.ts'
import {
  endRun,
  holdRun,
  noteRead,
  type RunRow,
  readRun,
  resultOf,
  setMode,
  startRun,
  takeOverRuns,
} from './run-store.ts'
import { clearStage } from './stage-store.ts'
import { isDead, nameWorker } from './worker-name.ts'

export type RunOptions = {
  dryRun?: boolean
  /** Read by this declaration instead of the one that counts; always a dry run. */
  draft?: SourceDeclaration
  trigger?: RunTrigger
  /** Without it the clock reads changes where it can, and a run by hand reads everything. */
  mode?: ReadMode
  actor?: RunActor
  signal?: AbortSignal
  /** A dry run in which this announcement counts as if it were approved; what it meets of it is kept with it. */
  announcement?: string
  /** Files taken from the folder that the source watches, instead of what its declaration names. */
  reading?: Reading
  /** Told once the source is claimed: whoever started the run can follow it from here. */
  onStart?(runId: string): void
}
const UNEXPECTED = 'The run stopped on an unexpected error; the log says which.'

/** What carries one run through the pipeline: read → compare → plan → guard → apply, to its end in its row. */
export function createRuns(deps: FeedsDeps, lookup: Lookup) {
  const { db, keyring, clock, log } = deps
  const { sources, sourceOf, readable } = lookup
  const leaseSeconds = deps.leaseSeconds ?? 30
  const worker = nameWorker()

  const contextOf = async (run: Pick<RunRow, 'id' | 'source' | 'mode'>, seenAt: Date) => {
    const authority = authorityOf(await sources())
    const now = clock.now()
    const today = clock.today()
    return (tx: Tx): SinkContext => ({
      tx,
      source: run.source,
      runId: run.id,
      mode: run.mode,
      today,
      now,
      seenAt,
      authority,
      keyring,
    })
  }

  /** Apply what is planned and end the run. */
  const finish = async (runId: string, beat: Pulse) => {
    const run = await db.snapshot(tx => readRun(tx, runId))
    await applyPlan({
      db,
      runId,
      worker,
      planId: run.planId,
      sinks: deps.sinks,
      context: await contextOf(run, run.seenAt ?? clock.now()),
      onProgress: beat.note,
    })
    await beat.stop()
    await db.transaction(async tx => {
      await holdRun(tx, runId, worker)
      const plan = run.planId ? await readPlan(tx, run.planId) : null
      const held = plan !== null && plan.heldHash !== null
      if (plan) await setPlanState(tx, plan.id, held ? 'held' : 'applied')
      await endRun(tx, runId, { state: held ? 'held' : 'done' })
    })
  }

  /** Whatever happens after a run has begun ends in its row: it is what people look at. */
  const guarded = async (runId: string, work: (beat: Pulse) => Promise<void>): Promise<RunResult> => {
    const beat = startPulse(deps, { runId, worker, leaseSeconds })
    try {
      await work(beat)
    } catch (error) {
      const lost = lostGround(error)
      const code = isProblem(error) ? error.problem : lost ? 'database-unavailable' : 'unexpected'
      const detail = isProblem(error) ? error.message : (lost ?? UNEXPECTED)
      if (code === 'conflict') throw error
      const saidOfGround = isProblem(error) ? {} : { said: sayLostGround(error) ?? say('unforeseen', {}) }
      log[code === 'unexpected' ? 'error' : 'warn'](
        { runId, code, err: code === 'unexpected' ? String((error as Error)?.stack ?? error) : detail },
        'a run failed',
      )
      await beat.stop()
      const ended = db.transaction(async tx => {
        await holdRun(tx, runId, worker)
        await clearStage(tx, runId)
        await endRun(tx, runId, { state: 'failed', error: { code, detail, ...saidOfGround, ...whyOf(code, error) } })
      })
      // A full disk takes the database with it: what is said then is why, not that nothing could be written.
      await ended.catch(after => {
        throw lost && lostGround(after) ? problem('database-unavailable', { detail: lost, cause: error }) : after
      })
    } finally {
      await beat.stop()
    }
    return db.snapshot(tx => resultOf(tx, runId))
  }

  const { readEverything, readOnlyChanges } = createReading(deps, { worker, finish })

  const runOnce = async (sourceKey: string, options: RunOptions = {}): Promise<RunResult> => {
    const { trigger = 'manual', actor = null, draft } = options
    const { source, reader } = options.reading ?? (await (draft ? readable(draft) : sourceOf(sourceKey)))
    const dryRun = draft !== undefined || options.announcement !== undefined || (options.dryRun ?? false)
    await resume(sourceKey)
    const runId = newId()
    const wanted = options.mode ?? (trigger === 'schedule' ? 'changes' : 'full')
    const { mode, because, state } = await db.transaction(async tx => {
      // What was taken from a folder is in our hands already: nobody else reads it.
      if (trigger === 'schedule' && !options.reading && !(await stillDue(tx, sourceKey, clock.now())))
        throw problem('run-in-progress', { detail: `The source ${sourceKey} has just been read by another process.` })
      if (draft) await ensureDraft(tx, draft)
      await startRun(tx, { id: runId, source: sourceKey, trigger, dryRun, startedBy: actor?.id ?? null, worker })
      const standing = await standingOf(tx, sourceKey)
      const decided = options.reading?.onlyChanges
        ? { mode: 'changes' as const, because: null }
        : decideMode({
            canTell: reader.changes !== undefined && !dryRun,
            ...{ wanted, standing, fullEverySeconds: source.fullEverySeconds, now: clock.now() },
          })
      await setMode(tx, runId, decided.mode, decided.because)
      // The clock asks for changes once or twice a minute: that is on record where it finds some.
      if (trigger !== 'schedule' || decided.mode === 'full')
        await deps.audit?.(tx, {
          action: 'feed.run',
          actor,
          source: sourceKey,
          runId,
          detail: { dryRun, trigger, ...(draft ? { draft: true } : {}) },
        })
      return { ...decided, state: standing.state }
    })
    options.onStart?.(runId)
    const about: RunAbout = {
      ...{ runId, source, dryRun, trigger, actor },
      ...(options.reading?.onlyChanges ? { reader: tellsChanges(reader), state: {} } : { reader, state }),
      ...{ signal: options.signal, announcement: options.announcement, notes: [] },
    }
    return guarded(runId, async beat => {
      try {
        if (mode === 'changes') {
          const done = await readOnlyChanges(about, beat)
          if (done) return
        } else log.debug({ runId, because }, 'everything is read')
        await readEverything(about, beat)
      } finally {
        if (about.notes.length > 0) await db.transaction(tx => noteRead(tx, runId, about.notes))
      }
    })
  }

  /**
   * Go on with runs that a dead process left: what was being applied is applied to its end; a read begins anew, so
   * its run ends as failed. Returns the runs that were taken over.
   */
  const resume = async (source?: string): Promise<RunResult[]> => {
    const taken = await db.transaction(async tx => {
      const runs = await takeOverRuns(tx, worker, { leaseSeconds, isDead, ...(source ? { source } : {}) })
      for (const run of runs)
        await deps.audit?.(tx, {
          action: 'feed.taken-over',
          actor: null,
          source: run.source,
          runId: run.id,
          detail: { phase: run.phase },
        })
      return runs
    })
    const results: RunResult[] = []
    for (const { id, phase } of taken) {
      log.info({ runId: id, phase }, 'a run that was interrupted is taken over')
      results.push(
        await guarded(id, async beat => {
          if (phase !== 'apply' && phase !== 'after')
            throw problem('source-incomplete', {
              detail: 'The process was stopped while it read; the next run reads anew.',
              said: say('process-stopped', {}),
            })
          await finish(id, beat)
        }),
      )
    }
    return results
  }

  return {
    worker,
    runOnce,
    resume,
    /** Apply what a person has let through. */
    carryOut: (runId: string): Promise<RunResult> => guarded(runId, beat => finish(runId, beat)),
  }
}
