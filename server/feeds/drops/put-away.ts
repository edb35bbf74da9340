import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { RunResult } from '../runs/feed-run.ts'
import { ARCHIVE, moveFile, SET_ASIDE, writeReason } from './drop-folder.ts'
import type { DropPlace } from './drop-reading.ts'
import { reasonText } from './drop-reason.ts'
import type { Drop, DropReason } from './drop-store.ts'
import * as store from './drop-store.ts'

/** Where a file goes once it is dealt with. What is to be done is written down before the file is moved. */
export function createPutAway({ db, clock, log }: { db: Db; clock: Clock; log: Log }) {
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

  return { conclude, archive, setAside }
}
export type PutAway = ReturnType<typeof createPutAway>

/** `2026-11-21 14:30:05`, in the town hall's own time. */
export function stamp(at: Date): string {
  return at.toLocaleString('sv-SE', { timeZone: 'Europe/Copenhagen' })
}
