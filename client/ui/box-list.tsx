import { Button, Checkbox, UnstyledButton } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import own from './box-list.module.css'
import classes from './desk.module.css'

export type BoxEntry = {
  id: string
  title: string
  sign: ReactNode
  meta: ReactNode
  /** What the box is called, and why it cannot be ticked where it cannot. */
  box: { label: string; why?: string | undefined }
}

/** The cases of a desk: a box for those that may be taken together, and a button that shows one. */
export function BoxList(props: {
  label: string
  entries: readonly BoxEntry[]
  chosen: string | undefined
  selected: ReadonlySet<string>
  onChoose: (id: string) => void
  onSelect: (id: string) => void
}) {
  const list = useRef<HTMLUListElement>(null)
  const there = props.entries.length > 0
  useEffect(() => {
    const entry = there ? list.current?.querySelector(`[data-case="${CSS.escape(props.chosen ?? '')}"]`) : null
    entry?.scrollIntoView({ block: 'nearest' })
  }, [props.chosen, there])
  return (
    <ul ref={list} className={classes.list} aria-label={props.label}>
      {props.entries.map(entry => (
        <li key={entry.id} className={own.row}>
          <Checkbox
            className={own.box}
            checked={props.selected.has(entry.id)}
            disabled={entry.box.why !== undefined}
            title={entry.box.why}
            aria-label={entry.box.label}
            onChange={() => props.onSelect(entry.id)}
          />
          <UnstyledButton
            className={classes.entry}
            data-case={entry.id}
            aria-current={props.chosen === entry.id ? 'true' : undefined}
            onClick={() => props.onChoose(entry.id)}
          >
            <span className={classes.entryHead}>
              <span className={classes.entryTitle}>{entry.title}</span>
              {entry.sign}
            </span>
            <span className="meta">{entry.meta}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}

/** Above the cases: tick all that may be taken together, how many are, and what to do with them. */
export function BoxBar(props: {
  /** Those that may be taken together, and which of them are. */
  ids: readonly string[]
  taken: number
  all: string
  none: string
  said: string
  onSelected: (ids: ReadonlySet<string>) => void
  children: ReactNode
}) {
  if (props.ids.length === 0) return null
  const every = props.taken === props.ids.length
  return (
    <div className={own.bulk}>
      <Button
        variant="default"
        size="xs"
        data-select-all
        onClick={() => props.onSelected(every ? new Set() : new Set(props.ids))}
      >
        {every ? props.none : props.all}
      </Button>
      <span aria-live="polite">{props.said}</span>
      {props.taken > 0 && props.children}
    </div>
  )
}
