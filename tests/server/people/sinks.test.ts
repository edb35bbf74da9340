import { describe, expect, it } from 'vitest'
import type { AffiliationFactsRow } from '../../../server/people/affiliation.ts'
import { affiliationFacts } from '../../../server/people/affiliation-facts-view.ts'
import { testDatabase } from '../../support/database.ts'
import { createTown, job, person, type TownRecord, unit } from './town.ts'

const database = testDatabase()

async function collectFacts(batches: AsyncIterable<AffiliationFactsRow[]>): Promise<AffiliationFactsRow[]> {
  const all: AffiliationFactsRow[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}

const personRow = async (id: string) => {
  const [row] = await database.db.transaction(tx =>
    tx.query<Record<string, unknown>>('select * from person_current where person_id = $1', [id]),
  )
  return row
}
const affiliationRow = async (id: string) => {
  const [row] = await database.db.transaction(tx =>
    tx.query<Record<string, unknown>>('select * from affiliation_current where affiliation_id = $1', [id]),
  )
  return row
}

const town: TownRecord[] = [
  unit('100', { unitKind: 'top', manager: 'e-chief' }),
  unit('110', { unitKind: 'directorate', parent: '100', kle: ['27.00'] }),
  unit('111', { unitKind: 'institution', parent: '110', manager: 'e-leader' }),
  unit('P1', { tree: 'pay', mapsTo: '111' }),
  unit('P2', { tree: 'pay', parent: 'P1' }),
  {
    kind: 'position',
    key: 'ssa',
    attrs: { name: 'Social- og sundhedsassistent', category: 'care', titles: 'SSA|Sosu-assistent' },
  },
  person('chief'),
  person('leader'),
  person('worker', { email: 'w@example.dk' }),
  job('e-chief', 'chief', { unit: '100' }),
  job('e-leader', 'leader', { unit: '111' }),
  job('e-worker', 'worker', { payUnit: 'P2', title: ' SOSU-Assistent ', fraction: '0,8', employeeNo: '4711' }),
  { kind: 'deputy', key: 'd1', attrs: { unit: '111', deputy: 'e-worker' } },
]

describe('a town through the sinks', () => {
  it('places people by the payroll mapping, finds positions and managers, and shows facts', async () => {
    await database.reset()
    const feed = createTown(database.db)
    const run = await feed(town)
    expect(run.rejected).toEqual([])
    const worker = await personRow(run.idOf('person', 'worker'))
    expect(worker).toMatchObject({
      name: 'Person worker',
      kind: 'employee',
      status: 'active',
      unit_id: run.idOf('unit', '111'),
      unit_ids: [run.idOf('unit', '100'), run.idOf('unit', '110'), run.idOf('unit', '111')],
    })
    const post = await affiliationRow(run.idOf('affiliation', 'e-worker'))
    expect(post).toMatchObject({
      unit_keys: ['100', '110', '111'],
      position_key: 'ssa',
      position_category: 'care',
      kle: ['27.00'],
      fraction: '0.8',
      is_primary: true,
      manager_person_id: run.idOf('person', 'leader'),
      manager_reason: 'own',
    })
    const leader = await affiliationRow(run.idOf('affiliation', 'e-leader'))
    expect(leader).toMatchObject({
      is_manager: true,
      manager_of: [run.idOf('unit', '111')],
      manager_person_id: run.idOf('person', 'chief'),
      manager_reason: 'self',
    })
    const [deputy] = await database.db.transaction(tx => tx.query('select * from deputy'))
    expect(deputy).toMatchObject({ kind: 'permanent', deputy_person_id: run.idOf('person', 'worker') })
    const facts = await database.db.transaction(tx => collectFacts(affiliationFacts(tx, 'all')))
    expect(facts).toHaveLength(3)
    expect(facts.find(one => one.id === run.idOf('affiliation', 'e-leader'))).toMatchObject({
      unitKey: '111',
      unitPath: ['100', '110', '111'],
      unitLevel: 3,
      isManager: true,
      managerOf: ['111'],
      startsOn: '2020-01-01',
      endsOn: null,
    })
  })

  it('gives the same state whichever order records and references come in', async () => {
    const names = `select p.name, p.status, p.title, c.unit_keys, c.position_key, m.name as manager, c.manager_reason
      from person_current p left join affiliation_current c on c.affiliation_id = p.primary_affiliation_id
      left join person_current m on m.person_id = c.manager_person_id order by p.name`
    const state = () => database.db.transaction(tx => tx.query(names))
    await database.reset()
    await createTown(database.db)(town)
    const expected = await state()
    await database.reset()
    const feed = createTown(database.db)
    // One record a run, and every reference before what it points at.
    for (const record of town.toReversed()) await feed([record])
    expect(await state()).toEqual(expected)
  })
})
