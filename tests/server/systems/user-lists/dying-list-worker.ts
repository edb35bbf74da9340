import pg from 'pg'
import { openDatabase } from '../../../../server/platform/database.ts'
import { listFeeds } from './list-feeds.ts'

/**
 * A process of its own that reads a list and is killed (SIGKILL, no chance to tidy up) at the n-th statement of those that
 * hold a text: before it is sent, or once it is on its way.
 */
const [url, folder, text, nth, when] = process.argv.slice(2)
const db = await openDatabase(url!)
const feeds = await listFeeds(db, folder!)
const { query } = pg.Client.prototype
let met = 0
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [first] = args
  const sql = typeof first === 'string' ? first : String((first as { text?: string } | undefined)?.text ?? '')
  if (sql.includes(text!) && ++met === Number(nth)) {
    if (when === 'before') process.kill(process.pid, 'SIGKILL')
    else setImmediate(() => process.kill(process.pid, 'SIGKILL'))
  }
  return (query as (...all: unknown[]) => unknown).apply(this, args)
} as typeof query
await feeds.run('list-nova')
process.stdout.write('ended\n')
await db.close()
