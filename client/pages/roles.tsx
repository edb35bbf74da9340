import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listRoles } from '#contract/rules.ts'
import { DraftList } from '../features/rules/editor/draft-list.tsx'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/roles')
type Row = ResponseOf<typeof listRoles>['rows'][number]
const limit = 50

export function RolesPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const may = useMay()
  const url = listUrl(search, route.useNavigate())
  const [text, setText] = useUrlText(search.text, value => url.change({ text: value }))
  const query = useCall(listRoles, { query: { ...url.filters, offset: url.offset, limit } }, { keep: true })
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
    <Page
      title={t('roles.title')}
      lead={t('roles.lead')}
      actions={
        <>
          {may('mining.read') && (
            <Button component={Link} to="/roles/proposals" variant="default">
              {t('nav.roleProposals')}
            </Button>
          )}
          {may('rule.change') && (
            <Button component={Link} to="/roles/new" leftSection={<IconPlus size={18} aria-hidden />}>
              {t('ruleDesk.roleNew')}
            </Button>
          )}
        </>
      }
    >
      <DraftList kind="role" />
      <ListFrame
        query={query}
        caption={t('roles.caption')}
        columns={columns}
        rowKey={row => row.key}
        url={url}
        search={{ label: t('roles.search'), value: text, onChange: setText }}
        limit={limit}
        empty={<Empty title={t('roles.empty')} />}
      />
    </Page>
  )
}
