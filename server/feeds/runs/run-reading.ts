import { canonicalDn, dnKey } from '../../platform/dn.ts'
import type { Json, RecordKind, Sink } from '../../platform/feed-record.ts'
import { isProblem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { pseudonymsUnder } from '../reading/pseudonym.ts'
import { pseudonymSecret } from '../reading/pseudonym-store.ts'
import type { ChangeItem, ReadNote, SourceReader } from '../reading/reader.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { type LastRead, lastRead } from '../sources/source-store.ts'
import { noteFullState, unitsManagedBy } from './change-store.ts'
import { compareChanges } from './compare-changes.ts'
import type { RunActor, RunTrigger } from './feed-run.ts'
import { compareAndPlan } from './run-compare.ts'
import type { FeedsDeps } from './run-deps.ts'
import type { Pulse } from './run-pulse.ts'
import { type ReadOutcome, readIntoStage } from './run-read.ts'
import { endRun, holdRun, setMode, setPhase } from './run-store.ts'
import { forgetRead, type Merging } from './stage-store.ts'

export type RunAbout = {
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

/** The two ways to read: everything, or what has changed. Each reads, compares, plans, and hands over to `finish`. */
export function createReading(
  deps: FeedsDeps,
  parts: {
    worker: string
    /** Apply what is planned and end the run. */
    finish(runId: string, beat: Pulse): Promise<void>
  },
) {
  const { db, keyring, clock, log } = deps
  const { worker, finish } = parts
  const sinks = new Map<RecordKind, Sink>(deps.sinks.map(sink => [sink.kind, sink]))
  const merging: Merging = new Map(deps.sinks.flatMap(sink => (sink.merge ? [[sink.kind, sink.merge]] : [])))

  const readContext = (about: RunAbout) => ({
    secretOf: deps.secretOf,
    pseudonyms: async () => pseudonymsUnder(await pseudonymSecret(db, keyring)),
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

  return { readEverything, readOnlyChanges }
}

/** How many records the last read had: what progress is measured against; null the first time. */
function expectedSize({ shape }: LastRead): number | null {
  if (!shape) return null
  return Object.values(shape).reduce((sum, kind) => sum + kind.read + kind.rejected, 0)
}

/** A reader whose files name changes only: each record is one, and there is nothing to go on from. */
export function tellsChanges(reader: SourceReader): SourceReader {
  return {
    ...reader,
    async *changes(source, context) {
      const gone: ChangeItem[] = []
      for await (const items of reader.read(source, { ...context, gone: one => gone.push(one) })) yield { items }
      yield { items: gone, state: {} }
    },
  }
}
