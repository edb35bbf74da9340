import { addDays } from '../../server/platform/civil-date.ts'
import { type Clock, startOfDay, systemClock } from '../../server/platform/clock.ts'

/** The civil date in Copenhagen so many days after today. The day in UTC is another one for an hour or two each night. */
export const daysAhead = (days: number, clock: Pick<Clock, 'today'> = systemClock): string =>
  addDays(clock.today(), days)

export const daysAgo = (days: number, clock?: Pick<Clock, 'today'>): string => daysAhead(-days, clock)

/** A clock that goes on at the same time of the day, so many days from now, also over a change to or from summer time. */
export function daysLater(days: number): Clock {
  const now = () => {
    const today = systemClock.today()
    const begins = (more: number) => startOfDay(addDays(today, more)).getTime()
    return new Date(Math.min(begins(days) + Date.now() - begins(0), begins(days + 1) - 1))
  }
  return { now, today: () => addDays(systemClock.today(), days) }
}
