import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Aspect } from '../../../../server/contract/held.ts'
import { takeAnnounced } from '../../../../server/feeds/guards/announcement.ts'
import { aspectsOf, attributeChanges, isActivity } from '../../../../server/feeds/guards/change-aspects.ts'
import { decideHeld, explain, type HeldInput, type WeighedItem } from '../../../../server/feeds/guards/decide-held.ts'
import { decideFormat } from '../../../../server/feeds/guards/shape/decide-format.ts'
import { type Absence, decideHole, longestGap } from '../../../../server/feeds/guards/shape/decide-hole.ts'
import { emptyShape, keyHash, noteShape } from '../../../../server/feeds/guards/shape/note-shape.ts'
import { limitOf } from '../../../../server/plans/decide-guards.ts'

const limits: Pick<HeldInput, 'limits' | 'partLimits' | 'aspect' | 'cause' | 'group' | 'emptied'> = {
  limits: {
    add: { percent: 50, floor: 50 },
    change: { percent: 10, floor: 20 },
    gone: { percent: 5, floor: 10 },
    return: { percent: 50, floor: 50 },
  },
  partLimits: { add: null, change: { percent: 50, floor: 8 }, gone: { percent: 50, floor: 4 }, return: null },
  aspect: { percent: 5, floor: 10 },
  cause: { percent: 5, floor: 10 },
  group: { percent: 50, floor: 5 },
  emptied: { percent: 2, floor: 2 },
}
const KINDS = ['affiliation', 'account', 'group'] as const
const item = fc.record({
  kind: fc.constantFrom(...KINDS),
  op: fc.constantFrom('change' as const, 'gone' as const),
  part: fc.constantFrom('a', 'b', null),
  aspects: fc
    .uniqueArray(fc.constantFrom<Aspect>('end', 'disable', 'rename', 'move', 'other'), { minLength: 1, maxLength: 3 })
    .map(list => new Set(list)),
  changes: fc.array(
    fc.record({
      attribute: fc.constantFrom('unit', 'title'),
      from: fc.constantFrom('x', 'y', null),
      to: fc.constantFrom('z', null),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  gains: fc.nat(9),
  loses: fc.nat(9),
})
const given: fc.Arbitrary<HeldInput> = fc
  .record({
    items: fc.array(item, { maxLength: 120 }),
    always: fc.uniqueArray(fc.nat(130), { maxLength: 4 }),
    population: fc.integer({ min: 1, max: 600 }),
    counts: fc.array(
      fc.record({
        kind: fc.constantFrom(...KINDS),
        op: fc.constantFrom('add' as const, 'return' as const),
        part: fc.constantFrom('a', null),
        count: fc.integer({ min: 1, max: 200 }),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ items, always, population, counts }) => {
    const numbered = items.map(
      ({ gains, loses, ...one }, n): WeighedItem => ({
        ...one,
        n: n + 1,
        ...(one.kind === 'group' ? { members: { had: 9, gains, loses } } : {}),
      }),
    )
    return {
      ...limits,
      items: numbered,
      counts,
      always: always.flatMap(n => {
        const found = numbered[n]
        return found
          ? [{ n: found.n, guard: 'protected-account' as const, part: null, kind: found.kind, op: found.op }]
          : []
      }),
      populations: KINDS.flatMap(kind => [
        { kind, part: 'a', count: population },
        { kind, part: 'b', count: 10 },
      ]),
    }
  })
const heldNumbers = (input: HeldInput) => decideHeld(input).flatMap(hold => hold.items ?? [])

describe('whatever the plan', () => {
  test('each change is held for one reason at most, each group says how many it has, under a name of its own', () => {
    fc.assert(
      fc.property(given, input => {
        const holds = decideHeld(input)
        const numbers = holds.flatMap(hold => hold.items ?? [])
        expect(new Set(numbers).size).toBe(numbers.length)
        for (const hold of holds) if (hold.items) expect(hold.count).toBe(hold.items.length)
        expect(new Set(holds.map(hold => hold.cause)).size).toBe(holds.length)
      }),
    )
  })

  test('what goes through is within every limit, and what no batch may do never goes through', () => {
    fc.assert(
      fc.property(given, input => {
        const held = new Set(heldNumbers(input))
        for (const one of input.always) expect(held.has(one.n)).toBe(true)
        const through = input.items.filter(one => !held.has(one.n))
        for (const kind of KINDS) {
          const population = input.populations.filter(one => one.kind === kind).reduce((sum, one) => sum + one.count, 0)
          const of = through.filter(one => one.kind === kind)
          for (const op of ['change', 'gone'] as const)
            expect(of.filter(one => one.op === op).length).toBeLessThanOrEqual(limitOf(limits.limits[op]!, population))
          for (const aspect of ['end', 'disable', 'rename', 'move'] as const)
            expect(of.filter(one => one.op === 'change' && one.aspects.has(aspect)).length).toBeLessThanOrEqual(
              limitOf(limits.aspect!, population),
            )
        }
        for (const { members } of through)
          if (members) expect(Math.max(members.gains, members.loses)).toBeLessThanOrEqual(limitOf(limits.group!, 9))
      }),
    )
  })

  test('a plan below every floor goes through whole, but for what is always held', () => {
    const few = given.map(input => ({
      ...input,
      items: input.items.slice(0, 3).map(({ members: _, ...one }) => one),
      counts: [],
      always: [],
    }))
    fc.assert(fc.property(few, input => decideHeld(input).length === 0))
  })
})

test('the cause of most is named, and none where there is none', () => {
  const change = (attribute: string, from: string | null, to: string | null): WeighedItem => ({
    ...{ n: 1, kind: 'affiliation', op: 'change', part: null, aspects: new Set<Aspect>(['move']) },
    changes: [{ attribute, from, to }],
  })
  const many = (count: number, ...one: Parameters<typeof change>) => Array.from({ length: count }, () => change(...one))
  expect(explain([...many(7, 'unit', 'a', 'b'), ...many(3, 'title', 'x', 'y')])).toEqual({
    ...{ attribute: 'unit', from: 'a', to: 'b', count: 7 },
  })
  expect(explain([...many(4, 'unit', 'a', 'b'), ...many(4, 'unit', 'c', 'd')])).toEqual({
    ...{ attribute: 'unit', from: null, to: null, count: 8 },
  })
  expect(
    explain([...many(3, 'unit', 'a', 'b'), ...many(3, 'title', 'x', 'y'), ...many(3, 'name', null, null)]),
  ).toBeNull()
})

describe('what a change is about', () => {
  const about = (before: object, after: object) => {
    const [was, is] = [before as never, after as never]
    return [...aspectsOf(was, is, attributeChanges(was, is))].sort()
  }
  test.each([
    [{ enabled: true }, { enabled: false }, ['disable', 'other']],
    [{ enabled: false }, { enabled: true }, ['other']],
    [{ endsOn: null }, { endsOn: '2026-04-01' }, ['end', 'other']],
    [{ endsOn: '2026-05-01' }, { endsOn: '2026-04-01' }, ['end', 'other']],
    [{ endsOn: '2026-04-01' }, { endsOn: '2026-05-01' }, ['other']],
    [{ familyName: 'A' }, { familyName: 'B' }, ['rename']],
    [{ dn: 'CN=Bo\\, A,OU=X,DC=d' }, { dn: 'CN=Bo\\, A,OU=Y,DC=d' }, ['move']],
    [{ dn: 'CN=Bo\\, A,OU=X,DC=d' }, { dn: 'CN=Bo\\, B,OU=X,DC=d' }, []],
    [{ email: 'bo@gammel.dk' }, { email: 'bo@ny.dk' }, ['other']],
    [{ members: ['a', 'b'] }, { members: ['a'] }, ['members']],
    [{ title: null }, { title: '' }, []],
  ])('%j to %j', (before, after, expected) => {
    expect(about(before, after)).toEqual(expected)
  })

  test('a sign-in alone is activity; with anything else it is not', () => {
    const of = (before: object, after: object) =>
      isActivity(aspectsOf(before as never, after as never, attributeChanges(before as never, after as never)))
    expect(of({ lastSignIn: '1', title: 'a' }, { lastSignIn: '2', title: 'a' })).toBe(true)
    expect(of({ lastSignIn: '1', title: 'a' }, { lastSignIn: '2', title: 'b' })).toBe(false)
  })

  test('names, numbers and addresses are never said, whatever changes', () => {
    const secret = [
      'givenName',
      'familyName',
      'displayName',
      'username',
      'email',
      'phone',
      'birthDate',
      'employeeNo',
      'cprHash',
    ]
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...secret), fc.stringMatching(/^Q[a-z]{5}@kommune$/)), attrs => {
        const said = JSON.stringify([
          attributeChanges(null, attrs),
          attributeChanges(attrs, {}),
          attributeChanges(attrs, null),
        ])
        expect(said).not.toMatch(/Q[a-z]{5}/)
      }),
    )
  })
})

describe('holes', () => {
  const absence = (more: Partial<Absence>): Absence => ({
    ...{ known: 1000, absent: 20, longest: 1, units: 40, unitsMissing: [], lettersMissing: [] },
    ...more,
  })
  const guards = (more: Partial<Absence>) =>
    decideHole('person', absence(more), { percent: 1, floor: 3 }).map(one => one.guard)

  test.each<[string, Partial<Absence>, string[]]>([
    ['twenty here and there', {}, []],
    ['ten side by side of a thousand', { longest: 10 }, []],
    ['eleven side by side', { longest: 11 }, ['hole']],
    [
      'two small units that have closed',
      {
        unitsMissing: [
          { part: 'a', records: 4 },
          { part: 'b', records: 3 },
        ],
      },
      [],
    ],
    ['three units at once', { unitsMissing: ['a', 'b', 'c'].map(part => ({ part, records: 3 })) }, ['units']],
    ['one unit of ten', { unitsMissing: [{ part: 'a', records: 10 }] }, ['units']],
    ['a letter with four people', { lettersMissing: [{ letter: 'Q', records: 4 }] }, []],
    ['a letter with five', { lettersMissing: [{ letter: 'Å', records: 5 }] }, ['letters']],
  ])('%s', (_what, more, expected) => {
    expect(guards(more)).toEqual(expected)
  })

  test('the longest gap in an order is what a plain look finds', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), fc.func(fc.boolean()), (keys, isMissing) => {
        const gone = keys.map(key => isMissing(key) === true)
        const rows = gone
          .map(one => (one ? 'x' : ' '))
          .join('')
          .split(' ')
        const order = Uint32Array.from(keys.map(keyHash))
        const missing = new Set(keys.filter((_, place) => gone[place]).map(keyHash))
        if (new Set(order).size === keys.length)
          expect(longestGap(order, missing)).toBe(Math.max(0, ...rows.map(row => row.length)))
      }),
    )
  })
})

describe('format', () => {
  const shapeOf = (rows: object[]) => {
    const shape = emptyShape()
    rows.forEach((row, n) => {
      noteShape(shape, `k${n}`, row as never)
    })
    return shape
  }
  const rows = (of: (n: number) => object) => shapeOf(Array.from({ length: 100 }, (_, n) => of(n)))
  const found = (now: (n: number) => object, before: (n: number) => object) =>
    decideFormat('person', rows(now), rows(before)).map(one => `${one.guard} ${one.part}`)

  test.each<[string, (n: number) => object, (n: number) => object, string[]]>([
    ['the same', n => ({ no: `${n}` }), n => ({ no: `${n}` }), []],
    ['digits that become letters', () => ({ no: 'abc' }), n => ({ no: `${n}` }), ['format person.no']],
    ['a fifth of them', n => ({ no: n % 5 ? `${n}` : 'abc' }), n => ({ no: `${n}` }), []],
    ['dates that become numbers', () => ({ on: '20260401' }), () => ({ on: '2026-04-01' }), ['format person.on']],
    ['addresses that become names', () => ({ mail: 'Bo Ek' }), () => ({ mail: 'bo@k.dk' }), ['format person.mail']],
    ['texts three times as long', () => ({ t: 'abcdefghijkl' }), () => ({ t: 'abcd' }), ['format person.t']],
    ['names with other letters', () => ({ t: 'Åse Øst' }), () => ({ t: 'Ase Ost' }), []],
    [
      'a column that is empty',
      () => ({ a: 'x' }),
      n => ({ a: 'x', ends: n % 3 ? '' : '2026-01-01' }),
      ['columns person.ends'],
    ],
    ['a new column', n => ({ a: 'x', b: `${n}` }), () => ({ a: 'x' }), []],
  ])('%s', (_what, now, before, expected) => {
    expect(found(now, before)).toEqual(expected)
  })
})

test('an announcement lets through what fits it, whole or not at all', () => {
  const line = {
    ...{ kind: 'affiliation' as const, op: 'change' as const, part: null, attribute: null },
    from: null,
    to: null,
  }
  fc.assert(
    fc.property(given, fc.integer({ min: 1, max: 60 }), (input, most) => {
      const open = [{ id: 'a', lines: [{ line: 0, expected: { ...line, least: 0, most }, left: most }] }]
      const { items, used } = takeAnnounced(open, input.items, input.counts)
      const fitting = input.items.filter(one => one.kind === 'affiliation' && one.op === 'change').length
      expect(items.length).toBe(input.items.length - (fitting <= most ? fitting : 0))
      expect(used).toEqual(fitting > 0 && fitting <= most ? [{ announcementId: 'a', line: 0, count: fitting }] : [])
    }),
  )
})
