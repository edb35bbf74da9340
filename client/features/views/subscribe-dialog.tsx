import { Button, Modal, Select, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { listSubscriptions, subscribe } from '#contract/views.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import classes from './view-tabs.module.css'

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

/** On which day and hour a view is sent every week; again changes it. */
export function SubscribeDialog(props: { view: { id: string; name: string }; onClose: () => void }) {
  const { t, language } = useTexts()
  const known = useCall(listSubscriptions)
  const now = known.data?.subscriptions.find(one => one.view.id === props.view.id)
  const [chosen, setChosen] = useState<{ weekday?: string; hour?: string }>({})
  const { weekday = String(now?.weekday ?? 1), hour = String(now?.hour ?? 8) } = chosen
  const save = useCommand(subscribe, () => {
    announce(t('views.subscribed', { name: props.view.name }))
    props.onClose()
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ body: { viewId: props.view.id, weekday: Number(weekday), hour: Number(hour), language } })
  }
  return (
    <Modal opened onClose={props.onClose} title={t('views.send')}>
      <form onSubmit={submit}>
        <Stack gap={16}>
          <p>
            <strong>{props.view.name}</strong>
          </p>
          <p className="meta">{t('views.sendHelp')}</p>
          {known.data && known.data.by !== 'mail' && <p className="meta">{t(`views.by.${known.data.by}`)}</p>}
          <Select
            label={t('views.weekday')}
            data={WEEKDAYS.map(day => ({ value: String(day), label: t(`views.day.${day}`) }))}
            value={weekday}
            onChange={value => setChosen(old => ({ ...old, weekday: value ?? '1' }))}
            allowDeselect={false}
          />
          <Select
            label={t('views.hour')}
            data={Array.from({ length: 24 }, (_, at) => ({ value: String(at), label: t('views.at', { hour: at }) }))}
            value={hour}
            onChange={value => setChosen(old => ({ ...old, hour: value ?? '8' }))}
            allowDeselect={false}
          />
          {save.error && (
            <p role="alert" className="meta">
              {problemOf(save.error).code === 'conflict'
                ? t('views.tooMany')
                : t(`problem.${problemOf(save.error).code}`)}
            </p>
          )}
          <div className={classes.buttons}>
            <Button type="submit" loading={save.isPending}>
              {t('views.subscribe')}
            </Button>
            <Button variant="default" onClick={props.onClose}>
              {t('do.cancel')}
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  )
}
