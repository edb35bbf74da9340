import type { AuditWrite } from '../../audit/audit-entry.ts'
import { canonical } from '../../people/fact.ts'
import type { Json } from '../../platform/feed-record.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { problem } from '../../platform/problem.ts'
import type { Program } from '../../policy/actor.ts'
import { endsSomebody, type Fault, looksLikeCpr, masked, type ReceivedEvent, readEvent } from './read-event.ts'

/** One row as it is kept: what may be read by everybody who looks in the table, and the whole under seal. */
export type StoredEvent = ReceivedEvent & {
  feed: string
  sealed: string | null
  shown: Json
  ends: boolean
}
export type EventRows = {
  /** Null: one with this source and id is there. */
  insert(event: StoredEvent, tokenId: string, now: Date): Promise<string | null>
  find(feed: string, source: string, eventId: string): Promise<{ id: string; content: string } | null>
}

/** What is sealed of an event is bound to this purpose. */
export const SEAL = 'hr-event'
const MOST = 500

/**
 * Takes events in: after this has been committed nothing of them can be lost. A repeat with the same content is the
 * same event. A batch is taken as a whole or not at all. Answers the ids in the order of the events.
 * Throws `invalid-request` with the fields, `event-differs`.
 */
export async function receiveEvents(
  given: unknown,
  program: Program,
  parts: {
    rows: EventRows
    keyring: Keyring
    now: Date
    audit(entry: AuditWrite): Promise<unknown>
    actor: AuditWrite['actor']
    requestId: string
  },
): Promise<string[]> {
  const many = Array.isArray(given)
  const list: unknown[] = many ? given : [given]
  if (list.length === 0 || list.length > MOST)
    throw problem('invalid-request', { errors: [{ where: 'body', what: `must be 1 to ${MOST} events` }] })
  const at = (place: number) => (many ? `body/${place}` : 'body')
  const read = list.map((one, place) => readOne(one, at(place)))
  const errors = read.flatMap(one => (one.ok ? [] : one.errors))
  if (errors.length > 0)
    throw problem('invalid-request', { detail: 'The event is not as its type says. Nothing was stored.', errors })
  const ids: string[] = []
  let fresh = 0
  for (const [place, one] of read.entries()) {
    if (!one.ok) continue
    const event = store(one.event, program.feed, parts.keyring)
    const made = await parts.rows.insert(event, program.tokenId, parts.now)
    if (made) fresh += 1
    const known = made ? null : await parts.rows.find(program.feed, event.source, event.eventId)
    if (known && known.content !== contentOf(event))
      throw problem('event-differs', {
        detail:
          'An event with this source and id was received before with other content. Send a corrected event with an id of its own.',
        errors: [{ where: `${at(place)}/id`, what: 'was used for other content' }],
      })
    ids.push(made ?? (known as { id: string }).id)
  }
  await parts.audit({
    actor: parts.actor,
    action: 'hr-event.received',
    subjectKind: 'hr-event',
    subjectId: ids.length === 1 ? (ids[0] as string) : null,
    detail: { feed: program.feed, tokenId: program.tokenId, events: ids.length, new: fresh },
    requestId: parts.requestId,
  })
  return ids
}

function readOne(given: unknown, where: string): { ok: true; event: ReceivedEvent } | { ok: false; errors: Fault[] } {
  const read = readEvent(given, where)
  if (!read.ok) return read
  const { event } = read
  const person = event.data.person as { key?: Json } | undefined
  const keys = { source: event.source, id: event.eventId, subject: event.subject, 'data/person/key': person?.key }
  // Keys stand in lists, in addresses and in logs.
  const errors = Object.entries(keys).flatMap(([name, key]) =>
    typeof key === 'string' && looksLikeCpr(key)
      ? [{ where: `${where}/${name}`, what: 'must not be a CPR number: use a key of your own, and data/person/cpr' }]
      : [],
  )
  return errors.length > 0 ? { ok: false, errors } : read
}

/** What makes a repeat a repeat. */
export const contentOf = (
  event: Pick<ReceivedEvent, 'source' | 'eventId' | 'type' | 'subject' | 'time' | 'sequence' | 'data'>,
): string =>
  canonical([
    event.source,
    event.eventId,
    event.type,
    event.subject,
    event.time.toISOString(),
    event.sequence,
    event.data,
  ])

function store(event: ReceivedEvent, feed: string, keyring: Keyring): StoredEvent {
  const { data } = event
  const whole = canonical(data)
  const shown = masked(data)
  return {
    ...event,
    feed,
    shown,
    sealed: canonical(shown) === whole ? null : keyring.encrypt(whole, SEAL),
    ends: endsSomebody(event),
  }
}
