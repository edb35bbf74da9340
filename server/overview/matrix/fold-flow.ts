import { FLOW_NODES, FLOW_STEPS } from '#contract/matrix.ts'

export type NodeKind =
  | 'unit'
  | 'title'
  | 'role'
  | 'rule'
  | 'exception'
  | 'unexplained'
  | 'system'
  | 'data'
  | 'none'
  | 'others'
export type FlowThing = { key: string; name: string | null; kind: NodeKind }
export type FlowNode = { key: string | null; name: string | null; kind: NodeKind; people: number; of: number }

/** What flows: one entry a (person, right, ground), ordered by person; in each step the place of a thing in its list. */
export type Flows = {
  length: number
  person: (flow: number) => number
  right: (flow: number) => number
  /** By step of `FLOW_STEPS`. */
  thing: readonly ((flow: number) => number)[]
}

/**
 * The picture: of each step the things with most people, the others as one node, and how many people go from each to
 * each of the next step. A person is counted once in a node and once in a link, whatever the number of rights.
 * `through` is a thing of a step that all must go through.
 */
export function foldFlow(
  flows: Flows,
  things: readonly (readonly FlowThing[])[],
  through?: { step: (typeof FLOW_STEPS)[number]; key: string },
): { people: number; rights: number; steps: FlowNode[][]; links: number[] } {
  const at = through ? FLOW_STEPS.indexOf(through.step) : -1
  const only = through ? (things[at]?.findIndex(thing => thing.key === through.key) ?? -1) : -1
  const goes = (flow: number) => !through || flows.thing[at]?.(flow) === only
  const steps: FlowNode[][] = []
  const nodeOf: Int32Array[] = []
  let people = 0
  let rights = 0
  for (let flow = 0, who = -1, what = -1; flow < flows.length; flow++) {
    if (!goes(flow)) continue
    const person = flows.person(flow)
    if (person !== who) people++
    // Grounds of one right stand together.
    if (person !== who || flows.right(flow) !== what) rights++
    who = person
    what = flows.right(flow)
  }
  for (const [step, list] of things.entries()) {
    const thing = flows.thing[step] as (flow: number) => number
    const counts = countPeople(flows, goes, list.length, thing)
    const ranked = list
      .map((_, place) => place)
      .filter(place => counts[place])
      .sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
    // One more is not worth a node of its own that says "1 other".
    const own = ranked.length <= FLOW_NODES + 1 ? ranked : ranked.slice(0, FLOW_NODES)
    const to = new Int32Array(list.length).fill(own.length)
    for (const [node, place] of own.entries()) to[place] = node
    nodeOf.push(to)
    const nodes: FlowNode[] = own.map(place => ({
      ...(list[place] as FlowThing),
      people: counts[place] ?? 0,
      of: 1,
    }))
    if (own.length < ranked.length) {
      const others = countPeople(flows, goes, own.length + 1, flow => to[thing(flow)] ?? 0)[own.length] ?? 0
      nodes.push({ key: null, name: null, kind: 'others', people: others, of: ranked.length - own.length })
    }
    steps.push(nodes)
  }
  const links: number[] = []
  for (let step = 0; step + 1 < steps.length; step++) {
    const width = steps[step + 1]?.length ?? 0
    const node = (of: number, flow: number) => nodeOf[of]?.[flows.thing[of]?.(flow) ?? 0] ?? 0
    const counts = countPeople(
      flows,
      goes,
      (steps[step]?.length ?? 0) * width,
      flow => node(step, flow) * width + node(step + 1, flow),
    )
    for (const [place, count] of counts.entries())
      if (count) links.push(step, Math.floor(place / width), place % width, count)
  }
  return { people, rights, steps, links }
}

function countPeople(
  flows: Flows,
  goes: (flow: number) => boolean,
  places: number,
  place: (flow: number) => number,
): Uint32Array {
  const counts = new Uint32Array(places)
  // Flows come person by person: who was counted last is enough to count each once.
  const last = new Int32Array(places).fill(-1)
  for (let flow = 0; flow < flows.length; flow++) {
    if (!goes(flow)) continue
    const [person, to] = [flows.person(flow), place(flow)]
    if (last[to] === person) continue
    last[to] = person
    counts[to] = (counts[to] ?? 0) + 1
  }
  return counts
}
