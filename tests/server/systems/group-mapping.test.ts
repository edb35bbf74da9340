import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEntitlementKey } from '../../../server/systems/entitlement-key.ts'
import { groupPattern, mapGroups } from '../../../server/systems/group-mapping.ts'

const mapping = (pattern: string, entitlement: string, id = pattern, source = 'ad') => ({
  id,
  source,
  pattern,
  entitlement,
})
const group = (name: string, source = 'ad') => ({ id: name, source, name })
const rightsOf = (name: string, ...mappings: ReturnType<typeof mapping>[]) =>
  mapGroups([group(name)], mappings).map(one => one.entitlement)

/** Letters that patterns, keys and regular expressions give a meaning, and the two ways to write å. */
const letter = fc.constantFrom('a', 'A', 'b', '_', '-', '.', '(', '[', '\\', '$', '^', '+', '/', ' ', 'å', 'a\u030a')
const text = fc.string({ unit: letter, maxLength: 6 })
const literal = (part: string) =>
  part
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

describe('a group pattern', () => {
  it('says what the regular expression says that it stands for', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 4 }),
        fc.oneof(
          text,
          fc.array(text).map(parts => parts.join('')),
        ),
        (parts, name) => {
          const expected = new RegExp(`^${parts.map(literal).join('([^]*?)')}$`, 'u').exec(
            name.normalize('NFC').toLowerCase(),
          )
          expect(groupPattern(parts.join('*'))(name)).toEqual(expected === null ? null : expected.slice(1))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('catches what stands between its parts: put together again it is the name', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 2, maxLength: 4 }),
        fc.array(text, { minLength: 3, maxLength: 3 }),
        (parts, fill) => {
          const name = parts.map((part, i) => part + (i < parts.length - 1 ? fill[i] : '')).join('')
          const caught = groupPattern(parts.join('*'))(name)
          expect(caught).not.toBeNull()
          const again = parts.map((part, i) => part + (caught?.[i] ?? '')).join('')
          expect(again.normalize('NFC').toLowerCase()).toBe(name.normalize('NFC').toLowerCase())
        },
      ),
    )
  })
})

describe('groups become rights', () => {
  it('whatever comes in, what comes out is a valid key of the same source', () => {
    const mappings = fc.array(
      fc.record({
        id: fc.uuid(),
        source: fc.constantFrom('ad', 'ldap'),
        pattern: text,
        entitlement: fc.oneof(fc.constantFrom('sbsys/{1}', '{1}/{2}', '{1}'), text),
      }),
    )
    const groups = fc.array(fc.record({ id: fc.uuid(), source: fc.constantFrom('ad', 'ldap'), name: text }))
    fc.assert(
      fc.property(groups, mappings, (all, rules) => {
        for (const one of mapGroups(all, rules)) {
          expect(isEntitlementKey(one.entitlement)).toBe(true)
          expect(rules.find(rule => rule.id === one.mappingId)?.source).toBe(
            all.find(g => g.id === one.groupId)?.source,
          )
        }
      }),
    )
  })

  it('the first pattern that fits decides', () => {
    expect(rightsOf('APP_sbsys_laes', mapping('APP_sbsys_*', 'sbsys/{1}'), mapping('APP_*', 'alt/{1}'))).toEqual([
      'sbsys/laes',
    ])
    expect(rightsOf('APP_kmd', mapping('APP_sbsys_*', 'sbsys/{1}'), mapping('APP_*', 'alt/{1}'))).toEqual(['alt/kmd'])
  })

  it('one that makes no valid key does not decide', () => {
    expect(rightsOf('APP__x', mapping('APP_*_*', '{1}/{2}'), mapping('APP_*', 'alt/{1}'))).toEqual(['alt/_x'])
    expect(rightsOf('APP_', mapping('APP_*', 'sbsys/{1}'))).toEqual([])
  })

  it('the same pattern twice gives both rights', () => {
    expect(rightsOf('g', mapping('g', 'a/x', '1'), mapping('G', 'b/y', '2'), mapping('*', 'c/z', '3'))).toEqual([
      'a/x',
      'b/y',
    ])
  })

  it('a star may stand for nothing, and å is å however it is written', () => {
    expect(rightsOf('g-read', mapping('g-read*', 'sbsys/reader'))).toEqual(['sbsys/reader'])
    expect(rightsOf('bla\u030a-gruppe', mapping('BL\u00c5-*', 'sbsys/{1}'))).toEqual(['sbsys/gruppe'])
    expect(rightsOf('g', mapping('g', 'a/x', 'g', 'ldap'))).toEqual([])
  })
})
