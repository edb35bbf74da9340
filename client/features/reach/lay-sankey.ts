import { sankey, sankeyLinkHorizontal } from 'd3-sankey'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { getReachFlow } from '#contract/reach.ts'
import { type FlowLink, linksOf } from '../../lib/flow-links.ts'

export type FlowData = ResponseOf<typeof getReachFlow>
export type FlowNode = FlowData['steps'][number][number]
export type PlacedNode = { step: number; at: number; node: FlowNode; x: number; y: number; height: number }
export type PlacedLink = FlowLink & { path: string; width: number }
export type Shape = { width: number; height: number; box: number }

type Box = { step: number; at: number; node: FlowNode }
type Band = FlowLink & { source: number; target: number; value: number }

/** Places of boxes and bands: each step a column, boxes ordered so that few bands cross. */
export function laySankey(flow: FlowData, shape: Shape): { nodes: PlacedNode[]; links: PlacedLink[] } {
  const boxes: Box[] = flow.steps.flatMap((list, step) => list.map((node, at) => ({ step, at, node })))
  const placeOf = new Map(boxes.map((box, place) => [`${box.step} ${box.at}`, place]))
  const bands = linksOf(flow).map((link): Band => {
    const source = placeOf.get(`${link.step} ${link.from}`) ?? 0
    return { ...link, source, target: placeOf.get(`${link.step + 1} ${link.to}`) ?? 0, value: link.people }
  })
  if (boxes.length === 0 || bands.length === 0) return { nodes: [], links: [] }
  const lay = sankey<Box, Band>()
    .nodeAlign(box => (box as unknown as Box).step)
    .nodeWidth(shape.box)
    .nodePadding(14)
    .extent([
      [0, 0],
      [shape.width, shape.height],
    ])
  const laid = lay({ nodes: boxes, links: bands })
  const path = sankeyLinkHorizontal<Box, Band>()
  return {
    nodes: laid.nodes.map(({ step, at, node, x0 = 0, y0 = 0, y1 = 0 }) => ({
      ...{ step, at, node, x: x0, y: y0 },
      height: Math.max(2, y1 - y0),
    })),
    links: laid.links.map(link => ({
      ...{ step: link.step, from: link.from, to: link.to, people: link.people },
      path: path(link) ?? '',
      width: Math.max(1, link.width ?? 1),
    })),
  }
}
