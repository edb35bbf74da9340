import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { checkoutDir } from './data-dir.ts'
import type { Db } from './unit-of-work.ts'

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for migration classes
type MigrationClass = Function

/** All migrations in order of their timestamps; each file holds one class. */
export async function loadMigrations(folder: string = join(checkoutDir, 'migrations')): Promise<MigrationClass[]> {
  const files = readdirSync(folder)
    .filter(name => /^\d{13}-.*\.ts$/.test(name))
    .sort()
  const classes: MigrationClass[] = []
  for (const file of files) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, unknown>
    for (const exported of Object.values(module))
      if (typeof exported === 'function') classes.push(exported as MigrationClass)
  }
  return classes
}

/**
 * Bring the schema up to date. Two processes that start at once do it one after the other: the lock is held on a
 * connection of its own, so that the second finds nothing left to do.
 */
export async function migrate(db: Db, onProgress: (done: number, total: number) => void = () => {}): Promise<number> {
  const runner = db.source.createQueryRunner()
  await runner.connect()
  try {
    await runner.query(`select pg_advisory_lock(hashtext('hjemmel migrations'))`)
    onProgress(0, db.source.migrations.length)
    const done = await db.source.runMigrations({ transaction: 'each' })
    onProgress(db.source.migrations.length, db.source.migrations.length)
    return done.length
  } finally {
    await runner.query(`select pg_advisory_unlock(hashtext('hjemmel migrations'))`).catch(() => {})
    await runner.release()
  }
}
