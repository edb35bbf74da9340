import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entitlementOf, matchGlob } from '../../../server/rules/group-mapping.ts'

describe('matching a group name', () => {
  test.each<[string, string, string[] | null]>([
    ['GG-SBSYS', 'gg-sbsys', []],
    ['GG-SBSYS-*', 'GG-SBSYS-Læs', ['Læs']],
    ['GG-SBSYS-*', 'GG-SBSYS-', null],
    ['*', 'alt', ['alt']],
    ['APP_*_*', 'APP_KMD_Opus_Læs', ['KMD', 'Opus_Læs']],
    ['*-x-*-x', 'a-x-b-x-x', ['a', 'b-x']],
    ['*-læs', 'kmd-opus-LÆS', ['kmd-opus']],
    ['a*a', 'aa', null],
    ['ØKO-*', 'ØKO-bilag'.normalize('NFD'), ['bilag']],
    ['a.c', 'abc', null],
    ['**', 'ab', ['a', 'b']],
  ])('%s against %s', (pattern, name, captured) => {
    expect(matchGlob(pattern, name)).toEqual(captured)
  })

  test('finds a fit exactly when there is one, and what it captured fills the pattern again', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 8 })
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), piece, (literals, name) => {
        const pattern = literals.join('*')
        const reference = new RegExp(`^${literals.join('.+')}$`).test(name)
        const captured = matchGlob(pattern, name)
        expect(captured !== null).toBe(reference)
        if (captured) expect(literals.map((part, i) => part + (captured[i] ?? '')).join('')).toBe(name)
      }),
      { numRuns: 3000 },
    )
  })

  test('a pattern with many stars does not take long', () => {
    expect(matchGlob(`${'*a'.repeat(40)}b`, 'a'.repeat(5000))).toBeNull()
  })
})

describe('the entitlement of a group', () => {
  const mappings = [
    { source: 'ad', match: { cn: 'GG-SBSYS-*' }, entitlement: 'sbsys/caseworker' },
    { source: 'ad', match: { cn: 'APP_*_*' }, entitlement: '{1}/{2}' },
    { source: 'ad', match: { cn: '*' }, entitlement: 'ad/{1}' },
  ]
  test.each([
    ['GG-SBSYS-Plejen', 'sbsys/caseworker'],
    ['APP_KMD Opus_Løn læs', 'kmd-opus/løn-læs'],
    ['Domain Users', 'ad/domain-users'],
    ['x*y', null],
  ])('%s', (cn, expected) => {
    expect(entitlementOf(mappings, { source: 'ad', cn })).toBe(expected)
  })
  test('of another source is not named', () => {
    expect(entitlementOf(mappings, { source: 'ldap', cn: 'GG-SBSYS-Plejen' })).toBeNull()
  })
})
