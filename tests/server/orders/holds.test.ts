import { beforeEach, describe, expect, test } from 'vitest'
import { importRules, previewRules } from '../../../server/access/rules-change-service.ts'
import { HELD_ABOVE, isTooMany } from '../../../server/orders/hold-removals.ts'
import { letGo, lockHold } from '../../../server/orders/hold-store.ts'
import { planOrdersOf } from '../../../server/orders/order-service.ts'
import { countOrders } from '../../../server/orders/orders-ahead-store.ts'
import { ordersView } from '../../../server/orders/orders-views.ts'
import { arrangeTasks } from '../../../server/orders/task-store.ts'
import { noteAsker } from '../../../server/platform/asked-by.ts'
import { newId } from '../../../server/platform/ids.ts'
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
import { actor } from './order-actor.ts'

const database = testDatabase()
const PEOPLE = Array.from({ length: HELD_ABOVE + 2 }, (_, n) => `p${n}`)
let town: ReturnType<typeof municipality>
const rules = (rights: string, mapped = true) => `
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: ${rights}, validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
mappings: [{ source: ad, match: { cn: ${mapped ? 'g-x' : 'g-another'} }, entitlement: a/x }]
`
/** As the screen does it: with what follows from it. */
const change = (yaml: string) =>
  database.db.transaction(async tx => {
    const when = { ...town.when, after: AFTER_DECIDED }
    const { hash } = await previewRules(tx, yaml, when)
    const result = await importRules(tx, { yaml, hash, by: newId() }, when)
    if (!result.applied) throw new Error(`the rules were held: ${JSON.stringify(result).slice(0, 300)}`)
  })
const open = () =>
  database.db.snapshot(tx =>
    tx.query<{ action: string; state: string; held: boolean }>(
      `select action, state, hold_id is not null as held from provisioning_order
       where state in ('planned', 'task', 'sending', 'retry', 'parked')`,
    ),
  )
const seen = () =>
  database.db.snapshot(tx => ordersView(tx, actor(['it']), { offset: 0, limit: 50 } as never, town.clock.today()))

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    ...PEOPLE.flatMap(key => [person(key), job(`j-${key}`, key, { unit: '100', title: 'Kok', position: 'kok' })]),
  ])
  await town.feed('kitos', [
    system('a', { name: 'a', reading: 'groups' }),
    entitlement('a/x', { system: 'a', name: 'X', kind: 'role' }),
    entitlement('a/y', { system: 'a', name: 'Y', kind: 'role' }),
  ])
  await town.rules(rules('[a/x]'))
  await town.feed('ad', [
    ...PEOPLE.map(key =>
      account(key, { username: key, employeeNo: `j-${key}`, dn: `CN=${key},DC=test`, enabled: true }),
    ),
    group('x', { name: 'g-x', members: PEOPLE.map(key => `CN=${key},DC=test`) }),
  ])
  // The clock of the test stands: what was decided at this very instant was never held.
  await database.db.transaction(async tx => {
    await tx.query(`update assignment set reason_since = '2026-01-01'`)
    await tx.query(`update it_system set rung = 'apply', rung_at = '2026-01-02'`)
    await planOrdersOf(tx, 'all', town.when)
  })
  expect(await open()).toEqual([])
})

describe('removals of many at once', () => {
  test('wait for a person, who lets them go; until then nobody is asked to do them', async () => {
    await change(rules('[a/y]'))
    const removals = (await open()).filter(one => one.action === 'revoke')
    expect(removals).toHaveLength(PEOPLE.length)
    expect(removals.every(one => one.held && one.state === 'planned')).toBe(true)
    const { held, rows } = await seen()
    expect(held).toMatchObject([{ cause: 'rules', open: PEOPLE.length, people: PEOPLE.length, holders: PEOPLE.length }])
    expect(rows.filter(one => one.held)).toHaveLength(PEOPLE.length)
    await database.db.transaction(async tx => {
      const hold = await lockHold(tx, held[0]!.id)
      const people = await letGo(tx, hold!.id, { by: newId(), now: town.when.now, reason: 'Set efter' })
      await arrangeTasks(tx, people, town.when.now)
    })
    expect((await open()).filter(one => one.action === 'revoke').every(one => one.state === 'task')).toBe(true)
    expect((await seen()).held).toEqual([])
  })

  test('that come a few at a time count together; whoever asked for them is known', async () => {
    const half = Math.ceil(PEOPLE.length / 2)
    const by = newId()
    const leave = async (keys: string[]) => {
      await database.db.transaction(async tx => {
        noteAsker(tx, by)
        // As one who takes rights away bit by bit: each time fewer than anybody is asked about.
        await tx.query(
          `delete from assignment a using affiliation_current ac, person_current p
           where ac.affiliation_id = a.affiliation_id and p.person_id = ac.person_id and p.given_name = any($1)`,
          [keys],
        )
        await tx.query(
          `insert into assignment_history (affiliation_id, entitlement_id, derivation_id, constraints, held)
           select ac.affiliation_id, e.id, d.id, '[]', tstzrange('2026-01-01', $2::timestamptz)
           from affiliation_current ac join person_current p on p.person_id = ac.person_id and p.given_name = any($1),
             entitlement e, (select id from derivation limit 1) d where e.key = 'a/x'`,
          [keys, town.when.now],
        )
        await planOrdersOf(tx, 'all', { ...town.when, cause: 'test' })
      })
      return (await open()).filter(one => one.held).length
    }
    expect(await leave(PEOPLE.slice(0, half))).toBe(0)
    expect(await leave(PEOPLE.slice(half))).toBe(PEOPLE.length - half)
    const { held } = await seen()
    expect(held).toMatchObject([{ cause: 'many-small', open: PEOPLE.length - half, own: false }])
    const hold = await database.db.transaction(tx => lockHold(tx, held[0]!.id))
    expect(hold?.causedBy).toEqual([by])
    // What two have agreed to counts no more: the next few go their way.
    await database.db.transaction(tx => letGo(tx, hold!.id, { by: newId(), now: town.when.now, reason: 'Set efter' }))
    expect((await open()).some(one => one.held)).toBe(false)
  })

  test('are counted before they are made: what a change of rules would order', async () => {
    const ask = async (yaml: string) =>
      database.db.transaction(async tx => countOrders(tx, (await previewRules(tx, yaml, town.when)).differences))
    expect(await ask(rules('[a/y]'))).toEqual({ give: PEOPLE.length, take: PEOPLE.length, systems: 1 })
    expect(await ask(rules('[a/x]'))).toEqual({ give: 0, take: 0, systems: 0 })
    await change(rules('[a/y]'))
    const made = await open()
    expect(made.filter(one => one.action === 'grant')).toHaveLength(PEOPLE.length)
    expect(made.filter(one => one.action === 'revoke')).toHaveLength(PEOPLE.length)
    await database.db.transaction(tx => tx.query(`update it_system set rung = 'add'`))
    expect((await ask(rules('[a/x]'))).take).toBe(0)
    await database.db.transaction(tx => tx.query(`update it_system set rung = 'observe'`))
    expect(await ask(rules('[a/x]'))).toEqual({ give: 0, take: 0, systems: 0 })
  })

  test('fall away with what they followed from, without anybody', async () => {
    await change(rules('[a/y]'))
    await change(rules('[a/x]'))
    expect((await open()).filter(one => one.action === 'revoke')).toEqual([])
    expect((await seen()).held).toEqual([])
  })

  test('of few, of somebody who is locked, and what is planned for later go their way', async () => {
    await town.feed('hr', [job('j-p0', 'p0', { unit: '100', title: 'Andet', position: null })])
    expect(await open()).toMatchObject([{ action: 'revoke', state: 'task', held: false }])
    await town.feed(
      'hr',
      PEOPLE.slice(1).map(key =>
        job(`j-${key}`, key, { unit: '100', title: 'Kok', position: 'kok', endsOn: '2026-09-01' }),
      ),
    )
    const rows = await open()
    expect(rows).toHaveLength(PEOPLE.length)
    expect(rows.some(one => one.held)).toBe(false)
  })

  test('are many by number and by part', () => {
    expect(isTooMany(HELD_ABOVE, HELD_ABOVE)).toBe(false)
    expect(isTooMany(HELD_ABOVE + 1, HELD_ABOVE + 1)).toBe(true)
    expect(isTooMany(40, 1000)).toBe(false)
    expect(isTooMany(60, 1000)).toBe(true)
    expect(isTooMany(501, 100_000)).toBe(true)
  })
})

/** The clock of the test stands: what was seen at this very instant was never seen. */
const longSeen = () => database.db.transaction(tx => tx.query(`update observed_right set first_seen_at = '2026-01-01'`))

describe('a mapping that is taken away', () => {
  test('orders nothing for those who were seen to hold the right; put back, it is seen again', async () => {
    await longSeen()
    await change(rules('[a/x]', false))
    expect(await database.db.snapshot(tx => tx.query('select 1 from observed_right'))).toEqual([])
    expect(await open()).toEqual([])
    await change(rules('[a/x]'))
    expect(await open()).toEqual([])
    await longSeen()
    // What a reading says is no longer there is asked for.
    await town.feed('ad', [group('x', { name: 'g-x', members: PEOPLE.slice(1).map(key => `CN=${key},DC=test`) })])
    expect((await open()).map(one => one.action)).toEqual(['grant'])
  })
})
