import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FlowData, layFlow, NARROW, WIDE } from '../../client/features/matrix/lay-flow.ts'

const nodes = fc.array(
  fc.record({
    key: fc.string(),
    name: fc.string(),
    kind: fc.constant('system' as const),
    people: fc.nat(500),
    of: fc.constant(1),
  }),
  { minLength: 1, maxLength: 13 },
)

test('boxes of a step never lie over each other, and their bands never leave them', () => {
  fc.assert(
    fc.property(
      fc.tuple(nodes, nodes, nodes, nodes),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 500 })), { maxLength: 60 }),
      fc.constantFrom(WIDE, NARROW),
      (steps, raw, shape) => {
        const seen = new Set<string>()
        const links = raw.flatMap(([a, b, people], place) => {
          const step = place % 3
          const link = [step, a % steps[step]!.length, b % steps[step + 1]!.length]
          if (seen.has(link.join())) return []
          seen.add(link.join())
          return [...link, people]
        })
        const flow: FlowData = {
          asOf: '2026-03-02',
          past: false,
          about: { unit: null, system: null },
          people: 1,
          rights: 1,
          steps,
          links,
        }
        const drawn = layFlow(flow, shape)
        expect(drawn.nodes.length).toBe(steps.flat().length)
        expect(drawn.bands.map(band => band.people)).toEqual(links.filter((_, at) => at % 4 === 3))
        for (let step = 0; step < 4; step++) {
          const column = drawn.nodes.filter(node => node.step === step).sort((a, b) => a.y - b.y)
          // From the top, so that it is seen; and no box over the next column.
          if (shape === NARROW && column[0]) expect(column[0].y).toBe(0)
          expect(column.every(node => node.x + shape.box <= drawn.width)).toBe(true)
          for (const [place, node] of column.entries()) {
            const next = column[place + 1]
            expect(node.y).toBeGreaterThanOrEqual(-0.001)
            expect(node.y + node.height).toBeLessThanOrEqual((next?.y ?? drawn.height) + 0.001)
          }
        }
        for (const band of drawn.bands) {
          const [, , y1 = 0] = /M([\d.]+) (-?[\d.e-]+)/.exec(band.path)?.map(Number) ?? []
          const box = drawn.nodes.find(node => node.step === band.step && node.at === band.from)!
          expect(y1).toBeGreaterThanOrEqual(box.y - 1)
          expect(y1).toBeLessThanOrEqual(box.y + box.height + 1)
        }
      },
    ),
  )
})
