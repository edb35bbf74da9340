export type ReachHow = 'constrained' | 'maximum' | 'unexplained'
/** What people with this footprint reach: one system, and the bindings that count for it (none: nobody has said why). */
export type Footprint = {
  id: number
  systemId: string
  cells: { activityId: string | null; data: string | null; subject: string | null; how: ReachHow }[]
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
