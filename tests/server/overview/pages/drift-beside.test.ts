import { beforeEach, describe, expect, test } from 'vitest'
import { changeSwitch } from '../../../../server/access/drift/finding-settings.ts'
import { findingsView } from '../../../../server/access/drift/findings-views.ts'
import { changeEntitlementValues } from '../../../../server/access/entitlements/entitlement-service.ts'
import { findingFilter } from '../../../../server/contract/findings.ts'
import { systemGap } from '../../../../server/contract/lists.ts'
import { listSystems } from '../../../../server/contract/systems.ts'
import { dpoHomeView } from '../../../../server/overview/dpo/dpo-home-view.ts'
import { dpoHome, itHome } from '../../../../server/overview/home-office-views.ts'
import { systemPartsView } from '../../../../server/overview/pages/system-parts-views.ts'
import { systemsView } from '../../../../server/overview/systems-views.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { stampOf } from '../../../../server/systems/entitlements/entitlement-store.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { account, job, person, system, unit } from '../../../support/municipality.ts'
import { acc, dn, driftTown, members } from '../../access/drift/drift-town.ts'

/* A number of findings leads to as many rows: on the page of a system or a right, and on the homes. */
const database = testDatabase()
beforeEach(() => database.reset())
const names = async () => new Map<string, string>()
const byCode = <Row extends { code: string }>(rows: Row[]) => rows.sort((a, b) => (a.code < b.code ? -1 : 1))

/** Unexplained and missing in two systems, a licence over its cap, a pupil with a right, and kinds switched by area and unit. */
async function planted() {
  const town = await driftTown(database.db)
  await town.feed('hr', [
    unit('S', { name: 'Skolen', unitKind: 'school', tree: 'school' }),
    person('elev', { realm: 'pupil' }),
    job('e-elev', 'elev', { unit: 'S', affiliationKind: 'pupil' }),
  ])
  await town.feed('ad', [
    account('elev', { username: 'elev', employeeNo: 'e-elev', dn: dn('elev'), enabled: true }),
    acc('ghost', { employeeNo: 'unknown' }),
    members('a/read', ['ann', 'cia']),
    members('a/write', ['bo', 'cia', 'elev']),
    members('b/admin', ['cia']),
  ])
  await database.db.transaction(async tx => {
    const id = town.rights['a/read']!
    const said = { stamp: await stampOf(tx, id), reason: 'Ny aftale', values: { licenceCap: 1 } }
    await changeEntitlementValues(tx, id, said, { actor: town.actors.it, ...town.when })
  })
  const say = (one: {
    code?: 'unexplained' | 'missing'
    area?: string
    unit?: string
    mode: 'listed' | 'off' | null
  }) =>
    database.db.transaction(tx =>
      changeSwitch(tx, {
        ...{ code: one.code ?? 'unexplained', area: one.area ?? null, unit: one.unit ?? null, mode: one.mode },
        ...{ by: 'test', now: town.when.now },
      }),
    )
  const rows = (actor: Actor, filter: object) =>
    database.db.snapshot(
      async tx =>
        (await findingsView(tx, actor, { ...findingFilter.parse(filter), offset: 0, limit: 100 }, names)).total,
    )
  return { town, say, rows }
}
type Planted = Awaited<ReturnType<typeof planted>>

describe('the page of a system, and of a right', () => {
  const partsOf = ({ town }: Planted, actor: Actor, id: string, right?: string) =>
    database.db.snapshot(async tx => {
      const { tx: watched, statements } = counted(tx)
      const parts = await systemPartsView(watched, actor, id, right, town.when.today)
      expect(statements.length).toBeLessThanOrEqual(2)
      return byCode(parts!.findings)
    })
  /** Every number of every page is that of the list that it leads to, and no kind of the list is left out. */
  async function agrees(all: Planted) {
    const { town, rows } = all
    const { it, owner, manager, dpo } = town.actors
    for (const actor of [it, owner, manager, dpo])
      for (const system of [town.systems.a!, town.systems.b!])
        for (const entitlement of [undefined, ...Object.values(town.rights)] as (string | undefined)[]) {
          const filter = { system, ...(entitlement ? { entitlement } : {}), counted: true }
          const parts = await partsOf(all, actor, system, entitlement)
          for (const one of parts) expect(await rows(actor, { ...filter, code: one.code })).toBe(one.open)
          expect(parts.reduce((sum, one) => sum + one.open, 0)).toBe(await rows(actor, filter))
        }
  }

  test('counts what the list of findings shows, whatever is only counted or off, for every reader', async () => {
    const all = await planted()
    const { town, say } = all
    const { it } = town.actors
    const a = () => partsOf(all, it, town.systems.a!)
    expect(await a()).toEqual([
      { code: 'licence-over', open: 1 },
      { code: 'missing', open: 1 },
      { code: 'unexplained', open: 4 },
    ])
    await agrees(all)
    // Off in the kitchen, and listed where the other system is.
    await say({ unit: town.units['110']!, mode: 'off' })
    await say({ area: 'Drift', mode: 'listed' })
    await say({ code: 'missing', mode: 'off' })
    expect(await a()).toEqual([
      { code: 'licence-over', open: 1 },
      { code: 'unexplained', open: 3 },
    ])
    await agrees(all)
  })

  test('of a right names also what is found about the right itself, and nothing of another', async () => {
    const all = await planted()
    const { town } = all
    const { it } = town.actors
    const [a, b] = [town.systems.a!, town.systems.b!]
    expect(await partsOf(all, it, a, town.rights['a/read'])).toEqual([
      { code: 'licence-over', open: 1 },
      { code: 'missing', open: 1 },
      { code: 'unexplained', open: 1 },
    ])
    expect(await partsOf(all, it, a, town.rights['a/write'])).toEqual([{ code: 'unexplained', open: 3 }])
    expect((await partsOf(all, it, b, town.rights['b/admin'])).map(one => one.code)).toContain('unexplained')
  })

  test('says what the system lacks, each as the list of systems finds it; a right says nothing of that', async () => {
    const { town } = await planted()
    const { it } = town.actors
    const { today } = town.when
    await town.feed('systems', [
      system('c', { name: 'C' }),
      system('d', { name: 'D', reading: 'groups', status: 'closed' }),
    ])
    await database.db.snapshot(async tx => {
      const ids = await tx.query<{ id: string; key: string }>('select id, key from it_system order by key')
      for (const { id, key } of ids) {
        const { lacks } = (await systemPartsView(tx, it, id, undefined, today))!
        for (const gap of systemGap.options) {
          const found = await systemsView(tx, it, listSystems.query.parse({ gap, limit: '200' }), today)
          expect(
            found.rows.some(row => row.id === id),
            `${key} ${gap}`,
          ).toBe(lacks.includes(gap))
        }
        if (key === 'c') expect(lacks).toEqual(expect.arrayContaining(['no-owner', 'no-contract', 'not-read']))
        if (key === 'd') expect(lacks).toEqual([])
      }
      expect((await systemPartsView(tx, it, town.systems.b!, town.rights['b/admin'], today))!.lacks).toEqual([])
    })
  })
})

describe('a home', () => {
  test('counts findings as the lists that its lines lead to, with what is switched for a unit', async () => {
    const { town, say, rows } = await planted()
    const { it, dpo } = town.actors
    await say({ mode: 'listed' })
    await say({ unit: town.units['110']!, mode: 'off' })
    const home = await database.db.snapshot(tx => dpoHomeView(tx, dpo, town.when.now))
    expect(home.findings.map(one => one.code)).toContain('unexplained')
    for (const one of home.findings)
      expect(await rows(dpo, { code: one.code, severity: one.severity, age: 'week' })).toBe(one.count)
    expect(home.findings.reduce((sum, one) => sum + one.count, 0)).toBe(await rows(dpo, { age: 'week' }))
    for (const [actor, section] of [
      [it, await database.db.snapshot(tx => itHome(tx, it, town.when.today))],
      [dpo, await database.db.snapshot(tx => dpoHome(tx, dpo, town.when.today))],
    ] as const) {
      const week = section.figures.find(one => one.code === 'findings-week')
      expect(week?.value).toBe(await rows(actor, { age: 'week' }))
    }
  })
})
