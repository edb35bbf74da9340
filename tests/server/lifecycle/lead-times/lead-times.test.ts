import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bandsOf,
  FEWEST,
  figuresOf,
  mergeSmall,
  partOf,
  quantile,
} from '../../../../server/lifecycle/lead-times/lead-times.ts'
import { lateReports } from '../../../../server/lifecycle/lead-times/lead-times-views.ts'

/* Nobody is told by a figure: each is over five or more, and none can be had by taking one figure from another. */
const days = fc.array(fc.integer({ min: -40, max: 90 }), { maxLength: 60 })
const EDGES = [0, 1, 7, 14, 21, 28, 56]

describe('groups of five or more', () => {
  test('each band holds five or more or nobody, every day is in one, they follow one another, and none is empty at an end', () => {
    fc.assert(
      fc.property(days, all => {
        const bands = bandsOf(all, EDGES)
        if (all.length < FEWEST) return bands.length === 0
        for (const [place, band] of bands.entries()) {
          expect(band.count === 0 || band.count >= FEWEST).toBe(true)
          expect(band.count).toBe(
            all.filter(day => (band.from === null || day >= band.from) && (band.to === null || day <= band.to)).length,
          )
          const next = bands[place + 1]
          if (next) expect(next.from).toBe((band.to ?? Number.NaN) + 1)
        }
        expect(bands[0]?.count).toBeGreaterThan(0)
        expect(bands.at(-1)?.count).toBeGreaterThan(0)
        expect(bands.reduce((sum, band) => sum + band.count, 0)).toBe(all.length)
        return true
      }),
    )
  })

  test('what all took is one bar of that length, not one of any length', () => {
    expect(bandsOf([0, 0, 0, 0, 0, 0], [0, 1, 2, 8, 31])).toEqual([{ from: 0, to: 0, count: 6 }])
    // Nobody in between stays to be seen; one to four never stand alone.
    expect(bandsOf([0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 40], [0, 1, 2, 8, 31])).toEqual([
      { from: 0, to: 0, count: 5 },
      { from: 1, to: 1, count: 0 },
      { from: 2, to: 7, count: 0 },
      { from: 8, to: null, count: 6 },
    ])
  })

  test('small groups are one, nobody is lost while that is five, and taking the named ones from all leaves no small group', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 }), sizes => {
        const groups = new Map(sizes.map((size, place) => [`u${place}`, Array.from({ length: size }, () => place)]))
        const merged = mergeSmall(groups)
        for (const one of merged) expect(one.items.length).toBeGreaterThanOrEqual(FEWEST)
        const all = sizes.reduce((sum, size) => sum + size, 0)
        const shown = merged.reduce((sum, one) => sum + one.items.length, 0)
        expect(shown === all || (shown === 0 && all < FEWEST)).toBe(true)
      }),
    )
  })

  test('a part is told where neither it nor the rest is one to four', () => {
    expect(partOf(5, 10)).toBe(5)
    expect(partOf(0, 10)).toBe(0)
    expect(partOf(10, 10)).toBe(10)
    expect(partOf(4, 10)).toBeNull()
    expect(partOf(9, 10)).toBeNull()
    expect(partOf(0, 4)).toBeNull()
  })

  test('of four nothing is told', () => {
    const four = figuresOf({ measure: 'notice', days: [1, 2, 3, 4], waiting: 3 })
    expect(four).toMatchObject({ count: null, median: null, ninth: null, within: null, waiting: null, bands: [] })
  })
})

describe('what a lead time is', () => {
  test('notice is worst where it is short, payroll where it is long; each against what is measured today', () => {
    const notice = figuresOf({ measure: 'notice', days: [3, 14, 15, 16, 20, 21, 22, 23, 24, 30], waiting: 0 })
    expect(notice).toMatchObject({ bar: 14, median: 20, ninth: 14, within: null })
    const payroll = figuresOf({ measure: 'payroll', days: [1, 2, 3, 4, 5, 6, 7, 8, 9, 12], waiting: 6 })
    expect(payroll).toMatchObject({ bar: 5, ninth: 9, within: 5, waiting: 6 })
    expect(quantile([7], 0.9)).toBe(7)
  })

  test('a late report has one cause: what kept it longest, unless it was begun too late for that to matter', () => {
    const hire = (more: object) => ({
      ...{ group: null, startsOn: '2026-04-01', sentOn: '2026-03-25', lay: 0, stood: 0, origin: 'screen' as const },
      ...{ paid: true, confirmedOn: null, readyOn: null, unready: false },
      ...more,
    })
    const many = (n: number, more: object) => Array.from({ length: n }, () => hire(more))
    const { count, causes } = lateReports([
      ...many(6, { lay: 9, stood: 2 }),
      ...many(5, { lay: 2, stood: 9 }),
      ...many(7, { lay: 1 }),
      ...many(5, { origin: 'payroll' }),
      ...many(6, { sentOn: '2026-03-01' }),
    ])
    expect(count).toBe(23)
    expect(Object.fromEntries(causes.map(one => [one.cause, one.count]))).toEqual({
      ...{ 'draft-lay': 6, 'sender-waited': 5, 'begun-late': 7, 'payroll-first': 5 },
    })
    // Three that came late among many: how many they are is not told.
    expect(lateReports([...many(3, { lay: 9 }), ...many(9, { sentOn: '2026-03-01' })])).toEqual({
      count: null,
      causes: [],
    })
  })
})
