import type { Json } from '../../platform/feed-record.ts'

const CPR = /\b\d{6}[-\s]?\d{4}\b/g
/** Attributes whose values say nothing about what went wrong, and much about a person or a secret. */
const HIDDEN =
  /cpr|person(nummer|al)|birth|f(ø|oe)d(t|selsdato)|password|adgangskode|pwd|secret|mail|phone|telefon|mobil|adresse|address|photo|certificate/i
const MOST = 200

/**
 * A rejected entry as it may be kept for the one who has to repair it: short, without CPR numbers wherever they stand,
 * and without the values of attributes that are personal by name.
 */
export function maskRaw(raw: Record<string, Json>): Record<string, Json> {
  const masked: Record<string, Json> = {}
  for (const [name, value] of Object.entries(raw).slice(0, 60))
    masked[name] = HIDDEN.test(name) && value !== null && value !== '' ? '•••' : maskValue(value)
  return masked
}

function maskValue(value: Json): Json {
  if (typeof value === 'string') return maskText(value)
  if (Array.isArray(value)) return value.slice(0, 10).map(maskValue)
  return typeof value === 'object' && value !== null ? maskRaw(value) : value
}

export function maskText(text: string): string {
  const short = text.length > MOST ? `${text.slice(0, MOST)}…` : text
  return short.replace(CPR, digits => `${digits.slice(0, 6)}-xxxx`)
}
