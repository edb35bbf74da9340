import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { EntitySchema } from 'typeorm'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { checkoutDir } from '../server/platform/data-dir.ts'
import { openDatabase } from '../server/platform/database.ts'
import { loadMigrations, migrate } from '../server/platform/migrations.ts'
import { createDatabase, dropDatabase } from '../server/platform/postgres/admin.ts'
import { type RunningPostgres, startPostgres } from '../server/platform/postgres/start.ts'
import type { Db } from '../server/platform/unit-of-work.ts'

const folder = join(checkoutDir, 'migrations')
const files = readdirSync(folder)
  .filter(name => name.endsWith('.ts'))
  .sort()

/**
 * Without a primary key, which TypeORM asks for; `migration` is TypeORM's own, and so is `typeorm_metadata`, which it
 * makes for comparing generated columns.
 */
const UNDECLARED = ['assignment_history', 'group_member', 'migration', 'observed_right_history', 'typeorm_metadata']

let sixteen: RunningPostgres
let dataDir: string
const made: [string, string][] = []

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'hjemmel-postgres-16-'))
  chmodSync(dataDir, 0o755)
  sixteen = await startPostgres({ dataDir, version: 16, durability: 'off' })
})
afterAll(async () => {
  for (const [adminUrl, name] of made) await dropDatabase(adminUrl, name)
  await sixteen?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function emptyDatabase(version: 16 | 18): Promise<string> {
  const adminUrl = version === 18 ? inject('postgres').adminUrl : sixteen.adminUrl
  const name = `migrations_${randomBytes(6).toString('hex')}`
  made.push([adminUrl, name])
  return createDatabase(adminUrl, name)
}
// Without the table definitions: with them TypeORM installs btree_gist by itself, before any migration.
const open = async (url: string, entities: EntitySchema[] = []): Promise<Db> =>
  openDatabase(url, { migrations: await loadMigrations(), entities, poolSize: 3 })

/** Every table definition of every room, found by the name of its file: a new room cannot forget to take part. */
async function allTables(): Promise<EntitySchema[]> {
  const tables: EntitySchema[] = []
  for (const file of globSync('server/**/*-tables.ts', { cwd: checkoutDir })) {
    const exported = (await import(pathToFileURL(join(checkoutDir, file)).href)) as object
    for (const value of Object.values(exported))
      for (const one of Array.isArray(value) ? value : [value])
        if (one instanceof EntitySchema && !tables.includes(one)) tables.push(one)
  }
  return tables
}

/** All that the migrations make, as PostgreSQL itself describes it: one line each, in order. */
async function schemaOf(db: Db): Promise<string[]> {
  const rows = (await db.source.query(`
    select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || udt_name || ' ' || is_nullable || ' ' ||
        coalesce(column_default, '-') || ' ' || coalesce(generation_expression, '-') || ' ' || is_identity as line
      from information_schema.columns where table_schema = 'public'
    union all select 'index ' || indexdef from pg_indexes where schemaname = 'public'
    union all select 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid)
      from pg_constraint where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'p', 'u', 'x') and conrelid <> 0
    union all select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select 'function ' || pg_get_functiondef(pg_proc.oid) from pg_proc
      where pronamespace = 'public'::regnamespace and prokind = 'f'
        and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
    union all select 'table ' || relname || ' ' || relpersistence::text from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r'
    union all select 'extension ' || extname from pg_extension
    order by 1`)) as { line: string }[]
  return rows.map(row => row.line).filter(line => !/\bmigration\b|"migration"|PK_.*\bid\b.*migration/.test(line))
}

for (const version of [18, 16] as const)
  describe(`on PostgreSQL ${version}`, () => {
    test('all up, all down, all up: nothing is left over and the same comes back', async () => {
      const db = await open(await emptyDatabase(version))
      try {
        const [server] = (await db.source.query('show server_version_num')) as { server_version_num: string }[]
        expect(Math.floor(Number(server!.server_version_num) / 10_000)).toBe(version)
        const before = await schemaOf(db)
        expect(await migrate(db)).toBe(files.length)
        const up = await schemaOf(db)
        expect(up.length).toBeGreaterThan(300)
        for (const _ of files) await db.source.undoLastMigration({ transaction: 'each' })
        expect(await schemaOf(db)).toEqual(before)
        await migrate(db)
        expect(await schemaOf(db)).toEqual(up)
      } finally {
        await db.close()
      }
    })

    test('each migration alone undoes what it did', async () => {
      const db = await open(await emptyDatabase(version))
      const migrations = await loadMigrations()
      try {
        const stages: string[][] = []
        for (const one of migrations) {
          stages.push(await schemaOf(db))
          await run(db, one, 'up')
        }
        for (const one of [...migrations].reverse()) {
          await run(db, one, 'down')
          expect(await schemaOf(db), `after down of ${one.name}`).toEqual(stages.pop())
        }
      } finally {
        await db.close()
      }
    })

    test('the table definitions of the rooms say what the migrations made, and a difference is seen', async () => {
      const db = await open(await emptyDatabase(version), await allTables())
      const drift = async () => (await db.source.driver.createSchemaBuilder().log()).upQueries.map(query => query.query)
      try {
        await migrate(db)
        expect(db.source.entityMetadatas.length).toBeGreaterThan(25)
        expect(await drift()).toEqual([])
        const known = new Set(db.source.entityMetadatas.map(entity => entity.tableName))
        const tables = (await db.source.query(
          `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
        )) as { name: string }[]
        // Tables that no room declares are held by the comparison of up, down and up alone; there may not be more of them.
        expect(
          tables
            .map(table => table.name)
            .filter(name => !known.has(name))
            .sort(),
        ).toEqual(UNDECLARED)
        await db.source.query('alter table person_current drop column phone')
        await db.source.query('drop index fact_run')
        expect(await drift()).toHaveLength(2)
      } finally {
        await db.close()
      }
    })

    test('a second time there is nothing to do, and the data stay', async () => {
      const db = await open(await emptyDatabase(version))
      try {
        await migrate(db)
        await db.source.query(`insert into installation (key, value) values ('kept', '{"a": 1}')`)
        expect(await migrate(db)).toBe(0)
        expect(await db.source.query(`select value from installation where key = 'kept'`)).toEqual([
          { value: { a: 1 } },
        ])
      } finally {
        await db.close()
      }
    })

    test('two processes migrate the same empty database at once: each change is made once', async () => {
      const url = await emptyDatabase(version)
      const script = join(import.meta.dirname, 'support/migrate-once.ts')
      const [one, two] = await Promise.all([1, 2].map(() => promisify(execFile)(process.execPath, [script, url])))
      const counts = [Number(one!.stdout), Number(two!.stdout)].sort((a, b) => a - b)
      expect(counts).toEqual([0, files.length])
      const db = await open(url)
      try {
        const rows = (await db.source.query('select name from migration order by timestamp')) as { name: string }[]
        expect(rows).toHaveLength(files.length)
      } finally {
        await db.close()
      }
    })
  })

test('kinds of purpose come and go, and other terms stay', async () => {
  const db = await open(await emptyDatabase(18))
  const kinds = (await loadMigrations()).find(one => one.name.startsWith('PurposeKinds'))!
  const add = (kind: string, code: string) =>
    db.source.query(
      `insert into vocabulary_term (id, kind, code, da, en, origin) values (gen_random_uuid(), $1, $2, 'd', 'e', 'own')`,
      [kind, code],
    )
  const left = async () =>
    (
      (await db.source.query('select kind, code from vocabulary_term order by code')) as {
        kind: string
        code: string
      }[]
    ).map(one => `${one.kind} ${one.code}`)
  try {
    await migrate(db)
    await add('data', 'A')
    await add('purpose-kind', 'B')
    await run(db, kinds, 'down')
    expect(await left()).toEqual(['data A'])
    await expect(add('purpose-kind', 'B')).rejects.toThrow(/vocabulary_term_kind_check/)
    await run(db, kinds, 'up')
    await add('purpose-kind', 'B')
    expect(await left()).toEqual(['data A', 'purpose-kind B'])
    await expect(add('nothing', 'C')).rejects.toThrow(/vocabulary_term_kind_check/)
  } finally {
    await db.close()
  }
})

test('both versions come to the same schema', async () => {
  const schemas: string[][] = []
  for (const version of [18, 16] as const) {
    const db = await open(await emptyDatabase(version))
    await migrate(db)
    schemas.push(await schemaOf(db))
    await db.close()
  }
  expect(schemas[0]).toEqual(schemas[1])
})

test('a migration that has landed is never edited: write a new one', () => {
  const landed = JSON.parse(readFileSync(join(import.meta.dirname, 'support/migration-hashes.json'), 'utf8')) as Record<
    string,
    string
  >
  const now = Object.fromEntries(
    files.map(name => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  )
  // A new file is added with: node tests/support/freeze-migrations.ts
  expect(now).toEqual(landed)
  expect(files.every(name => /^\d{13}-[a-z0-9-]+\.ts$/.test(name))).toBe(true)
})

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for migration classes
async function run(db: Db, migration: Function, way: 'up' | 'down'): Promise<void> {
  const runner = db.source.createQueryRunner()
  try {
    // biome-ignore lint/suspicious/noExplicitAny: a class known only as a function
    await (new (migration as any)()[way](runner) as Promise<void>)
  } finally {
    await runner.release()
  }
}
