import { Button, Code, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { approveInboxEvents, getInboxEvent, retryInboxEvent, setInboxEventAside } from '#contract/hr-events.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { Facts } from '../../ui/card.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { Answer } from '../../ui/states.tsx'
import { EventStatus, eventWord } from './inbox-columns.tsx'

type Event = ResponseOf<typeof getInboxEvent>

export function EventDialog(props: { eventId: string; onClose: () => void; onShow: (id: string) => void }) {
  const { t } = useTexts()
  const query = useCall(getInboxEvent, { params: { eventId: props.eventId } })
  return (
    <Modal opened onClose={props.onClose} size="lg" title={query.data ? eventWord(t, query.data) : t('inbox.show')}>
      <Answer query={query}>{event => <EventDetail event={event} onShow={props.onShow} />}</Answer>
    </Modal>
  )
}

function EventDetail(props: { event: Event; onShow: (id: string) => void }) {
  const { t, date, instant } = useTexts()
  const { event } = props
  return (
    <Stack gap={16}>
      <div>
        <EventStatus state={event.state} why={event.why} />
      </div>
      {event.reason && <p>{t('inbox.decided', { name: event.decidedBy ?? '', reason: event.reason })}</p>}
      <Facts
        columns
        facts={[
          {
            label: t('inbox.columns.person'),
            value: event.person ? <PersonLink person={event.person} /> : t('inbox.noPerson'),
          },
          { label: t('inbox.columns.effective'), value: event.effectiveOn ? date(event.effectiveOn) : '' },
          { label: t('inbox.said'), value: instant(event.time) },
          { label: t('inbox.columns.received'), value: instant(event.receivedAt) },
          { label: t('inbox.feed'), value: `${event.feed} · ${event.source}` },
          { label: t('inbox.key'), value: `${event.subject} · ${event.eventId}` },
        ]}
      />
      <Actions event={event} />
      {event.details.map(note => (
        <section key={note.from} aria-labelledby="use-between">
          <h3 id="use-between">{t('inbox.useBetween')}</h3>
          <p>{t('inbox.useBetweenHelp')}</p>
          <ul>
            {note.signedIn.map(one => (
              <li key={`${one.account} ${one.at}`}>
                {t('inbox.signedIn', { account: one.account, when: instant(one.at) })}
              </li>
            ))}
            {note.rights.map(one => (
              <li key={`${one.system} ${one.name} ${one.account}`}>
                {one.system}: {one.name} ({one.account})
              </li>
            ))}
          </ul>
        </section>
      ))}
      {event.related.length > 0 && (
        <section>
          <h3>{t('inbox.related')}</h3>
          <ul>
            {event.related.map(one => (
              <li key={`${one.how} ${one.eventId}`}>
                {t(`inbox.relatedHow.${one.how}`)}:{' '}
                {one.id ? (
                  <Button variant="subtle" size="compact-sm" onClick={() => one.id && props.onShow(one.id)}>
                    {eventWord(t, { name: one.name, type: one.eventId })} {one.eventId}
                  </Button>
                ) : (
                  one.eventId
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>{t('inbox.facts')}</h3>
        {event.facts.length === 0 ? (
          <p className="dim">{t('inbox.factsNone')}</p>
        ) : (
          <ul>
            {event.facts.map((fact, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: facts of one event never change their order
              <li key={place}>
                {t('inbox.fact', {
                  what: fact.op === 'retract' ? t('inbox.retracted') : t('inbox.stated'),
                  attributes: fact.attributes.join(', ') || '–',
                })}
                {fact.from && ` ${date(fact.from)}`}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3>{t('inbox.content')}</h3>
        {event.content ? (
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {JSON.stringify(event.content, null, 2)}
          </Code>
        ) : (
          <p className="dim">{t('inbox.contentHidden')}</p>
        )}
      </section>
    </Stack>
  )
}

function Actions(props: { event: Event }) {
  const { t } = useTexts()
  const { id, allowed } = props.event
  const [asking, setAsking] = useState<'set-aside' | 'approve' | null>(null)
  const done = () => setAsking(null)
  const retry = useCommand(retryInboxEvent)
  const aside = useCommand(setInboxEventAside, done)
  const approve = useCommand(approveInboxEvents, done)
  const error = (asking === 'approve' ? approve : aside).error
  if (!allowed.retry && !allowed.setAside && !allowed.approve) return null
  return (
    <Group gap={8}>
      {allowed.approve && <Button onClick={() => setAsking('approve')}>{t('inbox.approveOne')}</Button>}
      {allowed.retry && (
        <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate({ params: { eventId: id } })}>
          {t('inbox.retry')}
        </Button>
      )}
      {allowed.setAside && (
        <Button variant="default" onClick={() => setAsking('set-aside')}>
          {t('inbox.setAside')}
        </Button>
      )}
      {asking && (
        <ReasonDialog
          title={t(asking === 'approve' ? 'inbox.approveOne' : 'inbox.setAside')}
          busy={aside.isPending || approve.isPending}
          error={error ? t(`problem.${error.problem.code}`) : null}
          onClose={done}
          onConfirm={reason =>
            asking === 'approve'
              ? approve.mutate({ body: { ids: [id], reason } })
              : aside.mutate({ params: { eventId: id }, body: { reason } })
          }
        >
          <p>{t(asking === 'approve' ? 'inbox.approveHelp' : 'inbox.setAsideHelp')}</p>
        </ReasonDialog>
      )}
    </Group>
  )
}
