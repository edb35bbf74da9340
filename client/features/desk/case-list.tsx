import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './desk.module.css'

export type CaseEntry = { id: string; title: string; lines: ReactNode; mark?: ReactNode }

/** The left side of a desk: what waits, one button each. The chosen one is what the right side shows. */
export function CaseList(props: {
  label: string
  entries: readonly CaseEntry[]
  chosen: string | undefined
  onChoose: (id: string) => void
}) {
  return (
    <ul className={classes.list} aria-label={props.label}>
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
