import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Moment } from '../../../../server/access/past-rights.ts'
import { changesView } from '../../../../server/overview/pages/changes-views.ts'
import { compareView } from '../../../../server/overview/pages/compare-views.ts'
import { systemAsOfView } from '../../../../server/overview/pages/system-as-of-views.ts'
import { unitAsOfView } from '../../../../server/overview/pages/unit-as-of-views.ts'
import { systemHoldersView } from '../../../../server/overview/system-page-views.ts'
import { unitView } from '../../../../server/overview/units-views.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { can } from '../../../../server/policy/policy.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { job, person } from '../../../support/municipality.ts'
import { smallTown } from '../small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
const page = { offset: 0, limit: 200 }
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)
const now = (): Moment => ({ valid: town.clock.today(), known: new Date(town.clock.now()) })
const system = (tx: Tx, actor: Actor, id: string, at: Moment) => systemAsOfView(tx, actor, id, at, page)
const unit = (tx: Tx, actor: Actor, id: string, at: Moment) => unitAsOfView(tx, actor, id, at, page)

type Holder = { person: unknown; account: unknown; unit: unknown; title: unknown; entitlement: unknown }
const holder = ({ person, account, unit, title, entitlement }: Holder) => ({
  person,
  account,
  unit,
  title,
  entitlement,
})
const sorted = <T>(rows: readonly T[]) => rows.map(row => JSON.stringify(row)).sort()

/** Roles that may ask for another day at all. */
const historians = () => Object.entries(town.actors).filter(([, actor]) => can(actor, 'history.read'))

beforeAll(async () => {
  town = await smallTown(database.db)
})

describe('a page as of today', () => {
  it('holds of a system what its page of today holds, for every role', async () => {
    expect(historians().map(([role]) => role)).toEqual(['hr', 'it', 'dpo', 'auditor', 'manager', 'deputy'])
    for (const [role, actor] of historians())
      for (const id of Object.values(town.systems))
        await read(async tx => {
          const today = (await systemHoldersView(tx, actor, { systemId: id }, page))!
          const then = (await system(tx, actor, id, now()))!
          expect(sorted(then.rows.map(holder)), role).toEqual(sorted(today.rows.map(holder)))
          const rule = (row: { ruleKey: string | null }) => row.ruleKey
          expect(sorted(then.rows.map(row => row.rule?.key ?? null))).toEqual(sorted(today.rows.map(rule)))
          for (const row of then.rows) {
            const same = today.rows.find(one => JSON.stringify(holder(one)) === JSON.stringify(holder(row)))
            const state = row.expected ? (row.observed ? 'matching' : 'not seen') : 'unexplained'
            const states = {
              matching: ['matching'],
              unexplained: ['unexplained'],
              'not seen': ['missing', 'no-account', 'not-read'],
            }
            expect(states[state], `${role}: ${same?.state}`).toContain(same?.state)
          }
        })
  })

  it('holds of a unit the people of its page, with as many rights', async () => {
    for (const [role, actor] of historians())
      for (const key of ['111', '112'])
        await read(async tx => {
          const id = town.units[key]!
          const today = (await unitView(tx, actor, { unitId: id }, page, town.clock.today()))!
          const then = (await unit(tx, actor, id, now()))!
          expect(then.unit?.name).toBe(today.unit.name)
          expect(then.unit?.path).toEqual(today.unit.path)
          const people = today.people.filter(one => one.status === 'active')
          const shown = (one: { person: unknown; title: unknown; expected: number }) => [
            one.person,
            one.title,
            one.expected,
          ]
          expect(then.people.map(shown), `${role} ${key}`).toEqual(people.map(shown))
        })
  })

  it('differs in nothing from itself', async () => {
    const about = [{ system: town.systems.sbsys! }, { unit: town.units['111']! }, { person: town.people.Ann! }]
    for (const one of about) {
      const { total } = await read(tx => changesView(tx, town.actors.it, one, { from: now(), to: now(), ...page }))
      expect(total).toBe(0)
    }
  })

  it('asks the database seldom', async () => {
    await read(async tx => {
      const { it: admin } = town.actors
      const asks: [number, (tx: Tx) => Promise<unknown>][] = [
        [2, one => system(one, admin, town.systems.sbsys!, now())],
        [3, one => unit(one, admin, town.units['111']!, now())],
        [1, one => changesView(one, admin, { unit: town.units['111']! }, { from: now(), to: now(), ...page })],
        [2, one => compareView(one, admin, { a: town.people.Ann!, b: town.people.Bo! }, { past: now(), now: now() })],
      ]
      for (const [most, ask] of asks) {
        const { tx: watched, statements } = counted(tx)
        await ask(watched)
        expect(statements.length).toBeLessThanOrEqual(most)
      }
    })
  })
})

describe('a page as of a day that was', () => {
  it('shows what it showed then, whatever has happened since, and says what happened in between', async () => {
    const { hr } = town.actors
    const before = now()
    const sbsys = town.systems.sbsys!
    const recorded = await read(async tx => ({
      system: await system(tx, hr, sbsys, before),
      nord: await unit(tx, hr, town.units['111']!, before),
      pair: await compareView(tx, hr, { a: town.people.Ann!, b: town.people.Bo! }, { past: before, now: before }),
    }))
    // A week later: Ann moves to Syd, Bo is a carer by now, and somebody comes.
    town.clock.now().setTime(Date.parse('2026-03-09T09:00:00Z'))
    await town.feed('hr', [
      job('e-ann', 'Ann', { unit: '112', title: 'SSA' }),
      job('e-bo', 'Bo', { unit: '112', title: 'SSA' }),
      person('Sen'),
      job('e-sen', 'Sen', { unit: '111', title: 'Kok', startsOn: '2026-02-01' }),
    ])
    const after = now()
    await read(async tx => {
      expect(await system(tx, hr, sbsys, before)).toEqual(recorded.system)
      expect(await unit(tx, hr, town.units['111']!, before)).toEqual(recorded.nord)
      const pair = await compareView(tx, hr, { a: town.people.Ann!, b: town.people.Bo! }, { past: before, now: after })
      expect(pair).toEqual(recorded.pair)
      // The day is one thing and what was known of it another: who came in February was heard of in March.
      const late = (page: Awaited<ReturnType<typeof unit>>) => page?.people.some(one => one.person.name === 'Sen Prøve')
      const known = await unit(tx, hr, town.units['111']!, { valid: before.valid, known: after.known })
      expect([late(recorded.nord), late(known)]).toEqual([false, true])

      const changes = await changesView(tx, hr, { system: sbsys }, { from: before, to: after, ...page })
      const bo = changes.rows.find(
        row => row.person?.id === town.people.Bo && row.entitlement.key === 'sbsys/caseworker',
      )
      expect(bo).toMatchObject({
        before: { expected: false, observed: true },
        after: { expected: true, observed: true },
        cause: 'other-work',
        rule: { key: 'care', name: 'Plejen' },
      })
      const pay = await changesView(tx, hr, { person: town.people.Ann! }, { from: before, to: after, ...page })
      expect(pay.rows).toMatchObject([
        {
          entitlement: { key: 'kmd/pay' },
          before: { expected: false, observed: false },
          after: { expected: true },
          cause: 'moved',
          rule: { key: 'pay' },
          unitBefore: { name: 'Plejecenter Nord' },
          unitAfter: { name: 'Plejecenter Syd' },
        },
      ])
      expect(pay.counts).toEqual({ gained: 1, lost: 0, other: 0 })
      // Before anything was read nobody knows what was there.
      const dawn = { valid: '2026-02-01', known: after.known }
      const begun = await changesView(tx, hr, { system: sbsys }, { from: dawn, to: after, ...page })
      expect([...new Set(begun.rows.map(row => row.cause))]).toEqual(['first-read'])
      // The other way round what was gained is lost.
      const back = await changesView(tx, hr, { person: town.people.Ann! }, { from: after, to: before, ...page })
      expect(back.counts).toEqual({ gained: 0, lost: 1, other: 0 })
      const inUnit = await changesView(tx, hr, { unit: town.units['111']! }, { from: before, to: after, ...page })
      expect(inUnit.rows.map(row => row.person?.id)).toContain(town.people.Ann)
    })
  })

  it('is a difference of two pages, whatever the days', async () => {
    const days = ['2026-02-01', '2026-03-02', '2026-03-05', '2026-03-09']
    const at = (valid: string): Moment => ({ valid, known: new Date(town.clock.now()) })
    const key = (row: { person: { id: string } | null; account: { id: string } | null; entitlement: { id: string } }) =>
      `${row.person?.id ?? row.account?.id} ${row.entitlement.id}`
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...days),
        fc.constantFrom(...days),
        fc.constantFrom(...historians().map(([, actor]) => actor)),
        async (from, to, actor) =>
          read(async tx => {
            const id = town.systems.sbsys!
            const said = await changesView(tx, actor, { system: id }, { from: at(from), to: at(to), ...page })
            const rows = async (day: string) =>
              new Map(
                (await system(tx, actor, id, at(day)))!.rows.map(row => [key(row), `${row.expected} ${row.observed}`]),
              )
            const [one, two] = [await rows(from), await rows(to)]
            const differing = [...new Set([...one.keys(), ...two.keys()])].filter(k => one.get(k) !== two.get(k))
            expect(said.rows.map(key).sort()).toEqual(differing.sort())
            expect(said.total).toBe(differing.length)
          }),
      ),
      { numRuns: 12 },
    )
  })
})
