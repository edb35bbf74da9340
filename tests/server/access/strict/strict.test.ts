import { beforeEach, describe, expect, it } from 'vitest'
import { catchUp, recompute } from '../../../../server/access/access-store.ts'
import { endExpired, giveEmergency } from '../../../../server/access/grants/emergency-service.ts'
import { addGrants } from '../../../../server/access/grants/grant-store.ts'
import { giveWhatHasPurpose, setStrict } from '../../../../server/access/strict/strict-service.ts'
import { strictView } from '../../../../server/access/strict/strict-views.ts'
import type { BindingObject } from '../../../../server/register/bindings/binding.ts'
import * as bindings from '../../../../server/register/bindings/binding-service.ts'
import { actor } from '../../../support/actors.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../../support/municipality.ts'
import { activityInForce } from '../../../support/register.ts'

const database = testDatabase()
const today = '2026-03-02'
const now = new Date('2026-03-02T09:00:00Z')
const when = { today, now }
const hooks = { after: [] }
const it_ = actor(['it'])

const rule = (key: string, conditions: string, entitlements: string) => `
  - key: ${key}
    name: ${key}
    owner: HR
    state: active
    order: 10
    validFrom: '2020-01-01'
    conditions: ${conditions}
    entitlements: [${entitlements}]`
const RULES = `
rules:${rule('nord', "{ unitKey: '110' }", 'a/basis, a/journal, b/mail')}`
const HR = [
  unit('100', { name: 'Kommunen', unitKind: 'unit' }),
  unit('110', { name: 'Nord', unitKind: 'unit', parent: '100' }),
  position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA' }),
  person('Ann'),
  job('e-ann', 'Ann', { unit: '110', title: 'SSA' }),
]
const WITH_BO = [...HR, person('Bo'), job('e-bo', 'Bo', { unit: '110', title: 'SSA' })]

let town: ReturnType<typeof municipality>
let ids: Record<string, string>
let activityId: string

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', HR)
  await town.feed('systems', [
    system('a', { name: 'A' }),
    system('b', { name: 'B' }),
    entitlement('a/basis', { name: 'Basis' }),
    entitlement('a/journal', { name: 'Journal', sensitivity: 'special' }),
    entitlement('a/extra', { name: 'Ekstra' }),
    entitlement('b/mail', { name: 'Mail' }),
  ])
  await town.rules(RULES)
  activityId = await database.db.transaction(tx => activityInForce(tx, { ref: 'BA-1', name: 'Pleje' }))
  ids = Object.fromEntries(
    (
      await read<{ key: string; id: string }>(
        `select key, id from it_system union all select key, id from entitlement
         union all select p.given_name, ac.affiliation_id from affiliation_current ac join person_current p on p.person_id = ac.person_id`,
      )
    ).map(row => [row.key, row.id]),
  )
})

const read = <Row>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<Row>(sql, params))
/** Who holds what: `Ann a/basis`. */
const held = async () =>
  (
    await read<{ text: string }>(
      `select p.given_name || ' ' || e.key as text from assignment a join entitlement e on e.id = a.entitlement_id
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id join person_current p on p.person_id = ac.person_id order by 1`,
    )
  ).map(row => row.text)
const withheld = async () =>
  (
    await read<{ text: string }>(
      `select p.given_name || ' ' || e.key as text from withheld_right h join entitlement e on e.id = h.entitlement_id
       join affiliation_current ac on ac.affiliation_id = h.affiliation_id join person_current p on p.person_id = ac.person_id order by 1`,
    )
  ).map(row => row.text)
/** Everything that decisions write, as it stands, without when it was written. */
const state = () =>
  read(
    `select 'given ' || a.affiliation_id || a.entitlement_id || a.derivation_id || a.constraints || coalesce(a.valid_to::text, '') || a.since as line from assignment a
     union all select 'held back ' || affiliation_id || entitlement_id from withheld_right
     union all select 'grant ' || id || coalesce(no_effect, '') from right_grant
     union all select 'counts ' || person_rights::text from person_rights
     union all select 'deviation ' || right_deviation::text from right_deviation
     union all select 'strict ' || system_id from strict_mode where upper_inf(recorded)
     union all select 'decided ' || affiliation_id || encode(facts_hash, 'hex') from affiliation_decided
     order by 1`,
  )
const strict = (on: boolean, systemId = ids.a!, at = when) =>
  database.db.transaction(tx => setStrict(tx, it_, { systemId, on, reason: 'intet uden et formål' }, at, hooks))
const bind = async (object: BindingObject) => {
  await database.db.transaction(async tx => {
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
      when,
    )
    await giveWhatHasPurpose(tx, when, hooks)
  })
}

describe('strict mode', () => {
  it('touches nothing that is there, and undone it leaves nothing behind', async () => {
    const before = await state()
    await strict(true)
    expect(await held()).toEqual(['Ann a/basis', 'Ann a/journal', 'Ann b/mail'])
    await database.db.transaction(tx => recompute(tx, 'all', { ...when, cause: 'test' }))
    expect(await held()).toEqual(['Ann a/basis', 'Ann a/journal', 'Ann b/mail'])
    expect(await withheld()).toEqual([])
    await strict(false)
    expect(await state()).toEqual(before)
  })

  it('holds back what is new and has no purpose, in that system only, and gives it when somebody says what it is for', async () => {
    await strict(true)
    await town.feed('hr', WITH_BO)
    expect(await held()).toEqual(['Ann a/basis', 'Ann a/journal', 'Ann b/mail', 'Bo b/mail'])
    expect(await withheld()).toEqual(['Bo a/basis', 'Bo a/journal'])
    await bind({ level: 'entitlement', entitlementId: ids['a/basis']! })
    expect(await held()).toContain('Bo a/basis')
    expect(await withheld()).toEqual(['Bo a/journal'])
    // Deciding everybody again says the same.
    await database.db.transaction(tx => recompute(tx, 'all', { ...when, cause: 'test' }))
    expect(await withheld()).toEqual(['Bo a/journal'])
    await bind({ level: 'system', systemId: ids.a! })
    expect(await withheld()).toEqual([])
    expect(await held()).toHaveLength(6)
  })

  it('turned off, it gives what it held back: as if it had never been on', async () => {
    await strict(true)
    await town.feed('hr', WITH_BO)
    expect(await strict(false)).toEqual({ strict: false, given: 2 })
    expect(await withheld()).toEqual([])
    expect(await held()).toHaveLength(6)
    const run = await database.db.transaction(tx => recompute(tx, 'all', { ...when, cause: 'test' }))
    expect(run).toMatchObject({ added: 0, changed: 0, removed: 0 })
  })

  it('holds back what people give by hand, and says at the grant why it has no effect', async () => {
    await strict(true)
    const [id] = await database.db.transaction(async tx => {
      const made = await addGrants(
        tx,
        [
          {
            ...{ affiliationId: ids.Ann!, entitlementId: ids['a/extra']!, constraints: [], from: null, to: null },
            ...{ kind: 'report', reason: 'til nytår', caseId: null, by: 'test' },
          },
        ],
        { now },
      )
      await catchUp(tx, { ...when, cause: 'test' }, [ids.Ann!])
      return made
    })
    expect(await held()).not.toContain('Ann a/extra')
    expect(await read('select no_effect from right_grant where id = $1', [id])).toEqual([{ no_effect: 'no-purpose' }])
    await bind({ level: 'entitlement', entitlementId: ids['a/extra']! })
    expect(await held()).toContain('Ann a/extra')
    expect(await read('select no_effect from right_grant where id = $1', [id])).toEqual([{ no_effect: null }])
  })

  it('lets emergency access through, which ends by itself and is then held back as before', async () => {
    await strict(true)
    await town.feed('hr', WITH_BO)
    const [bo] = await read<{ id: string }>(
      `select affiliation_id as id from affiliation_current ac join person_current p on p.person_id = ac.person_id where p.given_name = 'Bo'`,
    )
    const asked = { affiliationId: bo!.id, entitlementId: ids['a/journal']!, hours: 2, reason: 'borgeren er faldet' }
    const given = await database.db.transaction(tx => giveEmergency(tx, it_, asked, when, hooks))
    expect(given.noEffect).toBeNull()
    expect(await held()).toContain('Bo a/journal')
    const page = await database.db.snapshot(tx => strictView(tx, it_, { systemId: ids.a!, offset: 0, limit: 50 }, when))
    expect(page).toMatchObject({ strict: { reason: 'intet uden et formål' }, total: 2, now: { lacking: 3, people: 2 } })
    expect(page.rows.filter(row => row.emergencyUntil !== null).map(row => row.entitlement.key)).toEqual(['a/journal'])
    // Meanwhile everybody is decided again: what came by emergency is not taken for what was there before.
    await database.db.transaction(tx => recompute(tx, 'all', { ...when, cause: 'test' }))
    const later = { today, now: new Date('2026-03-02T11:00:01Z') }
    expect(await database.db.transaction(tx => endExpired(tx, later, hooks))).toBe(1)
    expect(await held()).not.toContain('Bo a/journal')
    expect(await withheld()).toEqual(['Bo a/basis', 'Bo a/journal'])
  })

  it('counts what it would not touch, before anybody turns it on', async () => {
    const page = await database.db.snapshot(tx => strictView(tx, it_, { systemId: ids.a!, offset: 0, limit: 50 }, when))
    expect(page).toMatchObject({
      ...{ strict: null, now: { rights: 2, lacking: 2, people: 1 }, rows: [], allowed: { change: true } },
    })
    await bind({ level: 'entitlement', entitlementId: ids['a/basis']! })
    const after = await database.db.snapshot(tx =>
      strictView(tx, it_, { systemId: ids.a!, offset: 0, limit: 50 }, when),
    )
    expect(after.now).toEqual({ rights: 2, lacking: 1, people: 1 })
  })

  it('is for the owner of the system and IT, once, and never for Hjemmel itself', async () => {
    const owner = actor(['systemowner'], { systems: [ids.b!] })
    const asked = { systemId: ids.a!, on: true, reason: 'intet uden et formål' }
    await expect(database.db.transaction(tx => setStrict(tx, owner, asked, when, hooks))).rejects.toMatchObject({
      problem: 'not-found',
    })
    await strict(true)
    await expect(strict(true)).rejects.toMatchObject({ problem: 'conflict' })
    const [own] = await read<{ id: string }>(`select id from it_system where key = 'hjemmel'`)
    if (own) await expect(strict(true, own.id)).rejects.toMatchObject({ problem: 'data-invalid' })
  })
})
