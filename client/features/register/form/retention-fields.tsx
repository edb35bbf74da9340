import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useTexts } from '../../../texts/i18n.ts'
import classes from '../register.module.css'
import { newRule, type Rule } from './draft.ts'

const UNITS = ['Y', 'M', 'W', 'D'] as const
type Unit = (typeof UNITS)[number]

/** Erasure limits that rows point to: counted from what, for how long, because of what. */
export function RetentionFields(props: { rules: Rule[]; onChange: (rules: Rule[]) => void }) {
  const { t } = useTexts()
  const { rules, onChange } = props
  const put = (at: number, next: Partial<Rule>) =>
    onChange(rules.map((one, place) => (place === at ? { ...one, ...next } : one)))
  return (
    <div className={classes.main}>
      {rules.map((one, at) => (
        <fieldset key={one.key} className={classes.set}>
          <legend>{t('activityForm.rule', { number: at + 1 })}</legend>
          <div className={classes.fields}>
            <TextInput
              id={`rule-${at}`}
              className={classes.long as string}
              label={t('activityForm.startEvent')}
              value={one.startEvent}
              maxLength={200}
              onChange={event => put(at, { startEvent: event.currentTarget.value })}
            />
            <Period value={one.period} onChange={period => put(at, { period })} />
            <TextInput
              className={classes.long as string}
              label={t('activityForm.because')}
              value={one.basis ?? ''}
              maxLength={500}
              onChange={event => put(at, { basis: event.currentTarget.value })}
            />
            <NativeSelect
              label={t('activityForm.archive')}
              value={one.archive}
              data={(['unknown', 'keep', 'discard'] as const).map(value => ({
                value,
                label: t(`activity.archive.${value}`),
              }))}
              onChange={event => put(at, { archive: event.currentTarget.value as Rule['archive'] })}
            />
          </div>
          <Button
            size="xs"
            variant="default"
            aria-label={`${t('activityForm.remove')}: ${t('activityForm.rule', { number: at + 1 })}`}
            onClick={() => onChange(rules.filter((_, place) => place !== at))}
          >
            {t('activityForm.remove')}
          </Button>
        </fieldset>
      ))}
      <div>
        <Button size="xs" variant="default" onClick={() => onChange([...rules, newRule(rules)])}>
          {t('activityForm.addRetention')}
        </Button>
      </div>
    </div>
  )
}

/** A number and its unit. A period of several units (`P1Y6M`) stays as it is until somebody writes another. */
function Period(props: { value: string | null; onChange: (period: string | null) => void }) {
  const { t } = useTexts()
  const [, count, unit] = /^P(\d+)([YMWD])$/.exec(props.value ?? '') ?? []
  const several = props.value !== null && unit === undefined
  return (
    <div className={classes.actions}>
      <TextInput
        label={t('activityForm.period')}
        inputMode="numeric"
        w={96}
        value={several ? (props.value ?? '') : (count ?? '')}
        onChange={event => {
          const typed = event.currentTarget.value.replace(/\D/g, '').slice(0, 4)
          props.onChange(typed === '' ? null : `P${typed}${unit ?? 'Y'}`)
        }}
      />
      <NativeSelect
        label={t('activityForm.periodUnit')}
        value={unit ?? 'none'}
        data={[
          { value: 'none', label: several ? '–' : t('activityForm.unit.none') },
          ...UNITS.map(value => ({ value, label: t(`activityForm.unit.${value}`) })),
        ]}
        onChange={event => {
          const next = event.currentTarget.value as Unit | 'none'
          props.onChange(next === 'none' ? null : `P${count ?? '1'}${next}`)
        }}
      />
    </div>
  )
}
