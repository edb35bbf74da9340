import { expect, it } from 'vitest'
import type { systemGap } from '../../../../server/contract/lists.ts'
import { systemsView } from '../../../../server/overview/systems-views.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { type By, saveSheet } from '../../../../server/systems/catalogue/sheet-service.ts'
import { testDatabase } from '../../../support/database.ts'
import { municipality, system } from '../../../support/municipality.ts'

const database = testDatabase()
const today = '2026-03-02'
const when = { now: new Date(`${today}T09:00:00Z`), today }
const by: By = { actor: { kind: 'user', userId: newId(), personId: null, function: 'it' }, may: () => true }
const it_ = {
  ...{ userId: newId(), personId: newId(), displayName: 'x', kind: 'local', roles: ['employee', 'it'], units: [] },
  ...{ actingFor: [], schools: [], systems: [], until: null, via: 'local', secondFactor: null },
} as unknown as Actor
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)
const lacking = async (gap: (typeof systemGap.options)[number]) =>
  (
    await read(tx => systemsView(tx, it_, { gap, sort: 'name', descending: false, offset: 0, limit: 200 }, today))
  ).rows.map(row => row.key)

it('which contract of a system runs, and which of its days is near', async () => {
  const town = municipality(database.db)
  await town.feed('katalog', [system('loen', { name: 'Løn', status: 'in-use' })])
  const [{ id }] = (await read(tx => tx.query('select id from it_system'))) as [{ id: string }]
  let version = 1
  const of = async (contract: object | null) => {
    const set = { contracts: contract ? [{ name: 'Drift', ...contract }] : null }
    version = (await database.db.transaction(tx => saveSheet(tx, by, when, id, { version, set, reason: null }))).version
    const gaps = ['no-contract', 'notice-30', 'notice-60', 'notice-90'] as const
    const found = await Promise.all(gaps.map(async gap => ((await lacking(gap)).includes('loen') ? [gap] : [])))
    return found.flat()
  }
  expect(await of(null)).toEqual(['no-contract'])
  // Runs until somebody gives notice, which may be any day.
  expect(await of({ noticeMonths: 6 })).toEqual([])
  // No notice is known: the end itself is reminded of, to the day 90 days before.
  expect(await of({ to: '2026-03-20' })).toEqual(['notice-30'])
  expect(await of({ to: '2026-05-31' })).toEqual(['notice-90'])
  expect(await of({ to: '2026-06-01' })).toEqual([])
  // Notice has passed and it ends: said once more before the end. One that continues by itself does not end.
  expect(await of({ to: '2026-04-15', noticeMonths: 3 })).toEqual(['notice-60'])
  expect(await of({ to: '2026-04-15', noticeMonths: 3, renewal: 'automatic' })).toEqual([])
  expect(await of({ to: '2026-04-15', noticeMonths: 1, renewal: 'automatic' })).toEqual(['notice-30'])
  expect(await of({ to: '2026-04-15', renewal: 'automatic' })).toEqual(['notice-60'])
  // Its period is over: it is in force where it continues by itself, and not where somebody has to extend it.
  expect(await of({ to: '2026-03-01', renewal: 'automatic' })).toEqual([])
  expect(await of({ to: '2026-03-01', renewal: 'option' })).toEqual(['no-contract'])
  // It has been signed and does not run yet.
  expect(await of({ from: '2026-03-03', to: '2028-03-03' })).toEqual(['no-contract'])
  expect(await of({ from: '2026-03-02', to: '2028-03-03' })).toEqual([])
})
