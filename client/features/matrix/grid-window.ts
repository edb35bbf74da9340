/** Sizes of the grid in pixels. Targets are 36 by 40; a finger finds them. */
export const SIZE = { column: 36, row: 40, band: 32, areas: 26, names: 150, first: 262, firstNarrow: 148 } as const

export type Window = { fromRow: number; toRow: number; fromCol: number; toCol: number }

/** Where each row begins, and at the end where the last one stops. */
export function offsetsOf(rows: readonly { kind: 'band' | 'person' }[]): Float64Array {
  const offsets = new Float64Array(rows.length + 1)
  for (const [place, row] of rows.entries())
    offsets[place + 1] = (offsets[place] ?? 0) + (row.kind === 'band' ? SIZE.band : SIZE.row)
  return offsets
}

/** The row at a height. */
export function rowAt(offsets: Float64Array, y: number): number {
  let low = 0
  let high = offsets.length - 1
  while (low < high - 1) {
    const middle = (low + high) >> 1
    if ((offsets[middle] ?? 0) <= y) low = middle
    else high = middle
  }
  return low
}

const [AHEAD, ROW_BLOCK, COLUMN_BLOCK] = [6, 4, 8]

/**
 * Which rows and columns are drawn: what is in view and a little around it, in blocks, so that most frames of a scroll
 * draw nothing at all.
 */
export function windowOf(
  view: { top: number; left: number; height: number; width: number },
  offsets: Float64Array,
  cols: number,
): Window {
  const rows = offsets.length - 1
  const first = rowAt(offsets, view.top) - AHEAD
  const last = rowAt(offsets, view.top + view.height) + AHEAD
  const left = Math.floor(view.left / SIZE.column)
  const right = Math.ceil((view.left + view.width) / SIZE.column)
  const block = (value: number, size: number, up: boolean) =>
    (up ? Math.ceil(value / size) : Math.floor(value / size)) * size
  return {
    fromRow: Math.max(0, block(first, ROW_BLOCK, false)),
    toRow: Math.min(rows, block(last, ROW_BLOCK, true)),
    fromCol: Math.max(0, block(left, COLUMN_BLOCK, false)),
    toCol: Math.min(cols, block(right, COLUMN_BLOCK, true)),
  }
}

export const sameWindow = (a: Window, b: Window): boolean =>
  a.fromRow === b.fromRow && a.toRow === b.toRow && a.fromCol === b.fromCol && a.toCol === b.toCol
