import type { z } from 'zod'
import type { comparedField } from '#contract/links.ts'

export type Compared = z.output<typeof comparedField>
export type CompareRow = { field: Compared['field']; here: string | null; cells: (Compared | null)[] }

/** What separates comes first: a person decides by the differences and only confirms by the rest. */
const rank: Record<Compared['result'], number> = {
  different: 0,
  similar: 1,
  'only-here': 2,
  'only-there': 2,
  same: 3,
  none: 4,
}

/** One row a field, one cell a candidate; fields of which nobody says anything are left out. */
export function compareRows(columns: readonly (readonly Compared[])[]): CompareRow[] {
  const fields = [...new Set(columns.flatMap(column => column.map(one => one.field)))]
  return fields
    .map(field => {
      const cells = columns.map(column => column.find(one => one.field === field) ?? null)
      const first = Math.min(...cells.map(cell => (cell ? rank[cell.result] : rank.none)))
      return { field, here: cells.find(cell => cell?.here != null)?.here ?? null, cells, first }
    })
    .filter(row => row.first < rank.none || row.here !== null)
    .sort((a, b) => a.first - b.first)
    .map(({ first: _first, ...row }) => row)
}
