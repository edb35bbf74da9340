import { Skeleton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { useTexts } from '../texts/i18n.ts'
import classes from './data-table.module.css'
import { useTallRows } from './tall-rows.ts'

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
/** From so many lines on, only those in view are in the document. */
const TALL = 200
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
  /** The whole list is here, with more rows than are put into the document: it scrolls in its own box. */
  tall?: boolean
  /** On a phone each row is a card with all its columns, instead of a table that is cut. */
  cards?: boolean
}) {
  const { t } = useTexts()
  const { rows, columns } = props
  const box = useRef<HTMLDivElement>(null)
  const scrolls = useScrolls(box, rows)
  const lines = linesOf(rows ?? [], props.rowKey, props.groupOf)
  const tall = useTallRows({ on: props.tall === true && lines.length > TALL, count: lines.length, box })
  if (rows && rows.length === 0) return <div className={classes.box}>{props.empty}</div>
  return (
    <div className={classes.box}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: moves the focus between links that are there anyway */}
      <div
        ref={box}
        className={classes.scroll}
        data-stale={props.stale || undefined}
        data-tall={tall.on || undefined}
        data-grouped={props.groupOf ? true : undefined}
        data-cards={props.cards || undefined}
        onKeyDown={event => tall.ends(event) || moveBetweenRows(event)}
        onFocus={tall.hold}
        {...(scrolls ? { role: 'region', 'aria-label': props.caption, tabIndex: 0 } : {})}
      >
        <table
          className={classes.table}
          {...roleOf('table', props.cards)}
          aria-busy={props.stale || !rows}
          {...(tall.on ? { 'aria-rowcount': lines.length + 1 } : {})}
        >
          <caption>{props.caption}</caption>
          <thead {...roleOf('rowgroup', props.cards)}>
            <tr {...roleOf('row', props.cards)} {...(tall.on ? { 'aria-rowindex': 1 } : {})}>
              {columns.map(column => (
                <Head
                  key={column.key}
                  label={column.label}
                  number={column.number}
                  rank={column.rank}
                  width={column.width}
                  role={props.cards ? 'columnheader' : undefined}
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
          <tbody {...roleOf('rowgroup', props.cards)}>
            {rows
              ? tall.shown.flatMap(({ index, gap, measure }) => {
                  const line = lines[index]
                  if (line === undefined) return <Gap key="below" height={gap} columns={columns.length} />
                  const place = tall.on ? { 'data-index': index, 'aria-rowindex': index + 2, ref: measure } : {}
                  return [
                    gap > 0 && <Gap key={`above-${line.key}`} height={gap} columns={columns.length} />,
                    line.row === undefined ? (
                      <tr key={line.key} className={classes.group} {...roleOf('row', props.cards)} {...place}>
                        <th scope="rowgroup" colSpan={columns.length} {...roleOf('rowheader', props.cards)}>
                          {line.label}
                        </th>
                      </tr>
                    ) : (
                      <Row
                        key={line.key}
                        row={line.row}
                        id={props.rowKey(line.row)}
                        columns={columns}
                        place={place}
                        cards={props.cards}
                      />
                    ),
                  ]
                })
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

/** Rows and the headings of their groups, in order. A heading's key is of the row below it: a group may come twice. */
type Line<Row> = { key: string; row?: Row; label?: ReactNode }
function linesOf<Row>(
  rows: readonly Row[],
  rowKey: (row: Row) => string,
  groupOf: ((row: Row) => { key: string; label: ReactNode }) | undefined,
) {
  const lines: Line<Row>[] = []
  let last: string | undefined
  for (const [place, row] of rows.entries()) {
    const group = groupOf?.(row)
    if (group && group.key !== last) lines.push({ key: `group-${group.key}-${place}`, label: group.label })
    last = group?.key
    lines.push({ key: `row-${rowKey(row)}`, row })
  }
  return lines
}

/** Said aloud where the style makes cards of the table: browsers drop what a table means when it is laid out otherwise. */
const roleOf = (role: string, cards: boolean | undefined) => (cards ? { role } : {})

function Row<Row>(props: { row: Row; id: string; columns: Column<Row>[]; place: object; cards: boolean | undefined }) {
  return (
    <tr data-row={props.id} {...roleOf('row', props.cards)} {...props.place}>
      {props.columns.map((column, index) => {
        const Cell = index === 0 ? 'th' : 'td'
        return (
          <Cell
            key={column.key}
            {...(index === 0 ? { scope: 'row' as const } : {})}
            className={column.number ? 'num' : undefined}
            data-rank={column.rank}
            {...roleOf(index === 0 ? 'rowheader' : 'cell', props.cards)}
          >
            {props.cards && index > 0 && (
              <span className={classes.cardLabel} aria-hidden>
                {column.label}
              </span>
            )}
            {props.cards && index > 0 ? (
              <div className={classes.cardValue}>{column.cell(props.row)}</div>
            ) : (
              column.cell(props.row)
            )}
          </Cell>
        )
      })}
    </tr>
  )
}

/** The room of rows that are not in the document. */
const Gap = (props: { height: number; columns: number }) => (
  <tr aria-hidden className={classes.gap} style={{ height: props.height }}>
    <td colSpan={props.columns} />
  </tr>
)

/** Where the table is larger than its box, the keyboard has to be able to scroll it. */
function useScrolls(box: RefObject<HTMLDivElement | null>, rows: unknown): boolean {
  const [scrolls, setScrolls] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box appears and grows with its rows
  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = () =>
      setScrolls(element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight + 1)
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
  role: string | undefined
  sorted: 'ascending' | 'descending' | undefined
  onSort: (() => void) | undefined
}) {
  const Sign =
    props.sorted === 'descending' ? IconArrowDown : props.sorted === 'ascending' ? IconArrowUp : IconArrowsSort
  return (
    <th
      scope="col"
      role={props.role}
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
