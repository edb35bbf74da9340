import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../server/platform/database.ts'
import { loadMigrations, migrate } from '../../server/platform/migrations.ts'
import { createDatabase } from '../../server/platform/postgres/admin.ts'
import { startPostgres } from '../../server/platform/postgres/start.ts'

export type BenchPostgres = {
  adminUrl: string
  /** For the files of the run; removed with it. */
  folder: string
  /** A migrated database of its own; its address. */
  database(name: string): Promise<string>
  stop(): Promise<void>
}

/** PostgreSQL as an installation runs it, with full durability: both sides of every comparison write to it. */
export async function startBenchPostgres(): Promise<BenchPostgres> {
  const folder = mkdtempSync(join(process.env.HJEMMEL_BENCH_DIR ?? tmpdir(), 'hjemmel-bench-'))
  // As root the server runs as another user, who must be able to pass through.
  chmodSync(folder, 0o755)
  const postgres = await startPostgres({ dataDir: folder })
  return {
    adminUrl: postgres.adminUrl,
    folder,
    async database(name) {
      const url = await createDatabase(postgres.adminUrl, name)
      const db = await openDatabase(url, { migrations: await loadMigrations(), poolSize: 2 })
      await migrate(db)
      await db.close()
      return url
    },
    async stop() {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
