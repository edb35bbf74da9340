import { SegmentedControl } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import type { BodyInput } from '#contract/endpoint.ts'
import { getHeat, type getMatrix } from '#contract/matrix.ts'
import { DataFreshness, OBSERVED } from '../features/freshness/data-freshness.tsx'
import { ExportMenu } from '../features/matrix/export-menu.tsx'
import { flowChoice } from '../features/matrix/flow-choice.ts'
import { Heat } from '../features/matrix/heat.tsx'
import { ViewTabs } from '../features/views/view-tabs.tsx'
import { dayOf } from '../lib/formats.ts'
import { useHistoryText } from '../lib/history-text.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { AsOfBanner, AsOfControl } from '../ui/as-of.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Waiting } from '../ui/states.tsx'
import classes from './rights.module.css'
import { type Change, RightsFilters, type Search, type View } from './rights-filters.tsx'

const route = getRouteApi('/app/rights')
const MatrixView = lazy(async () => ({ default: (await import('./rights-grid.tsx')).MatrixView }))
const FlowView = lazy(async () => ({ default: (await import('./rights-flow.tsx')).FlowView }))
const VIEWS: readonly View[] = ['heat', 'matrix', 'flow', 'list']

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
  const { view: _, find: __, group: ___, offset: ____, by, through, table, columns, ...filter } = search
  const asked: BodyInput<typeof getMatrix> = {
    ...filter,
    ...(settled ? { text: settled } : {}),
    ...(columns === 'rights' && (filter.area || filter.system) ? { columns } : {}),
  }
  const { columns: ______, ...counted } = asked as BodyInput<typeof getMatrix>
  const byColumns = view === 'matrix' || view === 'list'
  const [printing, print, printed] = usePrinting(view === 'flow' ? 'itself' : byColumns ? 'list' : 'fetched list')

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
            find={byColumns ? search.find : undefined}
            flow={view === 'flow' ? flowChoice({ by, through }) : undefined}
            onPrint={print}
          />
        </>
      }
    >
      <div className={`${classes.top} no-print`}>
        <ViewTabs screen="rights" search={search} onOpen={next => go(next as Search, false)} />
        <SegmentedControl
          aria-label={t('matrix.views')}
          value={view}
          onChange={next =>
            go({ ...search, offset: undefined, view: next === 'heat' ? undefined : (next as View) }, false)
          }
          data={VIEWS.map(value => ({ value, label: t(`matrix.view.${value}`) }))}
        />
      </div>
      <AsOfBanner
        asOf={search.asOf}
        known={search.known}
        onBack={() => change({ asOf: undefined, known: undefined })}
      />
      {!search.asOf && <DataFreshness kinds={OBSERVED} />}
      <RightsFilters search={search} change={change} text={text} onText={setText} view={view} />
      {printing || byColumns ? (
        <Suspense fallback={<Waiting rows={8} height={40} />}>
          <MatrixView
            asked={asked}
            search={search}
            find={byColumns ? (search.find ?? '') : ''}
            change={change}
            view={view === 'list' ? 'list' : 'matrix'}
            printing={printing}
            onPrinted={printed}
            printAtOnce={view === 'heat'}
          />
        </Suspense>
      ) : view === 'flow' ? (
        <Suspense fallback={<Waiting rows={8} height={40} />}>
          <FlowView asked={counted} search={search} change={change} />
        </Suspense>
      ) : (
        <HeatView asked={counted} onInto={into => go({ ...search, ...into, view: 'matrix' }, false)} change={change} />
      )}
    </Page>
  )
}

/** What is on paper: the flow `itself`, with its figures as tables; or a list, whose figures the screen has or not. */
type Paper = 'itself' | 'list' | 'fetched list'

/**
 * A list is drawn only to be printed: thousands of lines. However printing is asked for, by the menu, the keyboard or the
 * browser's own: where the screen has the list's figures it is drawn before the paper is; else the keyboard's is taken
 * over, to fetch them first.
 */
function usePrinting(paper: Paper): [boolean, () => void, () => void] {
  const [printing, setPrinting] = useState(false)
  const print = useCallback(() => {
    if (paper !== 'itself') flushSync(() => setPrinting(true))
    if (paper !== 'fetched list') window.print()
  }, [paper])
  const printed = useCallback(() => setPrinting(false), [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'p' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
      event.preventDefault()
      print()
    }
    const draw = () => {
      if (paper === 'list') flushSync(() => setPrinting(true))
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('beforeprint', draw)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('beforeprint', draw)
    }
  }, [print, paper])
  return [printing, print, printed]
}

function HeatView(props: {
  asked: BodyInput<typeof getHeat>
  onInto: (into: Partial<Search>) => void
  change: Change
}) {
  const { t, number } = useTexts()
  const query = useCall(getHeat, { body: props.asked }, { keep: true })
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
