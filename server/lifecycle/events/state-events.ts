import { type EventName, typeOf } from '#contract/hr-event-types.ts'
import { parseCpr } from '../../people/cpr.ts'
import { replaceCpr } from '../../people/cpr-store.ts'
import type { Fact } from '../../people/fact.ts'
import { ensureUnits } from '../../people/identity-store.ts'
import { ensureAffiliation, type FactDeps, identifyPerson, writeFacts } from '../../people/report-facts.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { type Derived, deriveFacts, type KnownEvent } from './derive-facts.ts'
import {
  findAffiliations,
  type GroupEvent,
  type GroupKey,
  groupOf,
  loadGroups,
  numberGroups,
  type Outcome,
  type PickedEvent,
} from './event-store.ts'
import { rightsSeenAfter } from './seen-after-view.ts'

type Group = { key: GroupKey; events: GroupEvent[]; personId: string; affiliationId: string; derived: Derived }

/**
 * States what these events say, in their places among everything that has been said about the same affiliations. Answers
 * the affiliations whose facts are others now, and what became of each event.
 */
export async function stateEvents(
  tx: Tx,
  picked: readonly PickedEvent[],
  parts: FactDeps,
): Promise<{ changed: string[]; outcomes: Outcome[] }> {
  const keys = [...new Map(picked.map(one => [groupOf(one), { feed: one.feed, subject: one.subject }])).values()]
  const pickedIds = new Set(picked.map(event => event.id))
  const loaded = await loadGroups(tx, keys, [...pickedIds], parts.keyring)
  const known = await findAffiliations(tx, keys)
  const units = await unitsOf(tx, [...loaded.values()].flat())
  const outcomes: Outcome[] = []
  const groups: Group[] = []
  const fresh = new Set<string>()
  for (const key of keys) {
    const events = loaded.get(groupOf(key)) ?? []
    const found = known.get(groupOf(key)) ?? (await makeKnown(tx, key, events, parts, fresh))
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
    fresh,
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
  parts: FactDeps,
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

/** The person and the affiliation that the first hire tells of; what is made stands in `fresh`, too. */
async function makeKnown(
  tx: Tx,
  key: GroupKey,
  events: readonly GroupEvent[],
  parts: FactDeps,
  fresh: Set<string>,
): Promise<{ id: string; personId: string } | null> {
  const first = events.find(event => event.name === 'hired')
  if (!first) return null
  const person = first.data.person as { key: string; cpr?: string }
  const { identityId, made } = await identifyPerson(
    tx,
    { source: key.feed, key: person.key, ...(person.cpr ? { cpr: person.cpr } : {}) },
    parts,
  )
  const affiliation = await ensureAffiliation(tx, { source: key.feed, key: key.subject, personId: identityId })
  if (made) fresh.add(identityId)
  if (affiliation.made) fresh.add(affiliation.id)
  return { id: affiliation.id, personId: identityId }
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
async function settleNumbers(tx: Tx, groups: readonly Group[], parts: FactDeps): Promise<void> {
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
