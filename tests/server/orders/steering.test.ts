import { beforeEach, describe, expect, test } from 'vitest'
import { keepAccountType, previewTypeOf } from '../../../server/orders/delivery-service.ts'
import { changeRungOf, previewRungOf, REMOVALS_FLOOR } from '../../../server/orders/rung-service.ts'
import { confirm, reopen, settle } from '../../../server/orders/task-service.ts'
import { tasksView } from '../../../server/orders/task-views.ts'
import { newId } from '../../../server/platform/ids.ts'
import type { Actor } from '../../../server/policy/actor.ts'
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
const PEOPLE = Array.from({ length: REMOVALS_FLOOR + 2 }, (_, n) => `p${n}`)
let town: ReturnType<typeof municipality>
const systems: Record<string, string> = {}
const actor = (roles: Actor['roles'], owns: string[] = []): Actor => ({
  ...{
    userId: newId(),
    personId: null,
    displayName: 'x',
    kind: 'person',
    roles,
    units: [],
    actingFor: [],
    schools: [],
  },
  ...{ reportsFor: [], systems: owns, via: 'local', secondFactor: true, until: null },
})

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    ...PEOPLE.flatMap(key => [person(key), job(`j-${key}`, key, { unit: '100', title: 'Kok', position: 'kok' })]),
  ])
  await town.feed('kitos', [
    system('a', { name: 'a', reading: 'groups' }),
    system('b', { name: 'b', reading: 'none' }),
    entitlement('a/x', { system: 'a', name: 'X', kind: 'role' }),
    entitlement('a/old', { system: 'a', name: 'Gammel', kind: 'role' }),
    entitlement('b/x', { system: 'b', name: 'X', kind: 'role' }),
  ])
  await town.rules(`
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: [a/x, b/x], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
mappings:
  - { source: ad, match: { cn: g-x }, entitlement: a/x }
  - { source: ad, match: { cn: g-old }, entitlement: a/old }
`)
  const members = PEOPLE.map(key => `CN=${key},DC=test`)
  await town.feed('ad', [
    ...PEOPLE.map(key =>
      account(key, { username: key, employeeNo: `j-${key}`, dn: `CN=${key},DC=test`, enabled: true }),
    ),
    group('x', { name: 'g-x', members: members.slice(0, 4) }),
    group('old', { name: 'g-old', members }),
  ])
  for (const row of await database.db.snapshot(tx =>
    tx.query<{ id: string; key: string }>('select id, key from it_system'),
  ))
    systems[row.key] = row.id
})
const counts = (made: { action: string }[]) =>
  Object.fromEntries([...Map.groupBy(made, one => one.action)].map(([action, all]) => [action, all.length]))
const orders = () => database.db.snapshot(tx => tx.query(`select action, state from provisioning_order order by 1, 2`))

describe('a rung', () => {
  test('is seen before it is chosen: what it shows is what it does, and looking changes nothing', async () => {
    const preview = await database.db.transaction(tx => previewRungOf(tx, systems.a!, 'apply', town.when))
    expect(counts(preview.made)).toEqual({ grant: PEOPLE.length - 4 })
    expect(await orders()).toEqual([])
    const done = await database.db.transaction(tx =>
      changeRungOf(tx, systems.a!, { rung: 'apply', reason: 'Nu', hash: preview.hash, by: newId() }, town.when),
    )
    expect(done.state).toBe('changed')
    expect(await orders()).toHaveLength(preview.made.length)
  })

  test('that takes much waits for another person who asks for the very same', async () => {
    const preview = await database.db.transaction(tx => previewRungOf(tx, systems.a!, 'full', town.when))
    expect(preview.removals).toBe(PEOPLE.length)
    const ask = (by: string, hash = preview.hash) =>
      database.db.transaction(tx =>
        changeRungOf(tx, systems.a!, { rung: 'full', reason: 'Ryd op', hash, by }, town.when),
      )
    const first = newId()
    await expect(ask(first, 'another')).rejects.toMatchObject({ problem: 'plan-stale' })
    expect((await ask(first)).state).toBe('waiting')
    await expect(ask(first)).rejects.toMatchObject({ problem: 'second-person-needed' })
    expect(await orders()).toEqual([])
    expect((await ask(newId())).state).toBe('changed')
    expect((await orders()).filter(one => one.action === 'revoke')).toHaveLength(PEOPLE.length)
  })

  test('of a system that nobody can read takes what should be for what is, and lowered again asks for nothing', async () => {
    const go = async (rung: 'apply' | 'observe') => {
      const { hash } = await database.db.transaction(tx => previewRungOf(tx, systems.b!, rung, town.when))
      return database.db.transaction(tx =>
        changeRungOf(tx, systems.b!, { rung, reason: 'Nu', hash, by: newId() }, town.when),
      )
    }
    await go('apply')
    expect(await orders()).toEqual(PEOPLE.map(() => ({ action: 'grant', state: 'assumed' })))
    // So it is known what a leaver has there.
    await town.feed('hr', [job('j-p0', 'p0', { unit: '100', title: 'Kok', position: 'kok', endsOn: '2026-06-01' })])
    expect((await orders()).filter(one => one.action === 'revoke')).toEqual([{ action: 'revoke', state: 'task' }])
    await go('observe')
    expect((await orders()).filter(one => one.state === 'task')).toEqual([])
  })
})

describe('a kind of accounts', () => {
  const values = (who: 'nobody' | 'everyone') => ({
    ...{ key: 'konto', name: 'Konto', per: 'person' as const, source: 'ad', leadDays: 5, dependsOn: null },
    ...{ disableAfter: 0, deleteAfter: null, keeps: [], userName: null, rules: [{ unitId: null, who, positions: [] }] },
  })
  test('is seen before it is saved: what it shows is what it orders, and looking changes nothing', async () => {
    await database.db.transaction(tx => tx.query(`update it_system set rung = 'full', rung_at = now() where key = 'b'`))
    const body = { id: null, version: null, values: values('nobody') }
    const preview = await database.db.transaction(tx => previewTypeOf(tx, systems.b!, body, town.when))
    expect(await database.db.snapshot(tx => tx.query('select 1 from account_type'))).toEqual([])
    expect(await orders()).toEqual([])
    // Everybody has one and nobody is to: so many at once that they would wait.
    expect(counts(preview.made)).toMatchObject({ disable: PEOPLE.length })
    expect(preview.held).toBe(PEOPLE.length)
    const again = await database.db.transaction(tx => previewTypeOf(tx, systems.b!, body, town.when))
    expect(again.hash).toBe(preview.hash)
    const other = { ...body, values: values('everyone') }
    expect((await database.db.transaction(tx => previewTypeOf(tx, systems.b!, other, town.when))).hash).not.toBe(
      preview.hash,
    )
    await database.db.transaction(tx => keepAccountType(tx, systems.b!, body, town.when))
    expect(await orders()).toHaveLength(preview.made.length)
  })
})

describe('a task', () => {
  const query = { state: 'open' as const, coming: false, offset: 0, limit: 50 }
  const list = (who: Actor, more = {}) =>
    database.db.snapshot(tx => tasksView(tx, who, { ...query, ...more }, town.clock.today()))
  beforeEach(async () => {
    const { hash } = await database.db.transaction(tx => previewRungOf(tx, systems.a!, 'add', town.when))
    await database.db.transaction(tx =>
      changeRungOf(tx, systems.a!, { rung: 'add', reason: 'Nu', hash, by: newId() }, town.when),
    )
  })

  test('is there for who owns the system and nobody else’s', async () => {
    expect((await list(actor(['systemowner'], [systems.a!]))).total).toBe(PEOPLE.length - 4)
    expect((await list(actor(['systemowner'], [systems.b!]))).total).toBe(0)
    expect((await list(actor(['employee']))).total).toBe(0)
  })

  test('many are said to be done at once, all or none; the next reading says what was', async () => {
    const owner = actor(['systemowner'], [systems.a!])
    const { rows } = await list(owner)
    const tasks = rows.map(({ id, version }) => ({ id, version }))
    const wrong = [...tasks.slice(1), { id: tasks[0]!.id, version: 99 }]
    const say = (of: typeof tasks) => database.db.transaction(tx => settle(tx, owner, { tasks: of }, town.when))
    await expect(say(wrong)).rejects.toMatchObject({ problem: 'conflict' })
    await expect(
      database.db.transaction(tx => settle(tx, actor(['systemowner'], [systems.b!]), { tasks }, town.when)),
    ).rejects.toMatchObject({ problem: 'not-found' })
    expect((await say(tasks)).second).toBe(0)
    expect((await list(owner)).total).toBe(0)
    await database.db.transaction(tx => tx.query(`update provisioning_order set done_at = now()`))
    await new Promise(resolve => setTimeout(resolve, 5))
    // All but one were really done.
    await town.feed('ad', [group('x', { name: 'g-x', members: PEOPLE.slice(0, -1).map(key => `CN=${key},DC=test`) })])
    expect((await list(owner, { state: 'verified' })).total).toBe(tasks.length - 1)
    expect((await list(owner)).rows).toMatchObject([{ reopened: true }])
  })

  test('taken back is open again, once', async () => {
    const owner = actor(['systemowner'], [systems.a!])
    const [row] = (await list(owner)).rows
    await database.db.transaction(tx => settle(tx, owner, { tasks: [row!] }, town.when))
    const again = (version: number) => database.db.transaction(tx => reopen(tx, owner, row!.id, version, town.when))
    await again(row!.version + 1)
    await expect(again(row!.version + 1)).rejects.toMatchObject({ problem: 'conflict' })
    expect((await list(owner)).total).toBe(PEOPLE.length - 4)
  })

  test('where nothing can be read, the first is looked at by somebody else than who did it', async () => {
    const { hash } = await database.db.transaction(tx => previewRungOf(tx, systems.b!, 'apply', town.when))
    await database.db.transaction(tx =>
      changeRungOf(tx, systems.b!, { rung: 'apply', reason: 'Nu', hash, by: newId() }, town.when),
    )
    await town.feed('hr', [job('j-p0', 'p0', { unit: '100', title: 'Kok', position: 'kok', endsOn: '2026-03-02' })])
    const one = actor(['systemowner'], [systems.b!])
    const other = actor(['it'])
    const [row] = (await list(one)).rows
    expect(row).toMatchObject({ direction: 'take', orders: [{ action: 'revoke' }] })
    expect((await database.db.transaction(tx => settle(tx, one, { tasks: [row!] }, town.when))).second).toBe(1)
    const [asked] = (await list(other, { state: 'second' })).rows
    const look = (who: Actor, as: 'done' | 'not-done') =>
      database.db.transaction(tx => confirm(tx, who, row!.id, { version: asked!.version, as }, town.when))
    await expect(look(one, 'done')).rejects.toMatchObject({ problem: 'second-person-needed' })
    await look(other, 'not-done')
    expect((await list(one)).total).toBe(1)
  })
})
