import { systemClock } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import { defaultDataDir, prepareDataDir } from '../platform/data-dir.ts'
import { openDatabase } from '../platform/database.ts'
import { checkKey, openKeyring } from '../platform/key-file.ts'
import { createLog } from '../platform/log.ts'
import { loadMigrations } from '../platform/migrations.ts'
import { attachPostgres, startPostgres } from '../platform/postgres/start.ts'
import { problem } from '../platform/problem.ts'
import { type House, loadSources, wire } from '../wiring.ts'

export const EXIT = { done: 0, failed: 1, usage: 2, held: 3 } as const
/** What a command came to: for scripts, for people, and for the shell. */
export type Answer = { json: Record<string, unknown>; text: string; exit: (typeof EXIT)[keyof typeof EXIT] }

/**
 * The house for one command: on the running installation's database, or, when none runs, on the embedded one started
 * for as long as the command takes. The schema must be up to date; a command never migrates.
 */
export async function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  const config = readConfig()
  const dataDir = prepareDataDir(config.HJEMMEL_DATA_DIR ?? defaultDataDir())
  const embedded = config.DATABASE_URL === undefined
  const attached = embedded ? await attachPostgres(dataDir) : null
  const started = embedded && !attached ? await startPostgres({ dataDir }) : null
  const databaseUrl = config.DATABASE_URL ?? attached?.url ?? started!.url
  try {
    const db = await openDatabase(databaseUrl, {
      migrations: await loadMigrations(),
      poolSize: 4,
      applicationName: 'hjemmel-cli',
    })
    try {
      if (await db.source.showMigrations())
        throw problem('database-unavailable', {
          detail:
            'The database is not up to date with this version. Start Hjemmel once (npm start), which brings it up to date.',
        })
      const keyring = openKeyring(dataDir, config.HJEMMEL_KEY_FILE)
      await checkKey(db, keyring)
      // Lines for people and scripts go to standard output; the log would only be in the way.
      const log = createLog(config.HJEMMEL_LOG_LEVEL === 'info' ? 'error' : config.HJEMMEL_LOG_LEVEL, {
        write: line => void process.stderr.write(line),
      })
      const house = wire({ config, db, clock: systemClock, log, keyring, dataDir, embedded, databaseUrl })
      await loadSources(house)
      return await work(house)
    } finally {
      await db.close()
    }
  } finally {
    await started?.stop()
  }
}
