import pg from 'pg'
import { DataSource, type EntitySchema, type MixedList } from 'typeorm'
import { problem } from './problem.ts'
import { type Db, makeDb } from './unit-of-work.ts'

// A civil date stays text: parsed into a Date it came back a day early in Europe/Copenhagen.
pg.types.setTypeParser(pg.types.builtins.DATE, text => text)
// Counts are far below 2^53, and a count that arrives as a string is a bug waiting for a "+".
pg.types.setTypeParser(pg.types.builtins.INT8, text => Number(text))

type Options = {
  entities?: MixedList<EntitySchema>
  // biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for migration classes
  migrations?: Function[]
  poolSize?: number
  applicationName?: string
}

/**
 * The zone of every connection, whatever the server's own is: an instant that becomes text inside PostgreSQL (in JSON, in a
 * COPY) then reads the same everywhere, and `session.expire`, which has no zone, means one moment. A day is made of an
 * instant, and an instant of a day, by naming Europe/Copenhagen in the statement; today comes from the clock.
 */
const ZONE = '-c timezone=UTC'

/** What `pg` reads in an address goes before its other settings: options that stand there are added to. */
const addZone = (url: string) =>
  url.replace(/([?&]options=[^&#]*)/, (options: string) => `${options}%20${encodeURIComponent(ZONE)}`)

/** Open a pool and check that the database answers. Throws `database-unavailable` with one clear sentence. */
export async function openDatabase(url: string, options: Options = {}): Promise<Db> {
  const source = new DataSource({
    type: 'postgres',
    url: addZone(url),
    synchronize: false,
    migrationsTransactionMode: 'each',
    migrationsTableName: 'migration',
    entities: options.entities ?? [],
    migrations: options.migrations ?? [],
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'hjemmel',
    connectTimeoutMS: 5000,
    extra: { options: ZONE },
    // The generator that the migrations name, so that a definition with ids of the database's own making equals them.
    uuidExtension: 'pgcrypto',
    logging: false,
  })
  try {
    await source.initialize()
  } catch (error) {
    const where = safeUrl(url)
    throw problem('database-unavailable', {
      detail: `The database at ${where} does not answer (${(error as Error).message}). Check DATABASE_URL and that PostgreSQL is running.`,
      cause: error,
    })
  }
  return makeDb(source)
}

function safeUrl(url: string): string {
  try {
    const parsed = new URL(url)
    return `${parsed.hostname}:${parsed.port || 5432}${parsed.pathname}`
  } catch {
    return 'the given address'
  }
}
