import { beforeEach, expect, test } from 'vitest'
import { deliveryView } from '../../../server/orders/delivery-views.ts'
import { planOrdersOf } from '../../../server/orders/order-service.ts'
import { settle } from '../../../server/orders/task-service.ts'
import { tasksView } from '../../../server/orders/task-views.ts'
import { civilDate } from '../../../server/platform/clock.ts'
import { testDatabase } from '../../support/database.ts'
import { account, job, municipality, person, position, system, unit } from '../../support/municipality.ts'
import { actor } from './order-actor.ts'

/** What a reading says of what was put right by hand, and what is no reason to put anything right. */
const database = testDatabase()
let now: Date
let town: ReturnType<typeof municipality>
const clock = { now: () => now, today: () => civilDate(now) }
const it = actor(['it'])
const KINDS = ['personal', 'service'] as const
const seen = (key: string, title: string, more: object = {}) =>
  account(key, { username: key, employeeNo: `j-${key}`, dn: `CN=${key},DC=test`, enabled: true, title, ...more })
const works = (key: string, more: object = {}) =>
  job(`j-${key}`, key, { unit: '100', title: 'Leder', position: 'leder', ...more })
const steer = (sql: string, params: unknown[] = []) =>
  database.db.transaction(async tx => {
    await tx.query(sql, params)
    await planOrdersOf(tx, 'all', town.when)
  })
const orders = async () =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ said: string }>(
        `select p.given_name || ' ' || o.action || ' ' || o.state || coalesce(' ' || o.said, '') || ' ' || (o.content -> 'kept')::text as said
         from provisioning_order o join person_current p on p.person_id = o.person_id where o.state <> 'cancelled' and o.content ? 'kept' order by 1`,
      ),
    )
  ).map(row => row.said)

beforeEach(async () => {
  await database.reset()
  now = new Date('2026-03-02T09:00:00Z')
  town = municipality(database.db, undefined, undefined, { clock })
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    position('leder', { name: 'Leder', category: 'lead', titles: ['Leder', 'Kok'] }),
    ...['anna', 'bo', 'ella', 'ida'].flatMap(key => [person(key), works(key)]),
    works('ella', { endsOn: '2026-02-01' }),
  ])
  await town.feed('kitos', [system('kat', { name: 'Kataloget', reading: 'groups' })])
  await town.feed('ad', [
    ...[seen('anna', 'Kok'), seen('bo', 'Leder'), seen('ella', 'Kok')],
    seen('ida', 'Kok', { accountKind: KINDS[1] }),
  ])
  await steer(
    `insert into account_type (system_id, key, name, per, source, lead_days, disable_after, rules, keeps)
     select id, 'konto', 'Konto', 'person', 'ad', 0, 0, '[{"unitId": null, "who": "everyone", "positions": []}]', '{title,department}'
     from it_system where key = 'kat'`,
  )
})
const rung = (to: string) => steer(`update it_system set rung = $1, rung_at = $2 where key = 'kat'`, [to, now])
const later = () => {
  now = new Date(now.getTime() + 60_000)
}

test('is ordered from the rung that changes things, for accounts that are somebody’s who works here, and of what is read', async () => {
  await rung('add')
  expect(await orders()).toEqual([])
  await rung('apply')
  // Bo's is right; Ella has left; Ida's is no personal one; and no account is seen with a unit.
  expect(await orders()).toEqual(['anna set task {"title": "Leder"}'])
  const [system] = await database.db.snapshot(tx =>
    tx.query<{ id: string }>(`select id from it_system where key = 'kat'`),
  )
  const delivery = await database.db.snapshot(tx => deliveryView(tx, it, system!.id, []))
  expect(delivery?.accountTypes[0]).toMatchObject({ keeps: ['title', 'department'], unheard: ['department'] })
  // The rules say who has an account at all: nobody else's is corrected.
  await steer(`update account_type set rules = '[{"unitId": null, "who": "nobody", "positions": []}]'`)
  expect(await orders()).toEqual([])
})

test('by hand it says what, and the reading says whether: twice in vain and somebody has to look', async () => {
  await rung('apply')
  const tasks = async () =>
    (
      await database.db.snapshot(tx =>
        tasksView(tx, it, { state: 'open', coming: true, offset: 0, limit: 9 } as never, clock.today()),
      )
    ).rows
  const done = async () => {
    const task = (await tasks()).find(one => one.person.name?.startsWith('anna'))
    expect(task!.orders).toMatchObject([{ action: 'set', kept: { title: 'Leder' } }])
    later()
    await database.db.transaction(tx => settle(tx, it, { tasks: [task!] }, town.when))
    expect(await orders()).toEqual(['anna set done {"title": "Leder"}'])
    later()
  }
  await done()
  await town.feed('ad', [seen('anna', 'Kok', { email: 'a@x.test' })])
  expect(await orders()).toEqual(['anna set task not-seen {"title": "Leder"}'])
  await done()
  await town.feed('ad', [seen('anna', 'Kok', { email: 'b@x.test' })])
  expect(await orders()).toEqual(['anna set parked not-shown {"title": "Leder"}'])
  // No third time; and when it is right at last, whoever did it, nobody has to look any more.
  await steer('select 1')
  expect(await orders()).toEqual(['anna set parked not-shown {"title": "Leder"}'])
  later()
  await town.feed('ad', [seen('anna', 'Leder')])
  await steer('select 1')
  expect(await orders()).toEqual([])
})
