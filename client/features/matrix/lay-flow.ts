import type { ResponseOf } from '#contract/endpoint.ts'
import { FLOW_STEPS, type getFlow } from '#contract/matrix.ts'
import { linksOf } from '../../lib/flow-links.ts'

export type FlowData = ResponseOf<typeof getFlow>
export type FlowNode = FlowData['steps'][number][number]
export type Step = (typeof FLOW_STEPS)[number]
export type PlacedNode = { step: number; at: number; node: FlowNode; x: number; y: number; height: number }
export type Band = { key: string; step: number; from: number; to: number; people: number; path: string }

/** Widths of a box and of the room between two columns; where the columns start that are lower than the highest. */
export type Shape = { box: number; between: number; letters: number; start: 'middle' | 'top' }
export const WIDE: Shape = { box: 196, between: 112, letters: 24, start: 'middle' }
/** On a telephone two columns are seen at a time, from the top: a column in the middle would be below the window. */
export const NARROW: Shape = { box: 140, between: 36, letters: 17, start: 'top' }
const SMALLEST = 28
const GAP = 8
/** What the bands of the widest step are drawn in, gaps between boxes apart. */
const ROOM = 340

/**
 * Four columns of boxes and the bands between them. Bands are as thick as their people, on one scale for the whole
 * picture; a box is as high as its bands on the side where they are more, and never too low for its name. From the
 * second column on boxes stand where their bands come from, so that few cross; others stand last.
 */
export function layFlow(
  flow: FlowData,
  shape: Shape = WIDE,
): { width: number; height: number; nodes: PlacedNode[]; bands: Band[] } {
  const links = linksOf(flow)
  const outOf = sums(links, link => `${link.step} ${link.from}`)
  const into = sums(links, link => `${link.step + 1} ${link.to}`)
  const load = (step: number, at: number) => Math.max(outOf.get(`${step} ${at}`) ?? 0, into.get(`${step} ${at}`) ?? 0)
  const widest = Math.max(1, ...flow.steps.map((nodes, step) => nodes.reduce((sum, _, at) => sum + load(step, at), 0)))
  const scale = ROOM / widest
  const placed = new Map<string, PlacedNode>()
  let height = 0
  for (const [step, nodes] of flow.steps.entries()) {
    const middle = (at: number): number => {
      const mine = links.filter(link => link.step === step - 1 && link.to === at)
      const people = mine.reduce((sum, link) => sum + link.people, 0)
      const from = (link: { from: number }) => placed.get(`${step - 1} ${link.from}`)
      return (
        mine.reduce((sum, link) => sum + link.people * ((from(link)?.y ?? 0) + (from(link)?.height ?? 0) / 2), 0) /
        (people || 1)
      )
    }
    const order = nodes.map((node, at) => ({ node, at, middle: step === 0 ? at : middle(at) }))
    // Data stand by how sensitive they are, everything else by where it comes from.
    if (FLOW_STEPS[step] === 'data') order.sort((a, b) => weight(b.node) - weight(a.node))
    else
      order.sort((a, b) => Number(a.node.kind === 'others') - Number(b.node.kind === 'others') || a.middle - b.middle)
    let y = 0
    for (const { node, at } of order) {
      const tall = Math.max(SMALLEST, load(step, at) * scale)
      placed.set(`${step} ${at}`, { step, at, node, x: step * (shape.box + shape.between), y, height: tall })
      y += tall + GAP
    }
    height = Math.max(height, y - GAP)
  }
  for (const step of shape.start === 'middle' ? flow.steps.keys() : []) {
    const mine = [...placed.values()].filter(node => node.step === step)
    const low = Math.max(0, ...mine.map(node => node.y + node.height))
    for (const node of mine) node.y += (height - low) / 2
  }
  const width = 4 * shape.box + 3 * shape.between
  return { width, height, nodes: [...placed.values()], bands: drawBands(links, placed, scale, shape) }
}

/** Each side of a box gives its bands their places from the top down in the order of the boxes at the other end. */
function drawBands(
  links: ReturnType<typeof linksOf>,
  placed: Map<string, PlacedNode>,
  scale: number,
  shape: Shape,
): Band[] {
  const box = (step: number, at: number) => placed.get(`${step} ${at}`)
  const startAt = new Map<(typeof links)[number], number>()
  const endAt = new Map<(typeof links)[number], number>()
  const stack = (
    key: (link: (typeof links)[number]) => string,
    other: (link: (typeof links)[number]) => PlacedNode | undefined,
    into: Map<(typeof links)[number], number>,
  ) => {
    for (const [name, mine] of Map.groupBy(links, key)) {
      const own = placed.get(name)
      if (!own) continue
      const total = mine.reduce((sum, link) => sum + link.people * scale, 0)
      let y = own.y + (own.height - total) / 2
      for (const link of mine.toSorted((a, b) => (other(a)?.y ?? 0) - (other(b)?.y ?? 0))) {
        into.set(link, y + (link.people * scale) / 2)
        y += link.people * scale
      }
    }
  }
  stack(
    link => `${link.step} ${link.from}`,
    link => box(link.step + 1, link.to),
    startAt,
  )
  stack(
    link => `${link.step + 1} ${link.to}`,
    link => box(link.step, link.from),
    endAt,
  )
  return links.map(link => {
    const x1 = link.step * (shape.box + shape.between) + shape.box
    const x2 = x1 + shape.between
    const [y1, y2] = [startAt.get(link) ?? 0, endAt.get(link) ?? 0]
    const half = Math.max(0.5, (link.people * scale) / 2)
    const bend = (x1 + x2) / 2
    const path = `M${x1} ${y1 - half}C${bend} ${y1 - half} ${bend} ${y2 - half} ${x2} ${y2 - half}L${x2} ${y2 + half}C${bend} ${y2 + half} ${bend} ${y1 + half} ${x1} ${y1 + half}Z`
    return { ...link, key: `${link.step} ${link.from} ${link.to}`, path }
  })
}

function sums<T extends { people: number }>(list: readonly T[], key: (one: T) => string): Map<string, number> {
  const found = new Map<string, number>()
  for (const one of list) found.set(key(one), (found.get(key(one)) ?? 0) + one.people)
  return found
}

const WEIGHT = ['none', 'personal', 'confidential', 'special', 'criminal']
const weight = (node: FlowNode) => WEIGHT.indexOf(node.key ?? '')
