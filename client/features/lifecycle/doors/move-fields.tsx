import { Button, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { MoveForm } from '#contract/lifecycle-forms.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { WhoPicker } from '../../../ui/who-picker.tsx'
import { fieldId } from '../case-words.ts'
import { DayField, LastDayField } from '../day-field.tsx'
import classes from '../lifecycle.module.css'
import type { PartProps } from './subject.ts'

/** What is different from a day on; what is empty is as it is now. */
export function MoveFields(props: PartProps<MoveForm> & { unitName: string | null }) {
  const { t } = useTexts()
  const { form, change, wrong, subject } = props
  const [unit, setUnit] = useState<string | null>(null)
  const set = (next: Partial<MoveForm>) => change({ ...form, ...next })
  return (
    <>
      <NativeSelect
        id={fieldId('how')}
        label={t('doors.how')}
        value={form.how}
        data={[
          { value: 'change', label: t('doors.howChange') },
          { value: 'beside', label: t('doors.howBeside') },
        ]}
        onChange={event => set({ how: event.currentTarget.value as MoveForm['how'] })}
      />
      {form.unitId === null ? (
        <WhoPicker
          id={fieldId('unitId')}
          label={t('doors.unit')}
          hint={subject?.unit ? t('doors.now', { what: subject.unit.name }) : t('doors.unitKeep')}
          error={wrong('unitId')}
          units
          noPeople
          onPick={who => {
            setUnit(who.name)
            set({ unitId: who.id })
          }}
        />
      ) : (
        <div className={classes.picked}>
          <span className={classes.rightText}>
            <span className="meta">{t('doors.unit')}</span>
            <div className={classes.name}>{unit ?? props.unitName}</div>
            {wrong('unitId') && <div role="alert">{wrong('unitId')}</div>}
          </span>
          <Button id={fieldId('unitId')} variant="default" size="xs" onClick={() => set({ unitId: null })}>
            {t('reports.affiliation.unitChange')}
          </Button>
        </div>
      )}
      <div className={classes.pair}>
        <TextInput
          id={fieldId('title')}
          label={t('doors.title')}
          description={subject?.title ? t('doors.now', { what: subject.title }) : t('doors.titleHint')}
          value={form.title}
          maxLength={200}
          onChange={event => set({ title: event.currentTarget.value })}
        />
        <NumberInput
          id={fieldId('hours')}
          label={t('doors.hours')}
          description={t('doors.hoursHint')}
          value={form.hours ?? ''}
          min={0}
          max={60}
          decimalScale={2}
          decimalSeparator=","
          hideControls
          onChange={value => set({ hours: typeof value === 'number' ? value : null })}
        />
      </div>
      <div className={classes.pair}>
        <DayField
          where="from"
          label={t('doors.from')}
          value={form.from}
          wrong={wrong}
          onChange={from => set({ from })}
        />
        <LastDayField
          where="to"
          label={t('doors.to')}
          hint={t('doors.toHint')}
          value={form.to}
          wrong={wrong}
          onChange={to => set({ to })}
        />
      </div>
      <Textarea
        label={t('doors.note')}
        value={form.note}
        rows={2}
        maxLength={2000}
        onChange={event => set({ note: event.currentTarget.value })}
      />
    </>
  )
}
