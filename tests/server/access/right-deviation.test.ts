import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RightDeviation1763800000001 } from '../../../migrations/1763800000001-right-deviation.ts'
import { comparisonSql, refreshPersonRights } from '../../../server/access/person-rights-store.ts'
import type { Db } from '../../../server/platform/unit-of-work.ts'
import { testDatabase } from '../../support/database.ts'
import {
  account,
  entitlement,
  group,
  job,
  municipality,
  person,
  position,
  system,
  unit,
} from '../../support/municipality.ts'

const database = testDatabase()
type Town = ReturnType<typeof municipality>
type State = { rows: unknown[]; counts: unknown[] }

/** Worked out from nothing, by the comparison that the pages show; beside it what is stored. */
async function fromScratch(db: Db): Promise<State> {
  return db.snapshot(async tx => ({
    rows: await tx.query(
      `with ${comparisonSql('true')} select person_id, entitlement_id, state from compared
       where state in ('missing', 'unexplained') order by 1, 2`,
    ),
    counts: await tx.query(
      `with ${comparisonSql('true')} select c.person_id, count(*) filter (where expected) as expected,
         count(*) filter (where observed) as observed, count(*) filter (where state = 'missing') as missing,
         count(*) filter (where state = 'unexplained') as unexplained,
         count(distinct e.system_id) filter (where e.sensitivity in ('special', 'criminal', 'confidential')) as protected_data
       from compared c join entitlement e on e.id = c.entitlement_id group by 1 order by 1`,
    ),
  }))
}
const stored = (db: Db): Promise<State> =>
  db.snapshot(async tx => ({
    rows: await tx.query('select person_id, entitlement_id, state from right_deviation order by 1, 2'),
    counts: await tx.query(
      'select person_id, expected, observed, missing, unexplained, protected_data from person_rights order by 1',
    ),
  }))

const people = [0, 1, 2, 3]
const rights = ['a/read', 'a/write', 'b/x']
const dn = (name: string) => `CN=${name},DC=test`
const rules = (grants: string, mapped: string[]) => `
rules:
  - key: cooks
    name: Kokke
    conditions: { position: kok }
    entitlements: [${grants}]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 10
mappings:
${mapped.map(key => `  - { source: ad, match: { cn: g-${key} }, entitlement: ${key} }`).join('\n')}
`

type Step =
  | { do: 'job'; n: number; of: number; title: string }
  | { do: 'account'; n: number; of: number; there: boolean }
  | { do: 'members'; right: string; of: number[] }
  | { do: 'right'; right: string; sensitivity: string }
  | { do: 'rules'; grants: string; mapped: string[] }
const one = fc.integer({ min: 0, max: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('job' as const), n: one, of: one, title: fc.constantFrom('Kok', 'Ukendt') }),
  fc.record({ do: fc.constant('account' as const), n: one, of: one, there: fc.boolean() }),
  fc.record({ do: fc.constant('members' as const), right: fc.constantFrom(...rights), of: fc.subarray(people) }),
  fc.record({
    do: fc.constant('right' as const),
    right: fc.constantFrom(...rights),
    sensitivity: fc.constantFrom('none', 'special'),
  }),
  fc.record({
    do: fc.constant('rules' as const),
    grants: fc.constantFrom('a/read', 'a/write', "'a/*'", "'b/*'"),
    mapped: fc.subarray(rights, { minLength: 1 }),
  }),
)

async function take(town: Town, step: Step): Promise<void> {
  if (step.do === 'job') await town.feed('hr', [job(`e${step.n}`, `p${step.of}`, { unit: '100', title: step.title })])
  else if (step.do === 'account') {
    const record = account(`k${step.n}`, { username: `k${step.n}`, dn: dn(`k${step.n}`), employeeNo: `e${step.of}` })
    await town.feed('ad', step.there ? [record] : [], step.there ? [] : [`account/k${step.n}`])
  } else if (step.do === 'members')
    await town.feed('ad', [
      group(`g-${step.right}`, {
        name: `g-${step.right}`,
        dn: dn(`g-${step.right}`),
        members: step.of.map(n => dn(`k${n}`)),
      }),
    ])
  else if (step.do === 'right')
    await town.feed('systems', [entitlement(step.right, { name: step.right, sensitivity: step.sensitivity })])
  else await town.rules(rules(step.grants, step.mapped))
}

async function start(): Promise<Town> {
  await database.reset()
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: 'Kok' }),
    ...people.flatMap(n => [person(`p${n}`), job(`e${n}`, `p${n}`, { unit: '100', title: n < 3 ? 'Kok' : 'Ukendt' })]),
  ])
  await town.feed('systems', [
    system('a', { name: 'A' }),
    system('b', { name: 'B' }),
    ...rights.map(key => entitlement(key, { name: key })),
  ])
  await town.rules(rules("'a/*'", rights))
  await town.feed('ad', [
    ...people.map(n => account(`k${n}`, { username: `k${n}`, dn: dn(`k${n}`), employeeNo: `e${n}` })),
    ...rights.map((key, place) =>
      group(`g-${key}`, { name: `g-${key}`, dn: dn(`g-${key}`), members: [dn(`k${place}`), dn('k3')] }),
    ),
  ])
  return town
}

it('what is stored of deviations is the comparison from nothing, after any change of people, accounts, groups, rights or rules', async () => {
  let seen = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async steps => {
      const town = await start()
      expect(await stored(database.db)).toEqual(await fromScratch(database.db))
      for (const each of steps) {
        await take(town, each)
        const is = await stored(database.db)
        seen += is.rows.length
        expect(is).toEqual(await fromScratch(database.db))
      }
    }),
    { numRuns: 8 },
  )
  expect(seen).toBeGreaterThan(20)
}, 180_000)

it('a deviation that is not the comparison is put right when its person is counted again, and nobody else is touched', async () => {
  await start()
  const right = await fromScratch(database.db)
  const [wrong, other] = right.rows as { person_id: string }[]
  await database.db.transaction(tx => tx.query('delete from right_deviation'))
  expect(await stored(database.db)).not.toEqual(right)
  await database.db.transaction(tx => refreshPersonRights(tx, [wrong!.person_id]))
  const now = (await stored(database.db)).rows as { person_id: string }[]
  expect(new Set(now.map(row => row.person_id))).toEqual(new Set([wrong!.person_id]))
  expect(other).toBeDefined()
  await database.db.transaction(tx => refreshPersonRights(tx, 'all'))
  expect(await stored(database.db)).toEqual(right)
})

it('an installation in use is filled by the migration itself, and who had which affiliation is known', async () => {
  await start()
  const before = await stored(database.db)
  const owners = () => database.db.source.query('select affiliation_id, person_id from affiliation_decided order by 1')
  const had = await owners()
  const runner = database.db.source.createQueryRunner()
  try {
    const migration = new RightDeviation1763800000001()
    await migration.down(runner)
    await migration.up(runner)
  } finally {
    await runner.release()
  }
  expect(await stored(database.db)).toEqual(before)
  expect(await owners()).toEqual(had)
  expect(before.rows.length).toBeGreaterThan(0)
})
