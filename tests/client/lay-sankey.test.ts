import { expect, it } from 'vitest'
import { type FlowData, laySankey } from '../../client/features/reach/lay-sankey.ts'

const box = (key: string, people: number) => ({
  ...{ key, name: key, nameEn: null, kind: 'system' as const, class: null, people, of: 1 },
})
const flow: FlowData = {
  people: 9,
  steps: [[box('a', 5), box('b', 4)], [box('s', 9)], [box('x', 9)], [box('d', 9), box('e', 3)]],
  links: [0, 0, 0, 5, 0, 1, 0, 4, 1, 0, 0, 9, 2, 0, 0, 9, 2, 0, 1, 3],
}

it('puts each step into a column of its own, and draws every band between two of them', () => {
  const { nodes, links } = laySankey(flow, { width: 900, height: 300, box: 14 })
  expect(nodes.map(node => node.node.key).sort()).toEqual(['a', 'b', 'd', 'e', 's', 'x'])
  const columns = [0, 1, 2, 3].map(step => [...new Set(nodes.filter(node => node.step === step).map(node => node.x))])
  expect(columns.every(places => places.length === 1)).toBe(true)
  expect(columns.flat()).toEqual(columns.flat().toSorted((a, b) => a - b))
  for (const node of nodes) expect(node.y >= 0 && node.y + node.height <= 301).toBe(true)
  expect(links).toHaveLength(5)
  for (const link of links) expect(link.path).toMatch(/^M[\d.,-]+C/)
  const [wide, narrow] = [links.find(link => link.people === 9)!, links.find(link => link.people === 3)!]
  expect(wide.width).toBeGreaterThan(narrow.width)
  expect(laySankey({ people: 0, steps: [[], [], [], []], links: [] }, { width: 900, height: 300, box: 14 })).toEqual({
    ...{ nodes: [], links: [] },
  })
})
