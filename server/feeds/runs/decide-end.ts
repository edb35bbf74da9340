import type { ProblemCode } from '#contract/problems.ts'
import { isProblem } from '../../platform/problem.ts'

/**
 * Whether a run that failed will come through by itself (the line dropped, the server was busy, another worker took
 * over) or waits for somebody (certificate, password, rights, mapping).
 */
export type RunEnds = 'heals' | 'needs-you'

/** A reader that knows better says so in `heals`; a read that stopped in the middle heals, anything unknown does not. */
export function decideEnds(code: ProblemCode, params: Record<string, unknown> = {}): RunEnds {
  if (typeof params.heals === 'boolean') return params.heals ? 'heals' : 'needs-you'
  return code === 'source-incomplete' || code === 'database-unavailable' ? 'heals' : 'needs-you'
}

/** How often a run that heals is tried again by the clock before somebody is asked. */
export const MOST_RETRIES = 5
const FIRST_SECONDS = 30
const LONGEST_SECONDS = 900

/** Seconds from the end of the n-th failure in a row to the next try: 30, 60, 120, 240, 480. */
export const retryAfterSeconds = (failures: number): number =>
  Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.max(0, failures - 1))

/** The same as SQL over a count of failures, for the list of what is due. */
export const retryAfterSql = (failures: string): string =>
  `least(${LONGEST_SECONDS}, ${FIRST_SECONDS} * power(2, greatest(0, ${failures} - 1)))`

/** Middle of what earlier runs were; null without any. An even number of runs gives the lower middle: a count stays one. */
export function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!
}

/** What went wrong in one word, where the reader has one, and whether it passes by itself. */
export function whyOf(code: ProblemCode, error: unknown) {
  const params = isProblem(error) ? error.info.params : {}
  const why = typeof params?.why === 'string' ? params.why : null
  const said = isProblem(error) ? error.info.said : undefined
  return { why, ends: decideEnds(code, params), ...(said ? { said } : {}) }
}
