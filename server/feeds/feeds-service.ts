import { readPlan, setPlanState } from '../plans/plan-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { RecordKind, Sink, SinkContext } from '../platform/feed-record.ts'
import { newId } from '../platform/ids.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Log } from '../platform/log.ts'
import { lostGround } from '../platform/lost-ground.ts'
import { isProblem, problem } from '../platform/problem.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import { declaredSources } from './declared-sources.ts'
import type { RunActor, RunResult, RunTrigger } from './feed-run.ts'
import { createHeldDecisions } from './held-service.ts'
import type { SampleEntry, SecretRef, SourceReader, TestStep } from './reader.ts'
import { applyPlan } from './run-apply.ts'
import { compareAndPlan } from './run-compare.ts'
import { type Pulse, startPulse } from './run-pulse.ts'
import { readIntoStage } from './run-read.ts'
import { endRun, holdRun, type RunRow, readRun, resultOf, setPhase, startRun, takeOverRuns } from './run-store.ts'
import { sampleOf } from './sample-source.ts'
import { checkReach, type ScreenLimits } from './screen-limits.ts'
import { authorityOf, type SourceDeclaration } from './source.ts'
import { dueSources, ensureDraft, type LastRead, lastRead, saveSources, stillDue } from './source-store.ts'
import { clearStage } from './stage-store.ts'
import { isDead, nameWorker } from './worker-name.ts'

/** How a command on a run is written into the audit log; wiring.ts gives the audit room's writer. */
export type FeedAudit = (
  tx: Tx,
  entry: {
    action: 'feed.run' | 'feed.approve' | 'feed.reject' | 'feed.confirm-missing'
    actor: RunActor
    source: string
    runId: string | null
    detail: Record<string, string | number | boolean | null>
  },
) => Promise<void>

export type FeedsDeps = {
  db: Db
  sinks: readonly Sink[]
  readers: readonly SourceReader[]
  keyring: Keyring
  clock: Clock
  log: Log
  secretOf(ref: SecretRef, folder: string): string
  audit?: FeedAudit
  /** What sources that are declared on the screen may reach; without it they reach nothing. */
  screen?: ScreenLimits
  /** A worker without a sign of life for so long is taken for dead. */
  leaseSeconds?: number
}

export type RunOptions = {
  dryRun?: boolean
  /** Read by this declaration instead of the one that counts; always a dry run. */
  draft?: SourceDeclaration
  trigger?: RunTrigger
  actor?: RunActor
  signal?: AbortSignal
  /** Told once the source is claimed: whoever started the run can follow it from here. */
  onStart?(runId: string): void
}
export type Feeds = ReturnType<typeof createFeeds>

const NO_SCREEN: ScreenLimits = { dropsDir: null, secretsDir: null, hosts: [], never: [] }
const UNEXPECTED = 'The run stopped on an unexpected error; the log says which.'

/** The one pipeline for everything that comes in: read → compare → plan → guard → apply. */
export function createFeeds(deps: FeedsDeps) {
  const { db, keyring, clock, log } = deps
  const leaseSeconds = deps.leaseSeconds ?? 30
  const worker = nameWorker()
  const sinks = new Map<RecordKind, Sink>(deps.sinks.map(sink => [sink.kind, sink]))
  const readers = new Map(deps.readers.map(reader => [reader.kind, reader]))
  const screen = deps.screen ?? NO_SCREEN
  /** From the database each time: a source that is changed on the screen of one process is changed for all. */
  const declarations = () => db.snapshot(tx => declaredSources(tx, { readers: deps.readers, screen }))

  const sourceOf = async (key: string) => {
    const all = await declarations()
    const found = all.find(candidate => candidate.key === key)
    if (found && 'mistakes' in found)
      throw problem('source-invalid', {
        detail: `The source ${key} is not declared in a way that this version understands: ${found.mistakes.map(one => `${one.at ? `${one.at}: ` : ''}${one.what}`).join(' | ')}`,
      })
    if (found) return readable(found)
    const known = all.map(declaration => declaration.key).join(', ') || 'none'
    throw problem('not-found', { detail: `There is no source "${key}". Declared sources: ${known}.` })
  }
  /** A declaration with its reader; what a source of the screen reaches is looked at each time it is used. */
  const readable = async (source: SourceDeclaration) => {
    const reader = readers.get(source.kind)
    if (!reader) throw problem('source-invalid', { detail: `Nothing here reads sources of kind "${source.kind}".` })
    await checkReach(source, screen)
    return { source, reader }
  }
  const sources = async (): Promise<SourceDeclaration[]> =>
    (await declarations()).filter((one): one is SourceDeclaration => !('mistakes' in one))

  const contextOf = async (run: Pick<RunRow, 'id' | 'source'>, seenAt: Date) => {
    const authority = authorityOf(await sources())
    const now = clock.now()
    const today = clock.today()
    return (tx: Tx): SinkContext => ({
      tx,
      source: run.source,
      runId: run.id,
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
      const held = plan?.heldHash !== null && plan?.decidedBy === null
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
      log[code === 'unexpected' ? 'error' : 'warn'](
        { runId, code, err: code === 'unexpected' ? String((error as Error)?.stack ?? error) : detail },
        'a run failed',
      )
      await beat.stop()
      const ended = db.transaction(async tx => {
        await holdRun(tx, runId, worker)
        await clearStage(tx, runId)
        await endRun(tx, runId, { state: 'failed', error: { code, detail } })
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

  const run = async (sourceKey: string, options: RunOptions = {}): Promise<RunResult> => {
    const { trigger = 'manual', actor = null, draft } = options
    const { source, reader } = await (draft ? readable(draft) : sourceOf(sourceKey))
    const dryRun = draft !== undefined || (options.dryRun ?? false)
    await resume(sourceKey)
    const runId = newId()
    await db.transaction(async tx => {
      if (trigger === 'schedule' && !(await stillDue(tx, sourceKey, clock.now())))
        throw problem('run-in-progress', { detail: `The source ${sourceKey} has just been read by another process.` })
      if (draft) await ensureDraft(tx, draft)
      await startRun(tx, { id: runId, source: sourceKey, trigger, dryRun, startedBy: actor?.id ?? null, worker })
      await deps.audit?.(tx, { action: 'feed.run', actor, source: sourceKey, runId, detail: { dryRun, trigger } })
    })
    options.onStart?.(runId)
    return guarded(runId, async beat => {
      const seenAt = (await reader.seenAt(source)) ?? clock.now()
      const expected = await db.snapshot(async tx => expectedSize(await lastRead(tx, sourceKey)))
      const read = await readIntoStage({
        db,
        runId,
        source,
        reader,
        sinks,
        keyring,
        context: { secretOf: deps.secretOf, signal: options.signal ?? new AbortController().signal },
        onProgress: done => beat.note({ phase: 'read', done, total: expected }),
      })
      const outcome = await db.transaction(async tx => {
        await holdRun(tx, runId, worker)
        await setPhase(tx, runId, 'compare', seenAt)
        return compareAndPlan(tx, {
          runId,
          source,
          kinds: reader.kinds(source),
          read,
          dryRun,
          startedBy: actor?.id ?? null,
          now: clock.now(),
          seenAt,
        })
      })
      if (outcome.rejected || dryRun) {
        await beat.stop()
        await db.transaction(tx => endRun(tx, runId, { state: outcome.rejected ? 'rejected' : 'done' }))
      } else await finish(runId, beat)
    })
  }

  /**
   * Go on with runs that a dead process left: what was being applied is applied to its end; a read begins anew, so
   * its run ends as failed. Returns the runs that were taken over.
   */
  const resume = async (source?: string): Promise<RunResult[]> => {
    const taken = await db.transaction(tx =>
      takeOverRuns(tx, worker, { leaseSeconds, isDead, ...(source ? { source } : {}) }),
    )
    const results: RunResult[] = []
    for (const { id, phase } of taken) {
      log.info({ runId: id, phase }, 'a run that was interrupted is taken over')
      results.push(
        await guarded(id, async beat => {
          if (phase !== 'apply' && phase !== 'after')
            throw problem('source-incomplete', {
              detail: 'The process was stopped while it read; the next run reads anew.',
            })
          await finish(id, beat)
        }),
      )
    }
    return results
  }

  return {
    worker,
    run,
    resume,

    /** Declarations from the sources file; what the screen has declared stands beside them. */
    async syncSources(declared: readonly SourceDeclaration[]): Promise<void> {
      await db.transaction(tx => saveSources(tx, declared))
    },
    /** All that are declared, by the file or on the screen; without those that this version does not understand. */
    sources,

    /** Try a source, or a declaration that is not saved, step by step. */
    async test(tried: string | SourceDeclaration): Promise<TestStep[]> {
      const { source, reader } = await (typeof tried === 'string' ? sourceOf(tried) : readable(tried))
      return reader.test(source, { secretOf: deps.secretOf, signal: new AbortController().signal })
    },

    /** The first entries of a source, or of a declaration that is not saved, before and after mapping. */
    async sample(tried: string | SourceDeclaration, count = 10): Promise<SampleEntry[]> {
      const { source, reader } = await (typeof tried === 'string' ? sourceOf(tried) : readable(tried))
      const context = { secretOf: deps.secretOf, signal: new AbortController().signal }
      return sampleOf(reader, source, context, { count, sinks })
    },

    ...createHeldDecisions({
      db,
      worker,
      audit: deps.audit,
      carryOut: runId => guarded(runId, beat => finish(runId, beat)),
    }),

    /** Sources that the clock says to read now; for the job that runs each minute. */
    due: (): Promise<string[]> => db.snapshot(tx => dueSources(tx, clock.now())),
  }
}

/** How many records the last read had: what progress is measured against; null the first time. */
function expectedSize({ shape }: LastRead): number | null {
  if (!shape) return null
  return Object.values(shape).reduce((sum, kind) => sum + kind.read + kind.rejected, 0)
}
