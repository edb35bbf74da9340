import { openDatabase } from '../../../server/platform/database.ts'
import { followJournal } from './journal-feeds.ts'
import { scratchSink } from './scratch.ts'

/** A process of its own that reads changes and stops for ever in the middle of applying them, for the test to kill. */
const [url, file] = process.argv.slice(2)
const db = await openDatabase(url!)
const feeds = await followJournal(db, file!, {
  sinks: [
    scratchSink('unit', async () => {
      process.stdout.write('waiting\n')
      await new Promise(resolve => setTimeout(resolve, 600_000))
    }),
    scratchSink('group'),
  ],
})
await feeds.run('journal', { mode: 'changes' })
process.stdout.write('ended\n')
await db.close()
