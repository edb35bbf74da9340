import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '../../../server/platform/civil-date.ts'
import { holidaysOf, workingDays } from '../../../server/platform/working-days.ts'

const weekday = (day: string) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

describe('days of work', () => {
  test('are those that a calendar with the holidays counts one by one', () => {
    const slow = (from: string, to: string) => {
      let count = 0
      for (let day = addDays(from, 1); day <= to; day = addDays(day, 1))
        if (weekday(day) && !holidaysOf(Number(day.slice(0, 4))).has(day)) count++
      return count
    }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: -5, max: 420 }), (start, length) => {
        const from = addDays('2022-12-20', start)
        const to = addDays(from, length)
        expect(workingDays(from, to)).toBe(slow(from, to))
      }),
    )
  })

  test('count a weekend, Easter and Christmas as away from work', () => {
    expect(workingDays('2026-03-06', '2026-03-09')).toBe(1)
    // From the Wednesday before Easter to the Tuesday after it: only that Tuesday.
    expect(workingDays('2026-04-01', '2026-04-07')).toBe(1)
    // Thursday 24 December is a working day in law; Friday 25 and Saturday 26 are not.
    expect(workingDays('2026-12-23', '2026-12-28')).toBe(2)
    expect(workingDays('2025-12-30', '2026-01-02')).toBe(2)
  })
})

describe('Danish holidays', () => {
  test('are those of the calendar, year by year', () => {
    expect([...holidaysOf(2026)].sort()).toEqual([
      ...['2026-01-01', '2026-04-02', '2026-04-03', '2026-04-05', '2026-04-06', '2026-05-14'],
      ...['2026-05-24', '2026-05-25', '2026-12-25', '2026-12-26'],
    ])
    // The earliest and the latest Easter of a century and more.
    expect(holidaysOf(2008).has('2008-03-23')).toBe(true)
    expect(holidaysOf(2038).has('2038-04-25')).toBe(true)
  })

  test('hold Great Prayer Day until it was abolished', () => {
    expect(holidaysOf(2023).has('2023-05-05')).toBe(true)
    expect(holidaysOf(2023).size).toBe(11)
    expect(holidaysOf(2024).has('2024-04-26')).toBe(false)
  })

  test('stand on the weekdays that they always stand on', () => {
    for (let year = 1990; year <= 2100; year++) {
      const days = [...holidaysOf(year)].filter(day => !/-(01-01|12-2[56])$/.test(day)).sort()
      const on = days.map(day => new Date(`${day}T00:00:00Z`).getUTCDay())
      // Thursday, Friday, Sunday, Monday of Easter; (Friday of prayer;) Thursday of Ascension; Sunday and Monday of Whitsun.
      expect(on).toEqual(year <= 2023 ? [4, 5, 0, 1, 5, 4, 0, 1] : [4, 5, 0, 1, 4, 0, 1])
    }
  })
})
