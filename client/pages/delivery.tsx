import { getRouteApi } from '@tanstack/react-router'
import { getDelivery } from '#contract/account-types.ts'
import { AccountTypesCard } from '../features/orders/account-types-card.tsx'
import { ConnectorCard } from '../features/orders/connector-card.tsx'
import { RungCard } from '../features/orders/rung-card.tsx'
import { WordsCard } from '../features/orders/words-card.tsx'
import { SystemTabs } from '../features/systems/system-tabs.tsx'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/systems/$systemId/delivery')

/** How a system is steered. */
export function DeliveryPage() {
  const { t } = useTexts()
  const { systemId } = route.useParams()
  const query = useCall(getDelivery, { params: { systemId } })
  const { data } = query
  return (
    <Page
      title={data ? `${t('delivery.title')}: ${data.system.name}` : t('delivery.title')}
      section={t('systems.title')}
      lead={t('delivery.lead')}
      crumbs={[{ label: t('systems.title'), to: '/systems' }]}
      waiting={!data}
    >
      <SystemTabs systemId={systemId} at="delivery" />
      <Answer query={query}>
        {delivery => (
          <>
            <RungCard delivery={delivery} />
            <ConnectorCard delivery={delivery} key={`connector-${delivery.connector?.version ?? 0}`} />
            <AccountTypesCard delivery={delivery} />
            <WordsCard delivery={delivery} />
          </>
        )}
      </Answer>
    </Page>
  )
}
