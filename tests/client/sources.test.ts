import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { HeldGroup } from '#contract/held.ts'
import { compareRows } from '../../client/features/desk/compare-rows.ts'
import { asDecision, chooseGroup, chooseRow, countChosen, firstChoice } from '../../client/features/held/choice.ts'
import { at, pointer, put } from '../../client/features/sources/declaration.ts'
import { fromForm, fromOf, type Rule, toForm, withFrom } from '../../client/features/sources/mapping-rule.ts'
import { toYaml } from '../../client/features/sources/to-yaml.ts'

describe('a declaration that is being written', () => {
  it('is shown as YAML that says the same, whatever stands in it', () => {
    const key = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).filter(name => name !== '__proto__')
    const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string({ maxLength: 20, unit: 'grapheme' }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), value => {
        expect(parse(toYaml(value))).toEqual(value)
      }),
    )
  })

  it('changes in one place only, and the order of the rest stays', () => {
    const old = { key: 'a', files: [{ path: 'x', map: { name: 'Navn', kle: 'KLE' } }], schedule: '1h' }
    const next = put(old, ['files', 0, 'map', 'name'], 'Kaldenavn')
    expect(next).toEqual({ ...old, files: [{ path: 'x', map: { name: 'Kaldenavn', kle: 'KLE' } }] })
    expect(Object.keys(next)).toEqual(Object.keys(old))
    expect(old.files[0]?.map.name).toBe('Navn')
    expect(put(old, ['schedule'], undefined)).toEqual({ key: 'a', files: old.files })
    expect(put(old, ['files', 0], undefined).files).toEqual([])
    expect(at(put({}, ['guards', 'gone', 'floor'], 3), ['guards', 'gone', 'floor'])).toBe(3)
    expect(pointer(['files', 0, 'map', 'name'])).toBe('/files/0/map/name')
  })

  it('keeps what is done to a field through its form', () => {
    const rules: Rule[] = [
      'Navn',
      { column: 'KLE', split: '|' },
      { column: 'Fra', date: 'da' },
      { attribute: 'userAccountControl', flag: '!2' },
      { column: 'Type', map: { Kommune: 'top', Ingen: null, Ja: true }, default: 'unit' },
      { column: 'Nr', strip: { start: 'A', end: 'X' }, case: 'upper', otherwise: 'Nr2' },
      { column: 'Vej', join: ' ', also: ['Nr', 'Etage'] },
      { const: 'pay' },
    ]
    for (const rule of rules) {
      const word = typeof rule === 'object' && 'attribute' in rule ? 'attribute' : 'column'
      expect(fromForm(toForm(rule), fromOf(rule), word)).toEqual(rule)
    }
    expect(withFrom('Navn', 'Kaldenavn', 'column')).toBe('Kaldenavn')
    expect(withFrom({ column: 'Fra', date: 'da' }, 'Til', 'column')).toEqual({ column: 'Til', date: 'da' })
  })
})

describe('what is ticked of the changes that wait', () => {
  const group = (cause: string, count: number, alwaysOn = false): HeldGroup => ({
    cause,
    guard: 'gone',
    kind: 'person',
    op: 'gone',
    part: null,
    partName: null,
    aspect: null,
    because: null,
    count,
    total: count,
    limit: 1,
    alwaysOn,
  })
  const groups = [group('a', 3), group('b', 2), group('c', 1, true)]

  it('is everything at first, except what is only chosen by itself', () => {
    const first = firstChoice(groups)
    expect(asDecision(first, groups)).toEqual({ causes: ['a', 'b'], rows: [] })
    expect(countChosen(first, groups)).toBe(5)
    expect(countChosen(chooseGroup(first, 'c', true), groups)).toBe(6)
  })

  it('goes over from a group to its rows when one of them is taken out', () => {
    const without = chooseRow(firstChoice(groups), 'a', 11, false, [10, 11, 12])
    expect(asDecision(without, groups)).toEqual({ causes: ['b'], rows: [10, 12] })
    expect(countChosen(without, groups)).toBe(4)
    expect(asDecision(chooseGroup(without, 'a', true), groups)).toEqual({ causes: ['a', 'b'], rows: [] })
    // What is not there any more is not sent.
    expect(asDecision(without, [group('b', 2)])).toEqual({ causes: ['b'], rows: [] })
  })
})

it('an account beside its candidates: what separates comes first, what nobody says is left out', () => {
  const rows = compareRows([
    [
      { field: 'name', result: 'same', here: 'Bo', there: 'Bo' },
      { field: 'unit', result: 'none', here: null, there: null },
      { field: 'email', result: 'similar', here: 'b@x', there: 'bo@x' },
    ],
    [
      { field: 'name', result: 'different', here: 'Bo', there: 'Ib' },
      { field: 'title', result: 'same', here: 'Leder', there: 'Leder' },
    ],
  ])
  expect(rows.map(row => row.field)).toEqual(['name', 'email', 'title'])
  expect(rows[0]).toMatchObject({ here: 'Bo', cells: [{ result: 'same' }, { result: 'different' }] })
  expect(rows[2]?.cells).toEqual([null, { field: 'title', result: 'same', here: 'Leder', there: 'Leder' }])
})
