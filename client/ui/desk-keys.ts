import type { KeyboardEvent } from 'react'

export type DeskKeys = {
  ids: readonly string[]
  chosen: string | undefined
  choose: (id: string) => void
  /** 1 to 9. */
  pick?: (place: number) => void
  decide?: () => void
  nobody?: () => void
  undo?: () => void
  /** Space, on the case that has the focus, which need not be the one that is shown. */
  select?: (id: string) => void
  /** Past the last or the first case of a page; without it the hand stays where it is. */
  turn?: (by: 1 | -1) => void
}

/**
 * One-letter keys of a desk. They act only while the focus is on the desk and not in a field (WCAG 2.1.4); Enter
 * decides and Space ticks only on a case in the list, everywhere else they press what has the focus.
 */
export function deskKeys(keys: DeskKeys) {
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const target = event.target as HTMLElement
    // Back from the words to the list: a key led there, a key leads back.
    if (event.key === 'Escape' && keys.chosen !== undefined && target.closest('textarea')) {
      focusCase(event.currentTarget, keys.chosen)
      return
    }
    if (target.closest('input:not([type=radio]):not([type=checkbox]), textarea, select, [role=dialog]')) return
    const onCase = target.closest<HTMLElement>('[data-case]')
    const act = (work: (() => void) | undefined) => {
      if (!work) return
      event.preventDefault()
      work()
    }
    const step = (by: 1 | -1) => {
      const at = keys.chosen === undefined ? -1 : keys.ids.indexOf(keys.chosen)
      if (keys.turn && keys.ids[at + by] === undefined) return keys.turn(by)
      const next = keys.ids[Math.min(keys.ids.length - 1, Math.max(0, at + by))]
      if (next === undefined) return
      keys.choose(next)
      focusCase(event.currentTarget, next)
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (key === 'j' || (key === 'ArrowDown' && onCase)) act(() => step(1))
    else if (key === 'k' || (key === 'ArrowUp' && onCase)) act(() => step(-1))
    else if (/^[1-9]$/.test(key)) act(keys.pick && (() => keys.pick?.(Number(key))))
    else if (key === 'Enter' && onCase && onCase.dataset.case === keys.chosen) act(keys.decide)
    else if (key === ' ' && onCase) act(keys.select && (() => keys.select?.(onCase.dataset.case ?? '')))
    else if (key === 'n') act(keys.nobody)
    else if (key === 'u' || key === 'z') act(keys.undo)
  }
}

/** The focus goes with the choice, so that a screen reader reads what one has come to. */
export function focusCase(within: ParentNode, id: string): void {
  within.querySelector<HTMLElement>(`[data-case="${CSS.escape(id)}"]`)?.focus()
}
