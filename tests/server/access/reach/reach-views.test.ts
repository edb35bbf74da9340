import { beforeAll, describe, expect, it } from 'vitest'
import { activityReach } from '../../../../server/access/reach/reach-activity-view.ts'
import { reachFlow } from '../../../../server/access/reach/reach-flow-view.ts'
import { personReach } from '../../../../server/access/reach/reach-person-view.ts'
import { reachRowsBehind } from '../../../../server/access/reach/reach-rows-view.ts'
import { reachScreen } from '../../../../server/access/reach/reach-screen-view.ts'
import { keepReach, reachDrift, reachTrend } from '../../../../server/access/reach/reach-snapshot-store.ts'
import { systemRegister } from '../../../../server/access/reach/system-register-view.ts'
import {
  getActivityReach,
  getPersonReach,
  getReachFlow,
  getReachTrend,
  getSystemRegister,
  searchReach,
  searchReachRows,
} from '../../../../server/contract/reach.ts'
import { addDays } from '../../../../server/platform/civil-date.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import * as bindings from '../../../../server/register/bindings/binding-service.ts'
import { seedVocabularies } from '../../../../server/register/vocabulary/vocabulary-store.ts'
import { REACH_SQL } from '../../../bench/hand-written-sql.ts'
import { testDatabase } from '../../../support/database.ts'
import { activityInForce } from '../../../support/register.ts'
import { smallTown } from '../../overview/small-town.ts'

const database = await testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let care: string
const today = '2026-03-02'
const when = { today, now: new Date('2026-03-02T09:00:00Z') }
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)

/** Health and CPR of old people and of children; carers are bound to the health of old people only. */
beforeAll(async () => {
  town = await smallTown(database.db)
  await database.db.transaction(async tx => {
    await seedVocabularies(tx)
    care = await activityInForce(tx, {
      ...{ ref: 'BA-1', name: 'Personlig pleje', systems: [town.systems.sbsys!] },
      rows: [
        { subject: 'ELD', data: 'HEA' },
        { subject: 'CHLD', data: 'HEA' },
        { subject: 'ELD', data: 'CPR' },
      ],
    })
    await bindings.make(
      tx,
      town.actors.it,
      {
        object: { level: 'entitlement', entitlementId: town.rights['sbsys/caseworker']! },
        terms: {
          ...{
            activityId: care,
            purposeKey: 'main',
            subjects: ['ELD'],
            data: ['HEA'],
            operations: ['read'],
            scope: {},
          },
          ...{ until: null, necessity: 'Plejen skal kunne se helbred.', reviewMonths: 12 },
        },
      },
      when,
    )
  })
})

const screen = (actor: Actor, over: object = {}) =>
  read(tx => reachScreen(tx, actor, searchReach.body.parse(over), today))
const rows = (actor: Actor, over: object = {}) =>
  read(tx => reachRowsBehind(tx, { ...searchReachRows.body.parse(over), day: today }, actor))
/** Who has which right of the system, as the lists of it say. */
async function holders(right: string): Promise<Set<string>> {
  const found = await read(tx =>
    tx.query<{ id: string }>(
      `select ac.person_id as id from assignment a join affiliation_current ac using (affiliation_id)
       where a.entitlement_id = $1 and a.suspended is null
       union select acc.person_id from observed_right o join account acc on acc.id = o.account_id
       where o.entitlement_id = $1 and acc.person_id is not null and acc.gone_at is null`,
      [town.rights[right]],
    ),
  )
  return new Set(found.map(one => one.id))
}

describe('the matrix', () => {
  it('tells at most, for a purpose and without one apart, and each person once', async () => {
    const carers = await holders('sbsys/caseworker')
    const readers = await holders('sbsys/reader')
    const both = new Set([...carers, ...readers])
    expect(carers.size).toBeGreaterThan(0)
    expect(both.size).toBeGreaterThan(carers.size)
    const answer = await screen(town.actors.dpo)
    const cell = (data: string, subject: string) =>
      answer.cells.find(one => one.data === data && one.subject === subject)
    const unexplained = readers.size
    expect(cell('HEA', 'ELD')).toMatchObject({ people: both.size, constrained: carers.size, unexplained })
    // The purpose of the carers names neither children nor CPR numbers; their right reaches them all the same.
    expect(cell('HEA', 'CHLD')).toMatchObject({ people: both.size, constrained: 0, unexplained })
    expect(cell('CPR', 'ELD')).toMatchObject({ people: both.size, constrained: 0, unexplained })
    expect(answer.rows.find(row => row.data === 'HEA')).toMatchObject({ people: both.size, constrained: carers.size })
    expect(answer.data.find(one => one.code === 'CPR')).toMatchObject({ class: 'cpr' })
    // No record names the payroll.
    expect(answer.unknown).toMatchObject({ people: (await holders('kmd/pay')).size, systems: 1 })
    expect(answer.asked).toBeNull()
  })

  it('is at most what a statement written by hand counts', async () => {
    const hand = await read(tx => tx.query<{ data: string; subject: string; people: number }>(REACH_SQL))
    const { cells } = await screen(town.actors.dpo)
    const key = (one: { data: string; subject: string; people: number }) => `${one.data} ${one.subject} ${one.people}`
    expect(cells.map(key).sort()).toEqual(hand.map(key).sort())
  })

  it('answers who can reach health data about children, and why', async () => {
    const both = new Set([...(await holders('sbsys/caseworker')), ...(await holders('sbsys/reader'))])
    const answer = await screen(town.actors.dpo, { data: ['HEA', 'PSY'], subjects: ['CHLD', 'VCHL'] })
    expect(answer.asked).toEqual({
      people: both.size,
      constrained: 0,
      unexplained: (await holders('sbsys/reader')).size,
    })
    expect(answer.why.map(one => [one.how, one.activity?.ref, one.system.name])).toEqual([
      ['unexplained', 'BA-1', 'SBSYS sag'],
      ['maximum', 'BA-1', 'SBSYS sag'],
    ])
    const behind = await rows(town.actors.dpo, { data: ['HEA'], subjects: ['CHLD'], limit: 200 })
    expect(behind.people).toBe(both.size)
    expect(new Set(behind.rows.map(row => row.person.id))).toEqual(both)
    // What nobody has said why stands first.
    expect(behind.rows[0]).toMatchObject({ how: 'unexplained', purpose: null })
    const explained = behind.rows.filter(row => row.how !== 'unexplained')
    expect(explained.length).toBeGreaterThan(0)
    for (const row of explained) expect(row).toMatchObject({ how: 'maximum', right: { name: 'Sagsbehandler' } })
    const named = await rows(town.actors.dpo, { data: ['HEA'], subjects: ['ELD'], how: 'constrained', limit: 200 })
    expect(named.people).toBe((await holders('sbsys/caseworker')).size)
    for (const row of named.rows) expect(row.purpose).toBe('Personlig pleje')
    const page = await rows(town.actors.dpo, { data: ['HEA'], subjects: ['CHLD'], offset: 1, limit: 2 })
    expect(page.rows).toEqual(behind.rows.slice(1, 3))
    const unknown = await rows(town.actors.dpo, { unknown: true })
    expect(new Set(unknown.rows.map(row => row.system.key))).toEqual(new Set(['kmd']))
  })

  it('shows each reader only what they may know of, and no protected name', async () => {
    const { manager, owner, auditor, dpo } = town.actors
    const all = await rows(dpo, { limit: 200 })
    const kim = all.rows.filter(row => row.person.protected)
    expect(kim.length).toBeGreaterThan(0)
    for (const row of kim) expect(row.person.name).toBeNull()
    const own = await rows(owner, { limit: 200 })
    // The owner of the payroll, who is herself an employee: own rights, and those of the own system.
    for (const row of own.rows) expect(row.system.key === 'kmd' || row.person.id === town.people.Chief).toBe(true)
    const led = await rows(manager, { limit: 200 })
    expect(led.total).toBeGreaterThan(0)
    expect(led.total).toBeLessThan(all.total)
    const counted = await screen(manager)
    expect(counted.all.people).toBe(led.people)
    expect((await screen(auditor)).all.people).toBeLessThanOrEqual((await screen(dpo)).all.people)
    const unit = town.units['112']!
    expect((await screen(dpo, { unit })).all.people).toBe((await rows(dpo, { unit })).people)
    const system = town.systems.kmd!
    expect((await screen(dpo, { system })).all.people).toBe((await rows(dpo, { system })).people)
    expect((await screen(dpo, { activity: care })).all.people).toBe((await rows(dpo, { activity: care })).people)
  })
})

describe('the flow', () => {
  it('goes from what gives rights to data, each person once a box', async () => {
    const picture = await read(tx => reachFlow(tx, town.actors.dpo, { data: [], subjects: [] }, today))
    const all = await screen(town.actors.dpo)
    expect(picture.people).toBe(all.all.people)
    const [grounds, systems, activities, data] = picture.steps
    expect(grounds!.map(one => one.key)).toContain('rule:everybody')
    expect(grounds!.map(one => one.kind)).toContain('seen')
    expect(systems!.map(one => one.name).sort()).toEqual(['KMD løn', 'SBSYS sag'])
    expect(activities!.find(one => one.kind === 'activity')).toMatchObject({ key: care, name: 'BA-1 Personlig pleje' })
    expect(data!.find(one => one.key === 'HEA')!.people).toBe(all.rows.find(one => one.data === 'HEA')!.people)
    expect(data!.find(one => one.kind === 'unknown')!.people).toBe(all.unknown.people)
    const through = { step: 'data' as const, key: 'CPR' }
    const only = await read(tx => reachFlow(tx, town.actors.dpo, { data: [], subjects: [], through }, today))
    expect(only.steps[1]!.map(one => one.name)).toEqual(['SBSYS sag'])
    expect(only.people).toBe(all.rows.find(one => one.data === 'CPR')!.people)
    // Into a box go at least as many as come out of it.
    for (let at = 0; at < picture.links.length; at += 4) {
      const [step, from, to, people] = picture.links.slice(at, at + 4) as [number, number, number, number]
      expect(people).toBeLessThanOrEqual(
        Math.min(picture.steps[step]![from]!.people, picture.steps[step + 1]![to]!.people),
      )
    }
  })
})

describe('the other pages', () => {
  it('a person: all that can be reached, by data', async () => {
    const bo = await read(tx => personReach(tx, town.actors.dpo, town.people.Bo!, today))
    const mine = (await rows(town.actors.dpo, { limit: 200 })).rows.filter(row => row.person.id === town.people.Bo)
    expect(new Set(bo.rows.map(row => row.data))).toEqual(new Set(mine.flatMap(row => row.data)))
    expect(bo.rows.length).toBeGreaterThan(0)
    const told = await read(tx => personReach(tx, town.actors.owner, town.people.Bo!, today))
    for (const row of told.rows) expect(row.system.key).toBe('kmd')
  })

  it('an activity: its systems and rights, with the people worked out', async () => {
    const page = await read(tx => activityReach(tx, town.actors.dpo, care, today))
    const all = await screen(town.actors.dpo, { activity: care })
    expect(page.all).toEqual(all.all)
    expect(page.systems).toMatchObject([{ system: { key: 'sbsys' }, stated: true, people: all.all.people }])
    const right = page.systems[0]!.rights.find(one => one.name === 'Sagsbehandler')!
    expect(right).toMatchObject({ bound: true, people: (await holders('sbsys/caseworker')).size })
    expect(right.expected).toBeLessThanOrEqual(right.people)
    expect(page.units.reduce((sum, one) => sum + one.people, 0)).toBeGreaterThanOrEqual(page.all.people)
    await expect(read(tx => activityReach(tx, town.actors.nobody, care, today))).rejects.toMatchObject({
      problem: 'not-found',
    })
  })

  it('a system: activities, bindings and what is reached by it', async () => {
    const page = await read(tx => systemRegister(tx, town.actors.dpo, town.systems.sbsys!, today))
    expect(page.activities).toMatchObject([{ ref: 'BA-1', stated: true }])
    expect(page.bindings).toMatchObject({ counts: 1, waits: 0, rights: 2 })
    expect(page.reach!.rows.find(one => one.data === 'HEA')).toMatchObject({ subjects: ['CHLD', 'ELD'] })
    await database.db.transaction(tx =>
      tx.query(
        `update it_system set sheet = sheet || '{"logKept": "lookups", "logMonths": 6, "logReaders": "IT", "logFields": ["hvem", "hvornår"],
           "logReason": "To stikprøver", "logVerified": "2026-01-05"}' where id = $1`,
        [town.systems.sbsys],
      ),
    )
    const told = await read(tx => systemRegister(tx, town.actors.dpo, town.systems.sbsys!, today))
    expect(told.logging).toEqual({
      ...{ measure: null, kept: 'lookups', months: 6, readers: 'IT', fields: ['hvem', 'hvornår'] },
      ...{ reason: 'To stikprøver', verified: '2026-01-05' },
    })
    expect(page.logging).toEqual({
      ...{ measure: null, kept: null, months: null, readers: null, fields: [], reason: null, verified: null },
    })
    const pay = await read(tx => systemRegister(tx, town.actors.dpo, town.systems.kmd!, today))
    expect(pay).toMatchObject({ activities: [], bindings: { counts: 0 } })
    expect(pay.reach!.rows).toEqual([])
  })
})

describe('every answer', () => {
  it('is in the shape of the contract', async () => {
    const { dpo } = town.actors
    const which = { data: [], subjects: [] }
    searchReach.response.parse(await screen(dpo, { data: ['HEA'] }))
    searchReachRows.response.parse(await rows(dpo))
    getReachFlow.response.parse(await read(tx => reachFlow(tx, dpo, which, today)))
    getReachTrend.response.parse(await read(tx => reachTrend(tx, which)))
    getPersonReach.response.parse(await read(tx => personReach(tx, dpo, town.people.Bo!, today)))
    getActivityReach.response.parse(await read(tx => activityReach(tx, dpo, care, today)))
    for (const system of Object.values(town.systems))
      getSystemRegister.response.parse(await read(tx => systemRegister(tx, dpo, system, today)))
  })
})

describe('over time', () => {
  it('is kept once a week, of everybody and by unit, and says what is more than before', async () => {
    await database.db.transaction(async tx => {
      expect(await keepReach(tx, addDays(today, -7))).toBeGreaterThan(0)
    })
    // Nothing new before a week has gone.
    expect(await database.db.transaction(tx => keepReach(tx, addDays(today, -1)))).toBe(0)
    expect(await database.db.transaction(tx => keepReach(tx, today))).toBeGreaterThan(0)
    const now = await screen(town.actors.dpo)
    expect(now.days).toEqual([addDays(today, -7), today])
    const kept = await screen(town.actors.dpo, { day: today })
    expect(kept).toMatchObject({ kept: true, cells: now.cells, rows: now.rows, all: { people: expect.any(Number) } })
    const unit = town.units['110']!
    const ofUnit = await screen(town.actors.dpo, { unit, day: today })
    expect(ofUnit.cells).toEqual((await screen(town.actors.dpo, { unit })).cells)
    const { series } = await read(tx => reachTrend(tx, { data: ['HEA'], subjects: [] }))
    expect(series).toMatchObject([{ data: 'HEA', subject: '*', points: [{ day: addDays(today, -7) }, { day: today }] }])
    const drift = await read(tx => reachDrift(tx, 4))
    expect(drift.filter(one => one.data === '*special').map(one => one.day)).toEqual([addDays(today, -7), today])
    await expect(screen(town.actors.dpo, { day: '2020-01-01' })).rejects.toMatchObject({ problem: 'not-found' })
    await expect(screen(town.actors.dpo, { day: today, system: town.systems.kmd })).rejects.toMatchObject({
      problem: 'invalid-request',
    })
    // Whoever does not see all rights sees no figures of all.
    expect((await screen(town.actors.manager)).days).toEqual([])
  })
})
