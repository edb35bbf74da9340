import type { Json } from '../../platform/feed-record.ts'

/** Everything that a source says, or only what has changed since the last time. */
export type ReadMode = 'full' | 'changes'

/** Where reading of changes goes on, as of a source: from the last run that was planned. */
export type Standing = {
  state: Json | null
  /** The last complete read that was let in. */
  completeAt: Date | null
}

/**
 * Why everything is read where changes might have been. `asked`: somebody wants the full comparison. `first`: there is
 * nothing to go on from. `due`: it is time for a full comparison, which alone finds what nobody tells of. Null: the
 * source cannot tell of changes, so there was no question of it.
 */
export type FullBecause = 'asked' | 'first' | 'due' | (string & {}) | null

/**
 * The clock reads changes wherever a state stands, and everything once in `fullEverySeconds` all the same. Whoever starts
 * a run by hand gets the full comparison unless they ask for changes: it is what one starts when in doubt.
 */
export function decideMode(options: {
  canTell: boolean
  wanted: ReadMode
  standing: Standing
  fullEverySeconds: number
  now: Date
}): { mode: ReadMode; because: FullBecause } {
  const { canTell, wanted, standing, fullEverySeconds, now } = options
  if (!canTell) return { mode: 'full', because: null }
  if (wanted === 'full') return { mode: 'full', because: 'asked' }
  if (standing.state === null || standing.completeAt === null) return { mode: 'full', because: 'first' }
  if (now.getTime() - standing.completeAt.getTime() >= fullEverySeconds * 1000) return { mode: 'full', because: 'due' }
  return { mode: 'changes', because: null }
}
