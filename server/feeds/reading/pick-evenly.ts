/** Of each sort one in turn, in the order in which they came: a few that show as much as possible of what there is. */
export function pickEvenly<T>(candidates: readonly T[], sortOf: (one: T) => string, count: number): T[] {
  const sorts = new Map<string, T[]>()
  for (const candidate of candidates) {
    const sort = sortOf(candidate)
    const others = sorts.get(sort)
    if (others) others.push(candidate)
    else sorts.set(sort, [candidate])
  }
  const picked: T[] = []
  for (let turn = 0; picked.length < count; turn++) {
    const round = [...sorts.values()].flatMap(sort => (turn < sort.length ? [sort[turn]!] : []))
    if (round.length === 0) break
    picked.push(...round)
  }
  return picked.slice(0, count)
}
