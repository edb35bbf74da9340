import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import { newId } from '../../platform/ids.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { isSettled, isUnfinished, matchesPattern } from './decide-drops.ts'
import { hashOf, IN_HAND, lookAt, moveFile, removeMarkers } from './drop-folder.ts'
import type { DropPlace } from './drop-reading.ts'
import type { Drop } from './drop-store.ts'
import * as store from './drop-store.ts'

/** What stands in a folder, and the taking of it: a file is claimed by renaming it, which one process alone can do. */
export function createClaims({ db, clock, settleMs }: { db: Db; clock: Clock; settleMs: number }) {
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

  return { look, claim, inHand }
}
export type Claims = ReturnType<typeof createClaims>
