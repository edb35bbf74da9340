import { expect, it } from 'vitest'
import { recompute } from '../../../server/access/access-store.ts'
import { addGrants } from '../../../server/access/grants/grant-store.ts'
import { personAsOfView } from '../../../server/access/person-as-of-views.ts'
import { personPageView } from '../../../server/access/person-page-views.ts'
import { personRecord } from '../../../server/access/person-record-view.ts'
import { viewerOf } from '../../../server/access/viewer.ts'
import { fixedClock } from '../../../server/platform/clock.ts'
import type { Actor } from '../../../server/policy/actor.ts'
import * as bindings from '../../../server/register/bindings/binding-service.ts'
import { actor } from '../../support/actors.ts'
import { counted } from '../../support/counted.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../support/municipality.ts'
import { activityInForce } from '../../support/register.ts'
import { smallTown } from '../overview/small-town.ts'

/* Origin, purpose and end of a right on another day, from what was recorded of it. */
const database = testDatabase()
const terms = (activityId: string) => ({
  ...{ activityId, purposeKey: 'main', subjects: null, data: null, operations: [], scope: {}, until: null },
  ...{ necessity: 'Opgaven kan ikke løses uden.', reviewMonths: 12 },
})
const grant = (affiliationId: string, entitlementId: string, to: string) => ({
  ...{ affiliationId, entitlementId, constraints: [], kind: 'report' as const, reason: 'Afløser i vagten' },
  ...{ caseId: null, from: null, to, expiresAt: null, by: 'system' },
})
const byText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

it('of today the past says what the page says, to each reader: why, what for and until when', async () => {
  await database.reset()
  const town = await smallTown(database.db)
  const now = new Date('2026-03-02T09:00:00Z')
  const today = '2026-03-02'
  const [bo] = await database.db.snapshot(tx =>
    tx.query<{ job: string; right: string }>(
      `select f.id as job, e.id as right from affiliation f, entitlement e where f.person_id = $1 and f.key = 'e-bo2' and e.key = 'kmd/pay'`,
      [town.people.Bo],
    ),
  )
  await database.db.transaction(async tx => {
    const activity = await activityInForce(tx, { ref: 'BA-1', name: 'Sagsbehandling' })
    const say = (object: Parameters<typeof bindings.make>[2]['object']) =>
      bindings.make(tx, town.actors.it, { object, terms: terms(activity) }, { today, now })
    await say({ level: 'system', systemId: town.systems.sbsys! })
    const { id } = await say({ level: 'rule', ruleKey: 'pay' })
    const second = { ...town.actors.it, userId: '00000000-0000-4000-8000-00000000cccc' }
    await bindings.approve(tx, second, id, { today, now })
    await addGrants(tx, [grant(bo!.job, bo!.right, '2026-05-01')], { now })
    await recompute(tx, 'all', { today, now, cause: 'test' })
  })
  let told = 0
  for (const [role, who] of Object.entries(town.actors))
    for (const [name, id] of Object.entries(town.people))
      await database.db.snapshot(async tx => {
        const record = await personRecord(tx, id)
        if (!record) return
        const viewer = viewerOf(who as Actor, record)
        const page = (await personPageView(tx, id, viewer, { today, keyring: town.keyring }))!
        const past = counted(tx)
        const then = (await personAsOfView(past.tx, id, viewer, { valid: today, known: new Date('2027-01-01') }))!
        expect(past.statements.length).toBeLessThanOrEqual(8)
        const words = new Map(page.purposes.map(one => [one.bindingId, one]))
        const now = page.systems
          .flatMap(one => one.rights)
          .filter(right => right.expected || right.observed)
          .map(right => ({
            key: right.key,
            because: right.because
              .map(one => `${one.affiliationId} ${one.grant ? one.grant.kind : one.ruleKey} ${one.grant?.reason ?? ''}`)
              .sort(),
            roles: [...new Set(right.because.flatMap(one => one.rolePath.map(each => each.name)))].sort(),
            until: right.until,
            purposes: right.purposes
              .map(one => words.get(one.bindingId)!)
              .map(one => `${one.purpose.name} ${one.activity.ref} ${one.activity.name}`)
              .sort(),
          }))
          .sort((a, b) => byText(a.key, b.key))
        const before = then.rights
          .filter(right => right.expected || right.observed)
          .map(right => ({
            key: right.key,
            because: right.because
              .map(
                one => `${one.affiliationId} ${one.grant ? one.grant.kind : one.rule?.key} ${one.grant?.reason ?? ''}`,
              )
              .sort(),
            roles: [...new Set(right.because.flatMap(one => one.roles))].sort(),
            until: right.until,
            purposes: right.purposes.map(one => `${one.purpose} ${one.activity}`).sort(),
          }))
          .sort((a, b) => byText(a.key, b.key))
        expect(before, `${name}, seen by ${role}`).toEqual(now)
        told += before.filter(one => one.because.length > 0).length
      })
  expect(told).toBeGreaterThan(20)
})

it('a day that is gone keeps its rule, its role, who decided it and its end, whatever came after', async () => {
  await database.reset()
  let now = new Date('2026-03-02T09:00:00Z')
  const clock = { now: () => now, today: () => fixedClock(now.toISOString()).today() }
  const town = municipality(database.db, '2026-03-02T09:00:00Z', () => ({}), { clock })
  const go = (day: string) => {
    now = new Date(`${day}T09:00:00Z`)
  }
  await town.feed('hr', [
    unit('100', { name: 'Kommunen', unitKind: 'unit' }),
    position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA' }),
    person('ann'),
    job('e-ann', 'ann', { unit: '100', title: 'SSA', endsOn: '2026-12-01' }),
  ])
  await town.feed('systems', [system('a', { name: 'A' }), entitlement('a/basis', { name: 'Basis' })])
  const rules = (name: string, validTo: string) => `
roles:
  - { key: plejerolle, name: Plejerollen, entitlements: [{ key: a/basis }] }
rules:
  - { key: alle, name: ${name}, owner: HR, state: active, order: 10, validFrom: '2020-01-01', validTo: '${validTo}', conditions: { kind: employment }, roles: [plejerolle] }
`
  await town.rules(rules('Alle i plejen', '2026-06-01'))
  go('2026-03-05')
  await town.rules(rules('Alle ansatte', '2026-09-01'))
  go('2026-03-10')
  const [ann] = await database.db.snapshot(tx =>
    tx.query<{ person: string; job: string; right: string }>(
      `select f.person_id as person, f.id as job, e.id as right from affiliation f, entitlement e where e.key = 'a/basis'`,
    ),
  )
  await database.db.transaction(tx => addGrants(tx, [grant(ann!.job, ann!.right, '2026-04-01')], { now }))
  await database.db.transaction(tx => recompute(tx, 'all', { today: clock.today(), now, cause: 'test' }))
  go('2026-03-20')
  const admin = actor(['it'])
  const on = (valid: string) =>
    database.db.snapshot(async tx => {
      const viewer = viewerOf(admin, (await personRecord(tx, ann!.person))!)
      const then = await personAsOfView(tx, ann!.person, viewer, { valid, known: now })
      return then!.rights.map(({ because, until }) => ({
        because: because.map(one => [one.rule?.name ?? one.grant?.reason, ...one.roles, one.since?.slice(0, 10)]),
        until,
      }))
    })
  expect(await on('2026-03-01')).toEqual([])
  expect(await on('2026-03-03')).toEqual([
    { because: [['Alle i plejen', 'Plejerollen', '2026-03-02']], until: '2026-06-01' },
  ])
  expect(await on('2026-03-06')).toMatchObject([
    { because: [['Alle ansatte', 'Plejerollen', expect.any(String)]], until: '2026-09-01' },
  ])
  // Two ways from here on: what decides, and what would give it as well. It lasts as long as either does.
  expect(await on('2026-03-12')).toMatchObject([
    {
      because: [
        ['Alle ansatte', 'Plejerollen', expect.any(String)],
        ['Afløser i vagten', expect.any(String)],
      ],
      until: '2026-09-01',
    },
  ])
})
