import { type EventName, nameOfType, type SimpleName } from '#contract/hr-event-types.ts'
import { NEVER_BEGAN } from '../../people/derive-timeline.ts'
import { type Fact, makeFact, retractionOf } from '../../people/fact.ts'
import type { NormalAttrs } from '../../platform/feed-record.ts'
import { type EventData, offsetOf } from './read-event.ts'

/** One event of an affiliation, as it is kept. */
export type KnownEvent = {
  uid: string
  name: EventName
  time: Date
  refers: string | null
  data: EventData
}
/** Who and what the keys of the events are; settled before anything is derived. */
export type Subject = {
  feed: string
  /** The feed's key of the affiliation. */
  key: string
  affiliationId: string
  personId: string
  unitId(key: string): string
  payUnitId(key: string): string
}
export type Waits = 'target-unknown' | 'target-other-type'
export type Derived = {
  /** Per event, in the order in which they must be written. */
  facts: Map<string, Fact[]>
  waiting: Map<string, Waits>
  /** Events that count: not cancelled, not replaced. */
  alive: Set<string>
}

/**
 * What the events of one affiliation state. Pure, and the same for whatever order they came in: a fact's content
 * decides what it is, taking back names the fact, and of two statements the one that was said later counts. More events
 * only ever add facts, so nothing has to be changed that was written before.
 */
export function deriveFacts(events: readonly KnownEvent[], subject: Subject): Derived {
  const byUid = new Map(events.map(event => [event.uid, event]))
  const waiting = new Map<string, Waits>()
  const root = (event: KnownEvent): KnownEvent | null => {
    const seen = new Set<string>()
    let at = event
    while (at.name === 'corrected') {
      if (seen.has(at.uid)) return null
      seen.add(at.uid)
      const next = byUid.get(at.refers ?? '')
      if (!next) return null
      at = next
    }
    return at
  }

  // What each event says by itself; a correction speaks in the place of what it corrects.
  const own = new Map<string, Fact[]>()
  const corrections = new Map<string, KnownEvent[]>()
  for (const event of events) {
    if (event.name === 'cancelled') {
      if (!byUid.has(event.refers ?? '')) waiting.set(event.uid, 'target-unknown')
      own.set(event.uid, [])
    } else if (event.name === 'corrected') {
      const target = root(event)
      const name = nameOfType(String(event.data.type)) as SimpleName
      if (target === null) waiting.set(event.uid, 'target-unknown')
      else if (target.name !== name) waiting.set(event.uid, 'target-other-type')
      if (waiting.has(event.uid) || target === null) {
        own.set(event.uid, [])
        continue
      }
      corrections.set(target.uid, [...(corrections.get(target.uid) ?? []), event])
      const time = new Date(target.time.getTime() + offsetOf(event.uid))
      own.set(event.uid, stated(name, event.data.data as EventData, time, subject))
    } else own.set(event.uid, stated(event.name, event.data, event.time, subject))
  }
  for (const list of corrections.values()) list.sort(byTime)

  const facts = new Map<string, Fact[]>()
  const of = (event: KnownEvent, path: readonly string[]): Fact[] => {
    const known = facts.get(event.uid)
    if (known) return known
    if (path.includes(event.uid)) return []
    const made = [...(own.get(event.uid) ?? [])]
    const takeBack = (all: readonly Fact[]) => {
      for (const fact of all) made.push(retractionOf(fact, event.time))
    }
    if (event.name === 'corrected' && !waiting.has(event.uid)) {
      const target = root(event) as KnownEvent
      takeBack(own.get(target.uid) ?? [])
      for (const earlier of corrections.get(target.uid) ?? []) {
        if (earlier.uid === event.uid) break
        takeBack(own.get(earlier.uid) ?? [])
      }
    }
    if (event.name === 'cancelled' && !waiting.has(event.uid)) {
      const target = byUid.get(event.refers ?? '') as KnownEvent
      takeBack(of(target, [...path, event.uid]))
      for (const correction of corrections.get(target.uid) ?? []) takeBack(own.get(correction.uid) ?? [])
      const said = target.name === 'corrected' ? null : target.name
      if (said === 'hired') made.push(...neverBegan(event, subject))
    }
    facts.set(event.uid, made)
    return made
  }
  for (const event of events) of(event, [])
  return { facts, waiting, alive: aliveAmong(events, corrections, waiting) }
}

function aliveAmong(
  events: readonly KnownEvent[],
  corrections: ReadonlyMap<string, readonly KnownEvent[]>,
  waiting: ReadonlyMap<string, Waits>,
): Set<string> {
  const cancels = new Map<string, KnownEvent[]>()
  for (const event of events)
    if (event.name === 'cancelled' && !waiting.has(event.uid) && event.refers)
      cancels.set(event.refers, [...(cancels.get(event.refers) ?? []), event])
  const counts = (uid: string, path: readonly string[]): boolean =>
    !(cancels.get(uid) ?? []).some(one => !path.includes(one.uid) && counts(one.uid, [...path, uid]))
  const alive = new Set<string>()
  const roots = new Map<string, string>()
  for (const [uid, list] of corrections) for (const one of list) roots.set(one.uid, uid)
  for (const event of events) {
    if (waiting.has(event.uid) || !counts(event.uid, [])) continue
    const rootUid = roots.get(event.uid) ?? event.uid
    if (rootUid !== event.uid && !counts(rootUid, [])) continue
    const later = (corrections.get(rootUid) ?? []).filter(one => event.uid === rootUid || byTime(event, one) < 0)
    if (later.some(one => counts(one.uid, []))) continue
    alive.add(event.uid)
  }
  return alive
}

const byTime = (a: KnownEvent, b: KnownEvent) =>
  a.time.getTime() - b.time.getTime() || (a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0)

const neverBegan = (event: KnownEvent, subject: Subject): Fact[] => [
  factOf(
    subject,
    'affiliation',
    subject.affiliationId,
    { startsOn: NEVER_BEGAN, accessEndsOn: NEVER_BEGAN },
    null,
    null,
    event.time,
  ),
]

function stated(name: SimpleName, data: EventData, time: Date, subject: Subject): Fact[] {
  const from = String(data.effectiveDate)
  const about = (attrs: NormalAttrs, start: string | null, end: string | null = null) =>
    factOf(subject, 'affiliation', subject.affiliationId, attrs, start, end, time)
  const person = (attrs: NormalAttrs, start: string | null) =>
    factOf(subject, 'person', subject.personId, attrs, start, null, time)
  const place = { ...pick(data, TERMS), ...units(data, subject) }
  switch (name) {
    case 'hired': {
      const who = data.person as EventData
      const attrs = { ...place, ...pick(data, ['affiliationKind', 'agency']) }
      return [
        person(pick(who, ['givenName', 'familyName', 'birthDate', 'email', 'phone', 'protected']), null),
        about({ ...attrs, startsOn: from, endsOn: data.endsOn ?? null, accessEndsOn: null }, null),
      ]
    }
    case 'changed': {
      const facts = Object.keys(place).length > 0 ? [about(place, from)] : []
      return 'endsOn' in data ? [...facts, about({ endsOn: data.endsOn ?? null }, null)] : facts
    }
    case 'transferred':
      return [about(place, from)]
    case 'leave-started': {
      const to = typeof data.endsOn === 'string' ? data.endsOn : null
      const leave = {
        leaveFrom: from,
        leaveTo: to,
        leaveKind: data.leaveKind ?? null,
        leaveReason: data.reason ?? null,
      }
      return [about(leave, from, to)]
    }
    case 'leave-ended': {
      const none = { leaveFrom: null, leaveTo: null, leaveKind: null, leaveReason: null }
      return [about(none, from, typeof data.plannedEnd === 'string' && data.plannedEnd > from ? data.plannedEnd : null)]
    }
    case 'ended':
      return [about({ endsOn: from, ...lastDays(data) }, null)]
    case 'name-changed':
      return [person(pick(data, ['givenName', 'familyName']), from)]
    case 'manager-changed':
      return [
        factOf(
          subject,
          'unit',
          subject.unitId(String(data.unit)),
          { manager: subject.affiliationId },
          from,
          null,
          time,
        ),
      ]
    case 'died':
      return [person({ diedOn: from }, null)]
    // The number is no fact about somebody: it decides who somebody is, and is kept apart.
    case 'person-number-changed':
      return []
  }
}

const TERMS = ['title', 'fraction', 'employeeNo', 'functions', 'primary', 'hourlyPaid']

function units(data: EventData, subject: Subject): NormalAttrs {
  const attrs: NormalAttrs = {}
  if (typeof data.unit === 'string') attrs.unit = subject.unitId(data.unit)
  if (typeof data.payUnit === 'string') attrs.payUnit = subject.payUnitId(data.payUnit)
  return attrs
}

/** Which of the three last days ends rights. Null where the end itself does, so that an earlier choice is taken back. */
function lastDays(data: EventData): NormalAttrs {
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const worked = text(data.lastWorkingDay)
  const released = text(data.releasedFrom)
  const governs = text(data.governs) ?? 'end'
  const accessEndsOn =
    governs === 'last-working-day' && worked ? dayAfter(worked) : governs === 'released' ? released : null
  return {
    lastWorkingDay: worked,
    releasedFrom: released,
    endGoverns: governs,
    endReason: text(data.reason),
    accessEndsOn,
  }
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

function pick(data: EventData, keys: readonly string[]): NormalAttrs {
  return Object.fromEntries(keys.flatMap(key => (data[key] === undefined ? [] : [[key, data[key]]])))
}

function factOf(
  subject: Subject,
  kind: 'person' | 'affiliation' | 'unit',
  subjectId: string,
  attrs: NormalAttrs,
  from: string | null,
  to: string | null,
  time: Date,
): Fact {
  return makeFact({
    source: subject.feed,
    kind,
    subjectId,
    sourceKey: subject.key,
    attrs: normal(attrs),
    from,
    to,
    assertedAt: time.toISOString(),
  })
}

/** Lists without order, as feeds state them. */
function normal(attrs: NormalAttrs): NormalAttrs {
  return Object.fromEntries(
    Object.entries(attrs).map(([key, value]) => [key, Array.isArray(value) ? [...value].map(String).sort() : value]),
  )
}
