import { Skeleton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { Fragment, type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { useTexts } from '../texts/i18n.ts'
import classes from './data-table.module.css'

export type Column<Row> = {
  key: string
  label: string
  cell: (row: Row) => ReactNode
  /** Name of the sort that the server knows; without it the column cannot be sorted. */
  sort?: string
  number?: boolean
  /** Hidden where there is little room: 1 goes first. */
  rank?: 1 | 2 | 3
  width?: string
}
export type Sort = { by: string; descending: boolean }

/**
 * A real table. The first column holds the link; arrows move between the rows' links, Enter opens. Sorting, filtering
 * and paging are the server's, so nothing here knows more than the rows on the screen.
 */
export function DataTable<Row>(props: {
  caption: string
  columns: Column<Row>[]
  rows: readonly Row[] | undefined
  rowKey: (row: Row) => string
  sort?: Sort
  onSort?: (sort: Sort) => void
  empty: ReactNode
  /** Rows that belong together stand under one heading; the server has put them in the groups' order. */
  groupOf?: (row: Row) => { key: string; label: ReactNode }
  /** The rows belong to an earlier question; the new answer is on its way. */
  stale?: boolean
  waitingRows?: number
}) {
  const { t } = useTexts()
  const { rows, columns } = props
  const box = useRef<HTMLDivElement>(null)
  const scrolls = useScrolls(box, rows)
  if (rows && rows.length === 0) return <div className={classes.box}>{props.empty}</div>
  return (
    <div className={classes.box}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: moves the focus between links that are there anyway */}
      <div
        ref={box}
        className={classes.scroll}
        data-stale={props.stale || undefined}
        onKeyDown={moveBetweenRows}
        {...(scrolls ? { role: 'region', 'aria-label': props.caption, tabIndex: 0 } : {})}
      >
        <table className={classes.table} aria-busy={props.stale || !rows}>
          <caption>{props.caption}</caption>
          <thead>
            <tr>
              {columns.map(column => (
                <Head
                  key={column.key}
                  label={column.label}
                  number={column.number}
                  rank={column.rank}
                  width={column.width}
                  sorted={
                    column.sort && props.sort?.by === column.sort
                      ? props.sort.descending
                        ? 'descending'
                        : 'ascending'
                      : undefined
                  }
                  onSort={
                    column.sort && props.onSort
                      ? () => {
                          const by = column.sort as string
                          const again = props.sort?.by === by
                          // Numbers are most wanted largest first, words from A.
                          props.onSort?.({ by, descending: again ? !props.sort?.descending : column.number === true })
                        }
                      : undefined
                  }
                  sortLabel={t('list.sortBy', { name: column.label })}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows
              ? rows.map((row, place) => (
                  <Fragment key={props.rowKey(row)}>
                    <GroupHead group={props.groupOf} row={row} above={rows[place - 1]} columns={columns.length} />
                    <tr data-row={props.rowKey(row)}>
                      {columns.map((column, index) => {
                        const Cell = index === 0 ? 'th' : 'td'
                        return (
                          <Cell
                            key={column.key}
                            {...(index === 0 ? { scope: 'row' as const } : {})}
                            className={column.number ? 'num' : undefined}
                            data-rank={column.rank}
                          >
                            {column.cell(row)}
                          </Cell>
                        )
                      })}
                    </tr>
                  </Fragment>
                ))
              : Array.from({ length: props.waitingRows ?? 12 }, (_, row) => (
                  <tr key={`waiting-${row.toString()}`} className={classes.waiting}>
                    {columns.map(column => (
                      <td key={column.key} data-rank={column.rank}>
                        <Skeleton height={12} width={column.number ? '40%' : '70%'} />
                      </td>
                    ))}
                  </tr>
                ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

function GroupHead<Row>(props: {
  group: ((row: Row) => { key: string; label: ReactNode }) | undefined
  row: Row
  above: Row | undefined
  columns: number
}) {
  const group = props.group?.(props.row)
  if (!group || (props.above !== undefined && props.group?.(props.above).key === group.key)) return null
  return (
    <tr className={classes.group}>
      <th scope="rowgroup" colSpan={props.columns}>
        {group.label}
      </th>
    </tr>
  )
}

/** Where the table is wider than its box, the keyboard has to be able to scroll it. */
function useScrolls(box: RefObject<HTMLDivElement | null>, rows: unknown): boolean {
  const [scrolls, setScrolls] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box appears and grows with its rows
  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = () => setScrolls(element.scrollWidth > element.clientWidth)
    look()
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => observer.disconnect()
  }, [box, rows])
  return scrolls
}

function Head(props: {
  label: string
  sortLabel: string
  number: boolean | undefined
  rank: number | undefined
  width: string | undefined
  sorted: 'ascending' | 'descending' | undefined
  onSort: (() => void) | undefined
}) {
  const Sign =
    props.sorted === 'descending' ? IconArrowDown : props.sorted === 'ascending' ? IconArrowUp : IconArrowsSort
  return (
    <th
      scope="col"
      className={props.number ? 'num' : undefined}
      data-rank={props.rank}
      style={props.width ? { width: props.width } : undefined}
      aria-sort={props.onSort ? (props.sorted ?? 'none') : undefined}
    >
      {props.onSort ? (
        <button type="button" className={classes.sort} onClick={props.onSort} title={props.sortLabel}>
          {props.label}
          <Sign size={14} aria-hidden data-on={props.sorted ? true : undefined} />
        </button>
      ) : (
        props.label
      )}
    </th>
  )
}

/** Up, Down, Home and End between the first link or button of each row. */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return
  const from = (event.target as HTMLElement).closest('tbody tr')
  if (!from || (event.target as HTMLElement).closest('input, select, textarea')) return
  const stops = [...event.currentTarget.querySelectorAll('tbody tr')]
    .map(row => row.querySelector<HTMLElement>('a, button'))
    .filter(stop => stop !== null)
  const at = stops.findIndex(stop => from.contains(stop))
  const to =
    event.key === 'ArrowDown'
      ? at + 1
      : event.key === 'ArrowUp'
        ? at - 1
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? stops.length - 1
            : -1
  const next = stops[to]
  if (!next) return
  event.preventDefault()
  next.focus()
}
