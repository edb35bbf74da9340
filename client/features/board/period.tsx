import { TextInput } from '@mantine/core'
import { addDays, dayOf } from '../../lib/formats.ts'
import { useTexts } from '../../texts/i18n.ts'

type Between = { from?: string | undefined; to?: string | undefined }

/** The period that is asked for, closed-open: what the address says, or the last so many days up to today. */
export function periodOf(search: Between, days: number): { from: string; to: string } {
  const tomorrow = addDays(dayOf(new Date().toISOString()), 1)
  const to = search.to ?? tomorrow
  const from = search.from ?? addDays(to, -days)
  return from < to ? { from, to } : { from: addDays(to, -days), to }
}

/** Two days, as people name them: both belong to the period. */
export function PeriodFields(props: { period: { from: string; to: string }; onChange: (next: Between) => void }) {
  const { t } = useTexts()
  const { from, to } = props.period
  return (
    <>
      <TextInput
        type="date"
        label={t('proof.from')}
        value={from}
        max={addDays(to, -1)}
        onChange={event => event.currentTarget.value && props.onChange({ from: event.currentTarget.value, to })}
      />
      <TextInput
        type="date"
        label={t('proof.to')}
        value={addDays(to, -1)}
        min={from}
        onChange={event =>
          event.currentTarget.value && props.onChange({ from, to: addDays(event.currentTarget.value, 1) })
        }
      />
    </>
  )
}
