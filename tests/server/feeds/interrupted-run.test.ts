import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import type { FeedAudit } from '../../../server/feeds/runs/feed-audit.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { testDatabase } from '../../support/database.ts'
import { createScratch, csvFolder, csvOf, readScratch, rowsOf, scratchSink, testKeyring } from './scratch.ts'

const database = testDatabase()
const files = csvFolder()
const children = new Set<ChildProcess>()

beforeAll(() => createScratch(database.db))
beforeEach(() => database.reset())
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  files.remove()
})

type Options = { leaseSeconds?: number; sink?: ReturnType<typeof scratchSink>; audit?: FeedAudit }
async function feeds(options: Options = {}) {
  const made = createFeeds({
    db: database.db,
    sinks: [options.sink ?? scratchSink('unit')],
    readers: [csvReader],
    keyring: testKeyring,
    clock: systemClock,
    log: silentLog,
    secretOf: () => '',
    ...(options.audit ? { audit: options.audit } : {}),
    ...(options.leaseSeconds ? { leaseSeconds: options.leaseSeconds } : {}),
  })
  await made.syncSources(files.declarations())
  return made
}

/** Start a worker process and wait until it stands in the middle of applying. */
function workerThatWaits(atBatch: number): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./kill-worker.ts', import.meta.url))
  const child = spawn(process.execPath, [script, database.url, files.yamlPath, files.folder, String(atBatch)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  return new Promise((resolve, reject) => {
    child.stdout.on('data', chunk => String(chunk).includes('waiting') && resolve(child))
    child.on('exit', code => reject(new Error(`The worker ended by itself with ${code}.`)))
  })
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise(resolve => child.on('exit', resolve))
  child.kill('SIGKILL')
  await ended
  children.delete(child)
}

const state = async () => ({
  rows: await readScratch(database.db),
  records: await database.db.snapshot(tx =>
    tx.query(`select kind, key, hash, part, payload, situation, gone_at from source_record order by key`),
  ),
})

async function uninterrupted() {
  const made = await feeds()
  files.write(csvOf(rowsOf(5000)))
  await made.run('hr')
  const result = await state()
  await database.reset()
  return result
}

test('killed in the middle of applying, the run is taken to its end by the next process; nothing is lost or doubled', async () => {
  const expected = await uninterrupted()
  for (const atBatch of [1, 2, 3]) {
    const child = await workerThatWaits(atBatch)
    await killed(child)
    expect(await readScratch(database.db)).toHaveLength((atBatch - 1) * 2000)
    const trail: { action: string; runId: string | null; actor: unknown }[] = []
    const resumed = await (
      await feeds({ audit: async (_tx, { action, runId, actor }) => void trail.push({ action, runId, actor }) })
    ).resume()
    expect(resumed).toMatchObject([{ state: 'done', added: 5000, applied: 5000 }])
    // Nobody asked for it, so the log has to say that it was taken over.
    expect(trail).toEqual([{ action: 'feed.taken-over', runId: resumed[0]!.runId, actor: null }])
    expect(await state()).toEqual(expected)
    expect(await (await feeds()).run('hr')).toMatchObject({ unchanged: 5000, applied: 0 })
    await database.reset()
  }
}, 120_000)

test('a new run first ends the one that was left behind', async () => {
  files.write(csvOf(rowsOf(5000)))
  await killed(await workerThatWaits(2))
  expect(await (await feeds()).run('hr')).toMatchObject({ state: 'done', unchanged: 5000, added: 0 })
  expect(await readScratch(database.db)).toHaveLength(5000)
}, 60_000)

test('killed while reading, the run ends as failed and leaves nothing; the next one reads anew', async () => {
  files.write(csvOf(rowsOf(10)))
  await (await feeds()).run('hr')
  await database.db.transaction(tx =>
    tx.query(`insert into feed_run (id, source, trigger, state, phase, worker)
      values (gen_random_uuid(), 'hr', 'schedule', 'running', 'read', 'elsewhere/1/x')`),
  )
  const other = await feeds({ leaseSeconds: 1 })
  await expect(other.run('hr')).rejects.toMatchObject({ problem: 'run-in-progress' })
  await new Promise(resolve => setTimeout(resolve, 1100))
  expect(await other.resume()).toMatchObject([
    { state: 'failed', error: { code: 'source-incomplete', said: { code: 'process-stopped' } } },
  ])
  expect(await other.run('hr')).toMatchObject({ state: 'done', unchanged: 10 })
})

test('a worker that was thought dead and wakes up again writes nothing more', async () => {
  files.write(csvOf(rowsOf(5000)))
  let wake = () => {}
  const asleep = new Promise<void>(resolve => {
    wake = resolve
  })
  let batches = 0
  const sleeper = await feeds({
    leaseSeconds: 1000,
    sink: scratchSink('unit', async () => {
      if (++batches === 2) await asleep
    }),
  })
  const running = sleeper.run('hr')
  running.catch(() => {})
  await expect.poll(() => batches, { timeout: 20_000 }).toBe(2)
  await database.db.transaction(tx =>
    tx.query(`update feed_run set heartbeat_at = now() - interval '1 hour' where state = 'running'`),
  )
  const other = await feeds({ leaseSeconds: 60 })
  const taken = other.resume()
  // The other has it now, and waits for the batch that is still open.
  await expect
    .poll(() => database.db.snapshot(tx => tx.query(`select worker from feed_run where state = 'running'`)))
    .toEqual([{ worker: other.worker }])
  wake()
  await expect(running).rejects.toMatchObject({ problem: 'conflict' })
  expect(await taken).toMatchObject([{ state: 'done', applied: 5000 }])
  const rows = await readScratch(database.db)
  expect(rows).toHaveLength(5000)
  expect(rows.every(row => row.writes === 1)).toBe(true)
}, 60_000)
