import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { planItemRow, rejectRow, runDetail, runRow, sourceRow } from '../../../../server/contract/feeds.ts'
import { createFeeds } from '../../../../server/feeds/feeds-service.ts'
import { maskRaw } from '../../../../server/feeds/reading/mask-raw.ts'
import { csvReader } from '../../../../server/feeds/reading/read-csv.ts'
import * as views from '../../../../server/feeds/runs/feeds-views.ts'
import { diffLines, labelOf, nameUnits, unitKeys } from '../../../../server/feeds/runs/show-diff.ts'
import { systemClock } from '../../../../server/platform/clock.ts'
import { silentLog } from '../../../../server/platform/log.ts'
import { testDatabase } from '../../../support/database.ts'
import { createScratch, csvFolder, csvOf, rowsOf, scratchSink, testKeyring } from '../scratch.ts'

const database = testDatabase()
const files = csvFolder()
let runId: string
let firstRun: string

beforeAll(async () => {
  await createScratch(database.db)
  const feeds = createFeeds({
    db: database.db,
    sinks: [scratchSink('unit')],
    readers: [csvReader],
    keyring: testKeyring,
    clock: systemClock,
    log: silentLog,
    secretOf: () => '',
  })
  await feeds.syncSources(files.declarations())
  files.write(csvOf(rowsOf(1000)))
  firstRun = (await feeds.run('hr', { trigger: 'setup' })).runId
  const rows = rowsOf(1000).map((row, n) => (n < 200 ? { ...row, name: `Ny ${n}` } : row))
  rows[900]!.name = ''
  files.write(csvOf(rows))
  runId = (await feeds.run('hr', { actor: { id: 'anna' } })).runId
})
afterAll(() => files.remove())

const see = <T>(work: Parameters<typeof database.db.snapshot<T>>[0]) => database.db.snapshot(work)

test('sources with freshness and what needs a person', async () => {
  const rows = z.array(sourceRow).parse(await see(tx => views.listSources(tx, new Date())))
  expect(rows).toMatchObject([
    {
      key: 'hr',
      health: 'act',
      records: 1000,
      missing: 0,
      running: null,
      lastRuns: [{ state: 'held' }, { state: 'done' }],
    },
  ])
})

test('runs, newest first, filtered in the database', async () => {
  const all = await see(tx => views.listRuns(tx, { offset: 0, limit: 50 }))
  expect(
    z
      .array(runRow)
      .parse(all.rows)
      .map(run => run.id),
  ).toEqual([runId, firstRun])
  const held = await see(tx => views.listRuns(tx, { state: 'held', offset: 0, limit: 50 }))
  expect(held).toMatchObject({ total: 1, rows: [{ id: runId, changed: 200, held: 200, rejected: 1 }] })
})

test('a run with its phases, counts, what was held and what came before', async () => {
  const detail = runDetail.parse(await see(tx => views.runDetail(tx, runId)))
  expect(detail).toMatchObject({
    state: 'held',
    startedBy: 'anna',
    heldBack: [{ guard: 'change', count: 200, limit: 100 }],
    byKind: [{ kind: 'unit', read: 1000, changed: 200, rejected: 1, unchanged: 799 }],
    earlier: [{ id: firstRun, added: 1000 }],
    decision: null,
  })
  expect(detail.phases.map(phase => phase.phase)).toEqual(['read', 'compare', 'apply', 'after'])
  expect(detail.heldHash).toMatch(/^[0-9a-f]{64}$/)
  await expect(see(tx => views.runDetail(tx, crypto.randomUUID()))).rejects.toMatchObject({ problem: 'not-found' })
})

test('the plan as a diff, searched and paged; the total is of all pages', async () => {
  const page = { offset: 0, limit: 10 }
  const held = await see(tx =>
    views.planItems(
      tx,
      runId,
      { state: 'held', ...page },
      { seeProtected: false, seePupils: true, seeBirthDates: false },
    ),
  )
  expect(held.total).toBe(200)
  expect(z.array(planItemRow).parse(held.rows)).toHaveLength(10)
  expect(held.rows[0]).toMatchObject({
    op: 'change',
    label: 'Ny 0',
    guard: 'change',
    changes: [{ attribute: 'name', before: 'Navn æøå 0', after: 'Ny 0' }],
  })
  const found = await see(tx =>
    views.planItems(
      tx,
      runId,
      { text: 'ny 17', ...page },
      { seeProtected: false, seePupils: true, seeBirthDates: false },
    ),
  )
  expect(found.rows.map(row => row.label).sort()).toEqual(
    ['Ny 17', ...rowsOf(10).map((_, n) => `Ny 17${n}`)].sort().slice(0, 10),
  )
  expect(found.total).toBe(11)
  const wild = await see(tx =>
    views.planItems(tx, runId, { text: '%', ...page }, { seeProtected: false, seePupils: true, seeBirthDates: false }),
  )
  expect(wild.total).toBe(0)
})

test('rejects with place and reason', async () => {
  const rejects = await see(tx => views.runRejects(tx, runId, { offset: 0, limit: 10 }))
  expect(z.array(rejectRow).parse(rejects.rows)).toMatchObject([
    { key: 'p900', reason: 'attribute-missing', at: 'people.csv:902', params: { attribute: 'name' } },
  ])
})

test('a CPR number is on no line, and a protected person is not named to those who may not see it', () => {
  const before = { givenName: 'Åse', familyName: 'Berg', cprHash: 'a', cprSealed: 's1', protected: true, email: 'a@b' }
  const after = { ...before, cprHash: 'b', cprSealed: 's2', familyName: 'Holm' }
  expect(diffLines(before, after, { seeProtected: false, seeBirthDates: true })).toEqual([
    { attribute: 'familyName', before: '•••', after: '•••' },
    { attribute: 'cpr', before: '•••', after: '•••' },
  ])
  expect(labelOf(before, after, false)).toBeNull()
  expect(labelOf(before, after, true)).toBe('Åse Holm')
  // Sealed anew is not changed.
  expect(diffLines(before, { ...before, cprSealed: 's3' }, { seeProtected: true, seeBirthDates: true })).toEqual([])
})

test('a birth date is hidden from those who may not see CPR numbers; a unit goes by its name', () => {
  const after = { name: 'Bo', birthDate: '2015-03-01', unit: '4711', payUnit: '9', parent: 'unheard-of' }
  const lines = diffLines(null, after, { seeProtected: true, seeBirthDates: false })
  expect(lines.find(line => line.attribute === 'birthDate')).toEqual({
    attribute: 'birthDate',
    before: null,
    after: '•••',
  })
  expect(unitKeys([{ changes: lines }]).sort()).toEqual(['4711', '9', 'unheard-of'])
  const names = nameUnits(lines, (key, pay) =>
    key === '4711' && !pay ? 'Nord' : key === '9' && pay ? 'Løn 9' : undefined,
  )
  expect(Object.fromEntries(names.map(line => [line.attribute, line.after]))).toMatchObject({
    unit: 'Nord (4711)',
    payUnit: 'Løn 9 (9)',
    parent: 'unheard-of',
    name: 'Bo',
  })
})

test('a rejected entry is kept without CPR numbers and personal values', () => {
  const masked = maskRaw({
    CPR: '0101701234',
    Note: 'cpr 010170-1234 ring',
    Mail: 'a@b.dk',
    Navn: 'Bo',
    Tom: '',
    telefon: null,
  })
  expect(masked).toEqual({ CPR: '•••', Note: 'cpr 010170-xxxx ring', Mail: '•••', Navn: 'Bo', Tom: '', telefon: null })
})

test('a run beside the middle of the runs before it', async () => {
  const detail = await see(tx => views.runDetail(tx, runId))
  expect(detail.compared.runs).toBe(1)
  expect(detail.compared.byKind.find(one => one.kind === 'unit')?.counts).toEqual(
    expect.arrayContaining([
      { name: 'added', now: 0, median: 1000 },
      { name: 'changed', now: 200, median: 0 },
    ]),
  )
  expect(detail.compared.seconds.now).toBeGreaterThanOrEqual(0)
  expect(detail).toMatchObject({ mode: 'full', ends: null, retry: null, mayRetry: false })
})
