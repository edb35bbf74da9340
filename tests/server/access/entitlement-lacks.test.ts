import { beforeAll, expect, it } from 'vitest'
import { entitlementsView } from '../../../server/access/entitlements/entitlement-views.ts'
import { homeView } from '../../../server/overview/home-views.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../server/policy/actor.ts'
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
 * Worklists about rights. System `owned` has an owner and `loose` has none. Every kind has what is planted and what is
 * clean beside it: a right with an empty description and one that says something; one without owner, one of its own in
 * the same system, and one whose system has one; licences with one holder too many and with room for all, by each way of
 * counting; retired ones that nobody has to see to.
 */
const database = testDatabase()
let owner: Actor
const it_ = actor(['it'])
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)
const dn = (name: string) => `CN=${name},DC=test`

beforeAll(async () => {
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA' }),
    ...['chief', 'ann', 'bo'].flatMap(name => [
      person(name),
      job(`e-${name}`, name, { unit: '100', ...(name === 'chief' ? {} : { title: 'SSA' }) }),
    ]),
  ])
  const described = (key: string) => entitlement(key, { name: key, description: 'Kan læse og skrive i sager' })
  await town.feed('systems', [
    system('owned', { name: 'Ejet', owner: 'e-chief' }),
    system('loose', { name: 'Ingens' }),
    described('owned/clean'),
    entitlement('owned/blank', { name: 'blank', description: '  ' }),
    entitlement('owned/nothing', { name: 'nothing' }),
    described('loose/nobodys'),
    described('loose/adopted'),
    described('owned/people'),
    described('owned/accounts'),
    described('owned/given'),
    described('owned/retired'),
  ])
  await town.rules(`
rules:
  - { key: alle, name: Alle, owner: HR, state: active, order: 10, validFrom: '2020-01-01', conditions: { position: ssa }, entitlements: [owned/given] }
mappings:
  - { source: ad, match: { cn: g-people }, entitlement: owned/people }
  - { source: ad, match: { cn: g-accounts }, entitlement: owned/accounts }
`)
  // Ann has two accounts, so that people and accounts are two counts.
  const accounts = { ann: 'e-ann', 'ann-adm': 'e-ann', bo: 'e-bo' }
  await town.feed('ad', [
    ...Object.entries(accounts).map(([name, employeeNo]) =>
      account(name, { username: name, employeeNo, dn: dn(name) }),
    ),
    group('g-people', { name: 'g-people', dn: dn('g-people'), members: Object.keys(accounts).map(dn) }),
    group('g-accounts', { name: 'g-accounts', dn: dn('g-accounts'), members: Object.keys(accounts).map(dn) }),
  ])
  const [chief] = await database.db.source.query(`select person_id from affiliation where key = 'e-chief'`)
  const [owned] = await database.db.source.query(`select id from it_system where key = 'owned'`)
  owner = actor(['employee', 'systemowner'], { personId: chief.person_id, systems: [owned.id] })
  await database.db.source.query(`update entitlement set owner_person_id = $1 where key = 'loose/adopted'`, [
    chief.person_id,
  ])
  await database.db.source.query(
    `update entitlement set status = 'retired', description = null, licence_cap = 0 where key = 'owned/retired'`,
  )
})

const list = (who: Actor, lack: 'description' | 'owner' | 'over-cap', own?: boolean) =>
  read(async tx => {
    const query = { lack, retired: false, offset: 0, limit: 100, ...(own ? { own } : {}) }
    const answer = await entitlementsView(tx, who, query)
    expect(answer.lacks[lack]).toBe(answer.total)
    return answer.rows.map(row => row.key).sort()
  })
const home = async (who: Actor, code: string) => {
  const { sections } = await read(tx => homeView(tx, who, new Date('2026-03-02T09:00:00Z')))
  const todo = sections.flatMap(one => one.todos).find(one => one.code === code)
  return todo && { count: todo.count, params: todo.params }
}
const cap = (key: string, many: number, counts: string) =>
  database.db.source.query('update entitlement set licence_cap = $2, licence_counts = $3 where key = $1', [
    key,
    many,
    counts,
  ])

it('a right that nobody has described, and one that is', async () => {
  expect(await list(it_, 'description')).toEqual(['owned/blank', 'owned/nothing'])
  expect(await list(owner, 'description', true)).toEqual(['owned/blank', 'owned/nothing'])
  expect(await home(owner, 'rights-no-description')).toEqual({ count: 2, params: { own: true, lack: 'description' } })
  await database.db.source.query(
    `update entitlement set description = 'Kan se' where key in ('owned/blank', 'owned/nothing')`,
  )
  expect(await list(it_, 'description')).toEqual([])
  expect(await home(owner, 'rights-no-description')).toBeUndefined()
})

it('a right without owner, and one that has its own or its system’s', async () => {
  expect(await list(it_, 'owner')).toEqual(['loose/nobodys'])
  expect(await list(owner, 'owner', true)).toEqual([])
  expect(await home(it_, 'rights-no-owner')).toEqual({ count: 1, params: { lack: 'owner' } })
  expect(await home(owner, 'rights-no-owner')).toBeUndefined()
})

it('more holders than licences, and exactly as many, by each way of counting', async () => {
  expect(await list(it_, 'over-cap')).toEqual([])
  for (const [key, counts, holders] of [
    ['owned/people', 'people-held', 2],
    ['owned/accounts', 'accounts-held', 3],
    ['owned/given', 'people-expected', 2],
  ] as const) {
    await cap(key, holders, counts)
    expect(await list(it_, 'over-cap'), `${key} full`).toEqual([])
    await cap(key, holders - 1, counts)
    expect(await list(it_, 'over-cap'), `${key} over`).toEqual([key])
    expect(await home(it_, 'licences-over-cap')).toEqual({ count: 1, params: { lack: 'over-cap' } })
    expect(await home(owner, 'licences-over-cap')).toEqual({ count: 1, params: { own: true, lack: 'over-cap' } })
    await cap(key, holders, counts)
  }
  expect(await home(it_, 'licences-over-cap')).toBeUndefined()
})
