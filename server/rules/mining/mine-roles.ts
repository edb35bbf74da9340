import { broadRoles } from './broad-roles.ts'
import { fewRoles } from './few-roles.ts'
import { lightRoles } from './light-roles.ts'
import {
  type ClassRole,
  complexity,
  condense,
  leftOver,
  type MinedRole,
  type RightsMatrix,
  writeOut,
} from './rights-matrix.ts'

/**
 * `few`: exactly what is held, with the fewest roles. `light`: exactly what is held, with the least to look after.
 * `broad`: most of what is held, with few broad roles; the rest is stated as the deviation.
 */
export type MiningAim =
  | { aim: 'few' }
  | { aim: 'light'; steps: number; seed: number }
  | { aim: 'broad'; share: number; people: number; seed: number }

export type MiningProgress = {
  phase: 'few' | 'light' | 'broad'
  done: number
  roles: number | null
  complexity: number | null
}
export type MinedRoles = {
  roles: MinedRole[]
  /** No smaller set of roles gives the same; only for `few`, and null where it was not asked. */
  fewest: boolean | null
  complexity: number
  /** Rights held that no role gives (cells of the matrix). No role ever gives what is not held. */
  left: number
  held: number
}

/**
 * Roles mined from what is held. `run` yields how far it is, often enough to show and to stop between; whoever stops
 * takes `best()`: null until a first whole answer stands.
 */
export function mineRoles(
  matrix: RightsMatrix,
  how: MiningAim,
): { run: () => Generator<MiningProgress, MinedRoles>; best: () => MinedRoles | null } {
  const condensed = condense(matrix)
  const held = matrix.rows.reduce((sum, row) => sum + row.length, 0)
  let best: () => MinedRoles | null = () => null
  const written = (found: readonly ClassRole[], fewest: boolean | null): MinedRoles => {
    const roles = writeOut(condensed, found)
    return { roles, fewest, complexity: complexity(roles), left: leftOver(matrix, roles), held }
  }

  function* run(): Generator<MiningProgress, MinedRoles> {
    if (how.aim === 'broad') {
      const roles = yield* said(broadRoles(condensed, how), done => ({
        phase: 'broad',
        done,
        roles: null,
        complexity: null,
      }))
      const found = written(roles, null)
      best = () => found
      return found
    }
    const few = yield* said(fewRoles(condensed), done => ({ phase: 'few', done, roles: null, complexity: null }))
    const first = written(few.roles, few.fewest)
    best = () => first
    if (how.aim === 'few') return first
    const search = lightRoles(condensed, few.roles, how)
    best = () => written(search.best().roles, null)
    const light = yield* said(search.run(), ({ done, cost }) => ({
      phase: 'light',
      done,
      roles: search.best().roles.length,
      complexity: cost,
    }))
    return written(light.roles, null)
  }
  return { run, best: () => best() }
}

function* said<From, Result>(
  inner: Generator<From, Result>,
  say: (from: From) => MiningProgress,
): Generator<MiningProgress, Result> {
  for (;;) {
    const next = inner.next()
    if (next.done) return next.value
    yield say(next.value)
  }
}
