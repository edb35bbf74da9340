import { IconChevronDown, IconChevronRight, IconShieldLock } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type ReactNode,
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
import { useTexts } from '../../texts/i18n.ts'
import { Glyph } from './glyph.tsx'
import classes from './grid.module.css'
import { offsetsOf, SIZE, sameWindow, type Window, windowOf } from './grid-window.ts'
import {
  type AreaSpan,
  type Cells,
  type Col,
  firstFrom,
  holdersOf,
  lookUp,
  type MatrixData,
  type Row,
} from './matrix-data.ts'
import { useCellWords } from './use-cell-words.ts'

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
  const { t } = useTexts()
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
        <HeadRows {...props} view={view} at={at} areaTab={active(-2)} nameTab={active(-1)} first={first} t={t} />
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

const BADGE = { none: null, personal: null, confidential: 'CPR', special: 'A9', criminal: 'A10' } as const

function HeadRows(
  props: Props & {
    view: Window
    at: Spot
    areaTab: number | null
    nameTab: number | null
    first: number
    t: ReturnType<typeof useTexts>['t']
  },
) {
  const { matrix, cols, areas, view, areaTab, nameTab, first, t } = props
  const shownAreas = areas.filter(
    area => (area.at < view.toCol && area.at + area.width > view.fromCol) || area.at === areaTab,
  )
  const names: number[] = []
  for (let col = view.fromCol; col < Math.min(view.toCol, cols.length); col++) names.push(col)
  if (nameTab !== null && nameTab >= 0 && !names.includes(nameTab)) names.push(nameTab)
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a table cannot be drawn in parts */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: its cells are */}
      <div role="row" aria-rowindex={1} className={classes.areas}>
        <Head spot="-2:-1" index={1} tab={areaTab === -1} className={classes.corner}>
          {t('matrix.area')}
        </Head>
        {shownAreas.map(area => (
          <Head
            key={`${area.at}`}
            spot={`-2:${area.at}`}
            index={area.at + 2}
            span={area.width}
            tab={areaTab === area.at}
            expanded={!area.closed}
            className={classes.area}
            style={{ left: first + area.at * SIZE.column, width: area.width * SIZE.column }}
            label={t(area.closed ? 'matrix.areaClosed' : 'matrix.areaOpen', {
              area: area.area ?? t('matrix.noArea'),
              count: area.columns,
            })}
          >
            <span className={classes.areaName}>
              {area.closed ? <IconChevronRight size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
              {/* One column is too narrow for its area's name: it is there for who listens. */}
              <span className={area.width > 1 ? undefined : classes.unseen}>{area.area ?? t('matrix.noArea')}</span>
            </span>
          </Head>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: its cells are */}
      <div role="row" aria-rowindex={2} className={classes.names}>
        <Head spot="-1:-1" index={1} tab={nameTab === -1} className={classes.corner}>
          {t('matrix.person')}
        </Head>
        {names.map(place => {
          const col = cols[place]
          const column = matrix.columns[col?.from ?? -1]
          if (!col || !column) return null
          const closed = col.closed
          const badge = closed ? null : BADGE[column.sensitivity]
          const name = closed ? (col.area ?? t('matrix.noArea')) : column.name
          return (
            <Head
              key={closed ? `area ${col.area}` : column.id}
              spot={`-1:${place}`}
              index={place + 2}
              tab={nameTab === place}
              className={classes.name}
              style={{ left: first + place * SIZE.column }}
              {...(badge ? { protected: true } : {})}
              label={[
                column.system && !closed ? `${column.system}: ${name}` : name,
                ...(badge ? [t(`enum.sensitivity.${column.sensitivity}`)] : []),
              ].join(', ')}
            >
              {badge && <span className={classes.badge}>{badge}</span>}
              {!closed && column.systemId ? (
                <a
                  href={`/systems/${column.systemId}`}
                  tabIndex={-1}
                  className={classes.nameText}
                  title={column.system ? `${column.system}: ${name}` : name}
                >
                  {name}
                </a>
              ) : (
                <span className={classes.nameText}>{`${name} (${col.to - col.from})`}</span>
              )}
            </Head>
          )
        })}
      </div>
    </>
  )
}

function Head(props: {
  spot: string
  index: number
  tab: boolean
  className: string | undefined
  style?: CSSProperties
  label?: string
  span?: number
  expanded?: boolean
  protected?: boolean
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot be drawn in parts
    <div
      role="columnheader"
      aria-colindex={props.index}
      {...(props.span ? { 'aria-colspan': props.span } : {})}
      {...(props.label ? { 'aria-label': props.label } : {})}
      {...(props.expanded === undefined ? {} : { 'aria-expanded': props.expanded })}
      data-spot={props.spot}
      data-protected={props.protected}
      tabIndex={props.tab ? 0 : -1}
      className={props.className}
      style={props.style}
    >
      {props.children}
    </div>
  )
}

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

const PersonRow = memo(function PersonRow(props: RowProps & { person: number; grouped: boolean }) {
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

const BandRow = memo(function BandRow(
  props: RowProps & { unit: number | null; people: number; from: number; to: number; closed: boolean },
) {
  const { t, number } = useTexts()
  const { matrix, cells, cols, row, active, unit } = props
  const name = unit === null ? t('matrix.noUnit') : (matrix.units[unit]?.name ?? '')
  const holders = useMemo(
    () => (props.closed ? holdersOf(cells, props.from, props.to, matrix.columns.length) : null),
    [props.closed, cells, props.from, props.to, matrix],
  )
  const shown: { col: number; people: number }[] = []
  for (let col = props.fromCol; col < Math.min(props.toCol, cols.length); col++) {
    const one = cols[col]
    const people = one && !one.closed ? (holders?.[one.from] ?? 0) : 0
    if (people > 0 || col === active) shown.push({ col, people })
  }
  if (active !== null && active >= 0 && !shown.some(one => one.col === active)) shown.push({ col: active, people: 0 })
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
      {shown.map(({ col, people }) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div
          key={col}
          role="gridcell"
          aria-colindex={col + 2}
          aria-label={t('matrix.bandCell', { count: people })}
          data-spot={`${row}:${col}`}
          tabIndex={active === col ? 0 : -1}
          className={classes.bandCell}
          style={{ transform: `translateX(calc(var(--first) + ${col * SIZE.column}px))` }}
        >
          {people > 0 && number(people)}
        </div>
      ))}
    </div>
  )
})
