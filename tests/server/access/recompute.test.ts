import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catchUp, recompute } from '../../../server/access/access-store.ts'
import type { FeedRecord } from '../../../server/platform/feed-record.ts'
import type { RightsRule } from '../../../server/rules/rights-rule.ts'
import { replaceRoles, replaceRules } from '../../../server/rules/rules-store.ts'
import { withoutGrace } from '../../support/access-policies.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../support/municipality.ts'
import { expected, stored } from './oracle.ts'

const database = testDatabase()
const titles = ['SSA', 'Kok', 'Leder', 'Ukendt']
const unitKeys = ['100', '110', '111', '112']

const oneTest = fc.oneof(
  fc.constantFrom('ssa', 'kok').map(value => ({ position: value })),
  fc.constantFrom(...unitKeys).map(value => ({ unit: { $under: value } })),
  fc.constantFrom(...unitKeys).map(value => ({ unitKey: { $ne: value } })),
  fc.constantFrom('employment', 'temp').map(value => ({ kind: value })),
  fc.boolean().map(value => ({ isManager: value })),
  fc.boolean().map(value => ({ position: { $exists: value } })),
  fc.constant({}),
)
const constraint = fc.constantFrom(
  { on: 'unit', kind: 'own-unit' as const },
  { on: 'unit', kind: 'own-unit-and-below' as const },
  { on: 'unit', kind: 'ancestor-at-level' as const, level: 2 },
  { on: 'kle', kind: 'kle' as const },
)
const ruleOf = (key: string): fc.Arbitrary<RightsRule> =>
  fc
    .record({
      inverted: fc.boolean(),
      conditions: fc.oneof(
        oneTest,
        fc.array(oneTest, { minLength: 1, maxLength: 2 }).map(parts => ({ $or: parts })),
      ),
      entitlements: fc.subarray(['a/read', 'a/write', 'b/x'], { minLength: 1 }),
      roles: fc.subarray(['outer']),
      limit: fc.option(constraint),
      validTo: fc.constantFrom(null, '2026-03-03', '2026-06-01'),
      order: fc.integer({ min: 0, max: 3 }),
      state: fc.constantFrom('active' as const, 'active' as const, 'draft' as const),
    })
    .map(({ limit, inverted, ...rule }) => ({
      ...rule,
      key,
      name: key,
      version: 1,
      inverted,
      ...(inverted ? { reason: 'nej' } : {}),
      ...(limit && !inverted ? { constraints: { '*': [limit] } } : {}),
      validFrom: '2020-01-01',
      owner: 'HR',
    }))
const rules = fc.tuple(ruleOf('r1'), ruleOf('r2'), ruleOf('r3'), ruleOf('r4'))

type Step =
  | { do: 'job'; n: number; unit: string; title: string; ends: string | null; kind: string }
  | { do: 'rule'; rule: RightsRule }
  | { do: 'unit'; parent: string }
  | { do: 'manager'; unit: string; n: number | null }
  | { do: 'day' }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('job' as const),
    n: fc.integer({ min: 0, max: 5 }),
    unit: fc.constantFrom(...unitKeys),
    title: fc.constantFrom(...titles),
    ends: fc.constantFrom(null, '2026-03-01', '2026-03-03', '2026-05-01'),
    kind: fc.constantFrom('employment', 'temp'),
  }),
  fc
    .constantFrom('r1', 'r2', 'r5')
    .chain(ruleOf)
    .map(rule => ({ do: 'rule' as const, rule })),
  fc.constantFrom(...unitKeys).map(parent => ({ do: 'unit' as const, parent })),
  fc.record({
    do: fc.constant('manager' as const),
    unit: fc.constantFrom(...unitKeys),
    n: fc.option(fc.integer({ min: 0, max: 5 })),
  }),
  fc.constant({ do: 'day' as const }),
)

const names = ['Kommunen', 'Omsorg', 'Nord', 'Syd']
const base: FeedRecord[] = [
  ...unitKeys.map((key, i) =>
    unit(key, {
      name: names[i] as string,
      unitKind: 'unit',
      ...(i === 0 ? {} : { parent: i === 1 ? '100' : '110' }),
      ...(i === 1 ? { kle: '27.00' } : {}),
    }),
  ),
  position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA' }),
  position('kok', { name: 'Kok', category: 'kitchen', titles: 'Kok' }),
  ...[0, 1, 2, 3, 4, 5].flatMap(n => [
    person(`p${n}`),
    job(`e${n}`, `p${n}`, { unit: unitKeys[n % 4] as string, title: titles[n % 4] as string }),
  ]),
  // A second job of the first person.
  job('e6', 'p0', { unit: '112', title: 'Kok' }),
]
const catalogue = [
  system('a', { name: 'A' }),
  system('b', { name: 'B' }),
  ...['a/read', 'a/write', 'b/x', 'b/y'].map(key => entitlement(key, { name: key })),
]
const roles = [
  { key: 'inner', name: 'Indre', entitlements: [{ key: 'b/y' }], roles: [] },
  { key: 'outer', name: 'Ydre', entitlements: [], roles: ['inner'] },
]

describe('assignments', () => {
  it('after any change of people, units, rules or date are what plain CASL says of everybody', async () => {
    await fc.assert(
      fc.asyncProperty(rules, fc.array(step, { minLength: 1, maxLength: 4 }), async (first, steps) => {
        await database.reset()
        await database.db.transaction(withoutGrace)
        const town = municipality(database.db)
        await town.feed('hr', base)
        await town.feed('systems', catalogue)
        const now = new Map(first.map(rule => [rule.key, rule]))
        let today = town.when.today
        const settle = (change: () => Promise<unknown> = async () => {}) =>
          database.db.transaction(async tx => {
            await change()
            await catchUp(tx, { today, now: new Date(), cause: 'test' })
            const is = await stored(tx)
            expect(is).toEqual(await expected(tx, today))
            // Deciding everybody anew finds nothing left to do.
            expect(await recompute(tx, 'all', { today, now: new Date(), cause: 'check' })).toMatchObject({
              added: 0,
              changed: 0,
              removed: 0,
            })
          })
        const write = () =>
          database.db.transaction(async tx => {
            await replaceRoles(tx, roles, 'test')
            await replaceRules(tx, [...now.values()], 'test')
          })
        await write()
        await settle()
        let extra = 0
        for (const one of steps) {
          if (one.do === 'job') {
            const { n, ends, kind, ...place } = one
            await town.feed('hr', [
              job(`e${n}`, `p${n}`, {
                unit: place.unit,
                title: place.title,
                affiliationKind: kind,
                ...(ends ? { endsOn: ends } : {}),
              }),
            ])
          } else if (one.do === 'unit')
            await town.feed('hr', [unit(`x${extra++}`, { name: 'Ny', unitKind: 'unit', parent: one.parent })])
          else if (one.do === 'manager') {
            const record = base.find(each => each.kind === 'unit' && each.key === one.unit) as FeedRecord
            await town.feed('hr', [
              { ...record, attrs: { ...record.attrs, ...(one.n === null ? {} : { manager: `e${one.n}` }) } },
            ])
          } else if (one.do === 'rule') {
            now.set(one.rule.key, one.rule)
            await write()
          } else today = '2026-03-03'
          await settle()
        }
      }),
      { numRuns: 12 },
    )
  })
})
