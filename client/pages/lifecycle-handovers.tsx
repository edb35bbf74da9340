import { getRouteApi } from '@tanstack/react-router'
import { listHandovers } from '#contract/lifecycle-subject.ts'
import { HandoverLines } from '../features/lifecycle/doors/open-handovers.tsx'
import { isRefused } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'

const route = getRouteApi('/app/lifecycle/handovers')
const limit = 50

/** What leavers answer for that nobody has taken over: for HR, for who leads them, and for IT what is in systems. */
export function LifecycleHandoversPage() {
  const { t } = useTexts()
  const { offset, move } = listUrl(route.useSearch(), route.useNavigate())
  const query = useCall(listHandovers, { query: { offset, limit } }, { keep: true })
  return (
    <Page title={t('doors.open')} section={t('nav.people')} lead={t('doors.openHelp')} narrow>
      {isRefused(query) ? (
        <Failure error={query.error} />
      ) : (
        <Answer query={query}>
          {data =>
            data.total === 0 ? (
              <Empty title={t('doors.openNone')} good />
            ) : (
              <Card>
                <HandoverLines rows={data.rows} />
                <Pager offset={offset} limit={limit} total={data.total} onMove={move} hint={false} />
              </Card>
            )
          }
        </Answer>
      )}
    </Page>
  )
}
