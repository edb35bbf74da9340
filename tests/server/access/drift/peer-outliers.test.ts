import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bitSets,
  type Holder,
  LIMITS,
  nearest,
  type Outlier,
  type OutlierLimits,
  peerOutliers,
} from '../../../../server/access/drift/peer-outliers.ts'

const RIGHTS = 70
const town = fc
  .array(
    fc.record({
      group: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
      rights: fc.uniqueArray(fc.integer({ min: 0, max: RIGHTS - 1 }), { maxLength: 12 }),
    }),
    { maxLength: 30 },
  )
  .map(all => all.map((one, at): Holder => ({ id: `p${at}`, ...one })))
const limits = fc.record({
  smallest: fc.integer({ min: 2, max: 6 }),
  nearest: fc.integer({ min: 1, max: 8 }),
  share: fc.double({ min: 0, max: 0.5, noNaN: true }),
})

const alike = (a: Holder, b: Holder): number => {
  const common = a.rights.filter(right => b.rights.includes(right)).length
  return common === 0 ? 0 : common / new Set([...a.rights, ...b.rights]).size
}
/** By sets and sorting, pair by pair. */
const naiveNearest = (people: readonly Holder[], at: number, n: number): number[] =>
  people
    .map((other, place) => ({ place, like: place === at ? 0 : alike(people[at]!, other) }))
    .filter(one => one.like > 0)
    .sort((a, b) => b.like - a.like || a.place - b.place)
    .slice(0, n)
    .map(one => one.place)

function naive(people: readonly Holder[], { smallest, nearest: n, share }: OutlierLimits): Outlier[] {
  return people.flatMap((one, at) => {
    if (one.group === null) return []
    const peers = people.filter(other => other.group === one.group)
    const inGroup = peers.length >= smallest
    const members = inGroup ? peers : [one, ...naiveNearest(people, at, n).map(place => people[place]!)]
    if (members.length < smallest) return []
    return [...one.rights]
      .sort((a, b) => a - b)
      .map(right => ({ right, holders: members.filter(member => member.rights.includes(right)).length }))
      .filter(({ holders }) => holders <= Math.max(1, share * members.length))
      .map(({ right, holders }) => ({
        id: one.id,
        right,
        holders,
        of: members.length,
        among: inGroup ? ('group' as const) : ('alike' as const),
      }))
  })
}

describe('peer outliers', () => {
  it('are those of comparing everybody with everybody by sets', () => {
    let found = 0
    fc.assert(
      fc.property(town, limits, (people, within) => {
        const expected = naive(people, within)
        found += expected.length
        expect(peerOutliers(people, RIGHTS, within)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
    expect(found).toBeGreaterThan(300)
  })

  it('the nearest are the most alike, of equals those who come first', () => {
    fc.assert(
      fc.property(town, fc.integer({ min: 1, max: 6 }), (people, n) => {
        const sets = bitSets(people, RIGHTS)
        people.forEach((_, at) => {
          expect(nearest(sets, at, n)).toEqual(naiveNearest(people, at, n))
        })
      }),
      { numRuns: 200 },
    )
  })

  it('one of forty-one who holds what nobody beside them holds, and not what all hold', () => {
    const people = Array.from({ length: 41 }, (_, at) => ({ id: `${at}`, group: 'u:p', rights: at < 2 ? [0, 1] : [0] }))
    expect(peerOutliers(people, 2, LIMITS)).toEqual([
      { id: '0', right: 1, holders: 2, of: 41, among: 'group' },
      { id: '1', right: 1, holders: 2, of: 41, among: 'group' },
    ])
    // Of four there is nobody to compare with.
    expect(
      peerOutliers(
        people.slice(0, 4).map(one => ({ ...one, rights: one.rights.slice(0, 1) })),
        2,
        LIMITS,
      ),
    ).toEqual([])
  })
})
