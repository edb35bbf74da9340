import { beforeEach, expect, test } from 'vitest'
import { loadUser } from '../../../server/auth/actor-views.ts'
import { planOrdersOf } from '../../../server/orders/order-service.ts'
import { tasksView } from '../../../server/orders/task-views.ts'
import { newId } from '../../../server/platform/ids.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../support/municipality.ts'
import { actor } from './order-actor.ts'

/** A system's owner leaves: its tasks are not left lying. */
const database = testDatabase()
let town: ReturnType<typeof municipality>
const LEFT = { endsOn: '2026-02-01' }
const at = (key: string, more: object = {}) => job(`j-${key}`, key, { unit: '110', title: 'Chef', ...more })

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen' }),
    unit('110', { name: 'Fagområdet', parent: '100', manager: 'j-leder' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: ['Kok'] }),
    ...['ejer', 'ansvarlig', 'vikar', 'leder'].flatMap(key => [person(key), at(key)]),
    person('kok'),
    job('j-kok', 'kok', { unit: '100', title: 'Kok', position: 'kok' }),
  ])
  await town.feed('kitos', [
    system('fag', { name: 'Fag', reading: 'none', owner: 'j-ejer' }),
    entitlement('fag/x', { system: 'fag', name: 'X', kind: 'role' }),
  ])
  await town.rules(`
rules:
  - { key: cooks, name: Kokke, conditions: { position: kok }, entitlements: [fag/x], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
`)
  await database.db.transaction(async tx => {
    await tx.query(`update it_system s set rung = 'apply', rung_at = '2026-01-02',
      owner_affiliation_id = (select id from affiliation where key = 'j-ejer'),
      responsible_affiliation_id = (select id from affiliation where key = 'j-ansvarlig'),
      task_deputy_affiliation_id = (select id from affiliation where key = 'j-vikar') where s.key = 'fag'`)
    await tx.query(
      `insert into tool_user (id, kind, username, person_id) select $1, 'person', 'leder', person_id from person_current where given_name = 'leder'`,
      [LEADER],
    )
    await planOrdersOf(tx, 'all', town.when)
  })
})
const LEADER = newId()
async function whose() {
  const { rows } = await database.db.snapshot(tx =>
    tasksView(tx, actor(['it']), { state: 'open', coming: true, offset: 0, limit: 9 } as never, town.clock.today()),
  )
  const leader = await database.db.snapshot(tx => loadUser(tx, LEADER, town.clock.today()))
  const [row] = rows
  return [row?.doerAs, row?.doer?.name?.split(' ')[0] ?? null, row?.ownerLeft, leader?.base.tends?.length ?? 0]
}

test('the owner’s, then of who is responsible, the deputy, the unit’s manager, IT: as they leave one by one', async () => {
  expect(await whose()).toEqual(['owner', 'ejer', false, 0])
  await town.feed('hr', [at('ejer', LEFT)])
  expect(await whose()).toEqual(['responsible', 'ansvarlig', true, 0])
  await town.feed('hr', [at('ansvarlig', LEFT)])
  expect(await whose()).toEqual(['deputy', 'vikar', true, 0])
  await town.feed('hr', [at('vikar', LEFT)])
  expect(await whose()).toEqual(['manager', 'leder', true, 1])
  await town.feed('hr', [at('leder', LEFT)])
  expect(await whose()).toEqual(['it', null, true, 0])
})
