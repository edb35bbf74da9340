import { beforeEach, describe, expect, test } from 'vitest'
import { rollTheDay } from '../../../../server/jobs.ts'
import { boardAhead, boardView } from '../../../../server/lifecycle/board/board-views.ts'
import { fixedClock } from '../../../../server/platform/clock.ts'
import { testDatabase } from '../../../support/database.ts'
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
} from '../../../support/municipality.ts'
import { actor } from '../../policy/actors.ts'

/* The board on the real pipeline: somebody who has left and still holds something is late until it is seen to be gone. */
const database = testDatabase()
const hr = actor(['hr'])
let members: string[]

async function read(now: string) {
  const town = municipality(database.db, now)
  await rollTheDay({ db: database.db, clock: fixedClock(now) })
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    ...['p1', 'p2', 'p3', 'p4'].map(key => person(key)),
    job('j-p1', 'p1', { unit: '100', title: 'Kok', position: 'kok', endsOn: '2026-03-10' }),
    job('j-p2', 'p2', { unit: '100', title: 'Kok', position: 'kok', endsOn: '2026-03-10' }),
    job('j-p3', 'p3', { unit: '100', title: 'Kok', position: 'kok', startsOn: '2026-03-20' }),
    job('j-p4', 'p4', { unit: '100', title: 'Kok', position: 'kok' }),
  ])
  await town.feed('kitos', [
    system('a', { name: 'a', reading: 'groups' }),
    entitlement('a/x', { system: 'a', name: 'x', kind: 'role' }),
  ])
  return town
}
const readDirectory = (town: Awaited<ReturnType<typeof read>>) =>
  town.feed('ad', [
    ...['p1', 'p2'].map(key =>
      account(key, { username: key, employeeNo: `j-${key}`, dn: `CN=${key},DC=test`, enabled: true }),
    ),
    group('g', { name: 'g-a', members: members.map(one => `CN=${one},DC=test`) }),
  ])
/** Noon of a day, or an instant. */
const when = (at: string) => {
  const clock = fixedClock(at.includes('T') ? at : `${at}T11:00:00Z`)
  return { today: clock.today(), now: clock.now() }
}
const board = (at: string, query: object = {}) =>
  database.db.snapshot(tx => boardView(tx, hr, { offset: 0, limit: 50, ...query }, when(at)))

beforeEach(async () => {
  await database.reset()
  members = ['p1', 'p2']
  const town = await read('2026-03-02T09:00:00Z')
  await town.rules(`
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: [a/x], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
mappings:
  - { source: ad, match: { cn: g-a }, entitlement: a/x }
`)
  await readDirectory(town)
})

describe('the board', () => {
  test('says 30, 14 and 5 days before an end that nobody has reported that it can be extended, and not of others', async () => {
    const expires = async (today: string) => (await board(today)).rows.map(row => [row.kind, row.on, row.expires])
    expect(await expires('2026-03-02')).toEqual([
      ['end', '2026-03-10', 14],
      ['end', '2026-03-10', 14],
      ['hire', '2026-03-20', null],
    ])
    const late = (await expires('2026-03-05')).filter(([kind]) => kind === 'end')
    expect(late.map(([, , days]) => days)).toEqual([5, 5])
    expect((await expires('2026-03-10')).every(([, , days]) => days === null)).toBe(true)
  })

  test('says who comes and goes, and holds whoever has left and still holds something as late, however long ago', async () => {
    const before = await board('2026-03-02')
    expect(before.buckets).toEqual({ late: 0, today: 0, coming: 3, done: 0 })
    expect(before.rows.map(row => [row.kind, row.on])).toEqual([
      ['end', '2026-03-10'],
      ['end', '2026-03-10'],
      ['hire', '2026-03-20'],
    ])
    await readDirectory(await read('2026-03-10T09:00:00Z'))
    expect((await board('2026-03-10')).buckets).toMatchObject({ today: 2, late: 0 })

    members = ['p1']
    await readDirectory(await read('2026-03-12T09:00:00Z'))
    const after = await board('2026-03-12')
    expect(after.buckets).toMatchObject({ late: 1, done: 1, coming: 1 })
    expect(after.rows[0]).toMatchObject({
      bucket: 'late',
      kind: 'end',
      person: { name: 'p1 Prøve' },
      lacks: { held: 1 },
    })
    expect((await board('2026-03-12', { lack: 'held' })).rows).toHaveLength(1)
    // The home counts what the board shows, and says in which week who comes: the 20th is in the second from the 12th.
    expect(await database.db.snapshot(tx => boardAhead(tx, hr, when('2026-03-12')))).toMatchObject({
      ...{ late: 1, today: 0 },
      units: [{ unit: { name: 'Kommunen' }, weeks: [{ starts: 0 }, { starts: 1, ends: 0 }, {}, {}, {}] }],
    })

    // Half a year later, not before it is gone.
    await readDirectory(await read('2026-09-12T09:00:00Z'))
    expect((await board('2026-09-12', { bucket: 'late', kind: 'end' })).rows).toHaveLength(1)
    members = []
    await readDirectory(await read('2026-09-13T09:00:00Z'))
    expect((await board('2026-09-13', { kind: 'end' })).rows).toEqual([])
  })

  test('counts a start from the hour of the unit on the evening before, and an end until its hour in the morning', async () => {
    await database.db.transaction(async tx => {
      await tx.query(
        `insert into unit_cutover (unit_id, starts_from_hour, ends_until_hour, changed_at, changed_by)
         select unit_id, 18, 9, '2026-03-01', unit_id from org_unit_current where name = 'Kommunen'`,
      )
    })
    const line = async (kind: string, at: string) => {
      const { rows } = await board(at, { kind })
      return rows.map(row => [row.bucket, row.hour])
    }
    // Nobody leads the unit, so a manager is missing; 17.59 and 18.00 of the evening before.
    expect(await line('hire', '2026-03-18')).toEqual([['coming', null]])
    expect(await line('hire', '2026-03-19T16:59:00Z')).toEqual([['today', 18]])
    expect(await line('hire', '2026-03-19T17:00:00Z')).toEqual([['late', 18]])
    await database.db.transaction(tx =>
      tx.query(
        `update affiliation_current set manager_person_id = (select person_id from person_current where name like 'p4%')`,
      ),
    )
    expect(await line('hire', '2026-03-19T17:00:00Z')).toEqual([['today', 18]])
    expect(await line('hire', '2026-03-21')).toEqual([['done', null]])
    // What is still held at 8.59 on the first day away is in time; at 9.00 it is late.
    await readDirectory(await read('2026-03-10T05:00:00Z'))
    const both = (bucket: string) => [bucket, bucket].map(one => [one, 9])
    expect(await line('end', '2026-03-10T07:59:00Z')).toEqual(both('today'))
    expect(await line('end', '2026-03-10T08:00:00Z')).toEqual(both('late'))
    expect((await board('2026-03-10T08:00:00Z')).buckets.late).toBe(2)
  })

  test('whoever has no report to read and no unit sees nobody', async () => {
    const nobody = await database.db.snapshot(tx =>
      boardView(tx, actor(['employee']), { offset: 0, limit: 50 }, when('2026-03-02')),
    )
    expect(nobody.rows).toEqual([])
    expect(nobody.buckets).toEqual({ late: 0, today: 0, coming: 0, done: 0 })
  })
})
