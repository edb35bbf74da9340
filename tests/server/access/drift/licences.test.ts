import { beforeEach, expect, test } from 'vitest'
import { findingsView, findingView } from '../../../../server/access/drift/findings-views.ts'
import { changeEntitlementValues } from '../../../../server/access/entitlements/entitlement-service.ts'
import { entitlementsView } from '../../../../server/access/entitlements/entitlement-views.ts'
import { stampOf } from '../../../../server/systems/entitlements/entitlement-store.ts'
import { testDatabase } from '../../../support/database.ts'
import { job } from '../../../support/municipality.ts'
import { acc, driftTown, findingsOf, members } from './drift-town.ts'

const database = testDatabase()
beforeEach(() => database.reset())
type Town = Awaited<ReturnType<typeof driftTown>>

/** Says the cap on the page of the right, as its owner does. */
const say = (
  town: Town,
  values: { licenceCap?: number | null; licenceCounts?: 'people-held' | 'accounts-held' | 'people-expected' },
) =>
  database.db.transaction(async tx => {
    const id = town.rights['a/read']!
    const stamp = await stampOf(tx, id)
    await changeEntitlementValues(
      tx,
      id,
      { stamp, reason: 'Ny aftale', values },
      { actor: town.actors.it, ...town.when },
    )
  })
const over = async () => (await findingsOf(database.db)).filter(line => line.startsWith('licence-over'))
const details = () =>
  database.db.snapshot(async tx =>
    (
      await tx.query<{ detail: object }>(`select detail from finding where closed_at is null and code = 'licence-over'`)
    ).map(row => row.detail),
  )
const listed = (town: Town) =>
  database.db.snapshot(async tx => {
    const query = { lack: 'over-cap' as const, retired: false, offset: 0, limit: 50 }
    return (await entitlementsView(tx, town.actors.it, query)).rows.map(row => [row.key, row.licence])
  })

test('a licence held by more than it has room for, from the moment that the cap is said; not by as many as it has', async () => {
  const town = await driftTown(database.db)
  await say(town, { licenceCap: 2 })
  expect(await over()).toEqual([])
  await say(town, { licenceCap: 1 })
  expect(await over()).toEqual(['licence-over a/read'])
  expect(await details()).toEqual([{ holders: 2, cap: 1, counts: 'people-held' }])
  await say(town, { licenceCap: 2 })
  expect(await over()).toEqual([])
  await say(town, { licenceCap: 0 })
  await say(town, { licenceCap: null })
  expect(await over()).toEqual([])
})

test('the finding and the list of rights over their cap count the same: people, accounts, or who should have it', async () => {
  const town = await driftTown(database.db)
  // Held by one person twice, by an account of nobody, and no longer by bo, who should hold it.
  await town.feed('ad', [
    acc('ann2', { employeeNo: 'e-ann' }),
    acc('robot', { accountKind: 'service', employeeNo: '' }),
    members('a/read', ['ann', 'ann2', 'robot']),
  ])
  for (const [licenceCounts, used] of [
    ['people-held', 1],
    ['accounts-held', 3],
    ['people-expected', 2],
  ] as const) {
    await say(town, { licenceCounts, licenceCap: used })
    expect([licenceCounts, await over(), await listed(town)]).toEqual([licenceCounts, [], []])
    await say(town, { licenceCap: used - 1 })
    expect(await details()).toEqual([{ holders: used, cap: used - 1, counts: licenceCounts }])
    expect(await listed(town)).toEqual([['a/read', { cap: used - 1, used, counts: licenceCounts }]])
  }
})

test('it comes and goes with what is counted, also where nobody is behind the account or nothing is seen', async () => {
  const town = await driftTown(database.db)
  await town.feed('ad', [acc('robot', { accountKind: 'service', employeeNo: '' })])
  await say(town, { licenceCap: 2, licenceCounts: 'accounts-held' })
  await town.feed('ad', [members('a/read', ['ann', 'bo', 'robot'])])
  expect(await over()).toEqual(['licence-over a/read'])
  await town.feed('ad', [members('a/read', ['ann', 'bo'])])
  expect(await over()).toEqual([])
  await say(town, { licenceCounts: 'people-expected' })
  await town.feed('hr', [job('e-cia', 'cia', { unit: '110', title: 'Kok' })])
  expect(await over()).toEqual(['licence-over a/read'])
  await town.feed('hr', [job('e-cia', 'cia', { unit: '120', title: 'Assistent', endsOn: '2026-01-01' })])
  expect(await over()).toEqual([])
})

test('it leads to the right and to its system', async () => {
  const town = await driftTown(database.db)
  await say(town, { licenceCap: 1 })
  const found = await database.db.snapshot(async tx => {
    const list = await findingsView(
      tx,
      town.actors.owner,
      { counted: true, offset: 0, limit: 5 },
      async () => new Map(),
    )
    return findingView(tx, town.actors.owner, list.rows[0]!.id, async () => new Map())
  })
  expect([found?.entitlement?.id, found?.system?.id]).toEqual([town.rights['a/read'], town.systems.a])
})
