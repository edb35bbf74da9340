import { type Limit, limitOf } from '../../../plans/decide-guards.ts'

/** What is known of the records of one kind that a complete read does not have. */
export type Absence = {
  /** Live records from earlier reads, and how many of them this read does not have. */
  known: number
  absent: number
  /** The longest row of absent records side by side: in the order of the last read, by key, by key as a number. */
  longest: number
  /** Units (or systems) with at least three records, and those of them without any now. */
  units: number
  unitsMissing: { part: string; records: number }[]
  /** First letters of names with at least three records, and those of them without any now. */
  lettersMissing: { letter: string; records: number }[]
}

export type HoleVerdict = { guard: 'hole' | 'units' | 'letters'; part: string; count: number; limit: number }

/** A unit of so many records does not vanish in a day, be it the only one. */
const LARGE_UNIT = 10
/** Whole units may be missing: closed, or merged. */
const UNITS: Limit = { percent: 2, floor: 2 }
/** People with the same first letter do not leave together. */
const LETTERS: Limit = { percent: 0.1, floor: 4 }

/**
 * Who is missing says more than how many: leavers are scattered, but what a cut feed has lost lies side by side. So a
 * cut far below what the count would show is seen.
 */
export function decideHole(kind: string, absence: Absence, limit: Limit): HoleVerdict[] {
  const verdicts: HoleVerdict[] = []
  const most = limitOf(limit, absence.known)
  if (absence.longest > most) verdicts.push({ guard: 'hole', part: kind, count: absence.longest, limit: most })
  const unitLimit = limitOf(UNITS, absence.units)
  const large = absence.unitsMissing.find(unit => unit.records >= LARGE_UNIT)
  if (large || absence.unitsMissing.length > unitLimit)
    verdicts.push({
      guard: 'units',
      part: `${kind}: ${(large ?? absence.unitsMissing[0])?.part ?? ''}`,
      count: absence.unitsMissing.length,
      limit: large ? 0 : unitLimit,
    })
  const letters = absence.lettersMissing.reduce((sum, one) => sum + one.records, 0)
  const letterLimit = limitOf(LETTERS, absence.known)
  if (letters > letterLimit)
    verdicts.push({
      guard: 'letters',
      part: `${kind}: ${absence.lettersMissing.map(one => one.letter).join(' ')}`,
      count: letters,
      limit: letterLimit,
    })
  return verdicts
}

/**
 * The longest row of missing keys in the order in which the source gave them the last time. Rows that touch the end
 * count as well: a file that was cut has lost its tail.
 */
export function longestGap(order: Uint32Array, missing: ReadonlySet<number>): number {
  let longest = 0
  let row = 0
  for (const key of order) {
    row = missing.has(key) ? row + 1 : 0
    if (row > longest) longest = row
  }
  return longest
}
