import { getRouteApi } from '@tanstack/react-router'
import { getDelivery } from '#contract/account-types.ts'
import { OrderList } from '../features/orders/order-list.tsx'
import { SystemTabs } from '../features/systems/system-tabs.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'

const route = getRouteApi('/app/systems/$systemId/orders')

/** The orders of one system, with each attempt. */
export function SystemOrdersPage() {
  const { t } = useTexts()
  const { systemId } = route.useParams()
  const { data } = useCall(getDelivery, { params: { systemId } })
  return (
    <Page
      title={data ? t('orders.log', { system: data.system.name }) : t('orders.title')}
      section={t('systems.title')}
      lead={t('orders.lead')}
      crumbs={[{ label: t('systems.title'), to: '/systems' }]}
      waiting={!data}
    >
      <SystemTabs systemId={systemId} at="orders" />
      <OrderList search={route.useSearch()} navigate={route.useNavigate() as never} systemId={systemId} />
    </Page>
  )
}
