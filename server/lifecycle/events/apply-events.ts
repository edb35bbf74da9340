import { systemActor } from '../../audit/audit-entry.ts'
import { audit } from '../../audit/audit-store.ts'
import { keepPeopleLocked, lockPeople } from '../../people/fact-store.ts'
import { loadHrSettings } from '../../people/hr-settings-store.ts'
import type { FactDeps } from '../../people/report-facts.ts'
import { plannedTx } from '../../platform/planned.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { endsSince, peopleOf } from './burst-views.ts'
import { endsLimit } from './decide-burst.ts'
import { findAffiliations, groupOf, type Outcome, type PickedEvent, pickEvents, saveOutcomes } from './event-store.ts'
import { stateEvents } from './state-events.ts'

export type ApplyParts = FactDeps & {
  /** Rights, and what follows from them, of affiliations whose facts are others now. */
  decide(tx: Tx, cause: string, affiliations: readonly string[]): Promise<void>
  /** What else follows from new facts in this transaction: reports that payroll tells of now. Answers changed affiliations. */
  follow(tx: Tx, authority: FactDeps['authority']): Promise<string[]>
  /** Events that could not be carried out; none: what else follows from them could not, and is tried with the next. */
  failed(events: readonly string[], error: unknown): void
}
export type Applied = { picked: number; applied: number; waiting: number; held: number; failed: number }

export const BATCH = 200
const FEW = 3
/** The time in which ends of one source are counted together. */
export const ENDS_WINDOW_MINUTES = 60

/**
 * Carries out the next events, in one transaction: events to facts, facts to state, state to rights. What is written
 * follows from the rows alone, so that whoever is killed at any point leaves nothing half done, and doing it again does
 * the same. Two workers take turns at the people and never take the same event.
 */
export async function applyNext(whole: Tx, parts: ApplyParts, limit = BATCH): Promise<Applied> {
  await lockPeople(whole)
  const picked = await pickEvents(whole, parts.now, limit)
  const counts = { picked: picked.length, applied: 0, waiting: 0, held: 0, failed: 0 }
  if (picked.length === 0) return counts
  // One event asks a hundred small questions, the next one the same: planning them takes as long as answering them.
  const tx = picked.length <= FEW ? plannedTx(whole) : whole
  await keepPeopleLocked(tx)
  const outcomes = await holdBursts(tx, picked, parts.now)
  const held = new Set(outcomes.map(outcome => outcome.id))
  const groups = [
    ...Map.groupBy(
      picked.filter(event => !held.has(event.id)),
      groupOf,
    ).values(),
  ]
  if (groups.length > 0) outcomes.push(...(await carryOut(tx, groups, parts)))
  await saveOutcomes(tx, outcomes, parts.now)
  for (const { id, state } of outcomes)
    if (picked.some(event => event.id === id)) {
      if (state === 'applied' || state === 'waiting' || state === 'held' || state === 'failed') counts[state] += 1
    }
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
  const ends = picked.filter(event => event.ends && event.state === 'received')
  if (ends.length === 0) return held
  const settings = await loadHrSettings(tx)
  const since = new Date(now.getTime() - ENDS_WINDOW_MINUTES * 60_000)
  for (const [feed, events] of Map.groupBy(ends, event => event.feed)) {
    const ids = events.map(event => event.id)
    const count = ids.length + (await endsSince(tx, feed, since, ids))
    if (count <= settings.endsFloor) continue
    const limit = endsLimit(settings, await peopleOf(tx, feed))
    if (count <= limit) continue
    // Whose end it would be stands beside it: a person has to judge whether they can all have left.
    const known = await findAffiliations(tx, events)
    for (const event of events) {
      const found = known.get(groupOf(event))
      held.push({
        id: event.id,
        state: 'held',
        why: 'many-ends',
        params: { count, limit },
        ...(found ? { personId: found.personId, affiliationId: found.id } : {}),
      })
    }
  }
  return held
}

type Group = readonly PickedEvent[]

/**
 * Events of these affiliations, and what follows from them, all or nothing. Where that fails, the half of them at a time,
 * until what cannot be carried out stands alone: it is set aside with its reason and tried again, and keeps nobody else
 * waiting. A connection that is lost takes the whole transaction with it.
 */
async function carryOut(tx: Tx, groups: readonly Group[], parts: ApplyParts, follow = true): Promise<Outcome[]> {
  const events = groups.flat()
  let step: 'state' | 'follow' | 'decide' = 'state'
  await tx.query('savepoint hr_events')
  try {
    const { changed, outcomes } = await stateEvents(tx, events, parts)
    step = 'follow'
    const followed =
      follow && outcomes.some(one => one.state === 'applied') ? await parts.follow(tx, parts.authority) : []
    step = 'decide'
    const others = [...new Set([...changed, ...followed])]
    if (others.length > 0) await parts.decide(tx, 'hr events', others)
    await tx.query('release savepoint hr_events')
    return outcomes
  } catch (error) {
    await tx.query('rollback to savepoint hr_events')
    await tx.query('release savepoint hr_events')
    if (step === 'follow') {
      // Reports are not what these events are about: they are looked at again with the next that come.
      parts.failed([], error)
      return carryOut(tx, groups, parts, false)
    }
    if (groups.length > 1) {
      const half = Math.ceil(groups.length / 2)
      return [
        ...(await carryOut(tx, groups.slice(0, half), parts, follow)),
        ...(await carryOut(tx, groups.slice(half), parts, follow)),
      ]
    }
    if (step === 'decide' && follow) {
      const alone = await carryOut(tx, groups, parts, false)
      if (alone.every(one => one.state !== 'failed')) parts.failed([], error)
      return alone
    }
    parts.failed(
      events.map(one => one.id),
      error,
    )
    return failures(tx, events, step === 'decide' ? 'not-decided' : 'not-applied', parts.now)
  }
}

/** Tried again after a minute, then ever later, for a day; after that a person has to. */
async function failures(
  tx: Tx,
  events: readonly PickedEvent[],
  why: 'not-applied' | 'not-decided',
  now: Date,
): Promise<Outcome[]> {
  const rows = await tx.query<{ id: string; attempts: number }>(
    'select event_id as id, attempts from hr_event_state where event_id = any($1)',
    [events.map(one => one.id)],
  )
  const known = await findAffiliations(tx, events)
  const found = events[0] && known.get(groupOf(events[0]))
  return rows.map(({ id, attempts }) => ({
    ...{ id, state: 'failed', why },
    ...(found ? { personId: found.personId, affiliationId: found.id } : {}),
    nextAt: attempts < 10 ? new Date(now.getTime() + 60_000 * 2 ** attempts) : null,
  }))
}
