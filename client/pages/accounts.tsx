import { IconCircleCheck, IconCircleOff, IconClockOff } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { accountKind, linkSituation } from '#contract/shapes.ts'
import { listAccounts } from '#contract/systems.ts'
import { DataFreshness } from '../features/freshness/data-freshness.tsx'
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
import { Situation } from '../ui/situation.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/accounts')
type Row = ResponseOf<typeof listAccounts>['rows'][number]
const limit = 50

export function AccountsPage() {
  const { t, all, number } = useTexts()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { text, settled, setText } = useHistoryText()
  const url = listUrl(search, navigate)
  const { change, filters, offset } = url
  const query = useCall(
    listAccounts,
    { body: { ...filters, ...(settled ? { text: settled } : {}), offset, limit } },
    { keep: true },
  )
  const counts = query.data?.counts
  const reasons: Record<string, string> = all.desk.reason
  const reasonText = (reason: string) => reasons[reason] ?? reason
  const columns: Column<Row>[] = [
    {
      key: 'username',
      label: t('accounts.columns.username'),
      cell: row => <span style={{ fontWeight: 550 }}>{row.username}</span>,
    },
    { key: 'source', label: t('accounts.columns.source'), rank: 1, cell: row => row.source },
    { key: 'kind', label: t('accounts.columns.kind'), rank: 2, cell: row => t(`enum.accountKind.${row.kind}`) },
    {
      key: 'situation',
      label: t('accounts.columns.situation'),
      cell: row => <Situation situation={row.situation} plain />,
    },
    {
      key: 'person',
      label: t('accounts.columns.person'),
      cell: row =>
        row.person ? (
          <PersonLink person={row.person} />
        ) : (
          <span className="meta">{row.reason && reasonText(row.reason)}</span>
        ),
    },
    {
      key: 'state',
      label: t('accounts.columns.state'),
      rank: 3,
      cell: row => (
        <>
          <Status tone={row.enabled ? 'ok' : 'quiet'} icon={row.enabled ? IconCircleCheck : IconCircleOff} plain>
            {t(row.enabled ? 'person.enabled' : 'person.disabled')}
          </Status>{' '}
          {row.unused90 && (
            <Status tone="wait" icon={IconClockOff} plain>
              {t('person.unused90')}
            </Status>
          )}
        </>
      ),
    },
    {
      key: 'observed',
      label: t('accounts.columns.observed'),
      number: true,
      rank: 3,
      cell: row => number(row.observed),
    },
  ]
  return (
    <Page title={t('accounts.title')} lead={t('accounts.lead')}>
      <DataFreshness kinds={['account']} />
      <ViewTabs screen="accounts" search={search} onOpen={next => void navigate({ search: next as typeof search })} />
      <ListFrame
        query={query}
        caption={t('accounts.caption')}
        columns={columns}
        rowKey={row => row.id}
        url={url}
        search={{ label: t('accounts.search'), hint: t('accounts.searchHint'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('accounts.situation')}
              value={search.situation}
              onChange={situation => change({ situation })}
              options={linkSituation.options.map(value => ({
                value,
                label: `${t(`enum.situation.${value}`)}${counts?.[value] === undefined ? '' : ` (${number(counts[value])})`}`,
              }))}
            />
            <Choice
              label={t('accounts.kind')}
              value={search.kind}
              onChange={kind => change({ kind })}
              options={accountKind.options.map(value => ({
                value,
                label: t(`enum.accountKind.${value}`),
              }))}
            />
            <Toggle on={search.enabled === true} onChange={on => change({ enabled: on || undefined })}>
              {t('accounts.enabled')}
            </Toggle>
            <Toggle on={search.leaver === true} onChange={on => change({ leaver: on || undefined })}>
              {t('accounts.leaver')}
            </Toggle>
            <Toggle on={search.unused90 === true} onChange={on => change({ unused90: on || undefined })}>
              {t('accounts.unused')}
            </Toggle>
            {search.source && (
              <FilterChip
                label={t('accounts.source')}
                value={search.source}
                onRemove={() => change({ source: undefined })}
              />
            )}
          </>
        }
        limit={limit}
        empty={<Empty title={t('accounts.empty')} />}
      />
    </Page>
  )
}
