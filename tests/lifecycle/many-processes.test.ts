import { afterAll, expect, test } from 'vitest'
import { typeOf } from '../../server/contract/hr-event-types.ts'
import { civilDate } from '../../server/platform/clock.ts'
import { endProcesses, startProcess, until } from '../support/hjemmel-process.ts'
import { of, PAED, smallTown } from './town.ts'

/* Two web and two worker processes on one database: events come in at both doors, and each is carried out once. */
const life = smallTown()
afterAll(endProcesses)

test('two web and two worker processes: each event is carried out once, each order is sent once', async () => {
  const today = civilDate(new Date())
  await life.begin(today)
  life.at(Date.now())
  const environment = {
    ...{ DATABASE_URL: life.database.url, HJEMMEL_DATA_DIR: life.dataDir, HJEMMEL_POOL_SIZE: '4', HJEMMEL_DEMO: '0' },
    ...{ HJEMMEL_SOURCE_HOSTS: '127.0.0.1', HJEMMEL_SECRET_TARGET: 'a secret of the tests' },
  }
  const webs = await Promise.all([1, 2].map(() => startProcess(environment, ['--only=web'])))
  const workers = await Promise.all([1, 2].map(() => startProcess(environment, ['--only=worker'])))
  await Promise.all([
    ...webs.map(web => web.ready()),
    ...workers.map(worker => until('the worker runs', () => worker.out().includes('the worker is running'))),
  ])
  const keys = Array.from({ length: 8 }, (_, n) => `m${n}`)
  const hire = (key: string) => ({
    ...{ specversion: '1.0', id: `hire-${key}`, source: '/loen', type: typeOf('hired'), subject: key },
    time: new Date().toISOString(),
    data: {
      ...{ effectiveDate: '2026-01-01', affiliationKind: 'employment', unit: '110', title: 'Pædagog', employeeNo: key },
      person: { key: `p-${key}`, givenName: 'Karen', familyName: `Holm ${key}`, birthDate: '1980-05-04' },
    },
  })
  // Each event at both doors at the same moment, and jobs for both workers all the while.
  const sent = await Promise.all(
    keys.map(hire).flatMap(event =>
      webs.map(web =>
        fetch(`${web.url}/api/hr/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${life.token}`, 'content-type': 'application/cloudevents+json' },
          body: JSON.stringify(event),
        }).then(async answer => [answer.status, await answer.text()] as const),
      ),
    ),
  )
  expect(sent.map(([status]) => status)).toEqual(sent.map(() => 202))
  const receipts = new Set(
    sent.map(([, text]) => (JSON.parse(text) as { receipts: { receipt: string }[] }).receipts[0]?.receipt),
  )
  expect(receipts.size).toBe(keys.length)
  await until('everything has been carried out', async () => {
    for (const job of ['apply-hr-events', 'apply-hr-events', 'send-orders', 'send-orders'])
      await life.database.db.transaction(tx => tx.query(`select graphile_worker.add_job($1, max_attempts => 1)`, [job]))
    const [left] = await life.query<{ events: number; orders: number; done: number }>(
      `select (select count(*)::int from hr_event_state where state <> 'applied') as events,
         (select count(*)::int from provisioning_order where state in ('planned', 'sending', 'retry')) as orders,
         (select count(*)::int from provisioning_order where state = 'done') as done`,
    )
    return left?.events === 0 && left.orders === 0 && left.done > 0
  })
  expect(await life.rights()).toEqual(keys.flatMap(key => of(key, PAED)))
  expect(life.target.held()).toEqual(keys.flatMap(key => of(key, PAED)))
  // Nobody was killed: nothing came a second time, under whatever number.
  expect(life.target.deliveries).toHaveLength(life.target.effects.length)
  expect(new Set(life.target.effects).size).toBe(5 * keys.length)
  expect(await life.query('select count(*)::int as n from hr_event')).toEqual([{ n: keys.length }])
  expect(await life.people()).toBe(keys.length)
  expect(await Promise.all([...webs, ...workers].map(one => one.interrupt()))).toEqual([0, 0, 0, 0])
}, 300_000)
