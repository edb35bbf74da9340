import { Button, Checkbox, Input, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { SHEET } from '#contract/sheet.ts'
import { useTexts } from '../../texts/i18n.ts'
import { WhoPicker } from '../../ui/who-picker.tsx'
import type { Picked } from './sheet-draft.ts'
import { ContractsInput, FlowsInput, type SheetInputProps } from './sheet-lists.tsx'
import classes from './systems.module.css'
import { choiceKey, fieldKey } from './value-text.ts'

const HINTS = ['rung', 'purpose'] as const

/** One field of the sheet, by its kind. Its id is where a mistake of it points. */
export function SheetInput(props: SheetInputProps) {
  const { t } = useTexts()
  const { field, value, errors, onChange } = props
  const { kind, choices } = SHEET[field]
  const id = `/${field}`
  const hint =
    kind === 'link'
      ? t('catalogue.hint.link')
      : kind === 'list'
        ? t('catalogue.perLine')
        : (HINTS as readonly string[]).includes(field)
          ? t(`catalogue.hint.${field as 'rung'}`)
          : undefined
  const common = { id, label: t(fieldKey(field)), error: errors.get(id), ...(hint ? { description: hint } : {}) }
  switch (kind) {
    case 'prose':
    case 'list':
      return (
        <Textarea
          {...common}
          className={kind === 'prose' ? (classes.wide as string) : ''}
          rows={kind === 'prose' ? 3 : 4}
          value={Array.isArray(value) ? value.join('\n') : String(value ?? '')}
          onChange={event => onChange(event.currentTarget.value)}
        />
      )
    case 'choice':
      return (
        <NativeSelect
          {...common}
          value={String(value ?? '')}
          data={[
            { value: '', label: t('catalogue.none') },
            ...choices.map(one => ({ value: one, label: t(choiceKey(field, one)) })),
          ]}
          onChange={event => onChange(event.currentTarget.value || null)}
        />
      )
    case 'flag':
      return (
        <NativeSelect
          {...common}
          value={value === true ? 'yes' : value === false ? 'no' : ''}
          data={[
            { value: '', label: t('catalogue.none') },
            { value: 'yes', label: t('catalogue.yes') },
            { value: 'no', label: t('catalogue.no') },
          ]}
          onChange={event => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value === 'yes')}
        />
      )
    case 'choices': {
      const on = Array.isArray(value) ? (value as string[]) : []
      return (
        <Input.Wrapper component="fieldset" {...common} className={classes.set as string} labelElement="div">
          {choices.map(one => (
            <Checkbox
              key={one}
              size="sm"
              label={t(choiceKey(field, one))}
              checked={on.includes(one)}
              onChange={event =>
                onChange(choices.filter(each => (each === one ? event.currentTarget.checked : on.includes(each))))
              }
            />
          ))}
        </Input.Wrapper>
      )
    }
    case 'person':
    case 'unit':
      return <RefInput {...props} />
    case 'contracts':
      return <ContractsInput {...props} />
    case 'flows':
      return <FlowsInput {...props} />
    default:
      return (
        <TextInput
          {...common}
          type={kind === 'date' ? 'date' : 'text'}
          {...(kind === 'number' ? { inputMode: 'numeric' as const } : {})}
          value={String(value ?? '')}
          autoComplete="off"
          maxLength={2000}
          onChange={event => onChange(event.currentTarget.value)}
        />
      )
  }
}

function RefInput(props: SheetInputProps) {
  const { t } = useTexts()
  const { field, errors, onChange } = props
  const unit = field === 'unit'
  const value = (props.value ?? null) as Picked | null
  const chosen = value && (value.person || value.unit || value.affiliation) ? (value.name ?? '') : null
  return (
    <fieldset className={classes.set}>
      <legend>{t(fieldKey(field))}</legend>
      {chosen !== null && (
        <div className={classes.actions}>
          <span>{t('catalogue.picked', { name: chosen })}</span>
          <Button variant="default" size="xs" onClick={() => onChange(null)}>
            {t('catalogue.takeAway', { name: chosen })}
          </Button>
        </div>
      )}
      <WhoPicker
        id={`/${field}`}
        label={t(unit ? 'catalogue.pickUnit' : 'catalogue.pick')}
        error={errors.get(`/${field}`)}
        {...(unit ? { units: true, noPeople: true } : {})}
        onPick={who => onChange(unit ? { unit: who.id, name: who.name } : { person: who.id, name: who.name })}
      />
      <TextInput
        label={t(unit ? 'catalogue.wordsUnit' : 'catalogue.words')}
        value={value?.words ?? ''}
        maxLength={200}
        autoComplete="off"
        onChange={event => onChange(event.currentTarget.value ? { words: event.currentTarget.value } : null)}
      />
    </fieldset>
  )
}
