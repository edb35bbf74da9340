import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { circleOf, getsAccount } from '../../../server/orders/account-type.ts'
import { type UserNamePattern, userNames } from '../../../server/orders/user-name.ts'

const part: fc.Arbitrary<UserNamePattern['parts'][number]> = fc.oneof(
  fc.record({ part: fc.constant('text' as const), text: fc.constantFrom('x', 'ext-', 'k.') }),
  fc.record({
    part: fc.constant('name' as const),
    form: fc.constantFrom('short' as const, 'long' as const, 'initials' as const),
  }),
  fc.constant({ part: 'employee-number' as const }),
  fc.record({ part: fc.constant('serial' as const), digits: fc.integer({ min: 1, max: 4 }), always: fc.boolean() }),
)
const pattern: fc.Arbitrary<UserNamePattern> = fc.record({
  parts: fc.array(part, { minLength: 1, maxLength: 4 }),
  maxLength: fc.integer({ min: 6, max: 20 }),
  reserved: fc.constant(['admin', 'anan', 'root']),
  restYears: fc.constant(10),
})
const name = fc.constantFrom('Anne', 'Åse', 'Jens-Ole', 'Øjvind', 'Anders', '李', 'Anna Sofie', 'Zoë')
const person = fc.record({
  givenName: name,
  familyName: name,
  employeeNo: fc.option(fc.stringMatching(/^[0-9]{1,6}$/)),
})

describe('user names', () => {
  test('nobody gets one that somebody has or ever had, whatever the pattern', () => {
    fc.assert(
      fc.property(pattern, fc.array(person, { maxLength: 30 }), (rule, people) => {
        const given = new Set<string>()
        for (const one of people)
          for (const candidate of userNames(rule, one, 200))
            if (!given.has(candidate)) {
              expect(candidate).toMatch(/^[a-z0-9][a-z0-9._-]*$/)
              expect(candidate.length).toBeLessThanOrEqual(rule.maxLength)
              expect(rule.reserved).not.toContain(candidate)
              given.add(candidate)
              break
            }
        // Everybody gets one of their own, where the pattern leaves room for a number behind the name.
        if (rule.parts.every(one => one.part === 'name')) expect(given.size).toBe(people.length)
      }),
    )
  })
  test('are tried in one order: the plain one first, then numbered', () => {
    const of = (
      rule: Partial<UserNamePattern>,
      one = { givenName: 'Åse', familyName: 'Sørensen', employeeNo: '42' },
    ) => [
      ...userNames(
        { parts: [{ part: 'name', form: 'short' }], maxLength: 20, reserved: [], restYears: 10, ...rule },
        one,
        2,
      ),
    ]
    expect(of({})).toEqual(['aaso', 'aaso1', 'aaso2'])
    expect(of({ reserved: ['aaso'] })).toEqual(['aaso1', 'aaso2'])
    expect(of({ parts: [{ part: 'name', form: 'long' }], maxLength: 8 })).toEqual(['aase.soe', 'aase.so1', 'aase.so2'])
    expect(of({ parts: [{ part: 'text', text: 'x' }, { part: 'employee-number' }] })[0]).toBe('x42')
    expect(of({ parts: [{ part: 'serial', digits: 4, always: true }] })).toEqual(['0001', '0002'])
  })
})

describe('who gets an account', () => {
  const job = { kind: 'employment', unitPath: ['top', 'school', 'team'], positionKey: 'kok', hourly: true }
  test('the nearest unit that says something decides; where nothing is said it is nobody', () => {
    expect(getsAccount([], job)).toBe(false)
    const all = { unitId: null, who: 'everyone' as const, positions: [] }
    expect(getsAccount([all], job)).toBe(true)
    expect(getsAccount([all, { unitId: 'school', who: 'nobody', positions: [] }], job)).toBe(false)
    expect(
      getsAccount(
        [
          { unitId: 'team', who: 'everyone', positions: [] },
          { unitId: 'school', who: 'nobody', positions: [] },
        ],
        job,
      ),
    ).toBe(true)
    expect(getsAccount([all, { unitId: 'elsewhere', who: 'nobody', positions: [] }], job)).toBe(true)
    expect(getsAccount([{ ...all, who: 'not-hourly' }], job)).toBe(false)
    expect(getsAccount([{ ...all, who: 'position', positions: ['kok'] }], job)).toBe(true)
  })
  test('no kind of account can wait for itself, however far round', () => {
    const on = new Map<string, string | null>([
      ['mail', 'ad'],
      ['ad', null],
      ['care', 'mail'],
    ])
    expect(circleOf('ad', 'care', on)).toEqual(['ad', 'care', 'mail'])
    expect(circleOf('care', 'ad', on)).toBeNull()
    expect(circleOf('ad', null, on)).toBeNull()
  })
})
