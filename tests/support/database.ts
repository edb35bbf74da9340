import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, inject } from 'vitest'
import { openDatabase } from '../../server/platform/database.ts'
import { loadMigrations, migrate } from '../../server/platform/migrations.ts'
import { createDatabase, dropDatabase } from '../../server/platform/postgres/admin.ts'
import { startPostgres } from '../../server/platform/postgres/start.ts'
import type { Db, Tx } from '../../server/platform/unit-of-work.ts'

export type TestDatabase = { db: Db; url: string; reset(): Promise<void> }

/**
 * A database of its own for a test file, cloned from the migrated template. Call at the top of the file (or of a
 * `describe`); the members are there when tests run. `reset` empties every table.
 */
export function testDatabase(): TestDatabase {
  const name = `test_${randomBytes(6).toString('hex')}`
  const made = {} as TestDatabase
  beforeAll(async () => {
    const { adminUrl, template } = inject('postgres')
    await open(made, await cloneWithRetry(adminUrl, name, template))
  })
  afterAll(async () => {
    await made.db?.close()
    await dropDatabase(inject('postgres').adminUrl, name)
  })
  return made
}

/**
 * The same on a PostgreSQL of its own, for what looks at all transactions of the server: those of the test files beside
 * this one would be among them.
 */
export function testServer(): TestDatabase {
  const made = {} as TestDatabase
  let stop = async (): Promise<void> => {}
  beforeAll(async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hjemmel-tests-own-'))
    chmodSync(dataDir, 0o755)
    const postgres = await startPostgres({ dataDir, durability: 'off' })
    stop = async () => {
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
    const url = await createDatabase(postgres.adminUrl, 'test')
    const db = await openDatabase(url, { migrations: await loadMigrations(), poolSize: 2 })
    await migrate(db)
    await db.close()
    await open(made, url)
  })
  afterAll(async () => {
    await made.db?.close()
    await stop()
  })
  return made
}

async function open(made: TestDatabase, url: string): Promise<void> {
  made.url = url
  made.db = await openDatabase(url, { poolSize: 8 })
  made.reset = () => made.db.transaction(empty)
}

/** From so many bytes on a table is truncated: its dead rows would be in the way of what comes after. */
const LARGE = 1 << 20

/**
 * As `truncate … restart identity cascade` of all tables leaves them, without its second for 140 tables and their indexes,
 * each of which gets new files: most tests fill a few tables with a few rows.
 */
async function empty(tx: Tx): Promise<void> {
  await tx.query('set local session_replication_role = replica')
  const tables = await tx.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migration'`,
  )
  const filled = await tx.query<{ name: string; large: boolean }>(
    `select name, pg_relation_size(name::regclass) > ${LARGE} as large from (values ${tables
      .map(({ name }) => `('${name}', exists (select from ${name}))`)
      .join(', ')}) as t (name, filled) where filled`,
  )
  const large = filled.filter(table => table.large)
  if (large.length > 0) await tx.query(`truncate ${large.map(table => table.name).join(', ')} cascade`)
  await tx.query(filled.map(({ name }) => `delete from ${name}`).join('; '))
  await tx.query(
    `select setval(s.seqrelid::regclass, s.seqstart, false) from pg_sequence s join pg_class c on c.oid = s.seqrelid
     where c.relnamespace = 'public'::regnamespace and pg_sequence_last_value(s.seqrelid) is not null
       and exists (select from pg_depend d where d.objid = s.seqrelid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i'))`,
  )
}

/** PostgreSQL refuses to copy a template while another copy is just being made of it. */
async function cloneWithRetry(adminUrl: string, name: string, template: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await createDatabase(adminUrl, name, { template })
    } catch (error) {
      if (attempt >= 50 || !/being accessed by other users/.test(String(error))) throw error
      await new Promise(resolve => setTimeout(resolve, 50 * attempt))
    }
  }
}
