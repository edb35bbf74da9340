import type { Cause, Wished } from './plan-orders.ts'

/**
 * Which systems would lose so much by one planning that a second person has to want it too. Pure. What was planned ahead
 * comes in its own time, and a lock never waits: only what would go out within days counts.
 */

/** Up to here nobody is asked, whatever part of a system it is. */
export const HELD_ABOVE = 10
/** More than this part of everybody who has something in the system. */
export const HELD_PERCENT = 5
/** Whatever part it is. */
export const HELD_ALWAYS = 500
export const WITHIN_DAYS = 3
/** Many small plannings after one another are one large one: what was taken within so many hours counts along. */
export const WITHIN_HOURS = 24
export const REMOVALS = ['revoke', 'disable', 'delete', 'take-back']
const REMOVES = new Set(REMOVALS)
/** A person's own decision, or one that was looked at by two already. */
const NEVER: readonly Cause[] = ['lock']

export const isRemoval = (action: string): boolean => REMOVES.has(action)

/** Removals of a planning that would go out soon, by system. */
export function removalsSoon(
  made: readonly Wished[],
  today: string,
  addDays: (date: string, days: number) => string,
): Map<string, Wished[]> {
  const until = addDays(today, WITHIN_DAYS)
  const soon = made.filter(one => isRemoval(one.action) && one.dueOn <= until && !NEVER.includes(one.cause))
  return Map.groupBy(soon, one => one.systemId)
}

/** How many lose something: by this planning, and with those of whom others took something within a day. */
export function losing(made: readonly { personId: string }[], before: readonly string[]): { now: number; all: number } {
  const now = new Set(made.map(one => one.personId))
  return { now: now.size, all: new Set([...now, ...before]).size }
}

/** `people` lose something, of `holders` who have something there. */
export const isTooMany = (people: number, holders: number): boolean =>
  people > HELD_ABOVE && (people > HELD_ALWAYS || people * 100 > holders * HELD_PERCENT)
