import { NativeSelect, TextInput, UnstyledButton } from '@mantine/core'
import { IconCheck, IconChevronDown, IconSearch, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/i18n.ts'
import classes from './filters.module.css'

/** One row of controls above a list. */
export function FilterRow(props: { children: ReactNode }) {
  const { t } = useTexts()
  return (
    <search className={`${classes.row} no-print`} aria-label={t('list.filters')}>
      {props.children}
    </search>
  )
}

export function SearchField(props: {
  label: string
  hint?: string
  value: string
  onChange: (value: string) => void
  autoFocus?: boolean
}) {
  return (
    <TextInput
      className={classes.search}
      type="search"
      label={props.label}
      {...(props.hint ? { placeholder: props.hint } : {})}
      value={props.value}
      onChange={event => props.onChange(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      autoComplete="off"
      spellCheck={false}
      maxLength={100}
    />
  )
}

export function Choice<Value extends string>(props: {
  label: string
  value: Value | undefined
  options: { value: Value; label: string }[]
  onChange: (value: Value | undefined) => void
  /** What no choice is called. */
  all?: string
}) {
  const { t } = useTexts()
  return (
    <NativeSelect
      label={props.label}
      className={classes.choice}
      rightSection={<IconChevronDown size={16} aria-hidden />}
      value={props.value ?? ''}
      onChange={event => props.onChange((event.currentTarget.value || undefined) as Value | undefined)}
      data={[{ value: '', label: props.all ?? t('list.all') }, ...props.options]}
    />
  )
}

/** A filter that is on or off. */
export function Toggle(props: { on: boolean; onChange: (on: boolean) => void; children: ReactNode }) {
  return (
    <UnstyledButton
      className={classes.toggle}
      aria-pressed={props.on}
      data-on={props.on || undefined}
      onClick={() => props.onChange(!props.on)}
    >
      {props.on && <IconCheck size={14} stroke={2.4} aria-hidden />}
      {props.children}
    </UnstyledButton>
  )
}

/** A filter that came with a link and can only be taken off. */
export function FilterChip(props: { label: string; value: string; onRemove: () => void }) {
  const { t } = useTexts()
  return (
    <UnstyledButton
      className={classes.toggle}
      data-on
      onClick={props.onRemove}
      aria-label={t('do.remove', { name: `${props.label}: ${props.value}` })}
    >
      <span className={classes.chipLabel}>{props.label}:</span> {props.value}
      <IconX size={14} aria-hidden />
    </UnstyledButton>
  )
}
