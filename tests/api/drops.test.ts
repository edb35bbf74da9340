import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DropRow, WatchRow } from '../../server/contract/drops.ts'
import type { RunDetail } from '../../server/contract/feeds.ts'
import { demoTown } from '../support/demo-town.ts'
import { signIn, type Visitor } from '../support/visitors.ts'

/* A folder that is watched, declared on the screen: files in, by hand and by the job, and what the screens say of them. */
const root = mkdtempSync(join(tmpdir(), 'hjemmel-drops-api-'))
const folder = join(root, 'gaester')
mkdirSync(folder)
const town = demoTown({ environment: { HJEMMEL_DROPS_DIR: root } })
let it: Visitor
beforeAll(async () => {
  it = await signIn(town, 'it')
}, 300_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

const declaration = {
  key: 'gaester',
  name: { da: 'Gæstekonti', en: 'Guest accounts' },
  kind: 'csv',
  drops: { folder: 'gaester' },
  files: [{ pattern: 'gaester*.csv', record: 'account', key: 'Nr', map: { username: 'Navn' } }],
}
let minute = 0
function drop(name: string, text: string) {
  writeFileSync(join(folder, name), text)
  const at = new Date(Date.now() - 3_600_000 + ++minute * 60_000)
  utimesSync(join(folder, name), at, at)
}
async function ended(runId: string): Promise<RunDetail> {
  for (;;) {
    const { body } = await it.get<RunDetail>(`/runs/${runId}`)
    if (body.state !== 'running') return body
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
const dropsOf = async (query = '') =>
  (await it.get<{ rows: DropRow[]; total: number }>(`/drops?source=gaester${query}`)).body

test('declared, tried, dropped into, read, and looked up', async () => {
  const wrong = { ...declaration, files: [{ ...declaration.files[0], path: 'gaester.csv' }] }
  const { body } = await it.post<{ mistakes: { where: string; what: { da: string; en: string } }[] }>(
    '/sources-validate',
    { declaration: wrong },
  )
  expect(body.mistakes).toMatchObject([{ where: '/files', what: { da: expect.stringMatching(/tages fra mappen/) } }])
  expect((await it.post('/sources', { declaration })).status).toBe(200)
  expect((await it.get<{ rows: WatchRow[] }>('/drop-folders')).body.rows).toMatchObject([
    { source: 'gaester', folder: 'gaester', content: 'full', patterns: ['gaester*.csv'], lookedAt: null, waiting: 0 },
  ])

  drop('gaester-1.csv', 'Nr;Navn\r\n1;gæst1\r\n2;gæst2\r\n')
  drop('gaster-2.csv', 'Nr;Navn\r\n1;gæst1\r\n')
  // By hand: whoever starts it need not wait for the next minute.
  const started = await it.post<{ runId: string }>('/sources/gaester/runs', { dryRun: false })
  expect(started.status, started.text).toBe(200)
  expect(await ended(started.body.runId)).toMatchObject({ state: 'done', added: 2 })
  await expect.poll(async () => (await dropsOf()).rows[0]?.state).toBe('archived')
  expect(await dropsOf(`&runId=${started.body.runId}`)).toMatchObject({
    total: 1,
    rows: [
      {
        name: 'gaester-1.csv',
        sourceName: declaration.name,
        place: `arkiv/${started.body.runId}/gaester-1.csv`,
        reason: null,
      },
    ],
  })
  expect((await it.get<{ rows: WatchRow[] }>('/drop-folders')).body.rows).toMatchObject([
    { unmatched: ['gaster-2.csv'], error: null, waiting: 0, setAside: 0 },
  ])

  drop('gaester-3.csv', 'Nr;Brugernavn\r\n1;gæst1\r\n')
  await town.house.feeds.takeDrops()
  expect(await dropsOf('&state=waiting')).toMatchObject({ total: 1, rows: [{ name: 'gaester-3.csv' }] })
  const again = await it.post<{ runId: string }>('/sources/gaester/runs', { dryRun: false })
  expect(await ended(again.body.runId)).toMatchObject({ state: 'failed', error: { code: 'source-invalid' } })
  await expect.poll(async () => (await dropsOf('&state=set-aside')).total).toBe(1)
  const [bad] = (await dropsOf('&state=set-aside')).rows
  expect(bad).toMatchObject({ runId: again.body.runId, reason: { detail: expect.stringMatching(/no column "Navn"/) } })
  expect(readdirSync(join(folder, 'afvist'))).toHaveLength(2)
}, 60_000)
