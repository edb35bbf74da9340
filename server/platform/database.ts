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

/** Open a pool and check that the database answers. Throws `database-unavailable` with one clear sentence. */
export async function openDatabase(url: string, options: Options = {}): Promise<Db> {
  const source = new DataSource({
    type: 'postgres',
    url,
    synchronize: false,
    migrationsTransactionMode: 'each',
    migrationsTableName: 'migration',
    entities: options.entities ?? [],
    migrations: options.migrations ?? [],
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'hjemmel',
    connectTimeoutMS: 5000,
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
