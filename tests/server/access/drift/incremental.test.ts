import fc from 'fast-check'
import { expect, it } from 'vitest'
import { syncPeople } from '../../../../server/access/drift/sync-drift.ts'
import type { Db } from '../../../../server/platform/unit-of-work.ts'
import { testDatabase } from '../../../support/database.ts'
import { job } from '../../../support/municipality.ts'
import { acc, driftTown, members, rules } from './drift-town.ts'

const database = testDatabase()
const people = ['ann', 'bo', 'cia'] as const
const rights = ['a/read', 'a/write', 'b/admin'] as const

type Step =
  | { do: 'job'; who: string; title: string; unit: string; ends: boolean }
  | { do: 'account'; who: string; as: string; kind: string; enabled: boolean }
  | { do: 'members'; right: string; of: string[] }
  | { do: 'rules'; grants: string }
const who = fc.constantFrom(...people)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('job' as const),
    who,
    title: fc.constantFrom('Kok', 'Assistent'),
    unit: fc.constantFrom('110', '120'),
    ends: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('account' as const),
    who,
    as: fc.constantFrom(...people, 'unknown'),
    kind: fc.constantFrom('personal', 'shared', 'admin'),
    enabled: fc.boolean(),
  }),
  fc.record({ do: fc.constant('members' as const), right: fc.constantFrom(...rights), of: fc.subarray([...people]) }),
  fc.record({ do: fc.constant('rules' as const), grants: fc.constantFrom('a/read', 'a/write', 'a/read, a/write') }),
)

/** What must be found whatever else is drawn: rights that nothing gives, a sensitive one of an account that several use. */
const EXAMPLE: Step[] = [
  { do: 'members', right: 'a/write', of: ['ann', 'bo', 'cia'] },
  { do: 'members', right: 'b/admin', of: ['ann', 'bo', 'cia'] },
  { do: 'account', who: 'bo', as: 'unknown', kind: 'shared', enabled: true },
  { do: 'members', right: 'a/read', of: [] },
  { do: 'members', right: 'a/write', of: ['cia'] },
]

const stored = (db: Db) =>
  db.snapshot(tx =>
    tx.query(
      `select id, code, subject_id, object_id, cause, severity, person_id, system_id, unit_id, owner_role, detail, state
       from finding where closed_at is null order by code, subject_id, object_id`,
    ),
  )

it('findings after any changes are those of evaluating everything from nothing, with the same ages', async () => {
  let seen = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 7 }), async steps => {
      await database.reset()
      const town = await driftTown(database.db)
      for (const one of steps) {
        if (one.do === 'job')
          await town.feed('hr', [
            job(`e-${one.who}`, one.who, {
              unit: one.unit,
              title: one.title,
              ...(one.ends ? { endsOn: '2026-01-01' } : {}),
            }),
          ])
        else if (one.do === 'account')
          await town.feed('ad', [
            acc(one.who, { employeeNo: `e-${one.as}`, accountKind: one.kind, enabled: one.enabled }),
          ])
        else if (one.do === 'members') await town.feed('ad', [members(one.right, one.of)])
        else await town.rules(rules(one.grants))
        const kept = await stored(database.db)
        seen += kept.length
        // From nothing: whatever evaluating everything would change, open or close is a difference.
        await database.db.transaction(tx => syncPeople(tx, 'all'))
        expect(await stored(database.db)).toEqual(kept)
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 6), examples: [[EXAMPLE]] },
  )
  expect(seen).toBeGreaterThan(15)
}, 300_000)
