import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Dispatch, sendOrders } from '../../../server/orders/dispatch-service.ts'
import { planOrdersOf } from '../../../server/orders/order-service.ts'
import { civilDate } from '../../../server/platform/clock.ts'
import { createLog } from '../../../server/platform/log.ts'
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
import { membersConnector, membersTarget } from './members-target.ts'

const database = testDatabase()
const PEOPLE = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8']
let targets: Awaited<ReturnType<typeof membersTarget>>[]
let minutes: number

beforeEach(async () => {
  await database.reset()
  minutes = 0
  targets = [await membersTarget(), await membersTarget()]
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    ...PEOPLE.flatMap(key => [person(key), job(`j-${key}`, key, { unit: '100', title: 'Kok', position: 'kok' })]),
  ])
  await town.feed('kitos', [
    ...['a', 'b'].flatMap(key => [
      system(key, { name: key, reading: 'groups' }),
      entitlement(`${key}/x`, { system: key, name: key, kind: 'role' }),
    ]),
  ])
  await town.rules(`
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: [a/x, b/x], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
mappings:
  - { source: ad, match: { cn: g-a }, entitlement: a/x }
  - { source: ad, match: { cn: g-b }, entitlement: b/x }
`)
  await town.feed('ad', [
    ...PEOPLE.map(key =>
      account(key, { username: key, employeeNo: `j-${key}`, dn: `CN=${key},DC=test`, enabled: true }),
    ),
    ...['a', 'b'].map(key => group(key, { name: `g-${key}`, members: [] })),
  ])
  await database.db.transaction(async tx => {
    for (const [place, key] of ['a', 'b'].entries())
      await tx.query(
        `insert into system_connector (system_id, kind, settings, actions, enabled)
         select id, 'members', $2, '{grant,revoke}', true from it_system where key = $1`,
        [key, JSON.stringify({ url: targets[place]!.url })],
      )
    await tx.query(`update it_system set rung = 'apply', rung_at = now() where key in ('a', 'b')`)
    await planOrdersOf(tx, 'all', town.when)
  })
})
afterEach(async () => {
  for (const target of targets) await target.close()
})

const now = () => new Date(Date.now() + minutes * 60_000)
const deps = (more: Partial<Dispatch> = {}): Dispatch => ({
  db: database.db,
  clock: { now, today: () => civilDate(now()) },
  log: createLog('silent'),
  connectors: [membersConnector],
  secretOf: () => '',
  ...more,
})
const states = (key = 'a') =>
  database.db.snapshot(async tx =>
    Object.fromEntries(
      (
        await tx.query<{ state: string; n: number }>(
          `select state, count(*)::int as n from provisioning_order o join it_system s on s.id = o.system_id where s.key = $1 group by 1`,
          [key],
        )
      ).map(row => [row.state, row.n]),
    ),
  )
const everybody = PEOPLE.map(key => `PUT g-a/${key}`)

describe('sending', () => {
  test('each order has its effect once, and is noted with what was written and read back', async () => {
    expect(await sendOrders(deps())).toEqual({ done: 16, failed: 0 })
    expect([...targets[0]!.writes].sort()).toEqual(everybody)
    expect(await states()).toEqual({ done: 8 })
    expect(await sendOrders(deps())).toEqual({ done: 0, failed: 0 })
    const attempts = await database.db.snapshot(tx =>
      tx.query(
        `select distinct n, outcome, steps -> 0 ->> 'say' as say, ended_at is not null as ended from order_attempt order by 3`,
      ),
    )
    expect(attempts).toEqual(['a', 'b'].map(key => ({ n: 1, outcome: 'done', say: `grant g-${key}`, ended: true })))
  })

  test('two at the same time share the work', async () => {
    const [one, other] = await Promise.all([sendOrders(deps()), sendOrders(deps())])
    expect(one.done + other.done).toBe(16)
    expect([...targets[0]!.writes].sort()).toEqual(everybody)
  })

  test('what is there already is not written again', async () => {
    for (const key of PEOPLE) targets[0]!.members.add(`g-a/${key}`)
    await sendOrders(deps())
    expect(targets[0]!.writes).toEqual([])
    expect(await states()).toEqual({ done: 8 })
  })

  test('a system that is down rests, is tried with one order first, and delays no other', async () => {
    targets[0]!.be('broken')
    expect(await sendOrders(deps())).toEqual({ done: 8, failed: 5 })
    expect(await states('b')).toEqual({ done: 8 })
    minutes = 0.5
    expect(await sendOrders(deps())).toEqual({ done: 0, failed: 0 })
    // After the rest one order goes ahead; the target is still down, and rests longer.
    minutes = 2
    expect(await sendOrders(deps())).toEqual({ done: 0, failed: 1 })
    expect(await states()).not.toHaveProperty('parked')
    targets[0]!.be('well')
    minutes = 400
    expect(await sendOrders(deps())).toEqual({ done: 8, failed: 0 })
    expect([...targets[0]!.writes].sort()).toEqual(everybody)
  })

  test('the target says when to come back, and then it is tried', async () => {
    targets[0]!.be('busy')
    await sendOrders(deps())
    const [row] = await database.db.snapshot(tx =>
      tx.query<{
        waits: number
      }>(`select min(extract(epoch from next_try_at - now()))::int as waits from provisioning_order
        where state = 'retry' and attempts > 0`),
    )
    expect(row!.waits).toBeGreaterThan(100)
  })

  test('one that is refused is parked, is no reason to rest, and the others go on', async () => {
    targets[0]!.be('refuses')
    await sendOrders(deps())
    expect(await states()).toEqual({ parked: 8 })
    const [row] = await database.db.snapshot(tx =>
      tx.query(`select max(failures)::int as failures from system_connector`),
    )
    expect(row).toEqual({ failures: 0 })
  })

  test('written, and never heard of again: read before it is sent again', async () => {
    targets[0]!.be('after-writing-silent')
    await sendOrders(deps({ orderSeconds: 0.2 }))
    targets[0]!.be('well')
    minutes = 400
    await sendOrders(deps())
    expect(await states()).toEqual({ done: 8 })
    expect([...targets[0]!.writes].sort()).toEqual(everybody)
  })

  test('a process that is killed between sending and noting has had its effect once', async () => {
    targets[0]!.be('after-writing-silent')
    const worker = spawn(
      process.execPath,
      [fileURLToPath(new URL('./dispatch-worker.ts', import.meta.url)), database.url, '1'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const ended = new Promise(resolve => worker.on('exit', (_, signal) => resolve(signal)))
    await targets[0]!.nextWrite()
    worker.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    expect(targets[0]!.writes).toHaveLength(1)
    expect(await states()).toMatchObject({ sending: 8 })
    targets[0]!.be('well')
    minutes = 5
    await sendOrders(deps())
    expect(await states()).toEqual({ done: 8 })
    expect([...targets[0]!.writes].sort()).toEqual(everybody)
    const cut = await database.db.snapshot(tx => tx.query(`select 1 from order_attempt where outcome = 'cut-off'`))
    expect(cut.length).toBeGreaterThan(0)
  })
})
