import { createMongoAbility, subject } from '@casl/ability'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asSubject, rightsAbility, toCaslRules } from '../../../server/rules/casl-rules.ts'
import { type Condition, compile, parseCondition } from '../../../server/rules/condition.ts'
import type { RightsRule } from '../../../server/rules/rights-rule.ts'
import { type Role, roleBook, roleCycles } from '../../../server/rules/role.ts'
import { buildIndex } from '../../../server/rules/rule-index.ts'
import { validateRules } from '../../../server/rules/validate-rules.ts'
import { condition, entitlementKeys, facts, today } from './arbitraries.ts'

const rule = (change: Partial<RightsRule> = {}): RightsRule => ({
  key: 'r',
  version: 1,
  name: 'R',
  inverted: false,
  conditions: {},
  entitlements: ['sbsys/laes'],
  roles: [],
  validFrom: '2020-01-01',
  validTo: null,
  state: 'active',
  owner: 'it',
  order: 1,
  ...change,
})
const role = (key: string, entitlements: string[], roles: string[] = []): Role => ({
  key,
  name: key,
  entitlements: entitlements.map(one => ({ key: one })),
  roles,
})
const codes = (rules: RightsRule[], roles: Role[] = []) =>
  validateRules(rules, roles, entitlementKeys).map(problem => problem.code)

describe('rules that may not be used', () => {
  const bad = (conditions: unknown) => [rule({ conditions: conditions as Condition })]
  test.each<[string, RightsRule[], Role[], string[]]>([
    ['sound', [rule()], [], []],
    ['with nothing to give', [rule({ entitlements: [] })], [], ['rule-grants-nothing']],
    [
      'with roles that are all empty',
      [rule({ entitlements: [], roles: ['a'] })],
      [role('a', [], ['b']), role('b', [])],
      ['rule-grants-nothing'],
    ],
    ['inverted without a reason', [rule({ inverted: true, reason: ' ' })], [], ['rule-inverted-without-reason']],
    ['that end before they begin', [rule({ validTo: '2020-01-01' })], [], ['rule-validity-empty']],
    ['that give everything', [rule({ entitlements: ['*'] })], [], ['entitlement-everything-granted']],
    ['whose role gives everything', [rule()], [role('a', ['*'])], ['entitlement-everything-granted']],
    ['that forbid everything', [rule({ inverted: true, reason: 'x', entitlements: ['*'] })], [], []],
    ['with a star inside', [rule({ entitlements: ['sbsys/l*'] })], [], ['entitlement-key-invalid']],
    ['with a star for the system', [rule({ entitlements: ['*/laes'] })], [], ['entitlement-key-invalid']],
    ['for an entitlement that is not known', [rule({ entitlements: ['sbsys/x'] })], [], ['entitlement-unknown']],
    ['for a system that is not known', [rule({ entitlements: ['x/*'] })], [], ['entitlement-wildcard-empty']],
    ['with a role that is not known', [rule({ roles: ['x'] })], [], ['role-unknown']],
    ['twice the same version', [rule(), rule({ state: 'draft' })], [], ['rule-duplicate']],
    ['two versions in force at once', [rule(), rule({ version: 2 })], [], ['rule-duplicate']],
    [
      'two versions after each other',
      [rule({ validTo: '2026-01-01' }), rule({ version: 2, validFrom: '2026-01-01' })],
      [],
      [],
    ],
    ['a draft beside the active version', [rule(), rule({ version: 2, state: 'draft' })], [], []],
    ['twice the same role', [rule()], [role('a', []), role('a', [])], ['role-duplicate']],
    ['roles in a circle', [rule()], [role('a', [], ['b']), role('b', [], ['c']), role('c', [], ['a'])], ['role-cycle']],
    [
      'a constraint for something else',
      [rule({ constraints: { 'kmd.opus/loen': [] } })],
      [],
      ['rule-constraint-unused'],
    ],
    ['an unknown fact', bad({ cpr: '1' }), [], ['condition-unknown-field']],
    ['a person by id', bad({ personId: 'x' }), [], ['rule-names-person']],
    ['a name that every object has', bad({ constructor: 'x' }), [], ['condition-unknown-field']],
    ['an unknown operator', bad({ position: { $regex: '.*' } }), [], ['condition-unknown-operator']],
    [
      'an unknown operator beside a known one',
      bad({ position: { $eq: 'x', $where: 'y' } }),
      [],
      ['condition-unknown-operator'],
    ],
    ['code', bad({ $where: 'true' }), [], ['condition-unknown-operator']],
    [
      'an operator deep inside',
      bad({ $or: [{ $nor: [{ title: { $not: { $like: 'x' } } }] }] }),
      [],
      ['condition-unknown-operator'],
    ],
    ['text by size', bad({ position: { $gt: 'a' } }), [], ['condition-unknown-operator']],
    ['the unit by name', bad({ unit: 'x' }), [], ['condition-unknown-operator']],
    ['below something that is no unit', bad({ position: { $under: 'x' } }), [], ['condition-unknown-operator']],
    ['a kind that does not exist', bad({ kind: { $in: ['temp', 'vikar'] } }), [], ['condition-bad-value']],
    ['null', bad({ position: null }), [], ['condition-bad-value']],
    ['a number for text', bad({ position: 7 }), [], ['condition-bad-value']],
    ['no date', bad({ endsOn: { $lt: '2026-13-01' } }), [], ['condition-bad-value']],
    ['an empty list', bad({ position: { $in: [] } }), [], ['condition-empty-list']],
    ['an empty test', bad({ position: {} }), [], ['condition-empty-list']],
    ['an empty or', bad({ $or: [] }), [], ['condition-empty-list']],
    ['a list for conditions', bad([]), [], ['condition-not-an-object']],
    ['no conditions', bad(undefined), [], ['condition-not-an-object']],
  ])('%s', (_, rules, roles, expected) => {
    expect(codes(rules, roles)).toEqual(expected)
  })

  test('conditions without end', () => {
    let deep: Condition = { isManager: true }
    for (let i = 0; i < 50; i++) deep = { $or: [deep] }
    expect(codes([rule({ conditions: deep })])).toEqual(['condition-too-large'])
  })

  test('the circle of roles is named', () => {
    expect(roleCycles([role('a', [], ['b']), role('b', [], ['b', 'a'])])).toEqual([
      ['b', 'b'],
      ['a', 'b', 'a'],
    ])
    expect(() => roleBook([role('a', [], ['b']), role('b', [], ['a'])]).grants('a')).toThrow('a > b > a')
  })

  test('never become an index or CASL rules', () => {
    expect(() => buildIndex(bad({ x: 1 }), [], entitlementKeys, today)).toThrow('not valid')
    expect(() => buildIndex([rule({ roles: ['x'] })], [], entitlementKeys, today)).toThrow('"x"')
    expect(() => toCaslRules([rule({ roles: ['x'] })], [], today)).toThrow('"x"')
  })
})

describe('conditions', () => {
  test('mean the same compiled and in CASL, missing facts included', () => {
    fc.assert(
      fc.property(condition, facts, (raw, affiliation) => {
        const { node } = parseCondition(raw)
        const ability = rightsAbility([
          { action: 'hold', subject: 'Affiliation', conditions: raw, key: 'r', version: 1 },
        ])
        expect(compile(node!)(affiliation)).toBe(ability.can('hold', asSubject(affiliation)))
      }),
      { numRuns: 4000 },
    )
  })

  test("why CASL's own matcher is not used: a missing fact is smaller than everything, and $or is read as a fact", () => {
    const standard = createMongoAbility([
      { action: 'hold', subject: 'A', fields: ['x'], conditions: { fraction: { $lt: 0.5 } } },
      { action: 'hold', subject: 'A', fields: ['y'] },
      {
        action: 'hold',
        subject: 'A',
        fields: ['y'],
        inverted: true,
        conditions: { $or: [{ kind: 'pupil' }] } as never,
      },
    ])
    expect(standard.can('hold', subject('A', { kind: 'pupil' }), 'x')).toBe(true)
    expect(standard.can('hold', subject('A', { kind: 'pupil' }), 'y')).toBe(true)
    const ours = rightsAbility([
      {
        action: 'hold',
        subject: 'Affiliation',
        fields: ['x'],
        conditions: { fraction: { $lt: 0.5 } },
        key: '',
        version: 1,
      },
      { action: 'hold', subject: 'Affiliation', fields: ['y'], key: '', version: 1 },
      {
        action: 'hold',
        subject: 'Affiliation',
        fields: ['y'],
        inverted: true,
        conditions: { $or: [{ kind: 'pupil' }] },
        key: '',
        version: 1,
      },
    ])
    expect(ours.can('hold', subject('Affiliation', { kind: 'pupil' }), 'x')).toBe(false)
    expect(ours.can('hold', subject('Affiliation', { kind: 'pupil' }), 'y')).toBe(false)
  })

  test('a rule without fields, which for CASL is every field, is never made', () => {
    const raw = toCaslRules(
      [rule({ entitlements: [], roles: ['a'] }), rule({ entitlements: [] })],
      [role('a', [])],
      today,
    )
    expect(raw).toEqual([])
    expect(rightsAbility(raw).can('hold', subject('Affiliation', {}), 'sbsys/laes')).toBe(false)
  })

  test('a wildcard reaches keys with full stops, which one star of CASL does not', () => {
    const ability = rightsAbility(toCaslRules([rule({ entitlements: ['sbsys/*'] })], [], today))
    expect(ability.can('hold', subject('Affiliation', {}), 'sbsys/sag.skriv')).toBe(true)
    expect(ability.can('hold', subject('Affiliation', {}), 'sbsys2/sag')).toBe(false)
  })
})
