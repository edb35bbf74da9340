import type { KeyboardEvent } from 'react'

/** Keys of a list belong to it only outside its fields (WCAG 2.1.4), and are never those of the browser. */
export const isListKey = (event: KeyboardEvent<HTMLElement>): boolean =>
  !event.ctrlKey &&
  !event.metaKey &&
  !event.altKey &&
  !event.defaultPrevented &&
  (event.target as HTMLElement).closest('input:not([type=checkbox]), textarea, select, [role=dialog]') === null

/**
 * J and K between the rows of a table, Enter on what then has the focus: from anywhere on the list the first row, then the
 * next and the one before. Rows in which there is nothing to open are passed. `boxes`: the focus goes to the rows' boxes
 * where they have one. True where the key was one of these.
 */
export function stepRow(event: KeyboardEvent<HTMLElement>, { boxes = false } = {}): boolean {
  const by = { j: 1, k: -1 }[event.key.toLowerCase()]
  if (by === undefined || !isListKey(event)) return false
  const stop = (row: Element) => row.querySelector<HTMLElement>(boxes ? 'input[type=checkbox], a, button' : 'a, button')
  const rows = [...event.currentTarget.querySelectorAll('tr[data-row]')].filter(row => stop(row) !== null)
  const here = (event.target as HTMLElement).closest('tr[data-row]')
  const next = rows[here ? rows.indexOf(here) + by : 0]
  event.preventDefault()
  if (next) stop(next)?.focus()
  return true
}
