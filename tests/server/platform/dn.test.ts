import fc from 'fast-check'
import { DN } from 'ldapts'
import { expect, test } from 'vitest'
import { canonicalDn, dnDepth, dnKey, isWithin, parentDn } from '../../../server/platform/dn.ts'

/** Each list names one entry in ways that servers, exports and people write it. */
test.each([
  [
    'a comma in a name',
    ['cn=Olsen\\, Bo,dc=x', 'cn="Olsen, Bo",dc=x', 'cn=Olsen\\2C Bo,dc=x', 'cn=Olsen\\2c Bo , dc = x'],
  ],
  [
    'letters beyond ASCII',
    ['cn=Åse Bæk,dc=x', 'cn=\\c3\\85se B\\c3\\a6k,dc=x', 'cn=\\C3\\85se B\\C3\\A6k,dc=x', 'cn=A\u030ase Bæk,dc=x'],
  ],
  ['a number sign in front', ['cn=\\#1 vagt,dc=x', 'cn=\\231 vagt,dc=x', 'cn="#1 vagt",dc=x']],
  ['blanks at the ends', ['cn=\\ kant\\ ,dc=x', 'cn=\\20kant\\20,dc=x', 'cn=" kant ",dc=x', 'cn= \\ kant\\  ,dc=x']],
  ['quotes and backslashes', ['cn=\\"A\\" \\\\ B,dc=x', 'cn=\\22A\\22 \\5C B,dc=x', 'cn="\\"A\\" \\\\ B",dc=x']],
  ['an equals sign', ['cn=a=b,dc=x', 'cn=a\\=b,dc=x', 'cn=a\\3db,dc=x']],
  ['several values in one part', ['cn=Anna+uid=a1,dc=x', 'uid=a1+cn=Anna,dc=x', 'uid = a1 + cn = Anna, dc=x']],
  ['a deleted entry of a domain', ['CN=Bo\\0ADEL:1,DC=x', 'CN=Bo\\\nDEL:1,DC=x']],
  ['semicolons as separators', ['cn=a,ou=b,dc=x', 'cn=a;ou=b;dc=x']],
  ['blanks in a row', ['cn=Bo Olsen,dc=x', 'cn=Bo   Olsen,dc=x']],
  ['an attribute given as a number', ['OID.2.5.4.3=Bo,dc=x', '2.5.4.3=Bo,dc=x']],
  ['a value given as bytes', ['2.5.4.3=#04024869,dc=x', '2.5.4.3=#04024869 ,dc=x']],
])('%s: however it is written, it is one DN', (_what, ways) => {
  expect(new Set(ways.map(way => dnKey(canonicalDn(way))))).toEqual(new Set([dnKey(canonicalDn(ways[0]!))]))
  expect(canonicalDn(canonicalDn(ways[0]!))).toBe(canonicalDn(ways[0]!))
})

test('what differs stays different', () => {
  const dns = [
    'cn=a\\,b,dc=x',
    'cn=a,cn=b,dc=x',
    'cn=a\\+b,dc=x',
    'cn=ab,dc=x',
    'cn=\\ ab,dc=x',
    'cn=a b,dc=x',
    'cn=#6162,dc=x',
    'cn=\\#6162,dc=x',
  ]
  expect(new Set(dns.map(dn => dnKey(canonicalDn(dn)))).size).toBe(dns.length)
})

test('what is no DN is left as it is', () => {
  for (const text of ['', 'abc', 'not, a dn', 'cn="open,dc=x', 'cn=a,', '=x,dc=y', 'S-1-5-32-545'])
    expect(canonicalDn(`${text} `)).toBe(text.trim())
  expect(canonicalDn('cn=a\\')).toBe('cn=a\\')
})

const value = fc.string({
  unit: fc.oneof(fc.constantFrom(...' ,+"\\<>;=#\n\0aæÅ'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
  minLength: 1,
  maxLength: 12,
})
/** Escapes every byte: the one way of writing that leaves nothing to chance. */
const hex = (text: string) => Array.from(Buffer.from(text), byte => `\\${byte.toString(16).padStart(2, '0')}`).join('')

test('any value survives: written in hex and in the one form it is the same entry, and forms do not run together', () => {
  fc.assert(
    fc.property(value, value, (first, second) => {
      const form = (text: string) => canonicalDn(`cn=${hex(text)},ou=x,dc=y`)
      expect(canonicalDn(form(first))).toBe(form(first))
      expect(parentDn(form(first))).toBe('ou=x,dc=y')
      expect(dnDepth(form(first))).toBe(3)
      const same = (text: string) => text.normalize('NFC').replace(/ {2,}/g, ' ')
      expect(form(first) === form(second)).toBe(same(first) === same(second))
    }),
    { examples: ['\u3000', '\u00a0', 'a\u2009', ' \u2028'].map(wide => [wide, wide.trim()]) },
  )
})

test('the client library reads the one form as the same DN', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-zæøå0-9.#,+"<>;= -]{1,20}$/).filter(text => text.trim() === text && !/ {2}/.test(text)),
      text => {
        const written = new DN().addPairRDN('cn', text).addPairRDN('dc', 'x').toString()
        expect(canonicalDn(written)).toBe(canonicalDn(`cn=${hex(text)},dc=x`))
      },
    ),
  )
})

test('any text at all gives an answer', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => typeof canonicalDn(text) === 'string'))
})

test('the DN above; an escaped comma does not separate', () => {
  expect(parentDn('cn=Olsen\\, Bo,ou=Sundhed,dc=x')).toBe('ou=Sundhed,dc=x')
  expect(parentDn('dc=x')).toBe('')
})

test('below a base, in whatever form the two are written', () => {
  expect(isWithin('cn=A,OU=Sundhed\\, Ældre,dc=x', 'ou="sundhed, ældre", dc=x')).toBe(true)
  expect(isWithin('ou=b,dc=x', 'ou=b,dc=x')).toBe(true)
  expect(isWithin('cn=a,xou=b,dc=x', 'ou=b,dc=x')).toBe(false)
  expect(isWithin('dc=x', 'ou=b,dc=x')).toBe(false)
})
