import { Button, Group, NumberInput, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { getCutover, saveCutover } from '#contract/cutover.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import { problemOf } from '../../lib/call.ts'
import { useCall, useCommand } from '../../lib/query.ts'
import { useTexts } from '../../texts/i18n.ts'
import { announce } from '../../ui/announcer.tsx'
import { Card } from '../../ui/card.tsx'

/** Duties that begin the evening before, or end the morning after. */
export function CutoverCard(props: { unitId: string }) {
  const query = useCall(getCutover, { params: { unitId: props.unitId } })
  return query.data ? <Hours {...props} data={query.data} key={JSON.stringify(query.data.own)} /> : null
}

function Hours(props: { unitId: string; data: ResponseOf<typeof getCutover> }) {
  const { t } = useTexts()
  const { own, counts, mayChange } = props.data
  const [start, setStart] = useState<number | string>(own.startsFromHour ?? '')
  const [end, setEnd] = useState<number | string>(own.endsUntilHour ?? '')
  const save = useCommand(saveCutover, () => announce(t('cutover.saved')))
  const hour = (value: number | string) => (typeof value === 'number' ? value : null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ params: { unitId: props.unitId }, body: { startsFromHour: hour(start), endsUntilHour: hour(end) } })
  }
  const said = (value: number | null) =>
    value === null ? t('cutover.midnight') : t('cutover.hour', { hour: String(value).padStart(2, '0') })
  if (!mayChange && counts.startsFromHour === null && counts.endsUntilHour === null) return null
  return (
    <Card title={t('cutover.title')}>
      <form onSubmit={submit}>
        <Stack gap={12}>
          <p className="dim">{t('cutover.help')}</p>
          <p>{t('cutover.counts', { start: said(counts.startsFromHour), end: said(counts.endsUntilHour) })}</p>
          {mayChange && (
            <>
              <Group gap={12} align="end">
                <NumberInput label={t('cutover.starts')} value={start} onChange={setStart} min={0} max={23} w={220} />
                <NumberInput label={t('cutover.ends')} value={end} onChange={setEnd} min={0} max={23} w={220} />
              </Group>
              {save.error && <p role="alert">{t(`problem.${problemOf(save.error).code}`)}</p>}
              <div>
                <Button type="submit" variant="default" loading={save.isPending}>
                  {t('cutover.save')}
                </Button>
              </div>
            </>
          )}
        </Stack>
      </form>
    </Card>
  )
}
