import { Button, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { changeRung, type getDelivery, previewRung } from '#contract/account-types.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { Rung } from '#contract/orders.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { PersonLink } from '../../ui/person-link.tsx'
import { ReasonDialog } from '../../ui/reason-dialog.tsx'
import { Answer, Empty } from '../../ui/states.tsx'

export type Delivery = ResponseOf<typeof getDelivery>
export type AccountType = Delivery['accountTypes'][number]
const RUNGS: readonly Rung[] = ['observe', 'add', 'apply', 'full']

/** The rung, and what another one would do today before it is chosen. */
export function RungCard(props: { delivery: Delivery }) {
  const { t, instant } = useTexts()
  const { delivery } = props
  const [rung, setRung] = useState<Rung>(delivery.rung)
  return (
    <Card title={t('delivery.rung')}>
      <Stack gap={16}>
        <Radio.Group value={rung} onChange={value => setRung(value as Rung)} aria-label={t('delivery.rung')}>
          <Stack gap={8}>
            {RUNGS.map(value => (
              <Radio
                key={value}
                value={value}
                disabled={!delivery.allowed.rung && value !== delivery.rung}
                label={t(`delivery.rungs.${value}`)}
                description={t(`delivery.rungHelp.${value}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {delivery.rungAt && <p className="meta">{t('delivery.since', { when: instant(delivery.rungAt) })}</p>}
        {rung !== delivery.rung && <Preview delivery={delivery} rung={rung} key={rung} />}
      </Stack>
    </Card>
  )
}

function Preview(props: { delivery: Delivery; rung: Rung }) {
  const { t, date } = useTexts()
  const { delivery, rung } = props
  const [asking, setAsking] = useState(false)
  const params = { systemId: delivery.system.id }
  const query = useCall(previewRung, { params, body: { rung } })
  const change = useCommand(changeRung, answer => {
    setAsking(false)
    announce(t(answer.state === 'changed' ? 'delivery.changed' : 'delivery.waiting'))
  })
  const code = change.error ? problemOf(change.error).code : null
  return (
    <section className="stack">
      <h3 className="section">{t('delivery.would')}</h3>
      <Answer query={query}>
        {preview => (
          <Stack gap={12}>
            {preview.made.length === 0 && preview.cancelled === 0 && preview.later === 0 ? (
              <p>{t('delivery.nothing')}</p>
            ) : (
              <ul style={{ margin: 0 }}>
                {preview.made.map(one => (
                  <li key={one.action}>
                    {t(`orders.action.${one.action}`)}: {one.count}
                  </li>
                ))}
                {preview.later > 0 && <li>{t('delivery.later', { count: preview.later })}</li>}
                {preview.cancelled > 0 && <li>{t('delivery.cancelled', { count: preview.cancelled })}</li>}
                {preview.tasks > 0 && <li>{t('delivery.tasksAfter', { count: preview.tasks })}</li>}
              </ul>
            )}
            {preview.secondPerson && <p role="note">{t('delivery.second', { floor: preview.floor })}</p>}
            {change.data?.state === 'waiting' && <p role="status">{t('delivery.waiting')}</p>}
            {preview.sample.length > 0 && (
              <DataTable
                caption={t('delivery.sampleCaption')}
                columns={[
                  {
                    key: 'what',
                    label: t('orders.columns.what'),
                    cell: row => `${t(`orders.action.${row.action}`)} ${row.what}`,
                  },
                  { key: 'person', label: t('orders.columns.person'), cell: row => <PersonLink person={row.person} /> },
                  { key: 'due', label: t('orders.columns.due'), cell: row => date(row.dueOn) },
                ]}
                rows={preview.sample}
                rowKey={row => `${row.action}-${row.person.id}-${row.what}`}
                empty={<Empty title={t('orders.empty')} />}
              />
            )}
            <div>
              <Button onClick={() => setAsking(true)}>{t('delivery.change')}</Button>
            </div>
            {asking && (
              <ReasonDialog
                title={t('delivery.change')}
                busy={change.isPending}
                error={code === null ? null : code === 'plan-stale' ? t('delivery.stale') : t(`problem.${code}`)}
                onConfirm={reason => change.mutate({ params, body: { rung, reason, hash: preview.hash } })}
                onClose={() => setAsking(false)}
              >
                <p>{t(`delivery.rungHelp.${rung}`)}</p>
              </ReasonDialog>
            )}
          </Stack>
        )}
      </Answer>
    </section>
  )
}
