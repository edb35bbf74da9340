import type { Language } from './language.ts'

const zone = 'Europe/Copenhagen'
const locales = { da: 'da-DK', en: 'en-GB' } as const
const cache = new Map<string, Intl.DateTimeFormat>()

function dateFormat(language: Language, name: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${name}`
  let format = cache.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(locales[language], { timeZone: zone, ...options })
    cache.set(key, format)
  }
  return format
}

/**
 * Civil dates (`2026-11-21`) are taken apart by hand: as an instant they would be midnight UTC, which is another day
 * west of Greenwich. Danish 21.11.2026, English 21/11/2026.
 */
export function formatDate(language: Language, civil: string): string {
  const [year, month, day] = civil.slice(0, 10).split('-')
  return language === 'da' ? `${day}.${month}.${year}` : `${day}/${month}/${year}`
}

/** Last day that counts, of a closed-open range: `endsOn` is the first day on which it no longer holds. */
export function lastDay(civil: string): string {
  return addDays(civil, -1)
}

/** A civil date so many days later. */
export function addDays(civil: string, days: number): string {
  const day = new Date(`${civil.slice(0, 10)}T12:00:00Z`)
  day.setUTCDate(day.getUTCDate() + days)
  return day.toISOString().slice(0, 10)
}

export const formatLongDate = (language: Language, civil: string): string =>
  dateFormat(language, 'long', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(
    new Date(`${civil.slice(0, 10)}T12:00:00Z`),
  )

/** The Copenhagen day of an instant, as a civil date. */
export function dayOf(instant: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(instant))
}

export const formatDay = (language: Language, instant: string): string => formatDate(language, dayOf(instant))

export function formatTime(language: Language, instant: string): string {
  const text = dateFormat(language, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    new Date(instant),
  )
  return language === 'da' ? text.replace(':', '.') : text
}

export const formatInstant = (language: Language, instant: string): string =>
  `${formatDay(language, instant)} ${formatTime(language, instant)}`

export const formatNumber = (language: Language, value: number): string =>
  new Intl.NumberFormat(locales[language], { maximumFractionDigits: 2 }).format(value)

export const formatPercent = (language: Language, value: number): string =>
  new Intl.NumberFormat(locales[language], { style: 'percent', maximumFractionDigits: 0 }).format(value)

/** Seconds or minutes, for the duration of a phase. */
export function formatDuration(language: Language, milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${formatNumber(language, Math.round(seconds * 10) / 10)} s`
  return `${formatNumber(language, Math.round(seconds / 6) / 10)} min`
}

/** "3 hours ago" in the language of the screen. */
export function formatAgo(language: Language, instant: string, now: number = Date.now()): string {
  const seconds = Math.round((new Date(instant).getTime() - now) / 1000)
  const format = new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' })
  const size = Math.abs(seconds)
  if (size < 90) return format.format(Math.round(seconds / 60), 'minute')
  if (size < 5_400) return format.format(Math.round(seconds / 60), 'minute')
  if (size < 129_600) return format.format(Math.round(seconds / 3_600), 'hour')
  if (size < 2_592_000) return format.format(Math.round(seconds / 86_400), 'day')
  return format.format(Math.round(seconds / 2_592_000), 'month')
}
