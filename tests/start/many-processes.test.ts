import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { dropDatabase, withClient } from '../../server/platform/postgres/admin.ts'
import { cloneTown } from '../support/demo-town.ts'
import {
  cli,
  emptyFolder,
  endProcesses,
  type Hjemmel,
  removeFolder,
  startProcess,
  until,
} from '../support/hjemmel-process.ts'
import { townState } from '../support/town-state.ts'
import { Visitor } from '../support/visitors.ts'

/* Two web and two worker processes at once on one database: as many as one likes may run, and each job is done once. */
const folder = emptyFolder()
const dataDir = join(folder, 'data')
let name: string
let databaseUrl: string
let environment: Record<string, string>
let webs: Hjemmel[]
let workers: Hjemmel[]

beforeAll(async () => {
  const town = await cloneTown(dataDir)
  ;({ name, databaseUrl } = town)
  const yaml = join(dataDir, 'demo/kilder.yaml')
  // Every source has its rhythm, so that the workers have something to quarrel about.
  writeFileSync(
    join(dataDir, 'demo/tit.yaml'),
    readFileSync(yaml, 'utf8').replace(
      /^( +)(?:- )?(authority: \d+|authority:)/gm,
      (line, indent) => `${indent}schedule: 24h\n${line}`,
    ),
  )
  environment = {
    DATABASE_URL: databaseUrl,
    HJEMMEL_DATA_DIR: dataDir,
    HJEMMEL_SOURCES: join(dataDir, 'demo/tit.yaml'),
    HJEMMEL_POOL_SIZE: '4',
  }
  webs = await Promise.all([1, 2].map(() => startProcess(environment, ['--only=web'])))
  workers = await Promise.all([1, 2].map(() => startProcess(environment, ['--only=worker'])))
  await Promise.all(webs.map(web => web.ready()))
  await Promise.all(
    workers.map(worker => until('the worker runs', () => worker.out().includes('the worker is running'))),
  )
}, 400_000)
afterAll(async () => {
  await endProcesses()
  await dropDatabase(inject('postgres').adminUrl, name)
  removeFolder(folder)
})

const sql = <T>(text: string, params: unknown[] = []): Promise<T[]> =>
  withClient(databaseUrl, async client => (await client.query(text, params)).rows as T[])

test('only=web answers and does no jobs; only=worker does jobs and opens no port', async () => {
  for (const worker of workers) expect(worker.out()).not.toContain('http://')
  const names = await sql<{ application_name: string }>(
    `select distinct application_name from pg_stat_activity where datname = current_database()`,
  )
  expect(names.length).toBeGreaterThan(0)
})

test('a source that is due at once is read by one worker, however many jobs ask for it; nothing is lost or doubled', async () => {
  const before = await townState(databaseUrl)
  const runsBefore = (await sql<{ n: number }>('select count(*)::int as n from feed_run'))[0]!.n
  const sources = (await sql<{ key: string }>('select key from source')).map(row => row.key)
  await sql(`update source set complete_at = complete_at - interval '3 days'`)
  await sql(`update feed_run set started_at = started_at - interval '3 days', ended_at = ended_at - interval '3 days'`)
  for (let n = 0; n < 8; n++) await sql(`select graphile_worker.add_job('read-due-sources', max_attempts => 1)`)
  await until('all jobs are done', async () => {
    const [jobs] = await sql<{ n: number }>(`select count(*)::int as n from graphile_worker._private_jobs`)
    return jobs!.n === 0
  })
  const runs = await sql<{ source: string; n: number; state: string }>(
    `select source, count(*)::int as n, max(state) as state from feed_run where started_at > now() - interval '1 day' group by source order by 1`,
  )
  expect(runs).toEqual(sources.sort().map(source => ({ source, n: 1, state: 'done' })))
  expect((await sql<{ n: number }>('select count(*)::int as n from feed_run'))[0]!.n).toBe(runsBefore + sources.length)
  expect(await townState(databaseUrl)).toEqual(before)
}, 300_000)

test('the log is sealed by both at once without a gap or a double', async () => {
  for (let n = 0; n < 10; n++) await sql(`select graphile_worker.add_job('seal-audit', max_attempts => 1)`)
  await until('everything is sealed', async () => {
    const [open] = await sql<{ n: number }>(
      'select count(*)::int as n from audit_entry e where not exists (select from audit_seal s where s.entry_id = e.id)',
    )
    return open!.n === 0
  })
  const verdict = await cli(['audit', 'verify', '--json'], environment)
  expect(verdict.json).toMatchObject({ ok: true, unsealed: 0 })
  const [chain] = await sql<{ n: number; last: number }>(
    'select count(*)::int as n, max(seq)::int as last from audit_seal',
  )
  expect(chain!.n).toBe(chain!.last)
})

test('somebody signed in at one web process is signed in at the other, and signed out at both', async () => {
  // No demonstration sign-in with DATABASE_URL: the administrator's link, printed by one of them, used at the other.
  const link = webs.map(web => /\/link\/([\w-]+)/.exec(web.out())?.[1]).find(token => token !== undefined)
  expect(link).toBeDefined()
  const [one, two] = webs.map(web => new Visitor(web.url)) as [Visitor, Visitor]
  await one.session()
  const used = await one.post<{ username: string }>('/links/use', { token: link, password: 'blå cykel syv hatte' })
  // Each process prints a link of its own; the newest counts.
  const token = used.status === 200 ? null : /\/link\/([\w-]+)/.exec(webs[1]!.out())?.[1]
  const second = token
    ? await one.post<{ username: string }>('/links/use', { token, password: 'blå cykel syv hatte' })
    : used
  expect(second.status, second.text).toBe(200)
  const signedIn = await one.post('/session/local', { username: second.body.username, password: 'blå cykel syv hatte' })
  expect(signedIn.status).toBe(200)
  two.cookies = one.cookies
  expect((await two.session()).signedIn).toBe(true)
  expect((await two.post('/session/end', {})).status).toBe(200)
  one.cookies = new Map(one.cookies)
  expect((await one.session()).signedIn).toBe(false)
})

test('a worker that is killed in the middle of a run loses nothing: the other ends it', async () => {
  const before = await townState(databaseUrl)
  await sql(`update source set complete_at = complete_at - interval '3 days'`)
  await sql(`update feed_run set started_at = started_at - interval '3 days', ended_at = ended_at - interval '3 days'`)
  await sql(`select graphile_worker.add_job('read-due-sources')`)
  await until('a run is on its way', async () => (await sql(`select from feed_run where state = 'running'`)).length > 0)
  const [row] = await sql<{ host: string }>(`select * from feed_run where state = 'running' limit 1`)
  expect(row).toBeDefined()
  // Both at once: whoever had it is among them; a third takes over.
  await Promise.all(workers.map(worker => worker.kill9()))
  const third = await startProcess(environment, ['--only=worker'])
  await until('the third runs', () => third.out().includes('the worker is running'))
  await until('every source has been read and no run is left hanging', async () => {
    await sql(`select graphile_worker.add_job('read-due-sources', job_key => 'again')`)
    const [left] = await sql<{ n: number }>(
      `select count(*)::int as n from source s where
         exists (select from feed_run r where r.source = s.key and r.state = 'running')
         or not exists (select from feed_run r where r.source = s.key and r.started_at > now() - interval '1 day')`,
    )
    return left!.n === 0
  })
  expect(await townState(databaseUrl)).toEqual(before)
  expect(await third.interrupt()).toBe(0)
}, 400_000)

test('all stop when they are asked to', async () => {
  expect(await Promise.all(webs.map(web => web.interrupt()))).toEqual([0, 0])
})
