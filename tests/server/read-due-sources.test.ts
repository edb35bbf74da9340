import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startJobs } from '../../server/jobs.ts'
import { loadSources } from '../../server/wiring.ts'
import { testDatabase } from '../support/database.ts'
import { openHouse } from '../support/house.ts'

const database = testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-due-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const runsOf = (source: string) =>
  database.db.snapshot(tx => tx.query<{ trigger: string }>('select trigger from feed_run where source = $1', [source]))

/** Until it is so, or the test's own time is up. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 50))
}

test('cron knows whole minutes: where a source is quicker, due sources are asked for within the minute too, each read as a job of its own', async () => {
  writeFileSync(join(folder, 'enheder.csv'), 'Nr;Navn\n1;Rådhuset\n2;Skolen\n')
  const source = (key: string, schedule: string) =>
    `  - { key: ${key}, kind: csv, schedule: ${schedule}, files: [{ path: enheder.csv, record: system, key: Nr, map: { name: Navn } }] }\n`
  writeFileSync(join(folder, 'kilder.yaml'), `sources:\n${source('hurtig', '30s')}${source('rolig', '1d')}`)
  const house = await openHouse(database.url, folder, {
    HJEMMEL_DEMO: '0',
    HJEMMEL_SOURCES: join(folder, 'kilder.yaml'),
  })
  await loadSources(house)
  const stop = await startJobs(house)
  try {
    await house.db.transaction(tx =>
      tx.query(`select graphile_worker.add_job('read-due-sources', '{"_cron": {"ts": "2026-03-02T12:00:00Z"}}')`),
    )
    await until(async () => (await runsOf('hurtig')).length > 0 && (await runsOf('rolig')).length > 0)
    expect(await runsOf('hurtig')).toMatchObject([{ trigger: 'schedule' }])
    const waiting = await house.db.snapshot(tx =>
      tx.query<{ key: string }>(
        `select key from graphile_worker.jobs where task_identifier = 'read-due-sources' and run_at > now() order by run_at`,
      ),
    )
    expect(waiting.map(job => job.key)).toEqual([
      'read-due-sources +15',
      'read-due-sources +30',
      'read-due-sources +45',
    ])
  } finally {
    await stop()
    await house.db.close()
  }
}, 60_000)
