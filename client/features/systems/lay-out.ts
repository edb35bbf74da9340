import dagre from '@dagrejs/dagre'
import type { getSystemMap } from '#contract/catalogue.ts'
import type { ResponseOf } from '#contract/endpoint.ts'

export type SystemMap = ResponseOf<typeof getSystemMap>
export type Placed = {
  width: number
  height: number
  nodes: { id: string; x: number; y: number; width: number; height: number }[]
  edges: { key: string; points: { x: number; y: number }[] }[]
}
const HEIGHT = 30

/** Layers from where data come to where they go, left to right. What nothing flows between is not drawn. */
export function layOut(map: SystemMap): Placed {
  const graph = new dagre.graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'LR', nodesep: 10, ranksep: 70, marginx: 12, marginy: 12 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id, name } of map.systems)
    graph.setNode(id, { width: Math.max(70, name.length * 6.8 + 20), height: HEIGHT })
  for (const [place, { from, to }] of map.flows.entries()) graph.setEdge(from, to, {}, String(place))
  dagre.layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    width,
    height,
    nodes: graph.nodes().map((id: string) => {
      const { x, y, width: w, height: h } = graph.node(id)
      return { id, x, y, width: w, height: h }
    }),
    edges: graph.edges().map((edge: { v: string; w: string; name?: string }) => ({
      key: String(edge.name),
      points: graph.edge(edge).points ?? [],
    })),
  }
}

/** The part of the map around one system, so many steps away in either direction; and only of one area with its neighbours. */
export function around(map: SystemMap, focus: string | undefined, steps: number, area: string | undefined): SystemMap {
  let kept = new Set(map.systems.filter(one => !area || one.area === area).map(one => one.id))
  if (area) for (const id of neighbours(map, kept)) kept.add(id)
  if (focus) {
    let reach = new Set([focus])
    for (let step = 0; step < steps; step++) reach = new Set([...reach, ...neighbours(map, reach)])
    kept = new Set([...reach].filter(id => kept.has(id) || id === focus))
  }
  const flows = map.flows.filter(one => kept.has(one.from) && kept.has(one.to))
  // Between neighbours of an area there may be nothing that concerns it.
  const touched = new Set(flows.flatMap(one => [one.from, one.to]))
  return { systems: map.systems.filter(one => kept.has(one.id) && (touched.has(one.id) || one.id === focus)), flows }
}

function neighbours(map: SystemMap, of: ReadonlySet<string>): string[] {
  return map.flows.flatMap(one => [...(of.has(one.from) ? [one.to] : []), ...(of.has(one.to) ? [one.from] : [])])
}
