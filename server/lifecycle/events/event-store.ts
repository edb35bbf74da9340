import type { z } from 'zod'
import { nameOfType } from '#contract/hr-event-types.ts'
import type { EventState, EventWhy, hrReceipt } from '#contract/hr-events.ts'
import { newId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { planned } from '../../platform/planned.ts'
import type { Db, Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { sqlFor } from '../../policy/policy.ts'
import type { KnownEvent } from './derive-facts.ts'
import { contentOf, type EventRows, SEAL } from './event-service.ts'
import type { InboxRows } from './inbox-service.ts'
import { type EventData, uidOf } from './read-event.ts'

export function eventRows(tx: Tx, keyring: Keyring): EventRows {
  return {
    insert: async (event, tokenId, now) => {
      const id = newId(now.getTime())
      const known = event.name !== null
      const made = await planned(
        tx,
        `with event as (
         insert into hr_event (id, feed, source, event_id, type, subject, time, effective_on, sequence, refers_source,
           refers_id, data, sealed, ends, received_at, token_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict (feed, source, event_id) do nothing returning id)
         insert into hr_event_state (event_id, state, why, changed_at) select id, $17, $18, $15 from event returning event_id`,
        [
          id,
          event.feed,
          event.source,
          event.eventId,
          event.type,
          event.subject,
          event.time,
          event.effectiveOn,
          event.sequence,
          event.refers?.source ?? null,
          event.refers?.id ?? null,
          JSON.stringify(event.shown),
          event.sealed,
          event.ends,
          now,
          tokenId,
          known ? 'received' : 'unknown-type',
          known ? null : 'type-unknown',
        ],
      )
      return made.length === 0 ? null : id
    },
    find: async (feed, source, eventId) => {
      const [row] = await tx.query<{
        id: string
        type: string
        subject: string
        time: Date
        sequence: number | null
        data: EventData
        sealed: string | null
      }>(
        'select id, type, subject, time, sequence, data, sealed from hr_event where feed = $1 and source = $2 and event_id = $3',
        [feed, source, eventId],
      )
      if (!row) return null
      const sequence = row.sequence === null ? null : Number(row.sequence)
      const { id, type, subject, time } = row
      return { id, content: contentOf({ source, eventId, type, subject, time, sequence, data: opened(row, keyring) }) }
    },
  }
}

const opened = (row: { data: EventData; sealed: string | null }, keyring: Keyring): EventData =>
  row.sealed === null ? row.data : (JSON.parse(keyring.decrypt(row.sealed, SEAL)) as EventData)

export type PickedEvent = {
  id: string
  feed: string
  subject: string
  state: EventState
  ends: boolean
  effectiveOn: string | null
}

/** The next events to carry out, locked: another worker takes others, and one that is killed leaves them as they were. */
export async function pickEvents(tx: Tx, now: Date, limit: number): Promise<PickedEvent[]> {
  return tx.query<PickedEvent>(
    `select e.id, e.feed, e.subject, s.state, e.ends, e.effective_on as "effectiveOn"
     from hr_event_state s join hr_event e on e.id = s.event_id
     where s.state in ('received', 'approved') or (s.state = 'failed' and s.next_at <= $1)
     order by e.received_at, e.id limit $2 for update of s skip locked`,
    [now, limit],
  )
}

export type GroupKey = { feed: string; subject: string }
export type GroupEvent = KnownEvent & { id: string; state: EventState; facts: string[]; effectiveOn: string | null }

/** Everything that has been said about these affiliations and is not held or set aside. */
export async function loadGroups(
  tx: Tx,
  keys: readonly GroupKey[],
  picked: readonly string[],
  keyring: Keyring,
): Promise<Map<string, GroupEvent[]>> {
  const rows = await tx.query<{
    id: string
    feed: string
    subject: string
    source: string
    eventId: string
    type: string
    time: Date
    refersSource: string | null
    refersId: string | null
    data: EventData
    sealed: string | null
    state: EventState
    facts: string[]
    effectiveOn: string | null
  }>(
    `select e.id, e.feed, e.subject, e.source, e.event_id as "eventId", e.type, e.time, e.refers_source as "refersSource",
       e.refers_id as "refersId", e.data, e.sealed, s.state, s.facts, e.effective_on as "effectiveOn"
     from json_to_recordset($1::json) as k(feed text, subject text)
     join hr_event e on e.feed = k.feed and e.subject = k.subject join hr_event_state s on s.event_id = e.id
     where s.state in ('applied', 'waiting') or e.id = any($2)
     order by e.time, e.id`,
    [JSON.stringify(keys), picked],
  )
  const groups = new Map<string, GroupEvent[]>()
  for (const row of rows) {
    const name = nameOfType(row.type)
    if (name === null) continue
    const group = groupOf(row)
    const list = groups.get(group) ?? []
    list.push({
      id: row.id,
      uid: uidOf(row.source, row.eventId),
      name,
      time: row.time,
      refers: row.refersSource !== null && row.refersId !== null ? uidOf(row.refersSource, row.refersId) : null,
      data: opened(row, keyring),
      state: row.state,
      facts: row.facts,
      effectiveOn: row.effectiveOn,
    })
    groups.set(group, list)
  }
  return groups
}

export const groupOf = ({ feed, subject }: GroupKey): string => `${feed}\n${subject}`

export type Outcome = {
  id: string
  state: EventState
  why?: EventWhy | null
  params?: Record<string, string | number>
  personId?: string | null
  affiliationId?: string | null
  facts?: string[]
  notes?: unknown[]
  nextAt?: Date | null
}

/** What became of events; what is left out stays. Facts are only ever added. */
export async function saveOutcomes(tx: Tx, outcomes: readonly Outcome[], now: Date): Promise<void> {
  if (outcomes.length === 0) return
  await tx.query(
    `update hr_event_state s set state = r.state, why = r.why, params = coalesce(r.params, '{}'), changed_at = $2,
       next_at = r."nextAt", person_id = coalesce(r."personId", s.person_id),
       affiliation_id = coalesce(r."affiliationId", s.affiliation_id),
       facts = coalesce((select array_agg(distinct f order by f)
         from unnest(s.facts || array(select jsonb_array_elements_text(coalesce(r.facts, '[]')))) as f), '{}'),
       notes = coalesce(r.notes, s.notes),
       attempts = s.attempts + case when r.state = 'failed' then 1 else 0 end
     from json_to_recordset($1::json) as r(id uuid, state text, why text, params jsonb, "personId" uuid,
       "affiliationId" uuid, facts jsonb, notes jsonb, "nextAt" timestamptz)
     where s.event_id = r.id`,
    [JSON.stringify(outcomes), now],
  )
}

/** Affiliations of a feed by their keys, with the identity that the feed gave them. */
export async function findAffiliations(
  tx: Tx,
  keys: readonly GroupKey[],
): Promise<Map<string, { id: string; personId: string }>> {
  const rows = await tx.query<GroupKey & { id: string; personId: string }>(
    `select a.source as feed, a.key as subject, a.id, a.identity_id as "personId"
     from json_to_recordset($1::json) as k(feed text, subject text)
     join affiliation a on a.source = k.feed and a.key = k.subject where a.identity_id is not null`,
    [JSON.stringify(keys)],
  )
  return new Map(rows.map(row => [groupOf(row), { id: row.id, personId: row.personId }]))
}

/** The other affiliations of these people that events have told a number of. */
export async function numberGroups(
  tx: Tx,
  personIds: readonly string[],
  types: readonly string[],
): Promise<GroupKey[]> {
  return tx.query<GroupKey>(
    `select distinct e.feed, e.subject from hr_event_state s join hr_event e on e.id = s.event_id
     where s.person_id = any($1) and e.feed is not null and exists (select from hr_event o
       where o.feed = e.feed and o.subject = e.subject and o.type = any($2))`,
    [personIds, types],
  )
}

/** What is sealed, sealed anew with the current key. In batches: may be cut off and run again. */
export async function rotateEventKeys(db: Db, keyring: Keyring, batch = 500): Promise<number> {
  let moved = 0
  for (;;) {
    const count = await db.transaction(async tx => {
      const rows = await tx.query<{ id: string; sealed: string }>(
        `select id, sealed from hr_event where sealed is not null and split_part(sealed, '.', 1) <> $1
         limit $2 for update skip locked`,
        [keyring.current, batch],
      )
      await tx.query(
        `update hr_event e set sealed = r.sealed from json_to_recordset($1::json) as r(id uuid, sealed text) where e.id = r.id`,
        [
          JSON.stringify(
            rows.map(row => ({ id: row.id, sealed: keyring.encrypt(keyring.decrypt(row.sealed, SEAL), SEAL) })),
          ),
        ],
      )
      return rows.length
    })
    if (count === 0) return moved
    moved += count
  }
}

/** Receipts of a feed's own events, in the order of the ids. */
export async function readReceipts(
  tx: Tx,
  feed: string,
  ids: readonly string[],
): Promise<z.output<typeof hrReceipt>[]> {
  const rows = await tx.query<{
    receipt: string
    source: string
    id: string
    state: EventState
    why: EventWhy | null
    receivedAt: Date
  }>(
    `select e.id as receipt, e.source, e.event_id as id, s.state, s.why, e.received_at as "receivedAt"
     from unnest($2::uuid[]) with ordinality as w (id, place) join hr_event e on e.id = w.id
     join hr_event_state s on s.event_id = e.id where e.feed = $1 order by w.place`,
    [feed, ids],
  )
  return rows.map(row => ({ ...row, receivedAt: row.receivedAt.toISOString(), poll: `/api/hr/events/${row.receipt}` }))
}

/** For what people decide about events: only those of feeds that the actor may settle. */
export function inboxRows(tx: Tx, actor: Actor): InboxRows {
  return {
    find: async ids => {
      const { sql, params } = sqlFor(
        actor,
        'decide',
        'HrEvent',
        { feed: { sql: 'e.feed', type: 'text' } },
        { startAt: 2 },
      )
      return tx.query(
        `select e.id, s.state, s.person_id as "personId" from hr_event_state s join hr_event e on e.id = s.event_id
         where e.id = any($1) and (${sql}) order by e.id for update of s`,
        [ids, ...params],
      )
    },
    move: (ids, to) =>
      tx.query(
        `update hr_event_state set state = $2, why = case when $2 = 'set-aside' then 'by-hand' end, decided_by = $3,
           reason = $4, changed_at = $5, next_at = null where event_id = any($1)`,
        [ids, to.state, to.by, to.reason, to.now],
      ),
  }
}
