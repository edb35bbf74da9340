import type { Moment } from '../../access/past-rights.ts'
import type { Clock } from '../../platform/clock.ts'

/** A day as it is asked for: what was known at the end of the day `known`, or now; a moment that has not come yet is now. */
export function momentOf(valid: string, known: string | undefined, clock: Clock): Moment {
  const now = clock.now()
  if (known === undefined) return { valid, known: now }
  const end = new Date(`${known}T23:59:59.999Z`)
  return { valid, known: end > now ? now : end }
}
