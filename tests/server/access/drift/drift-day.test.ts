import { beforeEach, expect, test } from 'vitest'
import { rollFindings } from '../../../../server/access/drift/drift-day.ts'
import { countDay } from '../../../../server/findings/finding-store.ts'
import { watchFindings } from '../../../../server/jobs.ts'
import { fixedClock } from '../../../../server/platform/clock.ts'
import { testDatabase } from '../../../support/database.ts'
import { driftTown, findingsOf, members } from './drift-town.ts'

const database = testDatabase()
beforeEach(() => database.reset())
const now = new Date('2026-03-02T09:00:00Z')
const roll = (today: string) => database.db.transaction(tx => rollFindings(tx, today, now))
const counted = (today: string) =>
  database.db.snapshot(async tx =>
    (
      await tx.query<{ code: string; open: number }>('select code, open from finding_day where on_date = $1', [today])
    ).map(row => `${row.code} ${row.open}`),
  )

/** Bo's difference is accepted until the third of March; only the night says that it is open again. */
async function acceptedUntilMorning() {
  const town = await driftTown(database.db)
  await town.feed('ad', [members('a/read', ['ann']), members('a/write', ['cia'])])
  await database.db.transaction(tx =>
    tx.query(`update finding set state = 'accepted', until = '2026-03-03', decided_at = $1 where code = 'missing'`, [
      now,
    ]),
  )
}

test('a day whose findings were counted before its night has still to be rolled', async () => {
  await acceptedUntilMorning()
  await database.db.transaction(tx => countDay(tx, '2026-03-03'))
  expect(await counted('2026-03-03')).toEqual(['unexplained 1'])
  expect(await roll('2026-03-03')).toBe(true)
  expect(await findingsOf(database.db)).toEqual(['missing bo a/read', 'unexplained cia a/write'])
  expect((await counted('2026-03-03')).sort()).toEqual(['missing 1', 'unexplained 1'])
})

test('a day without a single finding is rolled once, and the next day again', async () => {
  await driftTown(database.db)
  expect([await roll('2026-03-02'), await roll('2026-03-02')]).toEqual([true, false])
  expect(await counted('2026-03-02')).toEqual([])
  expect([await roll('2026-03-03'), await roll('2026-03-03')]).toEqual([true, false])
})

test('a night that failed on its way has not been, and the next look makes up for it', async () => {
  await acceptedUntilMorning()
  await expect(
    database.db.transaction(async tx => {
      expect(await rollFindings(tx, '2026-03-03', now)).toBe(true)
      throw new Error('the process ends here')
    }),
  ).rejects.toThrow('the process ends here')
  expect(await findingsOf(database.db)).toContain('missing bo a/read accepted')
  await database.db.transaction(tx => countDay(tx, '2026-03-03'))
  await watchFindings({ db: database.db, clock: fixedClock('2026-03-03T07:20:00Z') })
  expect(await findingsOf(database.db)).toContain('missing bo a/read')
})
