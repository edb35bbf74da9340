import { readFileSync } from 'node:fs'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { csvReader } from '../../../server/feeds/reading/read-csv.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { openDatabase } from '../../../server/platform/database.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { scratchSink, testKeyring } from './scratch.ts'

/** A process of its own that reads the source and stops for ever at the batch it is told, for the test to kill. */
const [url, yamlFile, folder, stopAtBatch] = process.argv.slice(2)
const db = await openDatabase(url!)
let batches = 0
const sink = scratchSink('unit', async () => {
  if (++batches < Number(stopAtBatch)) return
  process.stdout.write('waiting\n')
  await new Promise(resolve => setTimeout(resolve, 600_000))
})
const feeds = createFeeds({
  db,
  sinks: [sink],
  readers: [csvReader],
  keyring: testKeyring,
  clock: systemClock,
  log: silentLog,
  secretOf: () => '',
})
await feeds.syncSources(
  parseSources(readFileSync(yamlFile!, 'utf8'), { file: yamlFile!, folder: folder!, readers: [csvReader] }),
)
await feeds.run('hr')
process.stdout.write('ended\n')
await db.close()
