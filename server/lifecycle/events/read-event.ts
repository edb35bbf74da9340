import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { cloudEvent, EVENT_DATA, type EventName, nameOfType } from '#contract/hr-event-types.ts'
import { parseCpr } from '../../people/cpr.ts'
import type { Json } from '../../platform/feed-record.ts'

export type EventData = Record<string, Json>
/** An event as it was received and found to be well-formed. */
export type ReceivedEvent = {
  source: string
  eventId: string
  type: string
  /** Null: a type that is not known. */
  name: EventName | null
  subject: string
  time: Date
  effectiveOn: string | null
  sequence: number | null
  refers: { source: string; id: string } | null
  data: EventData
}
export type Fault = { where: string; what: string }

/** One event from what was sent; `where` goes before the path of what is wrong. Pure. */
export function readEvent(
  given: unknown,
  where: string,
): { ok: true; event: ReceivedEvent } | { ok: false; errors: Fault[] } {
  const envelope = cloudEvent.safeParse(given)
  if (!envelope.success) return { ok: false, errors: faults(envelope.error, where) }
  const { source, id, type, subject, time, sequence } = envelope.data
  const name = nameOfType(type)
  let data = envelope.data.data as EventData
  if (name !== null) {
    const read = EVENT_DATA[name].safeParse(data)
    if (!read.success) return { ok: false, errors: faults(read.error, `${where}/data`) }
    data = read.data as EventData
  }
  const effective = name === null ? null : effectiveOf(name, data)
  const refers = name === 'cancelled' || name === 'corrected' ? (data.event as { source: string; id: string }) : null
  return {
    ok: true,
    event: {
      source,
      eventId: id,
      type,
      name,
      subject,
      time: new Date(time),
      effectiveOn: effective,
      sequence: sequence === undefined ? null : Number(sequence),
      refers,
      data,
    },
  }
}

function effectiveOf(name: EventName, data: EventData): string | null {
  const own = data.effectiveDate
  if (typeof own === 'string') return own
  const inner = name === 'corrected' ? (data.data as EventData).effectiveDate : undefined
  return typeof inner === 'string' ? inner : null
}

function faults(error: z.ZodError, where: string): Fault[] {
  return error.issues.flatMap(issue => {
    const at = `${where}${issue.path.map(step => `/${String(step)}`).join('')}`
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map(key => ({ where: `${at}/${key}`, what: 'is not known' }))
    return [{ where: at, what: issue.message }]
  })
}

/** Does it take rights away from somebody? A burst of such events waits for a person. */
export function endsSomebody(event: Pick<ReceivedEvent, 'name' | 'data'>): boolean {
  const { name, data } = event
  if (name === 'ended' || name === 'died' || name === 'cancelled') return true
  if (name === 'changed') return typeof data.endsOn === 'string'
  if (name !== 'corrected') return false
  const inner = data.data as EventData
  const type = nameOfType(String(data.type))
  return type !== null && type !== 'corrected' && type !== 'cancelled' && endsSomebody({ name: type, data: inner })
}

const NUMBER = /(?<!\d)(\d{6})-?(\d{4})(?!\d)/g
const ALONE = /(?<!\w)(\d{6})-?(\d{4})(?!\w)/g

const hidden = (text: string): string =>
  text.replace(NUMBER, (number, date) => (parseCpr(number) ? `${date}-xxxx` : number))

/** What may be shown and stored in clear: whatever could be a CPR number keeps its date only. */
export function masked(value: Json): Json {
  if (typeof value === 'string') return hidden(value)
  // A number that was written as one has lost its first zero.
  if (typeof value === 'number') return parseCpr(String(value).padStart(10, '0')) ? 'xxxxxx-xxxx' : value
  if (Array.isArray(value)) return value.map(masked)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      hidden(key),
      key === 'cpr' && typeof inner === 'string' ? `${inner.slice(0, 6)}-xxxx` : masked(inner),
    ]),
  )
}

/**
 * A key that holds a CPR number would stand in addresses, logs and lists. Digits within a longer word are none: an id
 * of random hexadecimal digits may hold any ten of them.
 */
export const looksLikeCpr = (text: string): boolean =>
  [...text.matchAll(ALONE)].some(([number]) => parseCpr(number) !== null)

/** Names an event within everything that a feed has sent. */
export const uidOf = (source: string, id: string): string => `${source}\n${id}`

/** Spreads corrections of one event over the second behind it, so that no two of them are one statement. */
export const offsetOf = (uid: string): number => 1 + (createHash('sha256').update(uid).digest().readUInt16BE(0) % 999)
