import { readdirSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDatabase, dropDatabase, withClient } from '../../../server/platform/postgres/admin.ts'
import { attachPostgres, startPostgres } from '../../../server/platform/postgres/start.ts'
import { isRoot, spawnOwner, temporaryDir } from './postgres-fixture.ts'

const SECONDS = 1000
const rowsOf = <Row extends object>(url: string, sql: string, params: unknown[] = []): Promise<Row[]> =>
  withClient(url, async client => (await client.query(sql, params)).rows as Row[])

describe.each([18, 16] as const)('PostgreSQL %i', version => {
  test(
    'starts, stores Danish text as UTF-8, keeps it over a stop, and sorts it as Danes do when asked',
    async () => {
      const dataDir = join(temporaryDir(), 'made/by/the/start')
      const first = await startPostgres({ dataDir, version })
      expect(first.adopted).toBe(false)
      const [about] = await rowsOf<Record<string, string>>(
        first.url,
        `select current_setting('server_version_num')::int / 10000 as major, current_setting('server_encoding') as encoding,
         lower('ÆØÅ') as lower, current_setting('timezone') as zone, current_setting('fsync') as fsync,
         (select rolsuper from pg_roles where rolname = current_user) as super`,
      )
      expect(about).toEqual({
        major: version,
        encoding: 'UTF8',
        lower: 'æøå',
        zone: 'UTC',
        fsync: 'on',
        super: false,
      })
      await rowsOf(first.url, 'create table place (name text)')
      await rowsOf(first.url, 'insert into place select unnest($1::text[])', [
        ['Ølsted', 'Ærø', 'Aabenraa', 'Zealand', 'Åby', 'Birk'],
      ])
      await first.stop()

      const second = await startPostgres({ dataDir, version })
      try {
        expect(second.adopted).toBe(false)
        const danish = await rowsOf<{ name: string }>(
          second.url,
          'select name from place order by name collate "da-x-icu"',
        )
        expect(danish.map(row => row.name)).toEqual(['Birk', 'Zealand', 'Ærø', 'Ølsted', 'Aabenraa', 'Åby'])
        const bytes = await rowsOf<{ name: string }>(second.url, 'select name from place order by name')
        expect(bytes.map(row => row.name)).toEqual(['Aabenraa', 'Birk', 'Zealand', 'Åby', 'Ærø', 'Ølsted'])
      } finally {
        await second.stop()
      }
    },
    60 * SECONDS,
  )

  test(
    'the extensions the migrations use can be created by the role that owns the database',
    async () => {
      const running = await startPostgres({ dataDir: temporaryDir(), version, durability: 'off' })
      try {
        for (const name of ['btree_gist', 'ltree', 'pg_trgm', 'pgcrypto'])
          await rowsOf(running.url, `create extension ${name}`)
        const found = await rowsOf(running.url, "select extname from pg_extension where extname <> 'plpgsql'")
        expect(found).toHaveLength(4)
        const [fsync] = await rowsOf<{ fsync: string }>(running.url, 'show fsync')
        expect(fsync?.fsync).toBe('off')
      } finally {
        await running.stop()
      }
    },
    60 * SECONDS,
  )
})

describe('one running server', () => {
  test(
    'who may reach it: this machine with the password, the command line by attaching, no second main',
    async () => {
      const dataDir = temporaryDir()
      expect(await attachPostgres(dataDir)).toBeNull()
      const running = await startPostgres({ dataDir, durability: 'off' })
      try {
        const { port, hostname, password } = new URL(running.url)
        expect(hostname).toBe('127.0.0.1')
        expect(password).toMatch(/^[\w-]{32}$/)

        const home = join(dataDir, 'postgres')
        expect(statSync(join(home, 'postgres.json')).mode & 0o777).toBe(0o600)
        expect(statSync(join(home, 'server.log')).mode & 0o777).toBe(0o600)
        expect(statSync(join(home, 'data')).mode & 0o777).toBe(0o700)
        expect(readdirSync('/tmp').filter(entry => entry.includes(`.PGSQL.${port}`))).toEqual([])
        expect(await refused('127.0.0.2', Number(port))).toBe(true)
        expect(await refused('127.0.0.1', Number(port))).toBe(false)
        for (const user of ['postgres', 'hjemmel']) {
          const guess = new URL(running.url)
          guess.username = user
          guess.password = 'guess'
          await expect(rowsOf(guess.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
        }
        if (isRoot) expect(statSync(`/proc/${running.pid}`).uid).not.toBe(0)
        expect(readFileSync(`/proc/${running.pid}/cmdline`, 'utf8')).not.toContain(password)
        // A process group of its own: what the terminal sends to ours does not reach it.
        const group = readFileSync(`/proc/${running.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2]
        expect(Number(group)).toBe(running.pid)

        const attached = await attachPostgres(dataDir)
        expect(attached).toEqual({ url: running.url, adminUrl: running.adminUrl })
        const second = spawnOwner(dataDir)
        expect(await second.message).toMatchObject({ problem: 'database-unavailable', reason: 'data-dir-in-use' })
        expect((await second.message).sentence).toContain(`process ${process.pid}`)
        await expect(startPostgres({ dataDir })).rejects.toMatchObject({
          info: { params: { reason: 'data-dir-in-use' } },
        })
        expect(await rowsOf(running.url, 'select 1 as one')).toEqual([{ one: 1 }])
      } finally {
        await running.stop()
        await running.stop()
      }
      expect(await attachPostgres(dataDir)).toBeNull()
    },
    60 * SECONDS,
  )

  test(
    'databases are created, copied from a template and dropped, whatever they are called',
    async () => {
      const running = await startPostgres({ dataDir: temporaryDir(), durability: 'off' })
      try {
        const template = await createDatabase(running.adminUrl, 'a template')
        await rowsOf(template, 'create table kept as select 42 as answer')
        const nameOf = fc.stringMatching(/^[a-zæøå"' /%;&-]{1,40}$/)
        await fc.assert(
          fc.asyncProperty(nameOf, async name => {
            const url = await createDatabase(running.adminUrl, `x${name}`, { template: 'a template', owner: 'hjemmel' })
            expect(await rowsOf(url, 'select answer, current_database() as name from kept')).toEqual([
              { answer: 42, name: `x${name}` },
            ])
            await dropDatabase(running.adminUrl, `x${name}`)
            await expect(rowsOf(url, 'select 1')).rejects.toMatchObject({ code: '3D000' })
            await dropDatabase(running.adminUrl, `x${name}`)
          }),
          { numRuns: 5 },
        )
      } finally {
        await running.stop()
      }
    },
    60 * SECONDS,
  )
})

function refused(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, host)
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => resolve(true))
  })
}
