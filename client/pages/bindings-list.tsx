import { getRouteApi, Link } from '@tanstack/react-router'
import { type BindingRow, searchBindings } from '#contract/bindings.ts'
import { bindingLevel } from '#contract/register-lists.ts'
import { BindingsTabs } from '../features/bindings/bindings-tabs.tsx'
import { lastDay } from '../lib/formats.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { BindingActs } from '../ui/binding-acts.tsx'
import { BindingState } from '../ui/bindings-of.tsx'
import { Coverage } from '../ui/coverage.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/bindings/list')
const limit = 50

/** What is said of why rights may be held: those that wait for a yes first. */
export function BindingsListPage() {
  const { t, date, day } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const query = useCall(
    searchBindings,
    {
      body: {
        ...(search.system ? { system: search.system } : {}),
        ...(search.activity ? { activity: search.activity } : {}),
        ...(search.level ? { level: search.level } : {}),
        ...(search.state ? { state: search.state } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const who = (name: string | null) => (name === null || name === 'hjemmel' ? t('bindings.house') : name)
  const columns: Column<BindingRow>[] = [
    {
      key: 'what',
      label: t('bindings.columns.what'),
      cell: row => (
        <>
          {row.system ? (
            <Link to="/systems/$systemId" params={{ systemId: row.system.id }} className="link">
              {row.label}
            </Link>
          ) : (
            row.label
          )}
          <div className="meta">
            {t(`bindings.level.${row.object.level}`)}
            {row.system && row.system.name !== row.label && ` · ${row.system.name}`}
            {row.detail && ` · ${row.detail}`}
          </div>
        </>
      ),
    },
    {
      key: 'purpose',
      label: t('bindings.columns.purpose'),
      cell: row => (
        <>
          {row.purpose.name}
          <div className="meta">
            <Link to="/activities/$activityId" params={{ activityId: row.activity.id }} className="link">
              {row.activity.ref} {row.activity.name}
            </Link>
          </div>
        </>
      ),
    },
    { key: 'necessity', label: t('bindings.columns.necessity'), rank: 1, cell: row => row.necessity },
    {
      key: 'state',
      label: t('bindings.columns.state'),
      cell: row => (
        <>
          {row.approvedAt && !row.reviewDue && t('bindings.states.counts')}
          <BindingState row={row} />
          <div className="meta">
            {row.approvedAt
              ? t('bindings.approvedBy', { who: who(row.approvedBy), date: day(row.approvedAt) })
              : t('bindings.proposedBy', { who: who(row.proposedBy) })}
          </div>
        </>
      ),
    },
    {
      key: 'review',
      label: t('bindings.columns.review'),
      rank: 2,
      cell: row => (row.to ? date(lastDay(row.to)) : row.reviewOn ? date(row.reviewOn) : ''),
    },
    {
      key: 'do',
      label: t('bindings.columns.do'),
      cell: row => <BindingActs row={row} />,
    },
  ]
  const { waiting = 0, due = 0 } = query.data ?? {}
  return (
    <Page title={t('bindings.title')} lead={t('bindings.lead')}>
      <BindingsTabs at="list" />
      <Coverage />
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        caption={t('bindings.caption')}
        columns={columns}
        rowKey={row => row.id}
        cards
        filters={
          <>
            <Choice
              label={t('bindings.state')}
              value={search.state}
              all={t('bindings.all')}
              onChange={state => url.change({ state })}
              options={(['waits', 'review', 'counts'] as const).map(value => ({
                value,
                label: t(`bindings.states.${value}`),
              }))}
            />
            <Choice
              label={t('bindings.columns.what')}
              value={search.level}
              all={t('bindings.all')}
              onChange={level => url.change({ level })}
              options={bindingLevel.options.map(value => ({ value, label: t(`bindings.level.${value}`) }))}
            />
          </>
        }
        note={
          waiting + due > 0 && (
            <p aria-live="polite">
              {[waiting > 0 && t('bindings.waiting', { count: waiting }), due > 0 && t('bindings.due', { count: due })]
                .filter(Boolean)
                .join(' · ')}
            </p>
          )
        }
        empty={
          <Empty
            title={t('bindings.listEmpty')}
            help={t('bindings.listEmptyHelp')}
            action={
              <Link to="/bindings" className="link">
                {t('bindings.toDesk')}
              </Link>
            }
          />
        }
      />
    </Page>
  )
}
