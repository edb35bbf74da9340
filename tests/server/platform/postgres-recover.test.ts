import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureApplicationDatabase, withClient } from '../../../server/platform/postgres/admin.ts'
import { removePostgres } from '../../../server/platform/postgres/remove.ts'
import { attachPostgres, startPostgres } from '../../../server/platform/postgres/start.ts'
import { spawnOwner, temporaryDir, until } from './postgres-fixture.ts'

const TIMEOUT = 90_000
const run = (url: string, sql: string) => withClient(url, client => client.query(sql))
const count = async (url: string) => Number((await run(url, 'select count(*) from entry')).rows[0].count)
const answers = (url: string) =>
  run(url, 'select 1').then(
    () => true,
    () => false,
  )

test(
  'a server that outlived its killed process is attached to, and taken over by the next start',
  async () => {
    const dataDir = temporaryDir()
    const owner = spawnOwner(dataDir)
    const { url = '', pid } = await owner.message
    await run(url, 'create table entry as select generate_series(1, 1000)')
    await owner.kill9()
    expect(await count(url)).toBe(1000)
    expect((await attachPostgres(dataDir))?.url).toBe(url)

    const next = await startPostgres({ dataDir })
    expect(next).toMatchObject({ adopted: true, pid, url })
    expect(await count(next.url)).toBe(1000)
    await next.stop()
    expect(await answers(url)).toBe(false)
  },
  TIMEOUT,
)

test(
  'a start after both were killed recovers what had been committed',
  async () => {
    const dataDir = temporaryDir()
    const owner = spawnOwner(dataDir)
    const { url = '', pid = 0 } = await owner.message
    await run(url, 'create table entry as select generate_series(1, 1000)')
    await owner.kill9()
    process.kill(pid, 'SIGKILL')
    const next = await startPostgres({ dataDir })
    try {
      expect(next.adopted).toBe(false)
      expect(await count(next.url)).toBe(1000)
    } finally {
      await next.stop()
    }
  },
  TIMEOUT,
)

test(
  'a server that is killed while we run is started again, at the same address',
  async () => {
    const dataDir = temporaryDir()
    const lines: string[] = []
    const running = await startPostgres({ dataDir, log: line => lines.push(line) })
    try {
      await run(running.url, 'create table entry as select generate_series(1, 1000)')
      const before = running.pid
      process.kill(before, 'SIGKILL')
      await until('it has another process', () => running.pid !== before)
      expect(await count(running.url)).toBe(1000)
      expect(JSON.parse(readFileSync(join(dataDir, 'postgres/postgres.json'), 'utf8')).pid).toBe(running.pid)
      expect(lines).toContain('The database ended by itself; starting it again.')
    } finally {
      await running.stop()
    }
    expect(await answers(running.url)).toBe(false)
  },
  TIMEOUT,
)

// After a restart of the machine, and in a container nearly always, the process id in a left-over file is in use again.
test(
  'a left-over postmaster.pid whose process id now belongs to somebody else does not stand in the way',
  async () => {
    const dataDir = temporaryDir()
    const owner = spawnOwner(dataDir)
    const { pid = 0, url = '' } = await owner.message
    await run(url, 'create table entry as select generate_series(1, 1000)')
    await owner.kill9()
    process.kill(pid, 'SIGKILL')
    const file = join(dataDir, 'postgres/data/postmaster.pid')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)))
    expect(await attachPostgres(dataDir)).toBeNull()
    const next = await startPostgres({ dataDir })
    try {
      expect(await count(next.url)).toBe(1000)
    } finally {
      await next.stop()
    }
  },
  TIMEOUT,
)

test.each([
  ['while the binaries are copied', (entries: string[]) => entries.some(entry => /^runtime-.*\.new-/.test(entry))],
  ['while initdb works', (entries: string[], home: string) => entries.some(entry => isHalfway(home, entry))],
  ['when the files are there and nothing runs', (entries: string[]) => entries.includes('data')],
  ['while the server starts', (_: string[], home: string) => existsSync(join(home, 'data/postmaster.pid'))],
])(
  'killed during the first start, %s: the next start comes through',
  async (_, reached) => {
    const dataDir = temporaryDir()
    const home = join(dataDir, 'postgres')
    const owner = spawnOwner(dataDir)
    await until('that point is reached', () => existsSync(home) && reached(readdirSync(home), home))
    await owner.kill9()
    const next = await startPostgres({ dataDir })
    await run(next.url, 'create table entry as select 1')
    await next.stop()
    const again = await startPostgres({ dataDir })
    expect(await count(again.url)).toBe(1)
    await again.stop()
    expect(readdirSync(home).filter(entry => entry.includes('.new-'))).toEqual([])
  },
  TIMEOUT,
)

// A killed client's statement runs on in the server: two starts right after another must not both create the database.
test(
  'the application database is made once, however many ask for it at the same time',
  async () => {
    const running = await startPostgres({ dataDir: temporaryDir(), durability: 'off' })
    try {
      const asking = Array.from({ length: 6 }, () => ensureApplicationDatabase(running.adminUrl, 'another', 'secret'))
      await Promise.all(asking)
      const url = new URL(running.adminUrl)
      url.username = 'another'
      url.password = 'secret'
      url.pathname = '/another'
      expect(await answers(url.href)).toBe(true)
      url.pathname = '/hjemmel'
      expect(await answers(url.href)).toBe(false)
    } finally {
      await running.stop()
    }
  },
  TIMEOUT,
)

test(
  'starting over stops what still runs and removes it, but not while a Hjemmel runs on it',
  async () => {
    const dataDir = temporaryDir()
    writeFileSync(join(dataDir, 'something-else'), 'kept')
    await removePostgres(dataDir)
    const owner = spawnOwner(dataDir)
    const { url = '' } = await owner.message
    await run(url, 'create table entry as select 1')
    await expect(removePostgres(dataDir)).rejects.toMatchObject({ info: { params: { reason: 'data-dir-in-use' } } })
    expect(await count(url)).toBe(1)
    await owner.kill9()
    await removePostgres(dataDir)
    expect(await answers(url)).toBe(false)
    expect(readdirSync(dataDir)).toEqual(['something-else'])
    const next = await startPostgres({ dataDir })
    await expect(count(next.url)).rejects.toMatchObject({ code: '42P01' })
    await next.stop()
  },
  TIMEOUT,
)

function isHalfway(home: string, entry: string): boolean {
  return /^data\.new-[0-9a-f]+$/.test(entry) && existsSync(join(home, entry, 'global'))
}
