import { expect, it } from 'vitest'
import { planRecords, takeRecords } from '../../../../server/register/records/record-service.ts'
import { recordsOn } from '../../../../server/register/records/record-store.ts'
import { seedVocabularies } from '../../../../server/register/vocabulary/vocabulary-store.ts'
import { assessedActivities, logged, protectedSystems, said } from '../../../../server/setup/records.ts'
import { actor } from '../../../support/actors.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, municipality, system, unit } from '../../../support/municipality.ts'
import { activityInForce } from '../../../support/register.ts'

const database = testDatabase()
const today = '2026-03-02'
const now = new Date('2026-03-02T09:00:00Z')

it('a file names systems and activities as people do; what stands there already, is unknown or another’s is said', async () => {
  await database.reset()
  const town = municipality(database.db)
  await town.feed('hr', [unit('100', { name: 'Kommunen', unitKind: 'unit' })])
  await town.feed('systems', [
    system('care', { name: 'Omsorg' }),
    system('post', { name: 'Post' }),
    entitlement('care/journal', { name: 'Journal', sensitivity: 'special' }),
  ])
  await database.db.transaction(async tx => {
    await seedVocabularies(tx)
    const id = await activityInForce(tx, { ref: 'BA-1', name: 'Pleje', rows: [{ subject: 'ELD', data: 'HEA' }] })
    await tx.query(`update activity_version set content = content || '{"transfers": []}' where activity_id = $1`, [id])
  })
  const line = (over: object) => ({
    ...{ line: 2, kind: 'dpia' as const, system: null, activity: null, onDay: '2026-01-05', nextDue: null },
    ...{ reference: 'Sag 1', note: null },
    ...over,
  })
  const told = [
    line({ system: 'OMSORG' }),
    line({ line: 3, activity: 'ba-1' }),
    line({ line: 4, activity: 'Pleje' }),
    line({ line: 5, system: 'Ukendt' }),
    line({ line: 6, system: 'post' }),
  ]
  const take = (by: ReturnType<typeof actor>) =>
    database.db.transaction(async tx => {
      const ctx = { tx, actor: by, today, now }
      const planned = await planRecords(ctx, { told, bad: [] })
      await takeRecords(ctx, 'liste.csv', planned)
      return planned
    })
  const [care] = await database.db.snapshot(tx =>
    tx.query<{ id: string }>(`select id from it_system where key = 'care'`),
  )
  const owner = await take(actor(['systemowner'], { systems: [care!.id] }))
  expect(owner).toMatchObject({ rows: 5, taken: 1, known: 0 })
  expect(owner.bad.map(one => `${one.line} ${one.what}`)).toEqual([
    ...['3 not-allowed', '4 not-allowed', '5 unknown-system', '6 not-allowed'],
  ])
  const admin = await take(actor(['it']))
  // The same said by ref and by name is one record.
  expect(admin).toMatchObject({ taken: 2, known: 2, bad: [{ line: 5, what: 'unknown-system' }] })
  expect(await database.db.snapshot(tx => recordsOn(tx, today))).toHaveLength(3)
  expect(await database.db.snapshot(tx => recordsOn(tx, '2026-01-04'))).toEqual([])

  // The demonstration takes its list in by the same door.
  await database.db.transaction(async tx => {
    const systems = await protectedSystems(tx, today)
    expect(systems.map(one => one.key)).toEqual(['care'])
    expect(await assessedActivities(tx, today)).toEqual([{ ref: 'BA-1', vulnerable: true, transfers: false }])
    await logged({ tx, actor: actor(['it']), today, now }, systems)
    const [sheet] = await tx.query<{ log: string }>(
      `select sheet ->> 'logKept' as log from it_system where key = 'care'`,
    )
    expect(sheet?.log).toBe('changes-and-lookups')
    expect(said('dpia', { activity: 'BA-1' }, 0, today)[0]!.onDay < today).toBe(true)
  })
})
