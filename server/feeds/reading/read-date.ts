export const DATE_FORMATS = ['iso', 'da', 'filetime', 'generalized'] as const
export type DateFormat = (typeof DATE_FORMATS)[number]

/** 1601-01-01 to 1970-01-01 in milliseconds: where Windows' FILETIME begins. */
const FILETIME_EPOCH = 11_644_473_600_000n
const NEVER = 0x7fffffffffffffffn

/**
 * A date or an instant as the feed record has it: civil dates `YYYY-MM-DD`, instants ISO 8601 in UTC.
 * null: the source says "never" or "none" (FILETIME 0 and its largest value, [MS-ADTS] 2.2.1 and 3.1.1).
 */
export function readDate(text: string, format: DateFormat): string | null | 'invalid' {
  if (format === 'iso') {
    const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text)
    return match ? civil(match[1]!, match[2]!, match[3]!) : 'invalid'
  }
  if (format === 'da') {
    const match = /^(\d{1,2})[.\-/](\d{1,2})[.\-/](\d{4})$/.exec(text)
    return match ? civil(match[3]!, match[2]!.padStart(2, '0'), match[1]!.padStart(2, '0')) : 'invalid'
  }
  return format === 'filetime' ? readFiletime(text) : readGeneralizedTime(text)
}

function readFiletime(text: string): string | null | 'invalid' {
  if (!/^\d{1,19}$/.test(text)) return 'invalid'
  const ticks = BigInt(text)
  if (ticks === 0n || ticks >= NEVER) return null
  const at = new Date(Number(ticks / 10_000n - FILETIME_EPOCH))
  // accountExpires is also written as "a very long time from now".
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9000 ? null : at.toISOString()
}

const HOUR = 3_600_000
const MINUTE = 60_000

/**
 * RFC 4517, 3.3.13: minutes, seconds and a fraction may be there, the fraction being one of the last thing given
 * (`2026010203.5Z` is half past three); an offset may have no minutes. A leap second counts as the one before it.
 */
function readGeneralizedTime(text: string): string | 'invalid' {
  const match =
    /^(\d{4})(\d{2})(\d{2})(\d{2})(?:([0-5]\d)([0-5]\d|60)?)?(?:[.,](\d+))?(Z|[+-]\d{2}(?:[0-5]\d)?)$/i.exec(text)
  if (!match) return 'invalid'
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  if (civil(year!, month!, day!) === 'invalid' || Number(hour) > 23) return 'invalid'
  const unit = second !== undefined ? 1000 : minute !== undefined ? MINUTE : HOUR
  const offset =
    zone!.toUpperCase() === 'Z' ? 0 : Number(zone!.slice(1, 3)) * HOUR + Number(zone!.slice(3) || 0) * MINUTE
  const at =
    Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`) +
    Number(minute ?? 0) * MINUTE +
    Math.min(Number(second ?? 0), 59) * 1000 +
    Math.floor(Number(`0.${fraction ?? 0}`) * unit) -
    (zone!.startsWith('-') ? -offset : offset)
  const written = new Date(at).toISOString()
  return /^[1-9]|^0(?!000)/.test(written) ? written : 'invalid'
}

function civil(year: string, month: string, day: string): string | 'invalid' {
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`)
  const text = `${year}-${month}-${day}`
  // PostgreSQL knows no year 0.
  return year !== '0000' && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) ? text : 'invalid'
}
