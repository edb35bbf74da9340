import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { testDatabase } from '../../../support/database.ts'
import { listedRights, listFeed } from '../../../support/list-feed.ts'
import { entitlement, job, municipality, person, system, unit } from '../../../support/municipality.ts'

const database = testDatabase()
const lists = listFeed(() => database.db)
const HEADER = 'Bruger;Rolle;Afgrænsning;Sidst brugt;Aktiv'
const csv = (...rows: string[]) => [HEADER, ...rows].join('\r\n')
const listed = () => listedRights(database.db, 'list-nova')

beforeEach(async () => {
  await database.reset()
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('u1', { name: 'Rådhuset', tree: 'admin' }),
    person('p1'),
    job('m1', 'p1', { unit: 'u1' }),
    system('nova', { name: 'Nova' }),
    entitlement('nova/laese', { name: 'Læse' }),
    entitlement('nova/skrive', { name: 'Skrive' }),
  ])
})

describe('a list becomes accounts and rights that are held', () => {
  test('CSV as Danish Excel writes it: semicolons, Windows-1252, days the Danish way', async () => {
    const text = csv('abc;Læse;;01-02-2026;Ja', 'ABC;Skrive;Skole 7;;Ja', 'def;Læse;;;Nej')
    const run = await lists.read('nova', Buffer.from(text, 'latin1'))
    expect(run).toMatchObject({ state: 'done', rejected: 0, added: 5 })
    expect(await listed()).toEqual([
      { account: 'abc', right: 'nova/laese', limits: [], lastUsed: '2026-02-01' },
      { account: 'abc', right: 'nova/skrive', limits: ['Skole 7'], lastUsed: null },
      { account: 'def', right: 'nova/laese', limits: [], lastUsed: null },
    ])
    const accounts = await database.db.snapshot(tx =>
      tx.query<{ key: string; enabled: boolean }>(
        `select key, enabled from account where source = 'list-nova' order by key`,
      ),
    )
    expect(accounts).toEqual([
      { key: 'abc', enabled: true },
      { key: 'def', enabled: false },
    ])
  })

  test('XLSX with a title above the header, real dates, numbers and a formula', async () => {
    const text = (value: string) => ({ value, type: String })
    const file = await writeXlsxFile([
      [text('Brugere i Nova')],
      ['Bruger', 'Rolle', 'Afgrænsning', 'Sidst brugt', 'Aktiv'].map(text),
      [
        { value: 4711, type: Number },
        text('Læse'),
        null,
        { value: new Date(Date.UTC(2026, 1, 1)), type: Date, format: 'dd-mm-yyyy' },
        { value: true, type: Boolean },
      ],
    ] as never).toBuffer()
    const run = await lists.read('nova', file, { name: 'liste.xlsx' })
    expect(run.error).toBeNull()
    expect(run).toMatchObject({ state: 'done', rejected: 0 })
    expect(await listed()).toEqual([{ account: '4711', right: 'nova/laese', limits: [], lastUsed: '2026-02-01' }])
  })

  test('a row that cannot be read is rejected by name, and its right is not taken for gone', async () => {
    await lists.read('nova', csv('abc;Læse;;01-02-2026;Ja', 'def;Læse;;;Ja'))
    const broken = csv('abc;Læse;;31-02-2026;Ja', 'def;Læse;;;Ja')
    for (const _ of [1, 2]) {
      const run = await lists.read('nova', broken)
      expect(run).toMatchObject({ state: 'done', rejected: 1, missing: 0, gone: 0 })
    }
    expect(await listed()).toHaveLength(2)
  })

  test('the same file again changes nothing, and a later sign-in is no reason for any guard', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => `b${n};Læse;;;Ja`)
    await lists.read('nova', csv(...rows))
    expect(await lists.read('nova', csv(...rows))).toMatchObject({ state: 'done', added: 0, changed: 0, gone: 0 })
    const used = rows.map(row => row.replace(';;;', ';;01-03-2026;'))
    expect(await lists.read('nova', csv(...used))).toMatchObject({ state: 'done', changed: 300, heldBack: [] })
  })
})

describe('absence alone ends nothing', () => {
  const rows = Array.from({ length: 200 }, (_, n) => `b${n};${n % 2 ? 'Læse' : 'Skrive'};;;Ja`)

  test('a truncated list is rejected as a whole', async () => {
    await lists.read('nova', csv(...rows))
    expect(await lists.read('nova', csv(...rows.slice(0, 120)))).toMatchObject({ state: 'rejected' })
    expect(await lists.read('nova', csv(...rows.slice(0, 120)))).toMatchObject({ state: 'rejected' })
    expect(await listed()).toHaveLength(200)
  })

  test('one right that is missing ends when a second list misses it, and goes into the history', async () => {
    await lists.read('nova', csv(...rows, 'x1;Læse;;;Ja', 'x1;Skrive;;;Ja'))
    const less = csv(...rows, 'x1;Læse;;;Ja')
    expect(await lists.read('nova', less)).toMatchObject({ state: 'done', missing: 1, gone: 0 })
    expect(await listed()).toHaveLength(202)
    expect(await lists.read('nova', less)).toMatchObject({ state: 'done', gone: 1 })
    expect(await listed()).toHaveLength(201)
    const history = await database.db.snapshot(tx =>
      tx.query<{ key: string }>(
        `select e.key from observed_right_history h join entitlement e on e.id = h.entitlement_id`,
      ),
    )
    expect(history).toEqual([{ key: 'nova/skrive' }])
  })
})

describe('names that the catalogue does not know', () => {
  test('wait by name, hold nothing else up, and come in when the catalogue knows them', async () => {
    expect(await lists.read('nova', csv('abc;Læse;;;Ja', 'abc;Superbruger;;;Ja'))).toMatchObject({
      state: 'done',
      rejected: 0,
    })
    expect(await listed()).toHaveLength(1)
    const waiting = await database.db.snapshot(tx =>
      tx.query(`select situation from source_record where kind = 'held' and situation is not null`),
    )
    expect(waiting).toEqual([{ situation: 'unknown-right' }])
    await municipality(database.db).feed('it', [entitlement('nova/super', { name: 'Superbruger' })])
    expect((await listed()).map(one => one.right)).toEqual(['nova/laese', 'nova/super'])
  })
})

test('rows in any order, and as often as somebody likes, say the same', async () => {
  const row = fc.record({
    account: fc.constantFrom('abc', 'ABC ', 'def'),
    right: fc.constantFrom('Læse', 'læse', 'Skrive'),
    limit: fc.constantFrom('', 'A', 'B'),
    used: fc.constantFrom('', '01-02-2026', '2026-03-01'),
    active: fc.constantFrom('', 'Ja', 'Nej'),
  })
  const state = () =>
    database.db.snapshot(async tx => [
      await tx.query(`select key, username, enabled from account where source = 'list-nova' order by key`),
      await tx.query(
        `select kind, key, encode(hash, 'hex') as hash from source_record where source = 'list-nova' and gone_at is null order by 1, 2`,
      ),
      await tx.query(
        `select a.key, e.key as r, o.limits, o.last_used from observed_right o join account a on a.id = o.account_id
         join entitlement e on e.id = o.entitlement_id order by 1, 2`,
      ),
    ])
  const guards = {
    empty: false,
    truncated: false,
    shifted: false,
    hole: false,
    keys: false,
    format: false,
    stale: false,
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 5 }),
      fc.infiniteStream(fc.nat()),
      async (rows, again, order) => {
        const lines = rows.map(one => [one.account, one.right, one.limit, one.used, one.active].join(';'))
        await lists.read('nova', csv(...lines), { guards })
        await lists.read('nova', csv(...lines), { guards })
        const first = await state()
        const more = [...lines, ...again.map(n => lines[n % lines.length]!)]
        const shuffled = more
          .map(line => ({ line, by: order.next().value! }))
          .sort((a, b) => a.by - b.by)
          .map(one => one.line)
        const run = await lists.read('nova', csv(...shuffled), { guards })
        expect(run).toMatchObject({ state: 'done', added: 0, changed: 0, gone: 0, missing: 0 })
        expect(await state()).toEqual(first)
      },
    ),
    { numRuns: 12 },
  )
})
