import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exportConnector } from '../../../server/fulfilment/export/export-connector.ts'
import { type BatchSession, type Connector, ConnectorFailure } from '../../../server/orders/connector.ts'
import { sendOrders } from '../../../server/orders/dispatch-service.ts'
import { planOrdersOf } from '../../../server/orders/order-service.ts'
import { civilDate } from '../../../server/platform/clock.ts'
import { createLog } from '../../../server/platform/log.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../support/municipality.ts'
import { reachOf } from '../fulfilment/carry.ts'

/** Orders that are handed over as one, in a real file: all of them or none, and never as two. */
const database = testDatabase()
const PEOPLE = ['p1', 'p2', 'p3', 'p4', 'p5']
let folder: string
let minutes: number
let town: ReturnType<typeof municipality>

beforeEach(async () => {
  await database.reset()
  minutes = 0
  folder = mkdtempSync(join(tmpdir(), 'hjemmel-batch-'))
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    ...PEOPLE.flatMap(key => [person(key), job(`j-${key}`, key, { unit: '100', title: 'Kok', position: 'kok' })]),
  ])
  await town.feed('kitos', [
    system('a', { name: 'a', reading: 'none' }),
    entitlement('a/x', { system: 'a', name: 'X', kind: 'role' }),
  ])
  await town.rules(`
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: [a/x], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
`)
  await database.db.transaction(async tx => {
    await tx.query(
      `insert into system_connector (system_id, kind, settings, actions, enabled)
       select id, 'export', '{"folder": "fag"}', '{grant,revoke}', true from it_system where key = 'a'`,
    )
    await tx.query(`update it_system set rung = 'apply', rung_at = now() where key = 'a'`)
    await planOrdersOf(tx, 'all', town.when)
  })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const now = () => new Date(Date.now() + minutes * 60_000)
/** The real connector, of which the answer gets lost as often as is said, or never comes to write anything. */
function connector(mood: { lost?: number; refuses?: boolean } = {}): Connector {
  const real = exportConnector(reachOf({ exportsDir: folder }))
  let lost = mood.lost ?? 0
  return {
    ...real,
    mode: 'batch',
    async open(settings, ctx) {
      const session = (await real.open(settings, ctx)) as BatchSession
      return {
        ...session,
        async handOver(batch) {
          if (mood.refuses) throw new ConnectorFailure('refused', 'The owner takes no more files')
          const receipt = await session.handOver(batch)
          if (lost > 0) {
            lost -= 1
            throw new ConnectorFailure('lost', 'cut off')
          }
          return receipt
        },
      }
    },
  }
}
const send = (with_: Connector) =>
  sendOrders({
    ...{ db: database.db, clock: { now, today: () => civilDate(now()) }, log: createLog('silent') },
    ...{ connectors: [with_], secretOf: () => '' },
  })
const files = () => readdirSync(join(folder, 'fag')).filter(name => name.endsWith('.csv'))
const orders = () =>
  database.db.snapshot(tx =>
    tx.query<{ state: string; batch: string | null; outcomes: string[] }>(
      `select state, batch_id as batch, (select array_agg(outcome order by n) from order_attempt a where a.order_id = o.id) as outcomes
       from provisioning_order o`,
    ),
  )

test('are one file, noted at each order, and nothing is left to send', async () => {
  expect(await send(connector())).toEqual({ done: PEOPLE.length, failed: 0 })
  expect(files()).toHaveLength(1)
  expect(
    readFileSync(join(folder, 'fag', files()[0]!), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(PEOPLE.length + 1)
  const all = await orders()
  expect(new Set(all.map(one => one.batch)).size).toBe(1)
  expect(all.every(one => one.state === 'done' && one.outcomes.join() === 'done')).toBe(true)
  expect(await send(connector())).toEqual({ done: 0, failed: 0 })
})

test('go once more as the same when nobody knows whether they arrived, beside what has come since', async () => {
  const losing = connector({ lost: 1 })
  expect(await send(losing)).toEqual({ done: 0, failed: PEOPLE.length })
  const [file] = files()
  const was = await orders()
  expect(was.every(one => one.state === 'retry' && one.batch === was[0]!.batch)).toBe(true)
  // Somebody else is ordered for meanwhile: not put into the batch that may have arrived.
  await town.feed('hr', [person('p6'), job('j-p6', 'p6', { unit: '100', title: 'Kok', position: 'kok' })])
  minutes = 400
  expect(await send(losing)).toEqual({ done: PEOPLE.length + 1, failed: 0 })
  expect(files()).toHaveLength(2)
  expect(files()).toContain(file)
  expect(
    readFileSync(join(folder, 'fag', file!), 'utf8')
      .trim()
      .split('\n'),
  ).toHaveLength(PEOPLE.length + 1)
})

test('that are refused wait for a person, all of them', async () => {
  await send(connector({ refuses: true }))
  expect((await orders()).map(one => one.state)).toEqual(PEOPLE.map(() => 'parked'))
  expect((await orders()).map(one => one.batch)).toEqual(PEOPLE.map(() => null))
})
