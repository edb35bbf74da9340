import iconv from 'iconv-lite'
import { beforeEach, expect, test } from 'vitest'
import { createAnnouncements } from '../../../server/feeds/guards/announcement-service.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import { withoutGrace } from '../../support/access-policies.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, municipality, system, unit } from '../../support/municipality.ts'
import { memorySources } from './memory-source.ts'
import { type Employee, employees, payroll, payrollCsv, standing } from './payroll.ts'

/**
 * The rows about feeds of the table of joiners, movers and leavers: what each broken feed would do elsewhere, and the
 * oracle here. Rights are counted, not only people: they follow from title and unit.
 */
const database = testDatabase()
const NOW = '2026-08-03T09:00:00Z'
const clock = fixedClock(NOW)
const list = employees(300)
const RULES = `
rules:
  - key: teachers
    name: Lærere
    conditions: { title: Lærer }
    entitlements: [a/teach]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 10
  - key: north
    name: Nord
    conditions: { unit: { $under: '4003' } }
    entitlements: [a/north]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 20
  - key: merged
    name: Samlet
    conditions: { unit: { $under: '4900' } }
    entitlements: [a/merged]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 30
`
let town: ReturnType<typeof payroll>

beforeEach(async () => {
  await database.reset()
  const catalogue = memorySources(database.db, clock)
  const units = [...new Set(list.map(one => one.unit)), '4900']
  catalogue.put('systems', [
    ...units.map(key => unit(key, { name: `Enhed ${key}` })),
    system('a', { name: 'A' }),
    ...['teach', 'north', 'merged'].map(key => entitlement(`a/${key}`, { name: key })),
  ])
  expect(await catalogue.run('systems')).toMatchObject({ state: 'done' })
  await municipality(database.db, NOW).rules(RULES)
  town = payroll(database.db, clock)
  await town.declare()
  town.write(payrollCsv(list))
  expect(await town.run()).toMatchObject({ state: 'done', heldBack: [] })
})

/** Who should hold what, as text. */
const rights = async (): Promise<string[]> => {
  const rows = await database.db.snapshot(tx =>
    tx.query<{ held: string }>(
      `select ac.employee_no || ' ' || e.key as held from assignment a join entitlement e on e.id = a.entitlement_id
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id order by 1`,
    ),
  )
  return rows.map(row => row.held)
}
const shifted = (one: Employee): Employee => ({ ...one, family: one.unit, unit: one.title, title: one.starts })
const garbled = (text: string) => {
  const start = text.indexOf('\n') + 1
  return text.slice(0, start) + iconv.decode(Buffer.from(text.slice(start)), 'latin1')
}

type Row = [row: string, feed: () => string, age?: Date]
test.each<Row>([
  ['Empty feed', () => payrollCsv([])],
  ['Truncated feed', () => payrollCsv(list.slice(0, 288))],
  ['Encoding shift', () => garbled(payrollCsv(list))],
  ['Column shift', () => payrollCsv(list.map(shifted))],
  ['Source returns stale copy', () => payrollCsv(list.slice(0, 150)), new Date('2020-01-01')],
])('%s: nobody loses a right, nobody is renamed, whoever reads it how often', async (_row, feed, age) => {
  const before = { rights: await rights(), people: await standing(database.db) }
  expect(before.rights.length).toBeGreaterThan(55)
  for (const _ of [1, 2, 3]) {
    town.write(feed(), age)
    expect(await town.run()).toMatchObject({ state: 'rejected', applied: 0 })
  }
  expect({ rights: await rights(), people: await standing(database.db) }).toEqual(before)
})

test('Reorganisation: unannounced it waits and nothing moves; announced, the rights that change are the declared ones', async () => {
  // What a school had stays for a while after a move; here it is told what follows from the units alone.
  await database.db.transaction(withoutGrace)
  const before = await rights()
  const moved = list.filter(one => one.unit === '4003' || one.unit === '4004')
  town.write(payrollCsv(list.map(one => (moved.includes(one) ? { ...one, unit: '4900' } : one))))
  const waits = await town.run()
  expect(waits).toMatchObject({ state: 'held', applied: 0 })
  expect(await rights()).toEqual(before)

  const announcements = createAnnouncements({ clock })
  const line = {
    kind: 'affiliation' as const,
    op: 'change' as const,
    attribute: 'unit',
    to: '4900',
    least: 1,
    most: 30,
  }
  const id = await database.db.transaction(tx =>
    announcements.create(
      tx,
      { id: 'anna' },
      {
        ...{ source: 'loen', startsOn: '2026-08-01', endsOn: '2026-08-10', reason: 'To skoler bliver til en' },
        expected: ['4003', '4004'].map(part => ({ ...line, part, from: part })),
      },
    ),
  )
  expect(await town.run({ announcement: id })).toMatchObject({ state: 'done', heldBack: [] })
  await database.db.transaction(tx => announcements.approve(tx, { id: 'bo' }, id))
  expect(await town.run()).toMatchObject({ state: 'done', changed: moved.length, applied: moved.length })

  const north = list.filter(one => one.unit === '4003').map(one => `${one.no} a/north`)
  const merged = moved.map(one => `${one.no} a/merged`)
  expect(await rights()).toEqual([...before.filter(one => !north.includes(one)), ...merged].sort())
})
