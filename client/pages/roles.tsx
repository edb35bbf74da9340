import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listRoles } from '#contract/rules.ts'
import { useCall } from '../lib/query.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { FilterRow, SearchField } from '../ui/filters.tsx'
import { ListAnswer } from '../ui/list-answer.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/roles')
type Row = ResponseOf<typeof listRoles>['rows'][number]
const limit = 50

export function RolesPage() {
  const { t, number } = useTexts()
  const { text: stored, offset = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const [text, setText] = useUrlText(stored, value => void navigate({ search: { text: value }, replace: true }))
  const query = useCall(listRoles, { query: { ...(stored ? { text: stored } : {}), offset, limit } }, { keep: true })
  const columns: Column<Row>[] = [
    {
      key: 'name',
      label: t('roles.columns.name'),
      cell: row => (
        <>
          <Link to="/roles/$key" params={{ key: row.key }} className="link">
            {row.name}
          </Link>
          {row.description && <div className="meta">{row.description}</div>}
        </>
      ),
    },
    {
      key: 'entitlements',
      label: t('roles.columns.entitlements'),
      number: true,
      cell: row => number(row.entitlements),
    },
    { key: 'roles', label: t('roles.columns.roles'), number: true, rank: 2, cell: row => number(row.roles) },
    { key: 'rules', label: t('roles.columns.rules'), number: true, rank: 3, cell: row => number(row.rules) },
    { key: 'holders', label: t('roles.columns.holders'), number: true, cell: row => number(row.holders) },
  ]
  return (
    <Page title={t('roles.title')} lead={t('roles.lead')}>
      <FilterRow>
        <SearchField label={t('roles.search')} value={text} onChange={setText} />
      </FilterRow>
      <ListAnswer
        query={query}
        caption={t('roles.caption')}
        columns={columns}
        rowKey={row => row.key}
        offset={offset}
        limit={limit}
        onMove={next => void navigate({ search: old => ({ ...old, offset: next || undefined }) })}
        onClear={
          stored
            ? () => {
                setText('')
                void navigate({ search: {} })
              }
            : undefined
        }
        empty={<Empty title={t('roles.empty')} />}
      />
    </Page>
  )
}
