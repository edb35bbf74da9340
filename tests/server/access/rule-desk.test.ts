import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { catchView, caughtBy, reachView } from '../../../server/access/rule-desk/catch-view.ts'
import { findingsView } from '../../../server/access/rule-desk/findings-view.ts'
import { newRuleView, roleFormView, ruleFormView } from '../../../server/access/rule-desk/form-views.ts'
import { historyView, roleTreeView } from '../../../server/access/rule-desk/history-views.ts'
import { movedCsv, movedPage, previewView } from '../../../server/access/rule-desk/preview-view.ts'
import {
  planDeskChange,
  previewPlanned,
  saveDeskChange,
  versionOf,
} from '../../../server/access/rule-desk/rule-desk-service.ts'
import { draftOf, draftRows, keepDraft } from '../../../server/access/rule-desk/rule-draft-store.ts'
import { grantableView, vocabularyView } from '../../../server/access/rule-desk/vocabulary-view.ts'
import { approveRules, exportRules, previewRules } from '../../../server/access/rules-change-service.ts'
import type { ConditionTree, DeskChange, RoleForm, RuleForm } from '../../../server/contract/rule-forms.ts'
import { affiliationFacts } from '../../../server/people/affiliation-facts-view.ts'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import type { AffiliationFacts } from '../../../server/rules/affiliation-facts.ts'
import { compile, parseCondition } from '../../../server/rules/condition.ts'
import { conditionsOf } from '../../../server/rules/condition-tree.ts'
import { loadRules } from '../../../server/rules/rules-store.ts'
import { testDatabase } from '../../support/database.ts'
import { smallTown } from '../overview/small-town.ts'
import { expected, stored } from './oracle.ts'

const database = testDatabase()
let town: Awaited<ReturnType<typeof smallTown>>
const run = <T>(work: (tx: Tx) => Promise<T>) => database.db.transaction(work)
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { problem?: string; info?: { params?: { codes?: string; path?: string } } }) =>
      error.problem ? { code: error.problem, ...error.info?.params } : error,
  )

beforeEach(async () => {
  await database.reset()
  town = await smallTown(database.db)
})

const all = (...parts: ConditionTree[]): ConditionTree => ({ join: 'all', parts })
const form = (more: Partial<RuleForm> = {}): RuleForm => ({
  key: 'nord-loen',
  name: 'Løn i Nord',
  owner: 'HR',
  ownerPerson: null,
  purpose: null,
  inverted: false,
  reason: null,
  conditions: all({ field: 'unit', op: 'under', values: ['111'] }),
  entitlements: ['kmd/pay'],
  roles: [],
  limits: [],
  validFrom: '2020-01-01',
  validTo: null,
  order: 100,
  state: 'active',
  exceptions: [],
  ...more,
})
const put = (more: Partial<RuleForm> = {}): DeskChange => ({ kind: 'rule', form: form(more) })

/** Previews and saves as the screen does; `by` is who. */
async function save(change: DeskChange, version: number | null, by = 'anna') {
  const preview = await run(async tx => previewPlanned(tx, await planDeskChange(tx, change, version), town.when))
  const saved = await run(async tx =>
    saveDeskChange(
      tx,
      await planDeskChange(tx, change, version),
      { hash: preview.hash, by, reason: 'En prøve' },
      town.when,
    ),
  )
  return { preview, saved }
}
const formOf = async (key: string) => {
  const page = await run(tx => ruleFormView(tx, town.actors.it, key))
  if (!page) throw new Error(`no rule ${key}`)
  return page
}

describe('a rule written on the screen', () => {
  it('is previewed as it is then applied, and decided as plain CASL decides', async () => {
    const before = await run(stored)
    const { preview, saved } = await save(put(), null)
    expect(saved).toMatchObject({ applied: true, rules: { added: 1, changed: 0, removed: 0 } })
    const after = await run(stored)
    const now = after.filter(row => row.rule === 'nord-loen').map(row => row.affiliation)
    const had = new Set(before.filter(row => row.entitlement === 'kmd/pay').map(row => row.affiliation))
    expect(preview.gains).toBe(now.filter(key => !had.has(key)).length)
    expect(preview.gains).toBeGreaterThan(0)
    expect(after).toEqual(await run(tx => expected(tx, town.when.today)))
  })

  it('is the same as the same YAML imported', async () => {
    const change = put({
      purpose: 'Sådan er det',
      limits: [{ entitlement: 'kmd/pay', specs: [{ on: 'unit', kind: 'own-unit' }] }],
      exceptions: [
        {
          key: null,
          reason: 'Ikke ledere',
          conditions: all({ field: 'position', op: 'in', values: ['leader'] }),
          validFrom: '2026-01-01',
          validTo: '2026-12-31',
        },
      ],
    })
    await save(change, null)
    const [rights, rules] = [await run(stored), await run(loadRules)]
    const exported = await run(exportRules)
    await database.reset()
    town = await smallTown(database.db)
    await town.rules(exported)
    expect(await run(stored)).toEqual(rights)
    const plain = (list: typeof rules) => list.map(rule => ({ ...rule, version: 0 }))
    expect(plain(await run(loadRules))).toEqual(plain(rules))
    const nothing = { added: 0, changed: 0, removed: 0 }
    expect(await run(tx => previewRules(tx, exported, town.when))).toMatchObject({
      rules: nothing,
      gains: 0,
      losses: 0,
    })
  })

  it('limits what comes through a role, where the line for all that it gives says so', async () => {
    const role: RoleForm = { key: 'loen', name: 'Løn', description: null, entitlements: [], roles: [] }
    role.entitlements = [{ key: 'kmd/pay', limits: [] }]
    await save({ kind: 'role', form: role }, null)
    const limits: RuleForm['limits'] = [{ entitlement: '*', specs: [{ on: 'unit', kind: 'own-unit' }] }]
    const { saved } = await save(put({ entitlements: [], roles: ['loen'], limits }), null)
    expect(saved).toMatchObject({ applied: true })
    const given = (await run(stored)).filter(row => row.rule === 'nord-loen')
    expect(given.length).toBeGreaterThan(0)
    for (const row of given) expect(JSON.stringify(row)).toContain('"on":"unit"')
    expect((await formOf('nord-loen')).form.limits).toEqual(limits)
  })

  it('says in codes what is refused, so that the screen can speak its own language', async () => {
    await save(put(), null)
    const refused = (change: DeskChange, version: number | null) => run(tx => planDeskChange(tx, change, version))
    await expect(refused(put(), null)).rejects.toMatchObject({
      info: { said: { code: 'rule-key-taken', params: { key: 'nord-loen' } } },
    })
    await expect(refused(put(), 99)).rejects.toMatchObject({ info: { said: { code: 'rule-changed-since' } } })
    await expect(refused(put({ key: 'ny', entitlements: ['kmd/findes-ikke'] }), null)).rejects.toMatchObject({
      info: {
        errors: [{ said: { code: 'entitlement-unknown', params: { key: 'ny', entitlement: 'kmd/findes-ikke' } } }],
      },
    })
  })

  it('opened and saved again changes nothing, whatever rule it is', async () => {
    for (const rule of await run(loadRules)) {
      const { form: same, version } = await formOf(rule.key)
      const { preview } = await save({ kind: 'rule', form: same }, version)
      expect(preview, rule.key).toMatchObject({ rules: { changed: 0 }, gains: 0, losses: 0 })
      expect(await run(tx => versionOf(tx, 'rule', rule.key))).toBe(version)
    }
  })

  it('any rule and any change: what is shown is what happens', async () => {
    const line = fc.oneof(
      fc.constantFrom('111', '112', '100').map((key): ConditionTree => ({ field: 'unit', op: 'under', values: [key] })),
      fc.constantFrom('ssa', 'leader').map((key): ConditionTree => ({ field: 'position', op: 'in', values: [key] })),
      fc.constantFrom('employment', 'temp').map((key): ConditionTree => ({ field: 'kind', op: 'in', values: [key] })),
      fc.boolean().map((value): ConditionTree => ({ field: 'isManager', op: 'eq', values: [value] })),
    )
    const group = fc
      .tuple(
        fc.constantFrom('all' as const, 'any' as const, 'none' as const),
        fc.array(line, { minLength: 1, maxLength: 3 }),
      )
      .map(([join, parts]): ConditionTree => ({ join, parts }))
    const change = fc.record({
      key: fc.constantFrom('care', 'pay', 'ny'),
      conditions: group,
      entitlements: fc.uniqueArray(fc.constantFrom('kmd/pay', 'sbsys/reader', 'sbsys/*'), {
        minLength: 1,
        maxLength: 2,
      }),
      inverted: fc.boolean(),
      order: fc.constantFrom(5, 45, 100),
      state: fc.constantFrom('active' as const, 'draft' as const),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async changes => {
        for (const one of changes) {
          const before = new Map((await run(stored)).map(row => [`${row.affiliation} ${row.entitlement}`, row]))
          const version = await run(tx => versionOf(tx, 'rule', one.key))
          const { preview } = await save(put({ ...one, reason: one.inverted ? 'Derfor' : null }), version)
          const after = new Map((await run(stored)).map(row => [`${row.affiliation} ${row.entitlement}`, row]))
          expect(preview.gains).toBe([...after.keys()].filter(key => !before.has(key)).length)
          expect(preview.losses).toBe([...before.keys()].filter(key => !after.has(key)).length)
          expect([...after.values()]).toEqual(await run(tx => expected(tx, town.when.today)))
        }
      }),
      { numRuns: 6 },
    )
  })

  it('that somebody else has changed meanwhile is not written over', async () => {
    const { form: first, version } = await formOf('care')
    await save({ kind: 'rule', form: { ...first, name: 'Plejen i dag' } }, version)
    expect(
      await refusal(run(tx => planDeskChange(tx, { kind: 'rule', form: { ...first, name: 'Andet' } }, version))),
    ).toMatchObject({ code: 'conflict' })
    expect(await refusal(run(tx => planDeskChange(tx, put({ key: 'care' }), null)))).toMatchObject({ code: 'conflict' })
    const plan = await run(tx => planDeskChange(tx, put(), null))
    expect(
      await refusal(
        run(tx => saveDeskChange(tx, plan, { hash: 'another', by: 'anna', reason: 'En prøve' }, town.when)),
      ),
    ).toMatchObject({ code: 'plan-stale' })
  })

  it('that lacks something says all that it lacks', async () => {
    const lacking = put({
      name: '',
      owner: '',
      entitlements: [],
      conditions: all({ field: 'position', op: 'in', values: [] }),
    })
    const refused = (await refusal(run(tx => planDeskChange(tx, lacking, null)))) as { code: string; codes: string }
    expect(refused.code).toBe('rules-invalid')
    expect(refused.codes.split(' ').sort()).toEqual([
      'condition-empty-list',
      'missing-name',
      'missing-owner',
      'rule-grants-nothing',
    ])
    const named = put({ conditions: all({ field: 'personId', op: 'in', values: [town.people.Ann as string] }) })
    expect(await refusal(run(tx => planDeskChange(tx, named, null)))).toMatchObject({ codes: 'rule-names-person' })
  })

  it('as a draft is never in force', async () => {
    const before = await run(stored)
    const { saved } = await save(put({ state: 'draft' }), null)
    expect(saved).toMatchObject({ applied: true, people: 0 })
    expect(await run(stored)).toEqual(before)
  })

  it('keeps who, when and why, and says in words what was changed', async () => {
    const { form: care, version } = await formOf('care')
    await save(
      { kind: 'rule', form: { ...care, name: 'Plejen', owner: 'Omsorg', entitlements: ['sbsys/reader'] } },
      version,
    )
    const page = await run(tx => historyView(tx, town.actors.it, { kind: 'rule', key: 'care' }, town.when.today))
    const [newest, first] = page?.versions ?? []
    expect(newest).toMatchObject({ by: 'anna', reason: 'En prøve', difference: { change: 'changed' } })
    expect(newest?.difference?.fields).toMatchObject([
      { field: 'gives', added: [{ key: 'sbsys/reader' }], removed: [{ key: 'sbsys/caseworker' }] },
      { field: 'owner', before: 'HR', after: 'Omsorg' },
    ])
    expect(first).toMatchObject({ reason: null, difference: null })
  })
})

describe('an exception', () => {
  const forSomebody = (values: ConditionTree, validTo = '2026-12-31'): RuleForm['exceptions'][number] => ({
    key: null,
    reason: 'Orlov til sommer',
    conditions: all(values),
    validFrom: '2026-01-01',
    validTo,
  })

  it('takes what the rule gives from one person, under its own reason and until its own day', async () => {
    const { form: care, version } = await formOf('care')
    const ann: ConditionTree = { field: 'personId', op: 'in', values: [town.people.Ann as string] }
    const holders = async () =>
      (await run(stored)).filter(row => row.entitlement === 'sbsys/caseworker').map(row => row.affiliation)
    const before = await holders()
    expect(before).toContain('e-ann')
    const { preview } = await save({ kind: 'rule', form: { ...care, exceptions: [forSomebody(ann)] } }, version)
    expect(preview).toMatchObject({ losses: 1, people: 1 })
    expect(await holders()).toEqual(before.filter(key => key !== 'e-ann'))
    const page = await formOf('care')
    expect(page.form.exceptions).toMatchObject([{ key: 'care--1', reason: 'Orlov til sommer', validTo: '2026-12-31' }])
    expect(page.people).toMatchObject([{ id: town.people.Ann, name: 'Ann Ærlig' }])
    const [rule] = (await run(loadRules)).filter(one => one.key === 'care--1')
    expect(rule).toMatchObject({ inverted: true, excepts: 'care', order: 10, entitlements: ['sbsys/caseworker'] })
  })

  it('follows when the rule gives something else, and goes when it is taken away', async () => {
    const { form: care, version } = await formOf('care')
    const unit: ConditionTree = { field: 'unit', op: 'under', values: ['112'] }
    await save({ kind: 'rule', form: { ...care, exceptions: [forSomebody(unit)] } }, version)
    const second = await formOf('care')
    await save({ kind: 'rule', form: { ...second.form, entitlements: ['kmd/pay'], order: 15 } }, second.version)
    const exception = async () => (await run(loadRules)).find(one => one.key === 'care--1')
    expect(await exception()).toMatchObject({ entitlements: ['kmd/pay'], order: 15 })
    const third = await formOf('care')
    await save({ kind: 'rule', form: { ...third.form, exceptions: [] } }, third.version)
    expect(await exception()).toBeUndefined()
    expect(await run(stored)).toEqual(await run(tx => expected(tx, town.when.today)))
  })

  it('must end and have a reason, and is not for prohibitions', async () => {
    const { form: care, version } = await formOf('care')
    const unit: ConditionTree = { field: 'unit', op: 'under', values: ['112'] }
    const nameless = { ...forSomebody(unit), reason: '' }
    expect(
      await refusal(
        run(tx => planDeskChange(tx, { kind: 'rule', form: { ...care, exceptions: [nameless] } }, version)),
      ),
    ).toMatchObject({ code: 'rules-invalid' })
    const never = await formOf('no-externals')
    expect(
      await refusal(
        run(tx =>
          planDeskChange(tx, { kind: 'rule', form: { ...never.form, exceptions: [forSomebody(unit)] } }, never.version),
        ),
      ),
    ).toMatchObject({ code: 'rules-invalid' })
  })
})

describe('a change that the guard holds', () => {
  it('waits as itself, is let through by another, and is stale when the rule has moved on', async () => {
    // The last who administers: one person, and yet a second must look.
    const owner = put({
      key: 'loen',
      conditions: all({ field: 'position', op: 'in', values: ['leader'] }),
      entitlements: ['kmd/pay'],
    })
    await save(owner, null)
    await run(tx => tx.query(`update entitlement set privileged = true where key = 'kmd/pay'`))
    const page = await formOf('loen')
    const ending = { kind: 'rule' as const, form: { ...page.form, validTo: town.when.today } }
    const pay = await formOf('pay')
    await save({ kind: 'rule', form: { ...pay.form, state: 'draft' } }, pay.version)
    const { saved } = await save(ending, page.version)
    expect(saved).toMatchObject({ applied: false, heldBack: [{ guard: 'rules-last-administrator' }] })
    const before = await run(stored)
    expect(await refusal(run(tx => approveRules(tx, saved.planId, 'anna', town.when)))).toMatchObject({
      code: 'second-person-needed',
    })
    expect(await run(tx => approveRules(tx, saved.planId, 'bent', town.when))).toMatchObject({ applied: true })
    expect((await run(stored)).length).toBeLessThan(before.length)
    const history = await run(tx => historyView(tx, town.actors.it, { kind: 'rule', key: 'loen' }, town.when.today))
    expect(history?.versions[0]).toMatchObject({ by: 'anna', reason: 'En prøve' })
  })
})

describe('roles', () => {
  const role = (key: string, roles: string[]): DeskChange => ({
    kind: 'role',
    form: { key, name: key, description: null, entitlements: [{ key: 'sbsys/reader', limits: [] }], roles },
  })

  it('that contain each other are refused with the path', async () => {
    await save(role('outer', ['pay-role']), null)
    const page = await run(tx => roleFormView(tx, town.actors.it, 'pay-role'))
    if (!page) throw new Error('the role is there')
    const change = { kind: 'role' as const, form: { ...page.form, roles: ['outer'] } }
    expect(await refusal(run(tx => planDeskChange(tx, change, page.version)))).toMatchObject({
      codes: 'role-cycle',
      path: 'outer > pay-role > outer',
    })
  })

  it('show who is moved before it is saved, and what contains what', async () => {
    const page = await run(tx => roleFormView(tx, town.actors.it, 'pay-role'))
    if (!page) throw new Error('the role is there')
    const wider = [...page.form.entitlements, { key: 'sbsys/caseworker', limits: [] }]
    const { preview } = await save({ kind: 'role', form: { ...page.form, entitlements: wider } }, page.version)
    expect(preview.gains).toBeGreaterThan(0)
    expect(await run(stored)).toEqual(await run(tx => expected(tx, town.when.today)))
    await save(role('outer', ['pay-role']), null)
    const tree = await run(tx => roleTreeView(tx, town.actors.it, 'pay-role'))
    expect(tree?.edges).toEqual([
      { from: 'rule:pay', to: 'role:pay-role' },
      { from: 'role:outer', to: 'role:pay-role' },
    ])
  })

  it('in use cannot be removed, others can', async () => {
    const version = await run(tx => versionOf(tx, 'role', 'pay-role'))
    const remove = { kind: 'remove-role' as const, key: 'pay-role' }
    expect(await refusal(run(tx => planDeskChange(tx, remove, version)))).toMatchObject({ codes: 'role-unknown' })
    await save(role('alone', []), null)
    expect((await save({ kind: 'remove-role', key: 'alone' }, 1)).saved).toMatchObject({ roles: { removed: 1 } })
  })
})

describe('what the form offers and shows', () => {
  it('values that there are, with counts that add up', async () => {
    const vocabulary = await run(vocabularyView)
    const kinds = vocabulary.fields.find(field => field.field === 'kind')?.values ?? []
    expect(kinds.reduce((sum, one) => sum + one.count, 0)).toBe(vocabulary.affiliations)
    expect(vocabulary.units.find(unit => unit.key === '100')?.count).toBeGreaterThan(
      vocabulary.units.find(unit => unit.key === '111')?.count ?? 0,
    )
    const found = await run(tx => grantableView(tx, { text: 'løn', kinds: ['entitlement', 'role'], limit: 10 }))
    expect(found.rows.map(row => row.key).sort()).toEqual(['kmd/pay', 'pay-role'])
  })

  it('whom conditions catch: as many as trying everybody finds', async () => {
    const tries: ConditionTree[] = [
      all(),
      all({ field: 'unit', op: 'under', values: ['110'] }),
      { join: 'none', parts: [{ field: 'kind', op: 'in', values: ['employment'] }] },
      all({ field: 'position', op: 'in', values: ['ssa'] }, { field: 'unit', op: 'under', values: ['111'] }),
      all({ field: 'personId', op: 'in', values: [town.people.Bo as string] }),
    ]
    for (const conditions of tries) {
      const { node } = parseCondition(conditionsOf(conditions))
      const test = node ? compile(node) : () => false
      const caught: string[] = []
      await run(async tx => {
        for await (const batch of affiliationFacts(tx, 'all'))
          for (const facts of batch as AffiliationFacts[])
            if (facts.startsOn <= town.when.today && (!facts.endsOn || town.when.today < facts.endsOn) && test(facts))
              caught.push(facts.id)
      })
      const found = await run(tx => caughtBy(tx, conditionsOf(conditions), town.when.today))
      expect(found.map(one => one.id).sort()).toEqual(caught.sort())
      const view = await run(tx => catchView(tx, town.actors.it, { conditions }, town.when.today))
      expect(view).toMatchObject({ affiliations: caught.length, never: false, problems: [] })
    }
    const both = all({ field: 'unit', op: 'under', values: ['111'] }, { field: 'unit', op: 'under', values: ['112'] })
    expect(await run(tx => catchView(tx, town.actors.it, { conditions: both }, town.when.today))).toMatchObject({
      affiliations: 0,
      never: true,
    })
  })

  it('a rule begun from a right that somebody holds is about where and as what they work', async () => {
    const begun = await run(tx =>
      newRuleView(
        tx,
        town.actors.it,
        { entitlement: town.rights['sbsys/caseworker'], person: town.people.Ann },
        town.when.today,
      ),
    )
    expect(begun.form).toMatchObject({
      entitlements: ['sbsys/caseworker'],
      conditions: all(
        { field: 'unit', op: 'under', values: ['111'] },
        { field: 'position', op: 'in', values: ['ssa'] },
      ),
    })
    expect(begun.about).toMatchObject({ id: town.people.Ann })
    const caught = await run(tx =>
      catchView(
        tx,
        town.actors.it,
        { conditions: begun.form.conditions, person: town.people.Ann as string },
        town.when.today,
      ),
    )
    expect(caught.catchesPerson).toBe(true)
  })

  it('where a rule reaches, directly and from above, with nobody counted twice', async () => {
    const rule = (await run(loadRules)).find(one => one.key === 'everybody')
    if (!rule) throw new Error('the rule is there')
    const under = { ...rule, conditions: { unit: { $under: '110' } } }
    const { units } = await run(tx => reachView(tx, under, town.when.today))
    const how = new Map(units.map(one => [one.unit.name, one.how]))
    expect(how.get('Omsorg')).toBe('named')
    expect(how.get('Plejecenter Nord')).toBe('from-above')
    expect(how.get('Kommunen')).toBe('around')
    const top = units.find(one => one.parent === null)
    expect(units.reduce((sum, one) => sum + one.here, 0)).toBe(top?.below)
    // While it is written it is drawn as it will be when it is stored.
    const asked = { conditions: { field: 'unit', op: 'under', values: ['110'] } as ConditionTree }
    const { reach } = await run(tx => catchView(tx, town.actors.it, asked, town.when.today))
    expect(reach.units).toEqual(units)
  })

  it('no name that the reader may not know, on the screen and in the file', async () => {
    const change = put()
    const planned = await run(tx => planDeskChange(tx, change, null))
    const preview = await run(tx => previewPlanned(tx, planned, town.when))
    const page = await run(tx =>
      previewView(tx, town.actors.it, planned, preview, { offset: 0, limit: 50 }, town.when.today),
    )
    expect(page.moved.some(row => row.person.protected)).toBe(true)
    const { csv, rows } = await run(tx => movedCsv(tx, town.actors.it, preview.differences))
    expect(rows).toBe(preview.gains + preview.losses)
    for (const text of [JSON.stringify(page), csv]) expect(text).not.toContain('Hemmelig')
    const none = await run(tx => movedPage(tx, town.actors.employee, preview.differences, { offset: 0, limit: 50 }))
    expect(none.rows.every(row => row.person.id === town.people.Ann)).toBe(true)
  })

  it('what is worth a look in the stored rules, anew when they change', async () => {
    const look = () => run(tx => findingsView(tx, { offset: 0, limit: 50 }, town.when.today))
    const first = await look()
    expect(first.rows.map(row => [row.code, row.key])).toContainEqual(['catches-nobody', 'nobody'])
    await save(
      put({
        key: 'twin',
        conditions: all({ field: 'position', op: 'in', values: ['ssa'] }),
        entitlements: ['sbsys/caseworker'],
      }),
      null,
    )
    const again = await look()
    expect(again.rows.map(row => [row.code, row.key])).toContainEqual(['same-as', 'twin'])
  })

  it('unfinished changes stay until they are saved, and say when the rule has moved on', async () => {
    const { form: care, version } = await formOf('care')
    const change = { kind: 'rule' as const, form: { ...care, name: 'Halvfærdig' } }
    await run(tx =>
      keepDraft(tx, {
        kind: 'rule',
        key: 'care',
        version,
        change,
        note: 'til i morgen',
        by: 'anna',
        now: town.when.now,
      }),
    )
    expect(await run(tx => draftOf(tx, town.actors.it, 'rule', 'care'))).toMatchObject({ change, note: 'til i morgen' })
    expect(await run(draftRows)).toMatchObject([{ key: 'care', name: 'Halvfærdig', exists: true, behind: false }])
    await save({ kind: 'rule', form: { ...care, owner: 'Omsorg' } }, version)
    expect(await run(draftRows)).toMatchObject([{ behind: true }])
  })
})
