import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { dropDatabase, urlOf, withClient } from '../../server/platform/postgres/admin.ts'
import { undisturbedStart } from '../support/demo-town.ts'
import {
  alive,
  cli,
  emptyFolder,
  endProcesses,
  type Hjemmel,
  postgresOf,
  removeFolder,
  spawnProgram,
  startProcess,
  status,
  until,
} from '../support/hjemmel-process.ts'
import { townState } from '../support/town-state.ts'
import { promised } from './what-is-promised.ts'

/*
 * The first command of the README, as a person types it, from the first second to starting over; killed on the way.
 * One installation through the whole file: each test goes on where the one before stopped.
 */
const dataDir = emptyFolder()
const environment = { HJEMMEL_DATA_DIR: dataDir }
let now: Hjemmel
let expected: Record<string, unknown>

beforeAll(async () => {
  const { adminUrl } = inject('postgres')
  const folder = emptyFolder()
  const name = await undisturbedStart(folder)
  expected = await townState(urlOf(adminUrl, name))
  await dropDatabase(adminUrl, name)
  removeFolder(folder)
}, 300_000)
afterAll(async () => {
  await endProcesses()
  removeFolder(dataDir)
})

const databaseUrl = () => {
  const { port, password } = postgresOf(dataDir)!
  return `postgresql://hjemmel:${password}@127.0.0.1:${port}/hjemmel`
}
const count = (sql: string) => withClient(databaseUrl(), async client => Number((await client.query(sql)).rows[0].n))

type Setup = { steps: { state: string; label: string }[] }
const pick = (below: number) => Math.floor(Math.random() * below)
const setup = async (): Promise<Setup | null> =>
  fetch(`${now.url}/setup.json`, { headers: { 'accept-language': 'da' }, signal: AbortSignal.timeout(5000) })
    .then(response => response.json() as Promise<Setup>)
    .catch(() => null)

test('the page is there before the data are, and says how far the set-up is; the address to ask is "not ready"', async () => {
  now = await startProcess(environment)
  await until('the page answers', async () => (await status(`${now.url}/`)) !== null)
  const page = await fetch(`${now.url}/people/somebody`, { headers: { accept: 'text/html' } })
  const html = await page.text()
  expect(page.status).toBe(200)
  expect(html).toMatch(/<html lang="(da|en)">/)
  expect(html).not.toMatch(/<script>|style="/)
  expect(await status(`${now.url}/readyz`)).toBe(503)
  expect(await status(`${now.url}/healthz`)).toBe(200)
  const api = await fetch(`${now.url}/api/session`)
  expect(api.status).toBe(503)
  expect(((await api.json()) as { code: string }).code).toBe('not-ready')
  await until('a step is shown', async () => ((await setup())?.steps.length ?? 0) > 0)
})

test('killed at random points, again and again, the first start comes to what an undisturbed one comes to', async () => {
  // Each at a random moment of a random step: while the database is made, while sources are read, while rights are decided.
  const running = async () => ((await setup())?.steps ?? []).filter(step => step.state === 'running')
  const steps = [
    /database|tabel/i,
    [/Læser Løn/, /Læser System/][pick(2)]!,
    [/Læser Active/, /Læser Skol/][pick(2)]!,
    /rettigheder/,
  ]
  for (const step of steps) {
    let over: number | string | null = null
    void now.ended.then(code => {
      over = code
    })
    await until(`the step ${step} runs`, async () => {
      // A start that gives up says why, instead of being waited for.
      if (over !== null) throw new Error(`the process ended (${over}):\n${now.out()}\n${now.err()}`)
      return (await running()).some(one => step.test(one.label))
    })
    await wait(pick(1_500))
    const at = (await running()).map(one => one.label).join(', ')
    process.stdout.write(`killed at: ${at || 'no answer'}\n`)
    await now.kill9()
    now = await startProcess(environment)
  }
  await now.ready()
  expect(await townState(databaseUrl())).toEqual(expected)
  expect((expected.assignments as { rows: number }).rows).toBeGreaterThan(50_000)
  expect(expected.unfinished).toEqual({ n: 0 })
}, 600_000)

test('then the terminal has a table with a sign-in for every role, plain where it is no terminal', async () => {
  const out = now.out()
  for (const role of ['hr', 'it', 'systemowner', 'manager', 'deputy', 'dpo', 'auditor', 'employee'])
    expect(out).toMatch(new RegExp(`^ +${role} +[\\w.-]+ +\\S`, 'm'))
  expect(out).toContain(now.url)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
  expect(out).not.toMatch(/\x1b\[|\r/)
})

promised(() => ({ url: now.url, dataDir }))

test('a second start keeps the data and makes nothing anew', async () => {
  const manifest = statSync(join(dataDir, 'demo/manifest.json')).mtimeMs
  const key = readFileSync(join(dataDir, 'encryption-key'), 'utf8')
  const runs = await count('select count(*) as n from feed_run')
  expect(await now.interrupt()).toBe(0)
  now = await startProcess(environment)
  await now.ready()
  expect(statSync(join(dataDir, 'demo/manifest.json')).mtimeMs).toBe(manifest)
  expect(readFileSync(join(dataDir, 'encryption-key'), 'utf8')).toBe(key)
  expect(await count('select count(*) as n from feed_run')).toBe(runs)
  expect(await townState(databaseUrl())).toEqual(expected)
})

test('the key, the passwords of the database and the files are for the owner alone', () => {
  expect(statSync(join(dataDir, 'encryption-key')).mode & 0o077).toBe(0)
  expect(statSync(join(dataDir, 'postgres/postgres.json')).mode & 0o077).toBe(0)
})

test('the client is served with a content policy that lets nothing inline run', async () => {
  const page = await fetch(`${now.url}/`, { headers: { accept: 'text/html' } })
  const html = await page.text()
  expect(page.status).toBe(200)
  const nonce = /'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1]
  expect(nonce).toBeTruthy()
  for (const script of html.match(/<script[^>]*>/g) ?? [])
    expect(/src=/.test(script) || script.includes(`nonce="${nonce}"`), script).toBe(true)
  const asset = /(?:src|href)="(\/assets\/[^"]+)"/.exec(html)?.[1]
  const file = await fetch(`${now.url}${asset}`)
  expect(file.status).toBe(200)
  expect(file.headers.get('cache-control')).toContain('immutable')
  await file.arrayBuffer()
  expect(await status(`${now.url}/assets/../../package.json`)).not.toBe(500)
})

test('a second program on the same folder is told so and leaves the first alone', async () => {
  const other = await startProcess(environment)
  expect(await other.ended).toBe(1)
  expect(other.err()).toMatch(/\.\n$/)
  expect(other.err().trim().split('\n')).toHaveLength(1)
  expect(await status(`${now.url}/readyz`)).toBe(200)
})

test('the database is killed under load: what is asked meanwhile gets an honest answer, and then all goes on', async () => {
  const answers = new Map<number | null, number>()
  let asking = true
  const load = Promise.all(
    [1, 2, 3, 4].map(async () => {
      while (asking) {
        const answer = await status(`${now.url}/api/session`)
        answers.set(answer, (answers.get(answer) ?? 0) + 1)
        await wait(10)
      }
    }),
  )
  await wait(300)
  const { pid } = postgresOf(dataDir)!
  process.kill(pid, 'SIGKILL')
  await until('another database runs', () => {
    const state = postgresOf(dataDir)
    return state !== null && state.pid !== pid && alive(state.pid)
  })
  await now.ready()
  await until('a visitor is answered', async () => (await status(`${now.url}/api/session`)) === 200)
  asking = false
  await load
  expect([...answers.keys()].filter(code => code !== 200 && code !== 503)).toEqual([])
  expect(answers.get(200)).toBeGreaterThan(0)
  expect(await townState(databaseUrl())).toEqual(expected)
}, 240_000)

test('killed with the database left behind, the next start takes it over; the command line reaches it meanwhile', async () => {
  const { pid } = postgresOf(dataDir)!
  await now.kill9()
  expect(alive(pid)).toBe(true)
  const doctor = await cli(['doctor', '--json'], environment)
  expect(doctor.exit, doctor.out + doctor.err).toBe(0)
  now = await startProcess(environment)
  await now.ready()
  expect(await townState(databaseUrl())).toEqual(expected)
})

test('Ctrl-C stops everything, the database included', async () => {
  const { pid } = postgresOf(dataDir)!
  expect(alive(pid)).toBe(true)
  expect(await now.interrupt()).toBe(0)
  expect(alive(pid)).toBe(false)
  expect(await status(`${now.url}/healthz`)).toBeNull()
})

test('the command line works while nothing runs, and leaves nothing running', async () => {
  const shown = await cli(['audit', 'verify', '--json'], environment)
  expect(shown.exit, shown.out + shown.err).toBe(0)
  expect(shown.json).toMatchObject({ ok: true, firstBroken: null })
  const { pid } = postgresOf(dataDir) ?? {}
  expect(pid && alive(pid)).toBeFalsy()
})

test('a lost key is not replaced in silence: the start is refused', async () => {
  const file = join(dataDir, 'encryption-key')
  const key = readFileSync(file, 'utf8')
  const { renameSync, writeFileSync } = await import('node:fs')
  renameSync(file, `${file}.away`)
  now = await startProcess(environment)
  expect(await now.ended).toBe(1)
  expect(now.err()).toMatch(/key/i)
  writeFileSync(file, key, { mode: 0o600 })
})

test('starting over is one command', async () => {
  const over = spawnProgram(['server/start-over.ts'], environment)
  expect(await over.ended, over.err()).toBe(0)
  for (const name of ['postgres/data', 'demo', 'encryption-key'])
    expect(existsSync(join(dataDir, name)), name).toBe(false)
})
