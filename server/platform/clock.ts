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

export const systemClock: Clock = { now: () => new Date(), today: () => civilDate(new Date()) }

/** A clock that stands still: for tests and for computing a plan as of a date. */
export function fixedClock(iso: string): Clock {
  const at = new Date(iso)
  return { now: () => at, today: () => civilDate(at) }
}
