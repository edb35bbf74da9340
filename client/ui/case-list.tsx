import { Button, Checkbox, UnstyledButton } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import own from './case-list.module.css'
import classes from './desk.module.css'

export type CaseEntry = {
  id: string
  title: string
  mark?: ReactNode
  lines: ReactNode
  /** On a desk where cases are taken together: what the box is called, and why it cannot be ticked where it cannot. */
  box?: { label: string; why?: string | undefined }
}

/**
 * The left side of a desk: what waits, one button each, and a box before those that may be taken together. The chosen one
 * is what the right side shows.
 */
export function CaseList(props: {
  label: string
  entries: readonly CaseEntry[]
  chosen: string | undefined
  onChoose: (id: string) => void
  ticked?: { selected: ReadonlySet<string>; turn: (id: string) => void }
}) {
  const list = useRef<HTMLUListElement>(null)
  const there = props.entries.length > 0
  // One may come with an address that names a case further down.
  useEffect(() => {
    const entry = there ? list.current?.querySelector(`[data-case="${CSS.escape(props.chosen ?? '')}"]`) : null
    entry?.scrollIntoView({ block: 'nearest' })
  }, [props.chosen, there])
  return (
    <ul ref={list} className={classes.list} aria-label={props.label}>
      {props.entries.map(entry => (
        <li key={entry.id} className={entry.box && own.row}>
          {entry.box && (
            <Checkbox
              className={own.box}
              checked={props.ticked?.selected.has(entry.id) ?? false}
              disabled={entry.box.why !== undefined}
              title={entry.box.why}
              aria-label={entry.box.label}
              onChange={() => props.ticked?.turn(entry.id)}
            />
          )}
          <UnstyledButton
            className={classes.entry}
            data-case={entry.id}
            aria-current={props.chosen === entry.id ? 'true' : undefined}
            onClick={() => props.onChoose(entry.id)}
          >
            <span className={classes.entryHead}>
              <span className={classes.entryTitle}>{entry.title}</span>
              {entry.mark}
            </span>
            <span className="meta">{entry.lines}</span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}

/** Above the cases: tick all that may be taken together, how many are, and what to do with them. */
export function BoxBar(props: {
  ticked: { ids: readonly string[]; rows: readonly unknown[]; set: (ids: ReadonlySet<string>) => void }
  all: string
  none: string
  said: string
  children: ReactNode
}) {
  const { ids, rows, set } = props.ticked
  if (ids.length === 0) return null
  const every = rows.length === ids.length
  return (
    <div className={own.bulk}>
      <Button variant="default" size="xs" data-select-all onClick={() => set(every ? new Set() : new Set(ids))}>
        {every ? props.none : props.all}
      </Button>
      <span aria-live="polite">{props.said}</span>
      {rows.length > 0 && props.children}
    </div>
  )
}
