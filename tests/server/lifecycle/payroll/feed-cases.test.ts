import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAnnouncements } from '../../../../server/feeds/guards/announcement-service.ts'
import { rollTheDay } from '../../../../server/jobs.ts'
import { type Clock, civilDate } from '../../../../server/platform/clock.ts'
import { testDatabase } from '../../../support/database.ts'
import {
  fileOf,
  numberOf,
  type OpusRow,
  type OpusTown,
  type OpusUnitRow,
  opusTown,
  opusXml,
  opusYaml,
  twoLooks,
} from './opus-town.ts'
import { type Held, type Truth, wrongful } from './wrongful.ts'

/** The feed cases of the joiner-mover-leaver table on the real pipeline: real files in a real folder, guards as they come. */
const database = testDatabase()
let day = '2026-03-02'
const began = Date.now()
const clock: Clock = {
  now: () => new Date(Date.parse(`${day}T21:45:00Z`) + Date.now() - began),
  today: () => civilDate(clock.now()),
}
let town: OpusTown
let feeds: Awaited<ReturnType<OpusTown['feeds']>>
async function open(yaml = opusYaml()) {
  town = opusTown(yaml, clock)
  feeds = await town.feeds(database.db)
}
beforeEach(async () => {
  await database.reset()
  await open()
})
afterEach(() => town.remove())

const FAMILY =
  'Andersen Bach Dahl Eriksen Gade Hansen Jensen Kjær Madsen Nielsen Olsen Quist Sørensen Thomsen Winther Ærø Ågård'.split(
    ' ',
  )
const UNITS: OpusUnitRow[] = [
  { id: '1', name: 'Andeby Kommune' },
  ...Array.from({ length: 20 }, (_, n) => ({ id: String(100 + n), parent: '1', name: `Enhed ${n}` })),
]
const POSITIONS = ['Lærer', 'Pædagog', 'SOSU-assistent', 'Sagsbehandler']
/** By name, as such lists come: a cut takes letters of the alphabet. */
const STAFF: OpusRow[] = Array.from({ length: 500 }, (_, n) => ({
  ...{ id: String(20_000 + n * 7), cpr: numberOf(n), unit: String(100 + ((n * 31) % 20)) },
  ...{ given: ['Bo', 'Åse', 'Søren'][n % 3]!, family: FAMILY[n % FAMILY.length]!, position: POSITIONS[n % 4]! },
})).sort((a, b) => (`${a.family} ${a.id}` < `${b.family} ${b.id}` ? -1 : 1))

const truthOf = (rows: readonly OpusRow[]): Truth[] =>
  rows.map(row => ({
    ...{ no: row.id, employed: true, unit: row.unit!, title: row.position!, name: `${row.given} ${row.family}` },
  }))
const heldNow = () =>
  database.db.snapshot(tx =>
    tx.query<Held>(
      `select a.key as no, ac.status, u.key as unit, ac.title, p.name from affiliation a
       join affiliation_current ac on ac.affiliation_id = a.id join person_current p on p.person_id = ac.person_id
       left join org_unit u on u.id = ac.pay_unit_id where a.source = 'opus'`,
    ),
  )
async function expectNothingWrong(truth: readonly Truth[]) {
  expect(wrongful(truth, await heldNow())).toEqual({ revocations: [], retentions: [] })
}
const daysOf = (n: number) => `2026-03-${String(2 + n).padStart(2, '0')}`
async function evening(n: number, content: string | Buffer) {
  day = daysOf(n)
  town.drop(fileOf(day), content)
  return twoLooks(feeds)
}
const whole = (rows: readonly OpusRow[] = STAFF) => opusXml(rows, UNITS)
const load = async () => expect(await evening(0, whole())).toMatchObject([{ state: 'done', heldBack: [] }])
const cut = (part: number) => STAFF.slice(0, Math.round(STAFF.length * part))

describe('feed cases: wrongful revocations 0, wrongful retentions 0', () => {
  const REFUSED: [string, () => string | Buffer][] = [
    ['Empty feed', () => opusXml([], [])],
    ['Empty feed: units but nobody in them', () => opusXml([], UNITS)],
    ['Truncated feed: the file stops in the middle', () => whole().slice(0, Math.round(whole().length * 0.96))],
    ['Truncated feed: 4 % at the end of the alphabet', () => whole(cut(0.96))],
    ['Truncated feed: 5 % in whole units', () => whole(STAFF.filter(row => row.unit !== '107'))],
    ['Encoding shift: other bytes than are declared', () => iconv.encode(whole(), 'windows-1252')],
    ['Encoding shift: read wrongly before it was written', () => iconv.decode(Buffer.from(whole()), 'latin1')],
    [
      'Column shift: names and positions in each other’s place',
      () => whole(STAFF.map(row => ({ ...row, position: row.family!, family: row.unit! }))),
    ],
    ['Duplicates: everybody twice', () => whole(STAFF.flatMap(row => [row, row]))],
  ]
  test.each(REFUSED)('%s', async (_name, bad) => {
    await load()
    for (const n of [1, 2]) {
      const runs = await evening(n, bad())
      expect(runs.map(run => run.state).join()).toMatch(/^(rejected|failed)(,(rejected|failed))*$/)
      await expectNothingWrong(truthOf(STAFF))
    }
    expect(await evening(3, whole())).toMatchObject([{ state: 'done', added: 0, changed: 0, gone: 0 }])
    await expectNothingWrong(truthOf(STAFF))
  })

  test('Truncated feed: 4 % here and there end nobody, and the whole file after it finds nothing to do', async () => {
    await load()
    const [run] = await evening(1, whole(STAFF.filter((_, n) => n % 25 !== 3)))
    expect(run).toMatchObject({ gone: 0 })
    await expectNothingWrong(truthOf(STAFF))
    expect(await evening(2, whole())).toMatchObject([{ state: 'done', added: 0, changed: 0, gone: 0 }])
    await expectNothingWrong(truthOf(STAFF))
  })

  test('Source returns stale copy: an old day under its own name, and under a new time of the file', async () => {
    await load()
    const now = STAFF.map((row, n) => (n === 7 ? { ...row, position: 'Rektor' } : row))
    await evening(1, whole(now))
    town.drop(fileOf('2026-02-14'), whole())
    expect(await twoLooks(feeds)).toEqual([])
    await expectNothingWrong(truthOf(now))
  })

  test('Second absence ends, one does not; who comes back is here again', async () => {
    await load()
    const left = new Set([STAFF[40]!.id, STAFF[200]!.id])
    const rest = STAFF.filter(row => !left.has(row.id))
    await evening(1, whole(rest))
    await expectNothingWrong(truthOf(STAFF))
    await evening(2, whole(rest))
    const ended = truthOf(STAFF).map(one => (left.has(one.no) ? { ...one, employed: false, endConfirmed: true } : one))
    await expectNothingWrong(ended)
    await evening(3, whole())
    await expectNothingWrong(truthOf(STAFF))
  })

  test('An end that payroll states is carried out on its day, and no day before', async () => {
    await load()
    const ends = STAFF.map((row, n) => (n === 9 ? { ...row, leave: daysOf(2) } : row))
    await evening(1, whole(ends))
    await expectNothingWrong(truthOf(STAFF))
    await evening(2, whole(ends))
    await expectNothingWrong(truthOf(STAFF))
    await evening(3, whole([...ends, { ...STAFF[0]!, id: '9', cpr: numberOf(900) }]))
    await rollTheDay({ db: database.db, clock })
    const truth = truthOf(STAFF).map((one, n) => (n === 9 ? { ...one, employed: false, endConfirmed: true } : one))
    await expectNothingWrong([...truth, ...truthOf([{ ...STAFF[0]!, id: '9' }])])
  })

  describe('Reorganisation where all unit codes change', () => {
    const NEW_UNITS = UNITS.map(({ id, parent, name }) => ({
      ...{ id: `9${id}`, name },
      ...(parent ? { parent: `9${parent}` } : {}),
    }))
    const MOVED = STAFF.map(row => ({ ...row, unit: `9${row.unit}` }))
    const file = () => opusXml(MOVED, NEW_UNITS)

    test('without a word beforehand it changes nobody, however often it comes', async () => {
      await load()
      for (const n of [1, 2]) {
        await evening(n, file())
        await expectNothingWrong(truthOf(STAFF))
      }
    })

    test('announced, everybody is in the new unit, and nobody has ended', async () => {
      await load()
      const run = await announced(file())
      expect(run).toMatchObject({ state: 'done', heldBack: [] })
      await expectNothingWrong(truthOf(MOVED))
    })
  })
})

/** Said ahead by one person, tried on the file that waits, approved by another. */
async function announced(file: string) {
  const announcements = createAnnouncements({ clock })
  day = daysOf(1)
  const about = { part: null, attribute: null, from: null, to: null }
  const id = await database.db.transaction(tx =>
    announcements.create(
      tx,
      { id: 'anna' },
      {
        ...{ source: 'opus', startsOn: daysOf(0), endsOn: daysOf(9), reason: 'Ny organisation' },
        expected: [
          { ...about, kind: 'affiliation', op: 'change', attribute: 'payUnit', least: 450, most: 500 },
          { ...about, kind: 'unit', op: 'add', least: 15, most: 30 },
          { ...about, kind: 'unit', op: 'gone', least: 15, most: 30 },
        ],
      },
    ),
  )
  town.drop(fileOf(day), file)
  await feeds.run('opus', { announcement: id })
  await database.db.transaction(tx => announcements.approve(tx, { id: 'bo' }, id))
  const [run] = await twoLooks(feeds)
  return run
}

test('the oracle objects to each fault that it is there for', () => {
  const truth: Truth[] = [
    ...truthOf(STAFF.slice(0, 2)),
    { ...truthOf(STAFF.slice(2, 3))[0]!, employed: false, endConfirmed: true },
  ]
  const right: Held[] = truth.map(({ no, unit, title, name, employed }) => ({
    ...{ no, unit, title, name, status: employed ? 'active' : 'ended' },
  }))
  const with_ = (at: number, fault: Partial<Held>) => right.map((one, n) => (n === at ? { ...one, ...fault } : one))
  const [a, b, c] = truth.map(one => one.no)
  expect(wrongful(truth, right)).toEqual({ revocations: [], retentions: [] })
  expect(wrongful(truth, with_(0, { status: 'ended' }))).toEqual({ revocations: [a], retentions: [] })
  expect(wrongful(truth, right.slice(1))).toEqual({ revocations: [a], retentions: [] })
  expect(wrongful(truth, with_(1, { unit: '999' }))).toEqual({ revocations: [b], retentions: [b] })
  expect(wrongful(truth, with_(1, { name: 'BjÃ¸rn' }))).toEqual({ revocations: [b], retentions: [b] })
  expect(wrongful(truth, with_(2, { status: 'active' }))).toEqual({ revocations: [], retentions: [c] })
  expect(wrongful(truth, [...right, { ...right[0]!, no: 'x' }])).toEqual({ revocations: [], retentions: ['x'] })
})
