import { beforeEach, expect, it } from 'vitest'
import type { Db } from '../../../../server/platform/unit-of-work.ts'
import { syncDated } from '../../../../server/register/records/dated-findings.ts'
import type { RecordKind } from '../../../../server/register/records/dated-record.ts'
import { RECORD_KINDS } from '../../../../server/register/records/dated-record.ts'
import { addRecords, endRecord, setKept } from '../../../../server/register/records/record-store.ts'
import { seedVocabularies } from '../../../../server/register/vocabulary/vocabulary-store.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, municipality, system, unit } from '../../../support/municipality.ts'
import { activityInForce } from '../../../support/register.ts'

const database = testDatabase()
const today = '2026-03-02'
const now = new Date('2026-03-02T09:00:00Z')
const told = { by: 'test', now, origin: 'manual' as const }
let ids: Record<string, string>

/** One system with sensitive rights that somebody else runs, one without, and two records of processing. */
beforeEach(async () => {
  await database.reset()
  const town = municipality(database.db)
  await town.feed('hr', [unit('100', { name: 'Kommunen', unitKind: 'unit' })])
  await town.feed('systems', [
    system('care', { name: 'Omsorg', supplier: 'Drift A/S', hosting: 'saas' }),
    system('post', { name: 'Post', supplier: 'Post A/S', hosting: 'saas' }),
    entitlement('care/journal', { name: 'Journal', sensitivity: 'special' }),
    entitlement('post/mail', { name: 'Mail', sensitivity: 'personal' }),
  ])
  await database.db.transaction(async tx => {
    await seedVocabularies(tx)
    const care = await activityInForce(tx, {
      ...{ ref: 'BA-1', name: 'Pleje', rows: [{ subject: 'ELD', data: 'HEA' }], kle: ['27'] },
    })
    const photos = await activityInForce(tx, {
      ...{ ref: 'BA-2', name: 'Billeder', rows: [{ subject: 'CITZ', data: 'CON' }] },
      purposes: [{ key: 'main', name: 'Billeder på nettet', art6: '6.1.a' }],
    })
    await tx.query(`update activity_version set content = content || $2 where activity_id = $1`, [
      photos,
      JSON.stringify({
        transfers: [{ recipient: 'Sky Inc', country: 'US', ground: '46.2.c', document: null, from: null, to: null }],
      }),
    ])
    const systems = await tx.query<{ key: string; id: string }>('select key, id from it_system')
    ids = { care, photos, ...Object.fromEntries(systems.map(row => [`system ${row.key}`, row.id])) }
  })
})

const keep = (...kinds: RecordKind[]) =>
  database.db.transaction(async tx => {
    for (const kind of kinds) await setKept(tx, { kind, kept: true, by: 'test', now })
    await syncDated(tx, today)
  })
const add = (
  kind: RecordKind,
  about: { systemId?: string; activityId?: string },
  onDay: string,
  nextDue: string | null,
) =>
  database.db.transaction(async tx => {
    const record = { kind, systemId: null, activityId: null, onDay, nextDue, reference: 'Sag 1', note: null, ...about }
    const [id] = await addRecords(tx, [record], told)
    await syncDated(tx, today)
    return id!
  })
const found = async (db: Db = database.db) =>
  (
    await db.snapshot(tx =>
      tx.query<{ line: string }>(
        `select f.code || ' ' || split_part(f.cause, ':', 1) || ' ' || coalesce(s.key, g.ref) as line from finding f
         left join it_system s on s.id = f.system_id left join activity g on g.id = f.activity_id where f.closed_at is null order by 1`,
      ),
    )
  ).map(row => row.line)

it('is quiet about what is kept elsewhere, and finds each kind once it is kept here', async () => {
  await database.db.transaction(tx => syncDated(tx, today))
  expect(await found()).toEqual([])
  await keep(...RECORD_KINDS)
  expect(await found()).toEqual([
    'consent-unchecked consent-unchecked BA-2',
    'log-unchecked no-read-log care',
    'no-agreement no-agreement care',
    'no-dpia no-dpia BA-1',
    'no-transfer-ground ground-unproven BA-2',
  ])
})

it('F15: a log of lookups that is sampled in time is clean; without it no sample helps', async () => {
  await keep('log-sample')
  await add('log-sample', { systemId: ids['system care']! }, '2026-02-01', '2026-08-01')
  expect(await found()).toEqual(['log-unchecked no-read-log care'])
  await database.db.transaction(async tx => {
    await tx.query(`update it_system set sheet = sheet || '{"logKept": "lookups"}' where key = 'care'`)
    await syncDated(tx, today)
  })
  expect(await found()).toEqual([])
  await database.db.transaction(tx => syncDated(tx, '2026-08-02'))
  expect(await found()).toEqual(['log-unchecked sample-late care'])
})

it('F17: an agreement that is in time is clean; one that is overdue or ended is not; what the sheet says counts', async () => {
  await keep('processor-agreement')
  const id = await add('processor-agreement', { systemId: ids['system care']! }, '2025-01-01', '2026-03-02')
  expect(await found()).toEqual([])
  await database.db.transaction(tx => syncDated(tx, '2026-03-03'))
  expect(await found()).toEqual(['no-agreement agreement-late care'])
  await database.db.transaction(async tx => {
    await endRecord(tx, id, { on: today, reason: 'opsagt', by: 'test', now })
    await syncDated(tx, today)
  })
  expect(await found()).toEqual(['no-agreement no-agreement care'])
  for (const agreement of ['yes', 'irrelevant']) {
    await database.db.transaction(async tx => {
      await tx.query(`update it_system set sheet = sheet || $1 where key = 'care'`, [
        JSON.stringify({ contracts: [{ name: 'Aftale', agreement, to: null }] }),
      ])
      await syncDated(tx, today)
    })
    expect(await found()).toEqual([])
  }
})

it('F18: an assessment of the activity is clean until it is due or three years old', async () => {
  await keep('dpia')
  await add('dpia', { activityId: ids.care! }, '2024-01-01', null)
  expect(await found()).toEqual([])
  await database.db.transaction(tx => syncDated(tx, '2027-01-02'))
  expect(await found()).toEqual(['no-dpia dpia-late BA-1'])
})

it('F19: a ground that can be shown is clean; none at all never is', async () => {
  await keep('transfer-ground')
  await add('transfer-ground', { activityId: ids.photos! }, '2026-01-01', null)
  expect(await found()).toEqual([])
  await database.db.transaction(async tx => {
    await tx.query(
      `update activity_version set content = jsonb_set(content, '{transfers,0,ground}', 'null') where activity_id = $1`,
      [ids.photos],
    )
    await syncDated(tx, today)
  })
  expect(await found()).toEqual(['no-transfer-ground no-ground BA-2'])
})

it('F24: a control that is in time is clean', async () => {
  await keep('consent-control')
  await add('consent-control', { activityId: ids.photos! }, '2026-01-01', '2026-06-01')
  expect(await found()).toEqual([])
  await database.db.transaction(tx => syncDated(tx, '2026-06-02'))
  expect(await found()).toEqual(['consent-unchecked control-late BA-2'])
})
