import type { Moment } from '../../access/past-rights.ts'
import { type Clock, knownOn } from '../../platform/clock.ts'

/** A day as it is asked for: what was known at the end of the day `known`, or now; a moment that has not come yet is now. */
export function momentOf(valid: string, known: string | undefined, clock: Clock): Moment {
  return { valid, known: known === undefined ? clock.now() : knownOn(known, clock) }
}
