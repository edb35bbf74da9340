import { systemClock } from '../../server/platform/clock.ts'
import { readConfig } from '../../server/platform/config.ts'
import { openDatabase } from '../../server/platform/database.ts'
import { openKeyring } from '../../server/platform/key-file.ts'
import { createLog } from '../../server/platform/log.ts'
import { type House, wire } from '../../server/wiring.ts'

/** The whole house on a database of the bench, as `npm start` puts it together. `dataDir` holds key and demo files. */
export async function openHouse(
  url: string,
  dataDir: string,
  environment: Record<string, string | undefined> = {},
): Promise<House> {
  const config = readConfig({ HJEMMEL_LOG_LEVEL: 'warn', ...environment })
  const db = await openDatabase(url, { poolSize: config.HJEMMEL_POOL_SIZE })
  const log = createLog(config.HJEMMEL_LOG_LEVEL)
  const keyring = openKeyring(dataDir, undefined)
  return wire({ config, db, clock: systemClock, log, keyring, dataDir, embedded: true, databaseUrl: url })
}
