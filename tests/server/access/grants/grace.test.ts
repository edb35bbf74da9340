import { expect, it } from 'vitest'
import { catchUp, recompute } from '../../../../server/access/access-store.ts'
import { endExpired, giveEmergency } from '../../../../server/access/grants/emergency-service.ts'
import { addGrants } from '../../../../server/access/grants/grant-store.ts'
import { DEFAULT_ABSENCE, DEFAULT_GRACE } from '../../../../server/access/policies/access-policies.ts'
import { previewPolicies } from '../../../../server/access/policies/policy-service.ts'
import { storePolicies } from '../../../../server/access/policies/policy-store.ts'
import { rollTheDay } from '../../../../server/jobs.ts'
import { fixedClock } from '../../../../server/platform/clock.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { Db } from '../../../../server/platform/unit-of-work.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../../support/municipality.ts'

const database = testDatabase()
const rule = (key: string, conditions: string, entitlements: string, more = '') => `
  - key: ${key}
    name: ${key}
    owner: HR
    state: active
    order: 10
    validFrom: '2020-01-01'
    conditions: ${conditions}
    entitlements: [${entitlements}]${more}`
const RULES = `
rules:${rule('nord', "{ unitKey: '110' }", 'a/basis, a/journal')}${rule('syd', "{ unitKey: '120' }", 'a/syd')}`
const units = [
  unit('100', { name: 'Kommunen', unitKind: 'unit' }),
  unit('110', { name: 'Nord', unitKind: 'unit', parent: '100' }),
  unit('120', { name: 'Syd', unitKind: 'unit', parent: '100' }),
]
const at = (unitKey: string, more: object = {}) => job('e1', 'ann', { unit: unitKey, title: 'SSA', ...more })

async function start() {
  await database.reset()
  const town = municipality(database.db)
  await town.feed('hr', [
    ...units,
    position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA|Assistent|SOSU' }),
    position('kok', { name: 'Kok', category: 'kitchen', titles: 'Kok' }),
    person('ann'),
    at('110'),
  ])
  await town.feed('systems', [
    system('a', { name: 'A' }),
    entitlement('a/basis', { name: 'Basis', sensitivity: 'personal' }),
    entitlement('a/journal', { name: 'Journal', sensitivity: 'special' }),
    entitlement('a/syd', { name: 'Syd' }),
  ])
  await town.rules(RULES)
  return town
}

const held = (db: Db) =>
  db.snapshot(async tx =>
    (
      await tx.query<{ text: string }>(
        `select e.key || ' ' || coalesce(nullif(d.rule_key, ''), g.kind) || coalesce(' ' || a.valid_to || ' ' || a.valid_to_because, '') as text
         from assignment a join entitlement e on e.id = a.entitlement_id join derivation d on d.id = a.derivation_id
         left join right_grant g on g.id = d.grant_id order by 1`,
      )
    ).map(row => row.text),
  )

it('what a move takes away stays for the days of its class, says so, and goes by itself', async () => {
  const town = await start()
  expect(await held(database.db)).toEqual(['a/basis nord', 'a/journal nord'])
  await town.feed('hr', [at('120')])
  // Protected data go at once.
  expect(await held(database.db)).toEqual(['a/basis grace 2026-03-16 grant', 'a/syd syd'])
  // Nothing new comes of being decided again, whether incrementally or from nothing.
  await database.db.transaction(async tx => {
    expect(await catchUp(tx, { ...town.when, cause: 'check' })).toBeNull()
    expect(await recompute(tx, 'all', { ...town.when, cause: 'check' })).toMatchObject({
      ...{ added: 0, changed: 0, removed: 0 },
    })
  })
  // Back again: the rule stands first, and the grace beside it.
  await town.feed('hr', [at('110')])
  expect(await held(database.db)).toEqual(['a/basis nord', 'a/journal nord', 'a/syd grace 2026-03-16 grant'])
  await town.feed('hr', [at('120')])
  expect(await held(database.db)).toEqual(['a/basis grace 2026-03-16 grant', 'a/syd syd'])
  await rollTheDay({ db: database.db, clock: fixedClock('2026-06-16T09:00:00Z') })
  expect(await held(database.db)).toEqual(['a/syd syd'])
})

it('a move that is seen late is a move; the days count from when it is seen', async () => {
  const town = await start()
  await town.feed('hr', [at('120'), at('120')])
  expect(await held(database.db)).toContain('a/basis grace 2026-03-16 grant')
  await database.db.transaction(async tx => {
    const [row] = await tx.query<{ unit: string; kind: string }>(
      `select u.key as unit, g.kind from right_grant g join org_unit u on u.id = g.from_unit_id`,
    )
    expect(row).toEqual({ unit: '110', kind: 'grace' })
  })
})

it('no grace: the rule changed, the job ended, a leave began, the title was only written otherwise, the policy gives none', async () => {
  const ways: [string, (town: Awaited<ReturnType<typeof start>>) => Promise<unknown>][] = [
    ['rule', town => town.rules(RULES.replace('a/basis, a/journal', 'a/syd'))],
    ['end', town => town.feed('hr', [at('110', { endsOn: '2026-03-01' })])],
    ['leave', town => town.feed('hr', [at('110', { leaveFrom: '2026-03-01' })])],
    ['title', town => town.feed('hr', [at('110', { title: 'SOSU' })])],
    [
      'policy',
      async town => {
        await database.db.transaction(tx =>
          storePolicies(tx, {
            absence: DEFAULT_ABSENCE,
            grace: { basic: 0, ordinary: 0, sensitive: 0, privileged: 0, kit: 0 },
          }),
        )
        await town.feed('hr', [at('120')])
      },
    ],
  ]
  for (const [name, change] of ways) {
    const town = await start()
    await change(town)
    const kinds = await database.db.snapshot(tx => tx.query('select kind from right_grant'))
    expect(kinds, name).toEqual([])
  }
})

it('a unit that continues as another after a reorganisation is no move, and neither is a payroll unit mapped anew', async () => {
  const town = await start()
  await database.db.transaction(async tx => {
    await tx.query('set local session_replication_role = replica')
    await tx.query(
      `insert into unit_succession (draft_id, from_key, to_key, on_date) values (gen_random_uuid(), '110', '120', '2026-03-01')`,
    )
  })
  await town.feed('hr', [at('120')])
  expect(await held(database.db)).toEqual(['a/syd syd'])

  await start().then(async other => {
    const pay = (to: string) => unit('L1', { name: 'Løn', unitKind: 'unit', tree: 'pay', mapsTo: to })
    await other.feed('hr', [pay('110'), job('e1', 'ann', { payUnit: 'L1', title: 'SSA' })])
    expect(await held(database.db)).toEqual(['a/basis nord', 'a/journal nord'])
    await other.feed('hr', [pay('120')])
    expect(await held(database.db)).toEqual(['a/syd syd'])
  })
})

it('emergency access ends by the hour, whenever it is asked, and a rule that says never is stronger', async () => {
  const town = await start()
  const give = (key: string) =>
    database.db.transaction(async tx => {
      const [row] = await tx.query<{ affiliation: string; entitlement: string }>(
        `select a.id as affiliation, e.id as entitlement from affiliation a, entitlement e where a.key = 'e1' and e.key = $1`,
        [key],
      )
      await addGrants(
        tx,
        [
          {
            ...{ affiliationId: row?.affiliation as string, entitlementId: row?.entitlement as string },
            ...{ constraints: [], from: town.when.today, to: null, kind: 'emergency', reason: 'Vagt', caseId: null },
            ...{ by: 'test', expiresAt: new Date(town.when.now.getTime() + 2 * 3_600_000) },
          },
        ],
        town.when,
      )
      await catchUp(tx, { ...town.when, cause: 'test' })
    })
  await give('a/syd')
  expect(await held(database.db)).toContain('a/syd emergency 2026-03-03 grant')
  const end = (hours: number) =>
    database.db.transaction(tx =>
      endExpired(
        tx,
        { today: town.when.today, now: new Date(town.when.now.getTime() + hours * 3_600_000) },
        { after: [] },
      ),
    )
  expect(await end(1)).toBe(0)
  expect(await held(database.db)).toContain('a/syd emergency 2026-03-03 grant')
  expect(await end(9)).toBe(1)
  expect(await held(database.db)).not.toContain('a/syd emergency 2026-03-03 grant')

  await town.rules(
    `${RULES}${rule('aldrig', "{ unitKey: '110' }", 'a/syd', '\n    inverted: true\n    reason: Aldrig her')}`,
  )
  await give('a/syd')
  expect(await held(database.db)).toEqual(['a/basis nord', 'a/journal nord'])
  const [noted] = await database.db.snapshot(tx =>
    tx.query<{ why: string }>('select no_effect as why from right_grant where ended_at is null'),
  )
  expect(noted?.why).toBe('prohibited:aldrig')
})

it('what other days would have meant is counted on the last moves, class by class, and changes nothing', async () => {
  const town = await start()
  await town.feed('hr', [at('120')])
  const before = await held(database.db)
  const ask = (days: number) =>
    database.db.transaction(async tx => {
      const grace = { ...DEFAULT_GRACE, ordinary: days, basic: days }
      return (await previewPolicies(tx, { absence: DEFAULT_ABSENCE, grace }, town.when)).grace
    })
  expect(await ask(1)).toMatchObject({ count: 1, sooner: 1, later: 0 })
  expect(await ask(60)).toMatchObject({ count: 1, sooner: 0, later: 1 })
  expect(await ask(14)).toMatchObject({ count: 1, sooner: 0, later: 0 })
  expect(await held(database.db)).toEqual(before)
})

it('a right that its owner keeps out of emergencies is given by nobody so, and any other is', async () => {
  const town = await start()
  const [row] = await database.db.snapshot(tx =>
    tx.query<{ affiliation: string; syd: string; journal: string }>(
      `select (select id from affiliation where key = 'e1') as affiliation, (select id from entitlement where key = 'a/syd') as syd,
         (select id from entitlement where key = 'a/journal') as journal`,
    ),
  )
  await database.db.transaction(tx => tx.query(`update entitlement set emergency = false where key = 'a/journal'`))
  const give = (entitlementId: string) =>
    database.db.transaction(tx =>
      giveEmergency(
        tx,
        {
          ...{ userId: newId(), personId: null, displayName: 'x', kind: 'person', roles: ['it'], via: 'local' },
          ...{ secondFactor: true, units: [], actingFor: [], schools: [], reportsFor: [], systems: [], until: null },
        },
        { affiliationId: row?.affiliation as string, entitlementId, hours: 2, reason: 'Vagten er alene' },
        town.when,
        { after: [] },
      ),
    )
  await expect(give(row?.journal as string)).rejects.toMatchObject({ problem: 'data-invalid' })
  expect((await give(row?.syd as string)).noEffect).toBeNull()
  expect(await held(database.db)).toContain('a/syd emergency 2026-03-03 grant')
})
