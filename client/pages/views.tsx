import { Button, Stack } from '@mantine/core'
import { IconMail, IconMailOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ResponseOf } from '#contract/endpoint.ts'
import { listSubscriptions, listViews, removeView, unsubscribe } from '#contract/views.ts'
import { SubscribeDialog } from '../features/views/subscribe-dialog.tsx'
import classes from '../features/views/view-tabs.module.css'
import { useCall, useCommand } from '../lib/query.ts'
import { useTexts } from '../texts/i18n.ts'
import { announce } from '../ui/announcer.tsx'
import { Card } from '../ui/card.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/states.tsx'

type View = ResponseOf<typeof listViews>['views'][number]
type Subscription = ResponseOf<typeof listSubscriptions>['subscriptions'][number]
type Shown = { id: string; screen: string; name: string; search: View['search'] }

/** The list with the filters of the view. */
function ViewLink({ view }: { view: Shown }) {
  return (
    <Link to={`/${view.screen}` as '/people'} search={view.search as never} className="link">
      {view.name}
    </Link>
  )
}

/** My views of all lists, and what is sent of them every week: the numbers stand here too, whether or not mail goes out. */
export function ViewsPage() {
  const { t } = useTexts()
  const views = useCall(listViews, { query: {} })
  const subscriptions = useCall(listSubscriptions)
  const [sending, setSending] = useState<Shown | null>(null)
  const remove = useCommand(removeView, () => announce(t('views.removed')))
  const screenOf = (screen: string) => t(`views.screen.${screen as 'people'}`, { defaultValue: screen })
  const columns: Column<View>[] = [
    { key: 'name', label: t('views.name'), cell: view => <ViewLink view={view} /> },
    { key: 'screen', label: t('views.list'), rank: 1, cell: view => screenOf(view.screen) },
    {
      key: 'shared',
      label: t('views.sharing'),
      rank: 2,
      cell: view =>
        view.own
          ? view.sharedWith.map(role => t(`role.${role}`)).join(', ') || (
              <span className="meta">{t('views.private')}</span>
            )
          : t('views.sharedBy', { name: view.owner ?? '' }),
    },
    {
      key: 'opens',
      label: t('views.opening'),
      rank: 3,
      cell: view => (view.opens ? t('do.yes') : <span className="meta">–</span>),
    },
    {
      key: 'do',
      label: t('views.do'),
      cell: view => (
        <Button.Group>
          <Button size="xs" variant="default" onClick={() => setSending(view)}>
            {t('views.send')}
          </Button>
          {view.own && (
            <Button
              size="xs"
              variant="default"
              aria-label={`${t('views.remove')}: ${view.name}`}
              onClick={() => remove.mutate({ params: { viewId: view.id } })}
            >
              {t('views.removeShort')}
            </Button>
          )}
        </Button.Group>
      ),
    },
  ]
  return (
    <Page title={t('views.pageTitle')} lead={t('views.pageLead')}>
      <Stack gap={24}>
        <Card title={t('views.subscriptions')}>
          <Answer query={subscriptions}>
            {({ by, subscriptions }) => (
              <Stack gap={12}>
                <p className="meta">{t(`views.by.${by}`)}</p>
                {subscriptions.length === 0 ? (
                  <Empty title={t('views.noSubscriptions')} help={t('views.noSubscriptionsHelp')} />
                ) : (
                  subscriptions.map(one => (
                    <Sent
                      key={one.id}
                      one={one}
                      screen={screenOf(one.view.screen)}
                      onChange={() => setSending(one.view)}
                    />
                  ))
                )}
              </Stack>
            )}
          </Answer>
        </Card>
        <Card title={t('views.mine')}>
          <Answer query={views}>
            {({ views }) => (
              <DataTable
                caption={t('views.mine')}
                columns={columns}
                rows={views}
                rowKey={view => view.id}
                empty={<Empty title={t('views.none')} help={t('views.noneHelp')} />}
              />
            )}
          </Answer>
        </Card>
      </Stack>
      {sending && <SubscribeDialog view={sending} onClose={() => setSending(null)} />}
    </Page>
  )
}

function Sent(props: { one: Subscription; screen: string; onChange: () => void }) {
  const { t, number, date } = useTexts()
  const { one } = props
  const stop = useCommand(unsubscribe, () => announce(t('views.stopped')))
  const latest = one.digests[0]
  const Sign = latest?.state === 'failed' ? IconMailOff : IconMail
  return (
    <article>
      <h3>
        <Sign size={16} aria-hidden /> <ViewLink view={one.view} />
      </h3>
      <p className="meta">
        {props.screen} ·{' '}
        {t('views.every', { day: t(`views.day.${one.weekday as 1}`), at: t('views.at', { hour: one.hour }) })}
      </p>
      {latest && (
        <>
          <dl className={classes.numbers}>
            {latest.figures.map(figure => (
              <div key={figure.code}>
                <dt>{t(`views.figure.${figure.code}`)}</dt>
                <dd>
                  {number(figure.value)}{' '}
                  {figure.before !== null && (
                    <span className="meta">{t('views.before', { count: figure.before })}</span>
                  )}
                </dd>
              </div>
            ))}
          </dl>
          <p className="meta">
            {date(latest.dueOn)}: {t(`views.state.${latest.state}`)}
          </p>
        </>
      )}
      <Button.Group>
        <Button size="xs" variant="default" onClick={props.onChange}>
          {t('views.change')}
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={stop.isPending}
          onClick={() => stop.mutate({ params: { subscriptionId: one.id } })}
        >
          {t('views.stop')}
        </Button>
      </Button.Group>
    </article>
  )
}
