import { hostname } from 'node:os'
import { newId } from '../../platform/ids.ts'

/** Workers of this very process: a row with our pid that is none of these was left by a process before us. */
const ownWorkers = new Set<string>()

/** Who works on a run: host, process and a mark of its own, so that a later process with the same pid is another. */
export function nameWorker(): string {
  const worker = `${hostname()}/${process.pid}/${newId()}`
  ownWorkers.add(worker)
  return worker
}

/** True when the worker's process ran on this host and is no more. A wrong guess is harmless: the old one loses its hold. */
export function isDead(worker: string): boolean {
  const [host, pid] = worker.split('/')
  if (host !== hostname() || ownWorkers.has(worker)) return false
  if (Number(pid) === process.pid) return true
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
