import { TextInput, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react'
import classes from './hits.module.css'

/** What is typed, and what is asked of it: not every letter of a word that somebody is still writing. */
export type Finding = { text: string; asked: string; on: boolean; setText: (text: string) => void; clear: () => void }

export function useFinding(): Finding {
  const [text, setText] = useState('')
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 180)
    return () => clearTimeout(timer)
  }, [text])
  const clear = () => {
    setText('')
    setAsked('')
  }
  return { text, asked, on: asked.length > 1, setText, clear }
}

type Hit = { key: string; sign: ReactNode; body: ReactNode }

/** A field and what it finds, each a button. `hits` undefined: nothing has been asked, or no answer is there yet. */
export function Finder<T extends Hit>(props: {
  finding: Finding
  label: string
  hint?: string | undefined
  error?: string | undefined
  id?: string | undefined
  /** In a window that opens: this is where one begins. */
  first?: boolean | undefined
  hits: readonly T[] | undefined
  /** Said when nothing was found. */
  none: string
  onPick: (hit: T) => void
}) {
  const { finding, hits } = props
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move between the field and the buttons within
    <div className={classes.picker} onKeyDown={moveBetweenHits}>
      <TextInput
        {...(props.id ? { id: props.id } : {})}
        {...(props.first ? { 'data-autofocus': true } : {})}
        type="search"
        label={props.label}
        description={props.hint}
        error={props.error}
        value={finding.text}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        leftSection={<IconSearch size={16} aria-hidden />}
        onChange={event => finding.setText(event.currentTarget.value)}
      />
      {hits?.length === 0 && (
        <p role="status" className="meta">
          {props.none}
        </p>
      )}
      {hits && hits.length > 0 && (
        <ul className={classes.hits}>
          {hits.map(hit => (
            <li key={hit.key}>
              <UnstyledButton
                className={classes.hit}
                onClick={() => {
                  finding.clear()
                  props.onPick(hit)
                }}
              >
                {hit.sign}
                <span>{hit.body}</span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/**
 * Down from the field to what it found, Up and Down between that, and Up from the first back to the field. Enter in the field
 * goes to what was found too: it must not send the form that the field stands in before anything is chosen.
 */
function moveBetweenHits(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target as HTMLElement
  const inField = target instanceof HTMLInputElement
  if (!['ArrowDown', 'ArrowUp'].includes(event.key) && !(event.key === 'Enter' && inField && target.value.trim()))
    return
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('input, li button')]
  event.preventDefault()
  stops[stops.indexOf(target) + (event.key === 'ArrowUp' ? -1 : 1)]?.focus()
}
