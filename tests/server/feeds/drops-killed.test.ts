import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../support/database.ts'
import { dropFolder, settled } from './drop-folder.ts'
import { createScratch, readScratch, rowsOf } from './scratch.ts'

const database = testDatabase()
const children = new Set<ChildProcess>()
const folders: ReturnType<typeof dropFolder>[] = []
beforeAll(() => createScratch(database.db))
beforeEach(() => database.reset())
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const one of folders) one.remove()
})
function folder() {
  const made = dropFolder()
  folders.push(made)
  return made
}

function worker(files: ReturnType<typeof dropFolder>, waitMs = 0): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./drop-worker.ts', import.meta.url))
  const child = spawn(process.execPath, [script, database.url, files.yamlPath, files.root, String(waitMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  return new Promise((resolve, reject) => {
    child.stdout.on('data', chunk => String(chunk).includes('looking') && resolve(child))
    child.on('exit', (code, signal) => signal ?? reject(new Error(`The worker ended by itself with ${code}.`)))
  })
}
async function killed(child: ChildProcess): Promise<void> {
  const ended = new Promise(resolve => child.on('exit', resolve))
  child.kill('SIGKILL')
  await ended
  children.delete(child)
}

type Row = { name: string; state: string; moved: boolean; place: string; runId: string | null }
const drops = () =>
  database.db.snapshot(tx =>
    tx.query<Row>('select name, state, moved, place, run_id as "runId" from feed_drop order by modified_at, name'),
  )
const dealtWith = async (count: number) => {
  const rows = await drops()
  return rows.length === count && rows.every(row => row.moved && !['seen', 'taken'].includes(row.state))
}

/** What the folder must look like when everything has been dealt with: each file once, under the run that read it. */
async function inOrder(files: ReturnType<typeof dropFolder>, names: readonly string[]) {
  const rows = await drops()
  expect(rows.map(row => ({ name: row.name, state: row.state }))).toEqual(
    names.map(name => ({ name, state: 'archived' })),
  )
  expect(files.list()).toEqual(rows.map(row => `arkiv/${row.runId}/${row.name}`).sort())
}

/** The same files in a folder that nobody disturbs. */
async function undisturbed(put: (files: ReturnType<typeof dropFolder>) => string[]) {
  const files = folder()
  const feeds = await files.feeds(database.db)
  put(files)
  await feeds.takeDrops()
  await settled()
  await feeds.takeDrops()
  const rows = (await readScratch(database.db)).map(({ writes: _, ...row }) => row)
  await database.reset()
  return rows
}

const fiveDays = (files: ReturnType<typeof dropFolder>): string[] =>
  Array.from({ length: 5 }, (_, day) => {
    const rows = rowsOf(2500 + day).map(row => (row.id === 'p7' ? { ...row, name: `Dag ${day}` } : row))
    files.drop(`personale-${day}.csv`, rows)
    files.drop(`stillinger-${day}.csv`, rowsOf(30 + day))
    return [`personale-${day}.csv`, `stillinger-${day}.csv`]
  }).flat()

test('killed again and again at random points, the files are all taken, each once; the state is that of an undisturbed run', async () => {
  const expected = await undisturbed(fiveDays)
  const files = folder()
  const names = fiveDays(files)
  for (let kills = 0; kills < 8; kills++) {
    const child = await worker(files, 20)
    await new Promise(go => setTimeout(go, Math.random() * 600))
    await killed(child)
  }
  await worker(files)
  await expect.poll(() => dealtWith(names.length), { timeout: 60_000, interval: 200 }).toBe(true)
  for (const child of [...children]) await killed(child)
  await inOrder(files, names)
  expect((await readScratch(database.db)).map(({ writes: _, ...row }) => row)).toEqual(expected)
}, 180_000)

test('two processes look into one folder: each file is taken by one of them', async () => {
  const files = folder()
  const [one, other] = await Promise.all([worker(files, 5), worker(files, 5)])
  const names: string[] = []
  for (let day = 0; day < 8; day++) {
    files.drop(`personale-${day}.csv`, rowsOf(200 + day))
    names.push(`personale-${day}.csv`)
    await new Promise(go => setTimeout(go, 60))
  }
  await expect.poll(() => dealtWith(names.length), { timeout: 60_000, interval: 200 }).toBe(true)
  await Promise.all([killed(one!), killed(other!)])
  await inOrder(files, names)
  const runs = await database.db.snapshot(tx => tx.query<{ state: string }>('select state from feed_run'))
  expect(runs).toHaveLength(names.length)
  expect(runs.every(run => run.state === 'done')).toBe(true)
  const rows = await readScratch(database.db)
  expect(rows).toHaveLength(207)
  expect(rows.every(row => row.writes === 1)).toBe(true)
}, 120_000)

/** The moments between two steps, one by one, as a kill would leave them. */
test.each([
  ['claimed, and not moved yet', 'folder', 'taken', false],
  ['moved, and not noted', 'hand', 'taken', false],
  ['in hand, and not read', 'hand', 'taken', true],
  ['decided, and not moved', 'hand', 'set-aside', false],
  ['decided and moved, and not noted', 'end', 'set-aside', false],
])('left behind: %s', async (_what, stands, state, moved) => {
  const files = folder()
  const feeds = await files.feeds(database.db)
  files.drop('personale.csv', rowsOf(10))
  await feeds.takeDrops()
  const [row] = await database.db.snapshot(tx => tx.query<{ id: string }>('select id from feed_drop'))
  const hand = `.i-gang/${row!.id}/personale.csv`
  const place = state === 'taken' ? hand : 'afvist/2026 personale.csv'
  await database.db.transaction(tx =>
    tx.query('update feed_drop set state = $1, moved = $2, place = $3', [state, moved, place]),
  )
  const at = { folder: null, hand, end: place }[stands]
  if (at) {
    mkdirSync(join(files.folder, at, '..'), { recursive: true })
    renameSync(join(files.folder, 'personale.csv'), join(files.folder, at))
  }
  await feeds.takeDrops()
  await settled()
  await feeds.takeDrops()
  await settled()
  await feeds.takeDrops()
  const rows = await drops()
  expect(rows).toMatchObject([
    { name: 'personale.csv', state: state === 'taken' ? 'archived' : 'set-aside', moved: true },
  ])
  expect(files.list()).toEqual([rows[0]!.place])
  expect(await readScratch(database.db)).toHaveLength(state === 'taken' ? 10 : 0)
})

test('read by a run that ended, and not archived: it is archived under that run, and not read again', async () => {
  const files = folder()
  const feeds = await files.feeds(database.db)
  files.drop('personale.csv', rowsOf(10))
  await feeds.takeDrops()
  await settled()
  const [run] = await feeds.takeDrops()
  const [row] = await database.db.snapshot(tx => tx.query<{ id: string }>('select id from feed_drop'))
  const hand = `.i-gang/${row!.id}/personale.csv`
  mkdirSync(join(files.folder, hand, '..'), { recursive: true })
  renameSync(join(files.folder, `arkiv/${run!.runId}/personale.csv`), join(files.folder, hand))
  await database.db.transaction(tx => tx.query(`update feed_drop set state = 'taken', place = $1`, [hand]))
  expect(await feeds.takeDrops()).toEqual([])
  await inOrder(files, ['personale.csv'])
})

test('a file that fails three times without being at fault is set aside, and keeps nobody waiting', async () => {
  const files = folder()
  let broken = true
  const feeds = await files.feeds(database.db, async () => {
    if (broken) throw new Error('the sink is broken')
  })
  files.drop('personale-1.csv', rowsOf(10))
  await feeds.takeDrops()
  await settled()
  for (let attempt = 1; attempt <= 3; attempt++)
    expect(await feeds.takeDrops()).toMatchObject([{ state: 'failed', error: { code: 'unexpected' } }])
  expect(await drops()).toMatchObject([{ state: 'set-aside', moved: true }])
  broken = false
  files.drop('personale-2.csv', rowsOf(11))
  await feeds.takeDrops()
  await settled()
  expect(await feeds.takeDrops()).toMatchObject([{ state: 'done', added: 11 }])
})
