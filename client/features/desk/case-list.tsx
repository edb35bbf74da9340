import { UnstyledButton } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import classes from '../../ui/desk.module.css'

export type CaseEntry = { id: string; title: string; lines: ReactNode; mark?: ReactNode }

/** The left side of a desk: what waits, one button each. The chosen one is what the right side shows. */
export function CaseList(props: {
  label: string
  entries: readonly CaseEntry[]
  chosen: string | undefined
  onChoose: (id: string) => void
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
        <li key={entry.id}>
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
