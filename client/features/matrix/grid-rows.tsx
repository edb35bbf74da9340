import { IconChevronDown, IconChevronRight, IconShieldLock } from '@tabler/icons-react'
import { memo, useMemo } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import { Glyph } from './glyph.tsx'
import classes from './grid.module.css'
import { SIZE } from './grid-window.ts'
import { type Cells, type Col, firstFrom, holdersOf, lookUp, type MatrixData } from './matrix-data.ts'
import { useCellWords, useColumnName } from './use-cell-words.ts'

type RowProps = {
  row: number
  top: number
  fromCol: number
  toCol: number
  active: number | null
  matrix: MatrixData
  cells: Cells
  cols: readonly Col[]
}

/** One person: the name, and the cells in view that are not empty. */
export const PersonRow = memo(function PersonRow(props: RowProps & { person: number; grouped: boolean }) {
  const { t } = useTexts()
  const say = useCellWords()
  const { matrix, cells, cols, person, row, active } = props
  const one = matrix.people[person]
  if (!one) return null
  const unit = one.unit === null ? null : matrix.units[one.unit]?.name
  const name = one.name ?? t('people.protectedPerson')
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot be drawn in parts
    // biome-ignore lint/a11y/useFocusableInteractive: its cells are
    <div
      role="row"
      aria-rowindex={row + 3}
      data-row={row}
      data-on={active !== null || undefined}
      className={classes.row}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div
        role="rowheader"
        aria-colindex={1}
        data-spot={`${row}:-1`}
        tabIndex={active === -1 ? 0 : -1}
        className={classes.who}
      >
        <a href={`/people/${one.id}`} tabIndex={-1} className={classes.whoName}>
          {one.protected && <IconShieldLock size={13} aria-hidden />}
          {name}
        </a>
        <span className={classes.whoMeta}>{[one.title, props.grouped ? null : unit].filter(Boolean).join(' · ')}</span>
      </div>
      {cellsIn(cells, person, cols, props.fromCol, props.toCol, active).map(({ col, code, count }) => {
        const column = cols[col]
        return (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div
            key={col}
            role="gridcell"
            aria-colindex={col + 2}
            aria-label={column ? say(matrix, column, code, count) : ''}
            data-spot={`${row}:${col}`}
            tabIndex={active === col ? 0 : -1}
            className={classes.cell}
            style={{ transform: `translateX(calc(var(--first) + ${col * SIZE.column}px))` }}
          >
            <Glyph code={code} count={count} />
          </div>
        )
      })}
    </div>
  )
})

/** What is not empty of the columns in view, and the active one. */
function cellsIn(
  cells: Cells,
  person: number,
  cols: readonly Col[],
  fromCol: number,
  toCol: number,
  active: number | null,
): { col: number; code: number; count: number }[] {
  const found: { col: number; code: number; count: number }[] = []
  const end = cells.starts[person + 1] ?? 0
  let at = firstFrom(cells, person, cols[fromCol]?.from ?? 0)
  for (let col = fromCol; col < Math.min(toCol, cols.length); col++) {
    const one = cols[col]
    if (!one) continue
    while (at < end && (cells.columns[at] ?? 0) < one.from) at++
    if (at >= end) break
    if ((cells.columns[at] ?? 0) < one.to) found.push({ col, ...lookUp(cells, person, one.from, one.to) })
  }
  if (active !== null && active >= 0 && !found.some(one => one.col === active)) {
    const one = cols[active]
    if (one) found.push({ col: active, ...lookUp(cells, person, one.from, one.to) })
  }
  return found
}

/**
 * A unit above its people; folded, it says how many hold something in each column, and in each folded area. Who listens
 * is told of the cell that they stand on, folded or not.
 */
export const BandRow = memo(function BandRow(
  props: RowProps & { unit: number | null; people: number; from: number; to: number; closed: boolean },
) {
  const { t, number } = useTexts()
  const nameOf = useColumnName()
  const { matrix, cells, cols, row, active, unit } = props
  const name = unit === null ? t('matrix.noUnit') : (matrix.units[unit]?.name ?? '')
  const counted = props.closed || active !== null
  const holders = useMemo(
    () => (counted ? holdersOf(cells, props.from, props.to, cols) : null),
    [counted, cells, props.from, props.to, cols],
  )
  const shown: number[] = []
  for (let col = props.fromCol; col < Math.min(props.toCol, cols.length); col++)
    if (col === active || (props.closed && (holders?.[col] ?? 0) > 0)) shown.push(col)
  if (active !== null && active >= 0 && !shown.includes(active)) shown.push(active)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot be drawn in parts
    // biome-ignore lint/a11y/useFocusableInteractive: its cells are
    <div
      role="row"
      aria-rowindex={row + 3}
      data-row={row}
      data-on={active !== null || undefined}
      className={classes.band}
      style={{ transform: `translateY(${props.top}px)` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div
        role="rowheader"
        aria-colindex={1}
        aria-expanded={!props.closed}
        data-spot={`${row}:-1`}
        tabIndex={active === -1 ? 0 : -1}
        className={classes.bandName}
      >
        {props.closed ? <IconChevronRight size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
        <b>{name}</b>
        <span className={classes.bandCount}>{number(props.people)}</span>
      </div>
      {shown.map(col => {
        const people = holders?.[col] ?? 0
        const column = cols[col]
        return (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div
            key={col}
            role="gridcell"
            aria-colindex={col + 2}
            aria-label={column ? t('matrix.bandCell', { name: nameOf(matrix, column), count: people }) : ''}
            data-spot={`${row}:${col}`}
            tabIndex={active === col ? 0 : -1}
            className={classes.bandCell}
            style={{ transform: `translateX(calc(var(--first) + ${col * SIZE.column}px))` }}
          >
            {props.closed && people > 0 && number(people)}
          </div>
        )
      })}
    </div>
  )
})
