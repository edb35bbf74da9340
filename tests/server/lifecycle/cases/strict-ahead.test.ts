import { beforeEach, expect, test } from 'vitest'
import { catchUp } from '../../../../server/access/access-store.ts'
import { giveWhatHasPurpose, setStrict } from '../../../../server/access/strict/strict-service.ts'
import { type CaseFormInput, caseForm } from '../../../../server/contract/lifecycle-forms.ts'
import type { CaseContext } from '../../../../server/lifecycle/cases/case-checks.ts'
import { createCase, preview, sendCase } from '../../../../server/lifecycle/cases/case-service.ts'
import { planView } from '../../../../server/lifecycle/cases/plan-view.ts'
import { addDays } from '../../../../server/platform/civil-date.ts'
import * as bindings from '../../../../server/register/bindings/binding-service.ts'
import { withoutGrace } from '../../../support/access-policies.ts'
import { actor } from '../../../support/actors.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../../support/municipality.ts'
import { activityInForce } from '../../../support/register.ts'

/* A report's preview in a strict system: what will be held back is said before it is sent, and is what happens then. */
const database = testDatabase()
const rule = (key: string, conditions: string, rights: string) =>
  `  - { key: ${key}, name: ${key}, owner: HR, state: active, order: 10, validFrom: '2020-01-01', conditions: ${conditions}, entitlements: [${rights}] }`
const RULES = `
rules:
${rule('nord', "{ unitKey: '110' }", 'a/journal, b/mail')}
${rule('syd', "{ unitKey: '120' }", 'a/plan, a/care, b/mail')}`

let town: ReturnType<typeof municipality>
let ids: Record<string, string>
let ctx: CaseContext
const read = <Row>(sql: string, params: unknown[] = []) => database.db.snapshot(tx => tx.query<Row>(sql, params))

beforeEach(async () => {
  await database.reset()
  town = municipality(database.db)
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'top' }),
    unit('110', { name: 'Nord', parent: '100' }),
    unit('120', { name: 'Syd', parent: '100' }),
    position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA' }),
    person('Ann'),
    job('e-ann', 'Ann', { unit: '110', title: 'SSA' }),
  ])
  await town.feed('systems', [
    system('a', { name: 'A' }),
    system('b', { name: 'B' }),
    ...['a/journal', 'a/plan', 'a/care', 'b/mail'].map(key => entitlement(key, { name: key })),
  ])
  await town.rules(RULES)
  // What is lost goes at once.
  await database.db.transaction(withoutGrace)
  ids = Object.fromEntries(
    (
      await read<{ key: string; id: string }>(
        `select key, id from it_system union all select key, id from entitlement union all select key, id from affiliation
         union all select key, unit_id from org_unit_current`,
      )
    ).map(row => [row.key, row.id]),
  )
  const it_ = actor(['it'])
  await database.db.transaction(async tx => {
    const activityId = await activityInForce(tx, { ref: 'BA-1', name: 'Pleje' })
    await setStrict(tx, it_, { systemId: ids.a!, on: true, reason: 'intet uden et formål' }, town.when, { after: [] })
    const terms = {
      ...{ activityId, purposeKey: 'main', subjects: null, data: null, operations: [], scope: {}, until: null },
      ...{ necessity: 'Plejen skal kunne se planen.', reviewMonths: 12 },
    }
    const object = { level: 'entitlement' as const, entitlementId: ids['a/plan']! }
    await bindings.make(tx, it_, { object, terms }, town.when)
    await giveWhatHasPurpose(tx, town.when, { after: [] })
  })
  // Told an hour after everything was given: what begins and ends in one instant was never held.
  const when = { today: town.when.today, now: new Date(town.when.now.getTime() + 3_600_000) }
  const parts = { keyring: town.keyring, localAdministrators: async () => 0, afterDecided: [] }
  ctx = { ...parts, actor: actor(['hr']), when, requestId: 'test' }
})

/** What a preview says of rights, and what is so when the report has been sent and its day has come. */
async function tried(form: CaseFormInput, on: string) {
  const looking = { actor: ctx.actor, today: town.when.today, publicUrl: 'https://hjemmel.test' }
  const { seen, caseId } = await database.db.transaction(async tx => {
    const { one } = await createCase(tx, { door: 'plain', form: caseForm.parse(form) }, ctx)
    const told = await preview(tx, one.id, ctx, (inner, found, done) => planView(inner, found, done, looking))
    expect(told.missing).toEqual([])
    return { seen: told.seen ?? [], caseId: one.id }
  })
  const said = (what: string) => seen.flatMap(line => (line.what === what && line.right ? line.right.key : [])).sort()
  const done = await database.db.transaction(async tx => {
    const one = await sendCase(tx, caseId, 1, ctx)
    await catchUp(tx, { today: on, now: new Date(`${on}T12:00:00Z`), cause: 'test' })
    return one
  })
  const keys = async (table: string) =>
    (
      await read<{ key: string }>(
        `select e.key from ${table} a join entitlement e on e.id = a.entitlement_id
         where a.affiliation_id = $1 order by 1`,
        [done.affiliationId],
      )
    ).map(row => row.key)
  return { said, seen, held: await keys('assignment'), back: await keys('withheld_right') }
}

test.each([0, 10])('of somebody who comes in %i days', async days => {
  const on = addDays(town.when.today, days)
  const { said, held, back } = await tried(
    {
      kind: 'hire',
      person: { givenName: 'Frida', familyName: 'Nyansat', birthDate: '1991-04-05' },
      affiliation: { kind: 'employment', unitId: ids['120']!, title: 'SSA', startsOn: on, hours: 37 },
      rights: [],
    } as never,
    on,
  )
  expect(said('withheld')).toEqual(['a/care'])
  expect(said('right')).toEqual(['a/plan', 'b/mail'])
  expect([held, back]).toEqual([said('right'), said('withheld')])
})

test.each([0, 10])(
  'of somebody who moves in %i days: what was held is lost, though nothing says what it was for',
  async days => {
    const on = addDays(town.when.today, days)
    const { said, seen, held, back } = await tried(
      { kind: 'move', affiliationId: ids['e-ann']!, unitId: ids['120']!, from: on, to: null } as never,
      on,
    )
    expect(said('lost')).toEqual(['a/journal'])
    expect(said('gained')).toEqual(['a/plan'])
    expect(said('kept')).toEqual(['b/mail'])
    expect(said('withheld')).toEqual(['a/care'])
    expect(held).toEqual([...said('gained'), ...said('kept')].sort())
    expect(back).toEqual(said('withheld'))
    // Where it is said what the right is for.
    expect(seen.find(line => line.what === 'withheld')).toMatchObject({
      ...{ code: 'no-purpose', on, right: { system: { id: ids.a } } },
    })
  },
)
