import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { MappingStep } from '#contract/mappings.ts'
import {
  changeEntitlementValues,
  createEntitlementOf,
  releaseEntitlementValues,
  retireEntitlementOf,
} from '../../../server/access/entitlements/entitlement-service.ts'
import { groupCaseView, groupsView } from '../../../server/access/mappings/group-views.ts'
import {
  approveMappingChange,
  changeMappings,
  previewMappings,
  undoMappingChange,
} from '../../../server/access/mappings/mapping-change-service.ts'
import { comparisonSql } from '../../../server/access/person-rights-store.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import { stampOf } from '../../../server/systems/entitlements/entitlement-store.ts'
import { actor } from '../../support/actors.ts'
import { counted } from '../../support/counted.ts'
import { testDatabase } from '../../support/database.ts'
import { account, entitlement, group, job, municipality, person, system, unit } from '../../support/municipality.ts'

const database = testDatabase()
const it1 = actor(['it'], { userId: '00000000-0000-4000-8000-0000000000a1' })
const it2 = actor(['it'], { userId: '00000000-0000-4000-8000-0000000000a2' })
const people = [0, 1, 2, 3, 4]
const rights = ['a/read', 'a/write', 'b/x']
const names = ['GRP-one', 'GRP-two', 'GRP-inner', 'Other']
const dn = (name: string) => `CN=${name},DC=test`
const RULES = `
rules:
  - key: all
    name: Alle
    conditions: {}
    entitlements: ['a/*']
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 10
mappings:
  - { source: ad, match: { cn: GRP-one }, entitlement: a/read }
  - { source: ad, match: { cn: 'Otherwise-*' }, entitlement: b/x }
`
let town: ReturnType<typeof municipality>

async function start() {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    ...people.flatMap(n => [person(`p${n}`), job(`e${n}`, `p${n}`, { unit: '100', title: 'Kok' })]),
  ])
  await town.feed('systems', [
    system('a', { name: 'A', owner: 'e0' }),
    system('b', { name: 'B' }),
    ...rights.map(key => entitlement(key, { name: key, description: `Kan bruge ${key} fuldt ud` })),
  ])
  await town.rules(RULES)
  await town.feed('ad', [
    ...people.map(n => account(`k${n}`, { username: `k${n}`, dn: dn(`k${n}`), employeeNo: `e${n}` })),
    group('GRP-one', { name: 'GRP-one', dn: dn('GRP-one'), members: [dn('k0'), dn('GRP-inner')] }),
    group('GRP-two', { name: 'GRP-two', dn: dn('GRP-two'), members: [dn('k1'), dn('k2')] }),
    group('GRP-inner', { name: 'GRP-inner', dn: dn('GRP-inner'), members: [dn('k3')] }),
    group('Other', { name: 'Other', dn: dn('Other'), members: people.map(n => dn(`k${n}`)) }),
  ])
}

const ask = <T>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<T & object>(sql, params))
const readings = async () =>
  Object.fromEntries(
    (await ask<{ key: string; reading: string }>('select key, reading from it_system order by key')).map(one => [
      one.key,
      one.reading,
    ]),
  )
/** Everything that a change of mappings may touch, as what it means and not as rows that were written. */
async function standing() {
  return {
    mappings: await ask('select source, pattern, entitlement from group_mapping where off_at is null order by 1, 2, 3'),
    given: await ask('select group_id, entitlement_id from group_entitlement order by 1, 2'),
    observed: await ask('select account_id, entitlement_id, via, paths from observed_right order by 1, 2'),
    deviating: await ask('select person_id, entitlement_id, state from right_deviation order by 1, 2'),
    counts: await ask('select person_id, expected, observed, missing, unexplained from person_rights order by 1'),
    aside: await ask('select group_id, reason from group_not_right order by 1'),
    readings: await readings(),
  }
}
const compared = () =>
  ask(`with ${comparisonSql('true')} select person_id, entitlement_id, state from compared
    where state in ('missing', 'unexplained') order by 1, 2`)
const who = (one: Actor) => ({ actor: one, now: town.when.now, today: town.when.today })
const change = (steps: MappingStep[], one = it1) =>
  database.db.transaction(async tx => {
    const { hash } = await previewMappings(tx, steps, who(one))
    return changeMappings(tx, { steps, hash, reason: null }, who(one))
  })
const idOf = async (table: 'directory_group' | 'entitlement', name: string) =>
  (
    await ask<{ id: string }>(`select id from ${table} where ${table === 'entitlement' ? 'key' : 'name'} = $1`, [name])
  )[0]!.id
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no problem',
    error => (error as { problem?: string }).problem ?? String(error),
  )

describe('a change of mappings', () => {
  type Draft =
    | { do: 'map'; name: string; right: string }
    | { do: 'add'; pattern: string; right: string; place: 'first' | 'last' }
    | { do: 'remove'; at: number }
    | { do: 'aside'; name: string }
  const draft: fc.Arbitrary<Draft> = fc.oneof(
    fc.record({ do: fc.constant('map' as const), name: fc.constantFrom(...names), right: fc.constantFrom(...rights) }),
    fc.record({
      do: fc.constant('add' as const),
      pattern: fc.constantFrom('GRP-*', '*', 'other', '*-inner'),
      right: fc.constantFrom(...rights),
      place: fc.constantFrom('first' as const, 'last' as const),
    }),
    fc.record({ do: fc.constant('remove' as const), at: fc.nat(3) }),
    fc.record({ do: fc.constant('aside' as const), name: fc.constantFrom(...names) }),
  )
  const stepsOf = async (drafts: readonly Draft[]): Promise<MappingStep[]> => {
    const mappings = await ask<{ id: string }>(
      'select id from group_mapping where off_at is null order by position, id',
    )
    const steps: MappingStep[] = []
    for (const one of drafts) {
      if (one.do === 'map')
        steps.push({
          do: 'map',
          group: await idOf('directory_group', one.name),
          entitlement: await idOf('entitlement', one.right),
        })
      else if (one.do === 'add')
        steps.push({ do: 'add', source: 'ad', pattern: one.pattern, entitlement: one.right, place: one.place })
      else if (one.do === 'aside')
        steps.push({ do: 'not-right', group: await idOf('directory_group', one.name), reason: 'ikke en rettighed' })
      else if (mappings[one.at]) steps.push({ do: 'remove', mapping: mappings[one.at]!.id })
    }
    return steps
  }

  it('previews what it does and nothing else, leaves what a full comparison finds, and taken back is as before', async () => {
    await start()
    await fc.assert(
      fc.asyncProperty(fc.array(draft, { minLength: 1, maxLength: 4 }), async drafts => {
        const steps = await stepsOf(drafts)
        if (steps.length === 0) return
        const before = await standing()
        const previewed = await database.db
          .transaction(tx => previewMappings(tx, steps, who(it1)))
          .catch(error => error as Error)
        expect(await standing()).toEqual(before)
        if (previewed instanceof Error) {
          expect((previewed as { problem?: string }).problem).toMatch(/conflict|mapping-invalid/)
          return
        }
        const done = await database.db.transaction(tx =>
          changeMappings(tx, { steps, hash: previewed.hash, reason: null }, who(it1)),
        )
        expect(done).toMatchObject({ ...previewed.counts, applied: true })
        const after = await standing()
        expect(after.deviating).toEqual(await compared())
        // Working everything out anew finds nothing else.
        await database.db.transaction(tx => tx.query(`insert into observe_due values ('mappings'), ('ad')`))
        await town.feed('ad', [])
        expect(await standing()).toEqual(after)
        await database.db.transaction(tx => undoMappingChange(tx, done.changeId, who(it1)))
        expect(await standing()).toEqual(before)
        expect(await problemOf(database.db.transaction(tx => undoMappingChange(tx, done.changeId, who(it1))))).toBe(
          'conflict',
        )
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  it('of a system that is not read says on its sheet that groups are, and so long as nothing is built on it, back', async () => {
    await start()
    expect(await readings()).toEqual({ a: 'none', b: 'none' })
    const right = await idOf('entitlement', 'b/x')
    const one: MappingStep = { do: 'map', group: await idOf('directory_group', 'GRP-two'), entitlement: right }
    const preview = await database.db.transaction(tx => previewMappings(tx, [one], who(it1)))
    expect(preview.counts.reads?.map(system => system.key)).toEqual(['b'])
    expect(await readings()).toEqual({ a: 'none', b: 'none' })
    const first = await change([one])
    expect(await readings()).toEqual({ a: 'none', b: 'groups' })
    const undo = (changeId: string, now = town.when.now) =>
      database.db.transaction(tx => undoMappingChange(tx, changeId, { actor: it1, now }))
    await undo(first.changeId)
    expect(await readings()).toEqual({ a: 'none', b: 'none' })

    const again = await change([one])
    const later = new Date(town.when.now.getTime() + 60_000)
    const other: MappingStep = { do: 'map', group: await idOf('directory_group', 'Other'), entitlement: right }
    const second = await database.db.transaction(tx =>
      changeMappings(tx, { steps: [other], hash: null, reason: null }, { actor: it1, now: later }),
    )
    expect(second.reads).toEqual([])
    await undo(again.changeId, later)
    expect(await readings()).toEqual({ a: 'none', b: 'groups' })
  })

  it('comes from a desk of few statements: three for its list, four for a case', async () => {
    await start()
    const group = await idOf('directory_group', 'Other')
    await database.db.snapshot(async tx => {
      const list = counted(tx)
      await groupsView(list.tx, it1, { sort: 'members', aside: false, offset: 0, limit: 50 })
      expect(list.statements.length).toBeLessThanOrEqual(3)
      const one = counted(tx)
      expect(await groupCaseView(one.tx, it1, group)).not.toBeNull()
      // With session, user, lookup log, and the name of who set the group aside: eight.
      expect(one.statements.length).toBeLessThanOrEqual(4)
    })
  })

  it('leaves a sheet alone that says how the system is read', async () => {
    await start()
    await town.feed('systems', [system('b', { name: 'B', reading: 'list' })])
    const before = await readings()
    await change([
      { do: 'map', group: await idOf('directory_group', 'GRP-two'), entitlement: await idOf('entitlement', 'b/x') },
    ])
    expect(before.b).not.toBe('none')
    expect(await readings()).toEqual(before)
  })

  it('counts people: those who gain, and the deviations that come and go', async () => {
    await start()
    const steps: MappingStep[] = [
      { do: 'map', group: await idOf('directory_group', 'GRP-two'), entitlement: await idOf('entitlement', 'b/x') },
      { do: 'add', source: 'ad', pattern: 'GRP-inner', entitlement: 'a/write', place: 'last' },
    ]
    // k1 and k2 are seen to hold b/x, which nobody should; a/write can be seen now, k3 has it and four others lack it.
    expect(await change(steps)).toMatchObject({
      applied: true,
      groups: 2,
      gains: 3,
      gaining: 3,
      losses: 0,
      deviationsAdded: 6,
      deviationsGone: 0,
      heldBack: [],
    })
  })

  it('is stale when something else has changed since its preview, and one that is not previewed is one group', async () => {
    await start()
    const other = await idOf('directory_group', 'Other')
    const steps: MappingStep[] = [{ do: 'map', group: other, entitlement: await idOf('entitlement', 'b/x') }]
    const { hash } = await database.db.transaction(tx => previewMappings(tx, steps, who(it1)))
    await town.feed('ad', [group('Other', { name: 'Other', dn: dn('Other'), members: [dn('k0')] })])
    const apply = (given: string | null, what = steps) =>
      database.db.transaction(tx => changeMappings(tx, { steps: what, hash: given, reason: null }, who(it1)))
    expect(await problemOf(apply(hash))).toBe('plan-stale')
    expect(
      await problemOf(apply(null, [{ do: 'add', source: 'ad', pattern: '*', entitlement: 'b/x', place: 'last' }])),
    ).toBe('mapping-invalid')
    expect(await apply(null)).toMatchObject({ applied: true, gains: 1 })
  })

  it('of an owner is about rights of the own systems, and never a pattern', async () => {
    await start()
    const [{ id: a } = { id: '' }] = await ask<{ id: string }>(`select id from it_system where key = 'a'`)
    const owner = actor(['systemowner'], { systems: [a] })
    const two = await idOf('directory_group', 'GRP-two')
    const map = async (key: string): Promise<MappingStep[]> => [
      { do: 'map', group: two, entitlement: await idOf('entitlement', key) },
    ]
    expect(await problemOf(change(await map('b/x'), owner))).toBe('not-allowed')
    expect(await problemOf(change([{ do: 'not-right', group: two, reason: 'postliste' }], owner))).toBe('not-allowed')
    expect(
      await problemOf(
        change([{ do: 'add', source: 'ad', pattern: 'GRP-two', entitlement: 'a/read', place: 'last' }], owner),
      ),
    ).toBe('not-allowed')
    expect(await change(await map('a/read'), owner)).toMatchObject({ applied: true, gains: 2 })
  })

  it('that would give many a deviation waits for a second person', async () => {
    await start()
    const many = Array.from({ length: 60 }, (_, n) => n + 100)
    await town.feed(
      'hr',
      many.flatMap(n => [person(`p${n}`), job(`e${n}`, `p${n}`, { unit: '100', title: 'Kok' })]),
    )
    await town.feed('ad', [
      ...many.map(n => account(`k${n}`, { username: `k${n}`, dn: dn(`k${n}`), employeeNo: `e${n}` })),
      group('Other', { name: 'Other', dn: dn('Other'), members: many.map(n => dn(`k${n}`)) }),
    ])
    const before = await standing()
    const held = await change([
      { do: 'map', group: await idOf('directory_group', 'Other'), entitlement: await idOf('entitlement', 'b/x') },
    ])
    expect(held).toMatchObject({
      applied: false,
      deviating: 60,
      heldBack: [{ guard: 'mapping-deviations', limit: 50 }],
    })
    expect(await standing()).toEqual(before)
    const approve = (one: Actor) => database.db.transaction(tx => approveMappingChange(tx, held.changeId, who(one)))
    expect(await problemOf(approve(it1))).toBe('second-person-needed')
    expect(await approve(it2)).toMatchObject({ applied: true, gains: 60 })
    // Taking it back takes from as many: that waits too.
    expect(await database.db.transaction(tx => undoMappingChange(tx, held.changeId, who(it2)))).toMatchObject({
      applied: false,
      heldBack: [{ guard: 'mapping-losses' }],
    })
  })

  it('stands when the file is imported again: what was made stays, what was taken out stays out', async () => {
    await start()
    const [file] = await ask<{ id: string }>(`select id from group_mapping where pattern = 'GRP-one'`)
    await change([
      { do: 'remove', mapping: file!.id },
      { do: 'map', group: await idOf('directory_group', 'GRP-two'), entitlement: await idOf('entitlement', 'a/read') },
    ])
    const after = await standing()
    const again = await town.rules(RULES)
    expect(again.mappings).toEqual({ added: 0, changed: 0, removed: 0 })
    expect(await standing()).toEqual(after)
    // A file that declares the same and more adds what is new, and no longer lists what is taken out.
    const more = await town.rules(`
mappings:
  - { source: ad, match: { cn: GRP-two }, entitlement: a/read }
  - { source: ad, match: { cn: Other }, entitlement: b/x }
`)
    expect(more.mappings).toEqual({ added: 1, changed: 0, removed: 1 })
    expect(await ask('select pattern, origin from group_mapping where off_at is null order by 1')).toEqual([
      { pattern: 'GRP-two', origin: 'screen' },
      { pattern: 'Other', origin: 'file' },
    ])
  })
})

describe('an entitlement', () => {
  beforeEach(start)
  const edit = async (key: string, values: Record<string, unknown>, one = it1) => {
    const id = await idOf('entitlement', key)
    return database.db.transaction(async tx =>
      changeEntitlementValues(tx, id, { stamp: await stampOf(tx, id), reason: 'bedre ord', values }, who(one)),
    )
  }
  const row = async (key: string) =>
    (
      await ask<Record<string, unknown>>(
        'select name, description, sensitivity, privileged, licence_cap, status from entitlement where key = $1',
        [key],
      )
    )[0]

  it('is what a person says until it is released, whatever the feed says meanwhile', async () => {
    await edit('a/read', { description: 'Kan se alt om borgerne', sensitivity: 'special' })
    await town.feed('systems', [
      entitlement('a/read', { name: 'Læs', description: 'Fra kilden, nu en anden', sensitivity: 'none' }),
    ])
    expect(await row('a/read')).toMatchObject({
      name: 'Læs',
      description: 'Kan se alt om borgerne',
      sensitivity: 'special',
    })
    const id = await idOf('entitlement', 'a/read')
    await database.db.transaction(async tx =>
      releaseEntitlementValues(
        tx,
        id,
        { stamp: await stampOf(tx, id), attributes: ['description', 'sensitivity'], reason: 'kilden er god nu' },
        who(it1),
      ),
    )
    expect(await row('a/read')).toMatchObject({ description: 'Fra kilden, nu en anden', sensitivity: 'none' })
    const versions = await ask<{ version: number }>(
      'select version, recorded_by, reason from entitlement_version where entitlement_id = $1 order by 1',
      [id],
    )
    expect(versions).toMatchObject([
      { version: 1, recorded_by: null },
      { version: 2, recorded_by: '00000000-0000-4000-8000-0000000000a1', reason: 'bedre ord' },
      { version: 3, reason: 'kilden er god nu' },
    ])
  })

  it('that is privileged has words and an owner; and one made from an old look is refused', async () => {
    expect(await problemOf(edit('b/x', { privileged: true }))).toBe('entitlement-invalid')
    expect(await problemOf(edit('a/read', { privileged: true, description: 'kort' }))).toBe('entitlement-invalid')
    await edit('a/read', { privileged: true })
    expect(await row('a/read')).toMatchObject({ privileged: true })
    const id = await idOf('entitlement', 'a/read')
    const old = database.db.transaction(tx =>
      changeEntitlementValues(tx, id, { stamp: 'old', reason: 'bedre ord', values: {} }, who(it1)),
    )
    expect(await problemOf(old)).toBe('conflict')
    expect(await problemOf(edit('a/read', { name: 'Ny' }, actor(['dpo'])))).toBe('not-allowed')
    expect(await problemOf(edit('a/read', { includes: [id] }))).toBe('entitlement-invalid')
  })

  it('that is made by hand is what rules and mappings were waiting for, and goes again unless somebody holds it', async () => {
    await change([{ do: 'add', source: 'ad', pattern: 'GRP-*', entitlement: 'a/{1}', place: 'first' }])
    expect((await standing()).observed.filter(one => 'via' in one).length).toBe(0)
    const [{ id: a } = { id: '' }] = await ask<{ id: string }>(`select id from it_system where key = 'a'`)
    const made = await database.db.transaction(tx =>
      createEntitlementOf(
        tx,
        a,
        {
          key: 'two',
          name: 'To',
          description: null,
          kind: 'role',
          sensitivity: 'none',
          privileged: false,
          constraints: [],
          reason: 'mangler i kilden',
        },
        who(it1),
      ),
    )
    // Two accounts are in GRP-two; everybody should hold all of a.
    expect(await ask('select count(*)::int as n from observed_right where entitlement_id = $1', [made.id])).toEqual([
      { n: 2 },
    ])
    expect(await ask('select count(*)::int as n from assignment where entitlement_id = $1', [made.id])).toEqual([
      { n: 5 },
    ])
    expect((await standing()).deviating).toEqual(await compared())
    const retire = () =>
      database.db.transaction(async tx =>
        retireEntitlementOf(tx, made.id, { stamp: await stampOf(tx, made.id), reason: 'bruges ikke' }, who(it1)),
      )
    expect(await problemOf(retire())).toBe('entitlement-in-use')
    await town.feed('ad', [group('GRP-two', { name: 'GRP-two', dn: dn('GRP-two'), members: [] })])
    await retire()
    expect(await ask('select count(*)::int as n from assignment where entitlement_id = $1', [made.id])).toEqual([
      { n: 0 },
    ])
    expect((await standing()).deviating).toEqual(await compared())
    // No feed brings back what a person has retired.
    await town.feed('systems', [entitlement('a/two', { name: 'To fra kilden' })])
    expect(await row('a/two')).toMatchObject({ status: 'retired' })
    expect(await ask(`select gone_at is not null as gone from entitlement where key = 'a/two'`)).toEqual([
      { gone: true },
    ])
  })
})
