import { beforeEach, describe, expect, test } from 'vitest'
import { equipmentView, ownEquipment, storeStock } from '../../../server/orders/equipment-views.ts'
import { planOrdersOf } from '../../../server/orders/order-service.ts'
import { attach, settle } from '../../../server/orders/task-service.ts'
import { evidenceView, tasksView } from '../../../server/orders/task-views.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../support/municipality.ts'
import { actor } from './order-actor.ts'

const database = testDatabase()
let town: ReturnType<typeof municipality>
let unitId: string
let systemId: string
const rows = <Row = Record<string, unknown>>(sql: string) => database.db.snapshot(tx => tx.query<Row>(sql))
const cook = (key: string, more: object = {}) =>
  job(`j-${key}`, key, { unit: '110', title: 'Kok', position: 'kok', ...more })

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    unit('110', { name: 'Køkkenet', parent: '100' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    ...['p1', 'p2'].flatMap(key => [person(key), cook(key)]),
  ])
  await town.feed('kitos', [
    system('kit', { name: 'Udstyr', reading: 'none', systemKind: 'equipment' }),
    entitlement('kit/phone', { system: 'kit', name: 'Telefon', entitlementKind: 'equipment' }),
    entitlement('kit/key', { system: 'kit', name: 'Nøgle', entitlementKind: 'physical' }),
  ])
  await town.rules(`
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: [kit/phone, kit/key], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
`)
  await database.db.transaction(async tx => {
    await tx.query(`update assignment set reason_since = '2026-01-01'`)
    await tx.query(`update it_system set rung = 'apply', rung_at = '2026-01-02', task_sample = 0`)
    await planOrdersOf(tx, 'all', town.when)
  })
  unitId = (await rows<{ id: string }>(`select unit_id as id from org_unit_current where name = 'Køkkenet'`))[0]!.id
  systemId = (await rows<{ id: string }>(`select id from it_system where key = 'kit'`))[0]!.id
})

const query = { state: 'open' as const, coming: true, offset: 0, limit: 50 }
const tasks = (who: Actor, more = {}) =>
  database.db.snapshot(tx => tasksView(tx, who, { ...query, ...more }, town.clock.today()))
const things = (who: Actor, more = {}) =>
  database.db.snapshot(tx => equipmentView(tx, who, { offset: 0, limit: 50, ...more } as never, town.clock.today()))
const hand = (who: Actor, task: Awaited<ReturnType<typeof tasks>>['rows'][number], more: object = {}) =>
  database.db.transaction(tx =>
    settle(
      tx,
      who,
      {
        tasks: [{ id: task.id, version: task.version }],
        handover: {
          things: task.orders.map((one, n) => ({ order: one.id, serial: `SN-${n}` })),
          signature: 'Anna Prøve',
          ...more,
        },
      },
      town.when,
    ),
  )

describe('things', () => {
  test('are handed out by the leader of the unit, each with its number, and come back to somebody', async () => {
    const leader = actor(['manager'], { units: [unitId] })
    const [task] = (await tasks(leader, { own: true })).rows
    expect(task).toMatchObject({ direction: 'give', allowed: { settle: true } })
    expect(task!.orders).toHaveLength(2)
    // Not without a number for each, and not signed tomorrow.
    await expect(
      hand(leader, task!, { things: [{ order: task!.orders[0]!.id, serial: 'SN-0' }] }),
    ).rejects.toMatchObject({ problem: 'data-invalid' })
    await expect(hand(leader, task!, { on: '2027-01-01' })).rejects.toMatchObject({ problem: 'data-invalid' })
    await hand(leader, task!, { on: '2026-03-01' })
    const out = (await things(leader, { person: task!.person.id })).rows
    expect(out).toMatchObject(
      [0, 1].map(() => ({ state: 'out', since: '2026-03-01', signature: 'Anna Prøve', dueBack: null })),
    )
    expect(new Set(out.map(one => one.serial)).size).toBe(2)

    const key = task!.person.name!.split(' ')[0]!
    await town.feed('hr', [cook(key, { endsOn: '2026-03-02' })])
    expect((await things(leader, { person: task!.person.id })).rows.map(one => one.state)).toEqual([
      'due-back',
      'due-back',
    ])
    const it = actor(['it'])
    const back = (await tasks(it, { person: task!.person.id })).rows.find(one => one.direction === 'take')
    await hand(it, back!)
    const returned = (await things(it, { person: task!.person.id })).rows
    expect(returned).toMatchObject([0, 1].map(() => ({ state: 'returned', returnedOn: '2026-03-02', taskId: null })))
    expect((await things(it)).counts).toMatchObject({ ordered: 2, returned: 2, out: 0 })
  })

  test('change hands for one person at a time; what changes none is said to be done beside each other', async () => {
    const it = actor(['it'])
    const both = (await tasks(it)).rows
    expect(both).toHaveLength(2)
    const many = (more: object) =>
      database.db.transaction(tx =>
        settle(tx, it, { tasks: both.map(({ id, version }) => ({ id, version })), ...more }, town.when),
      )
    const handover = {
      things: both.flatMap(task => task.orders.map((one, n) => ({ order: one.id, serial: `SN-${n}` }))),
      signature: 'Anna Prøve',
    }
    for (const more of [{}, { note: 'Alle' }, { handover }])
      await expect(many(more)).rejects.toMatchObject({ problem: 'data-invalid' })
    // None of them was taken for done, and nothing is signed for.
    expect((await tasks(it)).total).toBe(2)
    expect(await rows('select 1 from task_evidence')).toEqual([])
    for (const task of both) await hand(it, task)
    expect((await things(it)).counts).toMatchObject({ out: 4, ordered: 0 })
    // Another system's, for both at once.
    await town.feed('kitos', [
      system('fag', { name: 'Fag', reading: 'none' }),
      entitlement('fag/x', { system: 'fag', name: 'X', kind: 'role' }),
    ])
    await database.db.transaction(async tx => {
      await tx.query(
        `insert into task (id, system_id, person_id, due_on, direction, made_at)
         select gen_random_uuid(), s.id, p.person_id, '2026-03-02', 'give', now() from it_system s, person_current p where s.key = 'fag'`,
      )
    })
    const plain = (await tasks(it)).rows
    const settled = await database.db.transaction(tx =>
      settle(tx, it, { tasks: plain.map(({ id, version }) => ({ id, version })), note: 'Begge' }, town.when),
    )
    expect(settled.tasks).toHaveLength(2)
    expect(await rows(`select 1 from task_evidence where kind = 'note'`)).toHaveLength(2)
  })

  test('of other units are not the leader’s; one’s own are everybody’s', async () => {
    const other = actor(['manager'], { units: ['00000000-0000-7000-8000-000000000001'] })
    expect((await tasks(other)).total).toBe(0)
    expect((await things(other)).total).toBe(0)
    const [who] = await rows<{ id: string }>(`select person_id as id from person_current where given_name = 'p1'`)
    const own = await database.db.snapshot(tx => ownEquipment(tx, who!.id, town.clock.today()))
    expect(own.map(one => [one.thing.name, one.state]).sort()).toEqual([
      ['Nøgle', 'ordered'],
      ['Telefon', 'ordered'],
    ])
  })

  test('that are late are overdue, and what is in stock is counted', async () => {
    await database.db.transaction(tx =>
      tx.query(`update provisioning_order set state = 'done', done_at = now() - interval '1 year', task_id = null`),
    )
    await town.feed('hr', [cook('p1', { endsOn: '2026-03-02' })])
    await database.db.transaction(tx =>
      tx.query(`update provisioning_order set due_on = '2026-02-20' where action = 'take-back'`),
    )
    const it = actor(['it'])
    const answer = await things(it)
    expect(answer.counts).toMatchObject({ overdue: 2, out: 2 })
    expect(answer.rows[0]?.state).toBe('overdue')
    const phone = answer.rows.find(one => one.thing.name === 'Telefon')!.thing.id
    const who = { by: it.userId, now: town.when.now }
    expect(await database.db.transaction(tx => storeStock(tx, phone, 10, who))).toEqual({ before: null })
    expect((await things(it)).stock.find(one => one.thing.id === phone)).toMatchObject({
      owned: 10,
      out: 2,
      ordered: 0,
    })
    expect(await database.db.transaction(tx => storeStock(tx, it.userId, 1, who))).toBeNull()
  })
})

describe('whoever is named for the tasks of a system', () => {
  test('does them without any other role, with a file beside, and others see the file', async () => {
    const deputy = actor(['employee'], { tends: [systemId] })
    const nobody = actor(['employee'])
    const [task] = (await tasks(deputy)).rows
    expect((await tasks(nobody)).total).toBe(0)
    const file = { name: 'kvittering.txt', media: 'text/plain', content: Buffer.from('Udleveret') }
    await expect(database.db.transaction(tx => attach(tx, nobody, task!.id, file, town.when))).rejects.toMatchObject({
      problem: 'not-found',
    })
    const { id } = await database.db.transaction(tx => attach(tx, deputy, task!.id, file, town.when))
    await hand(deputy, task!)
    const [done] = (await tasks(actor(['it']), { state: 'done' })).rows
    expect(done!.evidence.map(one => one.kind).sort()).toEqual(['file', 'handover'])
    const asked = { taskId: task!.id, evidenceId: id }
    const read = (who: Actor) => database.db.snapshot(tx => evidenceView(tx, who, asked))
    expect(await read(nobody)).toBeNull()
    expect(Buffer.from((await read(actor(['auditor'])))!.base64, 'base64').toString()).toBe('Udleveret')
  })
})
