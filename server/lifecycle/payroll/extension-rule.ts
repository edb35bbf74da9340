import { shifted } from './payroll-dates.ts'

/** So long rights last after the contract's end where a report says that it goes on and payroll has not said so. */
export const AWAITED_DAYS = 30
/** Days before the end on which the manager is told. */
export const TOLD_DAYS = [30, 14, 5] as const
export type Stage = (typeof TOLD_DAYS)[number]

/**
 * The first day without rights of an affiliation that a report extends: the reported end, but no later than 30 days after
 * the end that payroll knows. Days are closed-open.
 */
export function awaitedUntil(given: { payrollEndsOn: string | null; reportedEndsOn: string }): string {
  if (given.payrollEndsOn === null) return given.reportedEndsOn
  const latest = shifted(given.payrollEndsOn, AWAITED_DAYS)
  return given.reportedEndsOn < latest ? given.reportedEndsOn : latest
}

/** Payroll says as much as the report did, or more. */
export const payrollConfirms = (given: { payrollEndsOn: string | null; reportedEndsOn: string }): boolean =>
  given.payrollEndsOn === null || given.payrollEndsOn >= given.reportedEndsOn

/**
 * How near the end is: the last of 30, 14 and 5 days before that has been reached; null: none yet, or it is over. By
 * reaching and not by the very day, so that a day on which nothing ran is no reminder lost.
 */
export function stageOf(endsOn: string | null, today: string): Stage | null {
  if (endsOn === null || endsOn <= today) return null
  return TOLD_DAYS.filter(days => shifted(endsOn, -days) <= today).at(-1) ?? null
}
