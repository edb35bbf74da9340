import process from 'node:process'
import { createFeeds } from '../../server/feeds/feeds-service.ts'
import { guardSettings } from '../../server/feeds/sources/source.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { openDatabase } from '../../server/platform/database.ts'
import { createKeyring } from '../../server/platform/keyring.ts'
import { createLog } from '../../server/platform/log.ts'
import { userListReader } from '../../server/systems/user-lists/read-user-list.ts'
import { sinks } from '../../server/wiring.ts'

/** Run as a process of its own: reads a user list as the product does, and says how long and how much memory that took. */
const [url, folder, path] = process.argv.slice(2) as [string, string, string]
const db = await openDatabase(url, { poolSize: 4 })
const feeds = createFeeds({
  db,
  sinks: sinks(),
  readers: [userListReader],
  keyring: createKeyring([{ id: 'k1', secret: Buffer.alloc(32, 7) }]),
  clock: systemClock,
  log: createLog('silent'),
  secretOf: () => '',
})
const columns = { account: 'Bruger', right: 'Rolle', limit: 'Afgrænsning', lastUsed: 'Sidst brugt' }
await feeds.syncSources([
  {
    ...{ key: 'list-nova', name: { da: 'Nova', en: 'Nova' }, kind: 'list', authority: 5, folder },
    ...{ guards: guardSettings.parse({}), scheduleSeconds: null, fullEverySeconds: 86_400 },
    settings: { system: 'nova', columns, pattern: '*', path },
  },
])
const began = performance.now()
const { state, read, added, changed, gone, missing, rejected, heldBack, error } = await feeds.run('list-nova')
const ms = performance.now() - began
await db.close()
const outcome = { state, read, added, changed, gone, missing, rejected, heldBack, error }
process.stdout.write(JSON.stringify({ ms, megabytes: process.resourceUsage().maxRSS / 1024, ...outcome }))
