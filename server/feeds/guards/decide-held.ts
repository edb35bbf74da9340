import type { Aspect } from '#contract/held.ts'
import {
  type ChangeCount,
  type ChangeLimits,
  decideChangeGuards,
  type Limit,
  limitInForce,
  limitOf,
  type Population,
} from '../../plans/decide-guards.ts'
import type { Because, HeldBack, Hold, PlanOp } from '../../plans/plan.ts'
import type { AttributeChange } from './change-aspects.ts'

/** A change or a leaving, as far as the guards look at it. */
export type WeighedItem = {
  n: number
  kind: string
  op: PlanOp
  part: string | null
  aspects: ReadonlySet<Aspect>
  changes: readonly AttributeChange[]
  /** Every attribute that differs had no value before. */
  fills?: boolean
  /** For groups: how many members it had, gains and loses. */
  members?: { had: number; gains: number; loses: number }
}

/** Items that no batch carries out, whatever the limits: told by the rooms that know why. */
export type AlwaysHeld = { n: number; guard: 'protected-account' | 'last-administrator'; part: string | null }

export type HeldInput = {
  /** Changes and leavings that count, one by one. */
  items: readonly WeighedItem[]
  /** Additions and returns that count, as counts. */
  counts: readonly ChangeCount[]
  always: readonly (AlwaysHeld & { kind: string; op: PlanOp })[]
  populations: readonly Population[]
  limits: ChangeLimits
  partLimits: ChangeLimits
  aspect: Limit | null
  cause: Limit | null
  group: Limit | null
  emptied: Limit | null
  learned?: ReadonlyMap<string, number>
  /** What is usual between two complete reads, by `kind op`: for what is weighed together with `earlier`. */
  learnedWaves?: ReadonlyMap<string, number>
  /** How many changes of a sort earlier lists of changes have had, by `kind aspect`: they count with these. */
  earlier?: ReadonlyMap<string, number>
}

/** Sorts of change that are guarded on their own; the rest is guarded by number alone. */
const GUARDED: readonly Aspect[] = ['end', 'disable', 'identity', 'rename', 'manager', 'move', 'title', 'class']
/** How many changes of each guarded sort there are, by `kind aspect`. */
export function weightsOf(items: readonly WeighedItem[]): Map<string, number> {
  const weights = new Map<string, number>()
  for (const { kind, op, aspects } of items)
    if (op === 'change')
      for (const aspect of GUARDED)
        if (aspects.has(aspect)) weights.set(`${kind} ${aspect}`, (weights.get(`${kind} ${aspect}`) ?? 0) + 1)
  return weights
}

/** One cause explains most of it. */
const MOST = 0.6

/**
 * What waits for a person, each item for one reason: first what is never done by a batch, then groups, then what is too
 * much in all, by one cause, in one unit, of one sort. What no guard names goes through.
 */
export function decideHeld(input: HeldInput): Hold[] {
  const holds: Hold[] = []
  const taken = new Set<number>()
  const hold = (
    items: readonly WeighedItem[],
    trip: Omit<HeldBack, 'cause' | 'count' | 'because'>,
    because?: Because,
  ) => {
    if (items.length === 0) return
    for (const { n } of items) taken.add(n)
    const cause = [trip.guard, trip.kind, trip.op, trip.part, trip.aspect, because && becauseText(because)]
    holds.push({
      ...trip,
      cause: cause.filter(Boolean).join(' ').slice(0, 480),
      count: items.length,
      because: because ?? explain(items),
      items: items.map(item => item.n),
    })
  }

  const byNumber = new Map(input.items.map(item => [item.n, item]))
  for (const list of group(input.always, one => `${one.guard}\n${one.kind}\n${one.op}\n${one.part ?? ''}`).values()) {
    const { guard, kind, op, part } = list[0]!
    const [count, key] = [list.length, [guard, kind, op, part].filter(Boolean).join(' ')]
    for (const { n } of list) taken.add(n)
    const items = list.map(one => one.n)
    const because = explain(items.flatMap(n => byNumber.get(n) ?? []))
    holds.push({
      ...{ guard, kind, op, part, count, total: count, limit: 0, aspect: null, alwaysOn: true, items },
      ...{ cause: key.slice(0, 480), because },
    })
  }
  const free = () => input.items.filter(item => !taken.has(item.n))
  const population = (kind: string) =>
    input.populations.filter(one => one.kind === kind).reduce((sum, one) => sum + one.count, 0)

  holdGroups(input, free(), population, hold)

  const counted = [...input.counts, ...countItems(free())]
  const trips = decideChangeGuards({
    changes: counted,
    populations: input.populations,
    limits: input.limits,
    partLimits: input.partLimits,
    ...(input.learned ? { learned: input.learned } : {}),
  })
  const whole = new Set<string>()
  for (const trip of trips.filter(one => one.part === null)) {
    whole.add(`${trip.kind} ${trip.op}`)
    const rest = { aspect: null, alwaysOn: false, total: trip.count }
    if (trip.op === 'add' || trip.op === 'return') {
      const cause = `${trip.guard} ${trip.kind} ${trip.op}`
      holds.push({ ...trip, ...rest, cause, because: null, items: null })
      continue
    }
    const items = free().filter(item => item.kind === trip.kind && item.op === trip.op)
    const because = explain(items)
    if (because && because.count < items.length) hold(items.filter(matching(because)), { ...trip, ...rest }, because)
    hold(
      free().filter(item => item.kind === trip.kind && item.op === trip.op),
      { ...trip, ...rest },
    )
  }

  for (const [key, items] of group(free(), item => `${item.kind} ${item.op}`)) {
    const { kind, op } = items[0]!
    const because = whole.has(key) ? null : exactCause(items)
    const most = input.cause && limitOf(input.cause, population(kind))
    if (!because || most === null || because.count <= most) continue
    const found = items.filter(matching(because))
    hold(
      found,
      { guard: 'cause', kind, op, part: null, limit: most, total: found.length, aspect: null, alwaysOn: false },
      because,
    )
  }
  for (const trip of trips.filter(one => one.part !== null)) {
    const items = free().filter(one => one.kind === trip.kind && one.op === trip.op && one.part === trip.part)
    // What another guard holds already is no longer what this one met.
    if (items.length > trip.limit) hold(items, { ...trip, aspect: null, alwaysOn: false, total: items.length })
  }
  if (input.aspect)
    for (const aspect of GUARDED)
      for (const [kind, items] of group(
        free().filter(item => item.op === 'change' && item.aspects.has(aspect)),
        item => item.kind,
      )) {
        const limit = limitInForce(input.aspect, population(kind), input.learnedWaves?.get(`${kind} change`))
        const rest = { guard: 'aspect', kind, op: 'change' as const, part: null, alwaysOn: false }
        const total = items.length + (input.earlier?.get(`${kind} ${aspect}`) ?? 0)
        if (total > limit) hold(items, { ...rest, aspect, limit, total })
      }
  return withNames(holds)
}

/** Each group under a name of its own: two groups of a directory may be called the same. */
function withNames(holds: readonly Hold[]): Hold[] {
  const seen = new Map<string, number>()
  return holds.map(hold => {
    const times = (seen.get(hold.cause) ?? 0) + 1
    seen.set(hold.cause, times)
    return times === 1 ? hold : { ...hold, cause: `${hold.cause} #${times}` }
  })
}

function holdGroups(
  { group: limit, emptied }: HeldInput,
  items: readonly WeighedItem[],
  population: (kind: string) => number,
  hold: (items: readonly WeighedItem[], trip: Omit<HeldBack, 'cause' | 'count' | 'because'>) => void,
): void {
  const rest = { kind: 'group', aspect: 'members', alwaysOn: false }
  const groups = items.filter(item => item.members)
  const empty = groups.filter(
    ({ members }) => members!.had > 0 && members!.loses === members!.had && members!.gains === 0,
  )
  const most = emptied && limitOf(emptied, population('group'))
  if (most !== null && empty.length > most)
    for (const [, list] of group(empty, item => item.op))
      hold(list, { ...rest, guard: 'groups-emptied', op: list[0]!.op, part: null, limit: most, total: empty.length })
  const held = new Set(most !== null && empty.length > most ? empty : [])
  for (const item of groups) {
    const { had, gains, loses } = item.members!
    if (!limit || held.has(item) || (had === 0 && item.op === 'add')) continue
    const allowed = limitOf(limit, had)
    const moved = Math.max(gains, loses)
    if (moved > allowed)
      hold([item], { ...rest, guard: 'group-members', op: item.op, part: item.part, limit: allowed, total: moved })
  }
}

/** What most of the changes have in common: the same attribute from the same to the same value, else one attribute. */
export function explain(items: readonly WeighedItem[]): Because | null {
  const exact = exactCause(items)
  if (exact) return exact
  const counts = new Map<string, number>()
  for (const { op, changes } of items)
    if (op === 'change') for (const { attribute } of changes) counts.set(attribute, (counts.get(attribute) ?? 0) + 1)
  const [top] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  if (!top || items.length < 2 || top[1] < items.length * MOST) return null
  return { attribute: top[0], from: null, to: null, count: top[1] }
}

function exactCause(items: readonly WeighedItem[]): Because | null {
  if (items.length < 2) return null
  const counts = new Map<string, Because>()
  for (const { changes } of items)
    for (const { attribute, from, to } of changes) {
      if (from === null && to === null) continue
      const key = `${attribute}\n${from ?? ''}\n${to ?? ''}`
      const known = counts.get(key)
      if (known) known.count++
      else counts.set(key, { attribute, from, to, count: 1 })
    }
  let top: Because | null = null
  for (const one of counts.values()) if (!top || one.count > top.count) top = one
  return top && top.count >= items.length * MOST ? top : null
}

const matching =
  (because: Because) =>
  ({ changes }: WeighedItem): boolean =>
    changes.some(
      one =>
        one.attribute === because.attribute &&
        ((because.from === null && because.to === null) || (one.from === because.from && one.to === because.to)),
    )

const becauseText = ({ attribute, from, to }: Because) => `${attribute}: ${from ?? ''} > ${to ?? ''}`

function countItems(items: readonly WeighedItem[]): ChangeCount[] {
  return [
    ...group(items, item => `${item.kind}\n${item.op}\n${item.kind === 'group' ? '' : (item.part ?? '')}`).values(),
  ].map(list => {
    const { kind, op, part } = list[0]!
    return { kind, op, part: kind === 'group' ? null : part, count: list.length }
  })
}

function group<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  return Map.groupBy(list, keyOf)
}
