import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AffiliationFacts } from '../../../server/rules/affiliation-facts.ts'
import { asSubject, rightsAbility, toCaslRules } from '../../../server/rules/casl-rules.ts'
import { compile, parseCondition } from '../../../server/rules/condition.ts'
import type { RightsRule } from '../../../server/rules/rights-rule.ts'
import { rulesInForce } from '../../../server/rules/rights-rule.ts'
import type { Role } from '../../../server/rules/role.ts'
import { bookFindings, type Finding, ruleFindings } from '../../../server/rules/rule-findings.ts'
import { buildIndex } from '../../../server/rules/rule-index.ts'
import { entitlementKeys, facts, today, world } from './arbitraries.ts'

type Told = Map<string, string[]>

/** The findings the slow way: plain CASL, one question at a time, and every pair of rules compared. */
function slowly(rules: RightsRule[], roles: Role[], people: AffiliationFacts[]): Told {
  const told: Told = new Map()
  const tell = (key: string, code: string) => told.set(key, [...(told.get(key) ?? []), code])
  const raw = toCaslRules(rules, roles, today)
  const ability = rightsAbility(raw)
  const giving = rightsAbility(raw.filter(rule => !rule.inverted))
  const inForce = rulesInForce(rules, today)
  const catches = (rule: RightsRule) => {
    const { node } = parseCondition(rule.conditions)
    const test = node ? compile(node) : () => false
    return people.map((one, at) => (test(one) ? at : -1)).filter(at => at >= 0)
  }
  const caught = new Map(inForce.map(rule => [rule.key, catches(rule)]))
  const index = buildIndex(rules, roles, entitlementKeys, today)
  const gives = new Map(
    index.rules.map(one => [
      one.rule.key,
      new Map(one.grants.map(grant => [grant.entitlement, JSON.stringify(grant.constraints)])),
    ]),
  )
  for (const rule of inForce) {
    const members = caught.get(rule.key) ?? []
    if (members.length === 0) {
      tell(rule.key, 'nobody')
      continue
    }
    const decides = members.some(at =>
      [...(gives.get(rule.key)?.keys() ?? [])].some(entitlement => {
        const one = asSubject(people[at] as AffiliationFacts)
        const origin = ability.relevantRuleFor('hold', one, entitlement)?.origin as { key?: string } | undefined
        return origin?.key === rule.key && (!rule.inverted || giving.can('hold', one, entitlement))
      }),
    )
    if (!decides && rule.inverted) tell(rule.key, 'forbids-nothing')
    if (!decides && !rule.inverted && (gives.get(rule.key)?.size ?? 0) > 0) tell(rule.key, 'never-wins')
    if (rule.inverted || (gives.get(rule.key)?.size ?? 0) === 0) continue
    const within = (a: RightsRule, b: RightsRule) =>
      !b.inverted &&
      (gives.get(a.key)?.size ?? 0) > 0 &&
      (caught.get(a.key)?.length ?? 0) > 0 &&
      (b.validTo === null || (a.validTo !== null && a.validTo <= b.validTo)) &&
      (caught.get(a.key) ?? []).every(at => caught.get(b.key)?.includes(at)) &&
      [...(gives.get(a.key) ?? [])].every(([entitlement, limits]) => gives.get(b.key)?.get(entitlement) === limits)
    const others = inForce.filter(other => other.key !== rule.key && within(rule, other))
    if (others.some(other => !within(other, rule))) tell(rule.key, 'covered-by')
    else if (others.some(other => other.key < rule.key)) tell(rule.key, 'same-as')
  }
  return told
}

const plain = (findings: readonly Finding[]): Told => {
  const told: Told = new Map()
  for (const { code, key } of findings) {
    const word = code === 'could-never' || code === 'catches-nobody' ? 'nobody' : code
    told.set(key, [...(told.get(key) ?? []), word])
  }
  return told
}
const sorted = (told: Told) => [...told].map(([key, codes]) => [key, [...codes].sort()]).sort()

const base = {
  version: 1,
  name: 'x',
  inverted: false,
  entitlements: ['sbsys/laes'],
  roles: [],
  validFrom: '2020-01-01',
  validTo: null,
  state: 'active' as const,
  owner: 'it',
  order: 10,
}
const somebody = (id: string, more: Partial<AffiliationFacts> = {}): AffiliationFacts => ({
  id,
  personId: id,
  kind: 'employment',
  unitId: 'by',
  unitKey: 'by',
  unitPath: ['by'],
  unitKind: 'top',
  unitLevel: 0,
  position: 'sosu',
  positionCategory: null,
  title: null,
  kle: [],
  functions: [],
  isManager: false,
  managerOf: [],
  fraction: 1,
  primary: true,
  startsOn: '2020-01-01',
  endsOn: null,
  onLeave: false,
  networks: [],
  schoolClass: null,
  ...more,
})
const codes = (rules: RightsRule[], people: AffiliationFacts[]) =>
  ruleFindings(buildIndex(rules, [], entitlementKeys, today), people).map(one => [one.code, one.key, one.others])

describe('rules that are worth a look', () => {
  it('are those that plain CASL and every pair compared find', () => {
    fc.assert(
      fc.property(world, fc.array(facts, { maxLength: 12 }), ({ rules, roles }, people) => {
        const index = buildIndex(rules, roles, entitlementKeys, today)
        expect(sorted(plain(ruleFindings(index, people)))).toEqual(sorted(slowly(rules, roles, people)))
      }),
      { numRuns: 300 },
    )
  })

  it('none where each rule makes a difference', () => {
    const rules = [
      { ...base, key: 'a', conditions: { position: 'sosu' } },
      { ...base, key: 'b', conditions: { position: 'lærer' }, entitlements: ['ad/APP'] },
    ]
    expect(codes(rules, [somebody('1'), somebody('2', { position: 'lærer' })])).toEqual([])
  })

  it('name the rule that decides instead, the one that covers, the one that says the same', () => {
    const people = [somebody('1'), somebody('2', { isManager: true })]
    const wide = { ...base, key: 'wide', conditions: {}, order: 20 }
    const narrow = { ...base, key: 'narrow', conditions: { isManager: true } }
    expect(codes([wide, narrow], people)).toEqual([
      ['covered-by', 'narrow', ['wide']],
      ['never-wins', 'narrow', ['wide']],
    ])
    const twin = { ...base, key: 'wife', conditions: { kind: 'employment' as const }, order: 30 }
    expect(codes([wide, twin], people)).toEqual([
      ['never-wins', 'wide', ['wife']],
      ['same-as', 'wife', ['wide']],
    ])
    const never = { ...base, key: 'never', conditions: {}, inverted: true, reason: 'nej', entitlements: ['ad/*'] }
    expect(codes([wide, never], people)).toEqual([['forbids-nothing', 'never', []]])
  })

  it('name what is gone, roles that nothing gives, and owners who have left', () => {
    const rules = [
      { ...base, key: 'a', conditions: {}, entitlements: ['sbsys/laes', 'sbsys/vaek'], ownerPerson: 'p1' },
      { ...base, key: 'b', conditions: {}, roles: ['outer'], ownerPerson: 'p2' },
      { ...base, key: 'old', conditions: {}, entitlements: ['sbsys/vaek'], roles: ['alone'], validTo: '2021-01-01' },
    ]
    const role = (key: string, roles: string[] = []) => ({ key, name: key, entitlements: [{ key: 'ad/APP' }], roles })
    const found = bookFindings(
      rules,
      [role('outer', ['inner']), role('inner'), role('alone')],
      entitlementKeys,
      today,
      id => id === 'p1',
    )
    expect(found.map(one => [one.code, one.key, one.others])).toEqual([
      ['gives-gone', 'a', ['sbsys/vaek']],
      ['owner-left', 'a', []],
      ['role-not-given', 'alone', []],
    ])
  })
})
