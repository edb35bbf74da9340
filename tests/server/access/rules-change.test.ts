import { beforeEach, describe, expect, it } from 'vitest'
import { catchUp } from '../../../server/access/access-store.ts'
import { approveRules, exportRules, importRules, previewRules } from '../../../server/access/rules-change-service.ts'
import { previewExamples, rulesChanges } from '../../../server/access/rules-change-views.ts'
import { loadRoles } from '../../../server/rules/rules-store.ts'
import { actor } from '../../support/actors.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, job, municipality, person, system, unit } from '../../support/municipality.ts'
import { stored } from './oracle.ts'

const database = testDatabase()
const PEOPLE = 60
let town: ReturnType<typeof municipality>

const yaml = (extra = '') => `
roles:
  - key: base
    name: Grund
    description: Det alle har
    entitlements: [{ key: a/read }]
rules:
  - key: all
    name: Alle
    conditions: {}
    roles: [base]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 10
${extra}`
const everyone = (right: string, order = 20) => `  - key: more
    name: Mere
    conditions: {}
    entitlements: [${right}]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: ${order}
`
const problemOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: { problem?: string }) => error.problem ?? error,
  )

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('1', { name: 'Kommunen', unitKind: 'top' }),
    ...Array.from({ length: PEOPLE }, (_, n) => n).flatMap(n => [
      person(`p${n}`, n === 0 ? { protected: true } : {}),
      job(`e${n}`, `p${n}`, { unit: '1' }),
    ]),
  ])
  await town.feed('systems', [
    system('a', { name: 'A' }),
    entitlement('a/read', { name: 'Læs' }),
    entitlement('a/write', { name: 'Skriv' }),
  ])
})

const run = <T>(work: (tx: Parameters<Parameters<typeof database.db.transaction>[0]>[0]) => Promise<T>) =>
  database.db.transaction(work)

describe('a change of rules', () => {
  it('previews what it then does, and nothing before', async () => {
    await town.rules(yaml())
    const before = await run(stored)
    const one = yaml(`  - key: one
    name: En
    conditions: { unitLevel: { $gt: 5 } }
    entitlements: [a/write]
    validFrom: '2020-01-01'
    state: active
    owner: HR
    order: 20
`)
    const preview = await run(tx => previewRules(tx, one, town.when))
    expect(preview).toMatchObject({
      rules: { added: 1, changed: 0, removed: 0 },
      gains: 0,
      losses: 0,
      people: 0,
      heldBack: [],
    })
    expect(await run(stored)).toEqual(before)
    const done = await run(tx => importRules(tx, { yaml: one, hash: preview.hash, by: 'anna' }, town.when))
    expect(done.applied).toBe(true)
    expect(await run(stored)).toEqual(before)
  })

  it('the first rules of an installation pass, the same file again is no change', async () => {
    expect(await town.rules(yaml())).toMatchObject({ applied: true, gains: PEOPLE })
    const nothing = { added: 0, changed: 0, removed: 0 }
    const again = await run(tx => previewRules(tx, yaml(), town.when))
    expect(again).toMatchObject({ rules: nothing, roles: nothing, mappings: nothing, gains: 0, losses: 0 })
    const exported = await run(exportRules)
    expect(await run(tx => previewRules(tx, exported, town.when))).toMatchObject({ rules: nothing, roles: nothing })
    expect((await run(loadRoles))[0]?.description).toBe('Det alle har')
    // Changing a rule does not lose what roles are described as.
    await town.rules(yaml().replace('Alle\n', 'Alle sammen\n'))
    expect((await run(loadRoles))[0]?.description).toBe('Det alle har')
  })

  it('that moves many waits for a second person, and is carried out once', async () => {
    await town.rules(yaml())
    const before = await run(stored)
    const many = yaml(everyone('a/write'))
    const held = await run(tx => importRules(tx, { yaml: many, hash: null, by: 'anna' }, town.when))
    expect(held).toMatchObject({ applied: false, gains: PEOPLE, people: PEOPLE })
    expect(held.heldBack).toEqual([{ guard: 'rules-gains', part: 'people', count: PEOPLE, limit: 50 }])
    expect(await run(stored)).toEqual(before)
    expect(await run(rulesChanges)).toMatchObject([
      { id: held.planId, state: 'held', createdBy: 'anna' },
      { state: 'applied' },
    ])
    expect(await problemOf(run(tx => approveRules(tx, held.planId, 'anna', town.when)))).toBe('second-person-needed')
    expect(await run(tx => approveRules(tx, held.planId, 'bent', town.when))).toMatchObject({ applied: true })
    expect(await run(stored)).toHaveLength(2 * PEOPLE)
    expect(await problemOf(run(tx => approveRules(tx, held.planId, 'carl', town.when)))).toBe('not-found')
  })

  it('that was held is not let through when people or rules have changed since', async () => {
    await town.rules(yaml())
    const held = await run(tx =>
      importRules(tx, { yaml: yaml(everyone('a/write')), hash: null, by: 'anna' }, town.when),
    )
    await town.feed('hr', [person('ny'), job('e-ny', 'ny', { unit: '1' })])
    expect(await problemOf(run(tx => approveRules(tx, held.planId, 'bent', town.when)))).toBe('plan-stale')
    const hash = (await run(tx => previewRules(tx, yaml(everyone('a/write')), town.when))).hash
    await town.feed('hr', [person('ny2'), job('e-ny2', 'ny2', { unit: '1' })])
    expect(
      await problemOf(run(tx => importRules(tx, { yaml: yaml(everyone('a/write')), hash, by: 'anna' }, town.when))),
    ).toBe('plan-stale')
  })

  it('after which nobody would administer a system waits for a second person, however few it moves', async () => {
    await town.feed('systems', [
      system('hjemmel', { name: 'Hjemmel' }),
      entitlement('hjemmel/it', { name: 'IT' }),
      entitlement('a/admin', { name: 'Administrator', privileged: true }),
    ])
    const two = (right: string, keys: string) => `  - key: ${right.replace('/', '-')}
    name: ${right}
    conditions: { unitKey: '${keys}' }
    entitlements: [${right}]
    validFrom: '2020-01-01'
    state: active
    owner: IT
    order: 30
`
    await town.feed('hr', [unit('2', { name: 'IT', parent: '1' }), person('it'), job('e-it', 'it', { unit: '2' })])
    await town.rules(yaml(two('hjemmel/it', '2') + two('a/admin', '2') + two('a/write', '2')))
    const without = (text: string) => run(tx => previewRules(tx, yaml(text), town.when))
    const last = (part: string) => ({ guard: 'rules-last-administrator', part, count: 1, limit: 0 })
    expect((await without(two('a/write', '2'))).heldBack).toEqual([last('a/admin'), last('hjemmel/it')])
    expect((await without(two('hjemmel/it', '2') + two('a/write', '2'))).heldBack).toEqual([last('a/admin')])
    // Of a right that administers nothing the last holder may go.
    expect((await without(two('hjemmel/it', '2') + two('a/admin', '2'))).heldBack).toEqual([])
    await town.feed('hr', [person('it2'), job('e-it2', 'it2', { unit: '2' })])
    const moved = await without(
      two('hjemmel/it', '2').replace("unitKey: '2'", "unitKey: '2', primary: false") + two('a/admin', '2'),
    )
    expect(moved.heldBack).toEqual([{ ...last('hjemmel/it'), count: 2 }])
  })

  it('names at most twenty people, and no protected name to those who may not know it', async () => {
    await town.rules(yaml())
    const { differences } = await run(tx => previewRules(tx, yaml(everyone('a/write')), town.when))
    const examples = await run(tx => previewExamples(tx, actor(['it']), differences))
    expect(examples).toHaveLength(20)
    expect(examples[0]).toMatchObject({ gains: ['a/write'], losses: [] })
    const [hidden] = differences.filter(one => one.personId === examples.find(each => each.person.protected)?.person.id)
    for (const one of await run(tx => previewExamples(tx, actor(['it']), hidden ? [hidden] : differences)))
      expect(one.person.name === null).toBe(one.person.protected)
    expect(await run(tx => previewExamples(tx, actor(['employee']), differences))).toEqual([])
  })

  it('with a mistake names the line and changes nothing', async () => {
    await town.rules(yaml())
    const error = await run(tx => previewRules(tx, yaml(everyone('a/unknown')), town.when)).catch(one => one)
    expect(error.problem).toBe('rules-invalid')
    expect(error.info.errors[0].where).toMatch(/^line \d+/)
  })

  it('keeps what was: the history has the right that ended, under the rule of then', async () => {
    await town.rules(yaml(everyone('a/write').replace('{}', '{ unitLevel: 1 }')))
    expect(await run(stored)).toHaveLength(2 * PEOPLE)
    await run(async tx => {
      await tx.query(`update rights_rule set valid = daterange(lower(valid), '2026-03-01') where key = 'more'`)
    })
    await run(tx => catchUp(tx, { ...town.when, today: '2026-03-03', cause: 'day' }))
    expect(await run(stored)).toHaveLength(PEOPLE)
    const history = await run(tx =>
      tx.query(
        `select d.rule_key as rule, count(*) as n from assignment_history h join derivation d on d.id = h.derivation_id
         group by d.rule_key`,
      ),
    )
    expect(history).toEqual([{ rule: 'more', n: PEOPLE }])
  })
})
