import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { testDatabase } from '../../support/database.ts'
import { createScratch, csvFolder, csvOf, readScratch, rowsOf, scratchSink, testKeyring } from './scratch.ts'

/* What has not changed is known by its hash: not parsed, not staged, not written, and still there. */
const database = testDatabase()
const files = csvFolder()
beforeAll(() => createScratch(database.db))
beforeEach(() => database.reset())
afterAll(() => files.remove())

async function feeds(mostKnown?: number) {
  const plain = scratchSink('unit')
  const seen = { parsed: 0 }
  const sink: typeof plain = {
    ...plain,
    parse: attrs => {
      seen.parsed++
      // As the product's own parsing does: blanks around a name are not part of it.
      return plain.parse({ ...attrs, name: String(attrs.name ?? '').replace(/\s+/g, ' ') })
    },
  }
  const made = createFeeds({
    ...{
      db: database.db,
      sinks: [sink],
      readers: [csvReader],
      keyring: testKeyring,
      clock: systemClock,
      log: silentLog,
    },
    secretOf: () => '',
    ...(mostKnown === undefined ? {} : { mostKnown }),
  })
  await made.syncSources(files.declarations())
  const run = async () => {
    seen.parsed = 0
    const result = await made.run('hr')
    return { ...result, parsed: seen.parsed }
  }
  return { run, made }
}
const missing = () =>
  database.db.snapshot(tx => tx.query<{ key: string }>('select key from source_record where missing_since is not null'))

test('an unchanged read parses nothing; a changed record alone is parsed', async () => {
  const { run } = await feeds()
  const rows = rowsOf(100)
  files.write(csvOf(rows))
  expect(await run()).toMatchObject({ added: 100, parsed: 100 })
  expect(await run()).toMatchObject({ read: 100, unchanged: 100, parsed: 0, applied: 0 })
  rows[7] = { ...rows[7]!, name: 'Nyt navn' }
  files.write(csvOf(rows))
  expect(await run()).toMatchObject({ changed: 1, unchanged: 99, parsed: 1 })
  expect(await run()).toMatchObject({ unchanged: 100, parsed: 0 })
})

test('the same in another form is parsed once, is no change, and is known from then on', async () => {
  const { run } = await feeds()
  const rows = rowsOf(100)
  files.write(csvOf(rows))
  await run()
  files.write(csvOf(rows.map((row, n) => (n < 5 ? { ...row, name: row.name.replaceAll(' ', '  ') } : row))))
  expect(await run()).toMatchObject({ unchanged: 100, changed: 0, parsed: 5 })
  expect(await run()).toMatchObject({ unchanged: 100, parsed: 0 })
})

test('records from before the hash was kept are parsed once, and nothing changes', async () => {
  const { run } = await feeds()
  files.write(csvOf(rowsOf(100)))
  await run()
  const before = await readScratch(database.db)
  await database.db.transaction(tx => tx.query('update source_record set seen_hash = null'))
  expect(await run()).toMatchObject({ unchanged: 100, parsed: 100, applied: 0 })
  expect(await run()).toMatchObject({ unchanged: 100, parsed: 0 })
  expect(await readScratch(database.db)).toEqual(before)
})

test('a key that comes twice among what has not changed: the first stands, whatever the second says', async () => {
  const { run } = await feeds()
  const rows = rowsOf(100)
  files.write(csvOf(rows))
  await run()
  for (const second of [rows[3]!, { ...rows[3]!, name: 'En anden' }]) {
    files.write(csvOf([...rows, second]))
    expect(await run()).toMatchObject({ rejected: 1, changed: 0, gone: 0, missing: 0 })
  }
  files.write(csvOf([{ ...rows[3]!, name: 'Først' }, ...rows]))
  expect(await run()).toMatchObject({ rejected: 1, changed: 1, missing: 0 })
  expect((await readScratch(database.db)).find(row => row.key === 'p3')?.name).toBe('Først')
})

test('a record that does not parse any more is rejected, and present; nobody is taken for gone', async () => {
  const { run } = await feeds()
  const rows = rowsOf(100)
  files.write(csvOf(rows))
  await run()
  files.write(csvOf(rows.map((row, n) => (n === 9 ? { ...row, name: '' } : row))))
  for (let times = 0; times < 2; times++)
    expect(await run()).toMatchObject({ rejected: 1, missing: 0, gone: 0, parsed: 1 })
  files.write(csvOf(rows))
  expect(await run()).toMatchObject({ rejected: 0, unchanged: 100, parsed: 0 })
})

test('a source that is too large to be held in memory is compared by the database, to the same end', async () => {
  const rows = rowsOf(100)
  const steps = [
    rows,
    rows,
    rows.slice(0, 98),
    [...rows.slice(0, 97), rows[98]!],
    rows.map((row, n) => (n === 1 ? { ...row, unit: 'u9' } : row)),
    [...rows, rows[5]!],
  ]
  const outcomes = async (mostKnown?: number) => {
    await database.reset()
    const { run } = await feeds(mostKnown)
    const found = []
    for (const step of steps) {
      files.write(csvOf(step))
      const { added, changed, unchanged, gone, missing: absent, rejected, applied } = await run()
      found.push({ added, changed, unchanged, gone, absent, rejected, applied, missing: await missing() })
    }
    return { found, rows: await readScratch(database.db) }
  }
  const expected = await outcomes()
  expect(await outcomes(10)).toEqual(expected)
  expect(expected.found.map(step => step.absent)).toEqual([0, 0, 2, 1, 0, 0])
  expect(expected.found.map(step => step.gone)).toEqual([0, 0, 0, 1, 0, 0])
})
