import { CELL_EXPIRES, type CellState, stateOfCode } from '#contract/matrix.ts'
import classes from './glyph.module.css'

/** Letters of the cells; with the shape they carry what the colour says, in print and without colours too. */
export const LETTER: Record<CellState, string> = {
  'not-read': 'r',
  'no-account': 'n',
  matching: 'R',
  direct: 'D',
  suspended: 'S',
  exception: 'U',
  stale: '~',
  missing: '?',
  'still-held': 'H',
  unexplained: '!',
}

export function Glyph(props: { code: number; count?: number }) {
  const state = stateOfCode(props.code)
  if (!state) return null
  return (
    // What it says stands in words beside it, or in the name of its cell.
    <span
      className={classes.glyph}
      data-state={state}
      data-expires={(props.code & CELL_EXPIRES) !== 0 || undefined}
      data-letter={LETTER[state]}
      aria-hidden
    >
      {(props.count ?? 1) > 1 && <span className={classes.count} data-count={props.count} />}
    </span>
  )
}
