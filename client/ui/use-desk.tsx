import { Button, Kbd } from '@mantine/core'
import { useRef, useState } from 'react'
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
    choose,
    ref: desk,
    goOn(from = chosen) {
      const at = from === undefined ? -1 : ids.indexOf(from)
      const next = ids[at + 1] ?? ids[at - 1]
      choose(next)
      if (next === undefined) return
      // Once the window that decided this one is gone. Where one is open for the next already, the hand is there.
      setTimeout(() => {
        const busy = document.querySelector('[role=dialog][aria-modal=true]') !== null
        if (desk.current && !busy) focusCase(desk.current, next)
      })
    },
    /** For the element around list and case. */
    props: (keys: Omit<DeskKeys, 'ids' | 'chosen' | 'choose'> = {}) => ({
      ref: desk,
      className: classes.desk,
      onKeyDown: deskKeys({ ...keys, ids, chosen, choose }),
    }),
  }
}

/** Cases that are decided together: which of them may be, and which of those are ticked. */
export function useTicked<Row>(rows: readonly Row[], of: { id: (row: Row) => string; may: (row: Row) => boolean }) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const together = rows.filter(of.may)
  return {
    selected,
    ids: together.map(of.id),
    rows: together.filter(row => selected.has(of.id(row))),
    set: setSelected,
    clear: () => setSelected(new Set()),
    /** The other way round; nothing where it may not be taken with others. */
    turn(id: string) {
      if (!together.some(row => of.id(row) === id)) return
      const now = new Set(selected)
      if (!now.delete(id)) now.add(id)
      setSelected(now)
    },
  }
}

/** What was done last, with the way back, and what went wrong. */
export function LastDone(props: {
  problem: string | null
  last: { text: string } | null
  busy: boolean
  /** The way back, as a button. */
  verb: string
  undo: () => void
}) {
  return (
    <>
      {props.problem && (
        <p role="alert" className={classes.wrong}>
          {props.problem}
        </p>
      )}
      {props.last && (
        <div className={classes.last}>
          <span>{props.last.text}</span>
          <Button variant="default" size="xs" loading={props.busy} onClick={props.undo}>
            {props.verb}
          </Button>
        </div>
      )}
    </>
  )
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
