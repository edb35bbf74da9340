import {
  addAll,
  addBit,
  type Bits,
  bitsOf,
  bothOf,
  countBits,
  countBoth,
  hasBit,
  isEmpty,
  isSubset,
  keepOnly,
  noBits,
  overlaps,
  removeAll,
  removeBit,
} from './bits.ts'
import type { ClassRole, Condensed } from './rights-matrix.ts'

/** A right that a holder has and some role must give. */
type Cell = { holder: number; right: number }
/** What one role that gives a cell could give of what is still to be given. */
type Reach = { holders: number[]; rights: Bits; cells: number }
/** A cell that whoever gives `with` can give as well. */
type Follower = { cell: Cell; with: Cell }

export type FewRoles = { roles: ClassRole[]; fewest: boolean }

/**
 * The fewest roles that give exactly what is held. Two cells fit into one role when each holder of the two has both
 * rights, so the roles are a smallest cover of a graph by cliques. As Ene et al. (SACMAT 2008) found, real matrices
 * fall apart by two steps that lose nothing: a cell goes that every role giving some other cell could give too, and a
 * cell that only one role could best serve takes that role. `fewest` is true when these two were enough, so that no
 * smaller set exists; else a guess was made where they stuck. Yields the share of cells given, from 0 to 1.
 */
export function* fewRoles(matrix: Condensed): Generator<number, FewRoles> {
  const { held } = matrix
  const roles: ClassRole[] = []
  let open = needed(matrix)
  const all = Math.max(1, open.length)
  const left = held.map(row => noBits(row.length * 32))
  for (const cell of open) addBit(left[cell.holder] as Bits, cell.right)
  let fewest = true

  let followers: Follower[] = []
  const isLeft = (cell: Cell) => hasBit(left[cell.holder] as Bits, cell.right)

  const take = (clique: Reach): void => {
    const holders = withFollowers(clique, left, followers)
    const rights = (held[holders[0] as number] as Bits).slice()
    for (const holder of holders) keepOnly(rights, held[holder] as Bits)
    const having: number[] = []
    for (const [holder, row] of held.entries())
      if (isSubset(rights, row)) {
        having.push(holder)
        removeAll(left[holder] as Bits, rights)
      }
    roles.push({ rights, holders: having })
    followers = followers.filter(
      ({ cell }) => !(hasBit(rights, cell.right) && isSubset(rights, held[cell.holder] as Bits)),
    )
    // What it was to follow has been given by a role that happened to hold it, and without this one: on the list again.
    for (const { cell, with: leader } of followers) {
      if (isLeft(leader) || followers.some(other => sameCell(other.cell, leader))) continue
      addBit(left[cell.holder] as Bits, cell.right)
      open.push(cell)
      fewest = false
    }
    followers = followers.filter(({ cell }) => !isLeft(cell))
  }

  for (;;) {
    open = open.filter(isLeft)
    if (open.length === 0) return { roles, fewest }
    yield 1 - open.length / all
    const reached = open
      .map(cell => ({ cell, cells: reach(matrix, left, cell).cells }))
      .sort((a, b) => a.cells - b.cells)
    let moved = false
    for (const { cell } of reached) {
      if (!isLeft(cell)) continue
      const near = reach(matrix, left, cell)
      if (!near.holders.every(holder => isSubset(near.rights, held[holder] as Bits))) continue
      take(near)
      moved = true
    }
    if (moved) continue
    const dropped = dropCovered(matrix, left, open)
    followers.push(...dropped)
    if (dropped.length > 0) continue
    fewest = false
    take(grow(matrix, left, (reached[0] as { cell: Cell }).cell))
  }
}

const sameCell = (one: Cell, other: Cell) => one.holder === other.holder && one.right === other.right

/** The holders of a role that is taken, with those of the cells that were left to it, and of those left to them. */
function withFollowers(clique: Reach, left: readonly Bits[], followers: readonly Follower[]): number[] {
  const holders = new Set(clique.holders)
  const inside = followers.filter(
    one =>
      holders.has(one.with.holder) &&
      hasBit(left[one.with.holder] as Bits, one.with.right) &&
      hasBit(clique.rights, one.with.right),
  )
  for (const { cell } of inside) {
    holders.add(cell.holder)
    inside.push(...followers.filter(one => sameCell(one.with, cell) && !inside.includes(one)))
  }
  return [...holders]
}

/**
 * Cells that decide: whoever gives one of them can give those above it, of a holder with more rights or a right with
 * more holders.
 */
function needed({ held, heldBy }: Condensed): Cell[] {
  const smallerHolders = strictlyWithin(held)
  const smallerRights = strictlyWithin(heldBy)
  return held.flatMap((row, holder) =>
    bitsOf(row)
      .filter(
        right =>
          !overlaps(smallerHolders[holder] as Bits, heldBy[right] as Bits) &&
          !overlaps(smallerRights[right] as Bits, row),
      )
      .map(right => ({ holder, right })),
  )
}

/** For each set which of the others lie within it. No two are the same. */
function strictlyWithin(sets: readonly Bits[]): Bits[] {
  const sizes = sets.map(countBits)
  return sets.map((large, at) => {
    const within = noBits(sets.length)
    for (let one = 0; one < sets.length; one++)
      if ((sizes[one] as number) < (sizes[at] as number) && isSubset(sets[one] as Bits, large)) addBit(within, one)
    return within
  })
}

/** What is still to be given by any role that gives this cell: of its holders, among the rights of its holder. */
function reach({ held, heldBy }: Condensed, left: readonly Bits[], { holder, right }: Cell): Reach {
  const mine = held[holder] as Bits
  const found: Reach = { holders: [], rights: mine.map(() => 0), cells: 0 }
  for (const other of bitsOf(heldBy[right] as Bits)) {
    const cells = bothOf(left[other] as Bits, mine)
    if (isEmpty(cells)) continue
    found.holders.push(other)
    found.cells += countBits(cells)
    addAll(found.rights, cells)
  }
  return found
}

/** Beyond this many open cells the comparison of each with each costs more memory than it saves roles. */
const COMPARED_AT_MOST = 20_000

/** Take away cells that any role giving some other open cell could give too. */
function dropCovered({ held, heldBy }: Condensed, left: readonly Bits[], open: readonly Cell[]): Follower[] {
  if (open.length > COMPARED_AT_MOST) return []
  const width = (held[0]?.length ?? 0) * 32
  const numbers = new Map(open.map((cell, at) => [cell.holder * width + cell.right, at]))
  const fits = open.map(({ holder, right }) => {
    const near = noBits(open.length)
    for (const other of bitsOf(heldBy[right] as Bits))
      for (const theirs of bitsOf(bothOf(left[other] as Bits, held[holder] as Bits)))
        addBit(near, numbers.get(other * width + theirs) as number)
    return near
  })
  const gone = new Map<number, Follower>()
  for (const [at, near] of fits.entries()) {
    if (gone.has(at)) continue
    for (const other of bitsOf(near)) {
      if (other === at || gone.has(other) || !isSubset(near, fits[other] as Bits)) continue
      const cell = open[other] as Cell
      gone.set(other, { cell, with: open[at] as Cell })
      removeBit(left[cell.holder] as Bits, cell.right)
    }
  }
  return [...gone.values()]
}

/** Where nothing is certain: from a cell outwards, always the holder with whom most that is open can be given. */
function grow(matrix: Condensed, left: readonly Bits[], cell: Cell): Reach {
  const { held } = matrix
  let holders = [cell.holder]
  let rights = (held[cell.holder] as Bits).slice()
  let pool = reach(matrix, left, cell).holders.filter(holder => holder !== cell.holder)
  const gives = (some: readonly number[], what: Bits) =>
    some.reduce((sum, holder) => sum + countBoth(left[holder] as Bits, what), 0)
  for (let best = gives(holders, rights); ; ) {
    let next: { holder: number; rights: Bits } | null = null
    for (const holder of pool) {
      const fewer = bothOf(rights, held[holder] as Bits)
      const given = gives([...holders, holder], fewer)
      if (given > best && hasBit(fewer, cell.right)) {
        best = given
        next = { holder, rights: fewer }
      }
    }
    if (!next) return { holders, rights, cells: best }
    const { holder } = next
    holders = [...holders, holder]
    pool = pool.filter(one => one !== holder)
    rights = next.rights
  }
}
