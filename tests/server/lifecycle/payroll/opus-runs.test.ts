import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../../../../server/platform/clock.ts'
import { civilDate } from '../../../../server/platform/clock.ts'
import { testDatabase } from '../../../support/database.ts'
import { fileOf, numberOf, type OpusRow, type OpusTown, opusTown, opusXml, opusYaml, twoLooks } from './opus-town.ts'

const database = testDatabase()
let day = '2026-03-02'
const began = Date.now()
const clock: Clock = {
  now: () => new Date(Date.parse(`${day}T21:45:00Z`) + Date.now() - began),
  today: () => civilDate(clock.now()),
}
let town: OpusTown
let feeds: Awaited<ReturnType<OpusTown['feeds']>>
beforeEach(async () => {
  await database.reset()
  day = '2026-03-02'
  town = opusTown(opusYaml(), clock)
  feeds = await town.feeds(database.db)
})
afterEach(() => town.remove())

const rowsOf = (count: number): OpusRow[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ id: String(1000 + n), cpr: numberOf(n), unit: n % 2 ? '10' : '20', position: n % 3 ? 'Lærer' : 'Pædagog' },
  }))
/** The evening's file of a day, taken. */
async function evening(on: string, rows: readonly OpusRow[], units?: Parameters<typeof opusXml>[1]) {
  day = on
  town.drop(fileOf(on), opusXml(rows, units))
  return twoLooks(feeds)
}
const rows = <Row>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<Row>(sql, params))
type Standing = { no: string; status: string; title: string; ends: string | null; starts: string; person: string }
const standing = async (no: string): Promise<Standing | undefined> =>
  (
    await rows<Standing>(
      `select employee_no as no, status, title, ends_on as ends, starts_on as starts, person_id as person
       from affiliation_current where employee_no = $1`,
      [no],
    )
  )[0]

describe('files in their order', () => {
  test('by the stamp in the name, whatever the time of the file; an older stamp than the last is refused', async () => {
    const list = rowsOf(60)
    town.drop(fileOf('2026-03-02'), opusXml([{ ...list[0]!, position: 'Rektor' }, ...list.slice(1)]))
    town.drop(fileOf('2026-03-01'), opusXml(list))
    const runs = await twoLooks(feeds)
    expect(runs).toMatchObject([
      { state: 'done', added: 123 },
      { state: 'done', changed: 1 },
    ])
    expect(await standing('1000')).toMatchObject({ title: 'Rektor' })
    const seen = await rows<{ at: Date }>('select seen_at as at from feed_run order by started_at')
    expect(seen.map(row => row.at.toISOString())).toEqual(['2026-03-01T21:40:00.000Z', '2026-03-02T21:40:00.000Z'])
    // A copy of an old day, put there today.
    town.drop(fileOf('2026-02-20'), opusXml(list))
    expect(await twoLooks(feeds)).toEqual([])
    expect(
      await rows(`select name, state, reason ->> 'code' as code from feed_drop where state = 'set-aside'`),
    ).toEqual([{ name: fileOf('2026-02-20'), state: 'set-aside', code: 'drop-stale' }])
    expect(await standing('1000')).toMatchObject({ title: 'Rektor' })
    // The newest, though the disk says that it is the oldest.
    day = '2026-03-03'
    town.dropOld(fileOf('2026-03-03'), opusXml(list))
    expect(await twoLooks(feeds)).toMatchObject([{ state: 'done', changed: 1 }])
  })

  test('a name without a time is set aside with a note that says why', async () => {
    town.drop('ZLPE_delta.xml', opusXml(rowsOf(5)))
    expect(await twoLooks(feeds)).toMatchObject([{ state: 'failed', error: { code: 'source-invalid' } }])
    const note = town.list().find(name => name.endsWith('.txt'))!
    expect(town.text(note)).toContain('intet tidspunkt i navnet')
  })

  test('one run at a time: two processes that look at once read a file once', async () => {
    const other = await town.feeds(database.db)
    town.drop(fileOf('2026-03-02'), opusXml(rowsOf(40)))
    await feeds.takeDrops()
    await new Promise(go => setTimeout(go, 60))
    const both = await Promise.all([feeds.takeDrops(), other.takeDrops()])
    expect(both.flat()).toHaveLength(1)
    expect(await rows('select from feed_run')).toHaveLength(1)
  })
})

describe('people over the evenings', () => {
  test('the same list with another lastChanged changes nothing', async () => {
    const list = rowsOf(30)
    await evening('2026-03-02', list)
    const [run] = await evening(
      '2026-03-03',
      list.map(row => ({ ...row, lastChanged: '2026-03-03' })),
    )
    expect(run).toMatchObject({ state: 'done', added: 0, changed: 0, gone: 0 })
  })

  test('two employments of one number are one person; the end of one leaves the other', async () => {
    const twice: OpusRow[] = [
      { id: '1', cpr: numberOf(1) },
      { id: '2', cpr: numberOf(1), position: 'Pædagog' },
    ]
    await evening('2026-03-02', [...rowsOf(30), ...twice])
    const [one, two] = [await standing('1'), await standing('2')]
    expect(one?.person).toBe(two?.person)
    await evening('2026-03-03', [...rowsOf(30), { ...twice[0]!, leave: '2026-03-02' }, twice[1]!])
    expect(await standing('1')).toMatchObject({ status: 'ended', ends: '2026-03-03' })
    expect(await standing('2')).toMatchObject({ status: 'active', ends: null })
  })

  test('a replacement number that becomes a CPR number is the same person', async () => {
    await evening('2026-03-02', [...rowsOf(20), { id: '1', cpr: '6101900101' }])
    const before = await standing('1')
    await evening('2026-03-03', [...rowsOf(20), { id: '1', cpr: '0101900202' }])
    expect(await standing('1')).toMatchObject({ person: before!.person })
    expect(await rows(`select from person_key where key = '1'`)).toHaveLength(1)
  })

  test('the last day is worked: rights end the day after leaveDate', async () => {
    await evening('2026-03-02', [...rowsOf(20), { id: '1', leave: '2026-03-03' }])
    expect(await standing('1')).toMatchObject({ status: 'active', ends: '2026-03-04' })
    await evening('2026-03-03', [...rowsOf(20), { id: '1', leave: '2026-03-03' }])
    expect(await standing('1')).toMatchObject({ status: 'active' })
  })

  test('action="leave" ends at once and keeps what is known; missing ends at the second file only', async () => {
    await evening('2026-03-02', [...rowsOf(30), { id: '1', cpr: numberOf(99) }, { id: '2', cpr: numberOf(98) }])
    const [run] = await evening('2026-03-03', [...rowsOf(30), { id: '1', action: 'leave' }])
    expect(run).toMatchObject({ state: 'done', gone: 1 })
    expect(await standing('1')).toMatchObject({ status: 'ended', ends: '2026-03-03', title: 'Lærer' })
    expect(await standing('2')).toMatchObject({ status: 'active', ends: null })
    await evening('2026-03-04', [...rowsOf(30), { id: '1', action: 'leave' }])
    expect(await standing('2')).toMatchObject({ status: 'ended', ends: '2026-03-04' })
    expect(await standing('1')).toMatchObject({ status: 'ended', ends: '2026-03-03' })
    // Back again under the same number.
    await evening('2026-03-05', [...rowsOf(30), { id: '2', cpr: numberOf(98) }])
    expect(await standing('2')).toMatchObject({ status: 'active', ends: null })
  })

  test('an annulled hire that was to begin never was', async () => {
    await evening('2026-03-02', [...rowsOf(30), { id: '1', entry: '2026-04-01' }])
    expect(await standing('1')).toMatchObject({ status: 'future' })
    await evening('2026-03-03', [...rowsOf(30), { id: '1', entry: '2026-04-01', contractText: 'Annulleret' }])
    expect((await standing('1'))?.status ?? 'never').not.toMatch(/active|future/)
  })

  test('no address, and nothing of one, is anywhere in the database', async () => {
    const hidden: OpusRow[] = [
      { id: '1', protected: true, address: 'Zebravænget 77' },
      { id: '2', entry: '2026-02-30', address: 'Zebravænget 77' },
      { id: '3', cpr: '9999999999', address: 'Zebravænget 77' },
    ]
    await evening('2026-03-02', [...rowsOf(30), ...hidden])
    expect(await rows('select from person_current where protected')).toHaveLength(1)
    expect(await rows('select from feed_reject')).toHaveLength(2)
    const tables = await rows<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
    )
    expect(tables.length).toBeGreaterThan(50)
    for (const { name } of tables)
      expect({ name, rows: await rows(`select 1 from ${name} t where t::text ~* 'zebra|skjultby'`) }).toEqual({
        name,
        rows: [],
      })
  })
})

describe('a list of changes', () => {
  test('whom it does not name is as before; its leave records end; an older one after a newer is refused', async () => {
    town.remove()
    town = opusTown(opusYaml().replace('{ folder: opus }', '{ folder: opus, content: changes }'), clock)
    feeds = await town.feeds(database.db)
    await evening('2026-03-02', rowsOf(20))
    await evening(
      '2026-03-03',
      [
        { ...rowsOf(1)[0]!, position: 'Rektor' },
        { id: '1001', action: 'leave' },
      ],
      [],
    )
    expect(await standing('1000')).toMatchObject({ title: 'Rektor', status: 'active' })
    expect(await standing('1001')).toMatchObject({ status: 'ended', ends: '2026-03-03' })
    expect(await standing('1005')).toMatchObject({ status: 'active' })
    town.drop(fileOf('2026-03-01'), opusXml([{ ...rowsOf(1)[0]!, position: 'Vikar' }], []))
    expect(await twoLooks(feeds)).toEqual([])
    expect(await standing('1000')).toMatchObject({ title: 'Rektor' })
  })
})
