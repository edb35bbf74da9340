import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type ChangeLimits, decideChangeGuards, type GuardInput, limitOf } from '../../../server/plans/decide-guards.ts'
import type { PlanOp } from '../../../server/plans/plan.ts'

const limits: ChangeLimits = {
  add: { percent: 50, floor: 500 },
  change: { percent: 10, floor: 50 },
  gone: { percent: 5, floor: 25 },
  return: { percent: 50, floor: 500 },
}
const partLimits: ChangeLimits = {
  add: null,
  change: { percent: 50, floor: 20 },
  gone: { percent: 50, floor: 20 },
  return: null,
}
const ops: PlanOp[] = ['add', 'change', 'gone', 'return']
const part = fc.constantFrom('a', 'b', 'c', null)
const rows = <T extends object>(rest: Record<string, fc.Arbitrary<unknown>>) =>
  fc.uniqueArray(
    fc.record({ kind: fc.constantFrom('person', 'unit'), part, count: fc.integer({ min: 1, max: 2000 }), ...rest }),
    { selector: row => `${row.kind} ${row.part} ${'op' in row ? row.op : ''}`, maxLength: 12 },
  ) as unknown as fc.Arbitrary<T[]>
const input: fc.Arbitrary<GuardInput> = fc.record({
  changes: rows<GuardInput['changes'][number]>({ op: fc.constantFrom(...ops) }),
  populations: rows<GuardInput['populations'][number]>({}),
  limits: fc.constant(limits),
  partLimits: fc.constant(partLimits),
})

const populationOf = ({ populations }: GuardInput, kind: string) =>
  populations.filter(row => row.kind === kind).reduce((sum, row) => sum + row.count, 0)

test('whatever the plan, no more of a kind and op is let through than its limit; a first load may add', () => {
  fc.assert(
    fc.property(input, given => {
      const held = decideChangeGuards(given)
      const through = given.changes.filter(
        change =>
          !held.some(
            one => one.kind === change.kind && one.op === change.op && (one.part === null || one.part === change.part),
          ),
      )
      for (const kind of ['person', 'unit'])
        for (const op of ops) {
          const population = populationOf(given, kind)
          if (op === 'add' && population === 0) continue
          const count = through
            .filter(one => one.kind === kind && one.op === op)
            .reduce((sum, one) => sum + one.count, 0)
          expect(count).toBeLessThanOrEqual(limitOf(limits[op]!, population))
        }
    }),
  )
})

test('what trips names what it holds and never more than there is; the rest is left alone', () => {
  fc.assert(
    fc.property(input, given => {
      for (const one of decideChangeGuards(given)) {
        const rows = given.changes.filter(
          change => change.kind === one.kind && change.op === one.op && (one.part === null || change.part === one.part),
        )
        expect(one.count).toBe(rows.reduce((sum, row) => sum + row.count, 0))
        expect(one.count).toBeGreaterThan(one.limit)
      }
    }),
  )
})

test('below every floor nothing is ever held back', () => {
  const small = input.map(given => ({ ...given, changes: given.changes.map(one => ({ ...one, count: 1 })) }))
  fc.assert(fc.property(small, given => decideChangeGuards(given).length === 0))
})

test.each([
  [100, 51, true],
  [100, 50, false],
  [1000, 100, false],
  [1000, 101, true],
])('of %i, %i changes are held back: %s', (population, count, held) => {
  const found = decideChangeGuards({
    changes: [{ kind: 'person', op: 'change', part: null, count }],
    populations: [{ kind: 'person', part: null, count: population }],
    limits,
    partLimits,
  })
  expect(found.length > 0).toBe(held)
})
