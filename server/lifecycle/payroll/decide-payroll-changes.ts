import type { Json, NormalAttrs } from '../../platform/feed-record.ts'
import { shifted } from './payroll-dates.ts'

export type PayrollChange = { kind: 'hire' | 'extend' | 'end'; on: string | null }

/** An employment that began longer ago is no hire that somebody has forgotten to report, but a row that came to light. */
const LATEST_HIRE_DAYS = 90
const REPORTED = ['employment', 'temp', 'trainee']

/**
 * What a changed affiliation record of payroll means that a report should have said; null: nothing. `today` is the day
 * of the run. The days are closed-open, as records have them.
 */
export function payrollChangeOf(
  item: { op: 'add' | 'change' | 'gone' | 'return'; before: NormalAttrs | null; after: NormalAttrs | null },
  today: string,
): PayrollChange | null {
  const { op, before, after } = item
  const kind = (after ?? before)?.affiliationKind
  if (typeof kind !== 'string' || !REPORTED.includes(kind)) return null
  const was = dateOf(before?.endsOn)
  if (op === 'gone') return was !== null && was <= today ? null : { kind: 'end', on: today }
  const starts = dateOf(after?.startsOn)
  const ends = dateOf(after?.endsOn)
  const over = ends !== null && ends <= today
  // Whoever comes back before the first day was taken back in between; after it, an employment goes on.
  const anew = op === 'return' && starts !== null && (starts > today || starts > (was ?? starts))
  if (op === 'add' || anew)
    return starts === null || over || starts < shifted(today, -LATEST_HIRE_DAYS) ? null : { kind: 'hire', on: starts }
  if (op === 'return') return null
  if (was === ends) return null
  if (was !== null && (ends === null || ends > was)) return { kind: 'extend', on: ends }
  return { kind: 'end', on: ends }
}

const dateOf = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null)

/** Does payroll still say so? `record` is what it says now, null where it has no such record any more. */
export function stillSaid(change: PayrollChange, record: NormalAttrs | null, today: string): boolean {
  const ends = dateOf(record?.endsOn)
  if (change.kind === 'end') return record === null || (ends !== null && change.on !== null && ends <= change.on)
  if (record === null) return change.kind === 'hire' && change.on !== null && change.on <= today
  if (change.kind === 'hire') return true
  return ends === null || (change.on !== null && ends >= change.on)
}
