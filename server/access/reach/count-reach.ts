export type ReachHow = 'constrained' | 'maximum' | 'unexplained'
/** Why it is not more than maximum: no purpose names it; one does, outside of its limits; one does, for something else. */
export type ReachBeyond = 'category' | 'limits' | 'operation'
/** What people with this footprint reach: one system, and the bindings that count for it (none: nobody has said why). */
export type Footprint = {
  id: number
  systemId: string
  cells: {
    activityId: string | null
    data: string | null
    subject: string | null
    how: ReachHow
    beyond: ReachBeyond | null
    /** Of a part of the people only: of some units, or of a part of the activity's work. */
    part: boolean
    /** Types of limit that could not be counted, where it rests on such alone. */
    uncounted: string[]
  }[]
}
/** So many people have exactly these footprints; a number is a footprint, or a ground and a footprint. */
export type Crowd = { people: number; prints: number[] }

/**
 * People, each once. `people`: who can reach it at most. `constrained`: who reaches it for a purpose that names it.
 * `unexplained`: who reaches it by a right that nobody has given a purpose. Whoever is both counts in both.
 */
export type ReachCount = { people: number; constrained: number; unexplained: number }

const none = (): ReachCount => ({ people: 0, constrained: 0, unexplained: 0 })

/**
 * How many people reach each thing that `keysOf` makes of a cell (null: what no record states). People with the same
 * footprints are counted together, each once a thing, whatever the number of rights by which they reach it.
 */
export function countReach(
  footprints: readonly Footprint[],
  crowds: readonly Crowd[],
  keysOf: (cell: Footprint['cells'][number], footprint: Footprint) => readonly string[],
): Map<string, ReachCount> {
  const places = new Map<string, number>()
  const placeOf = (key: string) => {
    const known = places.get(key)
    if (known !== undefined) return known
    places.set(key, places.size)
    return places.size - 1
  }
  const HOWS = { maximum: 1, constrained: 3, unexplained: 5 } as const
  // Of each footprint its things, with how they are reached as bits: at all, by a purpose, without one.
  const reached = new Map<number, Map<number, number>>()
  for (const footprint of footprints) {
    const mine = new Map<number, number>()
    for (const cell of footprint.cells)
      for (const key of keysOf(cell, footprint)) {
        const place = placeOf(key)
        mine.set(place, (mine.get(place) ?? 0) | HOWS[cell.how])
      }
    reached.set(footprint.id, mine)
  }
  const counts = Array.from({ length: places.size }, none)
  const bits = new Uint8Array(places.size)
  for (const crowd of crowds) {
    const touched: number[] = []
    for (const print of crowd.prints)
      for (const [place, how] of reached.get(print) ?? []) {
        const before = bits[place] ?? 0
        if (before === 0) touched.push(place)
        bits[place] = before | how
      }
    for (const place of touched) {
      const count = counts[place]
      const how = bits[place] ?? 0
      bits[place] = 0
      if (!count) continue
      count.people += crowd.people
      if (how & 2) count.constrained += crowd.people
      if (how & 4) count.unexplained += crowd.people
    }
  }
  return new Map([...places].map(([key, place]) => [key, counts[place] ?? none()]))
}

/**
 * The way from at most to a purpose, people each once by the best they have: `constrained + limits + operation + category +
 * unexplained` are all. Of the constrained, `part`: who reaches a part only; `uncounted`: who are among them because a limit
 * could not be counted (of the types `uncountedBy`).
 */
export type ReachApart = Record<
  'people' | 'constrained' | ReachBeyond | 'unexplained' | 'part' | 'uncounted',
  number
> & { uncountedBy: string[] }

const APART = { constrained: 1, whole: 2, counted: 4, limits: 8, operation: 16, category: 32, unexplained: 64 } as const

/** Of those who reach any of the cells that are wanted. */
export function tellApart(
  footprints: readonly Footprint[],
  crowds: readonly Crowd[],
  wants: (cell: Footprint['cells'][number]) => boolean,
): ReachApart {
  const uncountedBy = new Set<string>()
  const bitsOf = new Map<number, number>()
  for (const footprint of footprints) {
    let bits = 0
    for (const cell of footprint.cells) {
      if (!wants(cell)) continue
      if (cell.how === 'constrained')
        bits |= APART.constrained | (cell.part ? 0 : APART.whole) | (cell.uncounted.length > 0 ? 0 : APART.counted)
      else bits |= APART[cell.beyond ?? 'unexplained']
      for (const type of cell.uncounted) uncountedBy.add(type)
    }
    if (bits > 0) bitsOf.set(footprint.id, bits)
  }
  const apart = {
    people: 0,
    constrained: 0,
    limits: 0,
    operation: 0,
    category: 0,
    unexplained: 0,
    part: 0,
    uncounted: 0,
  }
  for (const { people, prints } of crowds) {
    const bits = prints.reduce((sum, print) => sum | (bitsOf.get(print) ?? 0), 0)
    if (bits === 0) continue
    const best = (['limits', 'operation', 'category', 'unexplained'] as const).find(one => bits & APART[one])
    apart.people += people
    if (bits & APART.constrained) {
      apart.constrained += people
      if (!(bits & APART.whole)) apart.part += people
      if (!(bits & APART.counted)) apart.uncounted += people
    } else if (best) apart[best] += people
  }
  return { ...apart, uncountedBy: [...uncountedBy].sort() }
}
