import { beforeAll, expect, it } from 'vitest'
import { rollTheDay } from '../../server/jobs.ts'
import { fixedClock } from '../../server/platform/clock.ts'
import { testDatabase } from '../support/database.ts'
import { smallTown } from './overview/small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
beforeAll(async () => {
  town = await smallTown(database.db)
})
const rights = async (name: string) =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ key: string }>(
        `select e.key from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
         join entitlement e on e.id = a.entitlement_id where ac.person_id = $1 order by e.key`,
        [town.people[name]],
      ),
    )
  ).map(row => row.key)
const rolled = () =>
  database.db.snapshot(tx =>
    tx.query<{ body: string }>(
      `select p.body from audit_entry e join audit_payload p on p.entry_id = e.id where e.action = 'access.date-rolled'`,
    ),
  )

it('on a new date those who start hold rights, those who have left and rules that ended give none, and it is on record once', async () => {
  expect([await rights('Fie'), await rights('Sten')]).toEqual([[], ['kmd/pay', 'sbsys/caseworker', 'sbsys/reader']])
  await rollTheDay({ db: database.db, clock: fixedClock('2026-03-02T12:00:00Z') })
  expect(await rolled()).toHaveLength(0)

  // Days were missed: what fell on one of them is caught up with all the same.
  const later = { db: database.db, clock: fixedClock('2026-03-20T09:00:00Z') }
  expect(await rights('Bo')).toContain('kmd/pay')
  await rollTheDay(later)
  await rollTheDay(later)
  expect([await rights('Fie'), await rights('Sten')]).toEqual([['sbsys/caseworker', 'sbsys/reader'], []])
  expect(await rights('Bo')).not.toContain('kmd/pay')
  const entries = await rolled()
  expect(entries).toHaveLength(1)
  expect(JSON.parse(entries[0]!.body).detail).toMatchObject({ from: '2026-03-02', to: '2026-03-20' })
})
