import type { PlanOp, Trip } from './plan.ts'

/** At most this many: the percentage of the population, but never less than the floor (so small sources can move). */
export type Limit = { percent: number; floor: number }
export type ChangeLimits = Record<PlanOp, Limit | null>

/** One row of a grouped plan: how many changes of one kind and op fall in one part (a unit, a system). */
export type ChangeCount = { kind: string; op: PlanOp; part: string | null; count: number }
export type Population = { kind: string; part: string | null; count: number }

export type GuardInput = {
  changes: readonly ChangeCount[]
  populations: readonly Population[]
  limits: ChangeLimits
  /** For one part; a part is small, so the percentage is higher. */
  partLimits: ChangeLimits
  /** What is usual for a kind and op, by `kind op`: the limit comes down to it, never below the floor. */
  learned?: ReadonlyMap<string, number>
}

/** What is let through: the ceiling that is set, or what was learned, if that is less. */
export function limitInForce(limit: Limit, population: number, learned: number | undefined): number {
  const ceiling = limitOf(limit, population)
  return learned === undefined ? ceiling : Math.min(ceiling, Math.max(limit.floor, learned))
}

export function limitOf(limit: Limit, population: number): number {
  return Math.max(limit.floor, Math.floor((population * limit.percent) / 100))
}

/**
 * Which changes wait for a person. A kind without any population is a first load: nothing can be lost by it, so its
 * additions pass. A tripped guard for a whole kind and op holds all of it; else each part is judged by itself, and
 * only what trips is held back: the rest goes through.
 */
export function decideChangeGuards(input: GuardInput): Trip[] {
  const total = new Map<string, number>()
  const byPart = new Map<string, number>()
  for (const { kind, part, count } of input.populations) {
    total.set(kind, (total.get(kind) ?? 0) + count)
    byPart.set(partKey(kind, part), count)
  }
  const whole = new Map<string, { kind: string; op: PlanOp; count: number }>()
  for (const { kind, op, count } of input.changes) {
    const key = `${kind} ${op}`
    const known = whole.get(key)
    if (known) known.count += count
    else whole.set(key, { kind, op, count })
  }
  const held: Trip[] = []
  const heldWhole = new Set<string>()
  for (const [key, { kind, op, count }] of whole) {
    const population = total.get(kind) ?? 0
    const limit = input.limits[op]
    if (!limit || (op === 'add' && population === 0)) continue
    const most = limitInForce(limit, population, input.learned?.get(key))
    if (count <= most) continue
    heldWhole.add(key)
    held.push({ guard: op, kind, op, part: null, count, limit: most })
  }
  for (const { kind, op, part, count } of input.changes) {
    const limit = input.partLimits[op]
    if (!limit || part === null || heldWhole.has(`${kind} ${op}`)) continue
    const population = byPart.get(partKey(kind, part)) ?? 0
    // A part that nobody knew is a new unit or system; the limit of the whole kind has judged it already.
    if (op === 'add' && population === 0) continue
    const most = limitOf(limit, population)
    if (count > most) held.push({ guard: `${op}-part`, kind, op, part, count, limit: most })
  }
  return held
}

const partKey = (kind: string, part: string | null) => `${kind} ${part ?? ''}`
