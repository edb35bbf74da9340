import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { about, findingsAbout, findingsOf } from '../../../server/access/rule-desk/findings-view.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import { type RightsRule, rightsRule } from '../../../server/rules/rights-rule.ts'
import { role } from '../../../server/rules/role.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../support/municipality.ts'

const database = testDatabase()
let town: ReturnType<typeof municipality>
const UNITS = ['a', 'a1', 'a2', 'b', 'b1', 'b2']
const RIGHTS = ['s/read', 's/write', 't/use']
const PEOPLE_EACH = 6

beforeAll(async () => {
  town = municipality(database.db)
  await town.feed('hr', [
    position('sosu', { name: 'Sosu', category: 'care', titles: ['Sosu'] }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    unit('top', { name: 'Kommunen', unitKind: 'top' }),
    ...UNITS.map(key => unit(key, { name: key, parent: key.length === 1 ? 'top' : key[0]! })),
    ...UNITS.flatMap(key =>
      Array.from({ length: PEOPLE_EACH }, (_, n) => [
        person(`p-${key}-${n}`),
        job(`e-${key}-${n}`, `p-${key}-${n}`, {
          ...{ unit: key, title: n % 2 ? 'Sosu' : 'Kok' },
          // Not here yet on the day: nothing is to be found by these.
          ...(n === 5 ? { startsOn: '2027-01-01' } : {}),
        }),
      ]).flat(),
    ),
  ])
  await town.feed('systems', [
    system('s', { name: 'S' }),
    system('t', { name: 'T' }),
    ...RIGHTS.map(key => entitlement(key, { name: key })),
  ])
})

const place = fc.constantFrom(...UNITS)
const conditions = fc.oneof(
  fc.constant({}),
  place.map(unitKey => ({ unitKey })),
  place.map(key => ({ unit: { $under: key } })),
  fc.constantFrom('sosu', 'kok').map(key => ({ position: key })),
  fc.tuple(place, fc.constantFrom('sosu', 'kok')).map(([key, of]) => ({ unit: { $under: key }, position: of })),
  fc.constant({ unitKey: 'nowhere' }),
  fc.boolean().map(isManager => ({ isManager })),
)
const world = fc
  .array(
    fc.record({
      conditions,
      inverted: fc.boolean(),
      rights: fc.uniqueArray(fc.constantFrom(...RIGHTS, 's/*', 's/gone'), { minLength: 1, maxLength: 2 }),
      byRole: fc.boolean(),
      order: fc.integer({ min: 1, max: 5 }),
      validTo: fc.constantFrom(null, null, '2030-01-01'),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map(list =>
    list.map((one, n) =>
      rightsRule.parse({
        ...{ key: `r${n}`, name: `R${n}`, conditions: one.conditions, inverted: one.inverted, order: one.order },
        ...(one.inverted ? { reason: 'Prøve' } : {}),
        ...(one.byRole ? { entitlements: [], roles: ['reader'] } : { entitlements: one.rights, roles: [] }),
        ...{ validFrom: '2020-01-01', validTo: one.validTo, state: 'active', owner: 'HR' },
      }),
    ),
  )
const roles = [
  role.parse({ key: 'reader', name: 'Læser', entitlements: [{ key: 's/read' }] }),
  role.parse({ key: 'unused', name: 'Ubrugt', entitlements: [{ key: 's/gone' }] }),
]

/** The same connection, counting the affiliations that are read. */
function countingPeople(tx: Tx): { tx: Tx; read: () => number } {
  let rows = 0
  const query: Tx['query'] = async (sql, params) => {
    const answer = await tx.query(sql, params)
    if (sql.includes('u.key as unit_key, u.kind as unit_kind')) rows += answer.length
    return answer as never
  }
  return { tx: { ...tx, query }, read: () => rows }
}

it('are those of all rules over everybody, of the rules and roles that are asked about', async () => {
  let some = 0
  await fc.assert(
    fc.asyncProperty(world, fc.infiniteStream(fc.boolean()), (rules, coins) =>
      database.db.snapshot(async tx => {
        const asked = rules.filter(() => coins.next().value).map(one => one.key)
        const all = await findingsOf(tx, { rules, roles }, town.when.today)
        const expected = [
          ...asked.flatMap(key => about(all, 'rule', key)),
          ...roles.flatMap(one => about(all, 'role', one.key)),
        ]
        some += expected.length
        expect(
          await findingsAbout(tx, { rules, roles }, town.when.today, {
            rules: asked,
            roles: roles.map(one => one.key),
          }),
        ).toEqual(expected)
      }),
    ),
    { numRuns: 150 },
  )
  expect(some).toBeGreaterThan(300)
}, 120_000)

it('read those whom the rule catches, and not everybody', async () => {
  const rule = (key: string, who: object): RightsRule =>
    rightsRule.parse({
      ...{ key, name: key, conditions: who, entitlements: ['s/read'], roles: [], order: 1 },
      ...{ validFrom: '2020-01-01', state: 'active', owner: 'HR' },
    })
  const rules = [rule('one', { unitKey: 'a1' }), rule('other', { unitKey: 'b1' }), rule('kitchen', { position: 'kok' })]
  await database.db.snapshot(async tx => {
    const [few, all] = [countingPeople(tx), countingPeople(tx)]
    await findingsAbout(few.tx, { rules, roles }, town.when.today, { rules: ['one'], roles: [] })
    await findingsOf(all.tx, { rules, roles }, town.when.today)
    expect(few.read()).toBe(PEOPLE_EACH)
    expect(all.read()).toBe(UNITS.length * PEOPLE_EACH)
    const book = countingPeople(tx)
    await findingsAbout(book.tx, { rules, roles }, town.when.today, { rules: [], roles: ['unused'] })
    expect(book.read()).toBe(0)
  })
})
