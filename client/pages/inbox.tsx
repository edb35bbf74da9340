import { Button } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { EVENT_NAMES } from '#contract/hr-event-types.ts'
import { approveInboxEvents, EVENT_STATES, searchInbox } from '#contract/hr-events.ts'
import { EventDialog } from '../features/hr/event-dialog.tsx'
import { HrSettingsCard } from '../features/hr/hr-settings-card.tsx'
import { inboxColumns } from '../features/hr/inbox-columns.tsx'
import { InboxTabs } from '../features/hr/inbox-tabs.tsx'
import { useHistoryText } from '../lib/history-text.ts'
import { listUrl } from '../lib/list-url.ts'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { Card } from '../ui/card.tsx'
import { Choice, SearchField, Toggle } from '../ui/filters.tsx'
import { ListFrame } from '../ui/list-frame.tsx'
import { Page } from '../ui/page.tsx'
import { ReasonDialog } from '../ui/reason-dialog.tsx'
import { Empty } from '../ui/states.tsx'

const route = getRouteApi('/app/lifecycle/inbox')
const limit = 50

/** Everything that personnel programs have sent, with what became of it. */
export function InboxPage() {
  const { t, number } = useTexts()
  const search = route.useSearch()
  const url = listUrl(search, route.useNavigate())
  const { text, settled, setText } = useHistoryText()
  const [shown, setShown] = useState<string | null>(null)
  const [approving, setApproving] = useState(false)
  const { state, feed, name, notes } = search
  const query = useCall(
    searchInbox,
    {
      body: {
        ...(state ? { state } : {}),
        ...(feed ? { feed } : {}),
        ...(name ? { name } : {}),
        ...(notes ? { notes } : {}),
        ...(settled ? { text: settled } : {}),
        offset: url.offset,
        limit,
      },
    },
    { keep: true },
  )
  const held = useCall(searchInbox, { body: { state: 'held', limit: 200 } })
  const approve = useCommand(approveInboxEvents, () => setApproving(false))
  const waiting = (held.data?.rows ?? []).filter(row => row.allowed.approve)
  return (
    <Page title={t('inbox.title')} section={t('nav.people')} lead={t('inbox.lead')}>
      <InboxTabs at="events" />
      {query.data?.gaps.map(gap => (
        <Card key={`${gap.feed} ${gap.source}`}>
          <p>{t('inbox.gap', { source: gap.source, count: gap.missing, first: String(gap.first) })}</p>
        </Card>
      ))}
      {waiting.length > 0 && (
        <Card title={t('inbox.held', { count: waiting.length })}>
          <p>{t('inbox.heldHelp')}</p>
          <Button variant="default" onClick={() => setApproving(true)}>
            {t('inbox.approve')}
          </Button>
        </Card>
      )}
      <ListFrame
        query={query}
        cards
        url={url}
        limit={limit}
        caption={t('inbox.caption')}
        columns={inboxColumns({ t, onShow: setShown })}
        rowKey={row => row.id}
        filters={
          <>
            <SearchField label={t('inbox.search')} hint={t('inbox.searchHint')} value={text} onChange={setText} />
            <Choice
              label={t('inbox.stateFilter')}
              value={state}
              onChange={next => url.change({ state: next })}
              options={EVENT_STATES.map(value => ({
                value,
                label: `${t(`inbox.state.${value}`)}${query.data?.states[value] ? ` (${number(query.data.states[value])})` : ''}`,
              }))}
            />
            <Choice
              label={t('inbox.kind')}
              value={name}
              onChange={next => url.change({ name: next })}
              options={EVENT_NAMES.map(value => ({ value, label: t(`inbox.name.${value}`) }))}
            />
            {(query.data?.feeds.length ?? 0) > 1 && (
              <Choice
                label={t('inbox.feed')}
                value={feed}
                onChange={next => url.change({ feed: next })}
                options={(query.data?.feeds ?? []).map(value => ({ value, label: value }))}
              />
            )}
            <Toggle on={notes === true} onChange={on => url.change({ notes: on || undefined })}>
              {t('inbox.withNotes')}
            </Toggle>
          </>
        }
        empty={<Empty title={t('inbox.empty')} help={t('inbox.emptyHelp')} />}
      />
      <HrSettingsCard />
      {shown && <EventDialog eventId={shown} onClose={() => setShown(null)} onShow={setShown} />}
      {approving && (
        <ReasonDialog
          title={t('inbox.approve')}
          busy={approve.isPending}
          error={approve.error ? t(`problem.${approve.error.problem.code}`) : null}
          onClose={() => setApproving(false)}
          onConfirm={reason => approve.mutate({ body: { ids: waiting.map(row => row.id), reason } })}
        >
          <p>{t('inbox.approveHelp')}</p>
        </ReasonDialog>
      )}
    </Page>
  )
}
