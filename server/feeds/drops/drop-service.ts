import { join } from 'node:path'
import { say } from '#contract/said.ts'
import type { Clock } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import { isProblem } from '../../platform/problem.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Reading, SourceReader } from '../reading/reader.ts'
import type { RunActor, RunResult, RunTrigger } from '../runs/feed-run.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { isSettled, isUnfinished, matchesPattern, nextDrops } from './decide-drops.ts'
import {
  ARCHIVE,
  exists,
  hashOf,
  IN_HAND,
  lookAt,
  moveFile,
  removeFile,
  removeMarkers,
  SET_ASIDE,
  writeReason,
} from './drop-folder.ts'
import { createDropReading, type DropPlace, placeOf, readingOf, takenFile } from './drop-reading.ts'
import { reasonText } from './drop-reason.ts'
import type { Drop, DropReason } from './drop-store.ts'
import * as store from './drop-store.ts'

type TakeOptions = { trigger: RunTrigger; actor?: RunActor; signal?: AbortSignal; onStart?(runId: string): void }

export type DropsDeps = {
  db: Db
  clock: Clock
  log: Log
  run(source: string, options: TakeOptions & { reading: Reading }): Promise<RunResult>
  /** End what a dead process has left of runs of the source. */
  resume(source: string): Promise<unknown>
  /** So long a file must look the same before it is taken for whole. */
  settleMs?: number
}

/** A file that fails so often without being at fault itself is set aside, so that those behind it are not kept waiting. */
const MOST_ATTEMPTS = 3
/** A file in whose reading the process has died so often may be why. */
const MOST_DEATHS = 10
/** Ends of a run that are the file's own fault. */
const FILE_FAULTS = new Set(['source-invalid', 'source-incomplete'])

/**
 * Folders watched for files. Each file is claimed by renaming it, which one process alone can do; read by a run of the
 * one pipeline together with the standing files of the other sorts; and then moved to where its run says. What is to be
 * done is written down before it is done, so that whoever comes after a kill goes on there.
 */
export function createDrops(deps: DropsDeps) {
  const { db, clock, log } = deps
  const settleMs = deps.settleMs ?? 5000

  /** Files that wait, with the pattern that each fits; notes what this look saw. */
  const look = async ({ source, watched, folder }: DropPlace) => {
    const files = (await lookAt(folder)).filter(file => !isUnfinished(file.name))
    const fitting = files.flatMap(file => {
      const pattern = watched.patterns.find(one => matchesPattern(one, file.name))
      return pattern === undefined ? [] : [{ ...file, pattern, id: newId() }]
    })
    const unmatched = files.filter(file => !fitting.some(one => one.name === file.name)).map(file => file.name)
    const now = clock.now()
    return db.transaction(async tx => {
      const earlier = await store.sightings(tx, source.key)
      await store.noteSightings(tx, source.key, fitting, now)
      const options = { done: watched.done, now: now.getTime(), settleMs }
      return {
        unmatched,
        waiting: fitting.length,
        ready: fitting.filter(file => isSettled(file, earlier.get(file.name), options)),
      }
    })
  }

  /** Take one file into our hands; null when somebody else has it, or its writer still holds it. */
  const claim = async ({ source, folder }: DropPlace, name: string): Promise<Drop | null> => {
    const place = (id: string) => join(IN_HAND, id, name)
    const drop = await db.transaction(tx => store.claimDrop(tx, source.key, name, place, clock.now()))
    if (!drop) return null
    if (!(await moveFile(folder, name, drop.place))) {
      await db.transaction(tx => store.unclaimDrop(tx, drop.id))
      return null
    }
    await removeMarkers(folder, name)
    return inHand(folder, drop)
  }
  const inHand = async (folder: string, drop: Drop): Promise<Drop> => {
    const hash = await hashOf(folder, drop.place)
    await db.transaction(tx => store.noteInHand(tx, drop.id, hash))
    return { ...drop, hash, moved: true }
  }

  type End = Parameters<typeof store.decideDrop>[2]
  const conclude = async ({ folder }: DropPlace, drop: Drop, end: End, text?: string): Promise<void> => {
    await db.transaction(tx => store.decideDrop(tx, drop.id, end, clock.now()))
    if (text) await writeReason(folder, end.place, text)
    await moveFile(folder, drop.place, end.place)
    await db.transaction(tx => store.noteMoved(tx, drop.id))
    log.info({ drop: drop.id, runId: end.runId, state: end.state }, 'a dropped file has been dealt with')
  }

  const archive = (place: DropPlace, drop: Drop, runId: string) =>
    conclude(place, drop, { state: 'archived', place: join(ARCHIVE, runId, drop.name), runId, reason: null })

  const setAside = (place: DropPlace, drop: Drop, reason: DropReason, result: RunResult | null) => {
    const at = stamp(clock.now())
    const runId = result?.runId ?? null
    const guards = result?.state === 'rejected' ? result.heldBack : []
    return conclude(
      place,
      drop,
      { state: 'set-aside', place: join(SET_ASIDE, `${at.replaceAll(':', '.')} ${drop.name}`), runId, reason },
      reasonText({ name: drop.name, at, ...reason, guards, runId }),
    )
  }

  /** What need not be read: the same file again, or one older than what has been read. */
  const worthReading = async (place: DropPlace, drop: Drop): Promise<boolean> => {
    const { source, watched } = place
    const { same, standing } = await db.snapshot(async tx => ({
      same: await store.sameDrop(tx, source.key, drop.name, drop.hash!),
      standing: (await store.standingDrops(tx, source.key)).find(one => one.pattern === drop.pattern),
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
    if (watched.content === 'full' && standing && drop.modifiedAt < standing.modifiedAt) {
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

  /** A folder that cannot be worked in is said once, as a run that failed; the next look that succeeds is enough. */
  const noteLook = async (
    place: DropPlace,
    reader: SourceReader,
    error: unknown,
    unmatched: string[],
    options: TakeOptions,
  ) => {
    if (error && !isProblem(error)) throw error
    const said = isProblem(error) ? error.info.said : undefined
    const reason = isProblem(error) ? { code: error.problem, detail: error.message, ...(said ? { said } : {}) } : null
    const at = clock.now()
    const before = await db.transaction(tx => store.noteLook(tx, place.source.key, { at, error: reason, unmatched }))
    if (!reason || before?.detail === reason.detail) return null
    const failing: SourceReader = {
      ...reader,
      seenAt: async () => {
        throw error
      },
    }
    return deps.run(place.source.key, {
      ...options,
      reading: { source: place.source, reader: failing, onlyChanges: false, files: [] },
    })
  }

  /**
   * Take what has been dropped. Answers the runs that came of it, or null when another process is at it. `wait`: look
   * twice at once instead of at the next minute, for somebody who asks for it.
   */
  const take = async (
    source: SourceDeclaration,
    reader: SourceReader,
    options: TakeOptions & { wait?: boolean },
  ): Promise<RunResult[] | null> => {
    const watched = reader.watched?.(source)
    if (!watched) return []
    const place = placeOf(source, watched)
    const { wait, ...how } = options
    const results: RunResult[] = []
    const work = async () => {
      let unmatched: string[] = []
      try {
        if (!(await heal(place, reader, how, results))) return
        let seen = await look(place)
        if (wait && seen.ready.length < seen.waiting) {
          await new Promise(go => setTimeout(go, settleMs))
          seen = await look(place)
        }
        unmatched = seen.unmatched
        const ready = [...seen.ready]
        while (ready.length > 0) {
          const next = nextDrops(ready, watched)
          const drops: Drop[] = []
          for (const file of next) {
            ready.splice(ready.indexOf(file), 1)
            const drop = await claim(place, file.name)
            if (drop) drops.push(drop)
          }
          if (drops.length > 0 && !(await readInHand(place, reader, drops, how, results))) break
        }
        await noteLook(place, reader, null, unmatched, how)
      } catch (error) {
        if (isProblem(error) && (error.problem === 'run-in-progress' || error.problem === 'conflict')) throw error
        const failed = await noteLook(place, reader, error, unmatched, how)
        if (failed) results.push(failed)
        else if (wait) throw error
      }
    }
    // Held by the connection: should this process be killed, the next one may go on at once. Between its statements the
    // transaction sees nothing and so keeps nothing from being cleaned up.
    const mine = await db.transaction(async tx => {
      if (!(await store.lockFolder(tx, source.key))) return false
      await work()
      return true
    })
    return mine ? results : null
  }

  /** Delete files whose time is up. Answers how many; null when another process is at the folder. */
  const tidy = async (source: SourceDeclaration, reader: SourceReader): Promise<number | null> => {
    const watched = reader.watched?.(source)
    if (!watched) return 0
    const { folder } = placeOf(source, watched)
    const before = new Date(clock.now().getTime() - watched.keepDays * 86_400_000)
    return db.transaction(async tx => {
      if (!(await store.lockFolder(tx, source.key))) return null
      const outlived = await store.outlivedDrops(tx, source.key, before)
      for (const drop of outlived) {
        await removeFile(folder, drop.place)
        await store.noteRemoved(tx, drop.id, clock.now())
      }
      return outlived.length
    })
  }

  return { take, tidy, ...createDropReading(db) }
}
export type Drops = ReturnType<typeof createDrops>

/** `2026-11-21 14:30:05`, in the town hall's own time. */
function stamp(at: Date): string {
  return at.toLocaleString('sv-SE', { timeZone: 'Europe/Copenhagen' })
}
