import { systemClock } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import { defaultDataDir, prepareDataDir } from '../platform/data-dir.ts'
import { openDatabase } from '../platform/database.ts'
import { checkKey, openKeyring } from '../platform/key-file.ts'
import { createLog } from '../platform/log.ts'
import { loadMigrations, migrate } from '../platform/migrations.ts'
import { attachPostgres, startPostgres } from '../platform/postgres/start.ts'
import { problem } from '../platform/problem.ts'
import type { Db } from '../platform/unit-of-work.ts'
import { type House, loadSources, wire } from '../wiring.ts'

export const EXIT = { done: 0, failed: 1, usage: 2, held: 3 } as const
/** What a command came to: for scripts, for people, and for the shell. */
export type Answer = { json: Record<string, unknown>; text: string; exit: (typeof EXIT)[keyof typeof EXIT] }

/**
 * The house for one command: on the running installation's database, or, when none runs, on the embedded one started
 * for as long as the command takes. A database with data must be up to date.
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
      await checkSchema(db)
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

/** An empty database gets its schema; one with data is brought up to date by a start, never by a command beside it. */
async function checkSchema(db: Db): Promise<void> {
  if (!(await db.source.showMigrations())) return
  const [row] = (await db.source.query(`select to_regclass('public.migration') is null as fresh`)) as {
    fresh: boolean
  }[]
  const [done] = row?.fresh
    ? [{ n: 0 }]
    : ((await db.source.query('select count(*)::int as n from migration')) as { n: number }[])
  if ((done?.n ?? 0) > 0)
    throw problem('database-unavailable', {
      detail:
        'The database is not up to date with this version. Start Hjemmel once (npm start), which brings it up to date.',
    })
  await migrate(db)
}
