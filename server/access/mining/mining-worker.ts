import { parentPort, workerData } from 'node:worker_threads'
import { type MinedRoles, type MiningAim, type MiningProgress, mineRoles } from '../../rules/mining/mine-roles.ts'
import type { RightsMatrix } from '../../rules/mining/rights-matrix.ts'
import { type MatrixPerson, type Parts, type Proposals, proposeRoles } from './propose-roles.ts'

/** What the thread is given, and what it says. `stop[0]` becomes 1 when the best so far is to be enough. */
export type MiningWork = {
  matrix: RightsMatrix
  people: MatrixPerson[]
  parts: Parts
  how: MiningAim
  stop: Int32Array
}
export type MiningWords =
  | { kind: 'progress'; progress: MiningProgress | { phase: 'describing'; done: 0; roles: number; complexity: number } }
  /** `found` is null where it was stopped before a first whole answer stood. */
  | { kind: 'ended'; stopped: boolean; found: Proposals | null }

/** Milliseconds between two words about how far it is. */
const PAUSE = 250

const { matrix, people, parts, how, stop } = workerData as MiningWork
const say = (words: MiningWords) => parentPort?.postMessage(words)

function search(): { stopped: boolean; roles: MinedRoles | null } {
  const mining = mineRoles(matrix, how)
  const steps = mining.run()
  for (let said = 0; ; ) {
    const next = steps.next()
    if (next.done) return { stopped: false, roles: next.value }
    if (Atomics.load(stop, 0) === 1) return { stopped: true, roles: mining.best() }
    const now = performance.now()
    if (now - said < PAUSE) continue
    said = now
    say({ kind: 'progress', progress: next.value })
  }
}

const { stopped, roles } = search()
if (roles)
  say({
    kind: 'progress',
    progress: { phase: 'describing', done: 0, roles: roles.roles.length, complexity: roles.complexity },
  })
say({ kind: 'ended', stopped, found: roles && proposeRoles(matrix, people, roles, parts) })
