import { readFileSync } from 'node:fs'
import process from 'node:process'
import { createFeeds } from '../../../server/feeds/feeds-service.ts'
import { parseSources } from '../../../server/feeds/sources/read-sources.ts'
import { systemClock } from '../../../server/platform/clock.ts'
import { openDatabase } from '../../../server/platform/database.ts'
import { silentLog } from '../../../server/platform/log.ts'
import { READERS, SETTLE_MS } from './drop-folder.ts'
import { scratchSink, testKeyring } from './scratch.ts'

/** A process of its own that looks into the folder again and again, and waits a moment in each batch, until it is killed. */
const [url, yamlFile, root, waitMs] = process.argv.slice(2)
const db = await openDatabase(url!)
const pause = () => new Promise<void>(go => setTimeout(go, Number(waitMs)))
const feeds = createFeeds({
  ...{ db, readers: READERS, keyring: testKeyring, clock: systemClock, log: silentLog, secretOf: () => '' },
  sinks: [scratchSink('unit', pause), scratchSink('position', pause)],
  settleMs: SETTLE_MS,
})
await feeds.syncSources(
  parseSources(readFileSync(yamlFile!, 'utf8'), { file: yamlFile!, folder: root!, readers: READERS }),
)
process.stdout.write('looking\n')
for (;;) {
  await feeds.resume()
  for (const run of await feeds.takeDrops()) process.stdout.write(`run ${run.state}\n`)
  await new Promise(go => setTimeout(go, SETTLE_MS))
}
