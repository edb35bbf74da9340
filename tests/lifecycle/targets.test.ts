import { beforeEach, describe, expect, test } from 'vitest'
import { confirm, settle } from '../../server/orders/task-service.ts'
import { event } from '../server/lifecycle/events/hr-house.ts'
import { actor } from '../server/policy/actors.ts'
import { account, system } from '../support/municipality.ts'
import { countingTarget, type Mood } from './target.ts'
import { of, PAED, smallTown, starts } from './town.ts'

/* Rows of the joiner, mover and leaver table about systems that do not do what they are asked to. */
const life = smallTown()
beforeEach(() => life.begin())

const states = async (key = 'net') =>
  Object.fromEntries(
    (
      await life.query<{ state: string; n: number }>(
        `select o.state, count(*)::int as n from provisioning_order o join it_system s on s.id = o.system_id
         where s.key = $1 group by 1`,
        [key],
      )
    ).map(row => [row.state, row.n]),
  )
/** No order id has had its effect twice, and none was given a second time under another id. */
const once = () => expect(new Set(life.target.effects).size).toBe(life.target.effects.length)

/** Another system beside it, which must not wait for the first. */
async function beside() {
  const other = await countingTarget()
  await life.town.feed('kitos', [system('andet', { name: 'Andet', reading: 'none' })])
  await life.database.db.transaction(async tx => {
    await tx.query(
      `insert into account_type (system_id, key, name, per, lead_days, disable_after, rules, user_name)
       select id, 'andet', 'Konto', 'person', 0, 0, $1, $2 from it_system where key = 'andet'`,
      [
        JSON.stringify([{ unitId: null, who: 'everyone', positions: [] }]),
        JSON.stringify({
          parts: [{ part: 'text', text: 'x' }, { part: 'employee-number' }],
          maxLength: 20,
          reserved: [],
          restYears: 1,
        }),
      ],
    )
    await tx.query(
      `insert into system_connector (system_id, kind, settings, actions, enabled)
       select s.id, c.kind, c.settings || jsonb_build_object('url', $1::text), c.actions, true
       from it_system s, system_connector c where s.key = 'andet'`,
      [other.url],
    )
    await tx.query(`update it_system set rung = 'apply', rung_at = $1 where key = 'andet'`, [life.clock.now()])
  })
  return other
}

describe('Target lies or is down', () => {
  const hires = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7'].map(key => starts(key, '2026-01-01'))
  const everybody = hires.flatMap(one => of(String(one.subject), PAED))
  // What comes of an order while the target is so, and that it ends well when it is not.
  test.each<[Mood, Record<string, unknown>]>([
    ['down', { orderSeconds: 2 }],
    ['slow', { orderSeconds: 0.3 }],
    ['busy', {}],
    ['broken', {}],
    ['half', {}],
    ['silent', { orderSeconds: 0.3 }],
  ])(
    'Target lies or is down: %s, no other system waits, and in the end each order has had its effect once',
    async (mood, more) => {
      const other = await beside()
      try {
        await life.tell(...hires)
        life.target.be(mood)
        await life.work(more)
        // The other one is through at once: an account each, closed and then open.
        expect(other.states()).toEqual(hires.map(one => `${one.subject} on`))
        expect(await states()).not.toHaveProperty('verified')
        life.target.be('well')
        for (const hour of [12, 15, 20]) {
          life.set('2026-03-02', hour)
          await life.round()
        }
        expect(life.target.held()).toEqual(everybody)
        once()
        expect(await states()).toEqual({ verified: 5 * hires.length })
        expect(await life.orders(['parked', 'retry', 'sending'])).toEqual([])
      } finally {
        await other.close()
      }
    },
  )

  test('Target lies or is down: who says that it is done and does nothing is found out at the next reading, and asked again', async () => {
    await life.tell(starts('a1', '2026-01-01'))
    life.target.be('lies')
    await life.work()
    expect(await states()).toEqual({ done: 5 })
    await life.read()
    // Not believed: the account that nobody sees is asked for again.
    const open = await life.query<{ said: string }>(
      `select said from provisioning_order where state = 'planned' and said is not null`,
    )
    expect(open.map(row => row.said)).toContain('not-seen')
    expect(await states()).not.toHaveProperty('verified')
    life.target.be('well')
    await life.round()
    await life.round()
    expect(life.target.held()).toEqual(of('a1', PAED))
    expect(await states()).toEqual({ verified: 5 })
  })

  test('Target lies or is down: what is said of an end and was not done is seen to be held', async () => {
    await life.tell(starts('a1', '2026-01-01'))
    await life.round()
    await life.tell(event('ended', 'a1', { effectiveDate: '2026-03-10' }))
    life.target.be('lies')
    await life.day('2026-03-10')
    expect(life.target.held()).toEqual(of('a1', PAED))
    const claimed = await life.query(
      `select 1 from provisioning_order where action in ('revoke', 'disable') and state = 'verified'`,
    )
    expect(claimed).toEqual([])
    life.target.be('well')
    await life.day('2026-03-11')
    expect(life.target.held()).toEqual([])
    expect(life.target.states()).toEqual(['a1 off'])
  })
})

describe('Manual system never confirms', () => {
  const open = () =>
    life.query<{ id: string; version: number; state: string; due_on: string }>(
      `select id, version, state, due_on from task order by due_on, id`,
    )
  const it = actor(['it'])
  const second = actor(['it'], { userId: '00000000-0000-4000-8000-000000000002', personId: null })

  test('Manual system never confirms: a task stays open and late, for as long as it takes', async () => {
    await life.tell(starts('a1', '2026-01-01', { title: 'Kok' }))
    await life.round()
    await life.day('2027-03-02')
    expect(await open()).toMatchObject([{ state: 'open', due_on: '2026-03-02' }])
  })

  test('Manual system never confirms: where nothing can be read a second person looks, and what was not done is open again', async () => {
    await life.tell(starts('a1', '2026-01-01', { title: 'Kok' }))
    await life.round()
    const [task] = await open()
    const settled = await life.house.db.transaction(tx =>
      settle(tx, it, { tasks: [{ id: task?.id as string, version: task?.version as number }] }, life.when),
    )
    expect(settled.second).toBe(1)
    const [asked] = await open()
    expect(asked?.state).toBe('second')
    const look = (who: typeof it, as: 'done' | 'not-done') =>
      life.house.db.transaction(tx =>
        confirm(tx, who, task?.id as string, { version: asked?.version as number, as } as never, life.when),
      )
    await expect(look(it, 'done')).rejects.toMatchObject({ problem: 'second-person-needed' })
    await look(second, 'not-done')
    expect(await open()).toMatchObject([{ state: 'open' }])
  })

  test('Manual system never confirms: said to be done and seen to be otherwise, it opens again', async () => {
    await life.tell(starts('a1', '2026-01-01'))
    await life.database.db.transaction(tx => tx.query('update system_connector set enabled = false'))
    await life.town.feed('ad', [
      account('a1x', { username: 'a1x', employeeNo: 'a1', dn: 'CN=a1x,DC=test', enabled: true }),
    ])
    await life.house.db.transaction(async tx => {
      const { planOrdersOf } = await import('../../server/orders/order-service.ts')
      await planOrdersOf(tx, 'all', life.when)
    })
    const tasks = await open()
    expect(tasks.length).toBeGreaterThan(0)
    for (const task of tasks)
      await life.house.db.transaction(tx =>
        settle(tx, it, { tasks: [{ id: task.id, version: task.version }] }, life.when),
      )
    expect((await open()).every(task => task.state === 'done')).toBe(true)
    // The directory still says that nobody is in the groups.
    await life.town.feed('ad', [])
    expect((await open()).some(task => task.state === 'open')).toBe(true)
    expect(await life.query(`select 1 from task where reopened_why = 'not-seen'`)).not.toEqual([])
  })
})
