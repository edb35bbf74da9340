import { getRouteApi } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getLookups } from '#contract/people.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Empty, Failure } from '../ui/states.tsx'

const route = getRouteApi('/app/me/log')
type Row = ResponseOf<typeof getLookups>['lookups'][number]
const limit = 50

/** Who looked me up: what and when, and by whose function, not name. */
export function LogPage() {
  const { t, all, instant } = useTexts()
  const { offset = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useCall(getLookups, { query: { offset, limit } }, { keep: true })
  const texts: Record<string, string> = all.lookups.what
  const whatText = (what: string) => texts[what] ?? what
  const columns: Column<Row>[] = [
    { key: 'at', label: t('lookups.columns.at'), cell: row => <span className="nowrap">{instant(row.at)}</span> },
    {
      key: 'what',
      label: t('lookups.columns.what'),
      cell: row => whatText(row.what),
    },
    {
      key: 'by',
      label: t('lookups.columns.by'),
      cell: row => t(`role.${row.byFunction as 'hr'}`, { defaultValue: row.byFunction }),
    },
    { key: 'unit', label: t('lookups.columns.unit'), rank: 2, cell: row => row.unit },
    { key: 'reason', label: t('lookups.columns.reason'), rank: 3, cell: row => row.reason },
  ]
  return (
    <Page title={t('lookups.title')} lead={t('lookups.lead')} section={t('person.mePageTitle')}>
      {query.isError && !query.data ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <DataTable
          caption={t('lookups.caption')}
          columns={columns}
          rows={query.data?.lookups}
          rowKey={row => `${row.at}${row.what}${row.byFunction}${row.unit}`}
          stale={query.isPlaceholderData}
          empty={<Empty good title={t('lookups.empty')} help={t('lookups.emptyHelp')} />}
        />
      )}
      <Pager
        offset={offset}
        limit={limit}
        total={query.data?.total}
        hint={false}
        onMove={next => void navigate({ search: { offset: next || undefined } })}
      />
    </Page>
  )
}
