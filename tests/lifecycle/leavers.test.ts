import { beforeEach, describe, expect, test } from 'vitest'
import { liftLock, setLock } from '../../server/access/locks/lock-service.ts'
import { sendMails } from '../../server/mails/mail-service.ts'
import { planOrdersOf } from '../../server/orders/order-service.ts'
import { ordersView } from '../../server/orders/orders-views.ts'
import { settle } from '../../server/orders/task-service.ts'
import { silentLog } from '../../server/platform/log.ts'
import { AFTER_DECIDED, ON_LOCK } from '../../server/wiring.ts'
import { cancels, corrects, event } from '../server/lifecycle/events/hr-house.ts'
import { actor } from '../server/policy/actors.ts'
import { of, PAED, smallTown, starts } from './town.ts'

const CARD = { serial: 'K-17', signature: 'Karen Holm' }

/* Rows of the joiner, mover and leaver table about those who go. */
const life = smallTown()
beforeEach(() => life.begin())

const outcome = async () => ({
  rights: await life.rights(),
  held: life.target.held(),
  accounts: life.target.states(),
  // What a person has to do is due from the day on which it was asked for.
  open: (await life.orders()).map(one => one.replace(/ \d{4}-\d\d-\d\d task$/, ' task')),
})

describe('Termination postponed or cancelled: as if it had never been', () => {
  // In the order in which they are said.
  const hire = starts('a1', '2026-01-01', { title: 'Kok' })
  const end = event('ended', 'a1', { effectiveDate: '2026-03-15', lastWorkingDay: '2026-03-10' })
  const until = async (...said: [string, unknown][]) => {
    await life.begin()
    await life.tell(hire)
    await life.round()
    for (const [on, one] of said) {
      await life.day(on)
      await life.tell(one)
      await life.round()
    }
    await life.day('2026-03-25')
    return outcome()
  }
  test('Termination cancelled: before its day, and after everything was closed', async () => {
    const never = await until()
    expect(never.held).toEqual(of('a1', ['net/basis', 'net/nord']))
    const before = await until(['2026-03-03', end], ['2026-03-12', cancels('a1', end)])
    expect(before).toEqual(never)
    expect(life.target.effects.filter(one => /^(revoke|disable|delete)/.test(one))).toEqual([])
    // Closed on the day; what comes back comes from what gives it, not from a copy.
    const after = await until(['2026-03-03', end], ['2026-03-18', cancels('a1', end)])
    expect(after).toEqual(never)
    expect(life.target.effects.filter(one => one.startsWith('disable'))).toHaveLength(1)
    // The oracle sees an end that stands.
    expect(await until(['2026-03-03', end])).not.toEqual(never)
  })
  test('Termination postponed: nothing is closed on the old day, everything on the new one', async () => {
    const later = corrects('a1', end, 'ended', { effectiveDate: '2026-04-10' })
    const postponed = await until(['2026-03-03', end], ['2026-03-14', later])
    expect(postponed.held).toEqual(of('a1', ['net/basis', 'net/nord']))
    expect(life.target.effects.filter(one => /^(revoke|disable|delete)/.test(one))).toEqual([])
    await life.day('2026-04-10')
    expect(life.target.held()).toEqual([])
    expect(await life.rights()).toEqual([])
  })
})

test('Retroactive termination: closed at once, and what was done between the day and now is listed', async () => {
  await life.tell(starts('a1', '2026-01-01'))
  await life.round()
  await life.day('2026-03-20')
  await life.database.db.transaction(tx => tx.query(`update account set last_sign_in = '2026-03-15'`))
  const late = event('ended', 'a1', { effectiveDate: '2026-03-10' })
  await life.tell(late)
  await life.round()
  expect(await outcome()).toMatchObject({ rights: [], held: [], accounts: ['a1 off'] })
  const [state] = await life.query<{ notes: unknown }>(
    `select s.notes from hr_event e join hr_event_state s on s.event_id = e.id where e.event_id = $1`,
    [late.id],
  )
  expect(state?.notes).toMatchObject([
    { kind: 'use-between', from: '2026-03-10', signedIn: [{ account: expect.any(String) }] },
  ])
  // Told in time it has no such note.
  await life.begin()
  const intime = event('ended', 'a1', { effectiveDate: '2026-03-10' })
  await life.tell(starts('a1', '2026-01-01'), intime)
  const [none] = await life.query<{ notes: unknown }>(
    `select s.notes from hr_event e join hr_event_state s on s.event_id = e.id where e.event_id = $1`,
    [intime.id],
  )
  expect(none?.notes).toEqual([])
})

test('Emergency termination: closed at once everywhere, no feed and no event undoes it, and it takes two to lift it', async () => {
  const hire = starts('a1', '2026-01-01', { title: 'Afdelingsleder' })
  await life.tell(hire, starts('b1', '2026-01-01'))
  await life.round()
  const before = await outcome()
  const [one] = await life.query<{ id: string }>(`select person_id as id from affiliation where key = 'a1'`)
  const it = actor(['it'])
  const [card] = await life.query<{ id: string; version: number }>(`select id, version from task where state = 'open'`)
  await life.house.db.transaction(tx =>
    settle(tx, it, { tasks: [card as { id: string; version: number }], handover: CARD }, life.when),
  )
  const second = actor(['hr'], { userId: '00000000-0000-4000-8000-000000000002', personId: null })
  const hooks = { onLock: ON_LOCK, after: AFTER_DECIDED }
  const { lockId } = await life.house.db.transaction(tx =>
    setLock(tx, it, { personId: one?.id as string, reason: 'Mistanke om misbrug' }, life.when, hooks),
  )
  // No new day, no cron: the orders are there with the lock.
  await life.work()
  expect(life.target.states()).toEqual(['a1 off', 'b1 on'])
  expect(life.target.held()).toEqual(of('b1', PAED))
  expect(await life.orders(['task'])).toEqual(['take-back keys/kort 2026-03-02 task'])
  // Everything that a feed or a program can say about them.
  await life.tell(event('changed', 'a1', { effectiveDate: '2026-03-02', title: 'Sygeplejerske' }))
  await life.tell(starts('a7', '2026-03-01', {}, 'p-a1'))
  await life.round()
  await life.day('2026-06-01')
  expect(life.target.held()).toEqual(of('b1', PAED))
  expect((await life.rights()).filter(text => text.startsWith('a') && !text.endsWith(' lock'))).toEqual([])
  await expect(
    life.house.db.transaction(tx => liftLock(tx, it, { lockId, reason: 'Falsk alarm' }, life.when, hooks)),
  ).rejects.toMatchObject({ problem: 'second-person-needed' })
  await life.house.db.transaction(tx => liftLock(tx, second, { lockId, reason: 'Falsk alarm' }, life.when, hooks))
  await life.round()
  expect(life.target.states()).toEqual(['a1 on', 'b1 on'])
  expect(before.accounts).toEqual(['a1 on', 'b1 on'])
})

test('Death: every affiliation ends, also one that is told of afterwards, and nobody is written to', async () => {
  await life.tell(starts('a1', '2026-01-01', {}, 'p1'), starts('a2', '2026-01-01', { title: 'Kok' }, 'p1'))
  await life.round()
  await life.tell(event('died', 'a1', { effectiveDate: '2026-03-02' }))
  await life.tell(starts('a3', '2026-02-01', { title: 'Sygeplejerske' }, 'p1'))
  await life.round()
  expect(await life.rights()).toEqual([])
  expect(life.target.states().filter(one => one.endsWith('on'))).toEqual([])
  expect(life.target.held()).toEqual([])
  // Two weeks of mornings: nothing to them, and about them only that it has happened (tests/server/mails has the words).
  await life.database.db.transaction(tx => tx.query(`update mail_start set at = '2026-01-01'`))
  const { db } = life.database
  for (let day = 2; day <= 16; day++) {
    life.set(`2026-03-${String(day).padStart(2, '0')}`)
    await sendMails({ db, clock: life.clock, log: silentLog, mailer: null, publicUrl: 'http://localhost' })
  }
  const told = await life.query<{ kind: string; to_the_dead: boolean }>(
    `select i.kind, p.died_on is not null as to_the_dead from mail_item i join person_current p on p.person_id = i.person_id
     where p.died_on is not null or i.about_person_id in (select person_id from person_current where died_on is not null)`,
  )
  expect(told.filter(one => one.to_the_dead || one.kind !== 'death')).toEqual([])
})

test('Deletion after retention: closed on the day, deleted when its days are over and no sooner, and its name is nobody’s anew', async () => {
  await life.tell(starts('a1', '2026-01-01', {}, 'p1'))
  await life.round()
  const [name] = [...life.target.accounts.keys()]
  await life.tell(event('ended', 'a1', { effectiveDate: '2026-03-10' }))
  await life.day('2026-03-10')
  expect(life.target.states()).toEqual(['a1 off'])
  expect(await life.orders()).toEqual(['delete ad 2026-04-09 planned'])
  await life.day('2026-04-08')
  expect(life.target.states()).toEqual(['a1 off'])
  await life.day('2026-04-09')
  expect(life.target.states()).toEqual([])
  // A namesake starts the day after.
  await life.tell(starts('b1', '2026-04-10', {}, 'p1x'))
  await life.day('2026-04-10')
  expect([...life.target.accounts.keys()]).not.toContain(name)
  expect(life.target.states()).toEqual(['b1 on'])
})

test('Deletion after retention: not before somebody else answers for what the person answered for', async () => {
  await life.tell(starts('a1', '2026-01-01'), starts('b1', '2026-01-01'))
  await life.round()
  const owns = (key: string) =>
    life.database.db.transaction(tx =>
      tx.query(
        `update it_system set owner_affiliation_id = (select id from affiliation where key = $1) where key = 'keys'`,
        [key],
      ),
    )
  await owns('a1')
  await life.tell(event('ended', 'a1', { effectiveDate: '2026-03-10' }))
  await life.day('2026-03-10')
  // Closed on the day all the same.
  expect(life.target.states()).toEqual(['a1 off', 'b1 on'])
  await life.day('2026-06-01')
  expect(life.target.states()).toEqual(['a1 off', 'b1 on'])
  expect(await life.orders()).toEqual(['delete ad 2026-04-09 planned'])
  const listed = () =>
    life.database.db.snapshot(tx =>
      ordersView(tx, actor(['it']), { offset: 0, limit: 50, state: 'planned' }, life.clock.today()),
    )
  expect((await listed()).rows).toMatchObject([{ action: 'delete', waitsForHandover: true }])
  await owns('b1')
  expect((await listed()).rows).toMatchObject([{ waitsForHandover: false }])
  await life.round()
  expect(life.target.states()).toEqual(['b1 on'])
})

test('Deletion after retention by a person: no task before somebody else answers for what the person answered for', async () => {
  await life.tell(starts('a1', '2026-01-01'), starts('b1', '2026-01-01'))
  await life.round()
  const query = (sql: string, params: unknown[] = []) => life.database.db.transaction(tx => tx.query(sql, params))
  const owns = (key: string) =>
    query(
      `update it_system set owner_affiliation_id = (select id from affiliation where key = $1) where key = 'keys'`,
      [key],
    )
  await query(`update system_connector set actions = array_remove(actions, 'delete')`)
  await owns('a1')
  await life.tell(event('ended', 'a1', { effectiveDate: '2026-03-10' }))
  const planned = () =>
    life.database.db.transaction(tx => planOrdersOf(tx, 'all', { today: life.clock.today(), now: life.clock.now() }))
  await life.day('2026-03-10')
  await life.day('2026-06-01')
  expect(await life.orders()).toEqual(['delete ad 2026-04-09 planned'])
  await owns('b1')
  await planned()
  expect(await life.orders()).toEqual(['delete ad 2026-04-09 task'])
  // Somebody who answers for something again is not deleted either.
  await owns('a1')
  await planned()
  expect(await life.orders()).toEqual(['delete ad 2026-04-09 planned'])
})
