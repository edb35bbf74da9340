import pg from 'pg'
import { openDatabase } from '../../../server/platform/database.ts'
import { followJournal } from './journal-feeds.ts'

/**
 * A process of its own that reads changes and is killed (SIGKILL, no chance to tidy up) at the n-th statement that it
 * sends, begin, commit and COPY included: before it is sent, or once it is on its way. Tells how many it sent when it lives
 * to its end.
 */
const [url, file, guards, at, when] = process.argv.slice(2)
const db = await openDatabase(url!)
const feeds = await followJournal(db, file!, { guards: guards! })
const { query } = pg.Client.prototype
let sent = 0
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  sent++
  if (sent === Number(at)) {
    if (when === 'before') process.kill(process.pid, 'SIGKILL')
    else setImmediate(() => process.kill(process.pid, 'SIGKILL'))
  }
  return (query as (...all: unknown[]) => unknown).apply(this, args)
} as typeof query
const { state, mode } = await feeds.run('journal', { mode: 'changes' })
if (state !== 'done' || mode !== 'changes') throw new Error(`the run ended ${state}, ${mode}`)
process.stdout.write(`${sent}\n`)
await db.close()
