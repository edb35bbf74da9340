import { Button } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listCases } from '#contract/lifecycle.ts'
import { caseStage } from '#contract/lifecycle-lists.ts'
import { STAGES } from '../features/lifecycle/case-words.ts'
import { OpenHandovers } from '../features/lifecycle/doors/open-handovers.tsx'
import { useHistoryText } from '../lib/history-text.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { Choice, FilterChip, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/lifecycle/cases')
type Row = ResponseOf<typeof listCases>['rows'][number]
const limit = 50

/** All reports that the reader may know of, with where they are. */
export function LifecycleCasesPage() {
  const { t, date, ago, number } = useTexts()
  const may = useMay()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const { change } = url
  const { text, settled, setText } = useHistoryText()
  const query = useCall(
    listCases,
    { body: { ...url.filters, ...(settled ? { text: settled } : {}), offset: url.offset, limit } },
    { keep: true },
  )
  const stages = query.data?.stages
  const columns: Column<Row>[] = [
    {
      key: 'who',
      label: t('reports.columns.who'),
      cell: row => (
        <span>
          <Link to="/lifecycle/$caseId" params={{ caseId: row.id }} className="link">
            {row.about.name ?? (row.about.protected ? t('people.protectedPerson') : t('reports.unknownName'))}
          </Link>
          {row.confidential && (
            <>
              {' '}
              <Status tone="protected" icon={IconLock} plain>
                {t('reports.confidential')}
              </Status>
            </>
          )}
          {row.title && <div className="meta">{row.title}</div>}
        </span>
      ),
    },
    {
      key: 'stage',
      label: t('reports.columns.stage'),
      cell: row => {
        const { tone, icon } = STAGES[row.stage]
        return (
          <span>
            <Status tone={tone} icon={icon}>
              {t(`reports.stage.${row.stage}`)}
            </Status>
            {row.deadline && <div className="meta">{t('reports.deadline', { date: date(row.deadline) })}</div>}
          </span>
        )
      },
    },
    {
      key: 'on',
      label: t('reports.columns.on'),
      rank: 1,
      cell: row => row.effectiveOn && <span className="nowrap">{date(row.effectiveOn)}</span>,
    },
    { key: 'unit', label: t('reports.columns.unit'), rank: 1, cell: row => row.unit?.name },
    {
      key: 'kind',
      label: t('reports.columns.kind'),
      rank: 2,
      cell: row =>
        row.door === 'plain'
          ? t(`reports.kind.${row.kind}`)
          : `${t(`reports.kind.${row.kind}`)}: ${t(`reports.door.${row.door}`)}`,
    },
    { key: 'author', label: t('reports.columns.author'), rank: 2, cell: row => row.author },
    {
      key: 'updated',
      label: t('reports.columns.updated'),
      rank: 3,
      cell: row => <span className="meta nowrap">{ago(row.updatedAt)}</span>,
    },
  ]
  return (
    <Page
      title={t('reports.title')}
      lead={t('reports.lead')}
      actions={
        <>
          {may('case.approve') && (
            <Button variant="default" component={Link} to="/lifecycle/approvals">
              {t('reports.approvals.title')}
            </Button>
          )}
          {may('case.write') && (
            <>
              <Button
                variant="default"
                component={Link}
                {...({ to: '/lifecycle/new', search: { kind: 'hire', door: 'emergency' } } as object)}
              >
                {t('reports.emergency')}
              </Button>
              <Button variant="default" component={Link} {...({ to: '/lifecycle/shift' } as object)}>
                {t('doors.shift.title')}
              </Button>
              {(['move', 'absence', 'end'] as const).map(kind => (
                <Button
                  key={kind}
                  variant="default"
                  component={Link}
                  {...({ to: '/lifecycle/new', search: { kind } } as object)}
                >
                  {t(`doors.${kind}.title`)}
                </Button>
              ))}
              <Button component={Link} {...({ to: '/lifecycle/new', search: { kind: 'hire' } } as object)}>
                {t('reports.newHire')}
              </Button>
            </>
          )}
        </>
      }
    >
      <OpenHandovers />
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        caption={t('reports.caption')}
        columns={columns}
        rowKey={row => row.id}
        search={{ label: t('reports.search'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('reports.stageFilter')}
              value={search.stage}
              onChange={stage => change({ stage })}
              options={caseStage.options.map(value => ({
                value,
                label: `${t(`reports.stage.${value}`)}${stages ? ` (${number(stages[value] ?? 0)})` : ''}`,
              }))}
            />
            <Toggle on={search.mine === true} onChange={on => change({ mine: on || undefined })}>
              {t('reports.mine')}
            </Toggle>
            {search.unit && (
              <FilterChip
                label={t('reports.columns.unit')}
                value={query.data?.rows[0]?.unit?.name ?? ''}
                onRemove={() => change({ unit: undefined })}
              />
            )}
          </>
        }
        empty={<Empty title={t('reports.empty')} help={t('reports.emptyHelp')} />}
      />
    </Page>
  )
}
