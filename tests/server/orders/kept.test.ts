import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KeptAttribute, keptAttribute } from '../../../server/contract/account-types.ts'
import { type KeptSlot, wishOfKept } from '../../../server/orders/kept.ts'
import { differenceOf, type KeptValues, type OpenOrder } from '../../../server/orders/plan-orders.ts'

const TODAY = '2026-03-02'
const FACTS = {
  ...{ givenName: 'Anna', familyName: 'Åse', displayName: 'Anna Åse', title: 'Lærer', unit: 'Skolen', unitKey: '210' },
  ...{ unitPath: ['210', '200', '100'], employeeNo: '4711', email: 'a@x.test', phone: '33', managerDn: 'CN=Bo,OU=X' },
}
const RIGHT: KeptValues = {
  ...{ username: 'anaa', givenName: 'Anna', familyName: 'Åse', displayName: 'Anna Åse', title: 'Lærer' },
  ...{ department: 'Skolen', email: 'A@x.test', phone: '33', employeeNo: '4711', manager: 'cn=bo, ou=x' },
  place: 'ou=skole,dc=x',
}
const PATTERN = {
  parts: [{ part: 'name' as const, form: 'short' as const }],
  maxLength: 20,
  reserved: [],
  restYears: 1,
}
const slot = (more: Partial<KeptSlot> = {}): KeptSlot => ({
  ...{ systemId: 's', personId: 'p', affiliationId: null, accountTypeId: 't', entitlementId: null },
  keeps: keptAttribute.options,
  writes: null,
  seen: RIGHT,
  sent: [],
  facts: FACTS,
  naming: { pattern: PATTERN, given: true },
  ...more,
})
const wishes = (more: Partial<KeptSlot>) => wishOfKept(slot(more), TODAY).map(({ action, kept }) => ({ action, kept }))
const seen = (more: KeptValues) => ({ seen: { ...RIGHT, ...more } })

describe('what an account says', () => {
  test('as it should be orders nothing, however DNs and addresses are written', () => {
    expect(wishes({})).toEqual([])
  })
  test('otherwise is ordered by what changes it: a name, a place, details', () => {
    expect(wishes(seen({ title: 'Leder', phone: null, familyName: 'Bæk' }))).toEqual([
      { action: 'rename', kept: { familyName: 'Åse' } },
      { action: 'set', kept: { title: 'Lærer', phone: '33' } },
    ])
    expect(wishes(seen({ manager: null }))).toEqual([{ action: 'set', kept: { manager: 'CN=Bo,OU=X' } }])
  })
  test('and nobody knows any more is taken away, but never a name or an address', () => {
    expect(wishes({ facts: { ...FACTS, title: null, email: null, displayName: null } })).toEqual([
      { action: 'set', kept: { title: null } },
    ])
  })
  test('is only kept where somebody has said so', () => {
    const all = { title: 'x', phone: 'x', familyName: 'x', place: 'x', username: 'x' }
    expect(wishes({ ...seen(all), keeps: [] })).toEqual([])
    expect(wishes({ ...seen(all), keeps: ['phone'] })).toEqual([{ action: 'set', kept: { phone: '33' } }])
  })
  test('follows the patterns of the connector, and what it does not write is not kept', () => {
    const writes = { attributes: { title: '{title}, {unit}' }, places: null }
    expect(wishes({ ...seen({ title: 'Lærer, Skolen', phone: 'another' }), writes })).toEqual([])
    expect(wishes({ ...seen({ title: 'Lærer' }), writes })).toEqual([
      { action: 'set', kept: { title: 'Lærer, Skolen' } },
    ])
  })
  test('stands where the nearest unit that has a place says', () => {
    const places = { units: { '200': 'OU=Skole,DC=x', '100': 'OU=Andre,DC=x' }, otherwise: 'OU=Ny,DC=x' }
    const writes = { attributes: {}, places }
    expect(wishes({ writes })).toEqual([])
    expect(wishes({ writes, facts: { ...FACTS, unitPath: ['300', '100'] } })).toEqual([
      { action: 'move', kept: { place: 'ou=andre,dc=x' } },
    ])
    expect(wishes({ writes, facts: { ...FACTS, unitPath: ['900'] } })).toEqual([
      { action: 'move', kept: { place: 'ou=ny,dc=x' } },
    ])
  })
  test('has another user name only where the one it has was given here, and the name fits it no more', () => {
    const facts = { ...FACTS, givenName: 'Bente', displayName: 'Bente Åse' }
    const keeps: KeptAttribute[] = ['username']
    expect(wishes({ keeps, facts })).toEqual([{ action: 'rename', kept: { username: null } }])
    expect(wishes({ keeps, facts, naming: { pattern: PATTERN, given: false } })).toEqual([])
    expect(wishes({ keeps, facts, naming: null })).toEqual([])
    // A number behind it tells people apart: it is a name of the pattern all the same.
    expect(wishes({ keeps, ...seen({ username: 'anaa7' }) })).toEqual([])
  })
})

const values = fc.dictionary(
  fc.constantFrom<KeptAttribute>(...keptAttribute.options.filter(one => one !== 'username')),
  fc.constantFrom('x', 'Lærer', '33', null),
) as fc.Arbitrary<KeptValues>

test('what was sent is not sent again before it is read, and what comes true orders nothing', () => {
  fc.assert(
    fc.property(values, fc.array(values, { maxLength: 3 }), (was, before) => {
      const first = wishOfKept(slot({ ...seen(was), sent: before }), TODAY)
      const sent = [...before, ...first.map(one => one.kept ?? {})]
      expect(wishOfKept(slot({ ...seen(was), sent }), TODAY)).toEqual([])
      const now = Object.assign({}, RIGHT, was, ...sent)
      expect(wishOfKept(slot({ seen: now }), TODAY)).toEqual([])
    }),
  )
})

test('an order that says something else than what is wished is ended, and another made; one on its way is left alone', () => {
  const [wish] = wishOfKept(slot(seen({ title: 'Leder' })), TODAY)
  const open = (kept: KeptValues, sending = false): OpenOrder => ({
    ...wish!,
    ...{ id: 'o', kept, sending },
  })
  expect(differenceOf([wish!], [open({ title: 'Lærer' })], TODAY)).toEqual({ make: [], change: [], cancel: [] })
  expect(differenceOf([wish!], [open({ title: 'Pedel' })], TODAY)).toEqual({ make: [wish], change: [], cancel: ['o'] })
  expect(differenceOf([wish!], [open({ title: 'Pedel' }, true)], TODAY)).toEqual({ make: [], change: [], cancel: [] })
  // A user name is given when the order is made: that it has one now is no difference.
  const named = { ...wish!, action: 'rename' as const, kept: { username: null } }
  const rename = { ...open({ username: 'bebe' }), action: 'rename' as const }
  expect(differenceOf([named], [rename], TODAY)).toEqual({ make: [], change: [], cancel: [] })
})
