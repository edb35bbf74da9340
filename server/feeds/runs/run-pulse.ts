import type { Log } from '../../platform/log.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { Progress } from './feed-run.ts'
import { noteProgress } from './run-store.ts'

const PROGRESS_MS = 300

export type Pulse = { note(progress: Progress): void; stop(): Promise<void> }

/** Sign of life and progress of one run: at most one statement each 300 ms, and one on its way. */
export function startPulse(
  { db, log }: { db: Db; log: Log },
  { runId, worker, leaseSeconds }: { runId: string; worker: string; leaseSeconds: number },
): Pulse {
  let next: Progress | null = null
  let last = 0
  let busy: Promise<void> | null = null
  const send = () => {
    if (busy) return
    last = Date.now()
    const progress = next
    next = null
    busy = db
      .transaction(tx => noteProgress(tx, runId, worker, progress))
      .catch(error => log.warn({ runId, err: String(error) }, 'progress of a run could not be written'))
      .finally(() => {
        busy = null
      })
  }
  const timer = setInterval(send, (leaseSeconds * 1000) / 3)
  return {
    note(progress) {
      next = progress
      if (Date.now() - last >= PROGRESS_MS) send()
    },
    async stop() {
      clearInterval(timer)
      await busy
    },
  }
}
