import { beforeEach, expect, test } from 'vitest'
import { rollFindings } from '../../../../server/access/drift/drift-day.ts'
import { forgetGated, syncOutliers } from '../../../../server/access/drift/outlier-store.ts'
import { putNotice } from '../../../../server/findings/finding-store.ts'
import { testDatabase } from '../../../support/database.ts'
import { job, person } from '../../../support/municipality.ts'
import { acc, driftTown, findingsOf, members } from './drift-town.ts'

const database = testDatabase()
beforeEach(() => database.reset())
/** With ann and bo six cooks in one kitchen: more than the five below whom nobody is compared. */
const COOKS = ['ann', 'bo', 'dan', 'eva', 'finn', 'gry']

async function kitchen() {
  const town = await driftTown(database.db)
  const others = COOKS.slice(2)
  await town.feed(
    'hr',
    others.flatMap(key => [person(key), job(`e-${key}`, key, { unit: '110', title: 'Kok' })]),
  )
  await town.feed('ad', [...others.map(key => acc(key)), members('a/read', COOKS)])
  return town
}
const notice = () =>
  database.db.transaction(tx =>
    putNotice(tx, { discussedOn: '2026-01-01', toldOn: '2026-01-15', reference: 'MED 1/2026' }, 'test', new Date()),
  )
const compare = () => database.db.transaction(tx => syncOutliers(tx))
const outliers = async () => (await findingsOf(database.db)).filter(line => line.startsWith('outlier'))

test('what all hold is nothing unusual, and before it has been discussed nobody is compared at all', async () => {
  const town = await kitchen()
  await notice()
  await compare()
  expect(await outliers()).toEqual([])
  await database.db.transaction(tx => tx.query('delete from finding_notice'))
  await town.feed('ad', [members('a/write', ['dan'])])
  await compare()
  expect(await outliers()).toEqual([])
})

test('one of six holds it: found with the figures, by its weight, and gone at once with the right', async () => {
  const town = await kitchen()
  await notice()
  await town.feed('ad', [members('a/write', ['dan'])])
  // Found by the night, not by the reading.
  expect(await outliers()).toEqual([])
  await database.db.transaction(tx => rollFindings(tx, '2026-03-03', new Date()))
  expect(await outliers()).toEqual(['outlier dan a/write'])
  const [found] = await database.db.snapshot(tx =>
    tx.query(
      `select f.severity, f.detail, u.key as unit from finding f join org_unit_current u on u.unit_id = f.unit_id
       where f.code = 'outlier' and f.closed_at is null`,
    ),
  )
  expect(found).toEqual({ severity: 'high', detail: { holders: 1, of: 6, why: 'group' }, unit: '110' })
  await town.feed('ad', [members('a/write', [])])
  expect(await outliers()).toEqual([])
})

test('held by two of six it is not unusual any more; what was found of people is deleted with the notice', async () => {
  const town = await kitchen()
  await notice()
  await town.feed('ad', [members('a/write', ['dan'])])
  await compare()
  await town.feed('ad', [members('a/write', ['dan', 'eva'])])
  await compare()
  expect(await outliers()).toEqual([])
  await town.feed('ad', [members('a/write', ['dan'])])
  await compare()
  expect(await outliers()).toEqual(['outlier dan a/write'])
  expect(await database.db.transaction(tx => forgetGated(tx))).toBe(2)
  expect(await database.db.snapshot(tx => tx.query(`select from finding where code = 'outlier'`))).toEqual([])
})
