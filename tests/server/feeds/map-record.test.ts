import { expect, test } from 'vitest'
import { compileMapping, type Mapping, mapping, readDate } from '../../../server/feeds/map-record.ts'

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
  ['2026-02-29', 'iso', 'invalid'],
  ['2024-02-29', 'iso', '2024-02-29'],
  ['1/3/2026', 'da', '2026-03-01'],
] as const)('%s as %s is %s', (text, format, expected) => {
  expect(readDate(text, format)).toBe(expected)
})
