import iconv from 'iconv-lite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { testDatabase } from '../../support/database.ts'
import {
  createScratch,
  csvFolder,
  csvOf,
  readScratch,
  rowsOf,
  scratchSink,
  shiftedCsv,
  testKeyring,
} from './scratch.ts'

const database = testDatabase()
const files = csvFolder()

beforeAll(async () => {
  await createScratch(database.db)
})
beforeEach(async () => {
  await database.reset()
})
afterAll(() => files.remove())

async function feeds(sink = scratchSink('unit')) {
  const made = createFeeds({
    db: database.db,
    sinks: [sink],
    readers: [csvReader],
    keyring: testKeyring,
    clock: systemClock,
    log: silentLog,
    secretOf: () => '',
  })
  await made.syncSources(files.declarations())
  return made
}

const live = async () => (await readScratch(database.db)).filter(row => !row.gone)

/** One read of 1,000 people that went well: what every guard is judged against. */
async function loaded(count = 1000) {
  const made = await feeds()
  files.write(csvOf(rowsOf(count)))
  const first = await made.run('hr')
  expect(first).toMatchObject({ state: 'done', read: count, added: count, applied: count, heldBack: [] })
  return made
}

test('a first read adds everything, the same read again changes nothing', async () => {
  const made = await loaded()
  const again = await made.run('hr')
  expect(again).toMatchObject({ state: 'done', read: 1000, added: 0, changed: 0, unchanged: 1000, gone: 0, applied: 0 })
  const rows = await live()
  expect(rows).toHaveLength(1000)
  expect(rows.every(row => row.writes === 1)).toBe(true)
})

test('a changed and a new record are carried out, with before and after kept in the plan', async () => {
  const made = await loaded()
  const rows = rowsOf(1001)
  rows[5]!.name = 'Nyt navn'
  files.write(csvOf(rows))
  const run = await made.run('hr')
  expect(run).toMatchObject({ added: 1, changed: 1, unchanged: 999, applied: 2, state: 'done' })
  const items = await database.db.snapshot(tx =>
    tx.query(
      `select i.op, i.key, i.before, i.after, i.state from plan_item i join plan p on p.id = i.plan_id
      where p.cause_id = $1 order by n`,
      [run.runId],
    ),
  )
  expect(items).toEqual([
    {
      op: 'change',
      key: 'p5',
      state: 'applied',
      before: { name: 'Navn æøå 5', unit: 'u5' },
      after: { name: 'Nyt navn', unit: 'u5' },
    },
    { op: 'add', key: 'p1000', state: 'applied', before: null, after: { name: 'Navn æøå 1000', unit: 'u0' } },
  ])
})

test('absence ends nothing until a second complete read; who comes back is returned', async () => {
  const made = await loaded()
  files.write(csvOf(rowsOf(990)))
  expect(await made.run('hr')).toMatchObject({ gone: 0, missing: 10, applied: 0, state: 'done' })
  expect(await live()).toHaveLength(1000)
  expect(await made.run('hr')).toMatchObject({ gone: 10, missing: 0, applied: 10, state: 'done' })
  expect(await live()).toHaveLength(990)
  files.write(csvOf(rowsOf(1000)))
  const back = await made.run('hr')
  expect(back.byKind.unit).toMatchObject({ returned: 10, added: 0 })
  expect(await live()).toHaveLength(1000)
})

test('one absence, then present again, counts as nothing', async () => {
  const made = await loaded()
  files.write(csvOf(rowsOf(990)))
  await made.run('hr')
  files.write(csvOf(rowsOf(1000)))
  expect(await made.run('hr')).toMatchObject({ missing: 0, unchanged: 1000 })
  files.write(csvOf(rowsOf(990)))
  expect(await made.run('hr')).toMatchObject({ gone: 0, missing: 10 })
})

test('a dry run plans and guards, and changes nothing', async () => {
  const made = await loaded()
  const rows = rowsOf(995)
  rows[1]!.name = 'Andet'
  files.write(csvOf(rows))
  const before = await readScratch(database.db)
  expect(await made.run('hr', { dryRun: true })).toMatchObject({
    dryRun: true,
    changed: 1,
    missing: 5,
    applied: 0,
    state: 'done',
  })
  expect(await readScratch(database.db)).toEqual(before)
  // It did not count as a read that missed the five, either.
  expect(await made.run('hr')).toMatchObject({ gone: 0, missing: 5, changed: 1 })
})

type Broken = [what: string, content: () => string | Buffer, state: string, reason: string]
const latin1AsUtf8 = (text: string): Buffer => Buffer.from(iconv.decode(Buffer.from(text, 'utf8'), 'latin1'), 'utf8')
const broken: Broken[] = [
  ['empty', () => csvOf([]), 'rejected', 'empty'],
  ['cut by 4 %', () => csvOf(rowsOf(960)), 'rejected', 'truncated'],
  ['cut to a third in the middle of a line', () => csvOf(rowsOf(1000)).slice(0, 9000), 'rejected', 'truncated'],
  ['shifted by a column', shiftedCsv, 'rejected', 'shifted'],
  ['read in the wrong encoding', () => latin1AsUtf8(csvOf(rowsOf(1000))), 'rejected', 'encoding'],
  ['of zero bytes', () => '', 'failed', 'source-incomplete'],
  [
    'in another encoding than declared',
    () => iconv.encode(csvOf(rowsOf(1000)), 'windows-1252'),
    'failed',
    'source-invalid',
  ],
  ['without a column', () => csvOf(rowsOf(1000)).replace('Enhed', 'Afdeling'), 'failed', 'source-invalid'],
]
test.each(broken)('a file %s changes nothing', async (_what, content, state, reason) => {
  const made = await loaded()
  const before = await readScratch(database.db)
  for (const _ of [1, 2, 3]) {
    files.write(content())
    const run = await made.run('hr')
    expect(run.state).toBe(state)
    expect(run.applied).toBe(0)
    expect(state === 'failed' ? run.error?.code : run.heldBack.map(held => held.guard)).toEqual(
      state === 'failed' ? reason : expect.arrayContaining([reason]),
    )
  }
  expect(await readScratch(database.db)).toEqual(before)
  files.write(csvOf(rowsOf(1000)))
  expect(await made.run('hr')).toMatchObject({ state: 'done', unchanged: 1000, missing: 0 })
})

test('two columns that changed places pass every count, and are known by what their values look like', async () => {
  const made = await loaded()
  const before = await readScratch(database.db)
  files.write(csvOf(rowsOf(1000).map(row => ({ ...row, name: row.unit, unit: row.name }))))
  expect(await made.run('hr')).toMatchObject({
    state: 'rejected',
    applied: 0,
    heldBack: [
      { guard: 'format', part: 'unit.name' },
      { guard: 'format', part: 'unit.unit' },
    ],
  })
  expect(await readScratch(database.db)).toEqual(before)
})

test('a file older than the last one read is a stale copy', async () => {
  const made = await loaded()
  const { utimesSync } = await import('node:fs')
  utimesSync(files.path, new Date('2020-01-01'), new Date('2020-01-01'))
  expect(await made.run('hr')).toMatchObject({ state: 'rejected', heldBack: [{ guard: 'stale' }] })
})

test('a mass change is held back, what is beside it goes through, a second person lets it through', async () => {
  const made = await loaded()
  const rows = rowsOf(1001).map((row, n) => (n < 200 ? { ...row, name: `${row.name} ny` } : row))
  files.write(csvOf(rows))
  const run = await made.run('hr', { actor: { id: 'anna' } })
  expect(run).toMatchObject({
    state: 'held',
    changed: 200,
    added: 1,
    applied: 1,
    heldBack: [{ guard: 'change', part: 'unit change', count: 200, limit: 100 }],
  })
  expect((await live()).filter(row => row.name.endsWith(' ny'))).toHaveLength(0)
  const hash = run.heldHash!
  await expect(made.approveHeld(run.runId, { id: 'anna' }, { hash })).rejects.toMatchObject({
    problem: 'second-person-needed',
  })
  await expect(made.approveHeld(run.runId, { id: 'bo' }, { hash: 'other' })).rejects.toMatchObject({
    problem: 'plan-stale',
  })
  expect(await made.approveHeld(run.runId, { id: 'bo' }, { hash })).toMatchObject({ state: 'done', applied: 201 })
  expect((await live()).filter(row => row.name.endsWith(' ny'))).toHaveLength(200)
  await expect(made.approveHeld(run.runId, { id: 'bo' }, { hash })).rejects.toMatchObject({ problem: 'plan-stale' })
})

test('changes that hit one unit hold back that unit only', async () => {
  const made = await loaded()
  const rows = rowsOf(1000).map((row, n) => (row.unit === 'u3' && n < 900 ? { ...row, name: `${row.name} ny` } : row))
  rows[0]!.name = 'Fri'
  files.write(csvOf(rows))
  expect(await made.run('hr')).toMatchObject({
    state: 'held',
    applied: 1,
    heldBack: [{ guard: 'change-part', part: 'unit change: u3', count: 45, limit: 25 }],
  })
})

test('a newer run takes the place of what waited; a rejection changes nothing', async () => {
  const made = await loaded()
  files.write(csvOf(rowsOf(1000).map((row, n) => (n < 200 ? { ...row, name: `x${n}` } : row))))
  const first = await made.run('hr')
  const second = await made.run('hr')
  expect(second.heldHash).toBe(first.heldHash)
  await expect(made.approveHeld(first.runId, { id: 'bo' }, { hash: first.heldHash! })).rejects.toMatchObject({
    problem: 'plan-stale',
  })
  expect(await made.rejectHeld(second.runId, { id: 'bo' }, { hash: second.heldHash! })).toMatchObject({
    state: 'done',
    applied: 0,
  })
  expect((await live()).some(row => row.name.startsWith('x'))).toBe(false)
})

test('a mass of leavers waits for a person even after two complete reads, also where no other guard stands', async () => {
  const open = csvFolder('guards: { truncated: false, hole: false }')
  const made = await feeds()
  await made.syncSources(open.declarations())
  open.write(csvOf(rowsOf(1000)))
  await made.run('hr')
  open.write(csvOf(rowsOf(600)))
  expect(await made.run('hr')).toMatchObject({ state: 'done', missing: 400, gone: 0 })
  expect(await made.run('hr')).toMatchObject({
    state: 'held',
    gone: 400,
    applied: 0,
    heldBack: [{ guard: 'gone', part: 'unit gone', count: 400, limit: 50 }],
  })
  expect(await live()).toHaveLength(1000)
  open.remove()
})

test('a person who confirms that records have left need not wait for the second read', async () => {
  const made = await loaded()
  await made.confirmMissing('hr', 'unit', ['p999'], { id: 'anna' })
  files.write(csvOf(rowsOf(998)))
  expect(await made.run('hr')).toMatchObject({ gone: 1, missing: 1, applied: 1 })
  expect(await live()).toHaveLength(999)
})

test('a line that does not parse is rejected alone, and nobody is taken for gone by it', async () => {
  const made = await loaded()
  const rows = rowsOf(1000)
  rows[7]!.name = ''
  files.write(`${csvOf(rows).trimEnd()};for mange\n`)
  expect(await made.run('hr')).toMatchObject({ state: 'done', rejected: 2, unchanged: 998, missing: 0 })
  const rejects = await database.db.snapshot(tx => tx.query('select kind, key, reason, at from feed_reject order by n'))
  expect(rejects).toEqual([
    { kind: 'unit', key: 'p7', reason: 'attribute-missing', at: 'people.csv:9' },
    { kind: 'unit', key: 'p999', reason: 'columns-wrong', at: 'people.csv:1001' },
  ])
})

test('a key that comes twice: the first stands, the other is rejected by name', async () => {
  const made = await loaded()
  files.write(csvOf([...rowsOf(1000), { id: 'p3', name: 'Dobbelt', unit: 'u1' }]))
  expect(await made.run('hr')).toMatchObject({ rejected: 1, changed: 0 })
  expect(await database.db.snapshot(tx => tx.query('select key, reason from feed_reject'))).toEqual([
    { key: 'p3', reason: 'key-twice' },
  ])
})

test('two processes that read the same source: one does, the other is told', async () => {
  await loaded()
  let release = () => {}
  const gate = new Promise<void>(resolve => {
    release = resolve
  })
  const slow = await feeds(scratchSink('unit', () => gate))
  const other = await feeds()
  files.write(csvOf(rowsOf(1001)))
  const running = slow.run('hr')
  await expect
    .poll(async () => database.db.snapshot(tx => tx.query(`select phase from feed_run where state = 'running'`)))
    .toEqual([{ phase: 'apply' }])
  await expect(other.run('hr')).rejects.toMatchObject({ problem: 'run-in-progress' })
  release()
  expect(await running).toMatchObject({ state: 'done', added: 1, applied: 1 })
  expect(await other.run('hr')).toMatchObject({ state: 'done', unchanged: 1001 })
})

test('a sink that throws fails the run, and what was not carried out is planned again', async () => {
  await loaded()
  const broken = await feeds(scratchSink('unit', async () => Promise.reject(new Error('out of order'))))
  files.write(csvOf(rowsOf(1003)))
  expect(await broken.run('hr')).toMatchObject({
    state: 'failed',
    applied: 0,
    error: { code: 'unexpected', said: { code: 'unforeseen' } },
  })
  expect(await live()).toHaveLength(1000)
  expect(await (await feeds()).run('hr')).toMatchObject({ state: 'done', added: 3, applied: 3 })
})

test('a disk that fills up while a run is applied is said in one sentence, in the run itself', async () => {
  const full = scratchSink('unit', async () => {
    // The real server says it as it would of a full disk.
    await database.db.transaction(tx =>
      tx.query(`do $$ begin raise 'could not extend file' using errcode = '53100'; end $$`),
    )
  })
  const made = await feeds(full)
  files.write(csvOf(rowsOf(10)))
  const run = await made.run('hr')
  expect(run).toMatchObject({ state: 'failed', error: { code: 'database-unavailable', said: { code: 'disk-full' } } })
  expect(run.error?.detail).toMatch(/^The disk is full\. Free some space/)
  expect(await live()).toHaveLength(0)
})
