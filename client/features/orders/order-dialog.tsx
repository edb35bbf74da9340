import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { getOrder, handOrder, replayOrder } from '#contract/orders.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Facts } from '../../ui/card.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { Answer } from '../../ui/states.tsx'

type One = ResponseOf<typeof getOrder>

/** One order: what was tried, what the target said, and what can be done about one that needs a look. */
export function OrderDialog(props: { orderId: string; onClose: () => void }) {
  const { t } = useTexts()
  const query = useCall(getOrder, { params: { orderId: props.orderId } })
  const order = query.data?.order
  const title = order
    ? `${t(`orders.action.${order.action}`)} ${order.right?.name ?? order.accountType?.name ?? ''}`
    : t('orders.title')
  return (
    <Modal opened onClose={props.onClose} title={title} size="lg">
      <Answer query={query}>{data => <Body data={data} onClose={props.onClose} />}</Answer>
    </Modal>
  )
}

function Body(props: { data: One; onClose: () => void }) {
  const { t, all, date, instant } = useTexts()
  const { order, attempts, decision } = props.data
  const said = (text: string) =>
    text === 'not-seen'
      ? t('orders.saidNotSeen')
      : text === 'not-shown'
        ? t('orders.saidNotShown')
        : text === 'no-user-name'
          ? t('orders.saidNoName')
          : (all.connectors.said[text as keyof typeof all.connectors.said] ?? text)
  return (
    <Stack gap={16}>
      <Facts
        facts={[
          { label: t('orders.columns.system'), value: order.system.name },
          { label: t('orders.columns.due'), value: date(order.dueOn) },
          {
            label: t('orders.columns.state'),
            value: t(`orders.state.${order.state}`),
            note: order.said ? said(order.said) : undefined,
          },
          ...(decision
            ? [
                {
                  label: t('orders.decision'),
                  value: t('orders.decisionBy', {
                    name: decision.by ?? t('orders.decisionNobody'),
                    when: instant(decision.at),
                  }),
                  note: decision.reason ?? undefined,
                },
              ]
            : []),
          { label: t('orders.username'), value: order.username ?? '–' },
          ...(order.madeAt ? [{ label: t('orders.madeAt'), value: instant(order.madeAt) }] : []),
          ...(order.doneAt ? [{ label: t('orders.doneAt'), value: instant(order.doneAt) }] : []),
          ...(order.verifiedAt ? [{ label: t('orders.verifiedAt'), value: instant(order.verifiedAt) }] : []),
        ]}
      />
      {order.allowed.act && (order.state === 'parked' || order.state === 'retry') && (
        <Correct order={order} onClose={props.onClose} />
      )}
      <section>
        <h3 className="section">{t('orders.attempts')}</h3>
        {attempts.length === 0 ? (
          <p className="dim">{order.connector ? t('orders.noAttempts') : t('orders.nobody')}</p>
        ) : (
          <ol reversed style={{ paddingLeft: 20 }}>
            {attempts.map(one => (
              <li key={one.n}>
                {instant(one.startedAt)}: {one.outcome ? t(`orders.outcome.${one.outcome}`) : t('orders.running')}
                {one.said && <div className="meta">{said(one.said)}</div>}
                {one.steps.map(step => (
                  <div key={step} className="meta">
                    {step}
                  </div>
                ))}
              </li>
            ))}
          </ol>
        )}
      </section>
    </Stack>
  )
}

function Correct(props: { order: One['order']; onClose: () => void }) {
  const { t } = useTexts()
  const { order } = props
  const [username, setUsername] = useState(order.username ?? '')
  const [asking, setAsking] = useState(false)
  const replay = useCommand(replayOrder, () => {
    announce(t('orders.replayed'))
    props.onClose()
  })
  const hand = useCommand(handOrder, () => {
    announce(t('orders.byHandDone'))
    props.onClose()
  })
  const wrong = (error: unknown) => {
    if (!error) return null
    const { code } = problemOf(error)
    return code === 'conflict' ? t('orders.conflict') : t(`problem.${code}`)
  }
  const changed = username.trim() !== '' && username.trim() !== order.username
  return (
    <>
      <TextInput
        label={t('orders.username')}
        description={t('orders.usernameHint')}
        value={username}
        error={wrong(replay.error)}
        onChange={event => setUsername(event.currentTarget.value)}
      />
      <Group gap={8}>
        <Button
          loading={replay.isPending}
          onClick={() =>
            replay.mutate({
              params: { orderId: order.id },
              body: { version: order.version, ...(changed ? { username: username.trim() } : {}) },
            })
          }
        >
          {t('orders.replay')}
        </Button>
        <Button variant="default" onClick={() => setAsking(true)}>
          {t('orders.byHand')}
        </Button>
      </Group>
      {asking && (
        <ReasonDialog
          title={t('orders.byHand')}
          busy={hand.isPending}
          error={wrong(hand.error)}
          onConfirm={reason => hand.mutate({ params: { orderId: order.id }, body: { version: order.version, reason } })}
          onClose={() => setAsking(false)}
        >
          {null}
        </ReasonDialog>
      )}
    </>
  )
}
