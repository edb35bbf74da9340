import { beforeEach, expect, it } from 'vitest'
import { changeEntitlementValues } from '../../../server/access/entitlements/entitlement-service.ts'
import { comparisonSql } from '../../../server/access/person-rights-store.ts'
import { readRightRows } from '../../../server/access/person-rights-views.ts'
import { systemHoldersView } from '../../../server/overview/system-page-views.ts'
import { systemsView } from '../../../server/overview/systems-views.ts'
import { stampOf } from '../../../server/systems/entitlements/entitlement-store.ts'
import { actor } from '../../support/actors.ts'
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

/*
 * Cooks should read and write in `a`; what they are given in the directory is the bundle, which includes both by a step
 * in between. Cook 0 has the bundle, cook 1 reads only, cook 2 has nothing, and the clerk has the bundle and should not.
 */
const database = testDatabase()
const it_ = actor(['it'], { userId: '00000000-0000-4000-8000-0000000000a1' })
const keys = ['a/read', 'a/write', 'a/half', 'a/bundle', 'b/other']
const dn = (name: string) => `CN=${name},DC=test`
let town: ReturnType<typeof municipality>
const ask = <T>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<T & object>(sql, params))
const idOf = async (key: string) =>
  (await ask<{ id: string }>('select id from entitlement where key = $1', [key]))[0]!.id

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    position('kok', { name: 'Kok', category: 'care', titles: ['Kok'] }),
    ...[0, 1, 2].flatMap(n => [person(`p${n}`), job(`e${n}`, `p${n}`, { unit: '100', title: 'Kok' })]),
    person('p3'),
    job('e3', 'p3', { unit: '100', title: 'Kontor' }),
  ])
  await town.feed('systems', [
    system('a', { name: 'A' }),
    system('b', { name: 'B' }),
    ...keys.map(key => entitlement(key, { name: key, description: `Kan bruge ${key} fuldt ud` })),
  ])
  await town.rules(`
rules:
  - key: cooks
    name: Kokke
    conditions: { position: kok }
    entitlements: [a/read, a/write]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 10
mappings:
${keys.map(key => `  - { source: ad, match: { cn: g-${key.replace('/', '-')} }, entitlement: ${key} }`).join('\n')}
`)
  const members: Record<string, number[]> = { 'a/bundle': [0, 3], 'a/read': [1] }
  await town.feed('ad', [
    ...[0, 1, 2, 3].map(n => account(`k${n}`, { username: `k${n}`, dn: dn(`k${n}`), employeeNo: `e${n}` })),
    ...keys.map(key =>
      group(key, {
        name: `g-${key.replace('/', '-')}`,
        dn: dn(key),
        members: (members[key] ?? []).map(n => dn(`k${n}`)),
      }),
    ),
  ])
})

const include = async (key: string, parts: string[]) => {
  const id = await idOf(key)
  const includes = await Promise.all(parts.map(idOf))
  await database.db.transaction(async tx =>
    changeEntitlementValues(
      tx,
      id,
      { stamp: (await stampOf(tx, id))!, reason: 'består af', values: { includes } },
      { actor: it_, now: town.when.now, today: town.when.today },
    ),
  )
}
type Line = { who: string; key: string; state: string; observed: boolean }
const LINES = `select ac.employee_no as who, e.key, c.state, c.observed from compared c join entitlement e on e.id = c.entitlement_id
  join affiliation_current ac on ac.person_id = c.person_id order by 1, 2`
const compared = async () =>
  (await ask<Line>(`with ${comparisonSql('true')} ${LINES}`)).map(({ who, key, state }) => `${who} ${key} ${state}`)
const deviating = async () =>
  (
    await ask<Line>(
      `select ac.employee_no as who, e.key, d.state from right_deviation d join entitlement e on e.id = d.entitlement_id
       join affiliation_current ac on ac.person_id = d.person_id order by 1, 2`,
    )
  ).map(({ who, key, state }) => `${who} ${key} ${state}`)

const CLEAN = [
  'e0 a/bundle unexplained',
  'e0 a/read missing',
  'e0 a/write missing',
  'e1 a/read matching',
  'e1 a/write missing',
  'e2 a/read missing',
  'e2 a/write missing',
  'e3 a/bundle unexplained',
]
const HELD = CLEAN.map(line =>
  line.replace('e0 a/read missing', 'e0 a/read matching').replace('e0 a/write missing', 'e0 a/write matching'),
)
const differing = (lines: string[]) => lines.filter(line => !line.endsWith('matching'))

it('nothing is held through another right as long as none includes any', async () => {
  expect(await compared()).toEqual(CLEAN)
  expect(await deviating()).toEqual(differing(CLEAN))
})

it('who holds a right holds what it includes, by however many steps, and nothing that nothing gives', async () => {
  await include('a/half', ['a/write', 'b/other'])
  await include('a/bundle', ['a/read', 'a/half'])
  // b/other and a/half are in the bundle too, and nobody should hold them: nothing is said of them.
  expect(await compared()).toEqual(HELD)
  // What is stored follows with the change itself, whichever of the steps it was.
  expect(await deviating()).toEqual(differing(HELD))
  await include('a/half', ['b/other'])
  expect(await deviating()).toEqual(
    differing(HELD.map(line => line.replace('e0 a/write matching', 'e0 a/write missing'))),
  )
  await include('a/bundle', [])
  expect(await deviating()).toEqual(differing(CLEAN))
})

it('is no wider for one right, one person or one system than for all', async () => {
  await include('a/half', ['a/write'])
  await include('a/bundle', ['a/read', 'a/half'])
  const [p0] = await ask<{ id: string }>(`select person_id as id from affiliation_current where employee_no = 'e0'`)
  const write = await idOf('a/write')
  const one = await ask<Line>(`with ${comparisonSql('PERSON = $1', 'RIGHT = $2')} ${LINES}`, [p0!.id, write])
  expect(one.map(({ key, state, observed }) => [key, state, observed])).toEqual([['a/write', 'matching', true]])
  // The list of systems counts what the list of holders has.
  const page = { offset: 0, limit: 200 }
  const [a] = await ask<{ id: string }>(`select id from it_system where key = 'a'`)
  await database.db.snapshot(async tx => {
    const list = await systemsView(tx, it_, { sort: 'name', descending: false, ...page }, '2026-03-02')
    const rows = (await systemHoldersView(tx, it_, { systemId: a!.id }, page))!.rows
    const seen = new Set(rows.filter(row => ['matching', 'unexplained'].includes(row.state)).map(row => row.person?.id))
    expect(list.rows.find(row => row.key === 'a')?.observed).toBe(seen.size)
    expect(list.rows.find(row => row.key === 'b')?.observed).toBe(0)
  })
})

it('says on the person’s page through what a right is held, and of what is held itself that it is', async () => {
  await include('a/half', ['a/write', 'b/other'])
  await include('a/bundle', ['a/half'])
  const of = async (number: string) => {
    const [person] = await ask<{ id: string }>(
      'select person_id as id from affiliation_current where employee_no = $1',
      [number],
    )
    const rows = await database.db.snapshot(tx => readRightRows(tx, person!.id, town.when.today))
    return rows.map(row => [
      row.key,
      row.state,
      (row.paths ?? []).map(path => [path.groups, path.through?.name ?? null]),
    ])
  }
  expect(await of('e0')).toEqual([
    ['a/bundle', 'unexplained', [[['g-a-bundle'], null]]],
    ['a/read', 'missing', []],
    ['a/write', 'matching', [[['g-a-bundle'], 'a/bundle']]],
  ])
  expect(await of('e1')).toEqual([
    ['a/read', 'matching', [[['g-a-read'], null]]],
    ['a/write', 'missing', []],
  ])
})

it('a circle, which the screen refuses, ends and gives nothing that is not in it', async () => {
  await expect(include('a/bundle', ['a/bundle'])).rejects.toMatchObject({ problem: 'entitlement-invalid' })
  const ids = Object.fromEntries(await Promise.all(keys.map(async key => [key, await idOf(key)] as const)))
  await database.db.transaction(async tx => {
    for (const [from, to] of [
      ['a/bundle', 'a/half'],
      ['a/half', 'a/read'],
      ['a/read', 'a/bundle'],
    ] as const)
      await tx.query('insert into entitlement_include (entitlement_id, includes_id) values ($1, $2)', [
        ids[from],
        ids[to],
      ])
  })
  const parts = await ask<{ n: number }>('select count(*)::int as n from entitlement_part')
  expect(parts[0]!.n).toBe(6)
  expect(await compared()).toEqual(CLEAN.map(line => line.replace('e0 a/read missing', 'e0 a/read matching')))
})
