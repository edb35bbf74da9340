/** One line of the table: a figure of ours beside the one it is measured against in the same run. */
export type BenchRow = {
  what: string
  ours: number
  /** What it is compared with; empty where the bar is a plain number. */
  other: string
  theirs: number | null
  ratio: number | null
  bar: string
  ok: boolean
  unit: string
  note?: string
}

type Figures = Pick<BenchRow, 'what' | 'ours' | 'other' | 'unit'> & { theirs: number; note?: string }

/** Ours may take at most `times` as long as the other. */
export function atMost(times: number, figures: Figures): BenchRow {
  const ratio = figures.ours / figures.theirs
  return { ...figures, ratio, bar: `≤ ${times} ×`, ok: ratio <= times }
}

/** A bar in plain units, with nothing beside it. */
export function within(limit: number, figures: Pick<BenchRow, 'what' | 'ours' | 'unit' | 'note'>): BenchRow {
  return {
    ...figures,
    other: '',
    theirs: null,
    ratio: null,
    bar: `≤ ${limit} ${figures.unit}`,
    ok: figures.ours <= limit,
  }
}

/** Two bars on one figure: both must hold. */
export function also(row: BenchRow, bar: string, ok: boolean, note?: string): BenchRow {
  const notes = [row.note, note].filter(Boolean).join('; ')
  return { ...row, bar: `${row.bar}, ${bar}`, ok: row.ok && ok, ...(notes ? { note: notes } : {}) }
}
