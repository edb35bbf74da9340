import type { Log } from '../../platform/log.ts'
import { isProblem } from '../../platform/problem.ts'
import type { SourceReader } from '../reading/reader.ts'
import type { RunResult } from '../runs/feed-run.ts'
import type { SourceDeclaration } from '../sources/source.ts'
import { createClaims } from './claim-drops.ts'
import { nextDrops } from './decide-drops.ts'
import { removeFile } from './drop-folder.ts'
import { createDropReading, type DropPlace, placeOf } from './drop-reading.ts'
import type { Drop } from './drop-store.ts'
import * as store from './drop-store.ts'
import { createPutAway } from './put-away.ts'
import { createDropReads, type ReadDeps, type TakeOptions } from './read-drops.ts'

export type DropsDeps = ReadDeps & {
  log: Log
  /** So long a file must look the same before it is taken for whole. */
  settleMs?: number
}

/**
 * Folders watched for files. Each file is claimed by renaming it, which one process alone can do; read by a run of the
 * one pipeline together with the standing files of the other sorts; and then moved to where its run says. What is to be
 * done is written down before it is done, so that whoever comes after a kill goes on there.
 */
export function createDrops(deps: DropsDeps) {
  const { db, clock } = deps
  const settleMs = deps.settleMs ?? 5000
  const claims = createClaims({ db, clock, settleMs })
  const { look, claim } = claims
  const { readInHand, heal } = createDropReads(deps, claims, createPutAway(deps))

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
      const outlived = await store.outlivedDrops(tx, source.key, before, watched.order)
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
