import { expect, test } from 'vitest'
import { looksLikeCpr, masked, readEvent } from '../../../../server/lifecycle/events/read-event.ts'
import { hired } from './hr-house.ts'

test('an id of random digits is no CPR number, a number that stands alone is', () => {
  expect(looksLikeCpr('ab040580-1234-7634-ada1-4ccc64e74ea2')).toBe(false)
  expect(looksLikeCpr('4b969cb8-fd18-4254-9ec8-040580123401')).toBe(false)
  expect(looksLikeCpr('040580-1234')).toBe(true)
  expect(looksLikeCpr('emp/0405801234')).toBe(true)
  expect(looksLikeCpr('9999991234')).toBe(false)
})

test('numbers are taken out of everything that is shown, whatever they stand in', () => {
  const shown = JSON.stringify(
    masked({ cpr: 'odd', note: 'cpr0405801234', list: ['040580-1234', 405801234], '0405801234': true, amount: 25000 }),
  )
  expect(shown).not.toMatch(/0?40580-?1234/)
  expect(shown).toContain('25000')
})

test('what is wrong is named by its place', () => {
  const read = readEvent({ ...hired('a', 'p', '2026-02-01'), time: 'today', subject: undefined }, 'body')
  expect(read.ok ? [] : read.errors.map(error => error.where).sort()).toEqual(['body/subject', 'body/time'])
})
