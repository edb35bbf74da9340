import { type Bits, bitsOf, hasBit, isEmpty, removeBit } from './bits.ts'
import type { ClassRole, Condensed } from './rights-matrix.ts'

/** A role while the search goes on. Two of the same rights are one. */
export type Role = { id: number; key: string; rights: Bits; weight: number; holders: Set<number> }

/**
 * Roles and who has them, with what they cost (`complexity` of the matrix written out), changed step by step, each step
 * of which can be taken back.
 */
export type RoleSet = {
  cost: () => number
  all: () => Role[]
  /** The roles of a class of holders. */
  of: (holder: number) => Role[]
  /** The role with these rights, made when there is none. */
  role: (rights: Bits) => Role
  give: (holder: number, role: Role) => void
  take: (holder: number, role: Role) => void
  /** A role nobody has goes; a right goes from a role where all its holders have it otherwise. */
  tidy: (role: Role) => void
  /** From here on steps can be taken back. */
  mark: () => void
  undo: () => void
  /** What stands now, apart from what comes. */
  copy: () => ClassRole[]
}

export function roleSet(matrix: Condensed): RoleSet {
  const weightOf = matrix.rights.map(rights => rights.length)
  const people = matrix.holders.map(holders => holders.length)
  const byKey = new Map<string, Role>()
  const byHolder = matrix.holders.map(() => new Set<Role>())
  let cost = 0
  let made = 0
  let steps: (() => void)[] = []

  const enter = (role: Role) => {
    byKey.set(role.key, role)
    cost += 1 + role.weight
  }
  const leave = (role: Role) => {
    byKey.delete(role.key)
    cost -= 1 + role.weight
  }
  const link = (holder: number, role: Role) => {
    byHolder[holder]?.add(role)
    role.holders.add(holder)
    cost += people[holder] as number
  }
  const unlink = (holder: number, role: Role) => {
    byHolder[holder]?.delete(role)
    role.holders.delete(holder)
    cost -= people[holder] as number
  }
  const step = (forth: () => void, back: () => void) => {
    forth()
    steps.push(back)
  }

  const role = (rights: Bits): Role => {
    const key = rights.join(' ')
    const known = byKey.get(key)
    if (known) return known
    const weight = bitsOf(rights).reduce((sum, right) => sum + (weightOf[right] as number), 0)
    const one: Role = { id: made++, key, rights, weight, holders: new Set() }
    step(
      () => enter(one),
      () => leave(one),
    )
    return one
  }
  /** A role that lost its last holder within the step may be wanted again, and may have come back as another. */
  const present = (wanted: Role): Role => {
    const known = byKey.get(wanted.key)
    if (known) return known
    step(
      () => enter(wanted),
      () => leave(wanted),
    )
    return wanted
  }
  const give = (holder: number, wanted: Role) => {
    const one = present(wanted)
    if (one.holders.has(holder)) return
    step(
      () => link(holder, one),
      () => unlink(holder, one),
    )
  }
  const dropUnused = (one: Role) => {
    if (one.holders.size > 0 || byKey.get(one.key) !== one) return
    step(
      () => leave(one),
      () => enter(one),
    )
  }
  const take = (holder: number, one: Role) => {
    if (!one.holders.has(holder)) return
    step(
      () => unlink(holder, one),
      () => link(holder, one),
    )
    dropUnused(one)
  }

  const givenOtherwise = (one: Role, right: number): boolean => {
    for (const holder of one.holders) {
      let otherwise = false
      for (const other of byHolder[holder] as Set<Role>)
        if (other !== one && hasBit(other.rights, right)) {
          otherwise = true
          break
        }
      if (!otherwise) return false
    }
    return true
  }
  const tidy = (one: Role) => {
    dropUnused(one)
    if (one.holders.size === 0) return
    const spare = bitsOf(one.rights).filter(right => givenOtherwise(one, right))
    if (spare.length === 0) return
    const rights = one.rights.slice()
    for (const right of spare) removeBit(rights, right)
    const holders = [...one.holders]
    if (!isEmpty(rights)) for (const holder of holders) give(holder, role(rights))
    for (const holder of holders) take(holder, one)
  }

  return {
    cost: () => cost,
    all: () => [...byKey.values()],
    of: holder => [...(byHolder[holder] as Set<Role>)],
    role,
    give,
    take,
    tidy,
    mark: () => {
      steps = []
    },
    undo: () => {
      for (const back of steps.reverse()) back()
      steps = []
    },
    copy: () => [...byKey.values()].map(({ rights, holders }) => ({ rights, holders: [...holders] })),
  }
}
