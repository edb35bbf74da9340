import type { RecordKind, Sink } from '../platform/feed-record.ts'
import { isProblem, problem } from '../platform/problem.ts'
import { createDrops } from './drops/drop-service.ts'
import { createHeldDecisions } from './guards/held-service.ts'
import type { SampleEntry, TestStep } from './reading/reader.ts'
import { removeIdleRuns, someQuickerThan } from './runs/change-store.ts'
import type { RunResult } from './runs/feed-run.ts'
import type { FeedsDeps } from './runs/run-deps.ts'
import { createRuns, type RunOptions } from './runs/run-service.ts'
import { sampleOf } from './sources/sample-source.ts'
import { checkReach, type ScreenLimits } from './sources/screen-limits.ts'
import type { SourceDeclaration } from './sources/source.ts'
import { createLookup } from './sources/source-lookup.ts'
import { dueSources, removeOldDrafts, saveSources } from './sources/source-store.ts'

export type Feeds = ReturnType<typeof createFeeds>

const NO_SCREEN: ScreenLimits = { dropsDir: null, secretsDir: null, hosts: [], never: [] }

/** The one pipeline for everything that comes in, and what else people and the clock ask of sources. */
export function createFeeds(deps: FeedsDeps) {
  const { db, clock, log } = deps
  const sinks = new Map<RecordKind, Sink>(deps.sinks.map(sink => [sink.kind, sink]))
  const readers = new Map(deps.readers.map(reader => [reader.kind, reader]))
  const screen = deps.screen ?? NO_SCREEN
  const lookup = createLookup({ db, readers: deps.readers, screen })
  const { sources, sourceOf, readable } = lookup
  const { worker, runOnce, resume, carryOut } = createRuns(deps, lookup)
  const drops = createDrops({
    ...{ db, clock, log },
    run: runOnce,
    resume,
    ...(deps.settleMs === undefined ? {} : { settleMs: deps.settleMs }),
  })

  /**
   * Read a source. Of one that watches a folder, a person's run takes what waits there, or reads again what stands; a dry
   * run looks at the waiting files where they are.
   */
  const run = async (sourceKey: string, options: RunOptions = {}): Promise<RunResult> => {
    const { source, reader } = await (options.draft ? readable(options.draft) : sourceOf(sourceKey))
    if (!reader.watched?.(source)) return runOnce(sourceKey, options)
    if (options.dryRun || options.draft || options.announcement !== undefined) {
      const reading = await drops.peek(source, reader)
      return runOnce(sourceKey, { ...options, ...(reading ? { reading } : {}) })
    }
    const { trigger = 'manual', actor = null, onStart, signal } = options
    const how = { trigger, actor, ...(onStart ? { onStart } : {}), ...(signal ? { signal } : {}) }
    const taken = await drops.take(source, reader, { ...how, wait: true })
    if (taken === null)
      throw problem('run-in-progress', { detail: `The folder of ${sourceKey} is being emptied by another process.` })
    const last = taken.at(-1)
    if (last) return last
    const reading = await drops.standing(source, reader)
    return runOnce(sourceKey, { ...options, ...(reading ? { reading } : {}) })
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

    /** Sources that watch a folder, with what they watch. */
    async watched() {
      return (await sources()).flatMap(source => {
        const watched = readers.get(source.kind)?.watched?.(source)
        return watched ? [{ key: source.key, name: source.name, watched }] : []
      })
    },

    /** Delete dropped files whose time is up, in every watched folder that can be worked in. */
    async tidyDrops(): Promise<number> {
      let removed = 0
      for (const source of await sources()) {
        const reader = readers.get(source.kind)
        if (!reader?.watched?.(source)) continue
        try {
          await checkReach(source, screen)
          removed += (await drops.tidy(source, reader)) ?? 0
        } catch (error) {
          log.warn({ source: source.key, err: String(error) }, 'dropped files could not be deleted')
        }
      }
      return removed
    },

    /** Look into every watched folder once, and take what is ready. What goes wrong with one keeps none of the others. */
    async takeDrops(): Promise<RunResult[]> {
      const results: RunResult[] = []
      for (const source of await sources()) {
        const reader = readers.get(source.kind)
        if (!reader?.watched?.(source)) continue
        try {
          await checkReach(source, screen)
          results.push(...((await drops.take(source, reader, { trigger: 'schedule' })) ?? []))
        } catch (error) {
          const busy = isProblem(error) && (error.problem === 'run-in-progress' || error.problem === 'conflict')
          if (!busy)
            log.error(
              { source: source.key, err: String((error as Error)?.stack ?? error) },
              'a folder could not be looked into',
            )
        }
      }
      return results
    },

    /** A dry run over one file by a declaration that need not be saved: what would it change? `path` as in the declaration. */
    async tryFile(
      declared: SourceDeclaration,
      file: { name: string; path: string },
      options: Pick<RunOptions, 'actor' | 'onStart'>,
    ): Promise<RunResult> {
      const { source, reader } = await readable(declared)
      const taken = { pattern: '*', name: file.name, path: file.path, before: false }
      if (!reader.ofFiles) throw problem('source-invalid', { detail: `${source.key} is not read from files.` })
      const reading = { source: reader.ofFiles(source, [taken]), reader, onlyChanges: false, files: [taken] }
      return runOnce(source.key, { ...options, draft: source, trigger: 'manual', reading })
    },

    /** Try a source, or a declaration that is not saved, step by step. */
    async test(tried: string | SourceDeclaration): Promise<TestStep[]> {
      const { source, reader } = await (typeof tried === 'string' ? sourceOf(tried) : readable(tried))
      const context = { secretOf: deps.secretOf, signal: new AbortController().signal }
      const ofFolder = await drops.test(source, reader, reading => reader.test(reading.source, context))
      return ofFolder ?? reader.test(source, context)
    },

    /** The first entries of a source, or of a declaration that is not saved, before and after mapping. */
    async sample(tried: string | SourceDeclaration, count = 10): Promise<SampleEntry[]> {
      const { source, reader } = await (typeof tried === 'string' ? sourceOf(tried) : readable(tried))
      const context = { secretOf: deps.secretOf, signal: new AbortController().signal }
      const reading = await drops.peek(source, reader)
      return sampleOf(reader, reading?.source ?? source, context, { count, sinks })
    },

    ...createHeldDecisions({
      db,
      worker,
      clock,
      audit: deps.audit,
      carryOut,
    }),

    /** Declarations that were tried a day ago and never saved, with what their dry runs found. */
    removeOldDrafts: (): Promise<number> =>
      db.transaction(tx => removeOldDrafts(tx, new Date(clock.now().getTime() - 86_400_000))),

    /** Does the clock read some source more often than each so many seconds? */
    someQuickerThan: (seconds: number): Promise<boolean> => db.snapshot(tx => someQuickerThan(tx, seconds)),

    /** Runs that found no change: a day is long enough to look at them. Answers how many there were. */
    removeIdleRuns: (): Promise<number> =>
      db.transaction(tx => removeIdleRuns(tx, new Date(clock.now().getTime() - 86_400_000))),

    /** Sources that the clock says to read now; for the job that runs each minute. */
    async due(): Promise<string[]> {
      const due = await db.snapshot(tx => dueSources(tx, clock.now()))
      if (due.length === 0) return due
      // A watched folder is looked into each minute; its rhythm is that of whoever drops the files.
      const watching = (await sources()).filter(source => readers.get(source.kind)?.watched?.(source))
      return due.filter(key => !watching.some(source => source.key === key))
    },
  }
}
