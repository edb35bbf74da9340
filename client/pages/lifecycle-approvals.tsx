import { getRouteApi } from '@tanstack/react-router'
import { listApprovals } from '#contract/lifecycle-desk.ts'
import { ApprovalLines } from '../features/lifecycle/approval-lines.tsx'
import { ApprovalAbout } from '../features/lifecycle/waiting-approvals.tsx'
import { isRefused } from '../lib/call.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Choice, FilterRow } from '../ui/filters.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Answer, Empty, Failure } from '../ui/states.tsx'

const route = getRouteApi('/app/lifecycle/approvals')
const limit = 25

/** What waits for the reader's yes; made for a phone in a corridor. */
export function LifecycleApprovalsPage() {
  const { t } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const state = search.state ?? 'waiting'
  const query = useCall(
    listApprovals,
    { query: { state, mine: state === 'waiting' ? 'true' : 'false', offset: url.offset, limit } },
    { keep: true },
  )
  if (isRefused(query))
    return (
      <Page title={t('reports.approvals.title')}>
        <Failure error={query.error} />
      </Page>
    )
  return (
    <Page title={t('reports.approvals.title')} section={t('reports.title')} lead={t('reports.approvals.lead')} narrow>
      <FilterRow>
        <Choice
          label={t('reports.stageFilter')}
          value={search.state}
          all={t('reports.approvals.waiting')}
          onChange={next => url.change({ state: next })}
          options={(['approved', 'refused'] as const).map(value => ({
            value,
            label: t(`reports.approvals.state.${value}`),
          }))}
        />
      </FilterRow>
      <Answer query={query}>
        {data =>
          data.rows.length === 0 ? (
            <Empty good title={t('reports.approvals.none')} help={t('reports.approvals.noneHelp')} />
          ) : (
            <>
              <Card>
                <ApprovalLines
                  rows={data.rows}
                  nameOf={row => row.person.name ?? t('people.protectedPerson')}
                  about={row => <ApprovalAbout row={row} />}
                />
              </Card>
              <Pager
                offset={url.offset}
                limit={limit}
                total={data.total}
                onMove={url.move}
                of={t('reports.approvals.title')}
              />
            </>
          )
        }
      </Answer>
    </Page>
  )
}
