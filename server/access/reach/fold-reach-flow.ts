import { REACH_NODES, REACH_STEPS } from '#contract/reach.ts'
import type { Crowd } from './count-reach.ts'

export type ReachStep = (typeof REACH_STEPS)[number]
/** What a person with this print goes through: by step the place of a thing in its list. */
export type Path = readonly [number, number, number, number]
export type FlowBox = { places: number[]; others: boolean; people: number }
export type FoldedFlow = { people: number; steps: FlowBox[][]; links: number[] }

/**
 * The picture: of each step the things with most people, the others as one box, and how many people go from each to each of
 * the next step. A person counts once in a box and once in a band, so bands need not add up to their box.
 */
export function foldReachFlow(
  crowds: readonly Crowd[],
  pathsOf: ReadonlyMap<number, readonly Path[]>,
  sizes: readonly number[],
): FoldedFlow {
  const count = (places: number, place: (path: Path) => number): Float64Array => {
    const counts = new Float64Array(places)
    const last = new Int32Array(places).fill(-1)
    for (const [at, crowd] of crowds.entries())
      for (const print of crowd.prints)
        for (const path of pathsOf.get(print) ?? []) {
          const to = place(path)
          if (last[to] === at) continue
          last[to] = at
          counts[to] = (counts[to] ?? 0) + crowd.people
        }
    return counts
  }
  const boxOf: Int32Array[] = []
  const steps = REACH_STEPS.map((_, step) => {
    const size = sizes[step] ?? 0
    const counts = count(size, path => path[step] ?? 0)
    const ranked = Array.from({ length: size }, (_, place) => place)
      .filter(place => (counts[place] ?? 0) > 0)
      .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
    // One more is not worth a box of its own that says "1 other".
    const own = ranked.length <= REACH_NODES + 1 ? ranked : ranked.slice(0, REACH_NODES)
    const rest = ranked.slice(own.length)
    const to = new Int32Array(size).fill(own.length)
    for (const [box, place] of own.entries()) to[place] = box
    boxOf.push(to)
    const boxes: FlowBox[] = own.map(place => ({ places: [place], others: false, people: counts[place] ?? 0 }))
    if (rest.length > 0) {
      const others = count(own.length + 1, path => to[path[step] ?? 0] ?? 0)[own.length] ?? 0
      boxes.push({ places: rest, others: true, people: others })
    }
    return boxes
  })
  const links: number[] = []
  for (let step = 0; step + 1 < steps.length; step++) {
    const width = steps[step + 1]?.length ?? 0
    const box = (of: number, path: Path) => boxOf[of]?.[path[of] ?? 0] ?? 0
    const counts = count((steps[step]?.length ?? 0) * width, path => box(step, path) * width + box(step + 1, path))
    for (const [place, people] of counts.entries())
      if (people > 0) links.push(step, Math.floor(place / width), place % width, people)
  }
  return { people: count(1, () => 0)[0] ?? 0, steps, links }
}
