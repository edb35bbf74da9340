import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { decideMode } from '../../../server/feeds/runs/read-mode.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { testDatabase } from '../../support/database.ts'
import { followJournal } from './journal-feeds.ts'
import type { Happening } from './journal-reader.ts'
import { createScratch, readScratch } from './scratch.ts'

const database = testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-journal-'))
const file = join(folder, 'journal.json')
const children = new Set<ChildProcess>()
let journal: Happening[] = []
let server = 'one'

beforeAll(() => createScratch(database.db))
beforeEach(async () => {
  await database.reset()
  journal = []
  server = 'one'
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Writes on in the journal. */
function happens(...list: Omit<Happening, 'n'>[]): void {
  for (const one of list) journal.push({ n: journal.length + 1, ...one })
  writeFileSync(file, JSON.stringify({ server, journal }))
}
const everybody = (count: number) => Array.from({ length: count }, (_, n) => ({ key: `k${n}`, name: `Navn ${n}` }))
const gone = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => ({ key: `k${from + n}`, deleted: true as const }))

const stateOf = async () =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ state: { n: number } | null }>('select change_state as state from source'),
    )
  )[0]?.state
const record = async (key: string, kind = 'unit') =>
  (
    await database.db.snapshot(tx =>
      tx.query<{ here: boolean; missing: boolean; name: string }>(
        `select gone_at is null as here, missing_since is not null as missing, payload ->> 'name' as name
         from source_record where kind = $2 and key = $1`,
        [key, kind],
      ),
    )
  )[0]

describe('which way a run goes', () => {
  const at = new Date('2026-03-02T12:00:00Z')
  const ago = (seconds: number) => new Date(at.getTime() - seconds * 1000)
  const decide = (more: Partial<Parameters<typeof decideMode>[0]>) =>
    decideMode({
      ...{ canTell: true, wanted: 'changes', standing: { state: { n: 1 }, completeAt: ago(60) } },
      ...{ fullEverySeconds: 3600, now: at, ...more },
    })
  test.each([
    ['a state stands', {}, 'changes', null],
    ['somebody asks for everything', { wanted: 'full' }, 'full', 'asked'],
    ['nothing to go on from', { standing: { state: null, completeAt: ago(60) } }, 'full', 'first'],
    ['never read whole', { standing: { state: { n: 1 }, completeAt: null } }, 'full', 'first'],
    ['time for the full comparison', { standing: { state: { n: 1 }, completeAt: ago(3600) } }, 'full', 'due'],
    ['a source that cannot tell', { canTell: false }, 'full', null],
  ] as const)('%s', (_, given, mode, because) => {
    expect(decide(given)).toEqual({ mode, because })
  })
})

test('a full read keeps where it began; changes are added, changed, ended; what else had the key is missing', async () => {
  happens(...everybody(20), { key: 'g', name: 'Gruppe' }, { key: 'g2', name: 'Gruppe 2' })
  const feeds = await followJournal(database.db, file)
  expect(await feeds.run('journal')).toMatchObject({ state: 'done', mode: 'full', fullBecause: 'asked' })
  expect(await stateOf()).toMatchObject({ n: 22 })
  happens(
    { key: 'k1', name: 'Nyt navn' },
    { key: 'k2', deleted: true },
    { key: 'ny', name: 'Ny' },
    { key: 'g', name: 'Hold' },
  )
  const run = await feeds.run('journal', { mode: 'changes' })
  expect(run).toMatchObject({ state: 'done', mode: 'changes', added: 1, changed: 2, gone: 1, missing: 1, applied: 4 })
  expect(await stateOf()).toMatchObject({ n: 26 })
  expect(await record('k2')).toMatchObject({ here: false })
  expect(await record('g', 'group')).toMatchObject({ here: true, missing: true })
  // Only looked for and not found: that ends nothing, however often, until a full comparison has missed it too.
  happens({ key: 'k3', hidden: true })
  await feeds.run('journal', { mode: 'changes' })
  happens({ key: 'k3', hidden: true })
  expect(await feeds.run('journal', { mode: 'changes' })).toMatchObject({ gone: 0 })
  expect(await record('k3')).toMatchObject({ here: true, missing: true })
  await feeds.run('journal')
  expect(await record('k3')).toMatchObject({ here: false })
  expect(await record('g', 'group')).toMatchObject({ here: false })
})

test('a quiet list leaves nothing behind but the run, and is not on record in the log of what was done', async () => {
  happens(...everybody(5))
  const entries: string[] = []
  const feeds = await followJournal(database.db, file, {
    schedule: '1m',
    audit: async (_tx, entry) => {
      entries.push(String(entry.detail.trigger))
    },
  })
  await feeds.run('journal')
  await database.db.transaction(tx => tx.query(`update feed_run set started_at = started_at - interval '1 hour'`))
  const quiet = await feeds.run('journal', { trigger: 'schedule' })
  expect(quiet).toMatchObject({ state: 'done', mode: 'changes', planHash: null })
  expect(entries).toEqual(['manual'])
  expect(await database.db.snapshot(tx => tx.query('select from plan'))).toHaveLength(1)
  expect(await database.db.snapshot(tx => tx.query('select from feed_stage'))).toHaveLength(0)
  expect(await database.db.snapshot(tx => tx.query('select from source where changes_at is not null'))).toHaveLength(1)
  // After a day nobody looks at it; the full one before it stays.
  const later = await followJournal(database.db, file, {
    clock: fixedClock(new Date(Date.now() + 3 * 86_400_000).toISOString()),
  })
  happens({ key: 'k1', name: 'Andet' })
  await feeds.run('journal', { mode: 'changes' })
  expect(await later.removeIdleRuns()).toBe(1)
  expect(await database.db.snapshot(tx => tx.query('select from feed_run'))).toHaveLength(2)
})

test('another server answers: everything is read in the same run, and it says why; a dry run keeps no state', async () => {
  happens(...everybody(5))
  await (await followJournal(database.db, file)).run('journal')
  const moved = await followJournal(database.db, file)
  server = 'two'
  happens({ key: 'k1', name: 'Nyt' })
  expect(await moved.run('journal', { dryRun: true, mode: 'changes' })).toMatchObject({ mode: 'full', changed: 1 })
  expect(await stateOf()).toMatchObject({ n: 5, server: 'one' })
  expect(await moved.run('journal', { mode: 'changes' })).toMatchObject({
    ...{ state: 'done', mode: 'full', fullBecause: 'other-server', changed: 1 },
  })
  expect(await stateOf()).toMatchObject({ n: 6, server: 'two' })
})

test('a list that breaks off changes nothing and does not move on: the next one brings it all', async () => {
  happens(...everybody(5))
  const feeds = await followJournal(database.db, file)
  await feeds.run('journal')
  happens({ key: 'k1', name: 'Nyt' }, { key: 'k2', name: 'Nyt', breaks: true })
  expect(await feeds.run('journal', { mode: 'changes' })).toMatchObject({ state: 'failed', applied: 0 })
  expect(await stateOf()).toMatchObject({ n: 5 })
  expect(await record('k1')).toMatchObject({ name: 'Navn 1' })
  journal = journal.map(({ breaks: _, ...one }) => one)
  happens({ key: 'k3', name: 'Nyt' })
  expect(await feeds.run('journal', { mode: 'changes' })).toMatchObject({ state: 'done', changed: 3 })
  expect(await stateOf()).toMatchObject({ n: 8 })
})

test('many small bites count as one: leavers that no single list would hold back wait for a person', async () => {
  happens(...everybody(100))
  const feeds = await followJournal(database.db, file, {
    guards: 'gone: { percent: 5, floor: 25 }, part: false, cause: false, truncated: false, hole: false',
  })
  await feeds.run('journal')
  for (const [from, to] of [
    [0, 10],
    [10, 20],
  ] as const) {
    happens(...gone(from, to))
    expect(await feeds.run('journal', { mode: 'changes' })).toMatchObject({ state: 'done', gone: 10 })
  }
  happens(...gone(20, 30), { key: 'k90', name: 'Nyt' })
  const held = await feeds.run('journal', { mode: 'changes' })
  expect(held).toMatchObject({ state: 'held', applied: 1 })
  expect(await record('k25')).toMatchObject({ here: true })
  // A full comparison has looked at everybody: from there on it is counted anew, and what waited is asked again.
  expect(await feeds.run('journal')).toMatchObject({ missing: 10 })
  expect(await record('k25')).toMatchObject({ here: true, missing: true })
})

test('what is held back waits on while changes go on; told again it is not let through, changed again it is judged anew', async () => {
  happens(...everybody(100))
  const feeds = await followJournal(database.db, file, {
    guards: 'change: { percent: 10, floor: 20 }, part: false, cause: false, aspect: false',
  })
  await feeds.run('journal')
  const renamed = Array.from({ length: 30 }, (_, n) => ({ key: `k${n}`, name: `Forkert ${n}` }))
  happens(...renamed)
  const held = await feeds.run('journal', { mode: 'changes' })
  expect(held).toMatchObject({ state: 'held', applied: 0 })
  expect(await stateOf()).toMatchObject({ n: 130 })
  // Somebody else changes; a few of those that wait are told of once more, with the same content.
  happens({ key: 'k50', name: 'Bryllup' }, ...renamed.slice(0, 5))
  expect(await feeds.run('journal', { mode: 'changes' })).toMatchObject({ state: 'done', applied: 1 })
  expect(await record('k0')).toMatchObject({ name: 'Navn 0' })
  const again = await database.db.snapshot(tx =>
    tx.query<{ n: number }>(`select count(*)::int as n from plan_item where state = 'held'`),
  )
  expect(again[0]?.n).toBe(30)
  // One of them is put right: that is a change by itself, and the one that waited is put aside.
  happens({ key: 'k0', name: 'Rettet' })
  expect(await feeds.run('journal', { mode: 'changes' })).toMatchObject({ state: 'done', applied: 1 })
  expect(await record('k0')).toMatchObject({ name: 'Rettet' })
  // What a person turns down is found again by the full comparison: nothing is lost by having gone on.
  const run = await database.db.snapshot(tx =>
    tx.query<{ hash: string }>(`select held_hash as hash from plan where state = 'held'`),
  )
  await feeds.rejectHeld(held.runId, { id: 'somebody' }, { hash: run[0]!.hash, reason: 'forkert' })
  const full = await feeds.run('journal')
  expect(full).toMatchObject({ state: 'held' })
  expect(full.byKind.unit).toMatchObject({ changed: 29, held: 29 })
})

test('killed while changes are applied, the next run takes them to their end and goes on from there', async () => {
  happens(...everybody(50))
  const feeds = await followJournal(database.db, file)
  await feeds.run('journal')
  happens({ key: 'k1', name: 'Nyt' }, { key: 'k2', deleted: true }, { key: 'ny', name: 'Gruppe' })
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./journal-worker.ts', import.meta.url)), database.url, file],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  children.add(child)
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', chunk => String(chunk).includes('waiting') && resolve())
    child.on('exit', code => reject(new Error(`The worker ended by itself with ${code}.`)))
  })
  child.kill('SIGKILL')
  await new Promise(resolve =>
    (child.exitCode ?? child.signalCode) === null ? child.on('exit', resolve) : resolve(null),
  )
  expect(await record('k1')).toMatchObject({ name: 'Navn 1' })
  happens({ key: 'k3', name: 'Senere' })
  expect(await feeds.run('journal', { mode: 'changes' })).toMatchObject({ state: 'done', changed: 1, gone: 0 })
  const rows = await readScratch(database.db)
  expect(rows.filter(row => row.kind === 'unit' && ['k1', 'k2', 'k3', 'ny'].includes(row.key))).toMatchObject([
    ...[
      { key: 'k1', name: 'Nyt' },
      { key: 'k2', gone: true },
      { key: 'k3', name: 'Senere' },
      { key: 'ny', name: 'Gruppe' },
    ],
  ])
  expect(rows.filter(row => row.kind === 'group')).toMatchObject([{ key: 'ny', name: 'Gruppe', writes: 1 }])
})
