import { beforeAll, describe, expect, it } from 'vitest'
import { findingsView } from '../../../server/access/drift/findings-views.ts'
import { personPageView } from '../../../server/access/person-page-views.ts'
import { personRecord } from '../../../server/access/person-record-view.ts'
import { rulesView } from '../../../server/access/rule-views.ts'
import { viewerOf } from '../../../server/access/viewer.ts'
import { accountsView } from '../../../server/overview/accounts-views.ts'
import { auditView } from '../../../server/overview/audit-views.ts'
import { homeView } from '../../../server/overview/home-views.ts'
import { peopleView } from '../../../server/overview/people-views.ts'
import { searchView } from '../../../server/overview/search-views.ts'
import { systemHoldersView, systemView } from '../../../server/overview/system-page-views.ts'
import { systemsView } from '../../../server/overview/systems-views.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { allows } from '../../../server/policy/policy.ts'
import { counted } from '../../support/counted.ts'
import { testDatabase } from '../../support/database.ts'
import { smallTown } from './small-town.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
let roles: [string, Actor][]
beforeAll(async () => {
  town = await smallTown(database.db)
  roles = Object.entries(town.actors)
})
const page = { offset: 0, limit: 200 }
const today = '2026-03-02'
const noon = new Date(`${today}T11:00:00Z`)
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)
type Filter = Partial<Parameters<typeof peopleView>[2]>
const people = (tx: Tx, actor: Actor, filter: Filter = {}) =>
  peopleView(tx, actor, { ...page, sort: 'name', descending: false, ...filter }, today)
const names = async (actor: Actor, filter: Filter = {}) =>
  (await read(tx => people(tx, actor, filter))).rows.map(row => row.name)

describe('the list of people', () => {
  it('holds exactly those whom the policy lets each role see, named as the policy says', async () => {
    for (const [role, actor] of roles) {
      const { rows, total } = await read(tx => people(tx, actor))
      const expected: string[] = []
      for (const id of Object.values(town.people)) {
        const record = await read(tx => personRecord(tx, id))
        if (!record || !allows(actor, 'read', 'Person', record)) continue
        expected.push(id)
        const row = rows.find(one => one.id === id)
        expect(row?.name === null, `${role} and the name of ${id}`).toBe(
          row?.protected === true && !allows(actor, 'read', 'Person', record, 'protectedName'),
        )
      }
      expect(rows.map(row => row.id).sort(), role).toEqual(expected.sort())
      expect(total).toBe(expected.length)
    }
  })

  it('shows of each person what their page shows, for every role', async () => {
    for (const [role, actor] of roles)
      await read(async tx => {
        for (const row of (await people(tx, actor)).rows) {
          const record = await personRecord(tx, row.id)
          const shown =
            record && (await personPageView(tx, row.id, viewerOf(actor, record), { today, keyring: town.keyring }))
          const counts = shown?.counts
          expect([row.expected, row.observed, row.drift], `${role} looks at ${row.name}`).toEqual([
            counts?.expected,
            counts?.observed,
            (counts?.missing ?? 0) + (counts?.unexplained ?? 0),
          ])
          expect(row.accounts, `accounts of ${row.name} for ${role}`).toBe(shown?.accounts.length)
        }
      })
  })

  it('is never more than two statements', async () => {
    for (const [, actor] of roles)
      for (const filter of [
        {},
        { text: 'ann' },
        { drift: true, sort: 'drift' },
        { unit: town.units['110'] },
      ] as Filter[])
        await read(async tx => {
          const { tx: watched, statements } = counted(tx)
          await people(watched, actor, filter)
          expect(statements.length).toBeLessThanOrEqual(2)
        })
  })

  it('orders as Danes do, and pages without losing or doubling anybody', async () => {
    const all = await names(town.actors.hr)
    expect(all.slice(-2)).toEqual(['Ann Ærlig', 'Bo Åben'])
    const paged = await Promise.all([0, 4, 8].map(offset => names(town.actors.hr, { offset, limit: 4 })))
    expect(paged.flat()).toEqual(all)
    expect((await read(tx => people(tx, town.actors.hr, { offset: 500 }))).total).toBe(all.length)
  })

  it('finds people by parts of names, user names and employee numbers', async () => {
    const { hr, it: admin } = town.actors
    expect(await names(hr, { text: 'ærl' })).toEqual(['Ann Ærlig'])
    expect(await names(hr, { text: 'ærlig ANN' })).toEqual(['Ann Ærlig'])
    // One slip in a word of four letters or more, where nobody is spelt so.
    expect(await names(hr, { text: 'Ærlih' })).toEqual(['Ann Ærlig'])
    expect(await names(hr, { text: 'aerlg ann' })).toEqual(['Ann Ærlig'])
    expect(await names(hr, { text: 'xyzzyq' })).toEqual([])
    expect(await names(hr, { text: 'leader' })).toEqual(['Leder Nord'])
    expect(await names(hr, { text: 'e-bo2' })).toEqual(['Bo Åben'])
    expect(await names(hr, { text: '100%' })).toEqual([])
    expect(await names(hr, { text: '_' })).toEqual([])
    expect(await names(admin, { text: 'elev' })).toEqual(['Ole Elev'])
    expect(await names(hr, { text: 'elev' })).toEqual([])
  })

  it('forgives one slip in a system’s name, where none is spelt so', async () => {
    const found = (text: string) =>
      read(async tx =>
        (await systemsView(tx, town.actors.it, { ...page, sort: 'name', descending: false, text }, today)).rows.map(
          row => row.name,
        ),
      )
    expect(await found('sbsys')).toEqual(['SBSYS sag'])
    expect(await found('sbsis')).toEqual(['SBSYS sag'])
    expect(await found('sbysy')).toEqual([])
  })

  it('never finds a protected name for those who may not know it', async () => {
    for (const text of ['hemmelig', 'kim', 'Kim Hemmelig', 'hemmleig']) {
      expect(await names(town.actors.hr, { text })).toEqual(['Kim Hemmelig'])
      expect(await names(town.actors.manager, { text })).toEqual(['Kim Hemmelig'])
      for (const actor of [town.actors.it, town.actors.dpo, town.actors.auditor]) {
        expect(await names(actor, { text })).toEqual([])
        expect((await read(tx => searchView(tx, actor, { text }))).people).toEqual([])
      }
    }
    // Nor does the place in the list tell where the name would stand.
    expect((await names(town.actors.it)).at(-1)).toBeNull()
  })

  it('filters by unit and below, system, rule, what comes and what goes', async () => {
    const { hr, manager } = town.actors
    expect(await names(hr, { unit: town.units['112'] })).toEqual(['Sten Slut', 'Eks Tern', 'Bo Åben'])
    expect(await names(hr, { system: town.systems.kmd })).toEqual(['Sten Slut', 'Eks Tern', 'Bo Åben'])
    expect(await names(hr, { rule: 'care' })).toEqual(['Kim Hemmelig', 'Sten Slut', 'Ann Ærlig'])
    expect(await names(manager, { rule: 'care' })).toEqual(['Kim Hemmelig', 'Ann Ærlig'])
    // Bo's right in the pay system follows from Syd, which the leader of Nord does not lead.
    expect(await names(manager, { system: town.systems.kmd })).toEqual([])
    expect(await names(hr, { startsWithin: 14 })).toEqual(['Fie Frisk'])
    expect(await names(hr, { startsWithin: 7 })).toEqual([])
    expect(await names(hr, { leavesWithin: 14 })).toEqual(['Sten Slut'])
    expect(await names(hr, { unexplained: true })).toEqual(['Bo Åben'])
    expect(await names(manager, { protectedData: true })).toEqual(['Kim Hemmelig', 'Ann Ærlig', 'Bo Åben'])
    expect(await names(hr, { status: 'ended' })).toEqual(['Gert Gået'])
  })
})

describe('systems and their holders', () => {
  it('count what their lists hold, for every role', async () => {
    for (const [role, actor] of roles)
      await read(async tx => {
        for (const row of (await systemsView(tx, actor, { ...page, sort: 'drift', descending: true }, today)).rows) {
          const holders = async (filter = {}) =>
            systemHoldersView(tx, actor, { systemId: row.id }, { ...page, ...filter })
          const all = (await holders())?.rows ?? []
          const differing =
            ((await holders({ state: 'missing' }))?.total ?? 0) +
            ((await holders({ state: 'unexplained' }))?.total ?? 0)
          expect(row.drift, `${role} ${row.key}`).toBe(differing)
          const expected = all.filter(one => one.state !== 'unexplained').map(one => one.person?.id)
          expect(row.expected, `${role} ${row.key}`).toBe(new Set(expected).size)
          const right = (await systemView(tx, actor, { systemId: row.id }))?.rights ?? []
          expect(right.reduce((sum, one) => sum + one.missing + one.unexplained, 0)).toBe(differing)
        }
      })
  })

  it('say who holds without reason, and which account is nobody’s', async () => {
    const answer = await read(tx =>
      systemHoldersView(tx, town.actors.it, { systemId: town.systems.sbsys as string }, page),
    )
    const lines = answer?.rows.map(row => [
      row.person ? row.person.name : row.account?.username,
      row.entitlement.key,
      row.state,
      row.ruleKey,
    ])
    expect(lines).toContainEqual(['Bo Åben', 'sbsys/caseworker', 'unexplained', null])
    expect(lines).toContainEqual(['svc', 'sbsys/reader', 'unexplained', null])
    expect(lines).toContainEqual([null, 'sbsys/caseworker', 'missing', 'care'])
    expect(lines).toContainEqual(['Chief Prøve', 'sbsys/reader', 'no-account', 'everybody'])
    expect(lines).toContainEqual(['Ann Ærlig', 'sbsys/caseworker', 'matching', 'care'])
  })

  it('say when each row was last read, which need not be when the whole system was', async () => {
    const sbsys = { systemId: town.systems.sbsys as string }
    const rowsOf = async () => (await read(tx => systemHoldersView(tx, town.actors.it, sbsys, page)))!.rows
    const read_ = await read(tx => tx.query<{ at: Date }>(`select complete_at as at from source where key = 'ad'`))
    const of = (rows: Awaited<ReturnType<typeof rowsOf>>, state: string) => rows.filter(row => row.state === state)
    const before = await rowsOf()
    for (const state of ['matching', 'unexplained', 'missing']) {
      expect(of(before, state).length).toBeGreaterThan(0)
      for (const row of of(before, state)) expect(row.seenAt, state).toBe(read_[0]!.at.toISOString())
    }
    // Nobody could have seen it.
    for (const row of of(before, 'no-account')) expect(row.seenAt).toBeNull()
    // Another source shows something too and was read longer ago: the system is as old as that, these rows are not.
    await expect(
      database.db.transaction(async tx => {
        await tx.query(
          `insert into source select (jsonb_populate_record(s, '{"key": "old", "complete_at": "2020-01-01", "changes_at": null}')).* from source s where key = 'ad'`,
        )
        await tx.query(`update account set source = 'old' where username = 'svc'`)
        const rows = (await systemHoldersView(tx, town.actors.it, sbsys, page))!.rows
        const svc = rows.find(row => row.account?.username === 'svc')
        expect(svc?.seenAt).toBe(new Date('2020-01-01').toISOString())
        for (const row of of(rows, 'matching')) expect(row.seenAt).toBe(read_[0]!.at.toISOString())
        throw new Error('taken back')
      }),
    ).rejects.toThrow('taken back')
  })

  it('an owner sees the holders of the own system and nothing of others', async () => {
    const { owner } = town.actors
    const total = async (key: string) =>
      (await read(tx => systemHoldersView(tx, owner, { systemId: town.systems[key] as string }, page)))?.rows.filter(
        row => row.person?.id !== owner.personId,
      ).length
    expect(await total('kmd')).toBe(3)
    expect(await total('sbsys')).toBe(0)
    expect(await read(tx => systemHoldersView(tx, owner, { systemId: owner.userId }, page))).toBeNull()
  })

  it('are at most five statements, list and holders together', async () => {
    for (const [, actor] of roles)
      await read(async tx => {
        const one = counted(tx)
        await systemsView(one.tx, actor, { ...page, sort: 'expected', descending: false }, today)
        await systemHoldersView(one.tx, actor, { systemId: town.systems.sbsys as string }, page)
        expect(one.statements.length).toBeLessThanOrEqual(5)
      })
  })
})

describe('the home', () => {
  it('counts with the filter of the list that each number leads to', async () => {
    let led = 0
    for (const [role, actor] of roles)
      await read(async tx => {
        const home = await homeView(tx, actor, noon)
        const links = home.sections.flatMap(section => [
          ...section.todos.map(one => ({ code: one.code as string, count: one.count, to: one.to, params: one.params })),
          ...section.figures.map(one => ({ code: one.code, count: one.value, to: one.to, params: one.params ?? {} })),
        ])
        for (const { code, count, to, params } of links) {
          const total = await rowsBehind(tx, actor, to, params)
          // Sums over people (differences, rights) lead to the people that they are of.
          if (
            total === null ||
            ['drift', 'expected', 'observed', 'missing', 'unexplained', 'rights-explained', 'system-drift'].includes(
              code,
            )
          )
            continue
          expect(total, `${role}: ${code} → ${to} ${JSON.stringify(params)}`).toBe(count)
          led++
        }
      })
    expect(led).toBeGreaterThan(20)
  })

  it('knows the planted things, and nobody who may not be known', async () => {
    const todos = async (actor: Actor) =>
      Object.fromEntries(
        (await read(tx => homeView(tx, actor, noon))).sections.flatMap(section =>
          section.todos.map(one => [one.code, one.count]),
        ),
      )
    expect(await todos(town.actors.it)).toMatchObject({
      'leavers-active': 1,
      'accounts-dormant-admin': 1,
      'accounts-unmatched': 1,
      'rules-expiring': 1,
      'rules-catch-nobody': 1,
    })
    expect(await todos(town.actors.hr)).toMatchObject({
      'titles-unknown': 2,
      'units-unmapped': 1,
      starters: 1,
      leavers: 1,
    })
    expect(await todos(town.actors.manager)).toEqual({ 'team-drift': 2, starters: 1 })
    expect((await read(tx => homeView(tx, town.actors.nobody, noon))).sections).toEqual([])
  })

  it('tells each who answers for something how much is read and explained, and how old the differences are', async () => {
    const undo = new Error('taken back')
    const planted = database.db.transaction(async tx => {
      await tx.query(
        `insert into finding (code, subject_id, object_id, cause, severity, person_id, unit_id, system_id, owner_role, opened_at, state)
         select 'missing', $1, e.id, 'x', 'low', $1, $2, e.system_id, 'it', $3, 'open' from entitlement e where e.key = 'sbsys/caseworker'`,
        [town.people.Ann, town.units['111'], noon],
      )
      await tx.query(
        `insert into finding_switch (code, area, mode, changed_at, changed_by) values ('missing', '', 'listed', now(), 'test')
         on conflict (code, area) do update set mode = 'listed'`,
      )
      for (const [actor, role] of [
        [town.actors.manager, 'manager'],
        // Of a system that is read: where nothing is held there is no share of it.
        [{ ...town.actors.owner, systems: [town.systems.sbsys!] }, 'systemowner'],
        [town.actors.auditor, 'auditor'],
        [town.actors.it, 'it'],
        [town.actors.dpo, 'dpo'],
      ] as const) {
        const { sections } = await homeView(tx, actor, noon)
        const { figures } = sections.find(section => section.role === role)!
        const codes = figures.map(one => one.code)
        expect(codes, role).toEqual(expect.arrayContaining(['systems-read', 'rights-explained']))
        const aged = figures.filter(one => /^findings-(week|month|quarter|older)$/.test(one.code))
        expect(aged.length, role).toBeGreaterThan(0)
        for (const { value, to, params } of aged)
          expect(await rowsBehind(tx, actor, to, params ?? {}), role).toBe(value)
      }
      throw undo
    })
    await expect(planted).rejects.toBe(undo)
  })

  it('shares of a manager are of the own people and their systems, by hand', async () => {
    const { manager } = town.actors
    await read(async tx => {
      const [section] = (await homeView(tx, manager, noon)).sections
      const figure = (code: string) => section!.figures.find(one => one.code === code)!
      const team = (await people(tx, manager, { status: 'active' })).rows.filter(
        row => row.unit?.name === 'Plejecenter Nord',
      )
      expect(team.length).toBeGreaterThan(1)
      const [systems, held, explained] = [new Set<string>(), [] as string[], [] as string[]]
      for (const one of team) {
        const record = (await personRecord(tx, one.id))!
        const seen = await personPageView(tx, one.id, viewerOf(manager, record), { today, keyring: town.keyring })
        for (const { system, rights } of seen!.systems)
          for (const right of rights) {
            systems.add(system.key)
            if (right.observed) held.push(right.key)
            if (right.observed && right.state !== 'unexplained') explained.push(right.key)
          }
      }
      expect(figure('rights-explained')).toMatchObject({ value: explained.length, of: held.length })
      expect(figure('systems-read').of).toBe(systems.size)
    })
  })

  it('is at most three statements a role and one more', async () => {
    for (const [, actor] of roles)
      await read(async tx => {
        const { tx: watched, statements } = counted(tx)
        const home = await homeView(watched, actor, noon)
        expect(statements.length).toBeLessThanOrEqual(1 + 3 * home.sections.length)
        expect(statements.length).toBeLessThanOrEqual(8)
      })
  })
})

/** How many rows the screen behind a link of the home would show; null: not a list of these. */
async function rowsBehind(
  tx: Tx,
  actor: Actor,
  to: string | null,
  params: Record<string, unknown>,
): Promise<number | null> {
  switch (to) {
    case '/people':
      return (await people(tx, actor, params as Filter)).total
    case '/findings':
      return (await findingsView(tx, actor, { ...page, ...params } as never, async () => new Map())).total
    case '/audit':
      return (await auditView(tx, actor, { ...page, ...params })).total
    case '/accounts':
      return (await accountsView(tx, actor, { ...page, ...params })).total
    case '/systems':
      return (await systemsView(tx, actor, { ...page, sort: 'name', descending: false, ...params } as never, today))
        .total
    case '/rules': {
      const { rows } = await rulesView(
        tx,
        actor,
        { ...page, sort: 'name', descending: false, ...params } as never,
        today,
      )
      if (params.sort === 'caught') return rows.filter(row => row.caught === 0).length
      return params.sort === 'validTo' ? rows.filter(row => row.validTo !== null).length : rows.length
    }
    default:
      return null
  }
}
