import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { HireForm } from '#contract/lifecycle-forms.ts'
import { useTexts } from '../../texts/i18n.ts'
import classes from './lifecycle.module.css'
import type { FieldProps } from './person-fields.tsx'

const CHECKS = ['childrenCertificate', 'authorisation'] as const

/** That somebody has seen a certificate, when and who: never what it says. */
export function ChecksFields(props: Pick<FieldProps, 'form' | 'change'>) {
  const { t } = useTexts()
  const { form } = props
  return (
    <>
      <p className="meta">{t('reports.checks.help')}</p>
      {CHECKS.map(name => (
        <Check
          key={name}
          label={t(`reports.checks.${name}`)}
          value={form.checks[name]}
          onChange={value => props.change({ ...form, checks: { ...form.checks, [name]: value } })}
        />
      ))}
      <Textarea
        label={t('reports.checks.note')}
        value={form.note}
        rows={2}
        maxLength={2000}
        onChange={event => props.change({ ...form, note: event.currentTarget.value })}
      />
    </>
  )
}

type Seen = HireForm['checks']['authorisation']
function Check(props: { label: string; value: Seen; onChange: (value: Seen) => void }) {
  const { t } = useTexts()
  // Half of it is nothing yet: it is kept when both are there.
  const [half, setHalf] = useState({ seenOn: props.value?.seenOn ?? '', seenBy: props.value?.seenBy ?? '' })
  const set = (next: typeof half) => {
    setHalf(next)
    const whole = next.seenOn !== '' && next.seenBy.trim() !== ''
    if (whole || props.value !== null) props.onChange(whole ? next : null)
  }
  return (
    <fieldset className={classes.pair} style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className={classes.name}>{props.label}</legend>
      <TextInput
        type="date"
        label={t('reports.checks.seenOn')}
        value={half.seenOn}
        onChange={event => set({ ...half, seenOn: event.currentTarget.value })}
      />
      <TextInput
        label={t('reports.checks.seenBy')}
        value={half.seenBy}
        maxLength={120}
        autoComplete="off"
        onChange={event => set({ ...half, seenBy: event.currentTarget.value })}
      />
    </fieldset>
  )
}
