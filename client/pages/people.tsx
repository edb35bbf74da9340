import { Button } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listPeople } from '#contract/people.ts'
import { getSystem } from '#contract/systems.ts'
import { getUnit } from '#contract/units.ts'
import { ViewTabs } from '../features/views/view-tabs.tsx'
import { useHistoryText } from '../lib/history-text.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { Choice, FilterChip, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { PersonStatus } from '../ui/person-status.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/people')
type Row = ResponseOf<typeof listPeople>['rows'][number]
const limit = 50

export function PeoplePage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { text, settled, setText } = useHistoryText()
  const { sort = 'name', descending = false } = search
  const url = listUrl(search, navigate)
  const { change, filters, offset } = url

  const query = useCall(
    listPeople,
    { body: { ...filters, ...(settled ? { text: settled } : {}), sort, descending, offset, limit } },
    { keep: true },
  )

  const columns: Column<Row>[] = [
    {
      key: 'name',
      label: t('people.columns.name'),
      sort: 'name',
      cell: row => (
        <>
          <PersonLink person={row} />
          <div className="meta narrow-only">
            {[row.title ?? t(`enum.personKind.${row.kind}`), row.unit?.name].filter(Boolean).join(' · ')}
          </div>
        </>
      ),
    },
    {
      key: 'title',
      label: t('people.columns.title'),
      sort: 'title',
      rank: 3,
      cell: row => (
        <>
          {row.title ?? t(`enum.personKind.${row.kind}`)}
          {row.affiliations > 1 && (
            <span className="meta"> {t('people.moreAffiliations', { count: row.affiliations - 1 })}</span>
          )}
        </>
      ),
    },
    {
      key: 'unit',
      label: t('people.columns.unit'),
      sort: 'unit',
      rank: 2,
      cell: row =>
        row.unit && (
          <Link to="/org/$unitId" params={{ unitId: row.unit.id }} className="link">
            {row.unit.name}
          </Link>
        ),
    },
    {
      key: 'status',
      label: t('people.columns.status'),
      rank: 3,
      cell: row => <PersonStatus status={row.status} plain />,
    },
    {
      key: 'accounts',
      label: t('people.columns.accounts'),
      number: true,
      rank: 1,
      cell: row => (row.accounts === 0 ? <span className="meta">{t('people.noAccount')}</span> : number(row.accounts)),
    },
    {
      key: 'expected',
      label: t('people.columns.expected'),
      number: true,
      sort: 'expected',
      rank: 2,
      cell: row => number(row.expected),
    },
    {
      key: 'drift',
      label: t('people.columns.drift'),
      number: true,
      sort: 'drift',
      cell: row =>
        row.drift === 0 ? (
          <span className="meta">{t('people.noDrift')}</span>
        ) : (
          <Status tone="bad" icon={IconAlertCircle} plain>
            {number(row.drift)}
          </Status>
        ),
    },
  ]

  return (
    <Page title={t('people.title')} lead={t('people.lead')}>
      <ViewTabs screen="people" search={search} onOpen={next => void navigate({ search: next as typeof search })} />
      <ListFrame
        query={query}
        caption={t('people.caption')}
        columns={columns}
        rowKey={row => row.id}
        sort={{ by: sort, descending }}
        url={url}
        search={{ label: t('people.search'), hint: t('people.searchHint'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('people.kind')}
              value={search.kind}
              onChange={kind => change({ kind })}
              options={(['employee', 'pupil', 'external', 'other'] as const).map(value => ({
                value,
                label: t(`enum.personKind.${value}`),
              }))}
            />
            <Choice
              label={t('people.status')}
              value={search.status}
              onChange={status => change({ status })}
              options={(['active', 'future', 'ended'] as const).map(value => ({
                value,
                label: t(`enum.status.${value}`),
              }))}
            />
            <Toggle on={search.drift === true} onChange={on => change({ drift: on || undefined })}>
              {t('people.onlyDrift')}
            </Toggle>
            <Toggle on={search.unexplained === true} onChange={on => change({ unexplained: on || undefined })}>
              {t('people.unexplained')}
            </Toggle>
            <Toggle on={search.protectedData === true} onChange={on => change({ protectedData: on || undefined })}>
              {t('people.protectedData')}
            </Toggle>
            {search.locked && (
              <Toggle on onChange={() => change({ locked: undefined })}>
                {t('people.onlyLocked')}
              </Toggle>
            )}
            {search.onLeave && (
              <Toggle on onChange={() => change({ onLeave: undefined })}>
                {t('people.onlyOnLeave')}
              </Toggle>
            )}
            {(['startsWithin', 'endsWithin', 'leavesWithin'] as const).map(
              key =>
                search[key] !== undefined && (
                  <FilterChip
                    key={key}
                    label={t(`people.${key}`)}
                    value={t('people.days', { count: search[key] })}
                    onRemove={() => change({ [key]: undefined })}
                  />
                ),
            )}
            {search.unit && <UnitChip unitId={search.unit} onRemove={() => change({ unit: undefined })} />}
            {search.system && <SystemChip systemId={search.system} onRemove={() => change({ system: undefined })} />}
            {search.rule && (
              <FilterChip label={t('people.rule')} value={search.rule} onRemove={() => change({ rule: undefined })} />
            )}
          </>
        }
        limit={limit}
        empty={
          <Empty
            title={t('people.emptyTitle')}
            help={t('people.emptyHelp')}
            action={
              <Button component={Link} to="/sync" variant="default">
                {t('people.toSync')}
              </Button>
            }
          />
        }
      />
    </Page>
  )
}

function UnitChip(props: { unitId: string; onRemove: () => void }) {
  const { t } = useTexts()
  const query = useCall(getUnit, { params: { unitId: props.unitId }, query: { limit: 1 } })
  return <FilterChip label={t('people.unit')} value={query.data?.unit.name ?? '…'} onRemove={props.onRemove} />
}

function SystemChip(props: { systemId: string; onRemove: () => void }) {
  const { t } = useTexts()
  const query = useCall(getSystem, { params: { systemId: props.systemId } })
  return <FilterChip label={t('people.system')} value={query.data?.name ?? '…'} onRemove={props.onRemove} />
}
