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
import type { Decided, GivenRight } from '../decide-assignments.ts'
import { loadGrants } from '../grants/grant-store.ts'
import { type Ahead, heldTurns, peopleHeldBack, strictRights, type Turn } from '../strict/held-ahead.ts'
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
  /** A gain that strict mode would hold back: nobody has said what it is for. */
  withheld: boolean
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
/** Rights of strict systems: what becomes of them is asked of the database for all of them at once. */
type Strict = { rights: ReadonlySet<string>; now: Date; asked: { difference: Difference; turn: Turn }[] }
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
  const strict: Strict = { rights: await strictRights(tx), now: options.now, asked: [] }
  const touched = options.everybody ? await everyone(tx) : await touchedPeople(tx, worlds)
  // What is held back today may have a purpose on the date, or none any more: whoever it is of.
  if (strict.rights.size > 0 && from === 0 && ground.onDate.day > ground.today.day)
    touched.push(...(await peopleHeldBack(tx)).filter(one => !touched.includes(one)))
  for (let start = 0; start < touched.length; start += BATCH)
    await comparePeople(tx, computed, strict, touched.slice(start, start + BATCH), from)
  await compareOthers(tx, computed, strict, new Set(touched), from)
  computed.differences.push(...(await settled(tx, strict)))
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
async function comparePeople(tx: Tx, into: Computed, strict: Strict, people: string[], from: number): Promise<void> {
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
      const where = { unitBefore, unitAfter, carried: carried && unitBefore !== unitAfter }
      compareOne(into, strict, steps, through, from, where)
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
async function compareOthers(
  tx: Tx,
  into: Computed,
  strict: Strict,
  done: ReadonlySet<string>,
  from: number,
): Promise<void> {
  const { steps } = into.worlds
  const [first, last] = [steps[from] as World, steps.at(-1) as World]
  if (first.index === last.index) return
  for await (const batch of affectedFacts(tx, first.index, last.index))
    for (const facts of batch) {
      if (done.has(facts.personId)) continue
      const unit = facts.unitKey || null
      const same = steps.map(() => facts)
      compareOne(into, strict, steps, same, from, { unitBefore: unit, unitAfter: unit, carried: false })
    }
}

type Held = ReadonlyMap<string, Decided>
const nothing: Held = new Map()

function heldIn(world: World, facts: AffiliationFacts | undefined, given: Given[number] | undefined): Held {
  if (!facts) return nothing
  return new Map(world.decider.decideOne(facts, given?.get(facts.id)).map(one => [one.entitlement, one]))
}

function compareOne(
  into: Computed,
  strict: Strict,
  steps: readonly World[],
  facts: readonly (AffiliationFacts | undefined)[],
  from: number,
  where: Pick<Difference, 'unitBefore' | 'unitAfter' | 'carried'>,
): void {
  const some = facts.at(-1) ?? facts[from]
  if (!some) return
  const held: (Held | undefined)[] = []
  const at = (place: number): Held => (held[place] ??= heldIn(steps[place] as World, facts[place], into.given[place]))
  const last = steps.length - 1
  const [before, after] = [at(from), at(last)]
  const [dayBefore, dayAfter] = [steps[from]?.day ?? '', steps[last]?.day ?? '']
  const day = (decided: Decided | undefined, on: string): Ahead | null =>
    decided ? { decided, on, at: on === steps[0]?.day ? strict.now : startOfDay(on) } : null
  for (const entitlement of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(entitlement), after.get(entitlement)]
    const weighed = strict.rights.has(entitlement)
    const text = weighed ? textWithReason : textOf
    if (text(was) === text(is) && (!weighed || dayBefore === dayAfter)) continue
    let step = last
    while (step > from + 1 && text(at(step).get(entitlement)) === text(at(step - 1).get(entitlement))) step--
    const difference: Difference = {
      affiliationId: some.id,
      personId: some.personId,
      entitlement,
      ...effectOf(was ?? null, is ?? null),
      cause: steps[step]?.cause ?? DATE_CAUSE,
      ...where,
      withheld: false,
    }
    if (weighed) strict.asked.push({ difference, turn: { before: day(was, dayBefore), after: day(is, dayAfter) } })
    else into.differences.push(difference)
  }
}

const textOf = (one: Decided | null | undefined) => (one ? JSON.stringify(one.constraints) : '')
/** Of a right that strict mode weighs: another reason may have a purpose where the other has none. */
const textWithReason = (one: Decided | undefined) =>
  one ? `${textOf(one)} ${one.reason.ruleKey} ${one.reason.rolePath.join('>')}` : ''

const effectOf = (
  was: Decided | null,
  is: Decided | null,
): Pick<Difference, 'effect' | 'limitBefore' | 'limitAfter'> => ({
  effect: was === null ? 'gain' : is === null ? 'loss' : 'limit',
  limitBefore: was?.constraints ?? null,
  limitAfter: is?.constraints ?? null,
})

/** What becomes of rights in strict systems, as it would be held and not only decided. */
async function settled(tx: Tx, { asked }: Strict): Promise<Difference[]> {
  const turned = await heldTurns(
    tx,
    asked.map(one => one.turn),
  )
  return asked.flatMap(({ difference, turn }, place) => {
    const { before = null, after = null, withheld = false } = turned[place] ?? {}
    if (withheld) return { ...difference, ...effectOf(null, turn.after?.decided ?? null), withheld }
    return textOf(before) === textOf(after) ? [] : { ...difference, ...effectOf(before, after) }
  })
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
    hash.update(
      `${one.affiliationId} ${one.entitlement} ${one.effect} ${JSON.stringify(one.limitAfter)}${one.withheld ? ' withheld' : ''}\n`,
    )
  return hash.digest('hex')
}

/** What everybody should hold by the rules in the last world, right by right: for tests that carry the draft out. */
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
        for (const [entitlement, decided] of heldIn(last, one as AffiliationFacts, given.at(-1)))
          found.set(`${one.id} ${entitlement}`, textOf(decided))
    }
  }
  return found
}
