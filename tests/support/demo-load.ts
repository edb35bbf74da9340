import process from 'node:process'
import { createProgress } from '../../server/platform/setup-progress.ts'
import { firstSetUp } from '../../server/setup/set-up.ts'
import { openHouse } from './house.ts'

/**
 * A process of its own that fills a migrated database with the demonstration, by the very set-up of a first start. Without
 * its fortnight unless asked for: tests make happen what they are about, and count what comes of it.
 */
const [url, dataDir, fortnight] = process.argv.slice(2) as [string, string, string?]
const house = await openHouse(url, dataDir, { HJEMMEL_LOG_LEVEL: 'error' })
await firstSetUp(house, createProgress(), { fortnight: fortnight === 'fortnight' })
// As it keeps itself after a while: the plans that tests see should be those of a running house.
await house.db.source.query('analyze')
await house.db.close()
