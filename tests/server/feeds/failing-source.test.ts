import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { say } from '#contract/said.ts'
import { runDetail } from '../../../server/contract/feeds.ts'
import { createFeeds, type Feeds } from '../../../server/feeds/feeds-service.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import type { SourceReader } from '../../../server/feeds/reading/reader.ts'
import { decideEnds, medianOf, retryAfterSeconds } from '../../../server/feeds/runs/decide-end.ts'
import * as views from '../../../server/feeds/runs/feeds-views.ts'
import { type Clock, civilDate } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { type Problem, problem } from '../../../server/platform/problem.ts'
import { testDatabase } from '../../support/database.ts'
import { createScratch, csvFolder, csvOf, rowsOf, scratchSink, testKeyring } from './scratch.ts'

const database = testDatabase()
const files = csvFolder()
let fails: Problem | null = null
let ahead = 0
/** The database's own clock, moved on by the test. */
const clock: Clock = {
  now: () => new Date(Date.now() + ahead * 1000),
  today: () => civilDate(clock.now()),
}
/** The CSV reader over a line that drops when the test says so. */
const reader: SourceReader = {
  ...csvReader,
  async *read(source, context) {
    if (fails) throw fails
    yield* csvReader.read(source, context)
  },
}
let feeds: Feeds
beforeAll(async () => {
  await createScratch(database.db)
  feeds = createFeeds({
    db: database.db,
    sinks: [scratchSink('unit')],
    readers: [reader],
    keyring: testKeyring,
    clock,
    log: silentLog,
    secretOf: () => '',
  })
  files.write(csvOf(rowsOf(20)))
})
afterAll(() => files.remove())
beforeEach(async () => {
  fails = null
  ahead = 0
  await database.db.source.query('delete from feed_run')
  await feeds.syncSources(files.declarations().map(one => ({ ...one, scheduleSeconds: 86_400 })))
})
const due = async (seconds: number) => {
  ahead = seconds
  return (await feeds.due()).includes('hr')
}
const read = async () => {
  const { runId } = await feeds.run('hr')
  return runDetail.parse(await database.db.snapshot(tx => views.runDetail(tx, runId)))
}

test('what passes by itself is tried again, less and less often, and then somebody is asked', async () => {
  fails = problem('source-incomplete', { detail: 'The line dropped.', params: { why: 'connection-lost', heals: true } })
  for (let failures = 1; failures <= 5; failures++) {
    expect(await read()).toMatchObject({
      state: 'failed',
      ends: 'heals',
      error: { why: 'connection-lost' },
      retry: { failures, most: 5, at: expect.any(String) },
      mayRetry: true,
    })
    expect(await due(retryAfterSeconds(failures) - 5), `after ${failures}`).toBe(false)
    expect(await due(retryAfterSeconds(failures) + 5), `after ${failures}`).toBe(true)
    ahead = 0
  }
  expect(await read()).toMatchObject({ ends: 'needs-you', retry: { failures: 6, at: null } })
  expect(await due(3600)).toBe(false)
  expect(await due(86_400)).toBe(true)
  fails = null
  ahead = 0
  expect(await read()).toMatchObject({ state: 'done', ends: null, retry: null })
  fails = problem('source-incomplete')
  expect(await read()).toMatchObject({ ends: 'heals', retry: { failures: 1 } })
})

test('a saying of another version is left to its English sentence, and the run can still be looked at', async () => {
  fails = problem('source-unreachable', { detail: 'Not there.', said: say('file-empty', { file: 'a.csv' }) })
  expect((await read()).error).toMatchObject({ detail: 'Not there.', said: { code: 'file-empty' } })
  const { runId } = await feeds.run('hr')
  await database.db.transaction(tx =>
    tx.query(`update feed_run set error = jsonb_set(error, '{said,code}', '"from-tomorrow"') where id = $1`, [runId]),
  )
  const run = runDetail.parse(await database.db.snapshot(tx => views.runDetail(tx, runId)))
  expect(run.error).toMatchObject({ detail: 'Not there.', said: null })
})

test('what waits for somebody is read again by its rhythm only', async () => {
  fails = problem('source-unreachable', { params: { why: 'certificate', heals: false } })
  expect(await read()).toMatchObject({ ends: 'needs-you', retry: null, error: { why: 'certificate' } })
  expect(await due(3600)).toBe(false)
  expect(await due(86_400)).toBe(true)
})

test('a wrong password is not tried often enough to lock the account, until the declaration changes', async () => {
  const every = (scheduleSeconds: number) =>
    feeds.syncSources(files.declarations().map(one => ({ ...one, scheduleSeconds })))
  await every(60)
  fails = problem('source-unreachable', { params: { why: 'credentials', heals: false } })
  await read()
  expect(await due(120)).toBe(false)
  expect(await due(3605)).toBe(true)
  await every(120)
  expect(await due(240)).toBe(true)
})

test('which ends heal', () => {
  expect(decideEnds('source-incomplete')).toBe('heals')
  expect(decideEnds('source-incomplete', { heals: false })).toBe('needs-you')
  expect(decideEnds('source-unreachable', { heals: true })).toBe('heals')
  expect(decideEnds('source-unreachable')).toBe('needs-you')
  expect(decideEnds('unexpected')).toBe('needs-you')
  expect(decideEnds('database-unavailable')).toBe('heals')
  expect([1, 2, 3, 4, 5, 50].map(retryAfterSeconds)).toEqual([30, 60, 120, 240, 480, 900])
  expect([[], [3], [4, 1], [9, 1, 5]].map(medianOf)).toEqual([null, 3, 1, 5])
})
