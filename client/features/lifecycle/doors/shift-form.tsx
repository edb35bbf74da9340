import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type ShiftTemplate, startShift } from '#contract/lifecycle-shift.ts'
import { problemOf } from '../../../lib/call.ts'
import { useCommand } from '../../../lib/query.ts'
import { useTexts } from '../../../texts/i18n.ts'
import { announce } from '../../../ui/announcer.tsx'
import { Card } from '../../../ui/card.tsx'
import { ErrorSummary } from '../../../ui/error-summary.tsx'
import { fieldId } from '../case-words.ts'
import classes from '../lifecycle.module.css'

const EMPTY = { givenName: '', familyName: '', birthDate: '', agency: '' }

/** Name, birth date, agency, what as, until when: six fields and one button, for a phone in a corridor. */
export function ShiftForm(props: { templates: readonly ShiftTemplate[] }) {
  const { t } = useTexts()
  const [form, setForm] = useState(EMPTY)
  const [templateId, setTemplateId] = useState(props.templates[0]?.id ?? '')
  const [until, setUntil] = useState(inEightHours)
  const [tries, setTries] = useState(0)
  const start = useCommand(startShift, () => {
    announce(t('doors.shift.asked', { name: `${form.givenName} ${form.familyName}` }))
    setForm(EMPTY)
    setTries(0)
  })
  const set = (next: Partial<typeof form>) => setForm({ ...form, ...next })
  const empty = (['givenName', 'familyName', 'birthDate'] as const).filter(name => form[name].trim() === '')
  const labels = {
    givenName: t('doors.shift.given'),
    familyName: t('doors.shift.family'),
    birthDate: t('doors.shift.birth'),
  }
  const errors =
    tries === 0
      ? []
      : empty.map(name => ({
          field: fieldId(`shift/${name}`),
          text: t('reports.missing.needed', { field: labels[name] }),
        }))
  if (props.templates.length === 0)
    return (
      <Card>
        <p className="meta">{t('doors.shift.templateNone')}</p>
      </Card>
    )
  const field = (name: 'givenName' | 'familyName' | 'birthDate') => ({
    id: fieldId(`shift/${name}`),
    label: labels[name],
    value: form[name],
    maxLength: 100,
    autoComplete: 'off',
    error: errors.find(one => one.field === fieldId(`shift/${name}`))?.text,
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  })
  return (
    <Card>
      <ErrorSummary
        key={tries}
        errors={
          errors.length > 0
            ? errors
            : start.error && tries > 0
              ? [{ text: t(`problem.${problemOf(start.error).code}`) }]
              : []
        }
      />
      <form
        className={classes.fields}
        noValidate
        onSubmit={event => {
          event.preventDefault()
          setTries(tries + 1)
          if (empty.length > 0 || until === '') return
          start.mutate({ body: { ...form, templateId, endsAt: new Date(until).toISOString() } })
        }}
      >
        <div className={classes.pair}>
          <TextInput {...field('givenName')} />
          <TextInput {...field('familyName')} />
        </div>
        <div className={classes.pair}>
          <TextInput type="date" {...field('birthDate')} />
          <TextInput
            id={fieldId('shift/agency')}
            label={t('doors.shift.agency')}
            value={form.agency}
            maxLength={200}
            autoComplete="off"
            onChange={event => set({ agency: event.currentTarget.value })}
          />
        </div>
        <div className={classes.pair}>
          <NativeSelect
            id={fieldId('shift/templateId')}
            label={t('doors.shift.template')}
            value={templateId}
            data={props.templates.map(one => ({ value: one.id, label: `${one.title}, ${one.unit.name}` }))}
            onChange={event => setTemplateId(event.currentTarget.value)}
          />
          <TextInput
            id={fieldId('shift/until')}
            type="datetime-local"
            label={t('doors.shift.until')}
            description={t('doors.shift.untilHint')}
            value={until}
            onChange={event => setUntil(event.currentTarget.value)}
          />
        </div>
        <Button type="submit" loading={start.isPending}>
          {t('doors.shift.start')}
        </Button>
      </form>
    </Card>
  )
}

/** As a field for date and time wants it, in the reader's own time. */
function inEightHours(): string {
  const end = new Date(Date.now() + 8 * 3_600_000)
  end.setMinutes(0, 0, 0)
  return new Date(end.getTime() - end.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
