import { beforeAll, expect, it } from 'vitest'
import { refreshProposals } from '../../../server/access/mappings/proposal-store.ts'
import { testDatabase } from '../../support/database.ts'
import { account, entitlement, group, job, municipality, person, system, unit } from '../../support/municipality.ts'

/*
 * Before there is a rule. North and south have six people each, of forty in all. Who is in north holds `a/north` by a
 * group that is mapped; the sheet says that system `b` belongs to south.
 */
const database = testDatabase()
const dn = (name: string) => `CN=${name},DC=test`
const people = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const unitOf = (n: number) => (n < 6 ? 'north' : n < 12 ? 'south' : 'rest')
const members = (...numbers: number[]) => numbers.map(n => dn(`k${n}`))

type Proposal = { name: string; level: string; key: string | null; reasons: { code: string; values: object }[] }
let proposals: Map<string, Proposal>

beforeAll(async () => {
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    ...['north', 'south', 'rest'].map(key => unit(key, { name: key.toUpperCase(), unitKind: 'unit', parent: '100' })),
    ...people(0, 40).flatMap(n => [person(`p${n}`), job(`e${n}`, `p${n}`, { unit: unitOf(n), title: 'Kok' })]),
  ])
  await town.feed('systems', [
    system('a', { name: 'Alfa' }),
    system('b', { name: 'Beta' }),
    ...['a/north', 'a/wide', 'b/only'].map(key => entitlement(key, { name: key.split('/')[1]! })),
  ])
  await database.db.transaction(tx =>
    tx.query(
      `update it_system set unit_id = (select unit_id from org_unit_current where name = 'SOUTH') where key = 'b'`,
    ),
  )
  await town.rules(`
mappings:
  - { source: ad, match: { cn: HOLD-1 }, entitlement: a/north }
  - { source: ad, match: { cn: HOLD-2 }, entitlement: a/wide }
`)
  const groups: [string, number[]][] = [
    ['HOLD-1', [0, 1, 2, 3]],
    ['HOLD-2', people(0, 40)],
    ['Alfa torsdag', [2, 3, 4]],
    ['Torsdag', [2, 3, 4]],
    ['Alfa spredt', [0, 6, 12, 13]],
    ['Beta syd', [6, 7, 8]],
    ['Alfa hele nord', people(0, 6)],
    ['Alfa to', [4, 5]],
  ]
  await town.feed('ad', [
    ...people(0, 40).map(n => account(`k${n}`, { username: `k${n}`, dn: dn(`k${n}`), employeeNo: `e${n}` })),
    ...groups.map(([name, of]) => group(name, { name, dn: dn(name), members: members(...of) })),
  ])
  const rows = await database.db.transaction(async tx => {
    expect(await tx.query('select 1 from assignment limit 1')).toEqual([])
    await refreshProposals(tx, town.when.now, true)
    return tx.query<Proposal>(
      `select g.name, p.level, e.key, coalesce(p.candidates -> 0 -> 'reasons', '[]') as reasons from group_proposal p
       join directory_group g on g.id = p.group_id left join entitlement e on e.id = p.entitlement_id`,
    )
  })
  proposals = new Map(rows.map(row => [row.name, row]))
}, 120_000)

it('of the rights of the system that a group names, those of its unit are seen to hold one', () => {
  const found = proposals.get('Alfa torsdag')
  expect(found).toMatchObject({ level: 'weak', key: 'a/north' })
  expect(found?.reasons).toContainEqual({ code: 'units-holders', values: { unit: 'NORTH', percent: 100 } })
  // Where nothing is named, units propose nothing.
  expect(proposals.get('Torsdag')?.key).toBe(null)
})

it('the unit of a system speaks for it beside a name', () => {
  const found = proposals.get('Beta syd')
  expect(found?.key).toBe('b/only')
  expect(found?.reasons).toContainEqual({ code: 'units-system', values: { unit: 'SOUTH', percent: 100 } })
})

it('people of many units, or of two, or the unit itself, are no sign', () => {
  for (const name of ['Alfa spredt', 'Alfa to', 'Alfa hele nord'])
    expect([name, proposals.get(name)?.reasons.filter(one => one.code.startsWith('units-'))]).toEqual([name, []])
})
