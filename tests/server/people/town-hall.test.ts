import { beforeEach, describe, expect, it } from 'vitest'
import { refreshCurrent, setUsernames, subjectsChangingOn } from '../../../server/people/current-store.ts'
import { deputiesOf, personAsOf, personHistory, unitsAsOf } from '../../../server/people/people-views.ts'
import { worklist } from '../../../server/people/worklist-views.ts'
import { testDatabase } from '../../support/database.ts'
import { createTown, job, person, unit } from './town.ts'

const database = testDatabase()
let feed: ReturnType<typeof createTown>
beforeEach(async () => {
  await database.reset()
  feed = createTown(database.db)
})

const query = (sql: string, params: unknown[] = []) =>
  database.db.transaction(tx => tx.query<Record<string, unknown>>(sql, params))
const current = async (id: string) => (await query('select * from person_current where person_id = $1', [id]))[0]
const affiliation = async (id: string) =>
  (await query('select * from affiliation_current where affiliation_id = $1', [id]))[0]

const org = [
  unit('1', { manager: 'e-chief' }),
  unit('11', { parent: '1', manager: 'e-a' }),
  unit('12', { parent: '1' }),
  person('chief'),
  person('a'),
  person('b'),
  job('e-chief', 'chief', { unit: '1' }),
  job('e-a', 'a', { unit: '11' }),
]

describe('several jobs', () => {
  it('exactly one is primary: the marked one, else the largest in force', async () => {
    const run = await feed([
      ...org,
      job('b1', 'b', { unit: '11', fraction: 0.4 }),
      job('b2', 'b', { unit: '12', fraction: 0.6 }),
      job('b3', 'b', { unit: '1', fraction: 1, endsOn: '2025-01-01' }),
    ])
    const b = run.idOf('person', 'b')
    expect(await current(b)).toMatchObject({
      primary_affiliation_id: run.idOf('affiliation', 'b2'),
      unit_ids: expect.arrayContaining(['1', '11', '12'].map(key => run.idOf('unit', key))),
    })
    await feed([job('b1', 'b', { unit: '11', fraction: 0.4, primary: 'ja' })])
    expect((await current(b))?.primary_affiliation_id).toBe(run.idOf('affiliation', 'b1'))
    const primaries = await query(
      'select affiliation_id from affiliation_current where person_id = $1 and is_primary',
      [b],
    )
    expect(primaries).toHaveLength(1)
  })

  it('a network place reaches the person`s other affiliations as a fact, from its day to its day', async () => {
    const run = await feed([
      ...org,
      unit('N7', { tree: 'network', unitKind: 'network' }),
      job('b1', 'b', { unit: '11' }),
      job('n1', 'b', { affiliationKind: 'network', unit: 'N7', startsOn: '2026-01-01', endsOn: '2026-02-01' }),
    ])
    const id = run.idOf('affiliation', 'b1')
    expect((await affiliation(id))?.networks).toEqual(['N7'])
    await database.db.transaction(async tx =>
      refreshCurrent(tx, await subjectsChangingOn(tx, '2026-01-31', '2026-02-01'), '2026-02-01'),
    )
    expect(await affiliation(id)).toMatchObject({ networks: [], is_primary: true })
  })
})

describe('pupils', () => {
  it('are never one with an employee, not on the CPR number and not on the key', async () => {
    const cpr = '6101901234'
    const run = await feed([
      ...org.filter(one => one.key !== 'b'),
      person('b', { cpr }),
      job('b1', 'b', { unit: '11' }),
    ])
    const school = await feed(
      [
        unit('S1', { tree: 'school', unitKind: 'school' }),
        person('x1', { cpr, realm: 'pupil' }),
        {
          kind: 'affiliation',
          key: 'x1',
          attrs: { person: 'x1', affiliationKind: 'pupil', unit: 'S1', schoolClass: '3.B' },
        },
      ],
      { source: 'skole' },
    )
    expect(school.idOf('person', 'x1')).not.toBe(run.idOf('person', 'b'))
    expect(await current(school.idOf('person', 'x1'))).toMatchObject({ kind: 'pupil', status: 'active' })
    expect(await current(run.idOf('person', 'b'))).toMatchObject({ kind: 'employee' })
    // Within the realm the number does tell who is who.
    const again = await feed([person('y', { cpr, realm: 'pupil' }), person('z', { cpr })], { source: 'andet' })
    expect(again.idOf('person', 'y')).toBe(school.idOf('person', 'x1'))
    expect(again.idOf('person', 'z')).toBe(run.idOf('person', 'b'))
  })

  it('a source that gives a pupil and an employee one key still makes two people of them', async () => {
    await feed([
      ...org,
      person('both', { cpr: '6101901234' }),
      job('work', 'both', { unit: '11' }),
      { kind: 'affiliation', key: 'class', attrs: { person: 'both', affiliationKind: 'pupil', schoolClass: '9.A' } },
    ])
    const rows = await query(`select name, kind from person_current where name = 'Person both' order by kind`)
    expect(rows).toEqual([
      { name: 'Person both', kind: 'employee' },
      { name: 'Person both', kind: 'pupil' },
    ])
    expect(await query('select realm, count(*) as n from person_cpr group by realm order by realm')).toEqual([
      { realm: 'pupil', n: 1 },
      { realm: 'staff', n: 1 },
    ])
    await feed([person('both', { familyName: 'Ny', cpr: '6101901234' })])
    expect(await query(`select kind from person_current where name = 'Person Ny' order by kind`)).toHaveLength(2)
  })

  it('a person record that does not say so becomes a pupil by its first affiliation', async () => {
    const run = await feed([
      person('p1'),
      { kind: 'affiliation', key: 'p1', attrs: { person: 'p1', affiliationKind: 'pupil' } },
    ])
    expect(await query('select id, realm from person')).toEqual([{ id: run.idOf('person', 'p1'), realm: 'pupil' }])
  })
})

describe('moves and ends', () => {
  it('a move holds from the day it was read; what was stays readable, as known then and as known now', async () => {
    const first = await feed([...org, job('b1', 'b', { unit: '11', title: 'Pædagog' })], {
      now: '2026-01-10T08:00:00.000Z',
    })
    const b = first.idOf('person', 'b')
    await feed([job('b1', 'b', { unit: '12', title: 'Pædagog' })], { now: '2026-03-01T08:00:00.000Z' })
    // Later it turns out that the job began earlier than we were told.
    await feed([job('b1', 'b', { unit: '12', title: 'Pædagog', startsOn: '2019-06-01' })], {
      now: '2026-04-01T08:00:00.000Z',
    })
    const unitOn = (valid: string, known: string) =>
      database.db.snapshot(async tx => (await personAsOf(tx, b, valid, new Date(known)))?.affiliations[0]?.unit?.key)
    expect(await unitOn('2026-02-01', '2026-04-02')).toBe('11')
    expect(await unitOn('2026-03-01', '2026-04-02')).toBe('12')
    expect(await unitOn('2026-03-01', '2026-02-01')).toBe('11')
    expect(await unitOn('2019-07-01', '2026-03-15')).toBeUndefined()
    expect(await unitOn('2019-07-01', '2026-04-02')).toBe('11')
    expect(await unitOn('2026-03-01', '2026-01-09')).toBeUndefined()
    const history = await database.db.snapshot(tx => personHistory(tx, b))
    expect(history.filter(row => row.kind === 'affiliation' && row.recordedTo === null)).toHaveLength(2)
    expect(history.filter(row => row.kind === 'affiliation').length).toBeGreaterThan(2)
  })

  it('the organisation as of a date, as known at an instant', async () => {
    await feed(org, { now: '2026-01-10T08:00:00.000Z' })
    await feed([unit('12', { parent: '11', name: 'Flyttet' })], { now: '2026-03-01T08:00:00.000Z' })
    const pathOf = async (valid: string, known: string) => {
      const units = await database.db.snapshot(tx => unitsAsOf(tx, valid, new Date(known), 'admin'))
      const keys = new Map(units.map(one => [one.id, one.key]))
      return units.find(one => one.key === '12')?.path.map(id => keys.get(id))
    }
    expect(await pathOf('2026-03-01', '2026-03-02')).toEqual(['1', '11', '12'])
    expect(await pathOf('2026-02-01', '2026-03-02')).toEqual(['1', '12'])
    expect(await pathOf('2026-03-01', '2026-02-01')).toEqual(['1', '12'])
  })

  it('moving a unit or changing its manager reaches everybody below, and only them', async () => {
    const run = await feed([...org, job('b1', 'b', { unit: '12' })])
    const before = await affiliation(run.idOf('affiliation', 'e-chief'))
    await feed([unit('12', { parent: '11' })])
    expect(await affiliation(run.idOf('affiliation', 'b1'))).toMatchObject({
      unit_keys: ['1', '11', '12'],
      manager_person_id: run.idOf('person', 'a'),
      manager_reason: 'vacant',
    })
    expect(await affiliation(run.idOf('affiliation', 'e-chief'))).toEqual(before)
    // The manager leaves: the post is vacant the same day, and the one above answers.
    await feed([job('e-a', 'a', { unit: '11', endsOn: '2026-01-10' })])
    expect(await affiliation(run.idOf('affiliation', 'b1'))).toMatchObject({
      manager_person_id: run.idOf('person', 'chief'),
    })
    expect(await affiliation(run.idOf('affiliation', 'e-a'))).toMatchObject({ status: 'ended', is_manager: false })
    expect(await current(run.idOf('person', 'a'))).toMatchObject({ status: 'ended', kind: 'employee', unit_ids: [] })
  })

  it('confirmed gone ends today, coming back reopens; the person`s name stays', async () => {
    const run = await feed([...org, job('b1', 'b', { unit: '11' })])
    const id = run.idOf('affiliation', 'b1')
    await feed([], { now: '2026-02-01T08:00:00.000Z' }, [
      { kind: 'affiliation', key: 'b1' },
      { kind: 'person', key: 'b' },
    ])
    expect(await affiliation(id)).toMatchObject({ status: 'ended', ends_on: '2026-02-01' })
    expect(await current(run.idOf('person', 'b'))).toMatchObject({ name: 'Person b', status: 'ended' })
    await feed([job('b1', 'b', { unit: '11' })], { now: '2026-02-03T08:00:00.000Z' })
    expect(await affiliation(id)).toMatchObject({ status: 'active', ends_on: null })
  })

  it('what was read last counts, also when the file time did not move', async () => {
    const at = { now: '2026-01-10T08:00:00.000Z' }
    const run = await feed([...org, job('b1', 'b', { unit: '11', title: 'A' })], at)
    for (const title of ['B', 'C', 'A', 'D', 'A']) {
      await feed([job('b1', 'b', { unit: '11', title })], at)
      expect((await affiliation(run.idOf('affiliation', 'b1')))?.title).toBe(title)
    }
  })

  it('a cancelled hire leaves nothing in force', async () => {
    const run = await feed([...org, job('b1', 'b', { unit: '11', startsOn: '2026-06-01' })])
    const id = run.idOf('affiliation', 'b1')
    expect(await affiliation(id)).toMatchObject({ status: 'future' })
    expect(await current(run.idOf('person', 'b'))).toMatchObject({ status: 'future' })
    await feed([], {}, [{ kind: 'affiliation', key: 'b1' }])
    expect(await affiliation(id)).toBeUndefined()
    expect(await current(run.idOf('person', 'b'))).toMatchObject({ status: 'ended', primary_affiliation_id: null })
  })

  it('days that come are rolled in: starts, ends and leaves, and the changed affiliations are named', async () => {
    const run = await feed([
      ...org,
      job('b1', 'b', { unit: '11', startsOn: '2026-01-12' }),
      job('e-a', 'a', { unit: '11', leaveFrom: '2026-01-11', leaveTo: '2026-01-13', leaveKind: 'barsel' }),
    ])
    const roll = (after: string, until: string) =>
      database.db.transaction(async tx => refreshCurrent(tx, await subjectsChangingOn(tx, after, until), until))
    const [a, b] = [run.idOf('affiliation', 'e-a'), run.idOf('affiliation', 'b1')]
    expect(await roll('2026-01-10', '2026-01-11')).toEqual([a])
    expect(await affiliation(a)).toMatchObject({ on_leave: true, leave_kind: 'barsel' })
    expect(await roll('2026-01-11', '2026-01-12')).toEqual([b])
    expect(await affiliation(b)).toMatchObject({ status: 'active' })
    expect(await roll('2026-01-12', '2026-01-13')).toEqual([a])
    expect(await affiliation(a)).toMatchObject({ on_leave: false, leave_kind: null })
    expect(await roll('2026-01-13', '2026-02-13')).toEqual([])
  })
})

describe('what the data leave open', () => {
  it('stands on the worklist by cause and stops nothing; what is added later takes it off', async () => {
    const cpr = '6101901234'
    const run = await feed([
      ...org,
      unit('P9', { tree: 'pay' }),
      unit('L1', { parent: 'L2' }),
      unit('L2', { parent: 'L1' }),
      unit('13', { parent: '99', manager: 'nobody' }),
      job('b1', 'b', { unit: '77', title: 'Trylle kunstner' }),
      job('b2', 'b', { payUnit: 'P9', title: 'trylle  Kunstner' }),
      job('b3', 'b'),
      job('u1', 'unknown', { unit: '11' }),
    ])
    // Two records that already have facts of their own turn out to carry one number: both stay, a person decides.
    await feed([person('c'), person('d')], { source: 'andet' })
    await feed([person('c', { cpr }), person('d', { cpr })], { source: 'andet' })
    expect(run.rejected).toEqual([])
    expect(run.applied.find(one => one.key === 'b1')?.situation).toBe('unknown-unit')
    const rows = () => database.db.snapshot(worklist)
    expect(await rows()).toEqual([
      { kind: 'no-unit', label: 'hr', count: 1 },
      { kind: 'same-cpr', label: 'staff', count: 2 },
      { kind: 'unit-cycle', label: 'L1 Enhed L1', count: 1 },
      { kind: 'unit-cycle', label: 'L2 Enhed L2', count: 1 },
      { kind: 'unknown-manager', label: '13 Enhed 13', count: 1 },
      { kind: 'unknown-person', label: 'hr', count: 1 },
      { kind: 'unknown-title', label: 'Trylle kunstner', count: 2 },
      { kind: 'unknown-unit', label: '77', count: 1 },
      { kind: 'unknown-unit', label: '99', count: 1 },
      { kind: 'unmapped-pay-unit', label: 'P9 Enhed P9', count: 1 },
    ])
    await feed([
      unit('77'),
      unit('99'),
      unit('P9', { tree: 'pay', mapsTo: '12' }),
      unit('L2'),
      person('unknown'),
      job('b3', 'b', { unit: '11' }),
      {
        kind: 'position',
        key: 'magic',
        attrs: { name: 'Tryllekunstner', category: 'culture', titles: 'Trylle kunstner' },
      },
      person('nobody'),
      job('nobody', 'nobody', { unit: '13' }),
    ])
    expect((await rows()).map(row => row.kind)).toEqual(['same-cpr'])
    expect(await affiliation(run.idOf('affiliation', 'b2'))).toMatchObject({
      unit_id: run.idOf('unit', '12'),
      position_key: 'magic',
    })
  })

  it('an override per affiliation stands above the source`s unit and the payroll mapping', async () => {
    const run = await feed([
      ...org,
      unit('P1', { tree: 'pay', mapsTo: '12' }),
      job('b1', 'b', { payUnit: 'P1' }),
      job('b2', 'b', { payUnit: 'P1', unit: '11' }),
      job('b3', 'b', { payUnit: 'P1', unit: '11', unitOverride: '1' }),
    ])
    const unitOf = async (key: string) => (await affiliation(run.idOf('affiliation', key)))?.unit_id
    expect(await unitOf('b1')).toBe(run.idOf('unit', '12'))
    expect(await unitOf('b2')).toBe(run.idOf('unit', '11'))
    expect(await unitOf('b3')).toBe(run.idOf('unit', '1'))
    // The mapping changes: who is placed by it moves, and payroll numbers are a space of their own.
    await feed([unit('P1', { tree: 'pay', mapsTo: '11' }), unit('P2', { tree: 'pay' })])
    expect(await unitOf('b1')).toBe(run.idOf('unit', '11'))
  })

  it('records that cannot be read are rejected one by one, with the reason', async () => {
    const run = await feed([
      ...org,
      person('x', { cpr: '123' }),
      person('y', { familyName: '' }),
      job('z', 'b', { startsOn: '2026-13-01' }),
      job('w', 'b', { endsOn: '2019-01-01' }),
      job('v', 'b', { affiliationKind: 'wizard' }),
      job('forever', 'b', { unit: '11', endsOn: '9999-12-31' }),
    ])
    expect(run.rejected).toEqual([
      { key: 'x', reason: 'cpr-invalid' },
      { key: 'y', reason: 'attribute-missing' },
      { key: 'z', reason: 'attribute-invalid' },
      { key: 'w', reason: 'ends-before-start' },
      { key: 'v', reason: 'attribute-invalid' },
    ])
    expect(await affiliation(run.idOf('affiliation', 'forever'))).toMatchObject({ ends_on: null, status: 'active' })
  })
})

describe('deputies', () => {
  it('are permanent or dated, and one that is gone from the list ends today', async () => {
    const run = await feed([
      ...org,
      job('b1', 'b', { unit: '11' }),
      { kind: 'deputy', key: 'd1', attrs: { unit: '11', deputy: 'b1' } },
      { kind: 'deputy', key: 'd2', attrs: { unit: '11', deputy: 'e-chief', from: '2026-07-01', to: '2026-08-01' } },
    ])
    const on = (day: string) =>
      database.db.snapshot(async tx =>
        (await deputiesOf(tx, run.idOf('unit', '11'), day)).map(row => [row.kind, row.personId]),
      )
    expect(await on('2026-01-10')).toEqual([['permanent', run.idOf('person', 'b')]])
    expect(await on('2026-07-15')).toEqual([
      ['dated', run.idOf('person', 'chief')],
      ['permanent', run.idOf('person', 'b')],
    ])
    await feed([], { now: '2026-07-10T08:00:00.000Z' }, [{ kind: 'deputy', key: 'd1' }])
    expect(await on('2026-07-09')).toHaveLength(2)
    expect(await on('2026-07-10')).toEqual([['dated', run.idOf('person', 'chief')]])
  })
})

it('people are searched by name, initials and user name, folded', async () => {
  const run = await feed([person('Ærø', { givenName: 'ÅSE' }), job('j', 'Ærø')])
  const id = run.idOf('person', 'Ærø')
  await database.db.transaction(tx => setUsernames(tx, [{ personId: id, usernames: ['ASAE01', 'aaero'] }]))
  expect((await current(id))?.search).toBe(' aase aeroe aaae asae01 aaero ')
  await feed([person('Ærø', { givenName: 'Åse Marie' })])
  expect((await current(id))?.search).toBe(' aase marie aeroe aamae aaae asae01 aaero ')
})

it('a change of ten among many costs the same number of statements as among few', async () => {
  const count = async (size: number) => {
    await database.reset()
    let statements = 0
    const counting = {
      ...database.db,
      transaction: <T>(work: Parameters<typeof database.db.transaction<T>>[0]) =>
        database.db.transaction(tx => {
          const query: typeof tx.query = (sql, params) => {
            statements++
            return tx.query(sql, params)
          }
          return work({ ...tx, query })
        }),
    }
    const town = createTown(counting)
    const people = Array.from({ length: size }, (_, n) => [
      person(`p${n}`),
      job(`j${n}`, `p${n}`, { unit: '12' }),
    ]).flat()
    await town([...org, ...people])
    statements = 0
    await town(Array.from({ length: 10 }, (_, n) => job(`j${n}`, `p${n}`, { unit: '12', title: 'Ny' })))
    return statements
  }
  expect(await count(400)).toBe(await count(40))
})
