import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openDatabase } from '../../server/platform/database.ts'
import { loadMigrations, migrate } from '../../server/platform/migrations.ts'
import { dropDatabase, withClient } from '../../server/platform/postgres/admin.ts'
import { cloneTown } from '../support/demo-town.ts'
import {
  emptyFolder,
  endProcesses,
  type Hjemmel,
  removeFolder,
  startProcess,
  until,
} from '../support/hjemmel-process.ts'

/* An update of a town hall with several processes: the first new one changes the schema while old ones still run. */
const folder = emptyFolder()
let name: string
let environment: Record<string, string>
let web: Hjemmel
let worker: Hjemmel

/** What the next version brings. */
class Later9999999999999 implements MigrationInterface {
  name = 'Later9999999999999'
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table account rename column description to said_of_it')
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table account rename column said_of_it to description')
  }
}

beforeAll(async () => {
  const dataDir = join(folder, 'data')
  const town = await cloneTown(dataDir)
  name = town.name
  environment = { DATABASE_URL: town.databaseUrl, HJEMMEL_DATA_DIR: dataDir, HJEMMEL_POOL_SIZE: '4' }
  web = await startProcess(environment, ['--only=web'])
  worker = await startProcess(environment, ['--only=worker'])
  await web.ready()
  await until('the worker runs', () => worker.out().includes('the worker is running'))
}, 400_000)
afterAll(async () => {
  await endProcesses()
  await dropDatabase(inject('postgres').adminUrl, name)
  removeFolder(folder)
})

test('old processes step aside when a newer one has changed the schema, and start no more', async () => {
  expect((await fetch(`${web.url}/readyz`)).status).toBe(200)
  const newer = await openDatabase(environment.DATABASE_URL!, {
    migrations: [...(await loadMigrations()), Later9999999999999],
    poolSize: 2,
  })
  expect(await migrate(newer)).toBe(1)
  await newer.close()

  await until('the web says so', async () => (await fetch(`${web.url}/readyz`)).status === 503)
  expect(await (await fetch(`${web.url}/readyz`)).text()).toBe('a newer version has taken over\n')
  const answer = await fetch(`${web.url}/api/session`)
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ code: 'program-outdated' })
  // The process lives: a supervisor need not start the old version over and over.
  expect((await fetch(`${web.url}/healthz`)).status).toBe(200)

  await until('the worker says so', () =>
    (worker.out() + worker.err()).includes('a newer version has changed the database'),
  )
  const jobs = () =>
    withClient(environment.DATABASE_URL!, async client => {
      const { rows } = await client.query(
        `select count(*)::int as n from graphile_worker._private_jobs where locked_at is not null`,
      )
      return (rows[0] as { n: number }).n
    })
  await withClient(environment.DATABASE_URL!, client =>
    client.query(`select graphile_worker.add_job('read-due-sources', max_attempts => 1)`),
  )
  // Nobody takes it: two turns of the old worker's clock.
  await new Promise(resolve => setTimeout(resolve, 4000))
  expect(await jobs()).toBe(0)
  const waiting = await withClient(environment.DATABASE_URL!, async client => {
    const { rows } = await client.query(`select count(*)::int as n from graphile_worker._private_jobs`)
    return (rows[0] as { n: number }).n
  })
  expect(waiting).toBeGreaterThan(0)

  const again = await startProcess(environment, ['--only=web'])
  expect(await again.ended).not.toBe(0)
  expect(again.out() + again.err()).toMatch(/newer version of Hjemmel has changed the database \(Later9999999999999\)/)
  expect(await web.interrupt(), web.err()).toBe(0)
  expect(await worker.interrupt(), worker.err()).toBe(0)
}, 120_000)
