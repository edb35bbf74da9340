import type { MeasureFigures } from '#contract/lifecycle-lead-times.ts'

/** Figures about how people work are shown for groups of five or more (domain.md, employees' representatives). */
export const FEWEST = 5

type Bands = MeasureFigures['bands']

/**
 * How many lie in each band of days, small neighbours merged until each holds five or more, or nobody at all. `edges`: where
 * a band begins, rising; below the first and from the last on are bands too. Empty ones at either end are left out. Fewer
 * than five in all: no band.
 */
export function bandsOf(days: readonly number[], edges: readonly number[]): Bands {
  if (days.length < FEWEST) return []
  const starts = [null, ...edges]
  const fine = starts.map((from, place) => {
    const next = starts[place + 1]
    const to = next === undefined || next === null ? null : next - 1
    return { from, to, count: days.filter(day => (from === null || day >= from) && (to === null || day <= to)).length }
  })
  const filled = (band: Bands[number]) => band.count > 0
  const merged: Bands = []
  for (const band of fine.slice(fine.findIndex(filled), fine.findLastIndex(filled) + 1)) {
    const last = merged.at(-1)
    if (last && !okay(last.count)) merged[merged.length - 1] = join(last, band)
    else merged.push(band)
  }
  for (let tail = merged.at(-1); tail && !okay(tail.count) && merged.length > 1; tail = merged.at(-1))
    merged.splice(-2, 2, join(merged.at(-2) ?? tail, tail))
  return merged
}
const join = (one: Bands[number], next: Bands[number]) => ({
  from: one.from,
  to: next.to,
  count: one.count + next.count,
})

/** The value below which this share lies: the smallest one that so many are no greater than. */
export function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (value === undefined) throw new Error('there is no quantile of nothing')
  return value
}

/** A part and what is left of the whole: neither may be a group of one to four, or one tells the other. */
export const partOf = (part: number, whole: number): number | null =>
  whole >= FEWEST && okay(part) && okay(whole - part) ? part : null
const okay = (count: number) => count === 0 || count >= FEWEST

export type Measured = {
  measure: MeasureFigures['measure']
  /** Days of those that have come so far. */
  days: readonly number[]
  /** How many have not. */
  waiting: number
}
type Rule = { bar: number; keeps(days: number): boolean; worst: 'low' | 'high'; edges: readonly number[] }
/**
 * What each is held against: 14 days of notice and 5 days of work in payroll are what the municipality measures today
 * (danish-public-sector.md 2); the account by the first day, all closed by the first day away.
 */
const RULES: Record<MeasureFigures['measure'], Rule> = {
  notice: { bar: 14, keeps: days => days >= 14, worst: 'low', edges: [0, 1, 7, 14, 21, 28, 56] },
  payroll: { bar: 5, keeps: days => days <= 5, worst: 'high', edges: [0, 1, 3, 6, 11, 21] },
  ready: { bar: 0, keeps: days => days <= 0, worst: 'high', edges: [-13, -6, 0, 1, 2, 6, 15] },
  close: { bar: 0, keeps: days => days <= 0, worst: 'high', edges: [0, 1, 2, 8, 31] },
}

export function figuresOf({ measure, days, waiting }: Measured): MeasureFigures {
  const { bar, keeps, worst, edges } = RULES[measure]
  const few = days.length < FEWEST
  const sorted = days.toSorted((a, b) => a - b)
  return {
    measure,
    bar,
    count: few ? null : days.length,
    median: few ? null : quantile(sorted, 0.5),
    ninth: few ? null : quantile(worst === 'high' ? sorted : sorted.toReversed(), 0.9),
    within: partOf(days.filter(keeps).length, days.length),
    waiting: okay(waiting) ? waiting : null,
    bands: bandsOf(days, edges),
  }
}

/** Groups of five or more, and all smaller ones as one (key null); where those are fewer than five, with the smallest group. */
export function mergeSmall<Item>(
  groups: ReadonlyMap<string, readonly Item[]>,
): { key: string | null; items: readonly Item[] }[] {
  const all = [...groups].map(([key, items]) => ({ key, items })).sort((a, b) => b.items.length - a.items.length)
  const large = all.filter(one => one.items.length >= FEWEST)
  const rest = all.filter(one => one.items.length < FEWEST).flatMap(one => one.items)
  if (rest.length === 0) return large
  if (rest.length >= FEWEST) return [...large, { key: null, items: rest }]
  const smallest = large.pop()
  return smallest ? [...large, { key: null, items: [...smallest.items, ...rest] }] : []
}
