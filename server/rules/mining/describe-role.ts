/** What a role can be described by: the units from the top down to the own one, and the position. Keys. */
export type Described = { units: readonly string[]; position: string | null }
export type RoleDescription = {
  /** At or below this unit; null: anywhere. */
  unit: string | null
  /** In this position; null: any. */
  position: string | null
  /** Holders of the role, how many of them the description meets, and how many it meets in all. */
  holders: number
  hits: number
  meets: number
}

/** A description that says less is taken when it is this nearly as good: people must be able to name it. */
const SIMPLER = 0.97

/**
 * For each role who its holders are, said as "in this unit or below, in this position": the pair that fits best (the
 * harmonic mean of how many of those it meets hold the role, and how many of the holders it meets). A role of people
 * with nothing in common gets a description that fits badly, and the figures say so.
 */
export function describeRoles(
  people: readonly Described[],
  roles: readonly { holders: readonly number[] }[],
): RoleDescription[] {
  const all = new Map<string, number>()
  for (const person of people) for (const key of descriptionsOf(person)) all.set(key, (all.get(key) ?? 0) + 1)
  return roles.map(({ holders }) => {
    const among = new Map<string, number>()
    for (const holder of holders)
      for (const key of descriptionsOf(people[holder] as Described)) among.set(key, (among.get(key) ?? 0) + 1)
    let best = { key: keyOf(null, null), fit: 0 }
    for (const [key, hits] of among) {
      const fit = (2 * hits) / (holders.length + (all.get(key) as number))
      const [mine, theirs] = [words(key), words(best.key)]
      if (mine < theirs ? fit >= best.fit * SIMPLER : mine > theirs ? fit * SIMPLER > best.fit : fit > best.fit)
        best = { key, fit }
    }
    const [unit, position] = JSON.parse(best.key) as [string | null, string | null]
    return { unit, position, holders: holders.length, hits: among.get(best.key) ?? 0, meets: all.get(best.key) ?? 0 }
  })
}

const keyOf = (unit: string | null, position: string | null) => JSON.stringify([unit, position])
const words = (key: string) => (JSON.parse(key) as unknown[]).filter(part => part !== null).length

function descriptionsOf({ units, position }: Described): string[] {
  const places = [null, ...units]
  const positions = position === null ? [null] : [null, position]
  return places.flatMap(unit => positions.map(one => keyOf(unit, one)))
}
