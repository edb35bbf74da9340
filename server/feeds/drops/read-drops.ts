import { join } from 'node:path'
import { say } from '#contract/said.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Reading, SourceReader } from '../reading/reader.ts'
import type { RunActor, RunResult, RunTrigger } from '../runs/feed-run.ts'
import type { Claims } from './claim-drops.ts'
import { isOlder } from './decide-drops.ts'
import { ARCHIVE, exists, IN_HAND, moveFile } from './drop-folder.ts'
import { type DropPlace, readingOf, takenFile } from './drop-reading.ts'
import type { Drop } from './drop-store.ts'
import * as store from './drop-store.ts'
import { type PutAway, stamp } from './put-away.ts'

export type TakeOptions = { trigger: RunTrigger; actor?: RunActor; signal?: AbortSignal; onStart?(runId: string): void }
export type ReadDeps = {
  db: Db
  clock: Clock
  run(source: string, options: TakeOptions & { reading: Reading }): Promise<RunResult>
  /** End what a dead process has left of runs of the source. */
  resume(source: string): Promise<unknown>
}

/** A file that fails so often without being at fault itself is set aside, so that those behind it are not kept waiting. */
const MOST_ATTEMPTS = 3
/** A file in whose reading the process has died so often may be why. */
const MOST_DEATHS = 10
/** Ends of a run that are the file's own fault. */
const FILE_FAULTS = new Set(['source-invalid', 'source-incomplete'])

/**
 * Files in our hands, read by a run of the one pipeline together with the standing files of the other sorts, and then
 * put where the run says.
 */
export function createDropReads(deps: ReadDeps, { inHand }: Claims, { conclude, archive, setAside }: PutAway) {
  const { db, clock } = deps

  /** What need not be read: the same file again, or one older than what has been read. */
  const worthReading = async (place: DropPlace, drop: Drop): Promise<boolean> => {
    const { source, watched } = place
    const { same, standing } = await db.snapshot(async tx => ({
      same: await store.sameDrop(tx, source.key, drop.name, drop.hash!),
      standing: (await store.standingDrops(tx, source.key, watched.order)).find(one => one.pattern === drop.pattern),
    }))
    // A full list that goes back to what it was says so; a list of changes said again would undo what came after.
    if (same && (watched.content === 'changes' || standing?.id === same.id)) {
      const again = join(
        ARCHIVE,
        same.runId ?? 'uden-koersel',
        `igen ${stamp(clock.now()).replaceAll(':', '.')} ${drop.name}`,
      )
      const reason = {
        code: 'drop-again',
        detail: 'The same file was taken before; it says nothing new.',
        said: say('drop-again', {}),
      }
      await conclude(place, drop, { state: 'again', place: again, runId: same.runId, reason })
      return false
    }
    // Of changes the order is what they mean, and a stamp in the name says it for certain.
    const ordered = watched.content === 'full' || watched.order === 'name'
    if (ordered && standing && isOlder(drop, standing, watched)) {
      const detail = `${drop.name} is older than ${standing.name}, which was read last.`
      await setAside(
        place,
        drop,
        { code: 'drop-stale', detail, said: say('drop-older', { newer: standing.name }) },
        null,
      )
      return false
    }
    return true
  }

  /** Read files that are in our hands, and put each where the outcome says. False: it must be tried again later. */
  const readInHand = async (
    place: DropPlace,
    reader: SourceReader,
    drops: readonly Drop[],
    options: TakeOptions,
    results: RunResult[],
  ): Promise<boolean> => {
    const fresh: Drop[] = []
    for (const drop of drops) if (await worthReading(place, drop)) fresh.push(drop)
    if (fresh.length === 0) return true
    const reading = await readingOf(
      db,
      place,
      reader,
      fresh.map(drop => takenFile(place, drop, false)),
    )
    let noted: Promise<void> = Promise.resolve()
    const ids = fresh.map(drop => drop.id)
    const result = await deps.run(place.source.key, {
      ...options,
      reading,
      onStart: runId => {
        noted = db.transaction(tx => store.noteRun(tx, ids, runId))
        noted.catch(() => {})
        options.onStart?.(runId)
      },
    })
    await noted
    results.push(result)
    if (result.state === 'done' || result.state === 'held') {
      for (const drop of fresh) await archive(place, drop, result.runId)
      return true
    }
    const code = result.error?.code ?? 'rejected'
    const atFault = result.state === 'rejected' || FILE_FAULTS.has(code)
    if (atFault && fresh.length > 1) {
      // One of them is bad; the others are not to suffer for it.
      for (const drop of fresh)
        if (!(await readInHand(place, reader, [drop], { ...options, onStart: () => {} }, results))) return false
      return true
    }
    const attempts = fresh[0]!.attempts + 1
    if (!atFault && attempts < MOST_ATTEMPTS) return false
    const said = result.error?.said
    const reason = {
      code: atFault ? code : 'drop-attempts',
      detail: result.error?.detail ?? '',
      ...(said ? { said } : {}),
    }
    for (const drop of fresh) await setAside(place, drop, reason, result)
    return true
  }

  /** Bring to its end what a process before us has begun. False: something must be tried again later. */
  const heal = async (place: DropPlace, reader: SourceReader, options: TakeOptions, results: RunResult[]) => {
    const { source, folder } = place
    const left = await db.snapshot(tx => store.unfinishedDrops(tx, source.key))
    if (left.length === 0) return true
    await deps.resume(source.key)
    const anew: Drop[] = []
    for (const drop of left) {
      if (drop.state !== 'taken') {
        // Decided, and perhaps moved.
        await moveFile(folder, join(IN_HAND, drop.id, drop.name), drop.place)
        await db.transaction(tx => store.noteMoved(tx, drop.id))
        continue
      }
      const state = await db.snapshot(tx => store.runStateOf(tx, drop.runId))
      if (await exists(folder, drop.place)) {
        if (drop.runId && (state === 'done' || state === 'held')) await archive(place, drop, drop.runId)
        else if (drop.attempts >= MOST_DEATHS)
          await setAside(
            place,
            drop,
            {
              code: 'drop-attempts',
              detail: 'The program ended each time it was read.',
              said: say('drop-ended-program', {}),
            },
            null,
          )
        else anew.push(await inHand(folder, drop))
      } else if (await exists(folder, drop.name)) await db.transaction(tx => store.unclaimDrop(tx, drop.id))
      else {
        const detail = 'The file is neither in the folder nor where it was being read.'
        const { place: where, runId } = drop
        const end = {
          state: 'set-aside' as const,
          place: where,
          runId,
          reason: { code: 'drop-vanished', detail, said: say('drop-vanished', {}) },
        }
        await db.transaction(tx => store.decideDrop(tx, drop.id, end, clock.now()))
        await db.transaction(tx => store.noteMoved(tx, drop.id))
      }
    }
    // As they were taken: those of one run together.
    for (const group of Map.groupBy(anew, drop => drop.runId ?? drop.id).values())
      if (!(await readInHand(place, reader, group, options, results))) return false
    return true
  }

  return { readInHand, heal }
}
