import { Button } from '@mantine/core'
import { IconFold, IconFoldDown } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { BodyInput } from '#contract/endpoint.ts'
import { getMatrix } from '#contract/matrix.ts'
import { CellList } from '../features/matrix/cell-list.tsx'
import { type GridHandle, MatrixGrid } from '../features/matrix/grid.tsx'
import { Legend } from '../features/matrix/legend.tsx'
import {
  type Col,
  countStates,
  layColumns,
  layRows,
  type MatrixData,
  narrowColumns,
} from '../features/matrix/matrix-data.ts'
import { PrintList } from '../features/matrix/print-list.tsx'
import { useCall } from '../lib/query.ts'
import { useSession } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Toggle } from '../ui/filters.tsx'
import { Answer, Empty, Waiting } from '../ui/states.tsx'
import classes from './rights.module.css'
import { type Change, filtersInWords, type Search } from './rights-filters.tsx'
import { WhyBeside } from './rights-why.tsx'

/** People by columns, as the grid or as a list of its cells; and the list that is printed, which is drawn only then. */
export function MatrixView(props: {
  asked: BodyInput<typeof getMatrix>
  search: Search
  /** Only columns with these words are seen. */
  find: string
  change: Change
  view: 'matrix' | 'list'
  printing: boolean
  onPrinted: () => void
  printAtOnce: boolean
}) {
  const query = useCall(getMatrix, { body: props.asked }, { keep: true })
  return (
    <Answer query={query} waiting={<Waiting rows={10} height={36} />}>
      {matrix => <Shown {...props} matrix={matrix} stale={query.isPlaceholderData} />}
    </Answer>
  )
}

function Shown(props: Parameters<typeof MatrixView>[0] & { matrix: MatrixData; stale: boolean }) {
  const texts = useTexts()
  const { t, number } = texts
  const session = useSession()
  const { search, find, change } = props
  const { matrix, cells } = useMemo(() => narrowColumns(props.matrix, find), [props.matrix, find])
  const [closedUnits, setClosedUnits] = useState<ReadonlySet<number | null>>(new Set())
  const [closedAreas, setClosedAreas] = useState<ReadonlySet<string | null>>(new Set())
  const [why, setWhy] = useState<{ person: number; from: number; to: number } | null>(null)
  const later = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const grid = useRef<GridHandle>(null)
  const grouped = search.group !== 'none'
  const rows = useMemo(() => layRows(matrix, grouped, closedUnits), [matrix, grouped, closedUnits])
  const { cols, areas } = useMemo(() => layColumns(matrix, closedAreas), [matrix, closedAreas])
  const states = useMemo(() => countStates(cells), [cells])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is explained belongs to the answer that is gone
  useEffect(() => setWhy(null), [matrix])
  useEffect(() => () => clearTimeout(later.current), [])
  const { printing, onPrinted, printAtOnce } = props
  useEffect(() => {
    if (!printing) return
    window.addEventListener('afterprint', onPrinted, { once: true })
    if (printAtOnce) window.print()
    return () => window.removeEventListener('afterprint', onPrinted)
  }, [printing, printAtOnce, onPrinted])

  const explain = (person: number, from: number, to: number) => setWhy({ person, from, to })
  const person = why ? matrix.people[why.person] : undefined
  const close = () => {
    setWhy(null)
    grid.current?.focus()
  }
  const beside = why && person && (
    <WhyBeside
      key={`${person.id} ${why.from}`}
      person={person}
      columns={matrix.columns.slice(why.from, why.to)}
      past={matrix.past ? { asOf: matrix.asOf, known: search.known } : null}
      onClose={close}
    />
  )
  if (matrix.people.length === 0) return <Empty title={t('matrix.empty')} help={t('matrix.emptyHelp')} />
  const bands = [...new Set(matrix.people.map(one => one.unit))]
  return (
    <div className={classes.page} aria-busy={props.stale || undefined}>
      {matrix.total > matrix.people.length && (
        <p role="status">{t('matrix.tooMany', { total: number(matrix.total), shown: number(matrix.people.length) })}</p>
      )}
      {matrix.past && <p className="meta">{t('matrix.pastNote')}</p>}
      <div className={`${classes.beside} no-print`} data-open={why !== null || undefined}>
        {props.view === 'matrix' ? (
          cols.length === 0 ? (
            <Empty title={t('matrix.empty')} help={t('matrix.emptyHelp')} />
          ) : (
            <MatrixGrid
              matrix={matrix}
              cells={cells}
              rows={rows}
              cols={cols}
              areas={areas}
              label={t('matrix.gridLabel')}
              grouped={grouped}
              explained={why !== null}
              onExplain={(one, col: Col) => explain(one, col.from, col.to)}
              onFollow={(one, col: Col) => {
                // Each look at a person is on record: only where one stops is looked at.
                clearTimeout(later.current)
                later.current = setTimeout(() => explain(one, col.from, col.to), 350)
              }}
              onBand={unit => setClosedUnits(toggled(closedUnits, unit))}
              onArea={area => setClosedAreas(toggled(closedAreas, area))}
              handle={grid}
            />
          )
        ) : (
          <div className={classes.page}>
            <CellList
              matrix={matrix}
              cells={cells}
              offset={search.offset ?? 0}
              onMove={offset => change({ offset: offset || undefined })}
              onExplain={(one, column) => explain(one, column, column + 1)}
            />
          </div>
        )}
        {beside}
      </div>
      <div className={`${classes.foot} no-print`}>
        <Legend counts={states} chosen={search.state} onChoose={state => change({ state })} />
        {props.view === 'matrix' && (
          <span className={classes.switch}>
            <Toggle on={grouped} onChange={on => change({ group: on ? undefined : 'none' })}>
              {t('matrix.grouped')}
            </Toggle>
            {grouped && (
              <Button
                variant="subtle"
                size="xs"
                leftSection={
                  closedUnits.size > 0 ? <IconFoldDown size={16} aria-hidden /> : <IconFold size={16} aria-hidden />
                }
                onClick={() => setClosedUnits(closedUnits.size > 0 ? new Set() : new Set(bands))}
              >
                {t(closedUnits.size > 0 ? 'matrix.openAll' : 'matrix.closeAll')}
              </Button>
            )}
          </span>
        )}
      </div>
      <div className={`${classes.foot} meta no-print`}>
        <span>{props.view === 'matrix' && t('matrix.keys')}</span>
        <span>{t('matrix.size', { people: number(matrix.people.length), columns: number(cols.length) })}</span>
      </div>
      {printing && (
        <PrintList
          matrix={matrix}
          cells={cells}
          rows={layRows(matrix, true, new Set())}
          filters={t('matrix.filters', {
            filters:
              filtersInWords({ search, find, text: props.asked.text }, namesOf(search, matrix), texts) ||
              t('matrix.noFilters'),
          })}
          who={session.actor?.displayName ?? ''}
        />
      )}
    </div>
  )
}

const namesOf = (search: Search, { units, columns }: MatrixData) => ({
  unit: units.find(one => one.id === search.unit)?.name ?? null,
  system: search.system ? (columns[0]?.system ?? columns[0]?.name ?? null) : null,
})

function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set)
  if (!next.delete(value)) next.add(value)
  return next
}
