import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Flow, weighSystems } from '../../../../server/systems/catalogue/flow-graph.ts'
import { toldFlows } from '../../../../server/systems/catalogue/told-flows.ts'

const nets = fc.integer({ min: 1, max: 9 }).chain(size =>
  fc.record({
    systems: fc.constant(Array.from({ length: size }, (_, at) => `s${at}`)),
    flows: fc.array(
      fc.record({ from: fc.nat({ max: size }), to: fc.nat({ max: size }) }).map(one => ({
        from: `s${one.from}`,
        to: `s${one.to}`,
      })),
      { maxLength: 16 },
    ),
  }),
)

/** What can be reached over some of the systems; directions or none. */
function reach(start: string, over: ReadonlySet<string>, flows: readonly Flow[], directed: boolean): Set<string> {
  const seen = new Set([start])
  for (let grown = true; grown; ) {
    grown = false
    for (const { from, to } of flows)
      for (const [a, b] of directed
        ? [[from, to]]
        : [
            [from, to],
            [to, from],
          ])
        if (seen.has(a as string) && over.has(b as string) && !seen.has(b as string)) {
          seen.add(b as string)
          grown = true
        }
  }
  return seen
}

test('what hangs on a system is what taking it away shows', () => {
  fc.assert(
    fc.property(nets, ({ systems, flows }) => {
      const all = new Set(systems)
      const weights = weighSystems(systems, flows)
      for (const system of systems) {
        expect(weights.get(system)?.dependents).toBe(reach(system, all, flows, true).size - 1)
        const part = reach(system, all, flows, false)
        const left = new Set([...part].filter(one => one !== system))
        const pieces: number[] = []
        for (const one of left) {
          const piece = reach(one, left, flows, false)
          pieces.push(piece.size)
          for (const gone of piece) left.delete(gone)
        }
        const total = pieces.reduce((sum, one) => sum + one, 0)
        expect(weights.get(system)?.cutsOff).toBe(pieces.length < 2 ? 0 : total - Math.max(...pieces))
      }
    }),
    { numRuns: 500 },
  )
})

test('a chain longer than the stack is weighed', () => {
  const systems = Array.from({ length: 30_000 }, (_, at) => `s${at}`)
  // Every second flow the other way: nobody depends on more than one, and all hang together.
  const flows = systems
    .slice(1)
    .map((next, at) => (at % 2 === 0 ? { from: `s${at}`, to: next } : { from: next, to: `s${at}` }))
  const weights = weighSystems(systems, flows)
  expect(weights.get('s1500')).toEqual({ dependents: 2, cutsOff: 1500 })
  expect(weights.get('s0')).toEqual({ dependents: 1, cutsOff: 0 })
})

test('a flow that both ends tell of is one, and both have their say', () => {
  const flow = { data: ['CPR'], how: 'file' as const, frequency: null, owner: null }
  expect(
    toldFlows([
      { by: 'cpr', flow: { ...flow, system: 'loen', direction: 'out' } },
      { by: 'loen', flow: { ...flow, system: 'cpr', direction: 'in', data: ['CPR', 'navn'], frequency: 'daily' } },
      { by: 'loen', flow: { ...flow, system: 'cpr', direction: 'out' } },
    ]),
  ).toEqual([
    { from: 'cpr', to: 'loen', how: 'file', data: ['CPR', 'navn'], frequency: 'daily', owner: null },
    { from: 'loen', to: 'cpr', how: 'file', data: ['CPR'], frequency: null, owner: null },
  ])
})
