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
const WITHIN_DAYS = 3
const REMOVES = new Set(['revoke', 'disable', 'delete', 'take-back'])
/** A person's own decision, or one that was looked at by two already. */
const NEVER: readonly Cause[] = ['lock']

export const isRemoval = (action: string): boolean => REMOVES.has(action)

/** Removals of a planning that would go out soon, by system; those of few are left out. */
export function removalsSoon(
  made: readonly Wished[],
  today: string,
  addDays: (date: string, days: number) => string,
): Map<string, Wished[]> {
  const until = addDays(today, WITHIN_DAYS)
  const soon = made.filter(one => isRemoval(one.action) && one.dueOn <= until && !NEVER.includes(one.cause))
  return new Map([...Map.groupBy(soon, one => one.systemId)].filter(([, all]) => peopleOf(all) > HELD_ABOVE))
}

export const peopleOf = (all: readonly { personId: string }[]): number => new Set(all.map(one => one.personId)).size

/** `people` lose something, of `holders` who have something there. */
export const isTooMany = (people: number, holders: number): boolean =>
  people > HELD_ABOVE && (people > HELD_ALWAYS || people * 100 > holders * HELD_PERCENT)
