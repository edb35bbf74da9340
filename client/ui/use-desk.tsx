import { Kbd } from '@mantine/core'
import { useRef } from 'react'
import classes from './desk.module.css'
import { type DeskKeys, deskKeys, focusCase } from './desk-keys.ts'

/**
 * A desk: a list of cases, one of them open. `wanted` is the one that the address names; without it the first is open.
 * `choose` writes the address. What has been decided leaves the list, and `goOn` brings the next one to the hand.
 */
export function useDesk(of: {
  ids: readonly string[]
  wanted: string | undefined
  choose: (id: string | undefined) => void
}) {
  const { ids, choose } = of
  const desk = useRef<HTMLDivElement>(null)
  const chosen = of.wanted ?? ids[0]
  return {
    chosen,
    goOn(from = chosen) {
      const at = from === undefined ? -1 : ids.indexOf(from)
      const next = ids[at + 1] ?? ids[at - 1]
      choose(next)
      if (next && desk.current) focusCase(desk.current, next)
    },
    /** For the element around list and case. */
    props: (keys: Omit<DeskKeys, 'ids' | 'chosen' | 'choose'> = {}) => ({
      ref: desk,
      className: classes.desk,
      onKeyDown: deskKeys({ ...keys, ids, chosen, choose }),
    }),
  }
}

/** The keys of a desk, as they stand on it: each with what it does. */
export function KeyHelp(props: { label: string; keys: readonly (readonly [key: string, does: string])[] }) {
  return (
    <ul className={`${classes.keys} no-print`} aria-label={props.label}>
      {props.keys.map(([key, does]) => (
        <li key={key}>
          <Kbd size="xs">{key}</Kbd> {does}
        </li>
      ))}
    </ul>
  )
}
