import { describe, expect, test } from 'vitest'
import { heldAgainst } from '../../../../server/access/what-if/decide-apply.ts'
import { translateCondition, translateRule, unitsNamed } from '../../../../server/access/what-if/translate-units.ts'
import { rightsRule } from '../../../../server/rules/rights-rule.ts'

const map = new Map([
  ['old', ['new']],
  ['split', ['split', 'part']],
])

describe('a rule that follows a unit', () => {
  test('names the new units beside the old, wherever a unit is named', () => {
    expect(
      translateCondition(
        {
          unit: { $under: 'old' },
          unitKey: { $in: ['old', 'else'] },
          managerOf: 'split',
          $or: [{ unitKey: { $ne: 'old' } }, { unitPath: { $not: { $eq: 'old' } } }],
          position: 'old',
        },
        map,
      ),
    ).toEqual({
      unit: { $under: ['old', 'new'] },
      unitKey: { $in: ['old', 'new', 'else'] },
      managerOf: { $in: ['split', 'part'] },
      $or: [{ unitKey: { $nin: ['old', 'new'] } }, { unitPath: { $not: { $in: ['old', 'new'] } } }],
      position: 'old',
    })
  })

  test('has its fixed limits on units follow, and others not; a rule that names none is left alone', () => {
    const rule = rightsRule.parse({
      ...{ key: 'r', name: 'R', conditions: {}, entitlements: ['a/b'], validFrom: '2020-01-01', state: 'active' },
      ...{ owner: 'HR', order: 1 },
      constraints: {
        '*': [
          { on: 'unit', kind: 'fixed', values: ['old'] },
          { on: 'kle', kind: 'fixed', values: ['old'] },
        ],
      },
    })
    expect(translateRule(rule, map)?.constraints).toEqual({
      '*': [
        { on: 'unit', kind: 'fixed', values: ['old', 'new'] },
        { on: 'kle', kind: 'fixed', values: ['old'] },
      ],
    })
    expect(unitsNamed(rule)).toEqual(new Set(['old']))
    expect(translateRule(rule, new Map([['other', ['x']]]))).toBeNull()
  })
})

describe('what was approved, against what would happen now', () => {
  const gain = { affiliationId: 'a', entitlement: 's/x', effect: 'gain', limitAfter: [] }
  const loss = { affiliationId: 'a', entitlement: 's/y', effect: 'loss', limitAfter: null }
  const held = (limits: unknown, active = true) => new Map([['a s/x', { active, limits }]])

  test('is the same', () => {
    expect(heldAgainst([gain, loss], [loss, gain], new Map())).toEqual({ unexpected: 0, vanished: 0 })
  })
  test('more, the other way, or with other limits than anybody agreed to', () => {
    expect(heldAgainst([gain], [gain, loss], new Map()).unexpected).toBe(1)
    expect(heldAgainst([gain], [{ ...gain, effect: 'loss', limitAfter: null }], new Map()).unexpected).toBe(1)
    expect(heldAgainst([gain], [{ ...gain, limitAfter: [{ on: 'unit' }] }], new Map()).unexpected).toBe(1)
  })
  test('less is the same where it is so already, or the person has left', () => {
    expect(heldAgainst([gain], [], held([])).vanished).toBe(0)
    expect(heldAgainst([gain], [], held(null)).vanished).toBe(1)
    expect(heldAgainst([gain], [], held(null, false)).vanished).toBe(0)
    expect(heldAgainst([loss], [], new Map([['a s/y', { active: true, limits: [] }]])).vanished).toBe(1)
  })
})
