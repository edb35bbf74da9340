import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runDetail } from '../../../server/feeds/runs/feeds-views.ts'
import { testDatabase } from '../../support/database.ts'
import { freePort } from '../../support/free-port.ts'
import { type Misbehaviour, type Responder, startLdapResponder } from '../../support/ldap-responder.ts'
import { feedsOf, townOf } from './pipeline-world.ts'
import { declareServers, group, units, user, usersOf } from './responder-source.ts'

const database = testDatabase()
let server: Responder
let bad: { at: number; how: Misbehaviour } | null = null
const misbehave = () => (bad && server.searches.length === bad.at ? bad.how : undefined)

const PEOPLE = 300
const entriesOf = (shown: (n: number) => string) => {
  const users = Array.from({ length: PEOPLE }, (_, n) => user(n, { displayName: shown(n) }))
  return [
    ...units,
    ...users,
    group(
      1,
      users.map(one => one.dn),
    ),
    group(
      2,
      users.slice(0, 20).map(one => one.dn),
    ),
  ]
}
/** Few enough for the guards to let them through: what stops a change here is that it was not read. */
const changed = (n: number) => (n % 40 === 0 ? `Andet navn ${n}` : `Navn ${n}`)

beforeAll(async () => {
  server = await startLdapResponder({ entries: [], maxValues: 100, misbehave })
})
beforeEach(async () => {
  await database.reset()
  bad = null
  server.entries.splice(0, server.entries.length, ...entriesOf(n => `Navn ${n}`))
})
afterAll(() => server.stop())

const open = () => feedsOf(database.db, [declareServers([server.url], 'pageSize: 50')], 'rigtig')

test('a line that is cut anywhere in a read changes nothing, and the next run heals', async () => {
  const feeds = await open()
  server.searches.length = 0
  expect(await feeds.run('ad', { mode: 'full' })).toMatchObject({ state: 'done' })
  const asked = server.searches.length
  const before = await townOf(database.db)
  expect(before.accounts).toHaveLength(PEOPLE)
  server.entries.splice(0, server.entries.length, ...entriesOf(changed))
  // Every search of the read, and of its answer any byte: entries, parts of a long list, the result itself.
  expect(asked).toBeGreaterThan(8)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: asked }), fc.integer({ min: 0, max: 1200 }), async (at, dropAfter) => {
      server.searches.length = 0
      bad = { at, how: { dropAfter } }
      const result = await feeds.run('ad', { mode: 'full' })
      // The last bytes may all have been sent before the line was cut.
      if (result.state === 'done') return expect(server.searches.length).toBeGreaterThanOrEqual(asked)
      expect(result).toMatchObject({ state: 'failed', error: { code: expect.stringMatching(/^source-/) } })
      expect(await townOf(database.db)).toEqual(before)
    }),
    { numRuns: 25 },
  )
  bad = null
  expect(await feeds.run('ad', { mode: 'full' })).toMatchObject({ state: 'done' })
  const healed = await townOf(database.db)
  await database.reset()
  await (await open()).run('ad', { mode: 'full' })
  expect(healed).toEqual(await townOf(database.db))
}, 120_000)

test('half a page that ends as if it were the whole is known by who is missing: the run is rejected, nobody ends', async () => {
  const feeds = await open()
  await feeds.run('ad', { mode: 'full' })
  const before = await townOf(database.db)
  server.searches.length = 0
  bad = { at: 4, how: { entries: 25 } }
  const result = await feeds.run('ad', { mode: 'full' })
  expect(result.state).toBe('rejected')
  expect(await townOf(database.db)).toEqual(before)
  bad = null
  expect(await feeds.run('ad', { mode: 'full' })).toMatchObject({ state: 'done' })
  expect(await townOf(database.db)).toEqual(before)
}, 60_000)

test('a group whose list cannot be read to its end keeps its members, and the run says which', async () => {
  const feeds = await open()
  await feeds.run('ad', { mode: 'full' })
  const before = await townOf(database.db)
  // Parts of lists are asked for entry by entry: the third part of the large group never comes.
  server.searches.length = 0
  const asked = (await countUntil(feeds)) + 1
  bad = { at: asked, how: { entries: 0 } }
  server.searches.length = 0
  const result = await feeds.run('ad', { mode: 'full' })
  expect(result).toMatchObject({ state: 'done', rejected: 1 })
  expect((await townOf(database.db)).members).toEqual(before.members)
}, 60_000)

/** Searches before the first part of a list is asked for by itself. */
async function countUntil(feeds: Awaited<ReturnType<typeof open>>): Promise<number> {
  await feeds.run('ad', { mode: 'full' })
  return server.searches.findIndex(asked => asked.attributes.some(name => name.startsWith('member;range=')))
}

test('what is elsewhere and which servers did not answer stands with the run', async () => {
  const dead = `ldap://127.0.0.1:${await freePort()}`
  const neighbour = 'ldap://skole.invalid/DC=skole,DC=test'
  const domain = await startLdapResponder({ entries: [...units, ...usersOf(3)], references: [neighbour] })
  try {
    const feeds = await feedsOf(database.db, [declareServers([dead, domain.url])], 'rigtig')
    const { runId } = await feeds.run('ad')
    const { notes } = await database.db.snapshot(tx => runDetail(tx, runId))
    expect(notes).toEqual([
      { note: 'server-passed-over', url: dead, why: 'refused' },
      { note: 'referrals', count: 1, to: [neighbour] },
    ])
  } finally {
    await domain.stop()
  }
})

test('the guards do not trip on a directory that is read whole', async () => {
  server.entries.splice(0, server.entries.length, ...units, ...usersOf(40))
  const feeds = await open()
  for (let run = 0; run < 3; run++)
    expect(await feeds.run('ad', { mode: 'full' })).toMatchObject({ state: 'done', rejected: 0 })
})
