import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { SAID_ORIGINS, SAID_STATES, searchSaid } from '#contract/fact-inbox.ts'
import { EventDialog } from '../features/hr/event-dialog.tsx'
import { InboxTabs } from '../features/hr/inbox-tabs.tsx'
import { saidColumns } from '../features/hr/said-columns.tsx'
import { useHistoryText } from '../lib/history-text.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { useAttribute } from '../ui/attribute-word.ts'
import { Choice } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/lifecycle/inbox/all')
const limit = 50

/** Everything that has been said about people and their employments, whoever said it. */
export function InboxAllPage() {
  const { t, number } = useTexts()
  const word = useAttribute()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const { text, settled, setText } = useHistoryText()
  const [shown, setShown] = useState<string | null>(null)
  const { origin, state } = search
  const query = useCall(
    searchSaid,
    {
      body: {
        ...(origin ? { origin } : {}),
        ...(state ? { state } : {}),
        ...(settled ? { text: settled } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const counts = query.data?.counts ?? []
  const many = (of: (one: (typeof counts)[number]) => boolean) => {
    const count = counts.filter(of).reduce((sum, one) => sum + one.count, 0)
    return count > 0 ? ` (${number(count)})` : ''
  }
  return (
    <Page title={t('factInbox.title')} section={t('nav.people')} lead={t('factInbox.lead')}>
      <InboxTabs at="all" />
      <ListFrame
        query={query}
        url={url}
        limit={limit}
        caption={t('factInbox.caption')}
        columns={saidColumns({ t, word, onShow: setShown })}
        rowKey={row => `${row.origin} ${row.id}`}
        search={{ label: t('factInbox.search'), hint: t('factInbox.searchHint'), value: text, onChange: setText }}
        filters={
          <>
            <Choice
              label={t('factInbox.origin')}
              value={origin}
              onChange={next => url.change({ origin: next })}
              options={SAID_ORIGINS.map(value => ({
                value,
                label: `${t(`factInbox.origins.${value}`)}${many(one => one.origin === value)}`,
              }))}
            />
            <Choice
              label={t('factInbox.state')}
              value={state}
              onChange={next => url.change({ state: next })}
              options={SAID_STATES.map(value => ({
                value,
                label: `${t(`factInbox.states.${value}`)}${many(one => one.state === value && (origin ?? one.origin) === one.origin)}`,
              }))}
            />
          </>
        }
        empty={<Empty title={t('factInbox.empty')} help={t('factInbox.emptyHelp')} />}
      />
      {shown && <EventDialog eventId={shown} onClose={() => setShown(null)} onShow={setShown} />}
    </Page>
  )
}
