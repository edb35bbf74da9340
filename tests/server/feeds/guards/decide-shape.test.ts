import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideShape, type KindShape, type ShapeInput } from '../../../../server/feeds/guards/decide-shape.ts'
import { guardSettings } from '../../../../server/feeds/sources/source.ts'

const guards = guardSettings.parse({})
const kind = (read: number, more: Partial<KindShape> = {}): KindShape => ({
  read,
  rejected: 0,
  garbled: 0,
  filled: { name: read, title: Math.round(read * 0.9), phone: Math.round(read * 0.1) },
  ...more,
})
const input = (now: KindShape, last: KindShape | null, more: Partial<ShapeInput> = {}): ShapeInput => ({
  shape: { person: now },
  known: last ? { person: last.read } : {},
  last: last && { person: last },
  seenAt: new Date('2026-03-02'),
  lastSeenAt: last && new Date('2026-03-01'),
  guards,
  ...more,
})
const trips = (given: ShapeInput) => decideShape(given).map(verdict => verdict.guard)

test.each([
  ['the same again', kind(3000), []],
  ['2 % fewer', kind(2940), []],
  ['4 % fewer', kind(2880), ['truncated']],
  ['nothing', kind(0), ['empty']],
  ['twice as many', kind(6000), []],
  ['6 % rejected', kind(2820, { rejected: 180 }), ['shifted']],
  ['titles gone', kind(3000, { filled: { name: 3000, title: 30, phone: 300 } }), ['shifted']],
  ['a rare attribute gone', kind(3000, { filled: { name: 3000, title: 2700, phone: 0 } }), []],
  ['1 % garbled', kind(3000, { garbled: 30 }), ['encoding']],
] as [string, KindShape, string[]][])('%s', (_what, now, expected) => {
  expect(trips(input(now, kind(3000)))).toEqual(expected)
})

test('a small source may halve; an empty one never passes while records are known', () => {
  expect(trips(input(kind(20), kind(40)))).toEqual([])
  expect(trips(input(kind(0), kind(1)))).toEqual(['empty'])
})

test('a first read has nothing to be judged against but its own rejects and its encoding', () => {
  expect(trips(input(kind(3000), null))).toEqual([])
  expect(trips(input(kind(100, { rejected: 100 }), null))).toEqual(['shifted'])
  expect(trips(input(kind(3000, { garbled: 300 }), null))).toEqual(['encoding'])
})

test('a copy that is older than what was read is stale; the same age is not', () => {
  const older = { seenAt: new Date('2026-02-01') }
  expect(trips(input(kind(3000), kind(3000), older))).toEqual(['stale'])
  expect(trips(input(kind(3000), kind(3000), { seenAt: new Date('2026-03-01') }))).toEqual([])
})

test('any cut of more than floor and percentage is caught, of any size of source', () => {
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 100_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (was, keep) => {
      const is = Math.floor(was * keep)
      const cut = was - is
      const caught = trips(input(kind(is), kind(was))).some(guard => guard === 'truncated' || guard === 'empty')
      expect(caught).toBe(cut > Math.max(25, Math.floor(was * 0.02)))
    }),
  )
})

test('a guard that is taken away is away', () => {
  const none = guardSettings.parse({ truncated: false, empty: false })
  expect(trips(input(kind(0), kind(3000), { guards: none }))).toEqual([])
})
