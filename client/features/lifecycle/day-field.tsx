import { TextInput } from '@mantine/core'
import { addDays, lastDay } from '../../lib/formats.ts'
import { fieldId } from './case-words.ts'

type Props = {
  /** The place in the form. */
  where: string
  label: string
  hint?: string
  value: string | null
  wrong?: (where: string) => string | undefined
  readOnly?: boolean
  onChange: (day: string | null) => void
}

/** A day in a report. */
export function DayField(props: Props) {
  return (
    <TextInput
      id={fieldId(props.where)}
      type="date"
      label={props.label}
      {...(props.hint ? { description: props.hint } : {})}
      value={props.value ?? ''}
      readOnly={props.readOnly ?? false}
      error={props.wrong?.(props.where)}
      onChange={event => props.onChange(event.currentTarget.value || null)}
    />
  )
}

/** A last day: a report keeps the first day after it, and people say the day itself. */
export function LastDayField(props: Props) {
  return (
    <DayField
      {...props}
      value={props.value ? lastDay(props.value) : null}
      onChange={day => props.onChange(day ? addDays(day, 1) : null)}
    />
  )
}
