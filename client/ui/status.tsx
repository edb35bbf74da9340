import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './status.module.css'

export type Tone = 'ok' | 'bad' | 'wait' | 'protected' | 'info' | 'quiet' | 'accent'

/** Word + icon + colour, never colour alone. */
export function Status(props: { tone: Tone; icon: Icon; children: ReactNode; title?: string; plain?: boolean }) {
  const { icon: Sign } = props
  return (
    <span
      className={classes.status}
      data-tone={props.tone}
      data-plain={props.plain || undefined}
      {...(props.title ? { title: props.title } : {})}
    >
      <Sign size={14} stroke={2} aria-hidden />
      <span>{props.children}</span>
    </span>
  )
}
