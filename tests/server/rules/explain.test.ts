import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../../server/rules/decide-rights.ts'
import { type ExplainedCondition, explainMissing } from '../../../server/rules/explain.ts'
import { buildIndex } from '../../../server/rules/rule-index.ts'
import { entitlementKeys, facts, today, world } from './arbitraries.ts'

/** What the marks on the parts say about the whole, worked out again from the leaves. */
function outcome(line: ExplainedCondition): boolean {
  if (line.op === 'test') return line.met
  const parts = line.of.map(outcome)
  if (line.op === 'not') return !parts[0]
  return line.op === 'and' ? parts.every(Boolean) : parts.some(Boolean)
}

test('an explanation says the same as the decision, and its lines add up', () => {
  fc.assert(
    fc.property(world, facts, fc.constantFrom(...entitlementKeys), ({ rules, roles }, affiliation, key) => {
      const index = buildIndex(rules, roles, entitlementKeys, today)
      const held = decide(index, affiliation).find(right => right.entitlement === key)
      const explained = explainMissing(index, key, affiliation)
      expect(explained.held).toBe(held !== undefined)
      if (held) expect(explained.granting.find(rule => rule.met)?.ruleKey).toBe(held.ruleKey)
      if (explained.deniedBy) {
        expect(explained.deniedBy.met).toBe(true)
        expect(explained.deniedBy.reason).not.toBe('')
      } else expect(explained.held).toBe(explained.granting.some(rule => rule.met))
      for (const rule of explained.granting) expect(outcome(rule.conditions)).toBe(rule.met)
    }),
    { numRuns: 1000 },
  )
})

test('what is missing is shown with the fact that stands there instead', () => {
  const someone = { ...fc.sample(facts, { numRuns: 1, seed: 1 })[0]!, position: 'lærer', unitPath: ['by', 'skole'] }
  const rule = {
    key: 'plejen',
    version: 2,
    name: 'Plejen',
    inverted: false,
    conditions: { position: 'sosu', unit: { $under: 'by' } },
    entitlements: [],
    roles: ['pleje'],
    validFrom: '2020-01-01',
    validTo: null,
    state: 'active' as const,
    owner: 'it',
    order: 1,
  }
  const roles = [
    { key: 'pleje', name: 'Pleje', entitlements: [], roles: ['basis'] },
    { key: 'basis', name: 'Basis', entitlements: [{ key: 'sbsys/laes' }], roles: [] },
  ]
  const index = buildIndex([rule], roles, entitlementKeys, today)
  expect(explainMissing(index, 'sbsys/laes', someone)).toEqual({
    entitlement: 'sbsys/laes',
    known: true,
    held: false,
    deniedBy: null,
    granting: [
      {
        ruleKey: 'plejen',
        ruleVersion: 2,
        name: 'Plejen',
        rolePath: ['pleje', 'basis'],
        met: false,
        conditions: {
          op: 'and',
          met: false,
          of: [
            { op: 'test', met: false, field: 'position', test: 'eq', expected: 'sosu', actual: 'lærer' },
            { op: 'test', met: true, field: 'unitPath', test: 'in', expected: ['by'], actual: ['by', 'skole'] },
          ],
        },
      },
    ],
  })
  expect(explainMissing(index, 'ukendt/x', someone).known).toBe(false)
})
