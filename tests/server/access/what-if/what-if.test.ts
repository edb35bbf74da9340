import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { catchUp } from '../../../../server/access/access-store.ts'
import { addGrants } from '../../../../server/access/grants/grant-store.ts'
import { previewChange, storedRules, storeWanted } from '../../../../server/access/rules-change-service.ts'
import { type Computed, computeWhatIf, outcomeOf } from '../../../../server/access/what-if/compute-what-if.ts'
import { recordOrganisation } from '../../../../server/access/what-if/record-organisation.ts'
import type { DraftChange } from '../../../../server/contract/what-if-draft.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../../support/municipality.ts'

const database = testDatabase()
let town: ReturnType<typeof municipality>
const UNITS = ['a', 'a1', 'a2', 'b', 'b1', 'b2', 'b11']
const TITLES = ['Sosu', 'Laerer', 'Leder']
const RIGHTS = ['s/read', 's/write', 't/use', 't/see', 't/limit']

const yaml = `
roles:
  - { key: writer, name: Skriver, entitlements: [{ key: s/write, constraints: [{ on: unit, kind: own-unit-and-below }] }] }
rules:
  - { key: all, name: Alle, conditions: {}, entitlements: [s/read], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
  - { key: under-a, name: A, conditions: { unit: { $under: a } }, roles: [writer], validFrom: '2020-01-01', state: active, owner: HR, order: 20 }
  - { key: at-b1, name: B1, conditions: { unitKey: b1 }, entitlements: [t/use], validFrom: '2020-01-01', state: active, owner: HR, order: 30 }
  - { key: sosu, name: Sosu, conditions: { position: sosu, unit: { $under: [b, a1] } }, entitlements: [t/see], validFrom: '2020-01-01', state: active, owner: HR, order: 40 }
  - { key: boss, name: Leder, conditions: { isManager: true }, entitlements: [t/limit], constraints: { t/limit: [{ on: unit, kind: own-unit-and-below }] }, validFrom: '2020-01-01', state: active, owner: HR, order: 50 }
  - { key: level, name: Niveau, conditions: { unitLevel: { $gt: 2 } }, entitlements: [t/limit], constraints: { t/limit: [{ on: unit, kind: ancestor-at-level, level: 2 }] }, validFrom: '2020-01-01', state: active, owner: HR, order: 60 }
  - { key: not-leave, name: Orlov, inverted: true, reason: Orlov, conditions: { onLeave: true }, entitlements: [s/*], validFrom: '2020-01-01', state: active, owner: HR, order: 70 }
  - { key: later, name: Senere, conditions: { unit: { $under: b } }, entitlements: [s/write], validFrom: '2026-03-20', state: active, owner: HR, order: 80 }
`

beforeAll(async () => {
  town = municipality(database.db)
  const [today] = [town.when.today]
  await town.feed('hr', [
    position('sosu', { name: 'Sosu', category: 'care', titles: ['Sosu'] }),
    position('laerer', { name: 'Laerer', category: 'school', titles: ['Laerer'] }),
    unit('top', { name: 'Kommunen', unitKind: 'top' }),
    ...UNITS.map(key =>
      unit(key, {
        name: key,
        parent: key.length === 1 ? 'top' : key.slice(0, -1),
        ...(key === 'b' || key === 'a1' ? { manager: `e-${key}-0` } : {}),
      }),
    ),
    ...UNITS.flatMap(key =>
      [0, 1, 2, 3].flatMap(n => {
        const id = `${key}-${n}`
        return [
          person(`p-${id}`),
          job(`e-${id}`, `p-${id}`, {
            unit: key,
            title: TITLES[n % 3] as string,
            ...(n === 1 ? { endsOn: addDays(today, 10) } : {}),
            ...(n === 2 && key.startsWith('b') ? { startsOn: addDays(today, 5) } : {}),
            ...(n === 3 ? { leaveFrom: addDays(today, 12), leaveTo: addDays(today, 40), leaveKind: 'barsel' } : {}),
          }),
          // A second job of some, so that which one is primary changes with the days.
          ...(n === 1 ? [job(`f-${id}`, `p-${id}`, { unit: 'b2', title: 'Laerer', fraction: 0.1 })] : []),
        ]
      }),
    ),
  ])
  await town.feed('systems', [
    system('s', { name: 'S' }),
    system('t', { name: 'T' }),
    ...RIGHTS.map(key => entitlement(key, { name: key })),
  ])
  await town.rules(yaml)
  await database.db.transaction(tx => catchUp(tx, { ...town.when, cause: 'test' }))
})

/** Rights given by hand: some that a rule gives too, one with limits, some that begin or end within the month. */
beforeAll(async () => {
  const { today, now } = town.when
  const given = [
    ['e-a-0', 's/read', null, null],
    ['e-a1-0', 's/write', null, addDays(today, 11)],
    ['e-b1-0', 't/use', null, null],
    ['e-b2-1', 't/see', addDays(today, 3), addDays(today, 30)],
    ['e-a2-3', 't/limit', null, null],
    ['e-b-1', 't/limit', addDays(today, 7), null],
  ] as const
  await database.db.transaction(async tx => {
    const id = async (table: string, key: string) =>
      (await tx.query(`select id from ${table} where key = $1`, [key]))[0]!.id as string
    for (const [job, right, from, to] of given)
      await addGrants(
        tx,
        [
          {
            ...{ affiliationId: await id('affiliation', job), entitlementId: await id('entitlement', right), from, to },
            ...{ kind: 'report', reason: 'Bestilt', caseId: null, by: 'test' },
            constraints: right === 't/limit' ? [{ kind: 'own-unit', on: 'unit', values: ['a2'] }] : [],
          },
        ],
        { now },
      )
    await catchUp(tx, { ...town.when, cause: 'test' })
  })
})

/** Employments, of all units. */
let jobs: string[] = []
beforeAll(async () => {
  jobs = (
    await database.db.snapshot(tx =>
      tx.query<{ id: string }>('select affiliation_id as id from affiliation_current order by unit_id, affiliation_id'),
    )
  ).map(row => row.id)
})
const addDays = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
const ids = new Map<string, number>()
const id = () => {
  ids.set('n', (ids.get('n') ?? 0) + 1)
  return `c${ids.get('n')}`
}
const unitKey = fc.constantFrom(...UNITS)
const rule = (key: string, conditions: object, entitlements: string[], inverted: boolean) => ({
  ...{ key, name: key, conditions, entitlements, inverted, ...(inverted ? { reason: 'Proeve' } : {}) },
  ...{ validFrom: '2020-01-01', state: 'active', owner: 'HR', order: 65 },
})
const oneChange: fc.Arbitrary<DraftChange> = fc.oneof(
  fc.tuple(unitKey, fc.constantFrom(...RIGHTS), fc.boolean(), fc.constantFrom('all', 'under-a', 'new-one')).map(
    ([under, right, inverted, key]): DraftChange => ({
      ...{ id: id(), kind: 'rule-put', rule: rule(key, { unit: { $under: under } }, [right], inverted) },
    }),
  ),
  fc.constantFrom('all', 'at-b1', 'boss', 'level').map((key): DraftChange => ({ id: id(), kind: 'rule-retire', key })),
  fc.constantFrom(...RIGHTS).map(
    (key): DraftChange => ({
      ...{ id: id(), kind: 'role-put', role: { key: 'writer', name: 'Skriver', entitlements: [{ key }] } },
    }),
  ),
  fc.tuple(unitKey, unitKey).map(([one, parent]): DraftChange => ({ id: id(), kind: 'unit-move', unit: one, parent })),
  fc
    .tuple(unitKey, unitKey)
    .map(([from, into]): DraftChange => ({ id: id(), kind: 'unit-merge', units: [from], into })),
  unitKey.map((one): DraftChange => ({ id: id(), kind: 'unit-close', unit: one })),
  fc.tuple(unitKey, unitKey, unitKey, fc.subarray([0, 1, 2, 3, 4, 5, 6, 7])).map(
    ([one, into, other, who]): DraftChange => ({
      ...{ id: id(), kind: 'unit-split', unit: one },
      parts: [
        { into, titles: ['sosu'], affiliations: who.map(n => jobs[(n * 5) % jobs.length] as string) },
        { into: other, titles: [], positions: ['sosu', 'laerer'] },
      ],
    }),
  ),
  fc
    .tuple(fc.option(unitKey), fc.constantFrom(...TITLES), fc.constantFrom(...TITLES))
    .map(([within, title, to]): DraftChange => ({ id: id(), kind: 'title-change', title, unit: within, to })),
  fc.constantFrom('s', 't').map((key): DraftChange => ({ id: id(), kind: 'system-close', system: key })),
  fc.constantFrom(...RIGHTS).map((key): DraftChange => ({ id: id(), kind: 'entitlement-retire', entitlement: key })),
  fc.tuple(unitKey, unitKey, unitKey, fc.boolean(), fc.boolean()).map(
    ([from, to, other, carry, translate]): DraftChange => ({
      ...{ id: id(), kind: 'unit-map', carry, translate },
      rows: [...new Set([to, ...(other === 'a' ? [other] : [])])].map(one => ({ from, to: one })),
    }),
  ),
)
const created: DraftChange = { id: 'made', kind: 'unit-create', unit: 'new', name: 'Ny', unitKind: 'unit', parent: 'b' }
const changes = fc
  .array(oneChange, { minLength: 0, maxLength: 5 })
  .chain(list => fc.boolean().map(make => (make ? [created, ...list] : list)))
const day = fc.constantFrom(0, 3, 7, 11, 15, 30)

/** Without the changes that are not valid where they stand, as whoever writes a draft would have to leave them out. */
async function valid(tx: Tx, onDate: string, list: DraftChange[]): Promise<DraftChange[]> {
  const { worlds } = await computeWhatIf(tx, { name: 'Proeve', onDate, changes: list }, { ...town.when, base: 'today' })
  const wrong = new Set(worlds.problems.map(one => one.change))
  return wrong.size === 0
    ? list
    : valid(
        tx,
        onDate,
        list.filter(one => !wrong.has(one.id)),
      )
}

const seen = ({ differences, hash }: Computed) => ({ hash, differences })

describe('a draft', () => {
  it('decides only whom it can reach, with the same answer as deciding everybody', async () => {
    let some = 0
    await fc.assert(
      fc.asyncProperty(changes, day, fc.constantFrom('today' as const, 'same-date' as const), (list, ahead, base) =>
        database.db.snapshot(async tx => {
          const onDate = addDays(town.when.today, ahead)
          const draft = { name: 'Proeve', onDate, changes: await valid(tx, onDate, list) }
          const options = { ...town.when, base }
          const touched = await computeWhatIf(tx, draft, options)
          some += touched.differences.length
          expect(seen(touched)).toEqual(seen(await computeWhatIf(tx, draft, { ...options, everybody: true })))
        }),
      ),
      { numRuns: 50 },
    )
    expect(some).toBeGreaterThan(300)
  }, 300_000)

  it('carried out gives exactly what it said', async () => {
    const rollback = new Error('taken back')
    let some = 0
    await fc.assert(
      fc.asyncProperty(changes, list =>
        database.db
          .transaction(async tx => {
            const { today, now } = town.when
            const draft = { name: 'Proeve', onDate: today, changes: await valid(tx, today, list) }
            const computed = await computeWhatIf(tx, draft, { today, now, base: 'today' })
            const expected = await outcomeOf(tx, computed)
            const held = async () =>
              new Map(
                (
                  await tx.query<{ key: string; constraints: unknown }>(
                    // What somebody who moves keeps for some days is no rule's doing, and no draft says so.
                    `select a.affiliation_id || ' ' || e.key as key, a.constraints from assignment a
                     join derivation v on v.id = a.derivation_id
                     left join right_grant g on g.id = v.grant_id
                     join entitlement e on e.id = a.entitlement_id where g.kind is distinct from 'grace'`,
                  )
                ).map(row => [row.key, JSON.stringify(row.constraints)]),
              )
            const before = await held()
            const last = computed.worlds.steps.at(-1)!
            await recordOrganisation(
              tx,
              computed,
              { unit: () => true, affiliation: () => true },
              source => (source === 'manual' ? 1000 : 10),
              { now, today, actorId: null, reason: 'Proeve' },
            )
            const wanted = { ...(await storedRules(tx)), rules: [...last.rules.rules], roles: [...last.rules.roles] }
            await storeWanted(tx, wanted, { by: 'test', reason: null, mappings: false }, town.when)
            await catchUp(tx, { ...town.when, cause: 'test' })
            const after = await held()
            expect([...after].sort()).toEqual([...expected].sort())
            const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
              key => before.get(key) !== after.get(key),
            )
            expect(computed.differences.map(one => `${one.affiliationId} ${one.entitlement}`).sort()).toEqual(
              differing.sort(),
            )
            some += differing.length
            throw rollback
          })
          .catch(error => {
            if (error !== rollback) throw error
          }),
      ),
      { numRuns: 40 },
    )
    expect(some).toBeGreaterThan(200)
  }, 300_000)

  it('keeps what a right given by hand still gives, and so does the preview of a rule', async () => {
    const affected = (rows: readonly { affiliationId: string }[]) => rows.map(one => one.affiliationId).sort()
    await database.db.snapshot(async tx => {
      const stored = await storedRules(tx)
      const changes: DraftChange[] = [{ id: 'gone', kind: 'rule-retire', key: 'at-b1' }]
      const draft = { name: 'Proeve', onDate: town.when.today, changes }
      const { differences } = await computeWhatIf(tx, draft, { ...town.when, base: 'same-date' })
      const holders = await tx.query<{ id: string; by_hand: boolean }>(
        `select a.affiliation_id as id, exists (select from right_grant g where g.affiliation_id = a.affiliation_id
           and g.entitlement_id = a.entitlement_id) as by_hand
         from assignment a join entitlement e on e.id = a.entitlement_id where e.key = 't/use'`,
      )
      const losing = holders.filter(one => !one.by_hand).map(one => one.id)
      expect(holders.length - losing.length).toBe(1)
      expect(losing.length).toBeGreaterThan(0)
      expect(affected(differences)).toEqual(losing.sort())
      const wanted = { ...stored, rules: stored.rules.filter(one => one.key !== 'at-b1') }
      expect(affected((await previewChange(tx, stored, wanted, town.when)).differences)).toEqual(losing)
    })
  })
})
