import { beforeEach, describe, expect, test } from 'vitest'
import { catchUp, recompute, resuspend } from '../../../server/access/access-store.ts'
import { catchUpOrders, ordersOf, planOrdersOf } from '../../../server/orders/order-service.ts'
import type { NormalAttrs } from '../../../server/platform/feed-record.ts'
import { AFTER_DECIDED } from '../../../server/wiring.ts'
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
const NOW = '2026-03-02T09:00:00Z'
const RULES = `
rules:
  - key: cooks
    name: Kokke
    conditions: { position: kok }
    entitlements: [a/read, b/x]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 10
mappings:
  - { source: ad, match: { cn: g-read }, entitlement: a/read }
`
let town: ReturnType<typeof municipality>

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db, NOW)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    ...['p1', 'p2', 'p3'].map(key => person(key)),
    ...['p1', 'p2'].map(key => cook(key, {})),
  ])
  await town.feed('kitos', [
    ...['a', 'b'].map(key => system(key, { name: key, reading: key === 'a' ? 'groups' : 'none' })),
    entitlement('a/read', { system: 'a', name: 'Læse', kind: 'role' }),
    entitlement('b/x', { system: 'b', name: 'X', kind: 'role' }),
  ])
  await town.rules(RULES)
  await town.feed('ad', [
    ad('p1', []),
    ad('p2', []),
    group('read', { name: 'g-read', dn: 'CN=g-read,DC=test', members: [] }),
  ])
})

const cook = (key: string, attrs: NormalAttrs) =>
  job(`j-${key}`, key, { unit: '100', title: 'Kok', position: 'kok', ...attrs })
const ad = (key: string, memberOf: string[], attrs: NormalAttrs = {}) =>
  account(key, { username: key, employeeNo: `j-${key}`, dn: `CN=${key},DC=test`, memberOf, enabled: true, ...attrs })
const raise = (rung: string, key = 'a') =>
  database.db.transaction(async tx => {
    await tx.query(`update it_system set rung = $2, rung_at = $3 where key = $1`, [key, rung, town.when.now])
    return planOrdersOf(tx, 'all', town.when)
  })
/** Open orders, in words. */
const open = async () =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ said: string }>(
        `select o.action || ' ' || coalesce(e.key, t.key) || ' ' || pc.given_name || ' ' || o.due_on || ' ' || o.state as said
         from provisioning_order o left join entitlement e on e.id = o.entitlement_id
         left join account_type t on t.id = o.account_type_id join person_current pc on pc.person_id = o.person_id
         where o.state in ('planned', 'task', 'sending', 'retry', 'parked') order by 1`,
      ),
    )
  ).map(row => row.said)
const settle = (state: string, where = 'true') =>
  database.db.transaction(tx =>
    tx.query(
      `update provisioning_order set state = $1, done_at = now() where state in ('planned', 'task') and ${where}`,
      [state],
    ),
  )

describe('orders of rights', () => {
  test('nothing while everything is only observed; raised, what is missing is asked for once', async () => {
    expect(await open()).toEqual([])
    expect(await raise('add')).toMatchObject({ made: 2 })
    expect(await open()).toEqual(['grant a/read p1 2026-03-02 task', 'grant a/read p2 2026-03-02 task'])
    const again = await database.db.transaction(tx => planOrdersOf(tx, 'all', town.when))
    expect(again).toEqual({ made: 0, changed: 0, cancelled: 0 })
    const tasks = await database.db.snapshot(tx => tx.query(`select direction, state, due_on from task`))
    expect(tasks).toEqual([0, 1].map(() => ({ direction: 'give', state: 'open', due_on: '2026-03-02' })))
  })

  test('seen to be held is verified and asked for no more; contradicted is asked for again', async () => {
    await raise('apply')
    await settle('done')
    await new Promise(resolve => setTimeout(resolve, 5))
    await town.feed('ad', [group('read', { name: 'g-read', dn: 'CN=g-read,DC=test', members: ['CN=p1,DC=test'] })])
    const states = await database.db.snapshot(tx =>
      tx.query(
        `select pc.given_name as who, o.state, o.said from provisioning_order o join person_current pc on pc.person_id = o.person_id order by 1`,
      ),
    )
    expect(states).toEqual([
      { who: 'p1', state: 'verified', said: null },
      { who: 'p2', state: 'task', said: 'not-seen' },
    ])
  })

  test('an end is planned ahead, moved with the end, and taken back with it', async () => {
    await town.feed('ad', [
      group('read', { name: 'g-read', dn: 'CN=g-read,DC=test', members: ['CN=p1,DC=test', 'CN=p2,DC=test'] }),
    ])
    // The clock of the test stands: what was decided at this very instant was never held.
    await database.db.transaction(tx => tx.query(`update assignment set reason_since = '2026-01-01'`))
    await raise('apply')
    expect(await open()).toEqual([])
    await town.feed('hr', [cook('p1', { endsOn: '2026-04-01' })])
    expect(await open()).toEqual(['revoke a/read p1 2026-04-01 task'])
    await town.feed('hr', [cook('p1', { endsOn: '2026-05-01' })])
    expect(await open()).toEqual(['revoke a/read p1 2026-05-01 task'])
    await town.feed('hr', [cook('p1', { endsOn: null })])
    expect(await open()).toEqual([])
    const cancelled = await database.db.snapshot(tx => tx.query(`select state from task`))
    expect(cancelled.every(task => task.state === 'cancelled')).toBe(true)
    await town.feed('hr', [cook('p1', { endsOn: '2026-03-02' })])
    expect(await open()).toEqual(['revoke a/read p1 2026-03-02 task'])
  })

  test('rights that somebody had before the rung was raised and that nothing gives stay, until everything without a reason is taken', async () => {
    await town.feed('hr', [job('j-p3', 'p3', { unit: '100', title: 'Andet' })])
    await town.feed('ad', [
      ad('p3', []),
      group('read', {
        name: 'g-read',
        dn: 'CN=g-read,DC=test',
        members: ['CN=p1,DC=test', 'CN=p2,DC=test', 'CN=p3,DC=test'],
      }),
    ])
    await raise('apply')
    expect(await open()).toEqual([])
    await raise('full')
    expect(await open()).toEqual(['revoke a/read p3 2026-03-02 task'])
    await raise('add')
    expect(await open()).toEqual([])
  })

  test('somebody who starts later is ordered for ahead; who is locked loses at once', async () => {
    await raise('apply')
    await town.feed('hr', [cook('p3', { startsOn: '2026-03-20' })])
    expect(await open()).toContain('grant a/read p3 2026-03-20 task')
    const rows = await database.db.transaction(async tx => {
      const [p3] = await tx.query<{ id: string }>(`select person_id as id from person_current where given_name = 'p3'`)
      return ordersOf(tx, { personIds: [p3!.id] })
    })
    expect(rows).toMatchObject([
      { action: 'grant', dueOn: '2026-03-20', cause: 'upcoming', right: { key: 'a/read' }, state: 'task' },
    ])
  })
})

describe('orders of accounts', () => {
  beforeEach(async () => {
    await database.db.transaction(async tx => {
      await tx.query(
        `insert into account_type (system_id, key, name, per, source, lead_days, disable_after, delete_after, rules, user_name)
         select id, 'ad', 'AD-konto', 'person', 'ad', 5, 0, 30, $1, $2 from it_system where key = 'a'`,
        [
          JSON.stringify([{ unitId: null, who: 'everyone', positions: [] }]),
          JSON.stringify({ parts: [{ part: 'name', form: 'short' }], maxLength: 20, reserved: [], restYears: 10 }),
        ],
      )
    })
  })
  test('is made with a name of its own before the first day, opened on it, closed and deleted after the last', async () => {
    await raise('apply')
    await town.feed('hr', [cook('p3', { startsOn: '2026-03-20', endsOn: '2026-09-01' })])
    const p3 = async () => (await open()).filter(line => line.includes(' p3 '))
    expect(await p3()).toEqual([
      'create ad p3 2026-03-15 task',
      'delete ad p3 2026-10-01 task',
      'disable ad p3 2026-09-01 task',
      'enable ad p3 2026-03-20 task',
      'grant a/read p3 2026-03-20 task',
      'revoke a/read p3 2026-09-01 task',
    ])
    const [create] = await database.db.snapshot(tx =>
      tx.query(`select content from provisioning_order where action = 'create'`),
    )
    expect(create).toEqual({ content: { username: 'p3pr' } })
    // Withdrawn before anything was done: as if it had never been asked for.
    await town.feed('hr', [], ['affiliation/j-p3', 'person/p3'])
    await database.db.transaction(tx => catchUp(tx, { ...town.when, cause: 'test', after: AFTER_DECIDED }))
  })
})

describe('who is locked', () => {
  test('loses what is held at once, and gets it back when the lock is released', async () => {
    const members = ['CN=p1,DC=test', 'CN=p2,DC=test']
    await town.feed('ad', [group('read', { name: 'g-read', dn: 'CN=g-read,DC=test', members })])
    await raise('apply')
    const lock = async (on: boolean) =>
      database.db.transaction(async tx => {
        const [p1] = await tx.query<{ id: string }>(
          `select person_id as id from person_current where given_name = 'p1'`,
        )
        await tx.query(
          on
            ? `insert into person_lock (id, person_id, reason, locked_at, locked_by) values (gen_random_uuid(), $1, 'x', now(), 'x')`
            : `update person_lock set released_at = now(), released_by = 'y' where person_id = $1`,
          [p1!.id],
        )
        await resuspend(tx, [p1!.id], { ...town.when, cause: 'lock', after: AFTER_DECIDED })
      })
    await lock(true)
    expect(await open()).toEqual(['revoke a/read p1 2026-03-02 task'])
    const [urgent] = await database.db.snapshot(tx =>
      tx.query(`select urgent, cause from provisioning_order where state = 'task'`),
    )
    expect(urgent).toEqual({ urgent: true, cause: 'lock' })
    await lock(false)
    expect(await open()).toEqual([])
  })

  test('whoever decides rights and says nothing of it is caught up with, once', async () => {
    await raise('add')
    await settle('done')
    await database.db.transaction(tx => catchUpOrders(tx, town.when))
    await database.db.transaction(tx => tx.query(`delete from provisioning_order`))
    // As a change of rules does it.
    await database.db.transaction(tx => recompute(tx, 'all', { ...town.when, now: new Date(), cause: 'rules' }))
    expect(await database.db.transaction(tx => catchUpOrders(tx, town.when))).toMatchObject({ made: 2 })
    expect(await database.db.transaction(tx => catchUpOrders(tx, town.when))).toBeNull()
  })
})
