import { civilDate } from '../../platform/clock.ts'

/** `20260302224000` in a name, in the town hall's own time; null where there is none, or none that is one. */
export function stampIn(name: string): Date | null {
  const match = /(?<!\d)(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?!\d)/.exec(name)
  if (!match) return null
  const [, year, month, day, hour, minute, second] = match
  const civil = `${year}-${month}-${day}`
  const asUtc = new Date(`${civil}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(asUtc.getTime()) || !asUtc.toISOString().startsWith(civil)) return null
  // Copenhagen is one or two hours ahead; at the hour that comes twice, the first of the two.
  for (const ahead of [2, 1]) {
    const at = new Date(asUtc.getTime() - ahead * 3_600_000)
    if (sameTime(at, `${civil} ${hour}:${minute}:${second}`)) return at
  }
  return new Date(asUtc.getTime() - 3_600_000)
}

const sameTime = (at: Date, text: string) => at.toLocaleString('sv-SE', { timeZone: 'Europe/Copenhagen' }) === text

/** As payroll writes a date: `2026-03-02`, `02.03.2026` or `20260302`. null: none. Years from 9000 on mean "no end". */
export function payrollDate(text: string): string | null | 'invalid' {
  const plain = text.trim()
  if (plain === '' || /^0{4}-?0{2}-?0{2}$/.test(plain)) return null
  const match =
    /^(\d{4})-(\d{2})-(\d{2})/.exec(plain) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ??
    /^(?<day>\d{2})\.(?<month>\d{2})\.(?<year>\d{4})$/.exec(plain)
  if (!match) return 'invalid'
  const civil = match.groups
    ? `${match.groups.year}-${match.groups.month}-${match.groups.day}`
    : `${match[1]}-${match[2]}-${match[3]}`
  if (civil >= '9000') return null
  const at = new Date(`${civil}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && civil !== '0000' && at.toISOString().startsWith(civil) ? civil : 'invalid'
}

/** The day after: payroll names the last day, and ranges here are closed-open. */
export const dayAfter = (date: string): string => shifted(date, 1)
export const shifted = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Nobody was hired before, and nobody is hired so long ahead: a slip of the year. */
const EARLIEST = '1930-01-01'
const AHEAD_YEARS = 10
export const implausible = (date: string, today: string): boolean =>
  date < EARLIEST || Number(date.slice(0, 4)) > Number(today.slice(0, 4)) + AHEAD_YEARS

export const civilDayOf = civilDate

/**
 * Part of full time from what payroll counts in: `30` of `37`, `1 ` of `1 `, `80` of `1` (per cent). null: not said.
 * `odd`: nothing that can be one, such as a denominator of 0.
 */
export function fractionOf(numerator: string, denominator: string): number | null | 'odd' {
  const over = numberIn(numerator)
  const under = numberIn(denominator)
  if (over === null && under === null) return null
  if (over === null || Number.isNaN(over) || over < 0) return 'odd'
  if (under === null ? false : Number.isNaN(under) || under <= 0) return 'odd'
  const part = over / (under ?? 1)
  const share = part > 1.5 ? part / 100 : part
  return share > 1.5 ? 'odd' : Math.round(share * 10_000) / 10_000
}

const numberIn = (text: string): number | null => {
  const plain = text.trim().replace('%', '').replace(',', '.').trim()
  return plain === '' ? null : /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN
}
