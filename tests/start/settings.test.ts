import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, inject, test } from 'vitest'
import { createDatabase, dropDatabase, withClient } from '../../server/platform/postgres/admin.ts'
import { freePort } from '../support/free-port.ts'
import {
  emptyFolder,
  endProcesses,
  postgresOf,
  removeFolder,
  startProcess,
  status,
} from '../support/hjemmel-process.ts'
import { PASSWORD, signInLocal, Visitor } from '../support/visitors.ts'

/* What can be wrong at a start: one clear sentence, a non-zero exit, and nothing left behind. */
const folders: string[] = []
const databases: string[] = []
const folder = () => {
  const made = emptyFolder()
  folders.push(made)
  return made
}
async function database(): Promise<string> {
  const name = `start_${randomBytes(6).toString('hex')}`
  databases.push(name)
  return createDatabase(inject('postgres').adminUrl, name)
}
afterAll(async () => {
  await endProcesses()
  for (const one of folders) removeFolder(one)
  for (const name of databases) await dropDatabase(inject('postgres').adminUrl, name)
})

/** Starts, waits for the end, and holds what every failure owes: one line, no trace, exit code 1, nothing listening. */
async function failure(environment: Record<string, string>, args: string[] = []): Promise<string> {
  const one = await startProcess(environment, args)
  const exit = await one.ended
  expect(exit, one.out() + one.err()).toBe(1)
  expect(one.err().trim().split('\n')).toHaveLength(1)
  expect(one.err()).not.toMatch(/\bat .*\.ts:\d+|node:internal/)
  expect(await status(`${one.url}/healthz`)).toBeNull()
  return one.err().trim()
}

test('a taken port is named, with what to do', async () => {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1')
  try {
    const dir = folder()
    const sentence = await failure({ PORT: String(port), HJEMMEL_DATA_DIR: dir })
    expect(sentence).toContain(`Port ${port} is taken`)
    expect(sentence).toContain('PORT')
    // Not even a database has been made.
    expect(readdirSync(dir)).toEqual([])
  } finally {
    other.close()
  }
})

test('a folder that cannot be written to is named', async () => {
  const dir = folder()
  writeFileSync(join(dir, 'a-file'), '')
  expect(await failure({ HJEMMEL_DATA_DIR: join(dir, 'a-file/data') })).toMatch(/a-file.*HJEMMEL_DATA_DIR/)
  expect(await failure({ HJEMMEL_DATA_DIR: '/proc/hjemmel' })).toMatch(/\/proc\/hjemmel.*cannot be written to/)
})

test('a database that does not answer, does not exist, or takes nobody in', async () => {
  const dir = folder()
  const port = await freePort()
  const closed = await failure({
    HJEMMEL_DATA_DIR: dir,
    DATABASE_URL: `postgresql://me:secretword@127.0.0.1:${port}/x`,
  })
  expect(closed).toContain(`127.0.0.1:${port}/x`)
  expect(closed).toContain('DATABASE_URL')
  const missing = new URL(inject('postgres').adminUrl)
  missing.pathname = '/no_such_database'
  expect(await failure({ HJEMMEL_DATA_DIR: dir, DATABASE_URL: missing.href })).toContain('no_such_database')
  missing.pathname = '/postgres'
  missing.password = 'secretword'
  const refused = await failure({ HJEMMEL_DATA_DIR: dir, DATABASE_URL: missing.href })
  for (const sentence of [closed, refused]) expect(sentence).not.toContain('secretword')
})

test('something that is no database but answers ends the start too', async () => {
  const port = await freePort()
  const silent = createServer(socket => socket.on('data', () => {})).listen(port, '127.0.0.1')
  try {
    const url = `postgresql://me@127.0.0.1:${port}/x`
    expect(await failure({ HJEMMEL_DATA_DIR: folder(), DATABASE_URL: url })).toContain(`127.0.0.1:${port}`)
  } finally {
    silent.close()
  }
})

test('bad settings are said all at once, a misspelt one too', async () => {
  const sentence = await failure({
    PORT: '70000',
    DATABASE_URL: 'mysql://x',
    HJEMMEL_DEMO: 'yes',
    HJEMMEL_PUBLIC_URL: 'hjemmel',
    HJEMMEL_TRUST_PROXY: 'many',
    HJEMMEL_LOG_LEVEL: 'loud',
    HJEMMEL_POOL_SIZE: '1',
    HJEMMEL_DATADIR: '/tmp/x',
  })
  for (const name of [
    'PORT',
    'DATABASE_URL',
    'HJEMMEL_DEMO',
    'HJEMMEL_PUBLIC_URL',
    'HJEMMEL_TRUST_PROXY',
    'HJEMMEL_LOG_LEVEL',
    'HJEMMEL_POOL_SIZE',
    'HJEMMEL_DATADIR',
  ])
    expect(sentence).toContain(`${name}:`)
})

test('an own network that is none, a sources file that is none, a sign-in source that nobody declared', async () => {
  const dir = folder()
  const url = await database()
  const start = (more: Record<string, string>) => failure({ HJEMMEL_DATA_DIR: dir, DATABASE_URL: url, ...more })
  expect(await start({ HJEMMEL_OWN_NETWORK: '10.0.0.0/99' })).toContain('HJEMMEL_OWN_NETWORK')
  expect(await start({ HJEMMEL_SOURCES: join(dir, 'none.yaml') })).toContain('none.yaml')
  writeFileSync(join(dir, 'bad.yaml'), 'sources:\n  - key: x\n    kind: dragon\n')
  expect(await start({ HJEMMEL_SOURCES: join(dir, 'bad.yaml') })).toMatch(
    /bad\.yaml:3: source x: kind must be one of csv, ldif, ldap/,
  )
  writeFileSync(
    join(dir, 'clear.yaml'),
    'sources:\n  - key: ad\n    name: AD\n    kind: ldap\n    flavour: ad\n    url: ldaps://dc1.example.dk\n    bindDn: cn=x\n    password: hunter2\n    base: dc=example,dc=dk\n',
  )
  const clear = await start({ HJEMMEL_SOURCES: join(dir, 'clear.yaml') })
  expect(clear).toMatch(/password/)
  expect(clear).not.toContain('hunter2')
})

test('an argument that there is not: wrong usage', async () => {
  for (const args of [['--only=dog'], ['--fast']]) {
    const one = await startProcess({ HJEMMEL_DATA_DIR: folder() }, args)
    expect(await one.ended).toBe(2)
    expect(one.err()).toContain(args[0])
  }
})

test('with DATABASE_URL: no demonstration, no database of its own; the first administrator comes by a link that works once', async () => {
  const dir = folder()
  const url = await database()
  const house = await startProcess({ HJEMMEL_DATA_DIR: dir, DATABASE_URL: url })
  await house.ready()
  expect(postgresOf(dir)).toBeNull()
  expect(readdirSync(dir)).not.toContain('demo')
  expect(house.out()).not.toMatch(/Demonstration sign-ins/)
  const link = /http:\/\/localhost:\d+\/link\/([\w-]+)/.exec(house.out())
  expect(link, house.out()).not.toBeNull()
  expect(link![0]).toContain(house.url)

  const browser = new Visitor(house.url)
  const session = await browser.session()
  expect(session.demo).toBeNull()
  expect((await browser.post('/session/demo', { username: 'x' })).status).toBe(404)
  const token = link![1]!
  const used = await browser.post<{ username: string }>('/links/use', { token, password: PASSWORD })
  expect(used.status, used.text).toBe(200)
  expect((await browser.post('/links/use', { token, password: PASSWORD })).status).toBe(410)
  // A password is not enough for somebody who sees others: the second factor comes before anything else.
  const half = new Visitor(house.url)
  await half.session()
  const first = await half.post<{ secondFactor: string; permissions: string[] }>('/session/local', {
    username: used.body.username,
    password: PASSWORD,
  })
  expect(first.body).toMatchObject({ secondFactor: 'enrol', permissions: [] })
  expect((await half.post('/people/search', {})).status).toBe(401)
  await signInLocal(browser, used.body.username)
  const people = await browser.post<{ total: number }>('/people/search', {})
  expect(people.status).toBe(200)
  expect(people.body.total).toBe(0)
  expect(await house.interrupt()).toBe(0)

  // There is an administrator now, so no other link is printed.
  const again = await startProcess({ HJEMMEL_DATA_DIR: dir, DATABASE_URL: url })
  await again.ready()
  expect(again.out()).not.toMatch(/\/link\//)
  expect(await again.interrupt()).toBe(0)
  expect(await withClient(url, async client => (await client.query('select 1 as one')).rows[0].one)).toBe(1)
})

test('HJEMMEL_DEMO=0 starts empty on its own database', async () => {
  const dir = folder()
  const house = await startProcess({ HJEMMEL_DATA_DIR: dir, HJEMMEL_DEMO: '0' })
  await house.ready()
  expect(readdirSync(dir)).not.toContain('demo')
  expect(house.out()).toMatch(/\/link\//)
  const browser = new Visitor(house.url)
  expect((await browser.session()).demo).toBeNull()
  expect(await house.interrupt()).toBe(0)
})

test('the key of another installation is refused: better no start than mixed keys', async () => {
  const url = await database()
  const first = await startProcess({ HJEMMEL_DATA_DIR: folder(), DATABASE_URL: url })
  await first.ready()
  expect(await first.interrupt()).toBe(0)
  expect(await failure({ HJEMMEL_DATA_DIR: folder(), DATABASE_URL: url })).toMatch(/encryption key/)
  const dir = folder()
  mkdirSync(join(dir, 'x'))
  writeFileSync(join(dir, 'x/key'), 'not a key')
  expect(await failure({ HJEMMEL_DATA_DIR: dir, DATABASE_URL: url, HJEMMEL_KEY_FILE: join(dir, 'x/key') })).toContain(
    'key',
  )
})
