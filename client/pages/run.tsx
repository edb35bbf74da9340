import { Progress } from '@mantine/core'
import { IconInfoCircle, IconListDetails } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { RunDetail } from '#contract/feeds.ts'
import { getRun } from '#contract/runs.ts'
import { HeldPanel } from '../features/held/held-panel.tsx'
import { ShapeRejected } from '../features/held/shape-rejected.tsx'
import { PlanTable } from '../features/sync/plan-table.tsx'
import { Rejects } from '../features/sync/rejects.tsx'
import { RunCompared } from '../features/sync/run-compared.tsx'
import { RunEnding } from '../features/sync/run-ending.tsx'
import { RunNotes } from '../features/sync/run-notes.tsx'
import { RunSituations } from '../features/sync/run-situations.tsx'
import { RunState } from '../features/sync/run-state.tsx'
import { RunSteps } from '../features/sync/run-steps.tsx'
import { queryClient, useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Empty, Failure, Waiting } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/sync/runs/$runId')
type KindRow = RunDetail['byKind'][number]

export function RunPage() {
  const { t } = useTexts()
  const { runId } = route.useParams()
  const query = useCall(
    getRun,
    { params: { runId } },
    { every: data => (data === undefined || data.state === 'running' ? 1_500 : false) },
  )
  const state = query.data?.state
  const before = useRef(state)
  useEffect(() => {
    if (before.current === 'running' && state && state !== 'running') {
      announce(t('sync.announceDone', { state: t(`sync.state.${state}`) }))
      // The plan, what is held back and the rejected rows came with the end of the run.
      void queryClient.invalidateQueries()
    }
    before.current = state
  }, [state, t])
  if (query.data) return <RunScreen run={query.data} />
  return (
    <Page title={t('sync.run')} waiting crumbs={[{ label: t('sync.title'), to: '/sync' }]}>
      {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
    </Page>
  )
}

function RunScreen(props: { run: RunDetail }) {
  const { t, language, instant, number } = useTexts()
  const { run } = props
  const live = run.state === 'running'
  // Nothing was planned where a read was refused or broke off before the plan.
  const stopped = (run.state === 'rejected' || run.state === 'failed') && run.planHash === null
  return (
    <Page
      title={`${t('sync.run')}: ${run.sourceName[language]}`}
      section={t('sync.title')}
      crumbs={[
        { label: t('sync.title'), to: '/sync' },
        // A dry run may be of a source that is still only a draft.
        ...(run.dryRun
          ? []
          : [{ label: run.sourceName[language], to: '/sync/sources/$sourceKey', params: { sourceKey: run.source } }]),
      ]}
      lead={[
        t('sync.startedAt', { when: instant(run.startedAt), trigger: t(`sync.trigger.${run.trigger}`) }),
        run.fullBecause &&
          t(`sync.fullBecause.${run.fullBecause as 'due'}`, { defaultValue: t('sync.fullBecause.other') }),
      ]
        .filter(Boolean)
        .join('. ')}
      badges={
        <>
          <RunState state={run.state} ends={run.ends} />
          {run.mode === 'changes' && (
            <Status tone="quiet" icon={IconListDetails}>
              {t('sync.mode.changes')}
            </Status>
          )}
          {run.dryRun && (
            <Status tone="info" icon={IconInfoCircle}>
              {t('sync.dryRun')}
            </Status>
          )}
        </>
      }
    >
      <RunEnding run={run} />
      <RunNotes notes={run.notes} />
      <RunSteps run={run} />
      {live && run.progress && (
        <div className="stack">
          {run.progress.total !== null && run.progress.total > 0 && (
            <Progress
              value={Math.min(100, (100 * run.progress.done) / run.progress.total)}
              aria-label={t(`sync.step.${run.progress.phase === 'end' ? 'after' : run.progress.phase}`)}
            />
          )}
          <p className="dim">
            {run.progress.total !== null
              ? t('sync.progress', { done: number(run.progress.done), total: number(run.progress.total) })
              : t('sync.progressOpen', { done: number(run.progress.done) })}
            {'. '}
            {t('sync.live')}
          </p>
        </div>
      )}
      {run.dryRun && !live && <p className="dim">{t('sync.dryRunNote')}</p>}
      {run.state === 'rejected' && run.heldBack.length > 0 && <ShapeRejected run={run} />}
      {!live && !run.dryRun && run.state !== 'rejected' && run.heldBack.length > 0 && <HeldPanel run={run} />}
      <ByKind rows={run.byKind} />
      <RunSituations run={run} />
      {!live && <RunCompared run={run} />}
      {!stopped && <PlanTable runId={run.id} live={live} />}
      {run.rejected > 0 && <Rejects runId={run.id} />}
    </Page>
  )
}

function ByKind(props: { rows: KindRow[] }) {
  const { t, number } = useTexts()
  const figure = (
    key: 'read' | 'added' | 'changed' | 'returned' | 'gone' | 'unchanged' | 'missing' | 'rejected' | 'held',
    rank?: 1 | 2 | 3,
  ): Column<KindRow> => ({
    key,
    label: t(`sync.columns.${key}`),
    number: true,
    ...(rank ? { rank } : {}),
    cell: row => (row[key] === 0 ? <span className="dim">0</span> : number(row[key])),
  })
  if (props.rows.length === 0) return null
  const columns: Column<KindRow>[] = [
    { key: 'kind', label: t('sync.columns.kind'), cell: row => t(`sync.record.${row.kind}`) },
    figure('read'),
    figure('added'),
    figure('changed'),
    figure('gone', 3),
    figure('unchanged', 2),
    figure('returned', 1),
    figure('missing', 2),
    figure('held', 3),
    figure('rejected', 3),
  ]
  return (
    <section>
      <h2 className="section">{t('sync.byKind')}</h2>
      <DataTable
        caption={t('sync.byKindCaption')}
        columns={columns}
        rows={props.rows}
        rowKey={row => row.kind}
        empty={<Empty title={t('sync.planEmpty')} />}
      />
    </section>
  )
}
