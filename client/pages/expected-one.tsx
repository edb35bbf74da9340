import { Button, Group } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import {
  type AnnouncementRow,
  approveAnnouncement,
  getAnnouncement,
  simulateAnnouncement,
} from '#contract/announcements.ts'
import { CancelExpected } from '../features/expected/cancel-expected.tsx'
import { ExpectedState } from '../features/expected/expected-state.tsx'
import { useExpectedWords } from '../features/expected/expected-words.ts'
import { problemOf } from '../lib/call.ts'
import { lastDay } from '../lib/formats.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Failure, Waiting } from '../ui/states.tsx'

const route = getRouteApi('/app/sync/expected/$announcementId')
type Line = AnnouncementRow['expected'][number]

export function ExpectedOnePage() {
  const { t } = useTexts()
  const { announcementId } = route.useParams()
  const query = useCall(
    getAnnouncement,
    { params: { announcementId } },
    { every: data => (data?.simulation?.state === 'running' ? 2_000 : false) },
  )
  if (query.data) return <ExpectedScreen announcement={query.data} />
  return (
    <Page title={t('expected.documentTitle')} waiting crumbs={[{ label: t('expected.title'), to: '/sync/expected' }]}>
      {query.isError ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Waiting />}
    </Page>
  )
}

function ExpectedScreen(props: { announcement: AnnouncementRow }) {
  const { t, language, date, instant, number } = useTexts()
  const { announcement: one } = props
  const words = useExpectedWords()
  const [asked, setAsked] = useState<'approve' | 'cancel' | null>(null)
  const at = { params: { announcementId: one.id } }
  const simulate = useCommand(simulateAnnouncement, () => announce(t('expected.simulating')))
  const approve = useCommand(approveAnnouncement, () => {
    setAsked(null)
    announce(t('expected.approved'))
  })
  const columns: Column<Line & { n: number }>[] = [
    { key: 'what', label: t('expected.columns.what'), cell: row => words(row) },
    {
      key: 'expected',
      label: t('expected.expectedCount'),
      number: true,
      cell: row => `${number(row.least)}-${number(row.most)}`,
    },
    {
      key: 'simulated',
      label: t('expected.simulated'),
      number: true,
      cell: row => (row.simulated === null ? '–' : number(row.simulated)),
    },
    { key: 'used', label: t('expected.used'), number: true, cell: row => number(row.used) },
  ]
  return (
    <Page
      title={one.reason}
      documentTitle={t('expected.documentTitle')}
      section={t('expected.title')}
      crumbs={[
        { label: t('sync.title'), to: '/sync' },
        { label: t('expected.title'), to: '/sync/expected' },
      ]}
      badges={<ExpectedState state={one.state} />}
      lead={`${one.sourceName[language]}, ${t('expected.period', { from: date(one.startsOn), to: date(lastDay(one.endsOn)) })}`}
      actions={
        <>
          {one.may.simulate && (
            <Button
              variant={one.simulation ? 'default' : 'filled'}
              loading={simulate.isPending || one.simulation?.state === 'running'}
              onClick={() => simulate.mutate({ ...at, body: {} })}
            >
              {t(one.simulation ? 'expected.simulateAgain' : 'expected.simulate')}
            </Button>
          )}
          {one.may.approve && <Button onClick={() => setAsked('approve')}>{t('expected.approve')}</Button>}
          {one.may.cancel && (
            <Button variant="outline" color="red" onClick={() => setAsked('cancel')}>
              {t('expected.cancel')}
            </Button>
          )}
        </>
      }
    >
      <p className="dim">
        {t('expected.by', { who: one.createdBy, when: instant(one.createdAt) })}
        {one.decidedBy &&
          one.decidedAt &&
          `. ${t(one.state === 'cancelled' ? 'expected.cancelledBy' : 'expected.decidedBy', {
            who: one.decidedBy,
            when: instant(one.decidedAt),
          })}`}
      </p>
      {simulate.error && (
        <p role="alert" style={{ color: 'var(--app-bad)' }}>
          {t(`problem.${problemOf(simulate.error).code}`)}
        </p>
      )}
      <DataTable
        caption={t('expected.linesCaption')}
        columns={columns}
        rows={one.expected.map((line, n) => ({ ...line, n }))}
        rowKey={row => String(row.n)}
        empty={null}
      />
      <Simulation announcement={one} />
      {one.mayNot && (
        <p className="dim">{t(one.mayNot === 'own' ? 'expected.approveOwn' : 'expected.approveOthers')}</p>
      )}
      {asked === 'approve' && (
        <Confirm
          title={t('expected.approve')}
          verb={t('expected.approve')}
          cancel={t('do.cancel')}
          busy={approve.isPending}
          error={approve.error ? t(`problem.${problemOf(approve.error).code}`) : null}
          onConfirm={() => approve.mutate({ ...at, body: {} })}
          onClose={() => setAsked(null)}
        >
          <p>{t('expected.approveConfirm')}</p>
        </Confirm>
      )}
      {asked === 'cancel' && <CancelExpected id={one.id} onClose={() => setAsked(null)} />}
    </Page>
  )
}

function Simulation(props: { announcement: AnnouncementRow }) {
  const { t, instant } = useTexts()
  const { simulation } = props.announcement
  return (
    <Card title={t('expected.simulationTitle')}>
      <div className="stack">
        {simulation === null ? (
          <p>
            {t('expected.simulationNone')} {t('expected.simulateHelp')}
          </p>
        ) : simulation.state === 'running' ? (
          <p role="status">{t('expected.simulating')}</p>
        ) : simulation.state === 'done' ? (
          <>
            <p style={{ fontWeight: 600 }}>
              {t(simulation.fits ? 'expected.simulationFits' : 'expected.simulationNot')}
            </p>
            <p>
              {simulation.held === 0
                ? t('expected.simulationHeldNone')
                : t('expected.simulationHeld', { count: simulation.held })}
            </p>
          </>
        ) : (
          <p>{t('expected.simulationFailed')}</p>
        )}
        {simulation && (
          <Group gap={12}>
            <span className="meta">{t('expected.simulatedAt', { when: instant(simulation.at) })}</span>
            <Link to="/sync/runs/$runId" params={{ runId: simulation.runId }} className="link">
              {t('expected.simulationRun')}
            </Link>
          </Group>
        )}
      </div>
    </Card>
  )
}
