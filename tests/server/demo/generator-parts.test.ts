import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cprNumbers } from '../../../server/demo/cpr.ts'
import { addDays, danish, filetime, generalized, schoolYear } from '../../../server/demo/dates.ts'
import { ldifEntry } from '../../../server/demo/file-writer.ts'
import { inventName, usernames } from '../../../server/demo/names.ts'
import { demoOrganisation } from '../../../server/demo/organisation.ts'
import { random } from '../../../server/demo/random.ts'
import { readDate } from '../../../server/feeds/reading/read-date.ts'
import { parseCpr } from '../../../server/people/cpr.ts'
import { ldif } from './read-back.ts'

test('chance is the same for a seed and a stream, and spread evenly', () => {
  const draw = (seed: string, stream: string) => Array.from({ length: 20 }, random(seed, stream).next)
  expect(draw('a', 'x')).toEqual(draw('a', 'x'))
  expect(draw('a', 'x')).not.toEqual(draw('a', 'y'))
  expect(draw('a', 'x')).not.toEqual(draw('b', 'x'))
  const { between } = random('a', 'dice')
  const counts = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < 60_000; i++) counts[between(0, 5)]! += 1
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
})

test('a sample has different elements in their own order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 60 }), fc.string(), (size, count, seed) => {
      const from = Array.from({ length: size }, (_, i) => i)
      const sample = random(seed, 's').sample(from, count)
      expect(sample).toHaveLength(Math.min(size, count))
      expect(sample).toEqual([...new Set(sample)].sort((a, b) => a - b))
    }),
  )
})

test('LDIF reads back as it was meant, whatever the text', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter(one => !one.includes('\r'))
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 4 }), (dn, members) => {
      const [entry] = ldif([...ldifEntry({ dn, attributes: [['member', members]] })].join(''))
      expect(entry?.dn).toBe(dn)
      expect(entry?.all('member')).toEqual(members)
    }),
  )
})

test('folded lines are at most 76 characters', () => {
  const lines = [...ldifEntry({ dn: `CN=${'a'.repeat(500)}`, attributes: [['objectGUID', new Uint8Array(200)]] })]
  for (const line of lines.join('').split('\n')) expect(line.length).toBeLessThanOrEqual(76)
})

test('CPR numbers are ones that the product takes, and fit the birth date', () => {
  const next = cprNumbers(random('c', 'cpr'))
  for (const born of ['1957-02-28', '1999-12-31', '2000-01-01', '2019-06-30'])
    for (const female of [true, false]) {
      const cpr = next(born, female)
      expect(parseCpr(cpr)).toBe(cpr)
      expect(cpr.slice(0, 2)).toBe(String(Number(born.slice(8)) + 60))
      expect(cpr.slice(2, 6)).toBe(born.slice(5, 7) + born.slice(2, 4))
      expect(Number(cpr[9]) % 2).toBe(female ? 0 : 1)
    }
})

test('dates read back through the transforms of the sources file', () => {
  const day = fc.integer({ min: 0, max: 30_000 }).map(days => addDays('1950-01-01', days))
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 86_399 }), (date, second) => {
      expect(readDate(danish(date), 'da')).toBe(date)
      expect(readDate(filetime(date, second), 'filetime')?.slice(0, 10)).toBe(date)
      expect(readDate(generalized(date, second), 'generalized')?.slice(0, 10)).toBe(date)
    }),
  )
  expect(schoolYear('2026-07-31')).toBe(2025)
  expect(schoolYear('2026-08-01')).toBe(2026)
})

test('user names are never given twice, and are small ASCII letters', () => {
  const chance = random('n', 'names')
  const next = usernames()
  const made = Array.from({ length: 20_000 }, () => next(inventName(chance)))
  expect(new Set(made).size).toBe(made.length)
  expect(made.filter(one => !/^[a-z]{2,4}\d*$/.test(one))).toEqual([])
})

describe('the organisation', () => {
  test('has the shape of the customer', () => {
    const { units, schools } = demoOrganisation()
    const family = (name: string) => units.filter(unit => unit.family === name).length
    expect(family('daycare')).toBe(16)
    expect(schools).toHaveLength(5)
    expect(family('sfo')).toBe(4)
    expect(family('carehome')).toBe(4)
    expect(units.filter(unit => unit.tree === 'network' && unit.level === 2)).toHaveLength(8)
    expect(units.filter(unit => unit.vacant).length).toBeGreaterThanOrEqual(4)
    expect(new Set(units.map(unit => unit.key)).size).toBe(units.length)
  })

  test('grows with more institutions, not with other units', () => {
    const [one, ten] = [demoOrganisation(1), demoOrganisation(10)]
    expect(ten.units.filter(unit => unit.family === 'daycare')).toHaveLength(160)
    expect(ten.units.filter(unit => unit.family === null).length).toBe(
      one.units.filter(unit => unit.family === null).length,
    )
    const heads = (from: typeof one) => from.units.flatMap(unit => unit.staff).reduce((sum, { heads: n }) => sum + n, 0)
    expect(heads(ten) / heads(one)).toBeGreaterThan(9.5)
    expect(heads(ten) / heads(one)).toBeLessThan(10.5)
  })

  test('pay units lead to the administrative unit that they pay for, but for the one that nobody has mapped', () => {
    const organisation = demoOrganisation()
    expect(organisation.payUnits.filter(unit => unit.mapsTo === null)).toHaveLength(1)
    for (const unit of organisation.units.filter(one => one.tree === 'admin' && one.kind !== 'team'))
      expect(organisation.payUnits.find(pay => pay.key === organisation.payUnitOf(unit.key))?.mapsTo).toBe(unit.key)
  })
})
