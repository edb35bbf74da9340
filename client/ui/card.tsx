import type { ReactNode } from 'react'
import classes from './card.module.css'

/** A surface with a line around it and, usually, a heading. */
export function Card(props: {
  title?: string
  level?: 2 | 3
  aside?: ReactNode
  flush?: boolean
  tone?: 'plain' | 'wait' | 'bad'
  id?: string
  children: ReactNode
}) {
  const Heading = props.level === 3 ? 'h3' : 'h2'
  return (
    <section className={classes.card} data-tone={props.tone} {...(props.id ? { id: props.id } : {})}>
      {props.title && (
        <div className={classes.head}>
          <Heading className={classes.title}>{props.title}</Heading>
          {props.aside}
        </div>
      )}
      <div className={props.flush ? classes.flush : classes.body}>{props.children}</div>
    </section>
  )
}

/** Name and value pairs, side by side where there is room. */
export function Facts(props: { facts: { label: string; value: ReactNode; note?: ReactNode }[]; columns?: boolean }) {
  return (
    <dl className={classes.facts} data-columns={props.columns || undefined}>
      {props.facts.map(fact => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>
            {fact.value}
            {fact.note && <div className="meta">{fact.note}</div>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
