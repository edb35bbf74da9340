import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSetupHandler } from '../../../server/platform/setup-page.ts'
import { createProgress, type Progress } from '../../../server/platform/setup-progress.ts'
import { showProgress } from '../../../server/platform/setup-terminal.ts'
import { preferredLanguage } from '../../../server/platform/setup-texts.ts'

let progress: Progress = createProgress()
let origin = ''
const server = createServer((req, res) => {
  if (!createSetupHandler(progress)(req, res)) res.writeHead(418).end('the application')
})
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(() => {
  progress = createProgress()
})

const get = (path: string, headers: Record<string, string> = {}) => fetch(origin + path, { headers })
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

test('the page shows each step with its number, in Danish or English, and nothing inline', async () => {
  progress.step('database').finish()
  progress.step('read', 'ad').advance(1234, 6000)
  progress.step('rights')
  const danish = await get('/people?x=1', HTML)
  expect(danish.status).toBe(200)
  expect(danish.headers.get('content-security-policy')).toContain("default-src 'self'")
  const page = await danish.text()
  expect(page).toContain('<html lang="da">')
  expect(page).toContain('Læser ad')
  expect(page).toContain('1.234 af 6.000')
  expect(page).toContain('<progress aria-label="Læser ad" value="1234" max="6000">')
  expect(page).not.toMatch(/<style|style=|<script>|onclick/)
  const english = await (await get('/', { ...HTML, 'accept-language': 'en-GB,en;q=0.9,da;q=0.8' })).text()
  expect(english).toContain('<html lang="en">')
  expect(english).toContain('1,234 of 6,000')
  for (const [path, type] of [
    ['/setup.css', 'text/css'],
    ['/setup.js', 'text/javascript'],
  ] as const) {
    expect(page).toContain(path)
    expect((await get(path)).headers.get('content-type')).toContain(type)
  }
})

test('what is polled carries the same steps, in the words of the page', async () => {
  progress.step('read', 'skole').advance(7)
  const view = await (await get('/setup.json', { 'accept-language': 'en' })).json()
  expect(view).toEqual({
    ready: false,
    failure: null,
    steps: [
      {
        id: 'read:skole',
        label: 'Reading skole',
        state: 'running',
        stateText: 'running',
        done: 7,
        total: null,
        count: '7',
      },
    ],
  })
})

test('the name of a source cannot become markup', async () => {
  progress.step('read', '<img src=x onerror="alert(1)">').start()
  const page = await (await get('/', HTML)).text()
  expect(page).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;')
})

test('programs are told to come back; probes are left to the application', async () => {
  const api = await get('/api/people', HTML)
  expect(api.status).toBe(503)
  expect(api.headers.get('content-type')).toBe('application/problem+json')
  expect(api.headers.get('retry-after')).toBe('2')
  expect(await api.json()).toMatchObject({ status: 503, code: 'not-ready' })
  expect((await fetch(`${origin}/sign-in`, { method: 'POST', body: 'x' })).status).toBe(503)
  for (const path of ['/healthz', '/readyz', '/metrics']) expect((await get(path, HTML)).status).toBe(418)
  const head = await fetch(origin, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

test('once ready, the application answers, and a page that is still open learns it', async () => {
  progress.step('database').finish()
  progress.ready()
  expect((await get('/', HTML)).status).toBe(418)
  expect(await (await get('/setup.json')).json()).toMatchObject({ ready: true })
})

test('a failure names the step it stopped in and says the sentence', async () => {
  progress.step('database').start()
  progress.fail('There is no room left on the disk.')
  expect(progress.snapshot()).toMatchObject({ ready: false, steps: [{ state: 'failed' }] })
  expect(await (await get('/', HTML)).text()).toContain('Opstarten er stoppet: There is no room left on the disk.')
})

test.each([
  [undefined, 'da'],
  ['en', 'en'],
  ['en-US,en;q=0.5', 'en'],
  ['da,en;q=0.9', 'da'],
  ['en;q=0.3, da;q=0.8', 'da'],
  ['de,en;q=0.7', 'en'],
  ['de', 'da'],
  ['en;q=0', 'da'],
])('language of "%s": %s', (header, language) => {
  expect(preferredLanguage(header)).toBe(language)
})

test('where there is no terminal, each change of a step is one plain line', () => {
  const written: string[] = []
  const database = progress.step('database')
  const stop = showProgress(progress, { write: text => written.push(text) }, 'en')
  const read = progress.step('read', 'ad')
  database.start()
  database.finish()
  for (let done = 0; done <= 6000; done += 100) read.advance(done, 6000)
  read.finish()
  stop()
  database.start()
  expect(written).toEqual([
    '- Starting the database, running\n',
    '- Starting the database, done\n',
    '- Reading ad: 0 of 6,000, running\n',
    '- Reading ad: 6,000 of 6,000, done\n',
  ])
})

test('a terminal is redrawn in place, each line within its width', () => {
  let written = ''
  const out = { isTTY: true, columns: 30, write: (text: string) => (written += text) }
  progress.step('database').start()
  progress.step('read', 'a-source-with-a-very-long-name-indeed').advance(1, 2)
  const stop = showProgress(progress, out, 'en')
  written = ''
  progress.step('database').finish()
  stop()
  expect(written).toBe('\x1b[2A\x1b[2K✓ Starting the database\n\x1b[2K… Reading a-source-with-a-ver\n')
})
