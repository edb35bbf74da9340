import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { RunRow } from '#contract/feeds.ts'
import { listRuns, listSources } from '#contract/runs.ts'
import { RunState } from '../features/sync/run-state.tsx'
import { SourceCard } from '../features/sync/source-card.tsx'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/states.tsx'
import classes from './sync.module.css'

const route = getRouteApi('/app/sync')
const limit = 25

export function SyncPage() {
  const { t } = useTexts()
  const may = useMay()
  const sources = useCall(listSources, {}, { every: 10_000 })
  return (
    <Page
      title={t('sync.title')}
      lead={t('sync.lead')}
      actions={
        <>
          <Button component={Link} to="/sync/expected" variant="default">
            {t('expected.title')}
          </Button>
          {may('source.change') && (
            <Button component={Link} to="/sync/new-source" leftSection={<IconPlus size={18} aria-hidden />}>
              {t('sources.new')}
            </Button>
          )}
        </>
      }
    >
      <section className="stack" aria-labelledby="sources">
        <h2 id="sources" className="section">
          {t('sync.sources')}
        </h2>
        <Answer query={sources}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Card>
                <Empty title={t('sync.noSources')} help={t('sync.noSourcesHelp')} />
              </Card>
            ) : (
              <div className={classes.sources}>
                {rows.map(source => (
                  <SourceCard key={source.key} source={source} />
                ))}
              </div>
            )
          }
        </Answer>
      </section>
      <Runs />
    </Page>
  )
}

function Runs() {
  const { t, language, number, instant, duration } = useTexts()
  const url = listUrl(route.useSearch(), route.useNavigate(), { stay: true })
  const { change, filters, offset } = url
  const query = useCall(listRuns, { query: { ...filters, offset, limit } }, { keep: true, every: 10_000 })
  const columns: Column<RunRow>[] = [
    {
      key: 'started',
      label: t('sync.columns.started'),
      cell: row => (
        <Link to="/sync/runs/$runId" params={{ runId: row.id }} className="link nowrap">
          {instant(row.startedAt)}
        </Link>
      ),
    },
    { key: 'source', label: t('sync.columns.source'), cell: row => row.sourceName[language] },
    {
      key: 'state',
      label: t('sync.columns.state'),
      cell: row => (
        <>
          <RunState state={row.state} ends={row.ends} plain />
          {row.mode === 'changes' && <span className="meta"> {t('sync.mode.changes')}</span>}
          {row.dryRun && <span className="meta"> {t('sync.dryRun')}</span>}
        </>
      ),
    },
    { key: 'read', label: t('sync.columns.read'), number: true, rank: 2, cell: row => number(row.read) },
    { key: 'added', label: t('sync.columns.added'), number: true, rank: 3, cell: row => number(row.added) },
    { key: 'changed', label: t('sync.columns.changed'), number: true, rank: 3, cell: row => number(row.changed) },
    { key: 'gone', label: t('sync.columns.gone'), number: true, rank: 2, cell: row => number(row.gone) },
    { key: 'held', label: t('sync.columns.held'), number: true, rank: 2, cell: row => number(row.held) },
    { key: 'rejected', label: t('sync.columns.rejected'), number: true, rank: 1, cell: row => number(row.rejected) },
    {
      key: 'duration',
      label: t('sync.columns.duration'),
      number: true,
      rank: 1,
      cell: row =>
        row.endedAt && <span className="nowrap">{duration(Date.parse(row.endedAt) - Date.parse(row.startedAt))}</span>,
    },
  ]
  return (
    <section className="stack" aria-labelledby="runs">
      <h2 id="runs" className="section">
        {t('sync.runs')}
      </h2>
      <ListFrame
        query={query}
        caption={t('sync.runsCaption')}
        columns={columns}
        rowKey={row => row.id}
        url={url}
        limit={limit}
        filters={
          <Choice
            label={t('sync.columns.state')}
            value={filters.state}
            onChange={state => change({ state })}
            options={(['running', 'held', 'failed', 'rejected', 'done'] as const).map(value => ({
              value,
              label: t(`sync.state.${value}`),
            }))}
          />
        }
        empty={<Empty title={t('sync.noRuns')} />}
      />
    </section>
  )
}
