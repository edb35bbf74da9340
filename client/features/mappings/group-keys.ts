import type { KeyboardEvent } from 'react'
import { focusCase } from '../../ui/desk-keys.ts'

export type GroupKeys = {
  ids: readonly string[]
  chosen: string | undefined
  choose: (id: string) => void
  /** 1: it gives what is chosen. 2: another right. 3: no right. */
  accept: () => void
  other: () => void
  aside: () => void
  /** The case that has the focus, which need not be the one that is shown. */
  select: (id: string) => void
  undo: () => void
  /** Past the last or the first case of the page. */
  turn: (by: 1 | -1) => void
}

/**
 * One-letter keys of the desk of groups, the grammar of the other desks: they act only while the focus is on the desk
 * and not in a field (WCAG 2.1.4); Space selects only where a case has the focus, everywhere else it presses.
 */
export function groupKeys(keys: GroupKeys) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const target = event.target as HTMLElement
    if (target.closest('input:not([type=radio]):not([type=checkbox]), textarea, select, [role=dialog]')) return
    const onCase = target.closest<HTMLElement>('[data-case]')
    const act = (work: () => void) => {
      event.preventDefault()
      work()
    }
    const step = (by: 1 | -1) => {
      const at = keys.chosen === undefined ? -1 : keys.ids.indexOf(keys.chosen)
      const next = keys.ids[at + by]
      if (next === undefined) return keys.turn(by)
      keys.choose(next)
      focusCase(event.currentTarget, next)
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (key === 'j' || (key === 'ArrowDown' && onCase)) act(() => step(1))
    else if (key === 'k' || (key === 'ArrowUp' && onCase)) act(() => step(-1))
    else if (key === '1') act(keys.accept)
    else if (key === '2') act(keys.other)
    else if (key === '3') act(keys.aside)
    else if (key === ' ' && onCase) act(() => keys.select(onCase.dataset.case ?? ''))
    else if (key === 'z') act(keys.undo)
  }
}
