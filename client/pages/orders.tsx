import { getRouteApi } from '@tanstack/react-router'
import { OrderList } from '../features/orders/order-list.tsx'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'

const route = getRouteApi('/app/orders')

/** What all systems are to carry out; what needs a look stands first. */
export function OrdersPage() {
  const { t } = useTexts()
  return (
    <Page title={t('orders.title')} lead={t('orders.lead')}>
      <OrderList search={route.useSearch()} navigate={route.useNavigate() as never} />
    </Page>
  )
}
