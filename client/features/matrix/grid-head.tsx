import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import type { CSSProperties, ReactNode } from 'react'
import { useTexts } from '../../texts/i18n.ts'
import classes from './grid.module.css'
import { SIZE, type Window } from './grid-window.ts'
import type { AreaSpan, Col, MatrixData } from './matrix-data.ts'

const BADGE = { none: null, personal: null, confidential: 'CPR', special: 'A9', criminal: 'A10' } as const

/** The two head rows: areas, which fold, and the names of the columns in view. */
export function HeadRows(props: {
  matrix: MatrixData
  cols: readonly Col[]
  areas: readonly AreaSpan[]
  view: Window
  /** The column that can be tabbed to in each of the two, if any. */
  areaTab: number | null
  nameTab: number | null
  /** Width of the column with the people, in pixels. */
  first: number
}) {
  const { matrix, cols, areas, view, areaTab, nameTab, first } = props
  const { t } = useTexts()
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
