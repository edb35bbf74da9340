import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AccountSlot,
  addDays,
  differenceOf,
  keyOf,
  type OpenOrder,
  type RightSlot,
  type Wished,
  wishOfAccount,
  wishOfRight,
} from '../../../server/orders/plan-orders.ts'

const TODAY = '2026-03-02'
const day = fc.integer({ min: -40, max: 40 }).map(days => addDays(TODAY, days))
const span = fc.option(
  fc.record({ from: day, to: fc.option(day) }).map(({ from, to }) => ({
    from,
    to: to === null || to > from ? to : addDays(from, 1),
  })),
)
const rung = fc.constantFrom('observe' as const, 'add' as const, 'apply' as const, 'full' as const)
const id = fc.constantFrom('a', 'b', 'c')
const decision = fc.constantFrom('f1', 'f2').map(findingId => ({
  ...{ findingId, code: 'unexplained', by: 'u1', at: '2026-03-01T09:00:00Z', reason: 'Aftalt' },
}))
const right: fc.Arbitrary<RightSlot> = fc.record({
  systemId: fc.constantFrom('s1', 's2'),
  personId: id,
  entitlementId: fc.constantFrom('e1', 'e2'),
  affiliationId: fc.option(id),
  rung,
  kit: fc.boolean(),
  wanted: span,
  held: fc.boolean(),
  untouchable: fc.boolean(),
  kept: fc.boolean(),
  ours: fc.boolean(),
  suspended: fc.constantFrom(null, 'absence' as const, 'lock' as const),
  marked: fc.option(decision),
})
const account: fc.Arbitrary<AccountSlot> = fc.record({
  systemId: fc.constantFrom('s1', 's2'),
  personId: id,
  affiliationId: fc.constant(null),
  accountTypeId: fc.constantFrom('t1', 't2'),
  rung,
  wanted: span,
  endedOn: fc.option(day.map(date => (date > TODAY ? TODAY : date))),
  is: fc.constantFrom('none' as const, 'off' as const, 'on' as const),
  untouchable: fc.boolean(),
  ours: fc.boolean(),
  endedUnderUs: fc.boolean(),
  locked: fc.boolean(),
  marked: fc.option(decision),
  leadDays: fc.integer({ min: 0, max: 14 }),
  disableAfter: fc.integer({ min: 0, max: 5 }),
  deleteAfter: fc.option(fc.integer({ min: 0, max: 60 })),
})
const TAKES = ['revoke', 'disable', 'delete', 'take-back']

/** One slot once, as the database has it. */
const once = (wished: Wished[]) => [...new Map(wished.map(wish => [keyOf(wish), wish])).values()]
const wishes = fc
  .tuple(fc.array(right, { maxLength: 12 }), fc.array(account, { maxLength: 8 }))
  .map(([rights, accounts]) =>
    once([
      ...rights.flatMap(slot => wishOfRight(slot, TODAY)),
      ...accounts.flatMap(slot => wishOfAccount(slot, TODAY)),
    ]),
  )

/** What the store does with a difference. */
let number = 0
function carry(open: readonly OpenOrder[], wished: readonly Wished[]): OpenOrder[] {
  const { make, change, cancel } = differenceOf(wished, open, TODAY)
  const kept = open
    .filter(order => !cancel.includes(order.id))
    .map(order => ({ ...order, ...change.find(one => one.id === order.id) }))
  number += 1
  return [...kept, ...make.map((wish, n) => ({ ...wish, id: `${number}-${n}`, sending: false }))]
}
const shown = (orders: readonly OpenOrder[]) =>
  orders
    .map(order => {
      const rests = order.cause === 'removal' ? order.decision?.findingId : null
      return `${keyOf(order)} ${order.dueOn <= TODAY ? 'due' : order.dueOn} ${order.urgent} ${rests}`
    })
    .sort()

describe('what is planned', () => {
  test('twice is once', () => {
    fc.assert(
      fc.property(wishes, wished => {
        const open = carry([], wished)
        const { make, change, cancel } = differenceOf(wished, open, TODAY)
        expect([make, change, cancel]).toEqual([[], [], []])
      }),
    )
  })

  test('whatever was wished before and in whatever order, the same is open in the end', () => {
    fc.assert(
      fc.property(fc.array(wishes, { maxLength: 4 }), wishes, fc.array(fc.nat()), (before, last, order) => {
        const shuffled = before.map((one, n) => ({ one, at: order[n] ?? n })).sort((a, b) => a.at - b.at)
        const through = [...shuffled.map(({ one }) => one), last].reduce<OpenOrder[]>(carry, [])
        expect(shown(through)).toEqual(shown(carry([], last)))
      }),
    )
  })

  test('what is on its way is left alone', () => {
    fc.assert(
      fc.property(wishes, wishes, (first, next) => {
        const open = carry([], first).map(order => ({ ...order, sending: true }))
        const { change, cancel } = differenceOf(next, open, TODAY)
        expect([change, cancel]).toEqual([[], []])
      }),
    )
  })

  test('a system that is only observed gets nothing, and one that is only added to loses nothing', () => {
    fc.assert(
      fc.property(right, account, (rightSlot, accountSlot) => {
        const of = (rung: 'observe' | 'add') => [
          ...wishOfRight({ ...rightSlot, rung }, TODAY),
          ...wishOfAccount({ ...accountSlot, rung, locked: false }, TODAY),
        ]
        expect(of('observe')).toEqual([])
        expect(of('add').filter(wish => TAKES.includes(wish.action))).toEqual([])
      }),
    )
  })

  test('protected accounts are never touched, and nothing that somebody has made legitimate is taken', () => {
    fc.assert(
      fc.property(right, account, (rightSlot, accountSlot) => {
        expect(wishOfAccount({ ...accountSlot, untouchable: true }, TODAY)).toEqual([])
        for (const shut of [{ untouchable: true }, { kept: true }])
          expect(wishOfRight({ ...rightSlot, ...shut }, TODAY).filter(wish => TAKES.includes(wish.action))).toEqual([])
      }),
    )
  })

  test('what changed is taken, what was there before anybody asked is not, until everything without a reason is', () => {
    const before = { wanted: null, held: true, untouchable: false, kept: false, suspended: null, marked: null }
    fc.assert(
      fc.property(right, slot => {
        const taken = (more: Partial<RightSlot>) => wishOfRight({ ...slot, ...before, ...more }, TODAY).length
        expect(taken({ rung: 'apply', ours: false })).toBe(0)
        expect(taken({ rung: 'apply', ours: true })).toBe(1)
        expect(taken({ rung: 'full', ours: false })).toBe(1)
      }),
    )
  })
})

describe('what somebody decided is to go', () => {
  const held = { held: true, untouchable: false, kept: false, suspended: null, ours: false }
  test('is ordered once a system lets it be, with the decision; not while something gives it', () => {
    fc.assert(
      fc.property(right, decision, (slot, marked) => {
        const made = (more: Partial<RightSlot>) =>
          wishOfRight({ ...slot, ...held, wanted: null, marked, ...more }, TODAY).map(one => [one.cause, one.decision])
        for (const rung of ['apply', 'full'] as const) expect(made({ rung })).toEqual([['removal', marked]])
        for (const rung of ['observe', 'add'] as const) expect(made({ rung })).toEqual([])
        for (const shut of [{ untouchable: true }, { kept: true }, { wanted: { from: '2026-01-01', to: null } }])
          expect(made({ rung: 'apply', ...shut })).toEqual([])
        // What is taken anyway is taken for its own reason.
        expect(made({ rung: 'apply', ours: true })).toEqual([['lost', undefined]])
      }),
    )
  })

  test('an account is closed for it; not while there is a reason for it, nor below that rung', () => {
    fc.assert(
      fc.property(account, decision, (slot, marked) => {
        const at = { wanted: null, endedOn: null, is: 'on' as const, untouchable: false, ours: false, locked: false }
        const made = (more: Partial<AccountSlot>) =>
          wishOfAccount({ ...slot, ...at, marked, ...more }, TODAY).map(one => [one.action, one.cause, one.decision])
        expect(made({ rung: 'apply' })).toEqual([['disable', 'removal', marked]])
        for (const no of [
          { rung: 'add' },
          { rung: 'observe' },
          { is: 'off' },
          { wanted: { from: TODAY, to: null } },
        ] as const)
          expect(made({ rung: 'apply', ...no })).toEqual([])
      }),
    )
  })
})

describe('an account through its life', () => {
  const slot: AccountSlot = {
    ...{
      systemId: 's',
      personId: 'p',
      affiliationId: null,
      accountTypeId: 't',
      rung: 'apply',
      endedOn: null,
      is: 'none',
    },
    ...{ untouchable: false, ours: false, endedUnderUs: false, locked: false, leadDays: 5, disableAfter: 0 },
    ...{ marked: null, deleteAfter: 30, wanted: { from: '2026-03-10', to: null } },
  } as AccountSlot
  const said = (more: Partial<AccountSlot>, today = TODAY) =>
    wishOfAccount({ ...slot, ...more }, today).map(({ action, dueOn }) => `${action} ${dueOn}`)

  test('is prepared locked before the first day and opened on it', () => {
    expect(said({})).toEqual(['create 2026-03-05', 'enable 2026-03-10'])
    expect(said({ is: 'off', ours: true })).toEqual(['enable 2026-03-10'])
    expect(said({ is: 'on', ours: true })).toEqual([])
  })
  test('is closed at the end and deleted later; an end that is taken back is as none', () => {
    const ends = { is: 'on' as const, ours: true, wanted: { from: '2026-01-01', to: '2026-04-01' } }
    expect(said(ends)).toEqual(['disable 2026-04-01', 'delete 2026-05-01'])
    const ended = { ...ends, wanted: null, endedOn: '2026-04-01', endedUnderUs: true }
    expect(said(ended, '2026-04-02')).toEqual(['disable 2026-04-01', 'delete 2026-05-01'])
    expect(said({ ...ended, is: 'off' }, '2026-04-02')).toEqual(['delete 2026-05-01'])
    expect(said({ ...ended, is: 'none' }, '2026-05-02')).toEqual([])
    expect(said({ ...ends, wanted: { from: '2026-01-01', to: null } })).toEqual([])
  })
  test('that was locked by an order of ours is opened again; one that somebody else locked is not', () => {
    const back = { is: 'off' as const, wanted: { from: '2026-01-01', to: null } }
    expect(said({ ...back, ours: true })).toEqual(['enable 2026-01-01'])
    expect(said({ ...back, ours: false })).toEqual([])
  })
  test('of somebody who is locked is closed at once, whatever else is wished', () => {
    expect(said({ locked: true, is: 'on', rung: 'add' })).toEqual([`disable ${TODAY}`])
    expect(said({ locked: true })).toEqual([])
  })
})
