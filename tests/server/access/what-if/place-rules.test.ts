import { describe, expect, test } from 'vitest'
import { sameContent } from '../../../../server/access/rules-change-service.ts'
import { placeRules } from '../../../../server/access/what-if/place-rules.ts'
import type { DraftChange } from '../../../../server/contract/what-if-draft.ts'
import { rightsRule } from '../../../../server/rules/rights-rule.ts'
import { role } from '../../../../server/rules/role.ts'

const rule = (key: string, more: object = {}) =>
  rightsRule.parse({
    ...{ key, name: key, conditions: {}, entitlements: ['a/b'], validFrom: '2020-01-01', state: 'active' },
    ...{ owner: 'HR', order: 1, ...more },
  })
const nothing = { rules: [], roles: [], removedRules: [], removedRoles: [] }
let made = 0
const using = { newId: () => `new${++made}`, same: sameContent }
const close: DraftChange = { id: 'close', kind: 'unit-close', unit: 'u' }
const inForce = { rules: [rule('one'), rule('one--1', { inverted: true, reason: 'Prøve', excepts: 'one' })], roles: [] }
const put = (id: string, one: { key: string }): DraftChange => ({ id, kind: 'rule-put', rule: { ...one } })

describe('a form in a draft', () => {
  test('stands where the draft spoke of the rule first, as the change that it was', () => {
    const changes = [put('a', rule('one', { name: 'Før' })), close]
    const next = placeRules(changes, { ...nothing, rules: [rule('one', { name: 'Efter' })] }, inForce, using)
    expect(next.map(one => [one.id, one.kind])).toEqual([
      ['a', 'rule-put'],
      ['close', 'unit-close'],
    ])
    expect(next[0]).toMatchObject({ rule: { name: 'Efter' } })
  })

  test('is no change where the rule is as it is in force, whatever version it is', () => {
    const changes = [put('a', rule('one', { name: 'Før' })), close]
    expect(placeRules(changes, { ...nothing, rules: [rule('one', { version: 7 })] }, inForce, using)).toEqual([close])
  })

  test('takes an exception away: one in force by a change, one of the draft by leaving it out', () => {
    const own = rule('one--2', { inverted: true, reason: 'Prøve', excepts: 'one' })
    const changes = [put('a', own), close]
    const patch = { ...nothing, rules: [rule('one')], removedRules: ['one--1', 'one--2'] }
    const next = placeRules(changes, patch, inForce, using)
    expect(next).toMatchObject([{ kind: 'rule-retire', key: 'one--1' }, close])
  })

  test('stands behind the roles of the draft that it names', () => {
    const made = role.parse({ key: 'r', name: 'R', entitlements: [{ key: 'a/b' }] })
    const changes: DraftChange[] = [put('a', rule('two')), close, { id: 'b', kind: 'role-put', role: { ...made } }]
    const next = placeRules(changes, { ...nothing, rules: [rule('two', { roles: ['r'] })] }, inForce, using)
    expect(next.map(one => one.id)).toEqual(['close', 'b', 'a'])
  })
})
