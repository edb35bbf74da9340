import { beforeEach, describe, expect, it } from 'vitest'
import type { systemGap } from '../../../../server/contract/lists.ts'
import { mapView } from '../../../../server/overview/catalogue/map-view.ts'
import { sheetHistoryView, sheetView } from '../../../../server/overview/catalogue/sheet-view.ts'
import { homeView } from '../../../../server/overview/home-views.ts'
import { systemsView } from '../../../../server/overview/systems-views.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { Actor } from '../../../../server/policy/actor.ts'
import { attestSheet } from '../../../../server/systems/catalogue/attest-service.ts'
import {
  type By,
  changeMany,
  createSystem,
  planMany,
  saveSheet,
  undoMany,
} from '../../../../server/systems/catalogue/sheet-service.ts'
import { counted } from '../../../support/counted.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, group, job, municipality, person, system, unit } from '../../../support/municipality.ts'

const database = testDatabase()
const today = '2026-03-02'
const noon = new Date(`${today}T11:00:00Z`)
const when = (now = '2026-03-02T09:00:00Z') => ({ now: new Date(now), today: now.slice(0, 10) })
let town: ReturnType<typeof municipality>
let user: string
let ids: Record<string, string>
const write = <T>(work: (tx: Tx) => Promise<T>) => database.db.transaction(work)
const read = <T>(work: (tx: Tx) => Promise<T>) => database.db.snapshot(work)
const by = (may: (id: string) => boolean = () => true): By => ({
  actor: { kind: 'user', userId: user, personId: null, function: 'it' },
  may,
})
const actor = (roles: Actor['roles'], systems: string[] = []): Actor =>
  ({
    ...{
      userId: user,
      personId: newId(),
      displayName: 'x',
      kind: 'local',
      roles,
      units: [],
      actingFor: [],
      schools: [],
    },
    ...{ systems, until: null, via: 'local', secondFactor: null },
  }) as unknown as Actor
// As people are: with a role for others, and an employee.
const it_ = () => actor(['employee', 'it'])
const sheet = async (key: string, at?: string) =>
  (await read(tx => sheetView(tx, it_(), { systemId: ids[key] as string }, at ? { at } : {}, today)))!
const save = (key: string, version: number, set: Record<string, unknown>, more: object = {}) =>
  write(tx => saveSheet(tx, by(), when(), ids[key] as string, { version, set, reason: null, ...more }))
const idsOf = async () => {
  const rows = await read(tx => tx.query<{ key: string; id: string }>('select key, id from it_system'))
  ids = Object.fromEntries(rows.map(row => [row.key, row.id]))
}

const PEOPLE = [
  unit('100', { name: 'Kommunen', tree: 'admin', unitKind: 'top' }),
  unit('110', { name: 'Løn', tree: 'admin', parent: '100' }),
  person('ann'),
  person('bo'),
  job('a1', 'ann', { unit: '110', title: 'Lønchef' }),
  job('b1', 'bo', { unit: '110', title: 'Konsulent' }),
  job('b0', 'bo', { unit: '110', startsOn: '2019-01-01', endsOn: '2025-01-01' }),
]
const SYSTEMS = [
  system('loen', {
    name: 'Løn',
    area: 'HR',
    owner: 'a1',
    supplier: 'KMD',
    status: 'active',
    unit: '110',
    contact: 'Driften i Ishøj',
  }),
  system('skole', { name: 'Skole', area: 'Skole', owner: 'a1', supplier: 'KMD', reading: 'groups' }),
]

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', PEOPLE)
  await town.feed('katalog', SYSTEMS)
  user = newId()
  await write(tx =>
    tx.query(
      `insert into tool_user (id, username, kind, display_name) values ($1, 'lubi', 'outsider', 'lubi') returning id`,
      [user],
    ),
  )
  await idsOf()
})

describe('a sheet', () => {
  it('says what a feed says, whom it names, and from where', async () => {
    const found = await sheet('loen')
    expect(found).toMatchObject({
      version: 1,
      values: { name: 'Løn', status: 'in-use', supplier: 'KMD' },
      origins: { supplier: { kind: 'feed', source: 'katalog' } },
      people: {
        owner: { person: { name: 'ann Prøve' }, words: 'a1', title: 'Lønchef', ended: false },
        contact: { person: null, words: 'Driften i Ishøj' },
        responsible: null,
      },
      unit: { name: 'Løn' },
    })
  })

  it('keeps what somebody has set when the feed says something else, until it is released', async () => {
    const bo = await read(tx =>
      tx.query<{ id: string }>(`select person_id as id from person_current where given_name = 'bo'`),
    )
    await save('loen', 1, { supplier: 'Netcompany', owner: { person: bo[0]!.id }, area: null, name: 'Løn' })
    await town.feed('katalog', [
      system('loen', { name: 'Løn 2', area: 'Personale', owner: 'a1', supplier: 'EG', status: 'archive' }),
    ])
    const found = await sheet('loen')
    expect(found.values).toMatchObject({ name: 'Løn 2', supplier: 'Netcompany', status: 'phasing-out' })
    expect(found.values.area).toBeUndefined()
    expect(found.people.owner).toMatchObject({ person: { name: 'bo Prøve' }, title: 'Konsulent' })
    expect(found.origins.supplier).toMatchObject({ kind: 'hand', by: 'lubi' })
    expect(found.feed).toEqual({ supplier: 'EG', area: 'Personale', owner: { words: 'a1' } })
    expect(found.origins.name).toMatchObject({ kind: 'feed' })

    await save('loen', found.version, {}, { release: ['supplier', 'owner', 'area'] })
    const after = await sheet('loen')
    expect(after.values).toMatchObject({ supplier: 'EG', area: 'Personale' })
    expect(after.people.owner?.person?.name).toBe('ann Prøve')
    expect(after.feed).toEqual({})
    const [row] = await read(tx =>
      tx.query(`select supplier, area, p.name as owner from it_system s join affiliation a on a.id = s.owner_affiliation_id
        join person_current p on p.person_id = a.person_id where s.key = 'loen'`),
    )
    expect(row).toEqual({ supplier: 'EG', area: 'Personale', owner: 'ann Prøve' })
  })

  it('can be read as it stood, and every change says who, why, before and after', async () => {
    await write(tx =>
      saveSheet(tx, by(), when('2026-03-05T09:00:00Z'), ids.loen as string, {
        version: 1,
        set: { rung: 'add-only' },
        reason: 'Aftalt med driften',
      }),
    )
    expect((await sheet('loen')).values.rung).toBe('add-only')
    expect((await sheet('loen', '2026-03-04T00:00:00Z')).values.rung).toBeUndefined()
    expect((await sheet('loen', '2026-03-04T00:00:00Z')).allowed.change).toBe(false)
    expect(
      await read(tx => sheetView(tx, it_(), { systemId: ids.loen as string }, { at: '2020-01-01T00:00:00Z' }, today)),
    ).toBe(null)
    const history = await read(tx =>
      sheetHistoryView(tx, it_(), { systemId: ids.loen as string }, { offset: 0, limit: 10 }),
    )
    expect(history).toMatchObject({
      total: 2,
      rows: [
        {
          version: 2,
          origin: 'hand',
          by: 'lubi',
          reason: 'Aftalt med driften',
          changes: [{ field: 'rung', before: null, after: 'add-only' }],
        },
        { version: 1, origin: 'feed', source: 'katalog', by: null },
      ],
    })
    const [logged] = await read(tx =>
      tx.query<{ action: string }>(`select action from audit_entry where subject_id = $1 order by id desc limit 1`, [
        ids.loen,
      ]),
    )
    expect(logged?.action).toBe('system.rung-changed')
  })

  it('refuses what is stale, not allowed, without a reason or not there, and changes nothing then', async () => {
    const before = await sheet('loen')
    await expect(save('loen', 7, { area: 'x' })).rejects.toMatchObject({ problem: 'conflict' })
    await expect(save('loen', 1, { rung: 'apply' })).rejects.toMatchObject({ problem: 'reason-needed' })
    await expect(
      write(tx =>
        saveSheet(
          tx,
          by(() => false),
          when(),
          ids.loen as string,
          { version: 1, set: { area: 'x' }, reason: null },
        ),
      ),
    ).rejects.toMatchObject({ problem: 'not-allowed' })
    await expect(
      save('loen', 1, {
        owner: { person: newId() },
        unit: { unit: newId() },
        flows: [
          { system: 'findes-ikke', direction: 'out' },
          { system: 'loen', direction: 'out' },
        ],
        status: 'sikker',
      }),
    ).rejects.toMatchObject({
      problem: 'data-invalid',
      info: {
        detail: expect.stringMatching(
          /\/status is none.*\/owner is nobody.*\/unit is no unit.*\/flows\/0\/system is no system.*\/flows\/1\/system is this very/,
        ),
      },
    })
    expect(await sheet('loen')).toEqual(before)
    expect(await save('loen', 1, { area: 'HR' })).toEqual({ version: 1, changed: [] })
  })

  it('may be of a system that no feed knows; its key is taken once', async () => {
    const make = (key: string) =>
      write(tx => createSystem(tx, by(), when(), { key, set: { name: 'Ny', status: 'planned' }, reason: null }))
    const made = await make('ny-sag')
    await idsOf()
    expect((await sheet('ny-sag')).values).toEqual({ name: 'Ny', status: 'planned' })
    expect(made.version).toBe(1)
    await expect(make('ny-sag')).rejects.toMatchObject({ problem: 'conflict' })
    await expect(make('Ny Sag')).rejects.toMatchObject({ problem: 'data-invalid' })
  })
})

describe('many systems at once', () => {
  it('change as previewed and go back in one step, but for what was changed since', async () => {
    const both = [ids.loen, ids.skole] as string[]
    const given = { set: { area: 'Fælles', supplier: 'KMD' } }
    const plan = await read(tx => planMany(tx, by(), when(), both, given))
    expect(plan.rows.map(row => row.planned.changes)).toEqual([
      [{ field: 'area', before: 'HR', after: 'Fælles' }],
      [{ field: 'area', before: 'Skole', after: 'Fælles' }],
    ])
    await expect(
      write(tx => changeMany(tx, by(), when(), both, { ...given, hash: 'x', reason: null })),
    ).rejects.toMatchObject({
      problem: 'plan-stale',
    })
    const { batch, changed } = await write(tx =>
      changeMany(tx, by(), when(), both, { ...given, hash: plan.hash, reason: null }),
    )
    expect(changed).toBe(2)
    await save('skole', 2, { area: 'Børn' })
    // On record with each of them, for whoever may change them all, until it is taken back.
    const offered = async (who = it_(), key = 'loen') =>
      (
        await read(tx => sheetHistoryView(tx, who, { systemId: ids[key] as string }, { offset: 0, limit: 10 }))
      )?.rows.map(row => row.undo)
    expect(await offered()).toEqual([{ batch, systems: 2 }, null])
    expect(await offered(it_(), 'skole')).toEqual([null, { batch, systems: 2 }, null])
    expect(await offered(actor(['systemowner'], both))).toEqual([{ batch, systems: 2 }, null])
    expect(await offered(actor(['systemowner'], [ids.loen as string]))).toEqual([null, null])
    expect(await offered(actor(['auditor']))).toEqual([null, null])
    const undone = await write(tx => undoMany(tx, by(), when(), batch))
    expect(undone).toMatchObject({ undone: 1, kept: 1 })
    expect(undone.keptAt.map(one => [one.system.key, one.fields])).toEqual([['skole', ['area']]])
    expect(await offered()).toEqual([null, null, null])
    expect((await sheet('loen')).values.area).toBe('HR')
    expect((await sheet('loen')).origins.area?.kind).toBe('feed')
    expect((await sheet('skole')).values.area).toBe('Børn')
    await expect(write(tx => undoMany(tx, by(), when(), batch))).rejects.toMatchObject({ problem: 'conflict' })
  })

  it('leaves out systems of others, and says which', async () => {
    const both = [ids.loen, ids.skole] as string[]
    const mine = by(id => id === ids.loen)
    const plan = await read(tx => planMany(tx, mine, when(), both, { set: { area: 'Fælles' } }))
    expect(plan.rows.map(row => row.refused)).toEqual([null, 'not-allowed'])
    const done = await write(tx =>
      changeMany(tx, mine, when(), both, { set: { area: 'Fælles' }, hash: plan.hash, reason: null }),
    )
    expect(done.changed).toBe(1)
    expect((await sheet('skole')).values.area).toBe('Skole')
  })
})

describe('what a system lacks', () => {
  const lacking = async (gap: (typeof systemGap.options)[number]) =>
    (
      await read(tx => systemsView(tx, it_(), { gap, sort: 'name', descending: false, offset: 0, limit: 200 }, today))
    ).rows.map(row => row.key)
  const ok = { area: 'x', owner: 'a1', contract: 'Drift', reading: 'groups', status: 'in-use' }

  it('is on its worklist, and what does not is not', async () => {
    await town.feed('hr', [job('gone', 'bo', { startsOn: '2019-01-01', endsOn: '2026-01-01' })])
    await town.feed('katalog', [
      system('loen', { ...ok, name: 'Løn', owner: '' }),
      system('skole', { ...ok, name: 'Skole', owner: 'gone' }),
      system('clean', { ...ok, name: 'Clean' }),
      system('planned', { name: 'Planned', status: 'planned' }),
      system('closed', { name: 'Closed', status: 'closed' }),
      system('pc', { name: 'Pc', owner: 'a1', systemKind: 'equipment' }),
      system('ended', { ...ok, name: 'Ended', contractTo: '2026-03-02' }),
      system('unread', { ...ok, name: 'Unread', reading: 'none' }),
      system('nogroups', { ...ok, name: 'Nogroups' }),
      system('n30', { ...ok, name: 'N30', contractTo: '2026-09-01', contractNoticeMonths: 6, contractNo: '1' }),
      system('n30b', { ...ok, name: 'N30b', contractTo: '2026-10-01', contractNoticeMonths: 6, contractNo: '1' }),
      system('n60', { ...ok, name: 'N60', contractTo: '2026-05-02', contractNoticeMonths: 0 }),
      system('n60b', { ...ok, name: 'N60b', contractTo: '2026-05-01', contractNoticeMonths: 0 }),
      system('n90', { ...ok, name: 'N90', contractTo: '2026-05-10', contractNoticeMonths: 0 }),
      system('later', { ...ok, name: 'Later', contractTo: '2026-06-10', contractNoticeMonths: 0 }),
    ])
    const mapped = ['loen', 'skole', 'clean', 'ended', 'n30', 'n30b', 'n60', 'n60b', 'n90', 'later']
    await town.feed(
      'katalog',
      mapped.map(key => entitlement(`${key}/bruger`, { name: 'Bruger' })),
    )
    await town.feed(
      'ad',
      mapped.map(key => group(`g-${key}`, { name: `G-${key}`, members: [] })),
    )
    await town.rules(
      `rules: []\nroles: []\nmappings:\n${mapped.map(key => `  - { source: ad, match: { cn: G-${key} }, entitlement: ${key}/bruger }`).join('\n')}\n`,
    )
    await town.feed('ad', [group('one-more', { name: 'One more', members: [] })])
    await write(tx =>
      tx.query(
        `update it_system set attest_due = $1::date + case when key = 'clean' then 31 else 400 end where true returning 1`,
        [today],
      ),
    )
    await write(tx =>
      tx.query(`update it_system set attest_due = $1::date + 30 where key in ('loen', 'closed') returning 1`, [today]),
    )

    expect(await lacking('no-owner')).toEqual(['loen', 'skole'])
    expect(await lacking('no-contract')).toEqual(['ended'])
    expect(await lacking('not-read')).toEqual(['unread'])
    expect(await lacking('no-groups')).toEqual(['nogroups'])
    expect(await lacking('attest')).toEqual(['loen'])
    // 2026-03-01 has passed; 2026-04-01 is 30 days off, 2026-05-01 is 60, 2026-05-02 is 61, 2026-05-10 is 69, 2026-06-10 is 100.
    expect(await lacking('notice-30')).toEqual(['n30b'])
    expect(await lacking('notice-60')).toEqual(['n60b'])
    expect(await lacking('notice-90')).toEqual(['n60', 'n90'])
  })

  it('is counted on the homes as the lists have it', async () => {
    await town.feed('katalog', [system('ingen', { name: 'Ingen' })])
    await idsOf()
    for (const who of [it_(), actor(['systemowner'], Object.values(ids))]) {
      const { sections } = await read(tx => homeView(tx, who, noon))
      const gaps = sections.flatMap(section => section.todos).filter(todo => todo.params.gap)
      expect(gaps.length).toBeGreaterThan(1)
      for (const { params, count } of gaps) {
        const list = await read(tx =>
          systemsView(tx, who, { ...params, sort: 'name', descending: false, offset: 0, limit: 1 } as never, today),
        )
        expect(list.total, JSON.stringify(params)).toBe(count)
      }
    }
  })
})

describe('is this still true?', () => {
  it('is asked again a year after somebody has said yes to what stands there', async () => {
    const said = await write(tx => attestSheet(tx, by(), when(), ids.loen as string, { version: 1, note: null }))
    expect(said.due).toBe('2027-03-02')
    await save('loen', 1, { area: 'Personale' })
    await expect(
      write(tx => attestSheet(tx, by(), when(), ids.loen as string, { version: 1, note: null })),
    ).rejects.toMatchObject({ problem: 'conflict' })
    await write(tx =>
      attestSheet(tx, by(), when('2026-03-09T09:00:00Z'), ids.loen as string, { version: 2, note: 'ok' }),
    )
    const { attestations, attestDue } = await sheet('loen')
    expect(attestDue).toBe('2027-03-09')
    expect(attestations.map(one => [one.by, one.changed, one.note])).toEqual([
      ['lubi', true, 'ok'],
      ['lubi', false, null],
    ])
  })
})

describe('the list and the map', () => {
  it('put systems together by area, supplier, owner and status, with how many', async () => {
    await town.feed('katalog', [
      system('uden', { name: 'Uden' }),
      system('hr2', { name: 'HR 2', area: 'HR', supplier: 'EG' }),
    ])
    const list = (group: 'area' | 'supplier' | 'owner' | 'status', limit = 200) =>
      read(tx => systemsView(tx, it_(), { group, sort: 'name', descending: false, offset: 0, limit }, today))
    const areas = await list('area')
    expect(areas.groups).toEqual([
      { label: 'HR', count: 2 },
      { label: 'Skole', count: 1 },
      { label: null, count: 1 },
    ])
    expect(areas.rows.map(row => [row.key, row.group])).toEqual([
      ['hr2', 0],
      ['loen', 0],
      ['skole', 1],
      ['uden', 2],
    ])
    expect((await list('owner')).groups).toEqual([
      { label: 'ann Prøve', count: 2 },
      { label: null, count: 2 },
    ])
    expect((await list('supplier', 1)).groups).toEqual([
      { label: 'EG', count: 1 },
      { label: 'KMD', count: 2 },
      { label: null, count: 1 },
    ])
    expect((await list('status')).groups[0]).toEqual({ label: 'in-use', count: 1 })
  })

  it('show what data flow, told by either end', async () => {
    await save('loen', 1, {
      flows: [{ system: 'skole', direction: 'in', data: ['CPR'], how: 'file', frequency: 'daily' }],
    })
    const map = await read(mapView)
    expect(map.flows).toEqual([
      { from: ids.skole, to: ids.loen, data: ['CPR'], how: 'file', frequency: 'daily', owner: null },
    ])
    expect(map.systems.map(one => [one.key, one.dependents, one.cutsOff])).toEqual([
      ['loen', 0, 0],
      ['skole', 1, 0],
    ])
    expect((await sheet('skole')).told).toMatchObject([{ by: { key: 'loen' }, flow: { direction: 'in' } }])
  })

  it('are few statements', async () => {
    await read(async tx => {
      const count = async (work: (tx: Tx) => Promise<unknown>) => {
        const watched = counted(tx)
        await work(watched.tx)
        return watched.statements.length
      }
      const query = { sort: 'drift', group: 'owner', descending: true, offset: 0, limit: 50 } as const
      expect(await count(one => systemsView(one, it_(), query, today))).toBeLessThanOrEqual(3)
      expect(
        await count(one => sheetView(one, it_(), { systemId: ids.loen as string }, {}, today)),
      ).toBeLessThanOrEqual(2)
      expect(await count(mapView)).toBe(1)
      expect(await count(one => homeView(one, it_(), noon))).toBeLessThanOrEqual(5)
    })
  })
})
