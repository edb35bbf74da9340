import { createHash } from 'node:crypto'
import type { WhatIfBase, WhatIfEffect } from '#contract/what-if.ts'
import { DATE_CAUSE, type DraftChange } from '#contract/what-if-draft.ts'
import { affiliationsOn } from '../../people/on-date-view.ts'
import { startOfDay } from '../../platform/clock.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { AffiliationFacts } from '../../rules/affiliation-facts.ts'
import type { ResolvedConstraint } from '../../rules/constraint.ts'
import { changedRules } from '../../rules/decide-rights.ts'
import { affectedFacts } from '../affected-facts.ts'
import type { GivenRight } from '../decide-assignments.ts'
import { loadGrants } from '../grants/grant-store.ts'
import { draftWorlds, factsThrough, type Ground, unitKeyOf, type World, type Worlds } from './draft-worlds.ts'
import { loadGround, touchedPeople } from './ground-view.ts'

export type DraftOf = { name: string; onDate: string; changes: readonly DraftChange[] }
/** One right of one affiliation that is not after the draft what it is before. */
export type Difference = {
  affiliationId: string
  personId: string
  entitlement: string
  effect: WhatIfEffect
  cause: string
  unitBefore: string | null
  unitAfter: string | null
  carried: boolean
  limitBefore: readonly ResolvedConstraint[] | null
  limitAfter: readonly ResolvedConstraint[] | null
}
/** An affiliation that is in another unit by the draft. */
export type Moved = {
  affiliationId: string
  personId: string
  source: string
  /** What its source says the place by. */
  by: 'unit' | 'payUnit'
  from: string | null
  to: string | null
  carried: boolean
}
/** Somebody whose title the draft changes. */
export type Retitled = { affiliationId: string; source: string; from: string; to: string }
/** Rights given by hand, by affiliation, in force on the day of each step: of today, and of the date. */
type Given = readonly ReadonlyMap<string, readonly GivenRight[]>[]
export type Computed = {
  ground: Ground
  worlds: Worlds
  given: Given
  differences: Difference[]
  moved: Moved[]
  retitled: Retitled[]
  /** Equal for equal differences, in whatever order they were found. */
  hash: string
}

/**
 * What people would gain and lose by a draft on its date, against that date without it or against today. In the caller's
 * snapshot, and writes nothing. Only whom the date or a change can reach is decided: people in units that differ, people
 * for whom something begins or ends until then, people whom a changed rule matches. `everybody` decides all of them, which
 * gives the same and is there to hold the two against each other. What a right given by hand (asked for, grace after a
 * move, emergency) still gives on the date is kept, and no loss; the grace of a move that is still to come is not in it.
 *
 * Each difference has one cause: the last step (the date, then change by change) at which the right became what it is in
 * the end. Where the changes are not valid, nothing is computed and `worlds.problems` says why.
 */
export async function computeWhatIf(
  tx: Tx,
  draft: DraftOf,
  options: { today: string; now: Date; base: WhatIfBase; everybody?: boolean },
): Promise<Computed> {
  const onDate = draft.onDate < options.today ? options.today : draft.onDate
  const ground = await loadGround(tx, { today: options.today, onDate })
  const worlds = draftWorlds(ground, { ...draft, onDate })
  const computed: Computed = { ground, worlds, given: [], differences: [], moved: [], retitled: [], hash: '' }
  if (worlds.problems.length > 0) return computed
  computed.given = await givenThrough(tx, worlds, options.now)
  const from = options.base === 'today' ? 0 : 1
  const touched = options.everybody ? await everyone(tx) : await touchedPeople(tx, worlds)
  for (let start = 0; start < touched.length; start += BATCH)
    await comparePeople(tx, computed, touched.slice(start, start + BATCH), from)
  await compareOthers(tx, computed, new Set(touched), from)
  computed.differences.sort(byPlace)
  return { ...computed, hash: hashOf(computed.differences) }
}

const BATCH = 500

/** Few people hold a right given by hand: read for all, once for each of the two days. */
async function givenThrough(tx: Tx, { steps }: Worlds, now: Date): Promise<Given> {
  const today = steps[0]?.day ?? ''
  const standing = await loadGrants(tx, 'all', { on: today, now })
  const days = new Map([[today, standing]])
  for (const { day } of steps)
    if (!days.has(day)) days.set(day, await loadGrants(tx, 'all', { on: day, now: startOfDay(day) }))
  return steps.map(step => days.get(step.day) ?? standing)
}

async function everyone(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>('select person_id as id from person_current order by person_id')
  return rows.map(row => row.id)
}

/** People whose facts may differ from world to world: their affiliations as they are on the two days, moved by the draft. */
async function comparePeople(tx: Tx, into: Computed, people: string[], from: number): Promise<void> {
  const { ground, worlds } = into
  const steps = worlds.steps
  const same = sameAnswer(steps[from] as World, steps.at(-1) as World)
  const onDate = await affiliationsOn(tx, people, ground.onDate.day)
  const today =
    from === 0 && ground.today.day !== ground.onDate.day ? await affiliationsOn(tx, people, ground.today.day) : onDate
  for (const person of people) {
    const entries = onDate.get(person) ?? today.get(person) ?? []
    const facts = factsThrough(worlds, ground, { today: today.get(person) ?? [], onDate: onDate.get(person) ?? [] })
    for (const entry of entries) {
      const through = facts.map(step => step.get(entry.id) as AffiliationFacts | undefined)
      const [before, without, after] = [through[from], through[1], through.at(-1)]
      const unitBefore = before?.unitKey || null
      const unitAfter = after?.unitKey || null
      const carried = unitBefore !== null && (worlds.successions.get(unitBefore)?.has(unitAfter ?? '') ?? false)
      if (after && after.status === 'active' && without && without.unitKey !== after.unitKey) {
        const start = unitKeyOf(entry, (steps[1] as World).units)
        const to = unitAfter
        const follows = start !== null && to !== null && (worlds.successions.get(start)?.has(to) ?? false)
        into.moved.push({
          ...{ affiliationId: entry.id, personId: person, source: entry.source },
          ...{ by: typeof entry.attrs.unit === 'string' ? 'unit' : 'payUnit', from: start, to, carried: follows },
        })
      }
      if (after && after.status === 'active' && without && after.title && without.title !== after.title)
        into.retitled.push({
          ...{ affiliationId: entry.id, source: entry.source, from: without.title ?? '', to: after.title },
        })
      if (before && after && same(before, after)) continue
      compareOne(into, steps, through, from, { unitBefore, unitAfter, carried: carried && unitBefore !== unitAfter })
    }
  }
}

/**
 * Whether two worlds must say the same of an affiliation without deciding it: equal facts that no changed rule matches, in
 * a unit whose limits mean the same. A first of August touches thousands of pupils, and a draft few of them.
 */
function sameAnswer(first: World, last: World): (before: AffiliationFacts, after: AffiliationFacts) => boolean {
  if (first.day !== last.day) return () => false
  const changed = changedRules(first.index, last.index)
  const keys = new Set([...first.units.values(), ...last.units.values()].map(unit => unit.key))
  const other = first.lookup !== last.lookup
  const level = new Set(other ? [...keys].filter(key => first.lookup.level(key) !== last.lookup.level(key)) : [])
  const below = new Set(
    other ? [...keys].filter(key => first.lookup.below(key).join(' ') !== last.lookup.below(key).join(' ')) : [],
  )
  return (before, after) =>
    (before === after || JSON.stringify(before) === JSON.stringify(after)) &&
    !below.has(after.unitKey) &&
    !after.unitPath.some(key => level.has(key)) &&
    !changed.some(rule => rule.test(after))
}

/** Everybody else: the facts are those of today in every world, and only rules can make a difference. */
async function compareOthers(tx: Tx, into: Computed, done: ReadonlySet<string>, from: number): Promise<void> {
  const { steps } = into.worlds
  const [first, last] = [steps[from] as World, steps.at(-1) as World]
  if (first.index === last.index) return
  for await (const batch of affectedFacts(tx, first.index, last.index))
    for (const facts of batch) {
      if (done.has(facts.personId)) continue
      const unit = facts.unitKey || null
      compareOne(
        into,
        steps,
        steps.map(() => facts),
        from,
        { unitBefore: unit, unitAfter: unit, carried: false },
      )
    }
}

type Held = ReadonlyMap<string, readonly ResolvedConstraint[]>
const nothing: Held = new Map()

function heldIn(world: World, facts: AffiliationFacts | undefined, given: Given[number] | undefined): Held {
  if (!facts) return nothing
  const decided = world.decider.decideOne(facts, given?.get(facts.id))
  return new Map(decided.map(one => [one.entitlement, one.constraints]))
}

function compareOne(
  into: Computed,
  steps: readonly World[],
  facts: readonly (AffiliationFacts | undefined)[],
  from: number,
  where: Pick<Difference, 'unitBefore' | 'unitAfter' | 'carried'>,
): void {
  const some = facts.at(-1) ?? facts[from]
  if (!some) return
  const held: (Held | undefined)[] = []
  const at = (place: number): Held => (held[place] ??= heldIn(steps[place] as World, facts[place], into.given[place]))
  const [before, after] = [at(from), at(steps.length - 1)]
  const text = (one: readonly ResolvedConstraint[] | undefined) => (one === undefined ? '' : JSON.stringify(one))
  for (const entitlement of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(entitlement), after.get(entitlement)]
    if (text(was) === text(is)) continue
    let step = steps.length - 1
    while (step > from + 1 && text(at(step).get(entitlement)) === text(at(step - 1).get(entitlement))) step--
    into.differences.push({
      affiliationId: some.id,
      personId: some.personId,
      entitlement,
      effect: was === undefined ? 'gain' : is === undefined ? 'loss' : 'limit',
      cause: steps[step]?.cause ?? DATE_CAUSE,
      ...where,
      limitBefore: was ?? null,
      limitAfter: is ?? null,
    })
  }
}

const byPlace = (a: Difference, b: Difference) =>
  a.affiliationId < b.affiliationId
    ? -1
    : a.affiliationId > b.affiliationId
      ? 1
      : a.entitlement < b.entitlement
        ? -1
        : a.entitlement > b.entitlement
          ? 1
          : 0

function hashOf(differences: readonly Difference[]): string {
  const hash = createHash('sha256')
  for (const one of differences)
    hash.update(`${one.affiliationId} ${one.entitlement} ${one.effect} ${JSON.stringify(one.limitAfter)}\n`)
  return hash.digest('hex')
}

/** What everybody should hold in the last world, right by right: for tests that carry the draft out. */
export async function outcomeOf(tx: Tx, { ground, worlds, given }: Computed): Promise<Map<string, string>> {
  const last = worlds.steps.at(-1) as World
  const found = new Map<string, string>()
  const people = await everyone(tx)
  for (let start = 0; start < people.length; start += BATCH) {
    const batch = people.slice(start, start + BATCH)
    const onDate = await affiliationsOn(tx, batch, ground.onDate.day)
    for (const entries of onDate.values()) {
      const facts = factsThrough(worlds, ground, { today: entries, onDate: entries }).at(-1)
      for (const one of facts?.values() ?? [])
        for (const [entitlement, limits] of heldIn(last, one as AffiliationFacts, given.at(-1)))
          found.set(`${one.id} ${entitlement}`, JSON.stringify(limits))
    }
  }
  return found
}
