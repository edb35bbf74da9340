import { getRouteApi } from '@tanstack/react-router'
import { getSystem } from '#contract/systems.ts'
import { SystemRecords } from '../features/records/dated-records.tsx'
import { PurposePlans } from '../features/strict/purpose-plans.tsx'
import { StrictMode } from '../features/strict/strict-mode.tsx'
import { SystemTabs } from '../features/systems/system-tabs.tsx'
import { useCall } from '../lib/query.ts'
import { useMay } from '../lib/session.ts'
import { useTexts } from '../texts/i18n.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/states.tsx'

const route = getRouteApi('/app/systems/$systemId/duties')

/** What has to be shown for a system, and what is asked for before anybody gets something new in it. */
export function SystemDutiesPage() {
  const { t } = useTexts()
  const { systemId } = route.useParams()
  const may = useMay()
  const query = useCall(getSystem, { params: { systemId } })
  return (
    <Page
      title={query.data ? t('duties.titleOf', { name: query.data.name }) : t('duties.title')}
      section={t('systems.title')}
      lead={t('duties.lead')}
      crumbs={[{ label: t('systems.title'), to: '/systems' }]}
      waiting={!query.data}
    >
      <SystemTabs systemId={systemId} at="duties" />
      <Answer query={query}>
        {() => (
          <div className="stack">
            <SystemRecords systemId={systemId} />
            {may('binding.read') && <PurposePlans systemId={systemId} />}
            {may('binding.read') && <StrictMode systemId={systemId} />}
          </div>
        )}
      </Answer>
    </Page>
  )
}
