import {
  addAll,
  type Bits,
  bitsOf,
  bothOf,
  countBoth,
  eitherOf,
  isEmpty,
  isSubset,
  keepOnly,
  noBits,
  overlaps,
  removeAll,
  without,
} from './bits.ts'
import type { ClassRole, Condensed } from './rights-matrix.ts'
import { type Role, type RoleSet, roleSet } from './role-set.ts'

export type LightRoles = { roles: ClassRole[]; cost: number }
type Idea = { add: Bits | null; drop: Role | null }

/** A change that costs this much more is taken at the start about one time in three; at the end hardly ever. */
const WARMTH = { start: 3, end: 0.06 }
/** Steps between two looks from outside. */
const ROUND = 200

/**
 * Roles that give exactly what is held and are light to look after: as few roles, memberships and contents together as
 * it finds (`complexity`). From the roles given it tries changes at random (a new role of what holders or roles have in
 * common, one role instead of two, none instead of one), keeps what is lighter and, while it is warm, sometimes what is
 * not (simulated annealing). The same seed gives the same answer. Yields the best cost so far; whoever stops asking
 * takes `best()`.
 */
export function lightRoles(
  matrix: Condensed,
  start: readonly ClassRole[],
  { steps, seed }: { steps: number; seed: number },
): { run: () => Generator<{ done: number; cost: number }, LightRoles>; best: () => LightRoles } {
  const random = randomFrom(seed)
  const set = roleSet(matrix)
  for (const role of start) {
    const one = set.role(role.rights)
    for (const holder of role.holders) set.give(holder, one)
  }
  for (const [holder] of matrix.held.entries())
    setTo(set, holder, cover(matrix, holder, set.of(holder), null, random).taken)
  for (const role of set.all()) set.tidy(role)
  let best: LightRoles = { roles: set.copy(), cost: set.cost() }

  function* run(): Generator<{ done: number; cost: number }, LightRoles> {
    // Nobody holds anything: there is nothing to try.
    for (let step = 0; step < steps && matrix.held.length > 0; step++) {
      if (step % ROUND === 0) yield { done: step / steps, cost: best.cost }
      const warmth = WARMTH.start * (WARMTH.end / WARMTH.start) ** (step / steps)
      const before = set.cost()
      set.mark()
      const idea = think(matrix, set, random)
      if (!idea) continue
      carryOut(matrix, set, idea, random)
      const more = set.cost() - before
      if (more > 0 && random() >= Math.exp(-more / warmth)) set.undo()
      else if (set.cost() < best.cost) best = { roles: set.copy(), cost: set.cost() }
    }
    return best
  }
  return { run, best: () => best }
}

const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)] as T

/** What to try next; null when this throw of the dice gave nothing to try. */
function think({ held, heldBy }: Condensed, set: RoleSet, random: () => number): Idea | null {
  const holder = Math.floor(random() * held.length)
  const mine = held[holder] as Bits
  const roles = set.of(holder)
  const role = pick(roles, random)
  const other = pick(roles, random)
  const sharing = (rights: Bits) => held[pick(bitsOf(heldBy[pick(bitsOf(rights), random)] as Bits), random)] as Bits
  const perhaps = (chance: number, one: Role) => (random() < chance ? one : null)
  const idea = ((): Idea | null => {
    switch (Math.floor(random() * 9)) {
      case 0:
        return { add: bothOf(mine, sharing(mine)), drop: null }
      case 1:
        return { add: bothOf(role.rights, sharing(role.rights)), drop: perhaps(0.5, role) }
      case 2:
        return other === role
          ? null
          : { add: eitherOf(role.rights, other.rights), drop: perhaps(0.7, pick([role, other], random)) }
      case 3:
        return other === role ? null : { add: without(role.rights, other.rights), drop: role }
      case 4: {
        const rest = mine.slice()
        for (const one of roles) if (one !== role && random() < 0.7) removeAll(rest, one.rights)
        return { add: rest, drop: perhaps(0.5, role) }
      }
      case 5:
        return { add: common(held, [...role.holders], mine), drop: perhaps(0.5, role) }
      case 6:
        return { add: null, drop: role }
      case 7:
        return { add: common(held, bitsOf(heldBy[pick(bitsOf(mine), random)] as Bits), mine), drop: null }
      default: {
        const elsewhere = pick(set.of(Math.floor(random() * held.length)), random)
        return elsewhere === role ? null : { add: bothOf(role.rights, elsewhere.rights), drop: perhaps(0.5, role) }
      }
    }
  })()
  return idea?.add && isEmpty(idea.add) ? null : idea
}

function common(held: readonly Bits[], holders: readonly number[], from: Bits): Bits {
  const rights = from.slice()
  for (const holder of holders) keepOnly(rights, held[holder] as Bits)
  return rights
}

function carryOut(matrix: Condensed, set: RoleSet, idea: Idea, random: () => number): void {
  const { held, heldBy } = matrix
  const added = idea.add ? set.role(idea.add) : null
  const dropped = idea.drop === added ? null : idea.drop
  const touched = new Set<Role>(added ? [added] : [])
  const holders = new Set<number>(dropped?.holders)
  if (added) for (const holder of holdersOf(added.rights, heldBy)) holders.add(holder)
  const instead = dropped
    ? set.all().filter(role => role !== dropped && role.holders.size > 0 && overlaps(role.rights, dropped.rights))
    : []
  for (const holder of holders) {
    const before = set.of(holder)
    const loses = dropped !== null && before.includes(dropped)
    const fits = added !== null && isSubset(added.rights, held[holder] as Bits)
    const choice = new Set(before.filter(role => role !== dropped))
    if (fits) choice.add(added)
    if (loses) for (const role of instead) if (isSubset(role.rights, held[holder] as Bits)) choice.add(role)
    const { taken, rest } = cover(matrix, holder, [...choice], fits && random() < 0.5 ? added : null, random)
    if (!loses && taken.length > before.length) continue
    // What nobody else gives becomes a role of its own; colleagues with the same rest share it.
    const next = isEmpty(rest) ? taken : [...taken, set.role(rest)]
    for (const role of [...before, ...next]) touched.add(role)
    setTo(set, holder, next)
  }
  for (const role of touched) set.tidy(role)
}

/** Holders who have all of these rights. */
function holdersOf(rights: Bits, heldBy: readonly Bits[]): number[] {
  const [first, ...more] = bitsOf(rights)
  const having = (heldBy[first as number] as Bits).slice()
  for (const right of more) keepOnly(having, heldBy[right] as Bits)
  return bitsOf(having)
}

function setTo(set: RoleSet, holder: number, wanted: readonly Role[]): void {
  for (const role of wanted) set.give(holder, role)
  const keys = new Set(wanted.map(role => role.key))
  for (const role of set.of(holder)) if (!keys.has(role.key)) set.take(holder, role)
}

/** Few of the roles that together give all that the holder has, the largest gain first; and what none of them gives. */
function cover(
  { held }: Condensed,
  holder: number,
  choice: readonly Role[],
  first: Role | null,
  random: () => number,
): { taken: Role[]; rest: Bits } {
  const rest = (held[holder] as Bits).slice()
  const taken: Role[] = []
  const take = (role: Role) => {
    taken.push(role)
    removeAll(rest, role.rights)
  }
  if (first) take(first)
  for (;;) {
    let best: Role | null = null
    let most = 0
    for (const role of choice) {
      if (taken.includes(role)) continue
      const gain = countBoth(rest, role.rights)
      if (gain > most || (gain === most && gain > 0 && random() < 0.5)) {
        most = gain
        best = role
      }
    }
    if (!best) break
    take(best)
  }
  return { taken: withoutSpare(taken, rest.length * 32), rest }
}

/** Roles whose rights the others give together are left out. */
function withoutSpare(taken: readonly Role[], width: number): Role[] {
  const needed = [...taken]
  for (const role of taken) {
    const others = noBits(width)
    for (const one of needed) if (one !== role) addAll(others, one.rights)
    if (needed.length > 1 && isSubset(role.rights, others)) needed.splice(needed.indexOf(role), 1)
  }
  return needed
}

/** Numbers from 0 to 1 that the seed decides (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
