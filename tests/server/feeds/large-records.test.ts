import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { testDatabase } from '../../support/database.ts'
import { createScratch, csvFolder, csvOf, readScratch, rowsOf, scratchSink, testKeyring } from './scratch.ts'

/* A few groups with a whole municipality in them are as large as thousands of people: memory must not follow their number. */
const database = testDatabase()
const files = csvFolder()
beforeAll(() => createScratch(database.db))
beforeEach(() => database.reset())
afterAll(() => files.remove())

test('large records are carried out a few at a time, each once and in their order', async () => {
  const plain = scratchSink('unit')
  if (!plain.apply) throw new Error('the scratch sink applies in this process')
  const { apply } = plain
  const batches: string[][] = []
  const feeds = createFeeds({
    ...{ db: database.db, readers: [csvReader], keyring: testKeyring, clock: systemClock, log: silentLog },
    sinks: [
      {
        ...plain,
        apply: (context, items) => {
          batches.push(items.map(item => item.key))
          return apply(context, items)
        },
      },
    ],
    secretOf: () => '',
  })
  await feeds.syncSources(files.declarations())
  // Random, so that it is stored as large as it is.
  const rows = rowsOf(12).map((row, n) => (n < 8 ? { ...row, name: randomBytes(450_000).toString('base64') } : row))
  files.write(csvOf(rows))
  expect(await feeds.run('hr')).toMatchObject({ added: 12, applied: 12 })
  expect(batches.map(batch => batch.length)).toEqual([4, 4, 4])
  expect(batches.flat()).toEqual(rows.map(row => row.id))
  expect((await readScratch(database.db)).filter(row => row.writes === 1)).toHaveLength(12)
})
