import { NativeSelect, TextInput } from '@mantine/core'
import { type AbsenceForm, reportedAbsence, rightClassName } from '#contract/lifecycle-forms.ts'
import { lastDay } from '../../../lib/formats.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { fieldId } from '../case-words.ts'
import { DayField, LastDayField } from '../day-field.tsx'
import classes from '../lifecycle.module.css'
import type { PartProps } from './subject.ts'

/** An absence that was never meant: which of those that were reported. */
export function AbsenceTakenBack(props: PartProps<AbsenceForm>) {
  const { t, date } = useTexts()
  const { form, change, wrong, subject } = props
  const rows = subject?.absences ?? []
  return (
    <>
      {subject && rows.length === 0 && <p className="meta">{t('doors.absenceNone')}</p>}
      <NativeSelect
        id={fieldId('from')}
        label={t('doors.whichAbsence')}
        value={form.from ?? ''}
        error={wrong('from')}
        disabled={rows.length === 0}
        data={[
          { value: '', label: '' },
          ...rows.map(one => ({
            value: one.from,
            label: one.to
              ? t('doors.absenceLine', { from: date(one.from), to: date(lastDay(one.to)) })
              : t('doors.absenceOpen', { from: date(one.from) }),
          })),
        ]}
        onChange={event => {
          const chosen = rows.find(one => one.from === event.currentTarget.value)
          change({ ...form, from: chosen?.from ?? null, to: chosen?.to ?? null, exceptions: [] })
        }}
      />
      <TextInput
        id={fieldId('note')}
        label={t('doors.note')}
        value={form.note}
        maxLength={2000}
        onChange={event => change({ ...form, note: event.currentTarget.value })}
      />
    </>
  )
}

/** Kind and days, and what happens to each class of right: the policy's choice, or HR's for this absence. */
export function AbsenceFields(props: PartProps<AbsenceForm>) {
  const { t } = useTexts()
  const { form, change, wrong, subject } = props
  const set = (next: Partial<AbsenceForm>) => change({ ...form, ...next })
  const policy = subject?.absence[form.absence]
  return (
    <>
      <NativeSelect
        id={fieldId('absence')}
        label={t('doors.absenceKind')}
        value={form.absence}
        data={reportedAbsence.options.map(value => ({ value, label: t(`doors.absenceKinds.${value}`) }))}
        onChange={event => set({ absence: event.currentTarget.value as AbsenceForm['absence'] })}
      />
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
          label={t('doors.backOn')}
          hint={t('doors.toHint')}
          value={form.to}
          wrong={wrong}
          onChange={to => set({ to })}
        />
      </div>
      <TextInput
        id={fieldId('reason')}
        label={t('doors.reason')}
        description={t('doors.reasonHint')}
        value={form.reason}
        maxLength={500}
        autoComplete="off"
        onChange={event => set({ reason: event.currentTarget.value })}
      />
      {policy && (
        <section aria-label={t('doors.exceptions')} className={classes.fields}>
          <p className={classes.name}>{t('doors.exceptions')}</p>
          {!props.hr && <p className="meta">{t('doors.exceptionsHr')}</p>}
          <div className={classes.pair}>
            {rightClassName.options.map(name => {
              const chosen = form.exceptions.find(one => one.class === name)?.effect
              const standard = t('doors.effectPolicy', { effect: t(`doors.effect.${policy[name]}`) })
              return (
                <NativeSelect
                  key={name}
                  label={t(`doors.classes.${name}`)}
                  value={chosen ?? ''}
                  disabled={!props.hr}
                  data={[
                    { value: '', label: standard },
                    { value: 'keep', label: t('doors.effect.keep') },
                    { value: 'suspend', label: t('doors.effect.suspend') },
                  ]}
                  onChange={event => {
                    const effect = event.currentTarget.value as '' | 'keep' | 'suspend'
                    const others = form.exceptions.filter(one => one.class !== name)
                    set({ exceptions: effect === '' ? others : [...others, { class: name, effect }] })
                  }}
                />
              )
            })}
          </div>
        </section>
      )}
    </>
  )
}
