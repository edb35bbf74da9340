import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import type { EndForm } from '#contract/lifecycle-forms.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { fieldId } from '../case-words.ts'
import { DayField, LastDayField } from '../day-field.tsx'
import classes from '../lifecycle.module.css'
import type { PartProps } from './subject.ts'

export type EndDoor = 'plain' | 'withdraw' | 'postpone' | 'extend'

/** The three days, and which of them closes access; a new end, or none, where an end is moved. */
export function EndDays(props: PartProps<EndForm> & { door: EndDoor }) {
  const { t } = useTexts()
  const { form, change, wrong, door } = props
  const set = (next: Partial<EndForm>) => change({ ...form, ...next })
  if (door === 'withdraw')
    return (
      <TextInput
        id={fieldId('note')}
        label={t('doors.note')}
        value={form.note}
        maxLength={2000}
        onChange={event => set({ note: event.currentTarget.value })}
      />
    )
  const end = (
    <LastDayField
      where="endsOn"
      label={form.death ? t('doors.deathDay') : door === 'plain' ? t('doors.lastDay') : t('doors.newLastDay')}
      {...(door === 'postpone' ? { hint: t('doors.newLastDayHint') } : {})}
      value={form.endsOn}
      wrong={wrong}
      onChange={endsOn => set({ endsOn })}
    />
  )
  if (door !== 'plain') return end
  return (
    <>
      <div className={classes.pair}>
        {end}
        <DayField
          where="lastWorkingDay"
          label={t('doors.lastWorkingDay')}
          value={form.lastWorkingDay}
          wrong={wrong}
          onChange={lastWorkingDay => set({ lastWorkingDay })}
        />
        <DayField
          where="releasedFrom"
          label={t('doors.releasedFrom')}
          value={form.releasedFrom}
          wrong={wrong}
          onChange={releasedFrom => set({ releasedFrom })}
        />
      </div>
      <NativeSelect
        id={fieldId('governs')}
        label={t('doors.governs')}
        {...(props.hr ? {} : { description: t('doors.governsHr') })}
        value={form.governs}
        disabled={!props.hr || form.atOnce}
        data={(['end', 'last-working-day', 'released'] as const).map(value => ({
          value,
          label: t(`doors.governing.${value}`),
        }))}
        onChange={event => set({ governs: event.currentTarget.value as EndForm['governs'] })}
      />
      <TextInput
        id={fieldId('reason')}
        label={t('doors.reason')}
        description={t('doors.reasonHint')}
        value={form.reason}
        maxLength={500}
        autoComplete="off"
        onChange={event => set({ reason: event.currentTarget.value })}
      />
      {props.hr && (
        <>
          <Checkbox
            label={t('doors.atOnce')}
            checked={form.atOnce}
            onChange={event => set({ atOnce: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('doors.death')}
            checked={form.death}
            onChange={event => set({ death: event.currentTarget.checked })}
          />
        </>
      )}
    </>
  )
}
