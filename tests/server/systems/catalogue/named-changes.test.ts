import { beforeAll, describe, expect, it } from 'vitest'
import { namedChanges } from '../../../../server/overview/catalogue/named-changes.ts'
import { sheetHistoryView } from '../../../../server/overview/catalogue/sheet-view.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { type By, planMany, saveSheet } from '../../../../server/systems/catalogue/sheet-service.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { job, municipality, person, system, unit } from '../../../support/municipality.ts'

/* Who reads what was changed reads names, not ids; and no name that is protected from the reader. */
const database = testDatabase()
const when = { now: new Date('2026-03-02T09:00:00Z'), today: '2026-03-02' }
const user = newId()
const by: By = { actor: { kind: 'user', userId: user, personId: null, function: 'it' }, may: () => true }
let loen: string
let skole: string
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)
const of = async (sql: string) =>
  Object.fromEntries((await read(tx => tx.query<{ key: string; id: string }>(sql))).map(row => [row.key, row.id]))
const actor = (...roles: Actor['roles']): Actor =>
  ({
    ...{ userId: user, personId: newId(), displayName: 'x', kind: 'local', roles, units: [], actingFor: [] },
    ...{ schools: [], systems: [], until: null, via: 'local', secondFactor: null },
  }) as unknown as Actor
const changes = async (who: Actor) =>
  (await read(tx => sheetHistoryView(tx, who, { systemId: loen }, { offset: 0, limit: 10 })))!.rows.map(
    row => row.changes,
  )
const ref = (said: object) => ({ name: null, hidden: false, unit: null, words: null, ...said })

beforeAll(async () => {
  const town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', tree: 'admin', unitKind: 'top' }),
    unit('110', { name: 'Løn', tree: 'admin', parent: '100' }),
    unit('120', { name: 'Skoler', tree: 'admin', parent: '100' }),
    person('ann'),
    person('bo'),
    person('kim', { protected: 'ja' }),
    job('a1', 'ann', { unit: '110' }),
    job('b1', 'bo', { unit: '120' }),
    job('k1', 'kim', { unit: '120' }),
  ])
  await town.feed('katalog', [
    system('loen', { name: 'Løn', owner: 'a1', unit: '110' }),
    system('skole', { name: 'Skole', owner: 'k1' }),
  ])
  await database.db.transaction(tx =>
    tx.query(`insert into tool_user (id, username, kind, display_name) values ($1, 'lubi', 'outsider', 'lubi')`, [
      user,
    ]),
  )
  const systems = await of('select key, id from it_system')
  ;[loen, skole] = [systems.loen as string, systems.skole as string]
})

describe('a change of whom a sheet names', () => {
  it('is told by name, whether they were chosen or came as a number of a feed', async () => {
    const people = await of('select given_name as key, person_id as id from person_current')
    const units = await of('select key, unit_id as id from org_unit_current')
    const sets = [
      { owner: { person: people.bo }, unit: { unit: units['120'] } },
      { owner: { person: people.kim }, flows: [{ system: 'skole', direction: 'out' }], contact: { words: 'Driften' } },
      { owner: null },
    ]
    for (const [at, set] of sets.entries())
      await database.db.transaction(tx => saveSheet(tx, by, when, loen, { version: at + 1, set, reason: null }))

    const [last, second, first] = await changes(actor('employee', 'it'))
    expect(first).toEqual([
      {
        field: 'owner',
        before: ref({ name: 'ann Prøve', unit: 'Løn' }),
        after: ref({ name: 'bo Prøve', unit: 'Skoler' }),
      },
      { field: 'unit', before: ref({ name: 'Løn' }), after: ref({ name: 'Skoler' }) },
    ])
    expect(second).toEqual([
      { field: 'owner', before: ref({ name: 'bo Prøve', unit: 'Skoler' }), after: ref({ hidden: true }) },
      { field: 'contact', before: null, after: ref({ words: 'Driften' }) },
      { field: 'flows', before: null, after: [expect.objectContaining({ system: 'Skole', direction: 'out' })] },
    ])
    expect(last).toEqual([{ field: 'owner', before: ref({ hidden: true }), after: null }])
  })

  it('names a protected person to whoever may know the name', async () => {
    const seen = await changes(actor('employee', 'hr'))
    expect(seen[0]).toEqual([{ field: 'owner', before: ref({ name: 'kim Prøve', unit: 'Skoler' }), after: null }])
  })

  it('of many systems shows before and after by name, and no protected one', async () => {
    const [bo] = await read(tx =>
      tx.query<{ id: string }>(`select person_id as id from person_current where given_name = 'bo'`),
    )
    const { rows } = await read(tx => planMany(tx, by, when, [loen, skole], { set: { owner: { person: bo!.id } } }))
    const planned = rows.map(row => row.planned.changes)
    const shown = await read(tx => namedChanges(tx, actor('employee', 'it'), planned))
    expect(shown).toEqual([
      [{ field: 'owner', before: null, after: ref({ name: 'bo Prøve', unit: 'Skoler' }) }],
      [{ field: 'owner', before: ref({ hidden: true }), after: ref({ name: 'bo Prøve', unit: 'Skoler' }) }],
    ])
    // The id of the employment of somebody whose name is protected is not told either.
    expect(JSON.stringify(shown)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/)
  })

  it('of somebody who is kept no more says nothing of them', async () => {
    const gone = [{ field: 'owner' as const, before: { affiliation: newId() }, after: { words: 'k9' } }]
    expect(await read(tx => namedChanges(tx, actor('employee', 'it'), [gone]))).toEqual([
      [{ field: 'owner', before: ref({}), after: ref({ words: 'k9' }) }],
    ])
  })

  it('is three statements for the history, and none to look up where nothing names anybody', async () => {
    await read(async tx => {
      const watched = counted(tx)
      await sheetHistoryView(watched.tx, actor('it'), { systemId: loen }, { offset: 0, limit: 10 })
      expect(watched.statements.length).toBe(3)
      const idle = counted(tx)
      await namedChanges(idle.tx, actor('it'), [[{ field: 'area', before: null, after: 'HR' }]])
      expect(idle.statements.length).toBe(0)
    })
  })
})
