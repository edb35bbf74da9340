import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { daSaid } from '../../../client/texts/da-said.ts'
import { enSaid } from '../../../client/texts/en-said.ts'
import { mistakesOf, readRulesYaml, writeRulesYaml } from '../../../server/rules/rules-yaml.ts'
import { validateRules } from '../../../server/rules/validate-rules.ts'
import { entitlementKeys, world } from './arbitraries.ts'

const mappings = fc.array(
  fc.record({
    source: fc.constantFrom('ad', 'yes', '1'),
    match: fc.record({ cn: fc.constantFrom('GG-SBSYS-*', '*', '* # x', 'Ærø_*_*') }),
    entitlement: fc.constantFrom('sbsys/caseworker', 'app/{1}'),
  }),
)

describe('rules as YAML', () => {
  test('what is written is read back the same, in the same order', () => {
    let read = 0
    fc.assert(
      fc.property(world, mappings, ({ rules, roles }, groups) => {
        fc.pre(validateRules(rules, roles, entitlementKeys).length === 0)
        const content = { roles, rules, mappings: groups }
        const text = writeRulesYaml(content)
        const again = readRulesYaml(text, 'regler.yaml', { knownEntitlements: entitlementKeys })
        expect(again.problems).toEqual([])
        expect(again.content).toEqual(content)
        expect(writeRulesYaml(again.content!)).toBe(text)
        if (rules.length > 2) read++
      }),
      { numRuns: 400 },
    )
    expect(read).toBeGreaterThan(50)
  })

  test('a rule as an administrator writes it', () => {
    const { content, problems } = readRulesYaml(rule(), 'regler.yaml')
    expect(problems).toEqual([])
    expect(content?.rules[0]?.conditions).toEqual({ position: 'sosu', unit: { $under: 'u-12' } })
  })

  const rule = (change: (text: string) => string = text => text) =>
    change(`# Plejen
rules:
  - key: plejen
    version: 1
    name: Plejen læser journal
    inverted: false
    conditions:
      position: sosu
      unit: { $under: u-12 }
    entitlements: [cura/journal]
    roles: []
    validFrom: 2026-01-01
    validTo: null
    state: active
    owner: it
    order: 10
`)

  test.each<[string, (text: string) => string, string, number, number]>([
    ['a key that does not exist', t => t.replace('owner:', 'ejer: x\n    owner:'), 'yaml-unknown-key', 15, 5],
    ['a missing key', t => t.replace('    owner: it\n', ''), 'yaml-bad-value', 3, 5],
    ['conditions left out', t => t.replace(/ {4}conditions:\n.*\n.*\n/, ''), 'yaml-bad-value', 3, 5],
    ['a value of the wrong type', t => t.replace('version: 1', 'version: en'), 'yaml-bad-value', 4, 5],
    ['a day that does not exist', t => t.replace('2026-01-01', '2026-02-30'), 'yaml-bad-value', 12, 5],
    ['an unknown fact', t => t.replace('position: sosu', 'stilling: sosu'), 'condition-unknown-field', 8, 7],
    ['an unknown operator', t => t.replace('$under', '$regex'), 'condition-unknown-operator', 9, 15],
    ['an invalid entitlement', t => t.replace('cura/journal', 'cura'), 'entitlement-key-invalid', 10, 20],
    ['an unknown role', t => t.replace('roles: []', 'roles: [x]'), 'role-unknown', 11, 13],
    ['an indentation that is wrong', t => t.replace('    name', '   name'), 'yaml-syntax', 5, 1],
    ['the same key twice', t => t.replace('order: 10', 'order: 10\n    order: 11'), 'yaml-syntax', 17, 5],
    ['a tag', t => t.replace('sosu', '!!js/function x'), 'yaml-syntax', 8, 17],
    ['several documents', t => `${t}---\nrules: []\n`, 'yaml-several-documents', 17, 1],
    ['a list at the top', () => '- x\n', 'yaml-bad-value', 1, 1],
  ])('%s is refused with its line and column', (_, change, code, line, column) => {
    const { content, problems } = readRulesYaml(rule(change), 'regler.yaml')
    expect(content).toBeNull()
    expect(problems[0]).toMatchObject({ file: 'regler.yaml', code, line, column })
    expect(problems[0]?.message).toMatch(/\w+/)
    // Screens say it in their language, with the line.
    expect(mistakesOf(problems)[0]).toMatchObject({ line, said: { code } })
    for (const texts of [daSaid, enSaid]) expect(texts.said).toHaveProperty(code)
  })

  test('a rule that grants nothing is refused', () => {
    const text = rule(t => t.replace('[cura/journal]', '[]'))
    expect(readRulesYaml(text, 'f').problems.map(p => p.code)).toEqual(['rule-grants-nothing'])
  })

  test('what goes without saying may be left out, conditions may not', () => {
    const short = rule(t => t.replace(/ {4}(version|inverted|roles|validTo): .*\n/g, ''))
    expect(readRulesYaml(short, 'f').content).toEqual(readRulesYaml(rule(), 'f').content)
  })

  test('all problems come at once', () => {
    const text = rule(t => t.replace('sosu', '1').replace('cura/journal', 'cura').replace('roles: []', 'roles: [x]'))
    expect(
      readRulesYaml(text, 'f')
        .problems.map(p => p.code)
        .sort(),
    ).toEqual(['condition-bad-value', 'entitlement-key-invalid', 'role-unknown'])
  })

  test('aliases that would unfold without end are refused', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
    for (let i = 0; i < 6; i++)
      bomb.push(
        `b${i}: &b${i} [${Array(10)
          .fill(i === 0 ? '*a' : `*b${i - 1}`)
          .join(',')}]`,
      )
    expect(readRulesYaml(bomb.join('\n'), 'f').problems[0]?.code).toBe('yaml-syntax')
  })

  test('an empty file has no rules and no problems', () => {
    expect(readRulesYaml('# kun en note\n', 'f').content).toEqual({ roles: [], rules: [], mappings: [] })
  })

  test('a mapping that asks for a star that is not there is refused', () => {
    const text = 'mappings:\n  - source: ad\n    match: { cn: "APP_*" }\n    entitlement: "{1}/{2}"\n'
    expect(readRulesYaml(text, 'f').problems).toMatchObject([{ code: 'mapping-unknown-star', line: 4, column: 5 }])
  })
})
