import { permittedFieldsOf } from '@casl/ability/extra'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AffiliationFacts } from '../../../server/rules/affiliation-facts.ts'
import { asSubject, rightsAbility, toCaslRules } from '../../../server/rules/casl-rules.ts'
import { affectedBy, decide, type Held, holds, matchingRules, touches } from '../../../server/rules/decide-rights.ts'
import type { RightsRule } from '../../../server/rules/rights-rule.ts'
import type { Role } from '../../../server/rules/role.ts'
import { buildIndex, replaceRule } from '../../../server/rules/rule-index.ts'
import { validateRules } from '../../../server/rules/validate-rules.ts'
import { entitlementKeys, facts, rules as rulesArbitrary, today, world } from './arbitraries.ts'

type World = { rules: RightsRule[]; roles: Role[] }
type Engine = (world: World, facts: AffiliationFacts) => { entitlement: string; ruleKey: string }[]

const runs = { numRuns: 1500 }
const byText = (a: string, b: string) => (a < b ? -1 : 1)
const plain = (held: { entitlement: string; ruleKey: string }[]) =>
  held.map(one => `${one.entitlement} by ${one.ruleKey}`).sort(byText)

const engine: Engine = ({ rules, roles }, affiliation) =>
  decide(buildIndex(rules, roles, entitlementKeys, today), affiliation)

/** What plain CASL answers, asked entitlement by entitlement; the rule is the one `relevantRuleFor` gives. */
function casl({ rules, roles }: World, affiliation: AffiliationFacts): string[] {
  const ability = rightsAbility(toCaslRules(rules, roles, today))
  const subject = asSubject(affiliation)
  return plain(
    entitlementKeys
      .filter(key => ability.can('hold', subject, key))
      .map(key => ({
        entitlement: key,
        ruleKey: (ability.relevantRuleFor('hold', subject, key)!.origin as unknown as { key: string }).key,
      })),
  )
}

/** The differential test itself, so that it can be turned on broken engines too. */
function assertEqualsCasl(candidate: Engine) {
  fc.assert(
    fc.property(world, fc.array(facts, { minLength: 1, maxLength: 4 }), (one, affiliations) => {
      for (const affiliation of affiliations) expect(plain(candidate(one, affiliation))).toEqual(casl(one, affiliation))
    }),
    runs,
  )
}

describe('the engine and plain CASL', () => {
  test('give the same rights by the same rules', () => {
    assertEqualsCasl(engine)
  })

  test('the random worlds are worth asking: rules are valid, rights are held, denied and overruled', () => {
    const seen = { held: 0, denied: 0, nothing: 0, several: 0 }
    fc.assert(
      fc.property(world, facts, (one, affiliation) => {
        expect(
          validateRules(one.rules, one.roles, entitlementKeys).filter(p => p.code !== 'rule-grants-nothing'),
        ).toEqual([])
        const index = buildIndex(one.rules, one.roles, entitlementKeys, today)
        const held = decide(index, affiliation)
        if (held.length > 0) seen.held++
        else seen.nothing++
        if (held.some(right => right.alsoBecause.length > 0)) seen.several++
        const granted = matchingRules(index, affiliation).flatMap(r => (r.rule.inverted ? [] : r.grants))
        if (granted.some(grant => !held.some(right => right.entitlement === grant.entitlement))) seen.denied++
      }),
      runs,
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
  })

  test.each<[string, Engine]>([
    ['ignores order', (w, f) => engine({ ...w, rules: w.rules.map(r => ({ ...r, order: 0 })) }, f)],
    ['takes drafts as active', (w, f) => engine({ ...w, rules: w.rules.map(r => ({ ...r, state: 'active' })) }, f)],
    ['ignores the end of a rule', (w, f) => engine({ ...w, rules: w.rules.map(r => ({ ...r, validTo: null })) }, f)],
    ['drops inverted rules', (w, f) => engine({ ...w, rules: w.rules.filter(r => !r.inverted) }, f)],
    [
      'lets a prohibition win always',
      (w, f) => engine({ ...w, rules: w.rules.map(r => ({ ...r, order: r.inverted ? 9 : r.order })) }, f),
    ],
    ['does not open roles in roles', (w, f) => engine({ ...w, roles: w.roles.map(r => ({ ...r, roles: [] })) }, f)],
    [
      'loses wildcards',
      (w, f) =>
        engine(
          { ...w, rules: w.rules.map(r => ({ ...r, entitlements: r.entitlements.filter(e => !e.endsWith('*')) })) },
          f,
        ),
    ],
    [
      'ignores or',
      (w, f) => engine({ ...w, rules: w.rules.map(r => ({ ...r, conditions: withoutOr(r.conditions) })) }, f),
    ],
    ['takes a missing number as 0', (w, f) => engine(w, { ...f, fraction: f.fraction ?? 0 })],
    ['forgets the units above', (w, f) => engine(w, { ...f, unitPath: [f.unitKey] })],
    [
      'names the wrong rule',
      (w, f) => engine(w, f).map(r => ({ ...r, ruleKey: (r as Held).alsoBecause[0]?.ruleKey ?? r.ruleKey })),
    ],
  ])('an engine that %s is caught', (_, broken) => {
    expect(() => assertEqualsCasl(broken)).toThrow()
  })

  test('the list of what is held is the one of permittedFieldsOf', () => {
    fc.assert(
      fc.property(world, facts, (one, affiliation) => {
        const ability = rightsAbility(toCaslRules(one.rules, one.roles, today))
        const fields = permittedFieldsOf(ability, 'hold', asSubject(affiliation), {
          fieldsFrom: rule => entitlementKeys.filter(key => rule.matchesField(key)),
        })
        const held = engine(one, affiliation).map(right => right.entitlement)
        expect(held.sort(byText)).toEqual(fields.sort(byText))
      }),
      runs,
    )
  })

  test('no rule at all: nothing is held', () => {
    fc.assert(
      fc.property(facts, affiliation => {
        expect(engine({ rules: [], roles: [] }, affiliation)).toEqual([])
        expect(casl({ rules: [], roles: [] }, affiliation)).toEqual([])
      }),
    )
  })

  test('a single question gets the same answer as the whole list', () => {
    fc.assert(
      fc.property(world, facts, (one, affiliation) => {
        const index = buildIndex(one.rules, one.roles, entitlementKeys, today)
        const held = new Set(decide(index, affiliation).map(right => right.entitlement))
        for (const key of entitlementKeys) expect(holds(index, affiliation, key)).toBe(held.has(key))
        expect(holds(index, affiliation, 'ukendt/x')).toBe(false)
      }),
      runs,
    )
  })
})

const withoutOr = (conditions: RightsRule['conditions']) => {
  const { $or, ...rest } = conditions
  return rest as RightsRule['conditions']
}

describe('what a decision says', () => {
  test('the rule, the roles between, the facts and the constraints', () => {
    const base = { version: 3, name: '', inverted: false, validFrom: '2020-01-01', validTo: null, owner: 'it' } as const
    const rules: RightsRule[] = [
      { ...base, key: 'alle', conditions: {}, entitlements: ['sbsys/*'], roles: [], state: 'active', order: 1 },
      {
        ...base,
        key: 'plejen',
        conditions: { position: { $in: ['sosu', 'lærer'] }, unit: { $under: 'omsorg' }, onLeave: { $ne: true } },
        entitlements: [],
        roles: ['pleje'],
        constraints: { 'sbsys/*': [{ on: 'unit', kind: 'own-unit' }] },
        state: 'active',
        order: 2,
      },
    ]
    const roles: Role[] = [
      { key: 'pleje', name: '', entitlements: [], roles: ['basis'] },
      {
        key: 'basis',
        name: '',
        entitlements: [{ key: 'sbsys/laes', constraints: [{ on: 'kle', kind: 'kle' }] }],
        roles: [],
      },
    ]
    const someone = {
      ...fc.sample(facts, { numRuns: 1, seed: 1 })[0]!,
      position: 'sosu',
      unitPath: ['by', 'omsorg', 'plejehjem-1'],
      onLeave: false,
    }
    expect(engine({ rules, roles }, someone)).toEqual([
      {
        entitlement: 'sbsys/laes',
        ruleKey: 'plejen',
        ruleVersion: 3,
        rolePath: ['pleje', 'basis'],
        matched: [
          { field: 'position', value: 'sosu' },
          { field: 'unitPath', value: 'omsorg' },
          { field: 'onLeave', value: false },
        ],
        constraints: [
          { on: 'kle', kind: 'kle' },
          { on: 'unit', kind: 'own-unit' },
        ],
        alsoBecause: [{ ruleKey: 'alle', ruleVersion: 3, rolePath: [], matched: [], constraints: [] }],
      },
      {
        entitlement: 'sbsys/sag.skriv',
        ruleKey: 'alle',
        ruleVersion: 3,
        rolePath: [],
        matched: [],
        constraints: [],
        alsoBecause: [],
      },
    ])
  })

  test('a draft or a rule out of its dates is never the reason of anything', () => {
    fc.assert(
      fc.property(world, facts, (one, affiliation) => {
        const off = one.rules.filter(
          r => r.state === 'draft' || r.validFrom > today || (r.validTo && r.validTo <= today),
        )
        const named = new Set(off.map(r => r.key))
        for (const right of decide(buildIndex(one.rules, one.roles, entitlementKeys, today), affiliation))
          for (const because of [right, ...right.alsoBecause]) expect(named.has(because.ruleKey)).toBe(false)
      }),
      runs,
    )
  })

  test('without the deciding rule, the next reason decides, and with none left the right is gone', () => {
    fc.assert(
      fc.property(world, facts, (one, affiliation) => {
        for (const right of decide(buildIndex(one.rules, one.roles, entitlementKeys, today), affiliation)) {
          const rules = one.rules.filter(rule => rule.key !== right.ruleKey)
          const [next] = right.alsoBecause
          const without = decide(buildIndex(rules, one.roles, entitlementKeys, today), affiliation)
          expect(without.find(other => other.entitlement === right.entitlement)?.ruleKey).toBe(next?.ruleKey)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('the facts named were enough: all others may go and the rule still matches', () => {
    fc.assert(
      fc.property(world, facts, (one, affiliation) => {
        const index = buildIndex(one.rules, one.roles, entitlementKeys, today)
        for (const right of decide(index, affiliation)) {
          const kept: Record<string, unknown> = {}
          for (const { field } of right.matched) kept[field] = affiliation[field]
          expect(touches(index, right.ruleKey, kept as AffiliationFacts)).toBe(true)
        }
      }),
      runs,
    )
  })

  test('the order in which rules and affiliations come does not matter', () => {
    const shuffled = world.chain(one =>
      fc.record({
        one: fc.constant(one),
        rules: fc.shuffledSubarray(one.rules, { minLength: one.rules.length }),
        affiliations: fc.uniqueArray(facts, { maxLength: 6, selector: f => f.id }),
      }),
    )
    fc.assert(
      fc.property(shuffled, fc.infiniteStream(fc.nat()), ({ one, rules, affiliations }, numbers) => {
        const straight = buildIndex(one.rules, one.roles, entitlementKeys, today)
        const mixed = buildIndex(rules, one.roles, entitlementKeys, today)
        const order = affiliations.map(f => ({ f, n: numbers.next().value })).sort((a, b) => a.n - b.n)
        const expected = new Map(affiliations.map(f => [f.id, decide(straight, f)]))
        for (const { f } of order) expect(decide(mixed, f)).toEqual(expected.get(f.id))
      }),
      { numRuns: 500 },
    )
  })
})

describe('deciding again only what a change touches', () => {
  const change = fc.record({
    before: world,
    affiliations: fc.array(facts, { maxLength: 8 }),
    fresh: rulesArbitrary,
    pick: fc.nat(20),
    remove: fc.boolean(),
  })

  const incremental = (
    { before, affiliations, fresh, pick, remove }: typeof change extends fc.Arbitrary<infer T> ? T : never,
    affected: typeof affectedBy,
  ) => {
    const old = buildIndex(before.rules, before.roles, entitlementKeys, today)
    const target = before.rules[pick % Math.max(1, before.rules.length)]?.key ?? 'regel-0'
    const replacement = remove ? null : ({ ...fresh[0], key: target } as RightsRule)
    const rules = before.rules.filter(rule => rule.key !== target)
    if (replacement && fresh[0]) rules.push(replacement)
    const next = replaceRule(old, target, fresh[0] ? replacement : null)
    const full = buildIndex(rules, before.roles, entitlementKeys, today)
    const again = new Set(affected(old, next, affiliations))
    for (const one of affiliations) {
      const result = again.has(one) ? decide(next, one) : decide(old, one)
      expect(result).toEqual(decide(full, one))
    }
  }

  test('gives the same as deciding everyone', () => {
    fc.assert(
      fc.property(change, one => incremental(one, affectedBy)),
      runs,
    )
  })

  test('an engine that forgets to look at the old rule is caught', () => {
    const forgetful: typeof affectedBy = (before, after, list) =>
      affectedBy(before, after, list).filter(one =>
        after.rules.some(rule => rule.test(one) && !before.rules.includes(rule)),
      )
    expect(() =>
      fc.assert(
        fc.property(change, one => incremental(one, forgetful)),
        runs,
      ),
    ).toThrow()
  })

  test('a change of a role or of the known entitlements is seen too', () => {
    fc.assert(
      fc.property(
        world,
        world,
        fc.array(facts, { maxLength: 8 }),
        fc.subarray(entitlementKeys),
        (a, b, affiliations, keys) => {
          const old = buildIndex(a.rules, a.roles, entitlementKeys, today)
          const next = buildIndex(a.rules, b.roles, keys, today)
          const again = new Set(affectedBy(old, next, affiliations))
          for (const one of affiliations) {
            const fresh = [...decide(next, one)].sort((x, y) => byText(x.entitlement, y.entitlement))
            const kept = [...decide(old, one)].sort((x, y) => byText(x.entitlement, y.entitlement))
            if (!again.has(one)) expect(kept).toEqual(fresh)
          }
        },
      ),
      runs,
    )
  })
})
