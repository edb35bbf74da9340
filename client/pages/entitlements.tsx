import { IconAlertTriangle } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listEntitlements } from '#contract/entitlements.ts'
import { entitlementLack } from '#contract/lists.ts'
import { entitlementKind } from '#contract/shapes.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useUrlText } from '../lib/url-text.ts'
import { useTexts } from '../texts/i18n.ts'
import type { Column } from '../ui/data-table.tsx'
import { Choice, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { PersonLink } from '../ui/person-link.tsx'
import { Sensitivity } from '../ui/sensitivity.tsx'
import { Empty } from '../ui/states.tsx'
import { Status } from '../ui/status.tsx'

const route = getRouteApi('/app/systems/entitlements')
type Row = ResponseOf<typeof listEntitlements>['rows'][number]
const limit = 50

/** Everything that systems can give, and the worklists of what nobody has described, owns or has licences enough for. */
export function EntitlementsPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const [text, setText] = useUrlText(search.text, value => url.change({ text: value }))
  const { own, retired, ...filters } = url.filters
  const query = useCall(
    listEntitlements,
    {
      query: {
        ...filters,
        ...(own ? { own: 'true' } : {}),
        ...(retired ? { retired: 'true' } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const lacks = query.data?.lacks
  const columns: Column<Row>[] = [
    {
      key: 'name',
      label: t('entitlement.columns.name'),
      cell: row => (
        <>
          <Link
            to="/systems/$systemId/rights/$entitlementId"
            params={{ systemId: row.system.id, entitlementId: row.id }}
            className="link"
          >
            {row.name}
          </Link>{' '}
          <Sensitivity sensitivity={row.sensitivity} />
          {row.description && <div className="meta">{row.description}</div>}
        </>
      ),
    },
    { key: 'system', label: t('entitlement.columns.system'), cell: row => row.system.name },
    {
      key: 'kind',
      label: t('entitlement.columns.kind'),
      rank: 1,
      cell: row => t(`enum.entitlementKind.${row.kind}`),
    },
    {
      key: 'owner',
      label: t('entitlement.columns.owner'),
      rank: 2,
      cell: row =>
        row.owner ? <PersonLink person={row.owner} /> : <span className="meta">{t('entitlement.noOwner')}</span>,
    },
    {
      key: 'licence',
      label: t('entitlement.columns.licence'),
      rank: 3,
      cell: row => row.licence && t('entitlement.licenceUse', { used: row.licence.used, cap: row.licence.cap }),
    },
    {
      key: 'lacks',
      label: t('entitlement.columns.lacks'),
      cell: row =>
        row.lacks.map(lack => (
          <Status key={lack} tone="wait" icon={IconAlertTriangle} title={t(`entitlement.lackHelp.${lack}`)} plain>
            {t(`entitlement.lacks.${lack}`)}
          </Status>
        )),
    },
  ]
  return (
    <Page
      title={t('entitlement.listTitle')}
      lead={t('entitlement.listLead')}
      crumbs={[{ label: t('systems.title'), to: '/systems' }]}
    >
      <ListFrame
        query={query}
        caption={t('entitlement.listCaption')}
        columns={columns}
        rowKey={row => row.id}
        url={url}
        search={{ label: t('entitlement.search'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('entitlement.lack')}
              value={search.lack}
              onChange={lack => url.change({ lack })}
              options={entitlementLack.options.map(value => ({
                value,
                label: `${t(`entitlement.lacks.${value}`)}${lacks ? ` (${number(lacks[value])})` : ''}`,
              }))}
            />
            <Choice
              label={t('entitlement.kind')}
              value={search.kind}
              onChange={kind => url.change({ kind })}
              options={entitlementKind.options.map(value => ({ value, label: t(`enum.entitlementKind.${value}`) }))}
            />
            <Toggle on={own === true} onChange={on => url.change({ own: on || undefined })}>
              {t('entitlement.own')}
            </Toggle>
            <Toggle on={retired === true} onChange={on => url.change({ retired: on || undefined })}>
              {t('entitlement.retired')}
            </Toggle>
          </>
        }
        limit={limit}
        empty={
          <Empty
            good={search.lack !== undefined}
            title={t(search.lack ? 'entitlement.emptyGood' : 'entitlement.empty')}
          />
        }
      />
    </Page>
  )
}
