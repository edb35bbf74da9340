import { beforeAll, describe, expect, it } from 'vitest'
import { personPageView } from '../../../../server/access/person-page-views.ts'
import { personRecord } from '../../../../server/access/person-record-view.ts'
import { viewerOf } from '../../../../server/access/viewer.ts'
import { colleaguesView, compareView, readable } from '../../../../server/overview/pages/compare-views.ts'
import { overTimeView } from '../../../../server/overview/pages/over-time-views.ts'
import { rightPeersView } from '../../../../server/overview/pages/right-peers-views.ts'
import { siblingsView } from '../../../../server/overview/pages/siblings-views.ts'
import { systemAsOfView } from '../../../../server/overview/pages/system-as-of-views.ts'
import { systemPartsView } from '../../../../server/overview/pages/system-parts-views.ts'
import { systemHoldersView } from '../../../../server/overview/system-page-views.ts'
import { civilDate } from '../../../../server/platform/clock.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { allows, can } from '../../../../server/policy/policy.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { job } from '../../../support/municipality.ts'
import { smallTown } from '../small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
const page = { offset: 0, limit: 200 }
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)
const now = () => ({ valid: town.clock.today(), known: new Date(town.clock.now()) })
const compare = (tx: Tx, actor: Actor, a: string, b: string) =>
  compareView(tx, actor, { a, b }, { past: null, now: now() })

beforeAll(async () => {
  town = await smallTown(database.db)
})

/** What somebody's page shows a reader, or null where the reader may not know of them. */
async function personFor(tx: Tx, actor: Actor, id: string) {
  const record = await personRecord(tx, id)
  if (!record || !allows(actor, 'read', 'Person', record)) return null
  return personPageView(tx, id, viewerOf(actor, record), { today: town.clock.today(), keyring: town.keyring })
}

describe('two people side by side', () => {
  it('have what their pages show the same reader, in the same states and by the same rules', async () => {
    const { Ann, Bo, Kim, Gert, Leder } = town.people as Record<string, string>
    for (const [role, actor] of Object.entries(town.actors))
      for (const [a, b] of [
        [Ann!, Bo!],
        [Kim!, Leder!],
        [Gert!, Ann!],
      ])
        await read(async tx => {
          const [one, other] = [await personFor(tx, actor, a!), await personFor(tx, actor, b!)]
          expect((await readable(tx, actor, a!, false)) === null).toBe(one === null)
          if (!one || !other) return
          const { rows } = await compare(tx, actor, a!, b!)
          for (const [side, shown] of [
            ['a', one],
            ['b', other],
          ] as const) {
            const rights = shown.systems.flatMap(({ rights }) => rights)
            const brief = rights.map(right => [
              right.key,
              right.state,
              [...new Set(right.because.map(one => one.ruleKey))].sort(),
            ])
            const said = rows.flatMap(row => {
              const has = row[side]
              return has ? [[row.entitlement.key, has.state, has.rules.map(rule => rule.key).sort()]] : []
            })
            expect(said.sort(), `${role} ${side}`).toEqual(brief.sort())
          }
          const differs = rows.map(row => row.a?.expected !== row.b?.expected || row.a?.observed !== row.b?.observed)
          // Differences first: after the first that is the same, no other differs.
          expect(differs.slice(differs.indexOf(false) === -1 ? differs.length : differs.indexOf(false))).not.toContain(
            true,
          )
        })
  })

  it('are named and described only as far as the reader may know', async () => {
    const { Ann, Kim } = town.people as Record<string, string>
    await read(async tx => {
      expect((await compare(tx, town.actors.hr, Ann!, Kim!)).b.person.name).toBe('Kim Hemmelig')
      const seen = await compare(tx, town.actors.dpo, Ann!, Kim!)
      expect(seen.b.person).toEqual({ id: Kim, name: null, protected: true })
      expect(seen.a.facts).toMatchObject([
        { unit: { name: 'Plejecenter Nord' }, title: 'SSA', position: 'Social- og sundhedsassistent' },
      ])
      // Another day of somebody whose history the reader may not see is not there.
      expect(await readable(tx, town.actors.owner, town.people.Bo!, false)).not.toBeNull()
      expect(await readable(tx, town.actors.owner, town.people.Bo!, true)).toBeNull()
    })
  })

  it('are proposed among those of the same unit, the same position first', async () => {
    await read(async tx => {
      const { rows } = await colleaguesView(tx, town.actors.hr, town.people.Ann!)
      expect(rows[0]).toMatchObject({ person: { name: 'Kim Hemmelig' }, samePosition: true })
      expect(rows.map(row => row.person.name)).not.toContain('Chief Prøve')
      const masked = await colleaguesView(tx, town.actors.it, town.people.Ann!)
      expect(masked.rows.find(row => row.person.id === town.people.Kim)?.person.name).toBeNull()
      expect((await colleaguesView(tx, town.actors.employee, town.people.Ann!)).rows).toEqual([])
    })
  })
})

describe('a unit beside its siblings', () => {
  it('counts what the pages of its people show, for every role', async () => {
    for (const [role, actor] of Object.entries(town.actors)) {
      if (!can(actor, 'unit.read')) continue
      await read(async tx => {
        const members = await tx.query<{ unit: string; person: string }>(
          `select distinct u.key as unit, ac.person_id as person from org_unit_current u
           join affiliation_current ac on ac.status = 'active' and u.unit_id = any(ac.unit_path) where u.key in ('111', '112')`,
        )
        const held = new Map<string, Set<string>>()
        const people: Record<string, Set<string>> = { 111: new Set(), 112: new Set() }
        for (const { unit, person } of members) {
          const shown = await personFor(tx, actor, person)
          if (!shown) continue
          people[unit]!.add(person)
          for (const right of shown.systems.flatMap(({ rights }) => rights)) {
            const at = `${unit} ${right.key}`
            held.set(at, (held.get(at) ?? new Set()).add(person))
          }
        }
        const { tx: watched, statements } = counted(tx)
        const answer = (await siblingsView(watched, actor, town.units['111']!))!
        expect(statements.length).toBeLessThanOrEqual(2)
        expect([answer.here, answer.there], role).toEqual([people['111']!.size, people['112']!.size])
        const n = (unit: string, key: string) => held.get(`${unit} ${key}`)?.size ?? 0
        const share = (unit: string, key: string) => n(unit, key) / people[unit]!.size
        const keys = ['sbsys/caseworker', 'sbsys/reader', 'kmd/pay']
        const differing = keys.filter(
          key =>
            people['111']!.size > 0 &&
            people['112']!.size > 0 &&
            Math.abs(share('111', key) - share('112', key)) > 1e-6,
        )
        expect(answer.rows.map(row => row.entitlement.key).sort(), role).toEqual(differing.sort())
        for (const row of answer.rows)
          expect([row.here, row.there]).toEqual([n('111', row.entitlement.key), n('112', row.entitlement.key)])
        const widths = answer.rows.map(row => Math.abs(row.here / answer.here - row.there / answer.there))
        expect(widths).toEqual([...widths].sort((a, b) => b - a))
      })
    }
  })

  it('names the rule that makes the difference, and of the siblings only whom the reader may see counts', async () => {
    await read(async tx => {
      const syd = (await siblingsView(tx, town.actors.hr, town.units['112']!))!
      expect(syd.rows.find(row => row.entitlement.key === 'kmd/pay')?.rule).toEqual({ key: 'pay', name: 'Løn i Syd' })
      expect(syd.siblings.map(one => one.name)).toEqual(['Plejecenter Nord'])
      const own = (await siblingsView(tx, town.actors.manager, town.units['111']!))!
      // Bo works in both: of Syd's people the leader of Nord may know of nobody else.
      expect(own.there).toBe(1)
      expect(await siblingsView(tx, town.actors.hr, town.people.Ann!)).toBeNull()
    })
  })
})

describe('a right unit by unit', () => {
  it('counts who has it and who should, of all who work there, as far as the reader may know', async () => {
    const peers = (reader: Actor, right: string) =>
      read(async tx =>
        (await rightPeersView(tx, reader, town.rights[right]!))?.rows.map(row => [
          row.unit.name,
          row.held,
          row.expected,
          row.of,
        ]),
      )
    // Bo works in both and holds it; Sten in Syd should. Nobody says more of those whom the manager does not lead.
    expect(await peers(town.actors.it, 'sbsys/caseworker')).toEqual([
      ['Plejecenter Nord', 2, 2, 4],
      ['Plejecenter Syd', 1, 1, 3],
    ])
    expect(await peers(town.actors.manager, 'sbsys/caseworker')).toEqual([
      ['Plejecenter Nord', 2, 2, 4],
      ['Plejecenter Syd', 1, 0, 3],
    ])
    expect(await peers(town.actors.nobody, 'sbsys/caseworker')).toEqual([])
    expect(await read(tx => rightPeersView(tx, town.actors.it, town.systems.kmd as string))).toBeNull()
    await read(async tx => {
      const { tx: watched, statements } = counted(tx)
      await rightPeersView(watched, town.actors.manager, town.rights['sbsys/caseworker']!)
      expect(statements.length).toBe(1)
    })
  })
})

describe('a system', () => {
  it('tells what gives its rights, whose accounts are nobody’s, and what deviates as the list of findings does', async () => {
    for (const actor of [town.actors.it, town.actors.manager, town.actors.owner])
      await read(async tx => {
        const id = town.systems.sbsys!
        const { tx: watched, statements } = counted(tx)
        const parts = (await systemPartsView(watched, actor, id, undefined, town.clock.today()))!
        expect(statements.length).toBeLessThanOrEqual(2)
        const holders = (await systemHoldersView(tx, actor, { systemId: id }, page))!
        const nobodys = holders.rows.flatMap(row => row.account?.username ?? [])
        expect(parts.nobodys.map(one => one.username)).toEqual([...new Set(nobodys)].sort())
        if (actor === town.actors.it) {
          expect(parts.groups.map(group => [group.name, group.entitlement.key])).toEqual([
            ['g-case', 'sbsys/caseworker'],
            ['G-Read-All', 'sbsys/reader'],
          ])
          expect(parts.rules.map(rule => rule.key).sort()).toEqual(['care', 'everybody'])
        }
      })
  })

  it('counts its holders week by week as its page of that day does', async () => {
    const { hr } = town.actors
    const id = town.systems.sbsys!
    const start = new Date(town.clock.now())
    town.clock.now().setTime(start.getTime() + 15 * 86_400_000)
    await town.feed('hr', [
      job('e-bo', 'Bo', { unit: '112', title: 'SSA' }),
      job('e-ann', 'Ann', { unit: '112', title: 'Kok' }),
    ])
    town.clock.now().setTime(start.getTime() + 28 * 86_400_000)
    await read(async tx => {
      const clock = new Date(town.clock.now())
      const weeks = (await overTimeView(tx, hr, id, { entitlement: undefined, weeks: 10, now: clock }))!
      expect(weeks.length).toBe(5)
      for (const [place, week] of weeks.entries()) {
        const at = new Date(clock.getTime() - (weeks.length - 1 - place) * 7 * 86_400_000)
        expect(week.on).toBe(civilDate(at))
        const then = (await systemAsOfView(tx, hr, id, { valid: week.on, known: at }, page))!
        const who = (which: 'expected' | 'observed') =>
          new Set(then.rows.filter(row => row[which]).map(row => row.person?.id ?? row.account?.id)).size
        expect([week.expected, week.observed], week.on).toEqual([who('expected'), who('observed')])
      }
      const one = (await overTimeView(tx, hr, id, {
        entitlement: town.rights['sbsys/caseworker'],
        weeks: 10,
        now: clock,
      }))!
      expect(one.at(-1)!.expected).toBeLessThan(weeks.at(-1)!.expected)
      // Who owns another system sees of this one what they have themselves.
      const own = await overTimeView(tx, town.actors.owner, id, { entitlement: undefined, weeks: 10, now: clock })
      expect(Math.max(...own!.map(week => week.expected))).toBe(1)
    })
  })
})
