import { IconFileSpreadsheet, IconFileText } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { proofShow } from '#contract/lifecycle-lists.ts'
import { exportProof, listProof, type ProofRow } from '#contract/lifecycle-proof.ts'
import { LifecycleTabs } from '../features/board/lifecycle-tabs.tsx'
import { PeriodFields, periodOf } from '../features/board/period.tsx'
import { call } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { FileMenu } from '../ui/file-menu.tsx'
import { Choice, FilterChip } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/lifecycle/proof')
const limit = 50
const DAYS = 90

/** Who has left in a period, and how much of what they held is known to have ended. */
export function LifecycleProofPage() {
  const { t, date, number, language } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const period = periodOf(search, DAYS)
  const unit = search.unit ? { unit: search.unit } : {}
  const query = useCall(
    listProof,
    { query: { ...period, ...unit, ...(search.show ? { show: search.show } : {}), offset: url.offset, limit } },
    { keep: true },
  )
  const file = (format: 'xlsx' | 'pdf') => () => call(exportProof, { body: { ...period, ...unit, format, language } })
  const columns: Column<ProofRow>[] = [
    {
      key: 'who',
      label: t('proof.columns.who'),
      cell: row => (
        <span>
          <Link to="/lifecycle/proof/$affiliationId" params={{ affiliationId: row.affiliationId }} className="link">
            {row.person.name ?? t('people.protectedPerson')}
          </Link>
          {row.title && <div className="meta">{row.title}</div>}
        </span>
      ),
    },
    { key: 'ends', label: t('proof.columns.ends'), cell: row => <span className="nowrap">{date(row.endsOn)}</span> },
    {
      key: 'open',
      label: t('proof.columns.open'),
      number: true,
      cell: row => (row.overdue > 0 ? <strong className="bad">{number(row.open)}</strong> : number(row.open)),
    },
    {
      key: 'oldest',
      label: t('proof.columns.oldest'),
      number: true,
      cell: row =>
        row.oldest === null ? (
          ''
        ) : row.overdue > 0 ? (
          <span className="bad">{number(row.oldest)}</span>
        ) : (
          number(row.oldest)
        ),
    },
    { key: 'said', label: t('proof.columns.said'), number: true, rank: 2, cell: row => number(row.said) },
    { key: 'verified', label: t('proof.columns.verified'), number: true, rank: 2, cell: row => number(row.verified) },
    { key: 'unit', label: t('proof.columns.unit'), rank: 1, cell: row => row.unit?.name },
  ]
  const sum = query.data?.sum
  return (
    <Page
      title={t('proof.title')}
      lead={t('proof.lead')}
      actions={
        <FileMenu
          label={t('proof.file')}
          saved={name => t('proof.saved', { name })}
          items={[
            {
              key: 'xlsx',
              label: t('proof.xlsx'),
              icon: <IconFileSpreadsheet size={16} aria-hidden />,
              make: file('xlsx'),
            },
            { key: 'pdf', label: t('proof.pdf'), icon: <IconFileText size={16} aria-hidden />, make: file('pdf') },
          ]}
        />
      }
    >
      <LifecycleTabs at="proof" />
      <ListFrame
        query={query}
        cards
        url={{ ...url, filtered: search.show !== undefined || search.unit !== undefined }}
        limit={limit}
        caption={t('proof.caption')}
        columns={columns}
        rowKey={row => row.affiliationId}
        filters={
          <>
            <PeriodFields period={period} onChange={next => url.change(next)} />
            <Choice
              label={t('proof.show')}
              value={search.show}
              onChange={show => url.change({ show })}
              options={proofShow.options.map(value => ({ value, label: t(`proof.shows.${value}`) }))}
            />
            {search.unit && (
              <FilterChip
                label={t('proof.columns.unit')}
                value={query.data?.rows[0]?.unit?.name ?? ''}
                onRemove={() => url.change({ unit: undefined })}
              />
            )}
          </>
        }
        note={
          sum && (
            <p className="meta" role="status">
              {t('proof.sums', { ...sum, people: query.data?.people ?? 0 })}
            </p>
          )
        }
        empty={<Empty title={t('proof.empty')} help={t('proof.emptyHelp')} />}
      />
    </Page>
  )
}
