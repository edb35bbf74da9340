import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Binding, BindingObject, BoundRight } from '../../../../server/register/bindings/binding.ts'
import { effectivePurpose } from '../../../../server/register/bindings/effective-purpose.ts'

const DAY = '2026-06-15'
let made = 0
const bound = (object: BindingObject, over: Partial<Binding> = {}): Binding => ({
  ...{ id: `b${++made}`, object, activityId: 'activity', purposeKey: 'main', scope: {} },
  ...{ from: '2026-01-01', to: null },
  ...over,
})
const right = (over: Partial<BoundRight> = {}): BoundRight => ({
  systemId: 's1',
  entitlementId: 'e1',
  ways: [{ affiliationId: 'a1', ruleKey: 'rule', rolePath: ['outer', 'inner'], groupIds: [] }],
  limits: {},
  ...over,
})
const ids = (one: BoundRight, bindings: readonly Binding[]) =>
  effectivePurpose(one, bindings, DAY).map(({ binding }) => binding.id)

describe('the purpose of a right', () => {
  const system = bound({ level: 'system', systemId: 's1' })
  const entitlement = bound({ level: 'entitlement', entitlementId: 'e1' })
  const group = bound({ level: 'group', groupId: 'g1' })
  const inner = bound({ level: 'role', roleKey: 'inner' })
  const outer = bound({ level: 'role', roleKey: 'outer' })
  const rule = bound({ level: 'rule', ruleKey: 'rule' })
  const assignment = bound({ level: 'assignment', affiliationId: 'a1', entitlementId: 'e1' })

  it('is what is said nearest to the person', () => {
    const all = [system, entitlement, inner, outer, rule, assignment]
    while (all.length > 0) {
      expect(ids(right(), all)).toEqual([all.at(-1)!.id])
      all.pop()
    }
    expect(ids(right(), [])).toEqual([])
  })

  it('counts what is said of the group by which it is held before what is said of the right', () => {
    const held = right({ ways: [{ affiliationId: null, ruleKey: null, rolePath: [], groupIds: ['g0', 'g1'] }] })
    expect(ids(held, [system, entitlement, group])).toEqual([group.id])
    expect(ids(right(), [system, entitlement, group])).toEqual([entitlement.id])
  })

  it('is of every way in which the right comes, and several on one level all count', () => {
    const other = bound({ level: 'role', roleKey: 'outer' })
    const two = right({
      ways: [
        { affiliationId: 'a1', ruleKey: 'rule', rolePath: ['outer'], groupIds: [] },
        { affiliationId: 'a2', ruleKey: 'else', rolePath: [], groupIds: [] },
      ],
    })
    expect(ids(two, [outer, other, entitlement]).sort()).toEqual([outer.id, other.id, entitlement.id].sort())
  })

  it('has an end, and another use of the same right is not its purpose', () => {
    const ended = bound({ level: 'rule', ruleKey: 'rule' }, { to: DAY })
    const later = bound({ level: 'rule', ruleKey: 'rule' }, { from: '2026-06-16' })
    expect(ids(right(), [ended, later, system])).toEqual([system.id])
    const nursing = bound({ level: 'entitlement', entitlementId: 'e1' }, { scope: { kle: ['29'] } })
    const aids = bound({ level: 'entitlement', entitlementId: 'e1' }, { scope: { kle: ['27.36'] } })
    expect(ids(right({ limits: { kle: ['29.18'] } }), [nursing, aids])).toEqual([nursing.id])
  })

  it('says where the right reaches further than its purpose', () => {
    const nursing = bound({ level: 'entitlement', entitlementId: 'e1' }, { scope: { kle: ['29.18'] } })
    const wider = (limits: BoundRight['limits']) => effectivePurpose(right({ limits }), [nursing], DAY)[0]?.wider
    expect(wider({ kle: ['29.18.04'] })).toBe(false)
    expect(wider({ kle: ['29'] })).toBe(true)
    expect(wider({ kle: ['29.18', '27'] })).toBe(true)
    expect(wider({})).toBe(true)
    expect(wider({ kle: ['27'] })).toBeUndefined()
  })
})

// Few values, so that bindings and rights meet often.
const of = (...values: string[]) => fc.constantFrom(...values)
const anyObject: fc.Arbitrary<BindingObject> = fc.oneof(
  fc.record({ level: fc.constant('system' as const), systemId: of('s1', 's2') }),
  fc.record({ level: fc.constant('entitlement' as const), entitlementId: of('e1', 'e2') }),
  fc.record({ level: fc.constant('group' as const), groupId: of('g1', 'g2') }),
  fc.record({ level: fc.constant('role' as const), roleKey: of('r1', 'r2', 'r3') }),
  fc.record({ level: fc.constant('rule' as const), ruleKey: of('k1', 'k2') }),
  fc.record({
    level: fc.constant('assignment' as const),
    affiliationId: of('a1', 'a2'),
    entitlementId: of('e1', 'e2'),
  }),
)
const days = of('2026-06-14', '2026-06-15', '2026-06-16')
const anyBinding = fc.record({
  object: anyObject,
  activityId: fc.constant('activity'),
  purposeKey: fc.constant('main'),
  scope: fc.oneof(
    fc.constant({}),
    fc.record({ kle: fc.array(of('27', '27.36', '29'), { minLength: 1, maxLength: 2 }) }),
  ),
  from: days,
  to: fc.option(days, { nil: null }),
})
const anyRight: fc.Arbitrary<BoundRight> = fc.record({
  systemId: of('s1', 's2'),
  entitlementId: of('e1', 'e2'),
  ways: fc.array(
    fc.record({
      affiliationId: fc.option(of('a1', 'a2'), { nil: null }),
      ruleKey: fc.option(of('k1', 'k2'), { nil: null }),
      rolePath: fc.uniqueArray(of('r1', 'r2', 'r3'), { maxLength: 3 }),
      groupIds: fc.uniqueArray(of('g1', 'g2'), { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  limits: fc.oneof(
    fc.constant({}),
    fc.record({ kle: fc.array(of('27', '27.36.04', '29.18'), { minLength: 1, maxLength: 2 }) }),
  ),
})

/** Climbs from the person to the system, step by step, and stops where anything is said: written from the rule, not the code. */
function climb(one: BoundRight, bindings: readonly Binding[]): string[] {
  const counts = (binding: Binding) => {
    if (binding.from > DAY || (binding.to !== null && binding.to <= DAY)) return false
    const scope = binding.scope.kle
    const held = one.limits.kle
    if (!scope || !held) return true
    return held.some(a => scope.some(b => `${a}.`.startsWith(`${b}.`) || `${b}.`.startsWith(`${a}.`)))
  }
  const said = new Set<string>()
  for (const way of one.ways) {
    const stairs = [
      way.affiliationId ? `assignment ${way.affiliationId} ${one.entitlementId}` : null,
      way.ruleKey ? `rule ${way.ruleKey}` : null,
      ...way.rolePath.map(key => `role ${key}`),
      way.groupIds.map(id => `group ${id}`),
      `entitlement ${one.entitlementId}`,
      `system ${one.systemId}`,
    ]
    for (const stair of stairs) {
      const names = [stair].flat()
      const here = bindings.filter(
        binding => names.includes(Object.values(binding.object).join(' ')) && counts(binding),
      )
      for (const binding of here) said.add(binding.id)
      if (here.length > 0) break
    }
  }
  return [...said].sort()
}

it('is what somebody finds who climbs from the person to the system, for any bindings and any right', () => {
  let found = 0
  fc.assert(
    fc.property(anyRight, fc.array(anyBinding, { maxLength: 12 }), (one, raw) => {
      const bindings = raw.map((binding, place) => ({ ...binding, id: `b${place}` }))
      const answer = ids(one, bindings)
      expect(answer.toSorted()).toEqual(climb(one, bindings))
      found += answer.length
    }),
    { numRuns: 2000 },
  )
  expect(found).toBeGreaterThan(500)
})
