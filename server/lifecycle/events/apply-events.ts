import { type EventName, typeOf } from '#contract/hr-event-types.ts'
import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { parseCpr } from '../../people/cpr.ts'
import { replaceCpr } from '../../people/cpr-store.ts'
import type { Fact } from '../../people/fact.ts'
import { lockPeople } from '../../people/fact-store.ts'
import { ensureUnits } from '../../people/identity-store.ts'
import { type FactDeps, identifyPerson, makeAffiliation, writeFacts } from '../../people/report-facts.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type Derived, deriveFacts, type KnownEvent } from './derive-facts.ts'
import {
  endsSince,
  findAffiliations,
  type GroupEvent,
  type GroupKey,
  groupOf,
  loadGroups,
  numberGroups,
  type Outcome,
  type PickedEvent,
  pickEvents,
  saveOutcomes,
} from './event-store.ts'
import { rightsSeenAfter } from './seen-after-view.ts'

export type ApplyParts = FactDeps & {
  /** Rights, and what follows from them, of affiliations whose facts are others now. */
  decide(tx: Tx, cause: string, affiliations: readonly string[]): Promise<void>
  /** What else follows from new facts in this transaction: reports that payroll tells of now. Answers changed affiliations. */
  follow(tx: Tx): Promise<string[]>
  failed(events: readonly string[], error: unknown): void
}
export type Applied = { picked: number; applied: number; waiting: number; held: number; failed: number }

export const BATCH = 200
/** Ends that one source may tell of within the window before a person is asked. */
export const ENDS_FLOOR = 25
export const ENDS_WINDOW_MINUTES = 60

/**
 * Carries out the next events, in one transaction: events to facts, facts to state, state to rights. What is written
 * follows from the rows alone, so that whoever is killed at any point leaves nothing half done, and doing it again does
 * the same. Two workers take turns at the people and never take the same event.
 */
export async function applyNext(tx: Tx, parts: ApplyParts, limit = BATCH): Promise<Applied> {
  await lockPeople(tx)
  const picked = await pickEvents(tx, parts.now, limit)
  const counts = { picked: picked.length, applied: 0, waiting: 0, held: 0, failed: 0 }
  if (picked.length === 0) return counts
  const outcomes = await holdBursts(tx, picked, parts.now)
  const held = new Set(outcomes.map(outcome => outcome.id))
  const go = picked.filter(event => !held.has(event.id))
  const { changed, outcomes: made } = await applyGroups(tx, go, parts)
  outcomes.push(...made)
  await saveOutcomes(tx, outcomes, parts.now)
  for (const { id, state } of outcomes)
    if (picked.some(event => event.id === id)) {
      if (state === 'applied' || state === 'waiting' || state === 'held' || state === 'failed') counts[state] += 1
    }
  const followed = counts.applied > 0 ? await parts.follow(tx) : []
  if (changed.length + followed.length > 0) await parts.decide(tx, 'hr events', [...new Set([...changed, ...followed])])
  await audit(tx).write({
    actor: systemActor('hr-events'),
    action: 'hr-event.carried-out',
    subjectKind: 'hr-event',
    detail: counts,
  })
  return counts
}

/** Many ends at once are more often a fault of a program than people who leave: all of them wait for a person. */
async function holdBursts(tx: Tx, picked: readonly PickedEvent[], now: Date): Promise<Outcome[]> {
  const held: Outcome[] = []
  const since = new Date(now.getTime() - ENDS_WINDOW_MINUTES * 60_000)
  const ends = picked.filter(event => event.ends && event.state === 'received')
  for (const [feed, events] of Map.groupBy(ends, event => event.feed)) {
    const ids = events.map(event => event.id)
    const count = ids.length + (await endsSince(tx, feed, since, ids))
    if (count <= ENDS_FLOOR) continue
    // Whose end it would be stands beside it: a person has to judge whether they can all have left.
    const known = await findAffiliations(tx, events)
    for (const event of events) {
      const found = known.get(groupOf(event))
      held.push({
        id: event.id,
        state: 'held',
        why: 'many-ends',
        params: { count, limit: ENDS_FLOOR },
        ...(found ? { personId: found.personId, affiliationId: found.id } : {}),
      })
    }
  }
  return held
}

type Group = { key: GroupKey; events: GroupEvent[]; personId: string; affiliationId: string; derived: Derived }

async function applyGroups(
  tx: Tx,
  picked: readonly PickedEvent[],
  parts: ApplyParts,
): Promise<{ changed: string[]; outcomes: Outcome[] }> {
  if (picked.length === 0) return { changed: [], outcomes: [] }
  const keys = [...new Map(picked.map(one => [groupOf(one), { feed: one.feed, subject: one.subject }])).values()]
  try {
    await tx.query('savepoint hr_events')
    const done = await applyTogether(tx, keys, picked, parts)
    await tx.query('release savepoint hr_events')
    return done
  } catch (error) {
    await tx.query('rollback to savepoint hr_events')
    // One event that cannot be carried out must not keep the others waiting.
    if (keys.length > 1) {
      const all = { changed: [] as string[], outcomes: [] as Outcome[] }
      for (const of of Map.groupBy(picked, groupOf).values()) {
        const one = await applyGroups(tx, of, parts)
        all.changed.push(...one.changed)
        all.outcomes.push(...one.outcomes)
      }
      return all
    }
    const ids = picked.map(one => one.id)
    parts.failed(ids, error)
    return { changed: [], outcomes: await failures(tx, ids, parts.now) }
  }
}

/** Tried again after a minute, then ever later, for a day; after that a person has to. */
async function failures(tx: Tx, ids: readonly string[], now: Date): Promise<Outcome[]> {
  const rows = await tx.query<{ id: string; attempts: number }>(
    'select event_id as id, attempts from hr_event_state where event_id = any($1)',
    [ids],
  )
  return rows.map(({ id, attempts }) => ({
    id,
    state: 'failed',
    why: 'not-applied',
    nextAt: attempts < 10 ? new Date(now.getTime() + 60_000 * 2 ** attempts) : null,
  }))
}

async function applyTogether(
  tx: Tx,
  keys: readonly GroupKey[],
  picked: readonly PickedEvent[],
  parts: ApplyParts,
): Promise<{ changed: string[]; outcomes: Outcome[] }> {
  const pickedIds = new Set(picked.map(event => event.id))
  const loaded = await loadGroups(tx, keys, [...pickedIds], parts.keyring)
  const known = await findAffiliations(tx, keys)
  const units = await unitsOf(tx, [...loaded.values()].flat())
  const outcomes: Outcome[] = []
  const groups: Group[] = []
  for (const key of keys) {
    const events = loaded.get(groupOf(key)) ?? []
    const found = known.get(groupOf(key)) ?? (await makeKnown(tx, key, events, parts))
    if (!found) {
      for (const { id } of events) outcomes.push({ id, state: 'waiting', why: 'affiliation-unknown' })
      continue
    }
    const subject = { feed: key.feed, key: key.subject, affiliationId: found.id, personId: found.personId, ...units }
    groups.push({
      key,
      events,
      personId: found.personId,
      affiliationId: found.id,
      derived: deriveFacts(events, subject),
    })
  }
  const made: Fact[] = []
  for (const { events, derived } of groups) {
    const written = new Set(events.flatMap(event => event.facts))
    for (const facts of derived.facts.values()) for (const fact of facts) if (!written.has(fact.hash)) made.push(fact)
  }
  const changed = await writeFacts(
    tx,
    [...new Map(made.map(fact => [fact.hash, fact])).values()].map(fact => ({
      fact,
      reason: undefined,
      actorId: undefined,
    })),
    parts,
  )
  await settleNumbers(tx, groups, parts)
  for (const group of groups)
    for (const event of group.events) outcomes.push(await outcomeOf(tx, group, event, pickedIds.has(event.id), parts))
  return { changed, outcomes }
}

async function outcomeOf(
  tx: Tx,
  { derived, personId, affiliationId }: Group,
  event: GroupEvent,
  isNew: boolean,
  parts: ApplyParts,
): Promise<Outcome> {
  const facts = (derived.facts.get(event.uid) ?? []).map(fact => fact.hash)
  const why = derived.waiting.get(event.uid) ?? null
  const about = { id: event.id, personId, affiliationId, facts }
  if (why) return { ...about, state: 'waiting', why }
  const from = event.effectiveOn
  const late =
    (isNew || event.state === 'waiting') &&
    endsByItself(event) &&
    from !== null &&
    from < parts.today &&
    derived.alive.has(event.uid)
  const note = late ? await rightsSeenAfter(tx, personId, from, parts.today) : null
  return { ...about, state: 'applied', ...(note ? { notes: [note] } : {}) }
}

const endsByItself = (event: KnownEvent): boolean => {
  const said = event.name === 'corrected' ? String(event.data.type) : typeOf(event.name)
  return said === typeOf('ended') || said === typeOf('died')
}

/** The person and the affiliation that the first hire tells of. */
async function makeKnown(
  tx: Tx,
  key: GroupKey,
  events: readonly GroupEvent[],
  parts: ApplyParts,
): Promise<{ id: string; personId: string } | null> {
  const first = events.find(event => event.name === 'hired')
  if (!first) return null
  const person = first.data.person as { key: string; cpr?: string }
  const { identityId } = await identifyPerson(
    tx,
    { source: key.feed, key: person.key, ...(person.cpr ? { cpr: person.cpr } : {}) },
    parts,
  )
  const id = await makeAffiliation(tx, { source: key.feed, key: key.subject, personId: identityId })
  return { id, personId: identityId }
}

/** Units that events name, made where they are missing, as feeds do. */
async function unitsOf(tx: Tx, events: readonly GroupEvent[]) {
  const named = (name: 'unit' | 'payUnit') =>
    new Set(
      events.flatMap(({ data }) =>
        [data[name], (data.data as Record<string, unknown> | undefined)?.[name]].filter(key => typeof key === 'string'),
      ),
    )
  const admin = await ensureUnits(tx, named('unit'), false)
  const pay = await ensureUnits(tx, named('payUnit'), true)
  return {
    unitId: (key: string) => admin.ids.get(key) as string,
    payUnitId: (key: string) => pay.ids.get(key) as string,
  }
}

/** A person's number is the one that was told last, whatever came first; taken back, it is the one before. */
async function settleNumbers(tx: Tx, groups: readonly Group[], parts: ApplyParts): Promise<void> {
  const about = groups.filter(group => group.events.some(tellsNumber))
  if (about.length === 0) return
  const people = [...new Set(about.map(group => group.personId))]
  const all = new Map(groups.map(group => [groupOf(group.key), group.events]))
  const others = (await numberGroups(tx, people, NUMBER_TYPES)).filter(key => !all.has(groupOf(key)))
  for (const [name, events] of await loadGroups(tx, others, [], parts.keyring)) all.set(name, events)
  const owner = new Map(about.map(group => [groupOf(group.key), group.personId]))
  for (const [name, found] of await findAffiliations(tx, others)) owner.set(name, found.personId)
  for (const personId of people) {
    const told = [...owner].filter(([, id]) => id === personId).flatMap(([name]) => numbersIn(all.get(name) ?? []))
    const last = told.sort((a, b) => a.time.getTime() - b.time.getTime() || (a.uid < b.uid ? -1 : 1)).at(-1)
    await replaceCpr(tx, parts.keyring, personId, last?.cpr ?? null, parts.now)
  }
}

const NUMBER: EventName = 'person-number-changed'
const NUMBER_TYPES = [typeOf(NUMBER)]
const tellsNumber = (event: KnownEvent): boolean => event.name === NUMBER

function numbersIn(events: readonly GroupEvent[]): { uid: string; time: Date; cpr: string }[] {
  const nobody = { feed: '', key: '', affiliationId: '', personId: '', unitId: String, payUnitId: String }
  const { alive } = deriveFacts(events, nobody)
  return events.flatMap(event => {
    const data = event.name === 'corrected' && event.data.type === typeOf(NUMBER) ? event.data.data : event.data
    const said = event.name === NUMBER || event.data.type === typeOf(NUMBER)
    const cpr = said && alive.has(event.uid) ? parseCpr(String((data as { cpr?: string }).cpr ?? '')) : null
    const target = event.name === 'corrected' ? events.find(one => one.uid === event.refers) : undefined
    return cpr ? [{ uid: event.uid, time: target?.time ?? event.time, cpr }] : []
  })
}
