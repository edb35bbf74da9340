import { expect, test } from 'vitest'
import type { Tx } from '../../../server/platform/unit-of-work.ts'
import { rightsRule } from '../../../server/rules/rights-rule.ts'
import { replaceRules } from '../../../server/rules/rules-store.ts'
import { testDatabase } from '../../support/database.ts'

const database = testDatabase()
const KEYS = Array.from({ length: 60 }, (_, n) => `regel-${n}`)
/** In each round every fifth of them is another. */
const rules = (round: number) =>
  KEYS.map((key, order) =>
    rightsRule.parse({
      ...{
        key,
        name: order % 5 === 0 ? `${key} i runde ${round}` : key,
        conditions: {},
        entitlements: ['s/read'],
        validFrom: '2020-01-01',
      },
      ...{ state: 'active', owner: 'HR', order },
    }),
  )

const ONE = 'select from rights_rule r where r.key = k and upper_inf(r.recorded)'
const given = new Error('given up')
const unlessGiven = (error: unknown) => {
  if (error !== given) throw error
}

/** Rules are looked up in an index one by one, as the planner does it where there are many. */
async function asIfMany(tx: Tx): Promise<void> {
  for (const way of ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin']) await tx.query(`set local enable_${way} = off`)
}

/**
 * What was begun and given up leaves dead entries in the index that keeps two versions from counting at once. PostgreSQL 18.4
 * marks living ones as dead with them when a statement reads that index while it fills it past its first page.
 */
test('a rule is found by its key, however often a change of many was begun and given up', async () => {
  const { db } = database
  const store = (round: number, keep: boolean) => {
    return db
      .transaction(async tx => {
        await asIfMany(tx)
        await replaceRules(tx, rules(round), 'test')
        if (!keep) throw given
      })
      .catch(unlessGiven)
  }
  await store(0, true)
  for (let round = 1; round < 14; round++) {
    await store(round, false)
    await db
      .transaction(async tx => {
        await asIfMany(tx)
        const byKey = () => tx.query(`select k from unnest($1::text[]) k where not exists (${ONE})`, [KEYS])
        expect(await byKey(), `after round ${round}`).toEqual([])
        // The same by the index of the constraint alone: what it does not find it does not keep apart either.
        await tx.query('alter table rights_rule drop constraint rights_rule_pkey')
        await tx.query('drop index rights_rule_open')
        expect(await byKey(), `by the constraint, after round ${round}`).toEqual([])
        throw given
      })
      .catch(unlessGiven)
  }
})
