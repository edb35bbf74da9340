import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ComparedName, compareFields, similarNames } from '../../../server/access/compare-fields.ts'

const value = fc.constantFrom('', 'Ann', 'ann ', 'Bo', 'Ann Marie')
const side = fc.record({
  name: value,
  email: value,
  employeeNo: fc.array(value, { maxLength: 2 }),
  birthDate: fc.option(value),
})

describe('two sides', () => {
  it('show differences before what is the same, each field once, and nothing that neither says', () => {
    fc.assert(
      fc.property(side, side, (here, there) => {
        const rows = compareFields(here, there)
        expect(new Set(rows.map(row => row.field)).size).toBe(rows.length)
        const place = ['different', 'similar', 'only', 'same']
        const order = rows.map(row => place.findIndex(name => row.result.startsWith(name)))
        expect(order).toEqual([...order].sort((a, b) => a - b))
        expect(order).not.toContain(-1)
        for (const row of rows) expect(row.here !== null || row.there !== null).toBe(true)
      }),
    )
  })

  it('turned round say the same the other way round', () => {
    const turned = { 'only-here': 'only-there', 'only-there': 'only-here' } as Record<string, string>
    fc.assert(
      fc.property(side, side, (here, there) => {
        const results = (rows: ReturnType<typeof compareFields>) =>
          Object.fromEntries(rows.map(row => [row.field, row.result]))
        const back = compareFields(there, here)
        expect(results(compareFields(here, there))).toEqual(
          Object.fromEntries(back.map(row => [row.field, turned[row.result] ?? row.result])),
        )
      }),
    )
  })

  it('hide values and never what the comparison says', () => {
    fc.assert(
      fc.property(side, side, (here, there) => {
        const hidden = (field: ComparedName) => field === 'name'
        const open = compareFields(here, there)
        const shut = compareFields(here, there, hidden)
        expect(shut.map(row => [row.field, row.result])).toEqual(open.map(row => [row.field, row.result]))
        for (const row of shut) if (hidden(row.field)) expect([row.here, row.there]).toEqual([null, null])
      }),
    )
  })

  it('with several values agree where one does', () => {
    expect(compareFields({ employeeNo: ['1', '2'] }, { employeeNo: ['2', '3'] })).toEqual([
      { field: 'employeeNo', result: 'same', here: '1, 2', there: '2, 3' },
    ])
  })
})

it('names are similar with a middle name more or a letter or two apart, and not otherwise', () => {
  expect(similarNames('ann lund', 'ann marie lund')).toBe(true)
  expect(similarNames('kirsten holm', 'kristen holm')).toBe(true)
  expect(similarNames('ann lund', 'bo lund')).toBe(false)
  expect(similarNames('ann', 'ann lund')).toBe(false)
})
