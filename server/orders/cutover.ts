import { addDays, type Wished } from './plan-orders.ts'

/**
 * The hours at which a unit changes hands. Pure. A night duty begins the evening before its first day, and ends in the
 * morning after its last: `startsFromHour` is on the day before, `endsUntilHour` on the day after the last one. Hours are of
 * Copenhagen; dates are civil, closed-open, so an end is the first day without.
 */
export type Cutover = { startsFromHour: number | null; endsUntilHour: number | null }

/** Each of the two from the nearest unit that says it. `path`: ids from the top to the own unit. */
export function cutoverOf(path: readonly string[], said: ReadonlyMap<string, Cutover>): Cutover {
  const near = (name: keyof Cutover): number | null => {
    for (const id of [...path].reverse()) {
      const hour = said.get(id)?.[name]
      if (hour !== null && hour !== undefined) return hour
    }
    return null
  }
  return { startsFromHour: near('startsFromHour'), endsUntilHour: near('endsUntilHour') }
}

/** Until when something that ends on a day counts as taken in time. `dayBegins`: the instant at which that day begins. */
export const onTimeUntil = (dayBegins: Date, { endsUntilHour }: Pick<Cutover, 'endsUntilHour'>): Date =>
  new Date(dayBegins.getTime() + (endsUntilHour ?? 0) * 3_600_000)

/** Somebody whose first day begins the evening before. */
export type EarlyStart = { personId: string; startsOn: string }
const OPENS = new Set(['enable', 'grant'])

/** What opens on such a first day is due the day before; the hour is the order's own, and waits there. */
export function withEarlyStarts(wished: readonly Wished[], starts: readonly EarlyStart[]): Wished[] {
  if (starts.length === 0) return [...wished]
  const early = new Set(starts.map(one => `${one.personId} ${one.startsOn}`))
  return wished.map(wish =>
    OPENS.has(wish.action) && early.has(`${wish.personId} ${wish.dueOn}`)
      ? { ...wish, dueOn: addDays(wish.dueOn, -1) }
      : wish,
  )
}
