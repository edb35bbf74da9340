/*
 * Who holds what hardly anybody beside them holds. Exact: every person is compared with every other over bit sets,
 * 32 rights a word. Pure; nothing is stored of how alike people are.
 */

export type Holder = {
  id: string
  /** Unit and position of the main job; null: no group to compare with. */
  group: string | null
  /** Numbers of the rights held, from 0. */
  rights: readonly number[]
}
export type Outlier = {
  id: string
  right: number
  /** How many of `of` hold it, the person included. */
  holders: number
  of: number
  /** `group`: the same unit and position. `alike`: too few there, so those whose rights are most alike. */
  among: 'group' | 'alike'
}
export type OutlierLimits = {
  /** Fewer than these in unit and position: compared with those who are most alike. Also the five of "groups of five or more". */
  smallest: number
  /** How many count as most alike. */
  nearest: number
  /** At most this share holds it. */
  share: number
}
export const LIMITS: OutlierLimits = { smallest: 5, nearest: 10, share: 0.1 }

/** Outliers in the order of the people and of their rights. `count`: how many rights there are. */
export function peerOutliers(people: readonly Holder[], count: number, limits: OutlierLimits = LIMITS): Outlier[] {
  const groups = new Map<string, number[]>()
  people.forEach(({ group }, at) => {
    if (group === null) return
    const list = groups.get(group)
    if (list) list.push(at)
    else groups.set(group, [at])
  })
  const sets = bitSets(people, count)
  const found: Outlier[] = []
  const tally = new Uint32Array(count)
  const judge = (at: number, members: readonly number[], among: Outlier['among']) => {
    const of = members.length
    for (const right of people[at]!.rights) {
      const holders = tally[right]!
      if (holders <= Math.max(1, limits.share * of)) found.push({ id: people[at]!.id, right, holders, of, among })
    }
  }
  const counted = (members: readonly number[], work: () => void) => {
    for (const at of members) for (const right of people[at]!.rights) tally[right]!++
    work()
    for (const at of members) for (const right of people[at]!.rights) tally[right]!--
  }
  for (const members of groups.values()) {
    if (members.length >= limits.smallest)
      counted(members, () => {
        for (const at of members) judge(at, members, 'group')
      })
    else
      for (const at of members) {
        const alike = [at, ...nearest(sets, at, limits.nearest)]
        if (alike.length >= limits.smallest) counted(alike, () => judge(at, alike, 'alike'))
      }
  }
  const place = new Map(people.map((one, at) => [one.id, at]))
  return found.sort((a, b) => place.get(a.id)! - place.get(b.id)! || a.right - b.right)
}

export type BitSets = { words: Uint32Array; width: number; sizes: Uint32Array; length: number }

export function bitSets(people: readonly Pick<Holder, 'rights'>[], count: number): BitSets {
  const width = Math.max(1, Math.ceil(count / 32))
  const words = new Uint32Array(people.length * width)
  const sizes = new Uint32Array(people.length)
  people.forEach(({ rights }, at) => {
    sizes[at] = rights.length
    for (const right of rights) {
      const word = at * width + (right >>> 5)
      words[word] = words[word]! | (1 << (right & 31))
    }
  })
  return { words, width, sizes, length: people.length }
}

/**
 * The people whose rights are most like those of `at` (rights in common over rights of either), at most `n` who share
 * any; of equals those who come first.
 */
export function nearest(sets: BitSets, at: number, n: number): number[] {
  const { words, width, sizes, length } = sets
  const best: { other: number; like: number }[] = []
  const own = at * width
  for (let other = 0; other < length; other++) {
    if (other === at) continue
    const smaller = Math.min(sizes[at]!, sizes[other]!)
    const larger = Math.max(sizes[at]!, sizes[other]!)
    // It cannot be more alike than the smaller is of the larger.
    const last = best.length === n ? best[n - 1]!.like : 0
    if (larger === 0 || smaller / larger <= last) continue
    let common = 0
    const base = other * width
    for (let word = 0; word < width; word++) {
      const both = words[own + word]! & words[base + word]!
      if (both !== 0) common += bits(both)
    }
    const like = common / (sizes[at]! + sizes[other]! - common)
    if (like <= last) continue
    if (best.length === n) best.pop()
    let place = best.length
    while (place > 0 && best[place - 1]!.like < like) place--
    best.splice(place, 0, { other, like })
  }
  return best.map(one => one.other)
}

/** Set bits of a word. */
function bits(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
