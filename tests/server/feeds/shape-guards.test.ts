import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../server/platform/clock.ts'
import { testDatabase } from '../../support/database.ts'
import { type Employee, employees, payroll, payrollCsv, standing } from './payroll.ts'

const database = testDatabase()
let town: ReturnType<typeof payroll>

beforeEach(async () => {
  await database.reset()
})
afterEach(() => town.remove())

/** A payroll that has been read once and let in. */
async function loaded(list: readonly Employee[], guards = '') {
  town = payroll(database.db, systemClock, guards)
  await town.declare()
  town.write(payrollCsv(list))
  expect(await town.run()).toMatchObject({ state: 'done', heldBack: [], applied: 2 * list.length })
  return list
}
const guardsOf = (run: { heldBack: { guard: string }[] }) => [...new Set(run.heldBack.map(one => one.guard))].sort()

type Case = [what: string, feed: (list: readonly Employee[]) => string | Buffer, guard: string]
const without = (list: readonly Employee[], gone: (one: Employee, at: number) => boolean) =>
  payrollCsv(list.filter((one, at) => !gone(one, at)))
/** The names only: a heading that cannot be read fails the run before any guard looks. */
const asLatin1 = (text: string) => {
  const start = text.indexOf('\n') + 1
  return text.slice(0, start) + iconv.decode(Buffer.from(text.slice(start)), 'latin1')
}
const fresh = (count: number): Employee[] =>
  employees(count).map((one, at) => ({ ...one, no: String(90_000 + at), family: 'Nyansat' }))

/** Each is a file that somebody has really been sent once. */
const cases: Case[] = [
  ['empty but for its heading', () => payrollCsv([]), 'empty'],
  ['cut to a third', list => payrollCsv(list.slice(0, 130)), 'truncated'],
  ['cut by 4 % at the end', list => payrollCsv(list.slice(0, 384)), 'hole'],
  ['cut by 4 % at the beginning', list => payrollCsv(list.slice(16)), 'hole'],
  ['with 4 % missing in the middle', list => without(list, (_, at) => at >= 200 && at < 216), 'hole'],
  ['cut by 4 %, with as many new employees', list => payrollCsv([...list.slice(0, 384), ...fresh(16)]), 'hole'],
  ['without one whole unit', list => without(list, one => one.unit === '4007'), 'units'],
  ['without the names from Æ on', list => without(list, one => /^[ÆØÅ]/.test(one.family)), 'letters'],
  ['whose dates of leaving are gone', list => payrollCsv(list.map(one => ({ ...one, ends: '' }))), 'columns'],
  ['whose titles are gone', list => payrollCsv(list.map(one => ({ ...one, title: '' }))), 'shifted'],
  [
    'shifted by a column, nothing rejected',
    list =>
      payrollCsv(list.map(one => ({ ...one, given: one.family, family: one.unit, unit: one.title, title: one.no }))),
    'format',
  ],
  [
    'with unit and title in each other’s place',
    list => payrollCsv(list.map(one => ({ ...one, unit: one.title, title: one.unit }))),
    'format',
  ],
  ['with every line twice', list => payrollCsv(list.flatMap(one => [one, one])), 'keys'],
  ['read in the wrong encoding', list => asLatin1(payrollCsv(list)), 'encoding'],
]

describe('a payroll of 400', () => {
  const list = employees(400)
  test.each(cases)('a feed %s is rejected and changes nothing, however often it comes', async (_what, feed, guard) => {
    await loaded(list)
    const before = await standing(database.db)
    for (const _ of [1, 2, 3]) {
      town.write(feed(list))
      const run = await town.run()
      expect(run).toMatchObject({ state: 'rejected', applied: 0 })
      expect(guardsOf(run)).toContain(guard)
    }
    expect(await standing(database.db)).toEqual(before)
    town.write(payrollCsv(list))
    expect(await town.run()).toMatchObject({ state: 'done', heldBack: [], missing: 0, applied: 0 })
  })

  test('a copy older than what was read is rejected as stale', async () => {
    await loaded(list)
    town.write(payrollCsv(list), new Date('2020-01-01'))
    expect(await town.run()).toMatchObject({ state: 'rejected', heldBack: [{ guard: 'stale' }] })
  })

  test('a normal Monday trips nothing: 30 start, 20 stop, some move, marry and are promoted', async () => {
    await loaded(list)
    const monday = list.map((one, at) => ({
      ...one,
      ends: at % 20 === 3 ? '2026-12-31' : one.ends,
      unit: at % 40 === 5 ? '4001' : one.unit,
      title: at % 50 === 7 ? 'Afdelingsleder' : one.title,
      family: at % 133 === 9 ? 'Nygift' : one.family,
    }))
    // Five have left altogether: here and there, as people do.
    const left = new Set([17, 88, 171, 240, 333])
    const feed = payrollCsv([...monday.filter((_, at) => !left.has(at)), ...fresh(30)])
    town.write(feed)
    expect(await town.run()).toMatchObject({ state: 'done', heldBack: [], missing: 10, added: 60 })
    town.write(feed)
    expect(await town.run()).toMatchObject({ state: 'done', heldBack: [], gone: 10 })
  })

  test('a source that loses a little each time is seen against the median of the reads before', async () => {
    const many = employees(1000)
    await loaded(many, 'guards: { hole: false, gone: false, part: false, cause: false }')
    // Every 47th leaves: two in a hundred each time, which no single read would show.
    let left = many
    const states: string[] = []
    for (let round = 0; round < 6; round++) {
      left = left.filter((_, at) => at % 47 !== round)
      town.write(payrollCsv(left))
      const run = await town.run()
      states.push(run.state === 'rejected' ? guardsOf(run).join() : run.state)
    }
    expect(states[0]).toBe('done')
    expect(states.at(-1)).toBe('truncated')
  })

  test('a source in which ten reads said the same still lets ordinary reads in', async () => {
    await loaded(list)
    for (let round = 0; round < 11; round++) {
      town.write(payrollCsv(list.filter((_, at) => at % 80 !== round)))
      expect((await town.run()).state).toBe('done')
    }
    const kept = await database.db.snapshot(tx => tx.query('select from feed_shape'))
    expect(kept).toHaveLength(10)
  })

  test('an institution that has closed: rejected, said to be right by a second person, let in, and weighed once more', async () => {
    await loaded(list)
    const feed = without(list, one => one.unit === '4007')
    const closed = 2 * list.filter(one => one.unit === '4007').length
    town.write(feed)
    const run = await town.run({ actor: { id: 'anna' } })
    expect(run).toMatchObject({ state: 'rejected' })
    await expect(town.feeds.acceptShape(run.runId, { id: 'anna' }, 'skolen er lukket')).rejects.toMatchObject({
      problem: 'second-person-needed',
    })
    await town.feeds.acceptShape(run.runId, { id: 'bo' }, 'skolen er lukket')
    expect(await town.run()).toMatchObject({ state: 'done', missing: closed, gone: 0 })
    // Absence alone ends nothing; when the second read has missed them too, the change guards ask.
    expect(await town.run()).toMatchObject({ state: 'done', gone: closed })
    // It was said of this unit: another one is another question.
    town.write(without(list, one => one.unit === '4007' || one.unit === '4008'))
    expect(await town.run()).toMatchObject({ state: 'rejected' })
  })

  test('what was said to be right is no longer so when it is worse', async () => {
    await loaded(list)
    town.write(payrollCsv(list.slice(0, 380)))
    const run = await town.run()
    await town.feeds.acceptShape(run.runId, { id: 'bo' }, 'afdelingen er lukket')
    town.write(payrollCsv(list.slice(0, 370)))
    expect(await town.run()).toMatchObject({ state: 'rejected' })
    await expect(town.feeds.acceptShape(run.runId, { id: 'bo' }, 'en gang til')).rejects.toMatchObject({
      problem: 'conflict',
    })
  })
})

test('any cut of four in a hundred or more, anywhere, in any order of the list, never ends anybody', async () => {
  const orders = {
    name: (list: Employee[]) => list,
    number: (list: Employee[]) => list.toSorted((a, b) => Number(a.no) - Number(b.no)),
    unit: (list: Employee[]) => list.toSorted((a, b) => Number(a.unit) - Number(b.unit)),
    none: (list: Employee[]) => list.toSorted((a, b) => Number(`0.${a.no}`.at(-1)) - Number(`0.${b.no}`.at(-1))),
  }
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 80, max: 300 }),
      fc.constantFrom(...(Object.keys(orders) as (keyof typeof orders)[])),
      fc.double({ min: 0.04, max: 0.6, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (count, order, share, place) => {
        await database.reset()
        const list = orders[order](employees(count))
        await loaded(list)
        const before = await standing(database.db)
        const cut = Math.ceil(count * share)
        const from = Math.floor((count - cut) * place)
        town.write(payrollCsv([...list.slice(0, from), ...list.slice(from + cut)]))
        for (const _ of [1, 2, 3]) expect((await town.run()).state).toBe('rejected')
        expect(await standing(database.db)).toEqual(before)
        town.remove()
      },
    ),
    { numRuns: 12 },
  )
})

describe('a small payroll: a hole is more than three side by side, so that a cut of 4 % is seen from 76 records on', () => {
  const cut = (list: readonly Employee[]) => payrollCsv(list.slice(0, list.length - Math.ceil(list.length * 0.04)))

  test.each([76, 80, 100])('of %i: a cut of 4 % is rejected; as many who left here and there are not', async count => {
    const list = employees(count)
    await loaded(list)
    town.write(cut(list))
    const run = await town.run()
    expect(run).toMatchObject({ state: 'rejected', applied: 0 })
    expect(guardsOf(run)).toEqual(['hole'])
    const left = Math.ceil(count * 0.04)
    town.write(without(list, (_, at) => at % 15 === 4 && at < 15 * left))
    expect(await town.run()).toMatchObject({ state: 'done', heldBack: [], missing: 2 * left })
  })

  test.each([25, 50, 75])(
    'of %i: the same cut passes as leavers do, which ends nobody before a second read says so',
    async count => {
      const list = employees(count)
      await loaded(list)
      const before = await standing(database.db)
      const left = Math.ceil(count * 0.04)
      town.write(cut(list))
      expect(await town.run()).toMatchObject({ state: 'done', heldBack: [], missing: 2 * left, gone: 0 })
      expect(await standing(database.db)).toEqual(before)
      // A whole file in between, and it is as if nothing had been.
      town.write(payrollCsv(list))
      expect(await town.run()).toMatchObject({ state: 'done', missing: 0, gone: 0 })
      town.write(cut(list))
      await town.run()
      town.write(cut(list))
      expect(await town.run()).toMatchObject({ state: 'done', gone: 2 * left })
      // One more than three side by side is a hole at any size.
      await database.reset()
      town.remove()
      await loaded(list)
      town.write(payrollCsv(list.slice(0, count - 4)))
      expect(guardsOf(await town.run())).toContain('hole')
    },
  )
})
