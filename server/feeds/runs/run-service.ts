import { say } from '#contract/said.ts'
import { readPlan, setPlanState } from '../../plans/plan-store.ts'
import type { Clock } from '../../platform/clock.ts'
import { canonicalDn, dnKey } from '../../platform/dn.ts'
import type { Json, RecordKind, Sink, SinkContext } from '../../platform/feed-record.ts'
import { newId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Log } from '../../platform/log.ts'
import { lostGround, sayLostGround } from '../../platform/lost-ground.ts'
import { isProblem, problem } from '../../platform/problem.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { NeverInBatch } from '../guards/weigh-plan.ts'
import type { Reading, ReadNote, SecretRef, SourceReader } from '../reading/reader.ts'
import type { ScreenLimits } from '../sources/screen-limits.ts'
import { authorityOf, type SourceDeclaration } from '../sources/source.ts'
import type { Lookup } from '../sources/source-lookup.ts'
import { ensureDraft, type LastRead, lastRead, stillDue } from '../sources/source-store.ts'
import { noteFullState, standingOf, unitsManagedBy } from './change-store.ts'
import { compareChanges } from './compare-changes.ts'
import { whyOf } from './decide-end.ts'
import type { FeedAudit } from './feed-audit.ts'
import type { RunActor, RunResult, RunTrigger } from './feed-run.ts'
import { decideMode, type ReadMode } from './read-mode.ts'
import { applyPlan } from './run-apply.ts'
import { compareAndPlan } from './run-compare.ts'
import { type Pulse, startPulse } from './run-pulse.ts'
import { type ReadOutcome, readIntoStage } from './run-read.ts'
import {
  endRun,
  holdRun,
  noteRead,
  type RunRow,
  readRun,
  resultOf,
  setMode,
  setPhase,
  startRun,
  takeOverRuns,
} from './run-store.ts'
import { clearStage, forgetRead, type Merging } from './stage-store.ts'
import { isDead, nameWorker } from './worker-name.ts'

export type FeedsDeps = {
  db: Db
  sinks: readonly Sink[]
  readers: readonly SourceReader[]
  keyring: Keyring
  clock: Clock
  log: Log
  secretOf(ref: SecretRef, folder: string): string
  audit?: FeedAudit
  /** Rooms above that know of changes which no batch may carry out. */
  neverInBatch?: readonly NeverInBatch[]
  /** What sources that are declared on the screen may reach; without it they reach nothing. */
  screen?: ScreenLimits
  /** A worker without a sign of life for so long is taken for dead. */
  leaseSeconds?: number
  /** Records of a source that are held in memory by key and hash while it is read; of a larger one the database compares. */
  mostKnown?: number
  /** A file in a watched folder must look the same for so long before it is taken for whole. */
  settleMs?: number
}

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
  const sinks = new Map<RecordKind, Sink>(deps.sinks.map(sink => [sink.kind, sink]))

  const merging: Merging = new Map(deps.sinks.flatMap(sink => (sink.merge ? [[sink.kind, sink.merge]] : [])))

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

  type RunAbout = {
    runId: string
    source: SourceDeclaration
    reader: SourceReader
    dryRun: boolean
    trigger: RunTrigger
    actor: RunActor
    /** Where reading of changes would go on. */
    state: Json | null
    signal: AbortSignal | undefined
    announcement: string | undefined
    notes: ReadNote[]
  }

  const readContext = (about: RunAbout) => ({
    secretOf: deps.secretOf,
    signal: about.signal ?? new AbortController().signal,
    lastState: about.state,
    note: (note: ReadNote) => {
      // A run that reads changes first and everything then would say it twice.
      const said = JSON.stringify(note)
      if (!about.notes.some(one => JSON.stringify(one) === said)) about.notes.push(note)
    },
  })

  const readEverything = async (about: RunAbout, beat: Pulse): Promise<void> => {
    const { runId, source, reader, dryRun, actor } = about
    const seenAt = (await reader.seenAt(source)) ?? clock.now()
    const expected = await db.snapshot(async tx => expectedSize(await lastRead(tx, source.key)))
    let state: Json | null = null
    const read = await readIntoStage({
      db,
      runId,
      source,
      reader,
      sinks,
      keyring,
      mostKnown: deps.mostKnown,
      context: {
        ...readContext(about),
        ...(dryRun
          ? {}
          : {
              keepState: kept => {
                state = kept
              },
            }),
      },
      onProgress: done => beat.note({ phase: 'read', done, total: expected }),
    })
    const outcome = await db.transaction(async tx => {
      await holdRun(tx, runId, worker)
      await setPhase(tx, runId, 'compare', seenAt)
      const compared = await compareAndPlan(tx, {
        runId,
        source,
        kinds: reader.kinds(source),
        read,
        dryRun,
        startedBy: actor?.id ?? null,
        now: clock.now(),
        seenAt,
        neverInBatch: deps.neverInBatch,
        merging,
        announcement: about.announcement,
      })
      if (!compared.rejected && !dryRun) await noteFullState(tx, source.key, runId, state)
      return compared
    })
    if (!outcome.rejected) for (const one of outcome.gained) about.notes.push({ note: 'more-is-read', ...one })
    if (outcome.rejected || dryRun) {
      await beat.stop()
      await db.transaction(tx => endRun(tx, runId, { state: outcome.rejected ? 'rejected' : 'done' }))
    } else await finish(runId, beat)
  }

  /** False where reading changes would leave something out: nothing has been taken in then, and the run says why. */
  const readOnlyChanges = async (about: RunAbout, beat: Pulse): Promise<boolean> => {
    const { runId, source, reader, trigger, actor, state } = about
    if (!reader.changes || state === null) return false
    const seenAt = clock.now()
    const holdersOf = (keys: readonly string[], dns: readonly string[]) =>
      keys.length + dns.length === 0 ? Promise.resolve([]) : db.snapshot(tx => holders(tx, source.key, keys, dns))
    let read: ReadOutcome
    try {
      read = await readIntoStage({
        db,
        runId,
        source,
        reader,
        sinks,
        keyring,
        context: readContext(about),
        changes: reader.changes(source, { ...readContext(about), holdersOf }, state),
        onProgress: done => beat.note({ phase: 'read', done, total: null }),
      })
    } catch (error) {
      if (!isProblem(error) || error.problem !== 'source-state-lost') throw error
      const because = String(error.info.params?.why ?? 'unreadable')
      log.info({ runId, because }, 'changes cannot be told from here; everything is read')
      await db.transaction(async tx => {
        await holdRun(tx, runId, worker)
        await forgetRead(tx, runId)
        await setMode(tx, runId, 'full', because)
        if (trigger === 'schedule')
          await deps.audit?.(tx, {
            ...{ action: 'feed.run', actor, source: source.key, runId },
            detail: { dryRun: false, trigger, because },
          })
      })
      return false
    }
    const next = read.state
    if (next === null) throw new Error(`The reader of ${source.key} ended a list of changes without a state`)
    const planned = await db.transaction(async tx => {
      await holdRun(tx, runId, worker)
      await setPhase(tx, runId, 'compare', seenAt)
      const some = await compareChanges(tx, {
        ...{ runId, source, kinds: reader.kinds(source), read, state: next },
        ...{ startedBy: actor?.id ?? null, now: clock.now(), neverInBatch: deps.neverInBatch ?? [] },
      })
      if (some && trigger === 'schedule')
        await deps.audit?.(tx, {
          ...{ action: 'feed.run', actor, source: source.key, runId },
          detail: { dryRun: false, trigger },
        })
      if (!some) await endRun(tx, runId, { state: 'done' })
      return some
    })
    if (planned) await finish(runId, beat)
    return true
  }

  const holders = async (tx: Tx, source: string, keys: readonly string[], dns: readonly string[]) => {
    const found = new Set(await unitsManagedBy(tx, source, keys))
    const names = dns.map(dn => dnKey(canonicalDn(dn)))
    for (const sink of deps.sinks)
      for (const key of (await sink.holders?.(tx, source, keys, names)) ?? []) found.add(key)
    return [...found]
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

/** How many records the last read had: what progress is measured against; null the first time. */
function expectedSize({ shape }: LastRead): number | null {
  if (!shape) return null
  return Object.values(shape).reduce((sum, kind) => sum + kind.read + kind.rejected, 0)
}

/** A reader whose files name changes only: each record is one, and there is nothing to go on from. */
function tellsChanges(reader: SourceReader): SourceReader {
  return {
    ...reader,
    async *changes(source, context) {
      for await (const items of reader.read(source, context)) yield { items }
      yield { items: [], state: {} }
    },
  }
}
