/** A flow of data between two systems by id or key. */
export type Flow = { from: string; to: string }
export type Weight = {
  /** Systems that get data of it, directly or by way of others. */
  dependents: number
  /** Systems that are no longer connected with most of what is left when it is lost: 0 for all but articulation points. */
  cutsOff: number
}

/**
 * How much hangs on each system. Cutting off looks at the map as a net without directions (Hopcroft and Tarjan's
 * articulation points, with the size of what each of them separates); depending follows the data. Flows to systems that
 * are not in the list, and from a system to itself, count for nothing. Pure.
 */
export function weighSystems(systems: readonly string[], flows: readonly Flow[]): Map<string, Weight> {
  const place = new Map(systems.map((system, at) => [system, at]))
  const near: number[][] = systems.map(() => [])
  const onward: number[][] = systems.map(() => [])
  for (const { from, to } of flows) {
    const [a, b] = [place.get(from), place.get(to)]
    if (a === undefined || b === undefined || a === b) continue
    near[a]?.push(b)
    near[b]?.push(a)
    onward[a]?.push(b)
  }
  const cut = cutsOff(near)
  return new Map(systems.map((system, at) => [system, { dependents: reached(onward, at), cutsOff: cut[at] ?? 0 }]))
}

function reached(onward: readonly number[][], start: number): number {
  const seen = new Set([start])
  const open = [start]
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const next of onward[at] ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  return seen.size - 1
}

type Visit = { at: number; parent: number; next: number }

/** Without recursion: a long chain of systems is deeper than the stack. */
function cutsOff(near: readonly number[][]): number[] {
  const found = near.map(() => -1)
  const low = near.map(() => 0)
  const size = near.map(() => 1)
  // What falls off below each when it goes: one number a branch that has no other way up.
  const fallen: number[][] = near.map(() => [])
  const whole = near.map(() => 0)
  let clock = 0
  for (let root = 0; root < near.length; root++) {
    if (found[root] !== -1) continue
    const part: number[] = []
    const stack: Visit[] = [{ at: root, parent: -1, next: 0 }]
    found[root] = low[root] = clock++
    while (stack.length > 0) {
      const visit = stack[stack.length - 1] as Visit
      const { at, parent } = visit
      const to = near[at]?.[visit.next++]
      if (to !== undefined) {
        if (to === parent) continue
        if (found[to] === -1) {
          found[to] = low[to] = clock++
          stack.push({ at: to, parent: at, next: 0 })
        } else low[at] = Math.min(low[at] as number, found[to] as number)
        continue
      }
      stack.pop()
      part.push(at)
      if (parent === -1) continue
      low[parent] = Math.min(low[parent] as number, low[at] as number)
      size[parent] = (size[parent] as number) + (size[at] as number)
      if ((low[at] as number) >= (found[parent] as number)) fallen[parent]?.push(size[at] as number)
    }
    for (const at of part) whole[at] = part.length
  }
  return near.map((_, at) => {
    const branches = fallen[at] ?? []
    const above = (whole[at] as number) - 1 - branches.reduce((sum, one) => sum + one, 0)
    const left = [...branches, above].filter(one => one > 0)
    return left.length < 2 ? 0 : left.reduce((sum, one) => sum + one, 0) - Math.max(...left)
  })
}
