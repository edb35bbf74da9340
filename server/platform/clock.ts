import { addDays } from './civil-date.ts'

/**
 * The one source of "now". Civil dates are what the town hall lives by, so `today` is the date in Copenhagen,
 * whatever zone the machine runs in.
 */
export type Clock = { now(): Date; today(): string }

const civil = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Copenhagen',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** The civil date in Copenhagen of an instant, as `YYYY-MM-DD`. */
export function civilDate(at: Date): string {
  return civil.format(at)
}

/** The instant at which a civil date begins in Copenhagen: one or two hours before it does in UTC. */
export function startOfDay(date: string): Date {
  const utc = Date.parse(`${date}T00:00:00Z`)
  const summer = new Date(utc - 2 * 3_600_000)
  // The clock changes at two or three at night, never at midnight: each day begins once.
  return civilDate(summer) === date ? summer : new Date(utc - 3_600_000)
}

/** "As known on a date": the last millisecond of that day in Copenhagen; of a day that is not over, now. */
export function knownOn(date: string, { now }: Pick<Clock, 'now'>): Date {
  const end = new Date(startOfDay(addDays(date, 1)).getTime() - 1)
  return end > now() ? now() : end
}

export const systemClock: Clock = { now: () => new Date(), today: () => civilDate(new Date()) }

/** A clock that stands still: for tests and for computing a plan as of a date. */
export function fixedClock(iso: string): Clock {
  const at = new Date(iso)
  return { now: () => at, today: () => civilDate(at) }
}
