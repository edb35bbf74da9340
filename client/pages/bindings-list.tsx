import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { approveBinding, type BindingRow, bindingLevel, endBinding, searchBindings } from '#contract/bindings.ts'
import { BindingsTabs } from '../features/bindings/bindings-tabs.tsx'
import { problemOf } from '../lib/call.ts'
import { lastDay } from '../lib/formats.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Coverage } from '../ui/coverage.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/bindings/list')
const limit = 50

/** What is said of why rights may be held: those that wait for a yes first. */
export function BindingsListPage() {
  const { t, date, day } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const [ending, setEnding] = useState<BindingRow | null>(null)
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
  const approve = useCommand(approveBinding, () => announce(t('bindings.approvedNow')))
  const end = useCommand(endBinding, () => {
    announce(t('bindings.ended'))
    setEnding(null)
  })
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
          {t(`bindings.states.${row.approvedAt ? 'counts' : 'waits'}`)}
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
      cell: row => (
        <div className="no-print" style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>
          {row.allowed.approve && (
            <Button
              size="xs"
              loading={approve.isPending}
              onClick={() => approve.mutate({ params: { bindingId: row.id }, body: {} })}
              aria-label={`${t('bindings.approve')}: ${row.label}, ${row.activity.name}`}
            >
              {t('bindings.approve')}
            </Button>
          )}
          {row.allowed.change && (
            <Button
              size="xs"
              variant="default"
              onClick={() => setEnding(row)}
              aria-label={`${t('bindings.end')}: ${row.label}, ${row.activity.name}`}
            >
              {t('bindings.end')}
            </Button>
          )}
        </div>
      ),
    },
  ]
  const waiting = query.data?.waiting ?? 0
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
              options={(['waits', 'counts'] as const).map(value => ({ value, label: t(`bindings.states.${value}`) }))}
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
        note={waiting > 0 && <p aria-live="polite">{t('bindings.waiting', { count: waiting })}</p>}
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
      {ending && (
        <ReasonDialog
          title={t('bindings.endQuestion')}
          verb={t('bindings.end')}
          busy={end.isPending}
          error={end.error ? t(`problem.${problemOf(end.error).code}`) : null}
          onConfirm={reason => end.mutate({ params: { bindingId: ending.id }, body: { reason } })}
          onClose={() => setEnding(null)}
        >
          <p>
            {ending.label}: {ending.purpose.name}
          </p>
          <p className="dim">{t('bindings.endHelp')}</p>
        </ReasonDialog>
      )}
    </Page>
  )
}
