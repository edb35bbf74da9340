import { describe, expect, it } from 'vitest'
import { loadGrounds, loadIndex, printsOf, stampOf } from '../../../server/access/grounds-store.ts'
import type { Db, Tx } from '../../../server/platform/unit-of-work.ts'
import type { RightsRule } from '../../../server/rules/rights-rule.ts'
import { replaceRules } from '../../../server/rules/rules-store.ts'
import { testDatabase } from '../../support/database.ts'
import { entitlement, municipality, system, unit } from '../../support/municipality.ts'

const here = testDatabase()
const elsewhere = testDatabase()
const DAY = '2026-03-01'

const rule = (more: Partial<RightsRule> = {}): RightsRule => ({
  ...{ key: 'r', name: 'r', version: 1, inverted: false, state: 'active', conditions: {}, entitlements: ['a/read'] },
  ...{ roles: [], validFrom: '2020-01-01', validTo: null, owner: 'HR', order: 0 },
  ...more,
})
const town = async (db: Db) => {
  const made = municipality(db)
  await made.feed('hr', [unit('100', { name: 'Alt' })])
  await made.feed('systems', [
    system('a', { name: 'A' }),
    ...['a/read', 'a/write'].map(key => entitlement(key, { name: key })),
  ])
  return made
}
const gives = async (tx: Tx) =>
  (await loadIndex(tx, DAY)).rules.flatMap(one => one.grants.map(grant => grant.entitlement))

describe('grounds of decisions, kept in the process', () => {
  it('are those of the transaction that decides, whoever changed them and whether that was taken back', async () => {
    const { db } = here
    const made = await town(db)
    await db.transaction(tx => replaceRules(tx, [rule()], 'test'))
    const first = await db.snapshot(tx => loadIndex(tx, DAY))
    expect(first.rules).toHaveLength(1)
    // The same content is the same object: nothing was loaded and compiled again.
    expect(await db.snapshot(tx => loadIndex(tx, DAY))).toBe(first)
    // Another day is another answer.
    expect(await db.snapshot(tx => loadIndex(tx, '2019-01-01'))).not.toBe(first)

    // A change that is taken back was never there; and another one that gets the same version is not taken for it.
    await db
      .transaction(async tx => {
        await replaceRules(tx, [rule({ entitlements: ['a/write'] })], 'test')
        expect(await gives(tx)).toEqual(['a/write'])
        throw new Error('taken back')
      })
      .catch(error => expect(String(error)).toContain('taken back'))
    expect(await db.snapshot(gives)).toEqual(['a/read'])
    await db.transaction(tx => replaceRules(tx, [rule({ entitlements: ['a/read', 'a/write'] })], 'test'))
    expect(await db.snapshot(gives)).toEqual(['a/read', 'a/write'])

    // What is not committed counts for nobody else; once it is, for everybody.
    await db.transaction(async tx => {
      await replaceRules(tx, [], 'test')
      expect(await db.snapshot(gives)).toEqual(['a/read', 'a/write'])
      expect(await gives(tx)).toEqual([])
    })
    expect(await db.snapshot(gives)).toEqual([])

    // Entitlements and units are grounds too.
    await db.transaction(tx => replaceRules(tx, [rule()], 'test'))
    const before = await db.snapshot(tx => loadGrounds(tx, DAY))
    expect(before.ids.has('a/read')).toBe(true)
    await db.transaction(tx => tx.query(`update entitlement set gone_at = now() where key = 'a/read'`))
    expect((await db.snapshot(tx => loadGrounds(tx, DAY))).ids.has('a/read')).toBe(false)
    expect(await db.snapshot(gives)).toEqual([])
    expect(before.units.below('100')).toEqual(['100'])
    await made.feed('hr', [unit('110', { name: 'Under', parent: '100' })])
    expect((await db.snapshot(tx => loadGrounds(tx, DAY))).units.below('100')).toEqual(['100', '110'])
  })

  it('are never those of another database with the same keys and versions', async () => {
    await town(elsewhere.db)
    await elsewhere.db.transaction(tx => replaceRules(tx, [rule()], 'test'))
    await here.reset()
    await town(here.db)
    await here.db.transaction(tx => replaceRules(tx, [rule()], 'test'))
    const [a, b] = [
      await here.db.snapshot(tx => loadGrounds(tx, DAY)),
      await elsewhere.db.snapshot(tx => loadGrounds(tx, DAY)),
    ]
    expect(a.ids.get('a/read')).not.toBe(b.ids.get('a/read'))
    expect(stampOf(await here.db.snapshot(printsOf))).not.toBe(stampOf(await elsewhere.db.snapshot(printsOf)))
  })
})
