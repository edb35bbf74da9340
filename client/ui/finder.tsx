import { TextInput, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
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
  hits: readonly T[] | undefined
  /** Said when nothing was found. */
  none: string
  onPick: (hit: T) => void
}) {
  const { finding, hits } = props
  return (
    <div className={classes.picker}>
      <TextInput
        {...(props.id ? { id: props.id } : {})}
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
