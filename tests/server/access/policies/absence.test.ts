import { describe, expect, it } from 'vitest'
import { catchUp, recompute } from '../../../../server/access/access-store.ts'
import {
  ABSENCES,
  absenceOf,
  absenceSql,
  DEFAULT_ABSENCE,
  DEFAULT_GRACE,
} from '../../../../server/access/policies/access-policies.ts'
import { changePolicies, previewPolicies } from '../../../../server/access/policies/policy-service.ts'
import { syncSuspensions } from '../../../../server/access/policies/suspension-store.ts'
import { rollTheDay } from '../../../../server/jobs.ts'
import { fixedClock } from '../../../../server/platform/clock.ts'
import type { Db } from '../../../../server/platform/unit-of-work.ts'
import { RIGHT_CLASSES, rightClass, rightClassSql } from '../../../../server/systems/right-class.ts'
import { testDatabase } from '../../../support/database.ts'
import {
  account,
  entitlement,
  group,
  job,
  municipality,
  person,
  position,
  system,
  unit,
} from '../../../support/municipality.ts'

const database = testDatabase()
const RULES = `
rules:
  - key: alle
    name: Alle
    owner: HR
    state: active
    order: 10
    validFrom: '2020-01-01'
    conditions: { kind: employment }
    entitlements: [a/basis, a/journal]
mappings:
${['basis', 'journal'].map(right => `  - { source: ad, match: { cn: g-${right} }, entitlement: a/${right} }`).join('\n')}
`

const base = [
  unit('100', { name: 'Kommunen', unitKind: 'unit' }),
  position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA' }),
  person('ann'),
  job('e1', 'ann', { unit: '100', title: 'SSA' }),
]
const catalogue = [
  system('a', { name: 'A', reading: 'groups' }),
  entitlement('a/basis', { name: 'Basis' }),
  entitlement('a/journal', { name: 'Journal', sensitivity: 'special' }),
]
const dn = (name: string) => `CN=${name},DC=test`
const seen = (...rights: string[]) => [
  account('ann', { username: 'ann', employeeNo: 'e1', dn: dn('ann'), enabled: true }),
  ...['basis', 'journal'].map(right =>
    group(`g-${right}`, { name: `g-${right}`, dn: dn(`g-${right}`), members: rights.includes(right) ? dn('ann') : '' }),
  ),
]
const leave = (more: object = {}) =>
  job('e1', 'ann', {
    unit: '100',
    title: 'SSA',
    leaveFrom: '2026-03-01',
    leaveTo: '2026-04-01',
    leaveKind: 'Barsel',
    ...more,
  })

const resting = (db: Db) =>
  db.snapshot(async tx =>
    (
      await tx.query<{ text: string }>(
        `select f.key || ' ' || e.key || ' ' || a.suspended as text from assignment a
         join affiliation f on f.id = a.affiliation_id join entitlement e on e.id = a.entitlement_id
         where a.suspended is not null order by 1`,
      )
    ).map(row => row.text),
  )

async function start() {
  await database.reset()
  const town = municipality(database.db)
  await town.feed('hr', base)
  await town.feed('systems', catalogue)
  await town.rules(RULES)
  return town
}

describe('classes of rights', () => {
  it('are the same in code and in SQL, for every right there can be', async () => {
    const all = ['role', 'group', 'licence', 'mailbox', 'equipment', 'physical'].flatMap(kind =>
      ['none', 'personal', 'confidential', 'special', 'criminal'].flatMap(sensitivity =>
        [true, false].flatMap(privileged =>
          ['it', 'equipment', 'physical'].map(systemKind => ({ kind, sensitivity, privileged, systemKind })),
        ),
      ),
    )
    const rows = await database.db.snapshot(tx =>
      tx.query<{ class: string }>(
        `select ${rightClassSql('e', 's')} as class
         from rows from (jsonb_to_recordset($1::jsonb) as (kind text, sensitivity text, privileged boolean, "systemKind" text))
           with ordinality as e (kind, sensitivity, privileged, "systemKind", n)
         cross join lateral (select e."systemKind" as kind) s order by n`,
        [JSON.stringify(all)],
      ),
    )
    expect(rows.map(row => row.class)).toEqual(all.map(rightClass))
    expect(new Set(rows.map(row => row.class))).toEqual(new Set(RIGHT_CLASSES))
  })

  it('and kinds of absence too', async () => {
    const words = [
      'Barsel',
      'SYGDOM',
      'syg',
      'Orlov uden løn',
      'Suspenderet',
      'fritaget fra tjeneste',
      'Forældreorlov',
      '',
      null,
    ]
    const rows = await database.db.snapshot(tx =>
      tx.query<{ kind: string }>(
        `select ${absenceSql('w.word')} as kind from jsonb_array_elements_text($1::jsonb) with ordinality as w (word, n) order by n`,
        [JSON.stringify(words)],
      ),
    )
    expect(rows.map(row => row.kind)).toEqual(words.map(absenceOf))
    expect(new Set(rows.map(row => row.kind))).toEqual(new Set(ABSENCES))
  })
})

describe('rights of somebody who is away', () => {
  it('rest as the policy says, return by themselves when the leave is over, and are a state of their own', async () => {
    const town = await start()
    await town.feed('ad', seen('basis'))
    const states = () =>
      database.db.snapshot(async tx =>
        (
          await tx.query<{ text: string }>(
            `select e.key || ' ' || d.state as text from right_deviation d join entitlement e on e.id = d.entitlement_id order by 1`,
          )
        ).map(row => row.text),
      )
    expect(await states()).toEqual(['a/journal missing'])
    await town.feed('hr', [leave()])
    expect(await resting(database.db)).toEqual(['e1 a/journal absence'])
    // Not held while it rests is as it should be.
    expect(await states()).toEqual([])
    await town.feed('ad', seen('basis', 'journal'))
    expect(await states()).toEqual(['a/journal still-held'])
    const [finding] = await database.db.snapshot(tx =>
      tx.query<{ code: string; cause: string }>(
        `select code, split_part(cause, ':', 1) as cause from finding where closed_at is null and code in ('unexplained', 'mover', 'still-held')`,
      ),
    )
    expect(finding).toEqual({ code: 'still-held', cause: 'absence' })
    const [counts] = await database.db.snapshot(tx =>
      tx.query(
        `select resting, unexplained, missing from person_rights where resting > 0
           and person_id = (select person_id from affiliation where key = 'e1')`,
      ),
    )
    expect(counts).toEqual({ resting: 1, unexplained: 0, missing: 0 })
    // Three weeks off the air: the day is caught up whenever it comes.
    await rollTheDay({ db: database.db, clock: fixedClock('2026-04-22T09:00:00Z') })
    expect(await resting(database.db)).toEqual([])
    expect(await states()).toEqual([])
    const [held] = await database.db.snapshot(tx =>
      tx.query<{ n: number }>(`select count(*)::int as n from assignment_history where suspended = 'absence'`),
    )
    expect(held?.n).toBe(1)
  })

  it('rest all when suspended from duty, and a change of the kind of leave alone is seen', async () => {
    const town = await start()
    await town.feed('hr', [leave({ leaveKind: 'Suspenderet' })])
    expect(await resting(database.db)).toEqual(['e1 a/basis absence', 'e1 a/journal absence'])
    await town.feed('hr', [leave({ leaveKind: 'Sygdom' })])
    expect(await resting(database.db)).toEqual(['e1 a/journal absence'])
  })

  it('do not rest where another affiliation of the person gives the same, whichever changed last', async () => {
    const town = await start()
    await town.feed('hr', [leave(), job('e2', 'ann', { unit: '100', title: 'SSA' })])
    expect(await resting(database.db)).toEqual([])
    await town.feed('hr', [job('e2', 'ann', { unit: '100', title: 'SSA', endsOn: '2026-03-01' })])
    expect(await resting(database.db)).toEqual(['e1 a/journal absence'])
    await town.feed('hr', [job('e2', 'ann', { unit: '100', title: 'SSA' })])
    expect(await resting(database.db)).toEqual([])
    // Two that are both away carry nothing for each other.
    await town.feed('hr', [
      job('e2', 'ann', { unit: '100', title: 'SSA', leaveFrom: '2026-03-01', leaveKind: 'Sygdom' }),
    ])
    expect(await resting(database.db)).toEqual(['e1 a/journal absence', 'e2 a/journal absence'])
    await database.db.transaction(async tx => {
      expect(await recompute(tx, 'all', { ...town.when, cause: 'check' })).toMatchObject({
        ...{ added: 0, changed: 0, removed: 0 },
      })
      expect(await syncSuspensions(tx, 'all', { now: town.when.now, runId: null })).toEqual([])
    })
  })

  it('follow a change of the policy at once; its preview is the change itself, taken back', async () => {
    const town = await start()
    await town.feed('hr', [leave()])
    const policies = {
      absence: { ...DEFAULT_ABSENCE, parental: { ...DEFAULT_ABSENCE.parental, basic: 'suspend', sensitive: 'keep' } },
      grace: DEFAULT_GRACE,
    } as const
    const preview = await database.db.transaction(tx => previewPolicies(tx, policies, town.when))
    expect(await resting(database.db)).toEqual(['e1 a/journal absence'])
    const { grace, ...effect } = preview
    expect(effect).toEqual({ suspended: 1, returned: 1, people: 1 })
    // Nobody has moved.
    expect(grace).toMatchObject({ count: 0, sooner: 0, later: 0 })
    const done = await database.db.transaction(tx => changePolicies(tx, policies, { ...town.when, after: [] }))
    expect(done).toEqual(effect)
    expect(await resting(database.db)).toEqual(['e1 a/basis absence'])
    await database.db.transaction(tx => catchUp(tx, { ...town.when, cause: 'check' }))
    expect(await resting(database.db)).toEqual(['e1 a/basis absence'])
  })
})
