import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, municipality, system, unit } from '../../../support/municipality.ts'
import { listFeeds } from './list-feeds.ts'

/*
 * kill -9 while rights of a list are carried out in the database, 20,000 at a time: the next process comes to what an
 * undisturbed run comes to, nothing lost and nothing twice.
 */
const database = testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-killed-list-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const RIGHTS = 22
const ACCOUNTS = 1000
const row = (n: number, used: string) => `b${Math.floor(n / RIGHTS)};Ret ${n % RIGHTS};${used}`
/** More than one batch of changes, with some that are new, some that are missing and one right that nobody knows. */
const before = Array.from({ length: RIGHTS * ACCOUNTS }, (_, n) => row(n, ''))
const after = [
  ...before.slice(200).map(one => `${one}01-02-2026`),
  ...Array.from({ length: 300 }, (_, n) => row(RIGHTS * ACCOUNTS + n, '03-02-2026')),
]
let minutes = 0
function write(rows: readonly string[]): void {
  const file = join(folder, 'liste.csv')
  writeFileSync(file, ['Bruger;Rolle;Sidst brugt', ...rows].join('\r\n'))
  const at = new Date(Date.parse('2026-03-02T06:00:00Z') + ++minutes * 60_000)
  utimesSync(file, at, at)
}

async function loaded(): Promise<void> {
  await database.reset()
  await municipality(database.db).feed('systemer', [
    unit('u1', { name: 'Rådhuset', tree: 'admin' }),
    system('nova', { name: 'Nova' }),
    // The last of them is called otherwise, and waits.
    ...Array.from({ length: RIGHTS - 1 }, (_, n) => entitlement(`nova/ret-${n}`, { name: `Ret ${n}` })),
  ])
  write(before)
  const run = await (await listFeeds(database.db, folder)).run('list-nova')
  expect(run).toMatchObject({ state: 'done', added: RIGHTS * ACCOUNTS + ACCOUNTS })
  write(after)
}

const rows = (sql: string) => database.db.snapshot(tx => tx.query(sql))
const state = async () => ({
  rights: await rows(
    `select a.key as account, e.key as "right", o.listed, o.limits, o.last_used, o.first_seen_at from observed_right o
     join account a on a.id = o.account_id join entitlement e on e.id = o.entitlement_id order by 1, 2`,
  ),
  history: await rows('select count(*) from observed_right_history'),
  names: await rows(
    'select name_key, name, entitlement_id is not null as known, decided_by from list_right order by 1',
  ),
  records: await rows(
    `select kind, key, hash, payload, situation, subject_id is not null as found, gone_at is not null as gone,
       missing_since is not null as missing from source_record where source = 'list-nova' order by kind, key`,
  ),
  left: await rows(
    `select (select count(*)::int from plan_item where state = 'planned') as planned,
       (select count(*)::int from feed_stage) as staged,
       (select count(*)::int from feed_run where state = 'running') as running`,
  ),
})

function killedAt(text: string, nth: number, when: string): Promise<void> {
  const script = fileURLToPath(new URL('./dying-list-worker.ts', import.meta.url))
  const child = spawn(process.execPath, [script, database.url, folder, text, String(nth), when], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return new Promise((resolve, reject) =>
    child.on('exit', (code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`The worker ended by itself with ${code}.`)),
    ),
  )
}

const STAGED = 'create temporary table batch_item'
const RECORDED = 'from batch_item i left join account'
const MARKED = `set state = 'applied' from batch_item`
const SETTLED = 'insert into observed_right as o'
let expected: Awaited<ReturnType<typeof state>> | undefined
beforeEach(loaded)

test('undisturbed', async () => {
  expect(await (await listFeeds(database.db, folder)).run('list-nova')).toMatchObject({ state: 'done', missing: 209 })
  expected = await state()
  expect(expected.left).toEqual([{ planned: 0, staged: 0, running: 0 }])
})

test.each([
  ['before the first batch', STAGED, 1, 'before', 0],
  ['while the first batch is recorded', RECORDED, 1, 'after', 0],
  ['between two batches', STAGED, 2, 'before', 20_000],
  ['while the second batch is marked as done', MARKED, 2, 'after', 20_000],
  ['while what is held is settled', SETTLED, 1, 'after', null],
] as const)(
  'killed %s',
  async (_name, text, nth, when, done) => {
    await killedAt(text, nth, when)
    const [left] = await database.db.snapshot(tx =>
      tx.query<{ done: number; planned: number; phase: string }>(
        `select (select count(*)::int from plan_item i where i.plan_id = r.plan_id and i.kind = 'held' and i.state = 'applied') as done,
         (select count(*)::int from plan_item i where i.plan_id = r.plan_id and i.state = 'planned') as planned, r.phase
       from feed_run r where r.state = 'running'`,
      ),
    )
    // It really stood there: whole batches only, and not at the end.
    expect(left?.phase).toBe('apply')
    if (done !== null) expect(left).toMatchObject({ done, planned: expect.toSatisfy((n: number) => n > 0) })
    const resumed = await (await listFeeds(database.db, folder)).resume()
    expect(resumed).toMatchObject([{ state: 'done' }])
    expect(await state()).toEqual(expected)
  },
  120_000,
)
