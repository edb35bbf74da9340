import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../support/database.ts'
import { followJournal } from './journal-feeds.ts'
import type { Happening } from './journal-reader.ts'
import { createScratch, readScratch } from './scratch.ts'

const database = testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'hjemmel-delta-'))
const file = join(folder, 'journal.json')
let journal: Happening[] = []

beforeAll(() => createScratch(database.db))
beforeEach(async () => {
  await database.reset()
  journal = []
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function happens(...list: Omit<Happening, 'n'>[]): void {
  for (const one of list) journal.push({ n: journal.length + 1, ...one })
  writeFileSync(file, JSON.stringify({ server: 'one', journal }))
}
const renamed = (from: number, to: number, name: string) =>
  Array.from({ length: to - from }, (_, n) => ({ key: `k${from + n}`, name: `${name} ${from + n}` }))
const changes = { mode: 'changes' } as const

test('names that change a few at a time are one wave: the list that is too much waits, until everything is compared', async () => {
  happens(...renamed(0, 300, 'Navn'))
  const feeds = await followJournal(database.db, file)
  await feeds.run('journal')
  happens(...renamed(0, 10, 'NAVN'))
  expect(await feeds.run('journal', changes)).toMatchObject({ state: 'done', mode: 'changes', applied: 10 })
  happens(...renamed(10, 20, 'NAVN'))
  expect(await feeds.run('journal', changes)).toMatchObject({ state: 'done', applied: 10 })
  happens(...renamed(20, 30, 'NAVN'), { key: 'ny', name: 'Ny' })
  const third = await feeds.run('journal', changes)
  // Twenty-five are let through between two complete reads; thirty are not, and the new one is nobody's business.
  expect(third).toMatchObject({
    ...{ state: 'held', applied: 1 },
    heldBack: [{ guard: 'aspect', part: 'unit change: rename', count: 30, limit: 25 }],
  })
  expect((await readScratch(database.db)).filter(row => row.name.startsWith('NAVN'))).toHaveLength(20)
  // Told once more, it neither slips through by itself nor waits twice.
  happens(...renamed(20, 22, 'NAVN'), { key: 'k200', name: 'NAVN 200' })
  expect(await feeds.run('journal', changes)).toMatchObject({ state: 'done', applied: 1 })
  const waiting = await database.db.snapshot(tx => tx.query(`select from plan_item where state = 'held'`))
  expect(waiting).toHaveLength(10)
  // The full comparison begins to count anew, and finds what still differs.
  expect(await feeds.run('journal')).toMatchObject({ mode: 'full', state: 'done', changed: 10, applied: 10 })
  expect((await readScratch(database.db)).filter(row => row.name.startsWith('NAVN'))).toHaveLength(31)
})

test('an ordinary day of small lists holds nothing back', async () => {
  happens(...renamed(0, 300, 'Navn'))
  const feeds = await followJournal(database.db, file)
  await feeds.run('journal')
  for (let hour = 0; hour < 8; hour++) {
    happens(...renamed(hour * 3, hour * 3 + 3, 'Viet'), { key: `ny${hour}`, name: 'Ny' })
    expect(await feeds.run('journal', changes)).toMatchObject({ state: 'done', heldBack: [], applied: 4 })
  }
})

test('a wave over many small lists is let through as far as is usual between two complete reads, and never further', async () => {
  happens(...renamed(0, 300, 'Navn'))
  const guards = 'aspect: { percent: 50, floor: 5 }'
  const feeds = await followJournal(database.db, file, { learn: true, guards })
  await feeds.run('journal')
  let round = 0
  const lists = async (...sizes: number[]) => {
    const done = []
    for (const size of sizes) {
      happens(...renamed(round * 3, round * 3 + size, `Viet${round++}`))
      done.push(await feeds.run('journal', changes))
    }
    return done
  }
  const last = async (sizes: number[]) => (await lists(...sizes)).at(-1)
  // Too few days to call anything usual: only what is set counts, and that is half of them.
  expect(await last([20])).toMatchObject({ state: 'done' })
  await database.db.transaction(tx => tx.query(`delete from feed_run where mode = 'changes'`))
  for (let day = 0; day < 11; day++) {
    await feeds.run('journal')
    expect(await last([3, 3])).toMatchObject({ state: 'done', applied: 3 })
  }
  await feeds.run('journal')
  // Six a day are usual, so nine are let through: more than one list of three would have taught.
  expect(await last([4, 4])).toMatchObject({ state: 'done', applied: 4 })
  expect(await last([4])).toMatchObject({
    state: 'held',
    applied: 0,
    heldBack: [{ guard: 'aspect', count: 12, limit: 9 }],
  })
  // The same without learning is let through, as the limit that is set says.
  const open = await followJournal(database.db, file, { guards })
  await open.run('journal')
  happens(...renamed(100, 120, 'Uden'))
  expect(await open.run('journal', changes)).toMatchObject({ state: 'done', applied: 20 })
})
