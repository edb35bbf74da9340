import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catchUp, recompute } from '../../../../server/access/access-store.ts'
import { addGrants, endGrants } from '../../../../server/access/grants/grant-store.ts'
import { rightsOn } from '../../../../server/access/upcoming-rights.ts'
import { affiliationFacts } from '../../../../server/people/affiliation-facts-view.ts'
import { addDays } from '../../../../server/platform/civil-date.ts'
import { civilDate } from '../../../../server/platform/clock.ts'
import type { FeedRecord } from '../../../../server/platform/feed-record.ts'
import type { Tx } from '../../../../server/platform/unit-of-work.ts'
import type { AffiliationFacts } from '../../../../server/rules/affiliation-facts.ts'
import { asSubject, rightsAbility, toCaslRules } from '../../../../server/rules/casl-rules.ts'
import type { RightsRule } from '../../../../server/rules/rights-rule.ts'
import { loadRoles, loadRules, replaceRules } from '../../../../server/rules/rules-store.ts'
import { withoutGrace } from '../../../support/access-policies.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, job, municipality, person, position, system, unit } from '../../../support/municipality.ts'
import { expected, type StoredRight, stored } from '../oracle.ts'

const database = testDatabase()
const KEYS = ['a/read', 'a/write', 'b/x']
const base: FeedRecord[] = [
  unit('100', { name: 'Kommunen', unitKind: 'unit' }),
  unit('110', { name: 'Nord', unitKind: 'unit', parent: '100' }),
  position('ssa', { name: 'Assistent', category: 'care', titles: 'SSA' }),
  ...[0, 1, 2].flatMap(n => [person(`p${n}`), job(`e${n}`, `p${n}`, { unit: n === 0 ? '100' : '110', title: 'SSA' })]),
]
const rule = (key: string, given: Partial<RightsRule>): RightsRule => ({
  ...{ key, name: key, version: 1, state: 'active', inverted: false, conditions: {}, roles: [], order: 0 },
  ...{ entitlements: KEYS, validFrom: '2020-01-01', validTo: null, owner: 'HR' },
  ...given,
})
const aRule = fc
  .record({
    unit: fc.constantFrom('100', '110'),
    inverted: fc.boolean(),
    entitlements: fc.subarray(KEYS, { minLength: 1 }),
    limited: fc.boolean(),
    order: fc.integer({ min: 0, max: 2 }),
    validTo: fc.constantFrom(null, '2026-03-04'),
  })
  .map(({ unit: key, limited, ...given }) =>
    rule('r', {
      ...given,
      conditions: { unitKey: key },
      ...(given.inverted ? { reason: 'nej' } : {}),
      // The units have no KLE numbers, so that this limit resolves to nothing.
      ...(limited && !given.inverted ? { constraints: { '*': [{ on: 'kle', kind: 'kle' as const }] } } : {}),
    }),
  )
/** One that forbids: what it is about is mostly asked for by hand. */
const never = aRule.map(
  ({ constraints: _, ...given }): RightsRule => ({
    ...given,
    ...{ inverted: true, reason: 'nej', entitlements: KEYS, conditions: { unitKey: '110' }, validTo: null, order: 2 },
  }),
)
/** Something that is given in any case; what never came about would prove nothing. */
const ALWAYS: [RightsRule, RightsRule, Step[]] = [
  rule('r1', { inverted: true, reason: 'nej', conditions: { unitKey: '110' }, order: 2 }),
  rule('r2', { conditions: { unitKey: '110' } }),
  [{ do: 'give', n: 0, key: 'a/read', from: null, to: null, empty: false, hours: null }, { do: 'day' }],
]
const date = fc.constantFrom(null, null, '2026-03-01', '2026-03-03')
type Step =
  | { do: 'give'; n: number; key: string; from: string | null; to: string | null; empty: boolean; hours: number | null }
  | { do: 'end'; place: number }
  | { do: 'rule'; which: 'r1' | 'r2'; rule: RightsRule }
  | { do: 'job'; n: number; unit: string; ends: string | null }
  | { do: 'day' }
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('give' as const),
      n: fc.integer({ min: 0, max: 2 }),
      key: fc.constantFrom(...KEYS),
      from: date,
      to: fc.constantFrom(null, '2026-03-06', '2026-03-09'),
      empty: fc.constantFrom(false, false, true),
      hours: fc.constantFrom(null, null, 30),
    }),
  },
  fc.record({ do: fc.constant('end' as const), place: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant('rule' as const), which: fc.constantFrom('r1' as const, 'r2' as const), rule: aRule }),
  fc.record({
    do: fc.constant('job' as const),
    n: fc.integer({ min: 0, max: 2 }),
    unit: fc.constantFrom('100', '110'),
    ends: fc.constantFrom(null, '2026-03-04'),
  }),
  fc.constant({ do: 'day' as const }),
)

/** The rules' answer by plain CASL, and then every grant asked for itself, from the rows as they stand. */
async function withGrants(tx: Tx, today: string, now: Date): Promise<StoredRight[]> {
  const rights = await expected(tx, today)
  const ability = rightsAbility(toCaslRules(await loadRules(tx), await loadRoles(tx), today))
  const facts = new Map<string, AffiliationFacts>()
  for await (const batch of affiliationFacts(tx, 'all'))
    for (const one of batch as AffiliationFacts[]) facts.set(one.id, one)
  const rows = await tx.query<{
    id: string
    affiliation: string
    key: string
    entitlement: string
    constraints: { values: string[] }[]
    from: string | null
    to: string | null
    expires: Date | null
    ended: boolean
  }>(
    `select g.id, g.affiliation_id as affiliation, f.key, e.key as entitlement, g.constraints, g.valid_from as from,
       g.valid_to as to, g.expires_at as expires, g.ended_at is not null as ended
     from right_grant g join affiliation f on f.id = g.affiliation_id join entitlement e on e.id = g.entitlement_id`,
  )
  for (const one of rows) {
    const who = facts.get(one.affiliation) as AffiliationFacts
    if (one.ended || (one.from ?? '') > today || (one.to ?? '9') <= today || (one.expires && one.expires <= now))
      continue
    if (who.startsOn > today || (who.endsOn ?? '9') <= today) continue
    // Some rule decides: it gives (then it is there already, or its limit means nothing), or it forbids.
    if (ability.relevantRuleFor('hold', asSubject(who), one.entitlement)) continue
    if (one.constraints.some(limit => limit.values.length === 0)) continue
    const day = one.expires ? addDays(civilDate(one.expires), 1) : null
    const to = [one.to, day].filter(end => end !== null).sort()[0] ?? null
    const ends = [to, who.endsOn].filter(end => end !== null).sort()[0] ?? null
    const known = rights.find(right => right.affiliation === one.key && right.entitlement === one.entitlement)
    if (!known)
      rights.push({
        affiliation: one.key,
        entitlement: one.entitlement,
        rule: '',
        constraints: one.constraints,
        validTo: ends,
      })
    else if ((ends ?? '9') > (known.validTo ?? '9')) known.validTo = ends
  }
  return rights.sort((a, b) => (`${a.affiliation} ${a.entitlement}` < `${b.affiliation} ${b.entitlement}` ? -1 : 1))
}

describe('grants', () => {
  it('take part in what is decided as plain CASL and every grant by itself say; ahead and anew give the same', async () => {
    let given = 0
    await fc.assert(
      fc.asyncProperty(never, aRule, fc.array(step, { minLength: 2, maxLength: 6 }), async (r1, r2, steps) => {
        await database.reset()
        await database.db.transaction(withoutGrace)
        const town = municipality(database.db)
        await town.feed('hr', base)
        await town.feed('systems', [
          system('a', { name: 'A' }),
          system('b', { name: 'B' }),
          ...KEYS.map(key => entitlement(key, { name: key })),
        ])
        const rules = new Map([
          ['r1', { ...r1, key: 'r1' }],
          ['r2', { ...r2, key: 'r2' }],
        ])
        let today = town.when.today
        let now = town.when.now
        const ids: string[] = []
        const settle = (change: (tx: Tx) => Promise<unknown>) =>
          database.db.transaction(async tx => {
            await change(tx)
            await catchUp(tx, { today, now, cause: 'test' })
            const is = await stored(tx)
            given += is.filter(one => one.rule === '').length
            expect(is).toEqual(await withGrants(tx, today, now))
            expect(await recompute(tx, 'all', { today, now, cause: 'check' })).toMatchObject({
              ...{ added: 0, changed: 0, removed: 0 },
            })
            const all = await tx.query<{ id: string; key: string }>('select id, key from affiliation')
            const ahead = await rightsOn(
              tx,
              all.map(one => one.id),
              today,
            )
            const keys = new Map(all.map(one => [one.id, one.key]))
            expect(
              ahead
                .map(one => `${keys.get(one.affiliationId)} ${one.entitlement} ${one.ruleKey ?? ''} ${one.validTo}`)
                .sort(),
            ).toEqual(is.map(one => `${one.affiliation} ${one.entitlement} ${one.rule} ${one.validTo}`).sort())
          })
        await settle(tx => replaceRules(tx, [...rules.values()], 'test'))
        for (const one of steps) {
          if (one.do === 'job')
            await town.feed('hr', [
              job(`e${one.n}`, `p${one.n}`, {
                ...{ unit: one.unit, title: 'SSA' },
                ...(one.ends ? { endsOn: one.ends } : {}),
              }),
            ])
          if (one.do === 'day') {
            today = '2026-03-04'
            now = new Date('2026-03-04T09:00:00Z')
          }
          await settle(async tx => {
            if (one.do === 'rule') {
              rules.set(one.which, { ...one.rule, key: one.which })
              await replaceRules(tx, [...rules.values()], 'test')
            }
            if (one.do === 'end' && ids[one.place] !== undefined)
              await endGrants(tx, [ids[one.place] as string], { now, today, by: 'test', reason: 'slut' })
            if (one.do !== 'give') return
            const [row] = await tx.query<{ affiliation: string; entitlement: string }>(
              `select (select id from affiliation where key = $1) as affiliation, (select id from entitlement where key = $2) as entitlement`,
              [`e${one.n}`, one.key],
            )
            ids.push(
              ...(await addGrants(
                tx,
                [
                  {
                    ...{ affiliationId: row?.affiliation as string, entitlementId: row?.entitlement as string },
                    ...{ constraints: one.empty ? [{ on: 'unit', kind: 'fixed' as const, values: [] }] : [] },
                    ...{
                      from: one.from,
                      to: one.to,
                      kind: 'report' as const,
                      reason: 'test',
                      caseId: null,
                      by: 'test',
                    },
                    expiresAt: one.hours === null ? null : new Date(now.getTime() + one.hours * 3_600_000),
                  },
                ],
                { now },
              )),
            )
          })
        }
      }),
      { numRuns: 6, examples: [ALWAYS], endOnFailure: true },
    )
    expect(given).toBeGreaterThan(0)
  })
})
