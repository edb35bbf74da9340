export type FlowLink = { step: number; from: number; to: number; people: number }

/** Links of a flow as the contracts pack them, four numbers each. */
export function linksOf({ links }: { links: readonly number[] }): FlowLink[] {
  return Array.from({ length: links.length / 4 }, (_, link) => {
    const [step = 0, from = 0, to = 0, people = 0] = links.slice(link * 4, link * 4 + 4)
    return { step, from, to, people }
  })
}
