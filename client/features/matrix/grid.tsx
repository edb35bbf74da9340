import { useRouter } from '@tanstack/react-router'
import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import classes from './grid.module.css'
import { HeadRows } from './grid-head.tsx'
import { BandRow, PersonRow } from './grid-rows.tsx'
import { offsetsOf, SIZE, sameWindow, type Window, windowOf } from './grid-window.ts'
import type { AreaSpan, Cells, Col, MatrixData, Row } from './matrix-data.ts'

/** Where the keyboard is: rows -2 (areas) and -1 (names) are the head, column -1 is the person. */
export type Spot = { row: number; col: number }
export type GridHandle = { focus: () => void }

type Props = {
  matrix: MatrixData
  cells: Cells
  rows: readonly Row[]
  cols: readonly Col[]
  areas: readonly AreaSpan[]
  label: string
  /** Bands name the units, so the lines need not. */
  grouped: boolean
  /** What is explained beside the grid. */
  explained: boolean
  onExplain: (person: number, col: Col) => void
  /** The active cell has moved while something is explained. */
  onFollow: (person: number, col: Col) => void
  onBand: (unit: number | null) => void
  onArea: (area: string | null) => void
  handle: RefObject<GridHandle | null>
}
const HEAD = SIZE.areas + SIZE.names
const KEYS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown']

/**
 * People by columns, of which only what is in view is drawn, and of that only what is not empty. All sizes are known, so
 * places are arithmetic and nothing is measured. One cell can be tabbed to; the arrows move from there (APG, grid).
 */
export function MatrixGrid(props: Props) {
  const { rows, cols, areas } = props
  const router = useRouter()
  const box = useRef<HTMLDivElement>(null)
  const offsets = useMemo(() => offsetsOf(rows), [rows])
  const first = useFirstWidth()
  const [view, setView] = useState<Window>({ fromRow: 0, toRow: 24, fromCol: 0, toCol: 40 })
  const [spot, setSpot] = useState<Spot>({ row: firstPerson(rows), col: 0 })
  const [inside, setInside] = useState(false)
  /** The cell that is to have the focus as soon as it is there: an older drawing must not give it to another. */
  const wanted = useRef<string | null>(null)
  const hover = useRef<HTMLDivElement>(null)
  const at: Spot = { row: Math.min(spot.row, rows.length - 1), col: Math.min(spot.col, cols.length - 1) }

  const look = useCallback((): Window | null => {
    const element = box.current
    if (!element) return null
    return windowOf(
      {
        top: element.scrollTop,
        left: element.scrollLeft,
        height: element.clientHeight - HEAD,
        width: element.clientWidth - first,
      },
      offsets,
      cols.length,
    )
  }, [offsets, cols.length, first])
  const update = useCallback(
    (now: boolean) => {
      const next = look()
      if (!next) return
      const set = () => setView(old => (sameWindow(old, next) ? old : next))
      // Drawn before the frame is shown: otherwise a fast scroll shows rows that are blank.
      if (now) flushSync(set)
      else set()
    },
    [look],
  )
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    update(false)
    const resized = new ResizeObserver(() => update(false))
    resized.observe(element)
    return () => resized.disconnect()
  }, [update])
  useLayoutEffect(() => {
    if (wanted.current === null) return
    const cell = box.current?.querySelector<HTMLElement>(`[data-spot="${wanted.current}"]`)
    if (!cell) return
    wanted.current = null
    cell.focus({ preventScroll: true })
  })

  const bringIntoView = useCallback(
    ({ row, col }: Spot) => {
      const element = box.current
      if (!element) return
      if (row >= 0) {
        const [top, bottom] = [offsets[row] ?? 0, offsets[row + 1] ?? 0]
        if (top < element.scrollTop) element.scrollTop = top
        else if (bottom > element.scrollTop + element.clientHeight - HEAD)
          element.scrollTop = bottom - element.clientHeight + HEAD
      }
      if (col >= 0) {
        const left = col * SIZE.column
        const room = element.clientWidth - first
        if (left < element.scrollLeft) element.scrollLeft = left
        else if (left + SIZE.column > element.scrollLeft + room) element.scrollLeft = left + SIZE.column - room
      }
    },
    [offsets, first],
  )
  // What is explained takes room from the grid: the cell that it is about stays in view.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the room changes
  useLayoutEffect(() => {
    if (props.explained) bringIntoView(at)
  }, [props.explained])

  const go = (to: Spot) => {
    const next = {
      row: Math.max(-2, Math.min(to.row, rows.length - 1)),
      col: Math.max(-1, Math.min(to.col, cols.length - 1)),
    }
    if (next.row === -2 && next.col >= 0) next.col = areaAt(areas, next.col)?.at ?? next.col
    bringIntoView(next)
    wanted.current = `${next.row}:${next.col}`
    const seen = look()
    if (seen) setView(old => (sameWindow(old, seen) ? old : seen))
    setSpot(next)
    const row = rows[next.row]
    const col = cols[next.col]
    if (props.explained && row?.kind === 'person' && col) props.onFollow(row.person, col)
  }
  useImperativeHandle(props.handle, () => ({ focus: () => go(at) }))

  const open = (to: Spot) => {
    const row = rows[to.row]
    const col = cols[to.col]
    if (to.row === -2 && to.col >= 0) props.onArea(areaAt(areas, to.col)?.area ?? null)
    else if (row?.kind === 'band') props.onBand(row.unit)
    else if (row?.kind === 'person' && col) props.onExplain(row.person, col)
    else box.current?.querySelector<HTMLElement>(`[data-spot="${to.row}:${to.col}"] a`)?.click()
  }
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.metaKey) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      return open(at)
    }
    if (!KEYS.includes(event.key)) return
    event.preventDefault()
    const page = Math.max(1, Math.floor(((box.current?.clientHeight ?? 400) - HEAD) / SIZE.row) - 1)
    const last = { row: rows.length - 1, col: cols.length - 1 }
    const area = at.row === -2 ? areaAt(areas, at.col) : undefined
    switch (event.key) {
      case 'ArrowUp':
        return go({ ...at, row: at.row - 1 })
      case 'ArrowDown':
        return go({ ...at, row: at.row + 1 })
      case 'ArrowLeft':
        return go({ ...at, col: at.col - 1 })
      case 'ArrowRight':
        return go({ ...at, col: area ? Math.min(last.col, area.at + area.width) : at.col + 1 })
      case 'Home':
        return go(event.ctrlKey ? { row: 0, col: 0 } : { ...at, col: 0 })
      case 'End':
        return go(event.ctrlKey ? last : { ...at, col: last.col })
      case 'PageUp':
        return go({ ...at, row: Math.max(0, at.row - page) })
      default:
        return go({ ...at, row: at.row + page })
    }
  }
  const spotOf = (target: EventTarget): Spot | null => {
    const found = (target as HTMLElement).closest<HTMLElement>('[data-spot]')?.dataset.spot?.split(':')
    return found ? { row: Number(found[0]), col: Number(found[1]) } : null
  }
  /** An empty cell is not drawn, so what was pressed follows from where. */
  const placeOf = (event: { clientX: number; clientY: number; target: EventTarget }): Spot | null => {
    const element = box.current
    const drawn = spotOf(event.target)
    if (drawn || !element) return drawn
    const frame = element.getBoundingClientRect()
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row
    const x = event.clientX - frame.left - first + element.scrollLeft
    if (row === undefined || x < 0) return null
    const col = Math.floor(x / SIZE.column)
    return col < cols.length ? { row: Number(row), col } : null
  }
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const line = hover.current
    const element = box.current
    if (!line || !element || event.pointerType === 'touch') return
    const x = event.clientX - element.getBoundingClientRect().left - first
    const col = Math.floor((x + element.scrollLeft) / SIZE.column)
    const on = x >= 0 && col < cols.length
    line.style.opacity = on ? '1' : '0'
    if (on) line.style.transform = `translateX(${first + col * SIZE.column}px)`
  }

  const drawn = rowsToDraw(view, at.row, rows.length)
  const width = first + cols.length * SIZE.column
  const active = (row: number) => (row === at.row ? at.col : null)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot be drawn in parts
    <div
      ref={box}
      role="grid"
      aria-label={props.label}
      aria-rowcount={rows.length + 2}
      aria-colcount={cols.length + 1}
      className={classes.box}
      style={{ '--first': `${first}px` } as CSSProperties}
      onScroll={() => update(true)}
      onKeyDown={press}
      onPointerMove={point}
      onPointerLeave={() => hover.current?.style.setProperty('opacity', '0')}
      onFocus={() => setInside(true)}
      onBlur={event => setInside(event.currentTarget.contains(event.relatedTarget))}
      onClick={event => {
        const link = (event.target as HTMLElement).closest('a')
        if (link) {
          // Plain links, because the router's own cost more than the rest of a row; it takes them over here.
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          return router.history.push(link.pathname)
        }
        const to = placeOf(event)
        if (!to) return
        go(to)
        open(to)
      }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a table cannot be drawn in parts */}
      <div className={classes.head} role="rowgroup" style={{ width, height: HEAD }}>
        <HeadRows
          matrix={props.matrix}
          cols={cols}
          areas={areas}
          view={view}
          areaTab={active(-2)}
          nameTab={active(-1)}
          first={first}
        />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a table cannot be drawn in parts */}
      <div
        className={classes.body}
        role="rowgroup"
        style={{ width, height: offsets[rows.length] ?? 0 }}
        data-inside={inside || undefined}
      >
        <div ref={hover} className={classes.column} data-hover aria-hidden />
        {(inside || props.explained) && at.col >= 0 && (
          <div
            className={classes.column}
            style={{ transform: `translateX(${first + at.col * SIZE.column}px)` }}
            aria-hidden
          />
        )}
        {areas.slice(1).map(area => (
          <div
            key={`${area.at}`}
            className={classes.edge}
            style={{ transform: `translateX(${first + area.at * SIZE.column}px)` }}
            aria-hidden
          />
        ))}
        {drawn.map(row => {
          const line = rows[row]
          if (!line) return null
          const shared = { row, top: offsets[row] ?? 0, fromCol: view.fromCol, toCol: view.toCol, active: active(row) }
          return line.kind === 'band' ? (
            <BandRow
              key={`band ${line.unit}`}
              {...shared}
              {...line}
              matrix={props.matrix}
              cells={props.cells}
              cols={cols}
            />
          ) : (
            <PersonRow
              key={props.matrix.people[line.person]?.id}
              {...shared}
              person={line.person}
              grouped={props.grouped}
              matrix={props.matrix}
              cells={props.cells}
              cols={cols}
            />
          )
        })}
      </div>
    </div>
  )
}

const areaAt = (areas: readonly AreaSpan[], col: number) =>
  areas.find(area => area.at <= col && col < area.at + area.width)
const firstPerson = (rows: readonly Row[]) =>
  Math.max(
    0,
    rows.findIndex(row => row.kind === 'person'),
  )

/** The rows in view, and the one with the keyboard: scrolling must not take the focus away. */
function rowsToDraw(view: Window, active: number, rows: number): number[] {
  const drawn: number[] = []
  if (active >= 0 && active < view.fromRow) drawn.push(active)
  for (let row = view.fromRow; row < Math.min(view.toRow, rows); row++) drawn.push(row)
  if (active >= view.toRow && active < rows) drawn.push(active)
  return drawn
}

function useFirstWidth(): number {
  const narrow = '(max-width: 48em)'
  const [width, setWidth] = useState<number>(() => (matchMedia(narrow).matches ? SIZE.firstNarrow : SIZE.first))
  useEffect(() => {
    const query = matchMedia(narrow)
    const changed = () => setWidth(query.matches ? SIZE.firstNarrow : SIZE.first)
    query.addEventListener('change', changed)
    return () => query.removeEventListener('change', changed)
  }, [])
  return width
}
