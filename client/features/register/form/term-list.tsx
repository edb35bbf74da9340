import { Button, NativeSelect } from '@mantine/core'
import type { VocabularyKind } from '#contract/vocabularies.ts'
import { useTexts } from '../../../texts/i18n.ts'
import classes from '../register.module.css'
import { useTermHeading } from '../use-term-heading.ts'
import { useTerms } from '../use-terms.ts'

/** Some terms of a vocabulary: those that are chosen, each with a button to take it away, and a list to add from. */
export function TermList(props: {
  kind: VocabularyKind
  label: string
  value: readonly string[]
  onChange: (codes: string[]) => void
}) {
  const { t } = useTexts()
  const terms = useTerms()
  const choices = terms.choices(props.kind, props.value)
  const label = (code: string) => choices.find(one => one.value === code)?.label ?? code
  return (
    <fieldset className={classes.set}>
      <legend>{props.label}</legend>
      {props.value.length > 0 && (
        <ul className={classes.list}>
          {props.value.map(code => (
            <li key={code} className={classes.actions}>
              <span>{label(code)}</span>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`${t('activityForm.remove')}: ${label(code)}`}
                onClick={() => props.onChange(props.value.filter(one => one !== code))}
              >
                {t('activityForm.remove')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <NativeSelect
        aria-label={`${t('activityForm.choose')}: ${props.label}`}
        value=""
        data={[
          { value: '', label: t('activityForm.choose') },
          ...choices.filter(one => !props.value.includes(one.value)),
        ]}
        onChange={event => {
          const code = event.currentTarget.value
          if (code) props.onChange([...props.value, code])
        }}
      />
    </fieldset>
  )
}

/** One term, or none. */
export function TermChoice(props: {
  kind: VocabularyKind
  label: string
  hint?: string
  hideLabel?: boolean
  /** Terms that are sentences: room for two columns where there is. */
  long?: boolean
  id?: string
  none?: string
  /** Under the headings that the vocabulary sorts its terms by. */
  grouped?: boolean
  value: string | null
  onChange: (code: string | null) => void
}) {
  const { t } = useTexts()
  const terms = useTerms()
  const choices = terms.choices(props.kind, props.value ? [props.value] : [])
  const heading = useTermHeading()
  const options = props.grouped
    ? terms.sorted(props.kind, props.value ? [props.value] : []).map(one => ({
        group: heading({ kind: props.kind, class: one.class }) || t('vocabulary.origin.own'),
        items: one.items,
      }))
    : choices
  const known = !props.value || choices.some(one => one.value === props.value)
  return (
    <NativeSelect
      {...(props.id ? { id: props.id } : {})}
      {...(props.hideLabel ? { 'aria-label': props.label } : { label: props.label })}
      {...(props.hint ? { description: props.hint } : {})}
      {...(props.long ? { className: classes.long as string } : {})}
      value={props.value ?? ''}
      data={[
        { value: '', label: props.none ?? t('activityForm.choose') },
        ...options,
        ...(known ? [] : [{ value: props.value as string, label: props.value as string }]),
      ]}
      onChange={event => props.onChange(event.currentTarget.value || null)}
    />
  )
}
