import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileMapping, type Mapping, mapping } from '../../../../server/feeds/reading/map-record.ts'
import { readDate } from '../../../../server/feeds/reading/read-date.ts'

const run = (map: Mapping, values: Record<string, string[]>) =>
  compileMapping(mapping.parse(map))(name => values[name] ?? [])

test('columns, lists, flags, dates, constants, translations and defaults', () => {
  const result = run(
    {
      name: 'Navn',
      kle: { column: 'KLE', split: '|' },
      members: 'member',
      enabled: { attribute: 'uac', flag: '!2' },
      startsOn: { column: 'Fra', date: 'da' },
      tree: { const: 'admin' },
      unitKind: { column: 'Type', map: { A: 'unit' } },
      email: { column: 'Mail', lower: true },
      displayName: { attribute: 'displayName', otherwise: 'cn' },
      criticality: { column: 'Vigtig', map: { J: 'high' }, default: 'low' },
    },
    {
      Navn: [' Ældre '],
      KLE: ['00.01 | 27 ||'],
      member: ['a', 'b'],
      uac: ['514'],
      Fra: ['1.2.2026'],
      Type: ['A'],
      Mail: ['A@B.DK'],
      cn: ['Åse'],
      Vigtig: ['?'],
    },
  )
  expect(result).toEqual({
    ok: true,
    attrs: {
      name: 'Ældre',
      kle: ['00.01', '27'],
      members: ['a', 'b'],
      enabled: false,
      startsOn: '2026-02-01',
      tree: 'admin',
      unitKind: 'unit',
      email: 'a@b.dk',
      displayName: 'Åse',
      criticality: 'low',
    },
  })
})

test.each([
  [{ startsOn: { column: 'x', date: 'iso' } }, '31-12-2026', 'date-invalid'],
  [{ startsOn: { column: 'x', date: 'da' } }, '31.02.2026', 'date-invalid'],
  [{ unitKind: { column: 'x', map: { A: 'unit' } } }, 'B', 'value-unknown'],
  [{ enabled: { column: 'x', flag: '2' } }, 'ja', 'not-a-number'],
] as [Mapping, string, string][])('%j refuses %s', (map, value, reason) => {
  expect(run(map, { x: [value] })).toMatchObject({ ok: false, reason, params: { from: 'x' } })
})

test.each([
  ['116444736000000000', 'filetime', '1970-01-01T00:00:00.000Z'],
  ['132539328000000000', 'filetime', '2021-01-01T00:00:00.000Z'],
  ['0', 'filetime', null],
  ['9223372036854775807', 'filetime', null],
  ['20260102030405.0Z', 'generalized', '2026-01-02T03:04:05.000Z'],
  ['20260102030405+0100', 'generalized', '2026-01-02T02:04:05.000Z'],
  ['20260102030405.123Z', 'generalized', '2026-01-02T03:04:05.123Z'],
  ['20260102030405,5-0230', 'generalized', '2026-01-02T05:34:05.500Z'],
  ['20260102030405+01', 'generalized', '2026-01-02T02:04:05.000Z'],
  ['2026010203.5Z', 'generalized', '2026-01-02T03:30:00.000Z'],
  ['202601020304.25Z', 'generalized', '2026-01-02T03:04:15.000Z'],
  ['20161231235960Z', 'generalized', '2016-12-31T23:59:59.000Z'],
  ['16010101000000.0Z', 'generalized', '1601-01-01T00:00:00.000Z'],
  ['20260230000000Z', 'generalized', 'invalid'],
  ['20260102240000Z', 'generalized', 'invalid'],
  ['00000101000000Z', 'generalized', 'invalid'],
  ['20260102030405', 'generalized', 'invalid'],
  ['2650467743999999999', 'filetime', null],
  ['-1', 'filetime', 'invalid'],
  ['2026-02-29', 'iso', 'invalid'],
  ['2024-02-29', 'iso', '2024-02-29'],
  ['1/3/2026', 'da', '2026-03-01'],
] as const)('%s as %s is %s', (text, format, expected) => {
  expect(readDate(text, format)).toBe(expected)
})

test('letters, pieces, beginnings and several columns in one', () => {
  const values = {
    Navn: ['  HANSEN-ÅBY, åse marie '],
    Kode: ['DK-0042-x'],
    Vej: ['Torvet'],
    Nr: ['3'],
    Etage: [],
    ou: ['a', 'b'],
    Dato: ['fra 1.2.2026'],
  }
  expect(
    run(
      {
        familyName: { column: 'Navn', split: ',', part: 1, case: 'title' },
        givenName: { column: 'Navn', split: ',', part: -1, case: 'title' },
        thirdName: { column: 'Navn', split: ',', part: 3, default: 'ingen' },
        employeeNo: { column: 'Kode', strip: { start: 'DK-', end: '-x' } },
        code: { column: 'Kode', strip: 'DK-', case: 'upper' },
        address: { column: 'Vej', also: ['Nr', 'Etage'], join: ' ' },
        path: { attribute: 'ou', join: '/' },
        none: { attribute: 'missing', join: ' ', default: '-' },
        startsOn: { column: 'Dato', strip: 'fra', date: 'da' },
      },
      values,
    ),
  ).toEqual({
    ok: true,
    attrs: {
      familyName: 'Hansen-Åby',
      givenName: 'Åse Marie',
      thirdName: 'ingen',
      employeeNo: '0042',
      code: '0042-X',
      address: 'Torvet 3',
      path: 'a/b',
      none: '-',
      startsOn: '2026-02-01',
    },
  })
})

test.each([
  [{ a: { column: 'x', part: 1 } }],
  [{ a: { column: 'x', split: ',', part: 0 } }],
  [{ a: { column: 'x', also: ['y'] } }],
  [{ a: { column: 'x', split: ',', join: ' ' } }],
  [{ a: { column: 'x', pattern: '(a+)+' } }],
  [{ a: { column: 'x', case: 'mixed' } }],
])('%j is no mapping', map => {
  expect(mapping.safeParse(map).success).toBe(false)
})

const word = fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' })
const anyRule = fc.record(
  {
    column: fc.constantFrom('a', 'b', 'c'),
    otherwise: fc.constantFrom('a', 'b'),
    split: fc.constantFrom(',', '|', 'å', '  '),
    part: fc.integer({ min: -21, max: 21 }),
    list: fc.boolean(),
    lower: fc.boolean(),
    case: fc.constantFrom('lower', 'upper', 'title'),
    dn: fc.boolean(),
    date: fc.constantFrom('iso', 'da', 'filetime', 'generalized'),
    flag: fc.constantFrom('2', '!65536', '4294967295'),
    map: fc.dictionary(word, fc.oneof(word, fc.boolean(), fc.constant(null))),
    strip: fc.oneof(word, fc.record({ start: word, end: word }, { requiredKeys: [] })),
    join: fc.string({ maxLength: 3 }),
    also: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
    default: fc.oneof(word, fc.integer(), fc.boolean()),
  },
  { requiredKeys: ['column'] },
)
const anyValues = fc.record({ a: anyTexts(), b: anyTexts(), c: anyTexts() })
function anyTexts() {
  const one = fc.oneof(
    fc.string({ maxLength: 40, unit: 'binary' }),
    fc.stringMatching(/^[0-9.Z|, -]{0,30}$/),
    fc.constantFrom(
      '',
      ' ',
      '9223372036854775807',
      '20260102030405Z',
      'cn=a\\,b, dc = x',
      '99999999999999999999999999',
    ),
  )
  return fc.array(one, { maxLength: 4 })
}

test('whatever the mapping and the values: the same answer twice, nothing thrown, nothing grown', () => {
  let read = 0
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('name', 'members', 'kle', '__proto__', 'constructor'), anyRule),
      anyValues,
      (map, values) => {
        const parsed = mapping.safeParse(map)
        if (!parsed.success) return
        read++
        const before = JSON.stringify(values)
        const once = compileMapping(parsed.data)(name => values[name as 'a'] ?? [])
        expect(compileMapping(parsed.data)(name => values[name as 'a'] ?? [])).toEqual(once)
        expect(JSON.stringify(values)).toBe(before)
        if (!once.ok) return
        expect(Object.getPrototypeOf(once.attrs)).toBe(Object.prototype)
        // Bounded: what comes out is what went in (a letter may become three, ß → SS; an escape in a DN takes three), and
        // what the mapping itself says.
        const given = JSON.stringify(values).length + JSON.stringify(map).length
        expect(JSON.stringify(once.attrs).length).toBeLessThan(Object.keys(map).length * 8 * given + 100)
      },
    ),
    { numRuns: 2000 },
  )
  expect(read).toBeGreaterThan(200)
})
