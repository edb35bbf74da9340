import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../server/platform/database.ts'
import { loadMigrations, migrate } from '../../server/platform/migrations.ts'
import { createDatabase } from '../../server/platform/postgres/admin.ts'
import { startPostgres } from '../../server/platform/postgres/start.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: {
      adminUrl: string
      template: string
      /** For what files of one run share, such as the demonstration; removed at the end. */
      folder: string
    }
  }
}

/** One real PostgreSQL for the run, one migrated template in it; each test file clones the template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hjemmel-tests-'))
  // As root the server runs as another user, who must be able to pass through.
  chmodSync(dataDir, 0o755)
  const postgres = await startPostgres({ dataDir, durability: 'off', extraSettings: { max_connections: '200' } })
  const template = 'hjemmel_template'
  const url = await createDatabase(postgres.adminUrl, template)
  const db = await openDatabase(url, { migrations: await loadMigrations(), poolSize: 2 })
  await migrate(db)
  await db.close()
  project.provide('postgres', { adminUrl: postgres.adminUrl, template, folder: dataDir })
  return async () => {
    await postgres.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
