import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BROAD_FROM } from '../../../../server/access/purposes/right-findings.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import { testDatabase } from '../../../support/database.ts'
import { job, person } from '../../../support/municipality.ts'
import { detailOf, findingsTown, forgetRegister, foundNow } from './findings-town.ts'

/*
 * What rights give beside what they are for: one case that is found and one beside it that is not, kind by kind.
 */

const database = await testDatabase()
let town: Awaited<ReturnType<typeof findingsTown>>
let system: string
beforeAll(async () => {
  town = await findingsTown(database.db)
  system = town.systems.sbsys!
})
beforeEach(() => database.db.transaction(forgetRegister))

const HEALTH = [{ subject: 'ELD', data: 'HEA' }]
const care = (tx: Tx, over: Parameters<typeof town.activity>[1] = {}) =>
  town.activity(tx, {
    ...{ units: [town.units['111']!], rows: HEALTH, systems: [system] },
    purposes: [
      {
        ...{ key: 'main', name: 'Pleje', art6: '6.1.e', art9: ['9.2.h'] },
        provisions: [{ law: 'ældreloven', section: '§ 9', checkedOn: '2026-01-10' }],
      },
    ],
    ...over,
  })
const boundTo = (over: Parameters<typeof town.activity>[1] = {}, data: string[] | null = null) =>
  database.db.transaction(async tx => {
    const activityId = await care(tx, over)
    await town.bind(tx, { level: 'system', systemId: system }, { activityId, data })
    return activityId
  })
const found = (...codes: string[]) => foundNow(database.db, codes)

describe('a right for a task that nobody there performs (F05)', () => {
  it('is found of each who has it by such a unit, and of nobody whose unit does the work', async () => {
    await boundTo()
    // Bo holds it without a reason, in Syd and in Nord: one of the two does the work. Sten cares in Syd only.
    expect(await found('outside-task')).toEqual(['outside-task Sten sbsys/caseworker'])
    await database.db.transaction(forgetRegister)
    await boundTo({ units: [town.units['112']!] })
    const lines = await found('outside-task')
    expect(lines).toContain('outside-task Ann sbsys/caseworker')
    expect(lines).not.toContain('outside-task Bo sbsys/caseworker')
    // The right that is to no protected data is not judged.
    expect(lines.filter(line => line.includes('sbsys/reader'))).toEqual([])
  })

  it('is not found where a record says neither units nor KLE numbers; KLE numbers of the unit are enough', async () => {
    await boundTo({ units: [] })
    expect(await found('outside-task')).toEqual([])
    await database.db.transaction(forgetRegister)
    await boundTo({ units: [], kle: ['27'] })
    expect(await found('outside-task')).toEqual([])
    await database.db.transaction(forgetRegister)
    await boundTo({ units: [], kle: ['17'] })
    expect(await found('outside-task')).toContain('outside-task Ann sbsys/caseworker')
  })
})

describe('KLE numbers beyond the task (F06)', () => {
  const limitedTo = (kle: string) =>
    database.db.transaction(async tx => {
      await tx.query(`update entitlement set constraints = '{kle}' where id = $1`, [town.rights['sbsys/caseworker']])
      await tx.query(`update assignment set constraints = $2 where entitlement_id = $1`, [
        town.rights['sbsys/caseworker'],
        JSON.stringify([{ on: 'kle', kind: 'fixed', values: [kle] }]),
      ])
    })

  it('are found where they are wider or others; a part of the task is none', async () => {
    await boundTo({ kle: ['27.36'] })
    await limitedTo('27.36.04')
    expect(await found('kle-wider')).toEqual([])
    await limitedTo('27')
    expect(await found('kle-wider')).toEqual(['kle-wider sbsys/caseworker'])
    expect(await detailOf(database.db, 'kle-wider')).toMatchObject({ names: ['27'] })
    await limitedTo('17.01')
    expect(await found('kle-wider')).toEqual(['kle-wider sbsys/caseworker'])
    await database.db.transaction(forgetRegister)
    await boundTo({ kle: [] })
    expect(await found('kle-wider')).toEqual([])
  })
})

describe('more protected data than it is for', () => {
  it('F07: the record states them, and the binding says that this right does not need them', async () => {
    const rows = [...HEALTH, { subject: 'ELD', data: 'CON' }]
    await boundTo({ rows }, ['HEA'])
    expect(await found('sensitivity-above', 'data-not-stated')).toEqual([])
    await database.db.transaction(forgetRegister)
    await boundTo({ rows }, ['CON'])
    expect(await found('sensitivity-above', 'data-not-stated')).toEqual(['sensitivity-above sbsys/caseworker'])
    expect(await detailOf(database.db, 'sensitivity-above')).toMatchObject({ why: 'special' })
  })

  it('F21: the record does not state them at all; CPR and offences are no special categories', async () => {
    await boundTo({
      rows: [
        { subject: 'ELD', data: 'CPR' },
        { subject: 'ELD', data: 'CRI' },
      ],
    })
    expect(await found('sensitivity-above', 'data-not-stated')).toEqual(['data-not-stated sbsys/caseworker'])
  })

  it('F21: a binding names data that the record no longer states', async () => {
    await boundTo({ rows: HEALTH }, ['HEA', 'ECO'])
    expect(await found('data-not-stated')).toHaveLength(1)
    expect(await detailOf(database.db, 'data-not-stated')).toMatchObject({ terms: [{ code: 'ECO' }] })
  })

  it('F04, of a right: its own purpose has no condition of Art. 9, and another one of the record has', async () => {
    const purposes = [
      { key: 'main', name: 'Pleje', art6: '6.1.e', art9: ['9.2.h'] },
      { key: 'pay', name: 'Betaling', art6: '6.1.e', art9: [] },
    ]
    const bound = (purposeKey: string) =>
      database.db.transaction(async tx => {
        await forgetRegister(tx)
        const activityId = await care(tx, { purposes })
        await town.bind(tx, { level: 'system', systemId: system }, { activityId, purposeKey })
      })
    await bound('main')
    expect(await found('no-condition')).toEqual([])
    await bound('pay')
    expect(await found('no-condition')).toEqual(['no-condition sbsys/caseworker'])
    expect(await detailOf(database.db, 'no-condition')).toMatchObject({ names: ['Betaling'], why: 'special' })
  })
})

describe('a sensitive right that is limited to nothing (F08)', () => {
  it('is found from so many people on, and not where it is limited', async () => {
    const needed = BROAD_FROM - (await holders())
    expect(await found('unlimited')).toEqual([])
    await town.feed(
      'hr',
      Array.from({ length: needed }, (_, n) => [
        person(`More${n}`),
        job(`e-more${n}`, `More${n}`, { unit: '111', title: 'SSA' }),
      ]).flat(),
    )
    expect(await found('unlimited')).toEqual(['unlimited sbsys/caseworker'])
    expect(await detailOf(database.db, 'unlimited')).toMatchObject({ holders: BROAD_FROM })
    await database.db.transaction(tx =>
      tx.query(
        `update assignment set constraints = '[{"on": "unit", "kind": "own-unit", "values": ["111"]}]'
         where entitlement_id = $1 and affiliation_id = (select min(affiliation_id::text)::uuid from assignment where entitlement_id = $1)`,
        [town.rights['sbsys/caseworker']],
      ),
    )
    expect(await found('unlimited')).toEqual([])
  })

  const holders = async () => {
    await database.db.transaction(tx => tx.query(`update assignment set constraints = '[]'`))
    const [row] = await database.db.snapshot(tx =>
      tx.query<{ n: number }>(
        `select count(distinct ac.person_id)::int as n from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
         where a.entitlement_id = $1`,
        [town.rights['sbsys/caseworker']],
      ),
    )
    return row!.n
  }
})
