import { Button, SegmentedControl } from '@mantine/core'
import { IconFold, IconFoldDown } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { BodyInput } from '#contract/endpoint.ts'
import { getHeat, getMatrix } from '#contract/matrix.ts'
import { personKind } from '#contract/shapes.ts'
import { getSystem, listSystems } from '#contract/systems.ts'
import { getOrganisation } from '#contract/units.ts'
import { CellList } from '../features/matrix/cell-list.tsx'
import { ExportMenu } from '../features/matrix/export-menu.tsx'
import { type GridHandle, MatrixGrid } from '../features/matrix/grid.tsx'
import { Heat } from '../features/matrix/heat.tsx'
import { Legend } from '../features/matrix/legend.tsx'
import {
  type Col,
  countStates,
  decodeCells,
  layColumns,
  layRows,
  type MatrixData,
} from '../features/matrix/matrix-data.ts'
import { PrintList } from '../features/matrix/print-list.tsx'
import { ViewTabs } from '../features/views/view-tabs.tsx'
import { dayOf } from '../lib/formats.ts'
import { useHistoryText } from '../lib/history-text.ts'
import { useCall } from '../lib/query.ts'
import type { RightsSearch } from '../lib/search.ts'
import { useMay, useSession } from '../lib/session.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import { AsOfBanner, AsOfControl } from '../ui/as-of.tsx'
import { Choice, FilterChip, FilterRow, SearchField, Toggle } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Waiting } from '../ui/states.tsx'
import classes from './rights.module.css'
import { WhyBeside } from './rights-why.tsx'

const route = getRouteApi('/app/rights')
type Search = RightsSearch
type Change = (next: Partial<Search>) => void

/** The overview that the whole tool is for: who has what, in which state, on any day. */
export function RightsPage() {
  const { t } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { text, settled, setText } = useHistoryText()
  const view = search.view ?? 'heat'
  const go = (next: Search, replace: boolean) =>
    void navigate({ search: next, replace, resetScroll: false, state: true } as never)
  const change: Change = next => go({ ...search, offset: undefined, ...next }, true)
  const today = dayOf(new Date().toISOString())
  const { view: _, find: __, group: ___, offset: ____, columns, ...filter } = search
  const asked: BodyInput<typeof getMatrix> = {
    ...filter,
    ...(settled ? { text: settled } : {}),
    ...(columns === 'rights' && (filter.area || filter.system) ? { columns } : {}),
  }
  const [printing, setPrinting] = useState(false)

  return (
    <Page
      title={t('matrix.title')}
      lead={t('matrix.lead')}
      wide
      actions={
        <>
          <AsOfControl
            asOf={search.asOf}
            known={search.known}
            today={today}
            onChange={({ asOf, known }) => change({ asOf, known })}
          />
          <ExportMenu
            query={asked}
            onPrint={() => {
              // What is printed is drawn only for it: a list of thousands of lines.
              flushSync(() => setPrinting(true))
              if (view !== 'heat') window.print()
            }}
          />
        </>
      }
    >
      <div className={classes.top}>
        <ViewTabs screen="rights" search={search} onOpen={next => go(next as Search, false)} />
        <SegmentedControl
          aria-label={t('matrix.views')}
          value={view}
          onChange={next =>
            go({ ...search, offset: undefined, view: next === 'heat' ? undefined : (next as 'matrix') }, false)
          }
          data={(['heat', 'matrix', 'list'] as const).map(value => ({ value, label: t(`matrix.view.${value}`) }))}
        />
      </div>
      <AsOfBanner
        asOf={search.asOf}
        known={search.known}
        onBack={() => change({ asOf: undefined, known: undefined })}
      />
      <Filters search={search} change={change} text={text} onText={setText} view={view} />
      {view === 'heat' && !printing ? (
        <HeatView asked={asked} onInto={into => go({ ...search, ...into, view: 'matrix' }, false)} change={change} />
      ) : (
        <MatrixView
          asked={asked}
          search={search}
          change={change}
          view={view === 'list' ? 'list' : 'matrix'}
          printing={printing}
          onPrinted={() => setPrinting(false)}
          printAtOnce={view === 'heat'}
        />
      )}
    </Page>
  )
}

function Filters(props: {
  search: Search
  change: Change
  text: string
  onText: (text: string) => void
  view: 'heat' | 'matrix' | 'list'
}) {
  const { t } = useTexts()
  const may = useMay()
  const { search, change, view } = props
  const units = useCall(getOrganisation, { query: { tree: 'admin' } }, { enabled: may('unit.read') }).data?.units
  const areas = useCall(listSystems, { query: { limit: 1 } }, { enabled: may('system.read') }).data?.areas
  const [find, setFind] = useUrlText(search.find, value => change({ find: value }))
  const tree = useMemo(() => indented(units ?? []), [units])
  return (
    <FilterRow>
      <SearchField
        label={t('matrix.search')}
        hint={t('matrix.searchHint')}
        value={props.text}
        onChange={props.onText}
      />
      {view === 'matrix' && <SearchField label={t('matrix.searchSystem')} value={find} onChange={setFind} />}
      {tree.length > 0 && (
        <Choice
          label={t('matrix.unit')}
          all={t('matrix.allUnits')}
          value={search.unit}
          options={tree}
          onChange={unit => change({ unit })}
        />
      )}
      <Choice
        label={t('matrix.area')}
        all={t('matrix.allAreas')}
        value={search.area}
        options={(areas ?? (search.area ? [search.area] : [])).map(value => ({ value, label: value }))}
        onChange={area => change({ area, ...(area || search.system ? {} : { columns: undefined }) })}
      />
      <Choice
        label={t('matrix.kind')}
        all={t('matrix.staff')}
        value={search.kind}
        options={personKind.options.map(value => ({ value, label: t(`enum.personKind.${value}`) }))}
        onChange={kind => change({ kind })}
      />
      <Toggle on={search.drift === true} onChange={on => change({ drift: on || undefined })}>
        {t('matrix.onlyDrift')}
      </Toggle>
      <Toggle on={search.protectedData === true} onChange={on => change({ protectedData: on || undefined })}>
        {t('matrix.onlyProtected')}
      </Toggle>
      <Toggle on={search.privileged === true} onChange={on => change({ privileged: on || undefined })}>
        {t('matrix.onlyPrivileged')}
      </Toggle>
      {search.state && (
        <FilterChip
          label={t('matrix.stateLabel')}
          value={t(`matrix.state.${search.state}`)}
          onRemove={() => change({ state: undefined })}
        />
      )}
      {search.system && <SystemChip search={search} change={change} />}
      {view !== 'heat' && (search.area || search.system) && (
        <Toggle on={search.columns === 'rights'} onChange={on => change({ columns: on ? 'rights' : undefined })}>
          {t('matrix.rightsAsColumns')}
        </Toggle>
      )}
    </FilterRow>
  )
}

function SystemChip({ search, change }: { search: Search; change: Change }) {
  const { t } = useTexts()
  const name = useCall(getSystem, { params: { systemId: search.system ?? '' } }).data?.name
  return (
    <FilterChip
      label={t('matrix.system')}
      value={name ?? '…'}
      onRemove={() => change({ system: undefined, ...(search.area ? {} : { columns: undefined }) })}
    />
  )
}

type Node = { id: string; parentId: string | null; name: string }
/** Units as a tree is read, each step in by a space that a native list shows. */
function indented(units: readonly Node[]): { value: string; label: string }[] {
  const ids = new Set(units.map(unit => unit.id))
  const children = Map.groupBy(units, unit => (unit.parentId && ids.has(unit.parentId) ? unit.parentId : null))
  const walk = (parent: string | null, level: number): { value: string; label: string }[] =>
    (children.get(parent) ?? []).flatMap(unit => [
      { value: unit.id, label: `${'\u2003'.repeat(level)}${unit.name}` },
      ...walk(unit.id, level + 1),
    ])
  return walk(null, 0)
}

function HeatView(props: {
  asked: BodyInput<typeof getHeat>
  onInto: (into: Partial<Search>) => void
  change: Change
}) {
  const { t, number } = useTexts()
  const { columns: _, ...body } = props.asked as BodyInput<typeof getMatrix>
  const query = useCall(getHeat, { body }, { keep: true })
  return (
    <Answer query={query} waiting={<Waiting rows={8} height={40} />}>
      {heat => (
        <div className={classes.page} aria-busy={query.isPlaceholderData || undefined}>
          <Heat heat={heat} onInto={props.onInto} onArea={area => props.change({ area })} />
          <div className={`${classes.foot} meta`}>
            <span>{t('matrix.heatNote')}</span>
            <span>{t('matrix.sizeHeat', { people: number(heat.total) })}</span>
          </div>
        </div>
      )}
    </Answer>
  )
}

function MatrixView(props: {
  asked: BodyInput<typeof getMatrix>
  search: Search
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
  const { t, number } = useTexts()
  const session = useSession()
  const { matrix, search, change } = props
  const [closedUnits, setClosedUnits] = useState<ReadonlySet<number | null>>(new Set())
  const [closedAreas, setClosedAreas] = useState<ReadonlySet<string | null>>(new Set())
  const [why, setWhy] = useState<{ person: number; from: number; to: number } | null>(null)
  const later = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const grid = useRef<GridHandle>(null)
  const cells = useMemo(() => decodeCells(matrix.cells), [matrix])
  const grouped = search.group !== 'none'
  const rows = useMemo(() => layRows(matrix, grouped, closedUnits), [matrix, grouped, closedUnits])
  const find = search.find ?? ''
  const { cols, areas } = useMemo(() => layColumns(matrix, find, closedAreas), [matrix, find, closedAreas])
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
          filters={t('matrix.filters', { filters: filtersInWords(search, matrix, t) || t('matrix.noFilters') })}
          who={session.actor?.displayName ?? ''}
        />
      )}
    </div>
  )
}

function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set)
  if (!next.delete(value)) next.add(value)
  return next
}

function filtersInWords(search: Search, matrix: MatrixData, t: ReturnType<typeof useTexts>['t']): string {
  const unit = matrix.units.find(one => one.id === search.unit)?.name
  const system = search.system ? (matrix.columns[0]?.system ?? matrix.columns[0]?.name) : undefined
  return [
    ...(unit ? [`${t('matrix.unit')}: ${unit}`] : []),
    ...(search.area ? [`${t('matrix.area')}: ${search.area}`] : []),
    ...(system ? [`${t('matrix.system')}: ${system}`] : []),
    ...(search.kind ? [`${t('matrix.kind')}: ${t(`enum.personKind.${search.kind}`)}`] : []),
    ...(search.drift ? [t('matrix.onlyDrift')] : []),
    ...(search.protectedData ? [t('matrix.onlyProtected')] : []),
    ...(search.privileged ? [t('matrix.onlyPrivileged')] : []),
    ...(search.state ? [`${t('matrix.stateLabel')}: ${t(`matrix.state.${search.state}`)}`] : []),
  ].join('; ')
}
