import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexTree, matchTree, type UnitNode, visibleRows } from '../../client/features/org/tree.ts'

const unit = (id: string, parentId: string | null, name = id): UnitNode => ({
  id,
  parentId,
  name,
  kind: 'unit',
  tree: 'admin',
  people: 0,
  peopleBelow: 0,
  manager: null,
  vacant: false,
  children: 0,
})

describe('the organisation tree', () => {
  const units = [
    unit('top', null, 'Kommunen'),
    unit('a', 'top', 'Ældre'),
    unit('b', 'top', 'Børn'),
    unit('c', 'a', 'Nord'),
  ]

  it('shows what is open, children in Danish order with their place among siblings', () => {
    const rows = visibleRows(indexTree(units), new Set(['top', 'a']))
    expect(rows.map(row => [row.unit.name, row.level, row.place, row.siblings])).toEqual([
      ['Kommunen', 1, 1, 1],
      ['Børn', 2, 1, 2],
      ['Ældre', 2, 2, 2],
      ['Nord', 3, 1, 1],
    ])
  })

  it('finds a unit at its place, with everything above it open', () => {
    const { kept, open } = matchTree(units, 'nord')
    expect(visibleRows(indexTree(kept), open).map(row => row.unit.name)).toEqual(['Kommunen', 'Ældre', 'Nord'])
  })

  it('keeps a unit whose parent the reader may not see', () => {
    expect(indexTree([unit('x', 'hidden')]).roots).toHaveLength(1)
  })

  it('shows each unit at most once and ends, however the data point', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const anyUnits = fc
      .array(fc.option(fc.constantFrom(...ids), { nil: null }), { minLength: 6, maxLength: 6 })
      .map(parents => ids.map((id, index) => unit(id, parents[index] ?? null)))
    fc.assert(
      fc.property(anyUnits, all => {
        const rows = visibleRows(indexTree(all), new Set(ids))
        expect(new Set(rows.map(row => row.unit.id)).size).toBe(rows.length)
        matchTree(all, '')
      }),
    )
  })
})
