import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../support/database.ts'
import { followJournal } from './journal-feeds.ts'
import type { Happening } from './journal-reader.ts'
import { createScratch, readScratch } from './scratch.ts'

/* kill -9 anywhere in a delta, while it reads, stages, compares or applies: the next process comes to the same. */
const database = testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-killed-'))
const file = join(folder, 'journal.json')
const PEOPLE = 2600

beforeAll(() => createScratch(database.db))
beforeEach(() => database.reset())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start: Happening[] = Array.from({ length: PEOPLE }, (_, n) => ({ n: n + 1, key: `k${n}`, name: `Navn ${n}` }))
/** More than two batches of reading and of applying, of each sort of change. */
const after: Happening[] = [
  ...start.slice(0, 2300).map(one => ({ ...one, name: `${Number(one.key.slice(1)) % 9 ? '' : 'G'}Nyt ${one.key}` })),
  ...start.slice(2300, 2320).map(({ key }) => ({ n: 0, key, deleted: true as const })),
  ...start.slice(2320, 2330).map(({ key }) => ({ n: 0, key, hidden: true as const })),
  ...Array.from({ length: 40 }, (_, n) => ({ n: 0, key: `ny${n}`, name: `Ny ${n}` })),
].map((one, place) => ({ ...one, n: PEOPLE + place + 1 }))
const last: Happening = { n: PEOPLE + after.length + 1, key: 'k2500', name: 'Bagefter' }
const write = (journal: readonly Happening[]) => writeFileSync(file, JSON.stringify({ server: 'one', journal }))
const GUARDS = 'change: false, gone: false, part: false, cause: false, aspect: false'
const follow = () => followJournal(database.db, file, { guards: GUARDS })

async function loaded(): Promise<void> {
  await database.reset()
  write(start)
  expect(await (await follow()).run('journal')).toMatchObject({ state: 'done', added: PEOPLE })
  write([...start, ...after])
}

/** Runs a delta in a process of its own that dies at a statement; answers how many it sent where it did not. */
function delta(at: number, when: 'before' | 'after'): Promise<number | 'killed'> {
  const script = fileURLToPath(new URL('./dying-worker.ts', import.meta.url))
  const child = spawn(process.execPath, [script, database.url, file, GUARDS, String(at), when], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', chunk => {
    said += String(chunk)
  })
  return new Promise((resolve, reject) =>
    child.on('exit', (code, signal) => {
      if (signal === 'SIGKILL') resolve('killed')
      else if (code === 0) resolve(Number(said))
      else reject(new Error(`The worker ended with ${code}.`))
    }),
  )
}

const state = async () => ({
  rows: await readScratch(database.db),
  records: await database.db.snapshot(tx =>
    tx.query(
      `select kind, key, hash, part, payload, situation, gone_at is not null as gone, missing_since is not null as missing
       from source_record order by kind, key`,
    ),
  ),
  source: await database.db.snapshot(tx => tx.query('select change_state from source')),
  left: await database.db.snapshot(tx =>
    tx.query(
      `select (select count(*)::int from feed_stage) as stage, (select count(*)::int from feed_run where state = 'running') as running,
         (select count(*)::int from plan_item where state = 'planned') as planned`,
    ),
  ),
})

test('killed at any statement of a delta, the next process comes to what an undisturbed run does, nothing lost and nothing twice', async () => {
  await loaded()
  const statements = await delta(Number.MAX_SAFE_INTEGER, 'before')
  if (statements === 'killed') throw new Error('killed without being asked to')
  write([...start, ...after, last])
  expect(await (await follow()).run('journal', { mode: 'changes' })).toMatchObject({ state: 'done', changed: 1 })
  const expected = await state()
  expect(expected.left).toEqual([{ stage: 0, running: 0, planned: 0 }])
  expect(expected.rows.filter(row => row.writes === 2).length).toBeGreaterThan(2300)

  const phases = new Set<string>()
  await fc.assert(
    fc.asyncProperty(
      // A point of its own in each third of a run: reading and staging, comparing, applying and after.
      fc.tuple(
        ...[0, 1, 2].map(third =>
          fc.integer({
            min: 1 + Math.floor((statements * third) / 3),
            max: Math.floor((statements * (third + 1)) / 3),
          }),
        ),
      ),
      fc.constantFrom('before' as const, 'after' as const),
      async (points, when) => {
        for (const at of points) {
          await loaded()
          const lived = await delta(at, when)
          // How far it is gets said by the clock: a run on a machine with less to do sends a few statements fewer.
          if (lived !== 'killed') {
            await loaded()
            expect(await delta(lived - 5, when)).toBe('killed')
          }
          const [left] = await database.db.snapshot(tx =>
            tx.query<{ phase: string }>('select phase from feed_run order by started_at desc limit 1'),
          )
          phases.add(left!.phase)
          const feeds = await follow()
          await feeds.resume()
          // What was read is carried out to its end; what was not is read again. Then what has happened since.
          await feeds.run('journal', { mode: 'changes' })
          write([...start, ...after, last])
          await feeds.run('journal', { mode: 'changes' })
          expect(await state()).toEqual(expected)
        }
      },
    ),
    { numRuns: 2, endOnFailure: true },
  )
  expect([...phases].length).toBeGreaterThan(1)
}, 240_000)
