import { authorityNow } from '../../feeds/sources/authority-view.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Log } from '../../platform/log.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { type Applied, type ApplyParts, applyNext, BATCH } from './apply-events.ts'

export type EventRunner = {
  /** Something has come in. Answers at once; what is carried out is carried out beside the request. */
  kick(): void
  /** Carries out everything that is due. For the job, which catches up with what a process that died has left. */
  applyDue(): Promise<Applied>
  /** Until what was kicked has ended. */
  settled(): Promise<void>
}
type Parts = { db: Db; clock: Clock; keyring: Keyring; log: Log } & Pick<ApplyParts, 'decide' | 'follow'>

export function createEventRunner(parts: Parts): EventRunner {
  const { db, clock, keyring, log, decide, follow } = parts
  let running: Promise<void> | null = null
  let again = false

  const applyDue = async (): Promise<Applied> => {
    const all = { picked: 0, applied: 0, waiting: 0, held: 0, failed: 0 }
    for (;;) {
      // The events are stored, and one that was not carried out is: nothing is lost that way.
      const one = await db.redoable(async tx =>
        applyNext(tx, {
          authority: await authorityNow(tx),
          keyring,
          now: clock.now(),
          today: clock.today(),
          decide,
          follow,
          failed: (events, error) =>
            log.error(
              { part: 'hr-events', events, error: String((error as Error).stack ?? error) },
              events.length > 0 ? 'an event could not be carried out' : 'what follows from events waits for the next',
            ),
        }),
      )
      for (const key of Object.keys(all) as (keyof Applied)[]) all[key] += one[key]
      // What has come in meanwhile has kicked, or is found by the job.
      if (one.picked < BATCH) return all
    }
  }
  const run = async (): Promise<void> => {
    while (again) {
      again = false
      // What is left is found by the job: the events are stored.
      await applyDue().catch(error => log.warn({ part: 'hr-events', error: String(error) }, 'events wait for the job'))
    }
    running = null
  }
  return {
    kick: () => {
      again = true
      running ??= run()
    },
    applyDue,
    settled: async () => {
      while (running) await running
    },
  }
}
