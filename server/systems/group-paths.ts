/**
 * Ways from an account through nested groups to groups that give a right, and where to cut them. Pure, over memberships
 * as they stand: `member` is in `group`.
 */
export type Nesting = { group: string; member: string }
/** A membership on a way; `member` is null for the account itself. */
export type Step = { group: string; member: string | null }

export type GroupPaths = {
  /** Groups that are members of one another are one node, called by its first group; `groups` are all of it. */
  nodes: Map<string, { groups: string[]; gives: boolean }>
  /** Nodes from the account outwards; the shortest ways first. */
  paths: string[][]
  /** Ways beyond those listed; null: more than can be counted. */
  more: number | null
}
const COUNTED = 1_000_000

type Graph = {
  /** Groups that the account is a member of itself. */
  own: readonly string[]
  nested: readonly Nesting[]
  /** Groups that give the right. */
  targets: ReadonlySet<string>
}

/**
 * Every simple way, once circles of groups are taken as one: a way ends at a group that gives the right, and one that goes
 * on from there to another is a way of its own. Lists the `most` shortest, and counts the rest.
 */
export function groupPaths({ own, nested, targets }: Graph, most = 50): GroupPaths {
  const nodeOf = circles(own, nested)
  const nodes = new Map<string, { groups: string[]; gives: boolean }>()
  for (const [group, name] of nodeOf) {
    const node = nodes.get(name) ?? { groups: [], gives: false }
    node.groups.push(group)
    node.gives ||= targets.has(group)
    nodes.set(name, node)
  }
  for (const node of nodes.values()) node.groups.sort()
  const up = new Map<string, Set<string>>()
  for (const { group, member } of nested) {
    const [from, to] = [nodeOf.get(member), nodeOf.get(group)]
    if (from === undefined || to === undefined || from === to) continue
    up.set(from, (up.get(from) ?? new Set()).add(to))
  }
  const starts = [...new Set(own.flatMap(group => nodeOf.get(group) ?? []))].sort()
  const total = countWays(starts, up, nodes)
  // By length: a breadth first search over ways, of which only those that can still arrive are followed.
  const arrives = (node: string) => (total.from.get(node) ?? 0) > 0
  const paths: string[][] = []
  let ways = starts.filter(arrives).map(node => [node])
  while (ways.length > 0 && paths.length < most) {
    for (const way of ways) if (nodes.get(way.at(-1)!)?.gives && paths.length < most) paths.push(way)
    ways = ways
      .flatMap(way =>
        [...(up.get(way.at(-1)!) ?? [])]
          .sort()
          .filter(arrives)
          .map(node => [...way, node]),
      )
      .slice(0, most * 20)
  }
  return { nodes, paths, more: total.all > COUNTED ? null : total.all - paths.length }
}

/** How many ways there are in all; above `COUNTED` only that there are more. Circles are one node, so it ends. */
function countWays(
  starts: readonly string[],
  up: ReadonlyMap<string, ReadonlySet<string>>,
  nodes: GroupPaths['nodes'],
): { all: number; from: Map<string, number> } {
  const from = new Map<string, number>()
  const count = (node: string): number => {
    const known = from.get(node)
    if (known !== undefined) return known
    let ways = nodes.get(node)?.gives ? 1 : 0
    for (const next of up.get(node) ?? []) ways = Math.min(COUNTED + 1, ways + count(next))
    from.set(node, ways)
    return ways
  }
  let all = 0
  for (const node of starts) all = Math.min(COUNTED + 1, all + count(node))
  return { all, from }
}

/** Each group that can be reached → the first, by name, of those that it is in a circle with (Tarjan). */
function circles(own: readonly string[], nested: readonly Nesting[]): Map<string, string> {
  const up = new Map<string, string[]>()
  for (const { group, member } of nested) up.set(member, [...(up.get(member) ?? []), group])
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const inside = new Set<string>()
  const nodeOf = new Map<string, string>()
  const visit = (group: string): void => {
    index.set(group, index.size)
    low.set(group, index.get(group)!)
    open.push(group)
    inside.add(group)
    for (const next of up.get(group) ?? []) {
      if (!index.has(next)) {
        visit(next)
        low.set(group, Math.min(low.get(group)!, low.get(next)!))
      } else if (inside.has(next)) low.set(group, Math.min(low.get(group)!, index.get(next)!))
    }
    if (low.get(group) !== index.get(group)) return
    const circle = open.splice(open.indexOf(group))
    const [first] = [...circle].sort()
    for (const one of circle) {
      inside.delete(one)
      nodeOf.set(one, first!)
    }
  }
  for (const group of own) if (!index.has(group)) visit(group)
  return nodeOf
}

const keyOf = ({ group, member }: Step): string => `${member ?? ''}>${group}`

/**
 * The fewest memberships that, taken away together, leave no way, and of those the nearest to the account (maximum flow
 * with one unit a membership; Ford and Fulkerson). Empty where there is no way.
 */
export function fewestCut(graph: Graph): Step[] {
  const steps = stepsOf(graph)
  const used = new Set<string>()
  for (;;) {
    const { reached, via } = residual(graph, steps, used)
    const end = [...graph.targets].find(group => reached.has(group))
    if (end === undefined)
      return steps.filter(step => (step.member === null || reached.has(step.member)) && !reached.has(step.group))
    for (let at: string | null = end; at !== null; ) {
      const { step, back }: { step: Step; back: boolean } = via.get(at)!
      if (back) used.delete(keyOf(step))
      else used.add(keyOf(step))
      at = back ? step.group : step.member
    }
  }
}

/** Memberships that every way goes over: any one of them is enough. Empty where two ways share none. */
export function bridges(graph: Graph): Step[] {
  if (fewestCut(graph).length !== 1) return []
  return stepsOf(graph).filter(step => !arrives(graph, [step]))
}

/**
 * Which of the accounts lose the right when these memberships are ended. `members`: account → groups that it is in itself.
 */
export function whoLoses(
  members: ReadonlyMap<string, readonly string[]>,
  graph: Pick<Graph, 'nested' | 'targets'>,
  removed: readonly Step[],
  account: string,
): string[] {
  const gone = new Set(removed.map(keyOf))
  const giving = (nested: readonly Nesting[]) => {
    const down = new Map<string, string[]>()
    for (const { group, member } of nested) down.set(group, [...(down.get(group) ?? []), member])
    const found = new Set(graph.targets)
    const left = [...found]
    for (let group = left.pop(); group !== undefined; group = left.pop())
      for (const member of down.get(group) ?? [])
        if (!found.has(member)) {
          found.add(member)
          left.push(member)
        }
    return found
  }
  const before = giving(graph.nested)
  const after = giving(graph.nested.filter(one => !gone.has(keyOf(one))))
  return [...members].flatMap(([one, groups]) => {
    const had = groups.some(group => before.has(group))
    const keeps = groups.some(
      group => after.has(group) && !(one === account && gone.has(keyOf({ group, member: null }))),
    )
    return had && !keeps ? [one] : []
  })
}

function stepsOf({ own, nested }: Graph): Step[] {
  const all = [...[...new Set(own)].map(group => ({ group, member: null })), ...nested]
  return [...new Map<string, Step>(all.map(step => [keyOf(step), step])).values()]
}

/** Groups that can be reached with what is not used up, and by which step first; a used step can be gone back over. */
function residual({ own }: Graph, steps: readonly Step[], used: ReadonlySet<string>) {
  const forward = Map.groupBy(
    steps.filter(step => !used.has(keyOf(step)) && step.member !== null),
    step => step.member as string,
  )
  const backward = Map.groupBy(
    steps.filter(step => used.has(keyOf(step)) && step.member !== null),
    step => step.group,
  )
  const via = new Map<string, { step: Step; back: boolean }>()
  const reached = new Set<string>()
  const left: string[] = []
  const reach = (group: string, step: Step, back: boolean) => {
    if (reached.has(group)) return
    reached.add(group)
    via.set(group, { step, back })
    left.push(group)
  }
  for (const group of new Set(own))
    if (!used.has(keyOf({ group, member: null }))) reach(group, { group, member: null }, false)
  for (let group = left.shift(); group !== undefined; group = left.shift()) {
    for (const step of forward.get(group) ?? []) reach(step.group, step, false)
    for (const step of backward.get(group) ?? []) reach(step.member as string, step, true)
  }
  return { reached, via }
}

/** Is there a way without these memberships? */
export function arrives(graph: Graph, without: readonly Step[] = []): boolean {
  const gone = new Set(without.map(keyOf))
  const { reached } = residual(
    graph,
    stepsOf(graph).filter(step => !gone.has(keyOf(step))),
    gone,
  )
  return [...graph.targets].some(group => reached.has(group))
}
