import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { cutoverOf, onTimeUntil, withEarlyStarts } from '../../../server/orders/cutover.ts'
import { storeCutover, unitCutover } from '../../../server/orders/cutover-store.ts'
import { claimOrders } from '../../../server/orders/dispatch-store.ts'
import { planOrdersOf } from '../../../server/orders/order-service.ts'
import { newId } from '../../../server/platform/ids.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../support/municipality.ts'

describe('the hours of a unit', () => {
  test('are each those of the nearest unit that says it', () => {
    const said = new Map([
      ['top', { startsFromHour: 22, endsUntilHour: 6 }],
      ['home', { startsFromHour: null, endsUntilHour: 8 }],
    ])
    expect(cutoverOf(['top', 'home'], said)).toEqual({ startsFromHour: 22, endsUntilHour: 8 })
    expect(cutoverOf(['top'], said)).toEqual({ startsFromHour: 22, endsUntilHour: 6 })
    expect(cutoverOf(['other'], said)).toEqual({ startsFromHour: null, endsUntilHour: null })
    const day = new Date('2026-03-02T00:00:00+01:00')
    expect(onTimeUntil(day, { endsUntilHour: 8 }).toISOString()).toBe('2026-03-02T07:00:00.000Z')
    expect(onTimeUntil(day, { endsUntilHour: null })).toEqual(day)
  })

  test('move what opens on such a first day by one day, and nothing else', () => {
    fc.assert(
      fc.property(fc.constantFrom('enable', 'grant', 'create', 'revoke', 'hand-out'), fc.boolean(), (action, early) => {
        const wish = { personId: 'p', dueOn: '2026-03-01', action } as never
        const [out] = withEarlyStarts([wish], early ? [{ personId: 'p', startsOn: '2026-03-01' }] : [])
        const moved = early && (action === 'enable' || action === 'grant')
        expect(out?.dueOn).toBe(moved ? '2026-02-28' : '2026-03-01')
      }),
    )
  })
})

describe('orders of a unit with hours of its own', () => {
  const database = testDatabase()
  let town: ReturnType<typeof municipality>
  const rows = <Row>(sql: string) => database.db.snapshot(tx => tx.query<Row>(sql))
  const nurse = (key: string, more: object) =>
    job(`j-${key}`, key, { unit: '110', title: 'Kok', position: 'kok', ...more })
  beforeEach(async () => {
    await database.reset()
    town = municipality(database.db)
    await town.feed('hr', [
      unit('100', { name: 'Kommunen' }),
      unit('110', { name: 'Plejehjemmet', parent: '100' }),
      position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
      person('p1'),
      person('p2'),
    ])
    await town.feed('kitos', [
      system('a', { name: 'a', reading: 'none' }),
      entitlement('a/x', { system: 'a', name: 'X', kind: 'role' }),
    ])
    await town.rules(`
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: [a/x], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
`)
    await database.db.transaction(tx => tx.query(`update it_system set rung = 'apply', rung_at = '2026-01-02'`))
    const [top] = await rows<{ id: string }>(`select unit_id as id from org_unit_current where name = 'Kommunen'`)
    await database.db.transaction(tx =>
      storeCutover(tx, top!.id, { startsFromHour: 22, endsUntilHour: 7 }, { by: newId(), now: town.when.now }),
    )
  })

  test('open the evening before, close the morning after, and stay so when planned again', async () => {
    await town.feed('hr', [nurse('p1', { startsOn: '2026-03-10' }), nurse('p2', { endsOn: '2026-03-20' })])
    const orders = () =>
      rows<{ action: string; due_on: string; next_try_at: Date | null }>(
        `select action, due_on, next_try_at from provisioning_order where due_on <> '2026-03-02' order by due_on`,
      )
    const wanted = [
      { action: 'grant', due_on: '2026-03-09', next_try_at: new Date('2026-03-09T21:00:00Z') },
      { action: 'revoke', due_on: '2026-03-20', next_try_at: new Date('2026-03-20T06:00:00Z') },
    ]
    expect(await orders()).toEqual(wanted)
    const again = await database.db.transaction(tx => planOrdersOf(tx, 'all', town.when))
    expect(again).toEqual({ made: 0, changed: 0, cancelled: 0 })
    const [one] = await rows<{ id: string }>(`select id from it_system where key = 'a'`)
    const claim = (now: string) =>
      database.db.transaction(async tx => {
        await tx.query(`update provisioning_order set state = 'planned', task_id = null where state = 'task'`)
        return claimOrders(tx, {
          ...{ systemId: one!.id, actions: ['grant'], limit: 10, today: '2026-03-09', leaseSeconds: 600 },
          now: new Date(now),
        })
      })
    const before = await claim('2026-03-09T20:59:00Z')
    expect(await claim('2026-03-09T21:00:01Z')).toHaveLength(1)
    // Only the grant of today's own, without an hour, went before that.
    expect(before).toHaveLength(1)
    const [home] = await rows<{ id: string }>(`select unit_id as id from org_unit_current where name = 'Plejehjemmet'`)
    expect(await database.db.snapshot(tx => unitCutover(tx, home!.id))).toEqual({
      own: { startsFromHour: null, endsUntilHour: null },
      counts: { startsFromHour: 22, endsUntilHour: 7 },
    })
  })
})
