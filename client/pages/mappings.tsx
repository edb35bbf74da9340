import { Code } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listMappings } from '#contract/mappings.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/group-mappings')
type Row = ResponseOf<typeof listMappings>['rows'][number]
const limit = 50

export function MappingsPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const [text, setText] = useUrlText(search.text, value => url.change({ text: value }))
  const query = useCall(listMappings, { query: { ...url.filters, offset: url.offset, limit } }, { keep: true })
  const columns: Column<Row>[] = [
    { key: 'pattern', label: t('mappings.columns.pattern'), cell: row => <Code>{row.pattern}</Code> },
    { key: 'source', label: t('mappings.columns.source'), rank: 2, cell: row => row.source },
    { key: 'entitlement', label: t('mappings.columns.entitlement'), cell: row => row.entitlement },
    { key: 'groups', label: t('mappings.columns.groups'), number: true, rank: 3, cell: row => number(row.groups) },
    { key: 'holders', label: t('mappings.columns.holders'), number: true, cell: row => number(row.holders) },
  ]
  const unmapped = query.data?.unmappedGroups ?? 0
  return (
    <Page title={t('mappings.title')} lead={t('mappings.lead')}>
      <ListFrame
        query={query}
        caption={t('mappings.caption')}
        columns={columns}
        rowKey={row => `${row.source}${row.pattern}${row.entitlement}`}
        url={url}
        search={{ label: t('mappings.search'), value: text, onChange: setText }}
        limit={limit}
        note={unmapped > 0 && <p className="dim">{t('mappings.unmapped', { count: unmapped })}</p>}
        empty={<Empty title={t('mappings.empty')} />}
      />
    </Page>
  )
}
