import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { catchUp } from '../../../../server/access/access-store.ts'
import { addGrants } from '../../../../server/access/grants/grant-store.ts'
import { previewChange, storedRules, storeWanted } from '../../../../server/access/rules-change-service.ts'
import { giveWhatHasPurpose, setStrict } from '../../../../server/access/strict/strict-service.ts'
import { rightsOn } from '../../../../server/access/upcoming-rights.ts'
import { computeWhatIf } from '../../../../server/access/what-if/compute-what-if.ts'
import { recordOrganisation } from '../../../../server/access/what-if/record-organisation.ts'
import type { DraftChange } from '../../../../server/contract/what-if-draft.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { BindingObject } from '../../../../server/register/bindings/binding.ts'
import * as bindings from '../../../../server/register/bindings/binding-service.ts'
import { rightsRule } from '../../../../server/rules/rights-rule.ts'
import { actor } from '../../../support/actors.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../../support/municipality.ts'
import { activityInForce } from '../../../support/register.ts'

/*
 * What strict mode will hold back is seen ahead: whatever the rules, the purposes and what is held back already, a preview
 * says what then happens. `s` and `t` may be strict, `u` never is.
 */
const database = testDatabase()
const it_ = actor(['it'])
const hooks = { after: [] }
const UNITS = ['a', 'a1', 'b', 'b1']
const RIGHTS = ['s/read', 's/write', 't/use', 't/see', 'u/mail']
let town: ReturnType<typeof municipality>
let ids: Map<string, string>
let activityId: string

const rules = `
roles:
  - { key: writer, name: Skriver, entitlements: [{ key: s/write }] }
rules:
  - { key: all, name: Alle, conditions: {}, entitlements: [u/mail], validFrom: '2020-01-01', state: active, owner: HR, order: 10 }
  - { key: under-a, name: A, conditions: { unit: { $under: a } }, roles: [writer], entitlements: [s/read], validFrom: '2020-01-01', state: active, owner: HR, order: 20 }
  - { key: sosu, name: Sosu, conditions: { position: sosu }, entitlements: [t/see], validFrom: '2020-01-01', state: active, owner: HR, order: 40 }
`
const newcomers = UNITS.flatMap(key => [person(`n-${key}`), job(`f-${key}`, `n-${key}`, { unit: key, title: 'Sosu' })])

beforeAll(async () => {
  town = municipality(database.db)
  await town.feed('hr', [
    position('sosu', { name: 'Sosu', category: 'care', titles: ['Sosu'] }),
    unit('top', { name: 'Kommunen', unitKind: 'top' }),
    ...UNITS.map(key => unit(key, { name: key, parent: key.length === 1 ? 'top' : key.slice(0, -1) })),
    ...UNITS.flatMap(key =>
      [0, 1].flatMap(n => [
        person(`p-${key}-${n}`),
        job(`e-${key}-${n}`, `p-${key}-${n}`, { unit: key, title: n === 0 ? 'Sosu' : 'Leder' }),
      ]),
    ),
  ])
  await town.feed('systems', [
    ...['s', 't', 'u'].map(key => system(key, { name: key.toUpperCase() })),
    ...RIGHTS.map(key => entitlement(key, { name: key })),
  ])
  await town.rules(rules)
  activityId = await database.db.transaction(tx => activityInForce(tx, { ref: 'BA-1', name: 'Pleje' }))
  // From here on `s` is strict, so that of those who come then something is held back already.
  await database.db.transaction(async tx => {
    const [found] = await tx.query<{ id: string }>(`select id from it_system where key = 's'`)
    await setStrict(tx, it_, { systemId: found!.id, on: true, reason: 'intet uden et formål' }, town.when, hooks)
  })
  await town.feed('hr', [...newcomers, person('gone'), job('e-gone', 'gone', { unit: 'b1', title: 'Leder' })])
  ids = new Map(
    (
      await database.db.snapshot(tx =>
        tx.query<{ key: string; id: string }>(
          'select key, id from it_system union all select key, id from entitlement union all select key, id from affiliation',
        ),
      )
    ).map(row => [row.key, row.id]),
  )
})

const id = (key: string) => {
  const found = ids.get(key)
  if (!found) throw new Error(`there is no ${key}`)
  return found
}
/** What is held, and what is held back: `e-a-0 s/read`. What somebody who moves keeps for some days is no rule's doing. */
const state = async (tx: Tx) => {
  const read = async (from: string, where: string) =>
    new Set(
      (
        await tx.query<{ text: string }>(
          `select f.key || ' ' || e.key as text from ${from} x join affiliation f on f.id = x.affiliation_id
           join entitlement e on e.id = x.entitlement_id join derivation v on v.id = x.derivation_id
           left join right_grant g on g.id = v.grant_id where ${where}`,
        )
      ).map(row => row.text),
    )
  return {
    held: await read('assignment', `g.kind is distinct from 'grace'`),
    back: await read('withheld_right', 'true'),
  }
}
type State = Awaited<ReturnType<typeof state>>
const turned = (before: State, after: State) => ({
  gains: [...after.held.difference(before.held)].sort(),
  losses: [...before.held.difference(after.held)].sort(),
  withheld: [...after.back.difference(before.back)].filter(one => !after.held.has(one)).sort(),
})
const bind = async (tx: Tx, object: BindingObject) => {
  await bindings.make(
    tx,
    it_,
    {
      object,
      terms: {
        ...{ activityId, purposeKey: 'main', subjects: null, data: null, operations: [], scope: {}, until: null },
        ...{ necessity: 'Plejen skal kunne se og skrive i sagen.', reviewMonths: 12 },
      },
    },
    town.when,
  )
  await giveWhatHasPurpose(tx, town.when, hooks)
}

const purpose = fc.oneof(
  fc.constantFrom('s', 't').map((key): ((find: typeof id) => BindingObject) => find => ({
    level: 'system',
    systemId: find(key),
  })),
  fc.constantFrom(...RIGHTS).map((key): ((find: typeof id) => BindingObject) => find => ({
    level: 'entitlement',
    entitlementId: find(key),
  })),
  fc.constantFrom('under-a', 'sosu', 'all').map((key): (() => BindingObject) => () => ({
    level: 'rule',
    ruleKey: key,
  })),
  fc.constant((): BindingObject => ({ level: 'role', roleKey: 'writer' })),
  fc.constantFrom('f-a', 'f-b', 'e-b-1').map((key): ((find: typeof id) => BindingObject) => find => ({
    level: 'assignment',
    entitlementId: find('s/read'),
    affiliationId: find(key),
  })),
)
const rule = (key: string, conditions: object, entitlements: string[], inverted: boolean) => ({
  ...{ key, name: key, conditions, entitlements, inverted, ...(inverted ? { reason: 'Proeve' } : {}) },
  ...{ validFrom: '2020-01-01', state: 'active', owner: 'HR', order: 65 },
})
const put = fc
  .tuple(
    fc.constantFrom('all', 'under-a', 'sosu', 'more'),
    fc.oneof(
      fc.constantFrom(...UNITS).map(under => ({ unit: { $under: under } })),
      fc.constant({ position: 'sosu' }),
      fc.constant({}),
    ),
    fc.uniqueArray(fc.constantFrom(...RIGHTS), { minLength: 1, maxLength: 3 }),
    fc.integer({ min: 0, max: 9 }).map(n => n === 0),
  )
  .map(([key, conditions, rights, inverted]) => rule(key, conditions, rights, inverted))
/** What stands before: purposes, and whether the other system is strict as well. */
const ground = fc.record({ purposes: fc.array(purpose, { maxLength: 2 }), both: fc.boolean() })
type Ground = { purposes: ((find: typeof id) => BindingObject)[]; both: boolean }
const lay = async (tx: Tx, { purposes, both }: Ground) => {
  if (both) await setStrict(tx, it_, { systemId: id('t'), on: true, reason: 'intet uden et formål' }, town.when, hooks)
  const made = new Set<string>()
  for (const one of purposes) {
    const object = one(id)
    if (!made.has(JSON.stringify(object))) await bind(tx, object)
    made.add(JSON.stringify(object))
  }
}
/** In a transaction that is taken back. */
const tried = (work: (tx: Tx) => Promise<void>) => {
  const rollback = new Error('taken back')
  return database.db
    .transaction(async tx => {
      await work(tx)
      throw rollback
    })
    .catch(error => {
      if (error !== rollback) throw error
    })
}
/** One with a right that is new and lacks a purpose, one that has a purpose, one that frees what is held back by another rule. */
const NEW = rule('more', { unit: { $under: 'b' } }, ['s/write', 's/read', 'u/mail'], false)
const BOUND = { level: 'rule' as const, ruleKey: 'all' }
const FREES = rule('all', {}, ['u/mail', 's/read'], false)

describe('what strict mode will hold back', () => {
  it('stands in the preview of rules as it then happens', async () => {
    const seen = { gains: 0, losses: 0, withheld: 0 }
    await fc.assert(
      fc.asyncProperty(ground, fc.array(put, { minLength: 1, maxLength: 3 }), (standing, changes) =>
        tried(async tx => {
          await lay(tx, standing)
          const stored = await storedRules(tx)
          const keys = new Set(changes.map(one => one.key))
          const parsed = [...new Map(changes.map(one => [one.key, one])).values()].map(one => rightsRule.parse(one))
          const wanted = { ...stored, rules: [...stored.rules.filter(one => !keys.has(one.key)), ...parsed] }
          const preview = await previewChange(tx, stored, wanted, town.when)
          const before = await state(tx)
          await storeWanted(tx, wanted, { by: 'test', reason: null, mappings: false }, town.when)
          const after = turned(before, await state(tx))
          const named = new Map([...ids].map(([key, found]) => [found, key]))
          const told = (of: 'gains' | 'losses' | 'withheld') =>
            preview.differences
              .flatMap(one => (one[of] ?? []).map(key => `${named.get(one.affiliationId)} ${key}`))
              .sort()
          expect({ gains: told('gains'), losses: told('losses'), withheld: told('withheld') }).toEqual(after)
          expect(preview).toMatchObject({
            ...{ gains: after.gains.length, losses: after.losses.length, withheld: after.withheld.length },
          })
          for (const of of ['gains', 'losses', 'withheld'] as const) seen[of] += after[of].length
        }),
      ),
      {
        numRuns: 60,
        examples: [
          [{ purposes: [], both: false }, [NEW]],
          [{ purposes: [() => BOUND], both: true }, [FREES]],
          [{ purposes: [], both: false }, [rule('under-a', { position: 'nobody' }, ['s/read'], false)]],
        ],
      },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0)
  }, 300_000)

  const unitKey = fc.constantFrom(...UNITS)
  const change = fc.oneof(
    put.map((one): DraftChange => ({ id: `r-${one.key}`, kind: 'rule-put', rule: one })),
    fc.constantFrom('under-a', 'sosu').map((key): DraftChange => ({ id: `gone-${key}`, kind: 'rule-retire', key })),
    fc
      .tuple(unitKey, unitKey)
      .map(([one, parent]): DraftChange => ({ id: `move-${one}`, kind: 'unit-move', unit: one, parent })),
    fc
      .constantFrom('Sosu', 'Leder')
      .map((title): DraftChange => ({ id: `title-${title}`, kind: 'title-change', title, unit: 'b', to: 'Sosu' })),
  )
  const changes = fc.uniqueArray(change, { minLength: 1, maxLength: 4, selector: one => one.id })

  async function valid(tx: Tx, list: DraftChange[]): Promise<DraftChange[]> {
    const draft = { name: 'Proeve', onDate: town.when.today, changes: list }
    const { worlds } = await computeWhatIf(tx, draft, { ...town.when, base: 'today' })
    const wrong = new Set(worlds.problems.map(one => one.change))
    return wrong.size === 0
      ? list
      : valid(
          tx,
          list.filter(one => !wrong.has(one.id)),
        )
  }

  it('stands in a draft as it happens when it is carried out', async () => {
    const seen = { gains: 0, losses: 0, withheld: 0 }
    await fc.assert(
      fc.asyncProperty(ground, changes, (standing, list) =>
        tried(async tx => {
          await lay(tx, standing)
          const { today, now } = town.when
          const draft = { name: 'Proeve', onDate: today, changes: await valid(tx, list) }
          const computed = await computeWhatIf(tx, draft, { today, now, base: 'today' })
          expect(await computeWhatIf(tx, draft, { today, now, base: 'today', everybody: true })).toMatchObject({
            ...{ hash: computed.hash, differences: computed.differences },
          })
          const before = await state(tx)
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
          const after = turned(before, await state(tx))
          const named = new Map([...ids].map(([key, found]) => [found, key]))
          const told = (fits: (one: (typeof computed.differences)[number]) => boolean) =>
            computed.differences
              .filter(fits)
              .map(one => `${named.get(one.affiliationId)} ${one.entitlement}`)
              .sort()
          expect({
            gains: told(one => one.effect === 'gain' && !one.withheld),
            losses: told(one => one.effect === 'loss'),
            withheld: told(one => one.withheld),
          }).toEqual(after)
          for (const of of ['gains', 'losses', 'withheld'] as const) seen[of] += after[of].length
        }),
      ),
      {
        numRuns: 40,
        examples: [
          [{ purposes: [], both: true }, [{ id: 'm', kind: 'unit-move', unit: 'b1', parent: 'a' }]],
          [{ purposes: [], both: true }, [{ id: 'm', kind: 'unit-move', unit: 'a1', parent: 'b' }]],
          [{ purposes: [], both: false }, [{ id: 'r', kind: 'rule-put', rule: rule('more', {}, ['t/use'], false) }]],
        ],
      },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0)
  }, 300_000)

  it('stands in what somebody will hold on a day, whatever gives it', async () => {
    await tried(async tx => {
      const given = { affiliationId: id('e-gone'), constraints: [], from: null, to: null }
      const by = { kind: 'report' as const, reason: 'ny opgave', caseId: null, by: 'test' }
      await addGrants(
        tx,
        ['s/read', 'u/mail'].map(key => ({ ...given, ...by, entitlementId: id(key) })),
        { now: town.when.now },
      )
      const on = async (day: string) =>
        new Map((await rightsOn(tx, [id('e-gone')], day)).map(one => [one.entitlement, one.withheld]))
      expect(await on(town.when.today)).toEqual(
        new Map([
          ['u/mail', false],
          ['s/read', true],
        ]),
      )
      await catchUp(tx, { ...town.when, cause: 'test' }, [id('e-gone')])
      expect(await on(town.when.today)).toEqual(
        new Map([
          ['u/mail', false],
          ['s/read', true],
        ]),
      )
      await bind(tx, { level: 'entitlement', entitlementId: id('s/read') })
      expect(await on(town.when.today)).toEqual(
        new Map([
          ['u/mail', false],
          ['s/read', false],
        ]),
      )
    })
  })
})
