import { TextInput, UnstyledButton } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import { useTexts } from '../../../texts/i18n.ts'
import classes from './editor.module.css'

export type PickValue = { value: string; name: string; note?: string | undefined; count?: number | undefined }
const SHOWN = 40

/** Chosen values as chips, and a field that finds more among those there are. Backspace takes the last one away. */
export function ValuePicker(props: {
  label: string
  chosen: PickValue[]
  options: readonly PickValue[]
  onChange: (values: string[]) => void
  /** Whether a value that nobody has today may be written. */
  free?: boolean
}) {
  const { t, number } = useTexts()
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const list = useId()
  const values = props.chosen.map(one => one.value)
  const words = text.trim().toLocaleLowerCase('da').split(/\s+/u).filter(Boolean)
  const fitting = props.options.filter(one => {
    const all = `${one.name} ${one.value} ${one.note ?? ''}`.toLocaleLowerCase('da')
    return !values.includes(one.value) && words.every(word => all.includes(word))
  })
  const add = (value: string) => {
    props.onChange([...values, value])
    setText('')
  }
  const own = props.free && text.trim() !== '' && !props.options.some(one => one.value === text.trim())
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const [first] = fitting
    if (event.key === 'Enter') {
      event.preventDefault()
      if (first && text.trim()) add(first.value)
      else if (own) add(text.trim())
    } else if (event.key === 'Backspace' && text === '') props.onChange(values.slice(0, -1))
    else if (event.key === 'Escape') setOpen(false)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: closes the list when the focus leaves it
    <div
      className={classes.values}
      onFocus={() => setOpen(true)}
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false)
      }}
    >
      <Chips chosen={props.chosen} onRemove={value => props.onChange(values.filter(one => one !== value))} />
      <TextInput
        type="search"
        size="sm"
        aria-label={t('ruleDesk.addValue', { name: props.label })}
        placeholder={t('ruleDesk.findValue')}
        value={text}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        aria-controls={open ? list : undefined}
        onChange={event => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {open && (
        <ul className={classes.hits} id={list}>
          {fitting.slice(0, SHOWN).map(one => (
            <li key={one.value}>
              <UnstyledButton className={classes.hit} onClick={() => add(one.value)}>
                <span>
                  {one.name}
                  {one.note && <span className="meta"> {one.note}</span>}
                </span>
                {one.count !== undefined && <span className="meta">{number(one.count)}</span>}
              </UnstyledButton>
            </li>
          ))}
          {own && (
            <li>
              <UnstyledButton className={classes.hit} onClick={() => add(text.trim())}>
                <span>
                  <IconPlus size={14} aria-hidden /> {t('ruleDesk.useValue', { text: text.trim() })}
                </span>
              </UnstyledButton>
            </li>
          )}
          {fitting.length === 0 && !own && <li className="meta">{t('ruleDesk.noValue')}</li>}
        </ul>
      )}
    </div>
  )
}

/** What is chosen, each with a button that takes it away. */
export function Chips(props: {
  chosen: readonly (PickValue & { gone?: boolean; sign?: ReactNode })[]
  onRemove: (value: string) => void
}) {
  const { t } = useTexts()
  if (props.chosen.length === 0) return null
  return (
    <ul className={classes.chips}>
      {props.chosen.map(one => (
        <li key={one.value} className={classes.chip} data-gone={one.gone || undefined}>
          {one.sign}
          {one.name}
          <UnstyledButton
            aria-label={t('ruleDesk.removeValue', { name: one.name })}
            onClick={() => props.onRemove(one.value)}
          >
            <IconX size={14} aria-hidden />
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}
