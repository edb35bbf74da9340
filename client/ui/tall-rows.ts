import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type FocusEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'

/** A line that is in the document: `gap` is the room, in pixels, of those left out before it. Past the end: the room below. */
type Shown = { index: number; gap: number; measure?: (row: HTMLElement | null) => void }

/**
 * Which lines of a long table are in the document: those in view, and the one that has the focus, which must not fall off
 * the page. On paper there are all of them.
 */
export function useTallRows(given: { on: boolean; count: number; box: RefObject<HTMLElement | null> }): {
  on: boolean
  shown: Shown[]
  hold: (event: FocusEvent<HTMLElement>) => void
  /** Home and End: to the first and last line, wherever they are. True: done. */
  ends: (event: KeyboardEvent<HTMLElement>) => boolean
} {
  const { count, box } = given
  const printing = usePrinting(given.on)
  const on = given.on && !printing
  const [held, setHeld] = useState<number | null>(null)
  const wanted = useRef<number | null>(null)
  const virtual = useVirtualizer({
    enabled: on,
    count,
    getScrollElement: () => box.current,
    estimateSize: () => 50,
    overscan: 12,
    rangeExtractor: range => {
      const from = Math.max(0, range.startIndex - range.overscan)
      const to = Math.min(count - 1, range.endIndex + range.overscan)
      const lines = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at)
      return held === null || held >= count || lines.includes(held) ? lines : [...lines, held].sort((a, b) => a - b)
    },
  })
  useLayoutEffect(() => {
    if (wanted.current === null) return
    const row = box.current?.querySelector<HTMLElement>(`tr[data-index="${wanted.current}"]`)
    const stop = row?.querySelector<HTMLElement>('a, button')
    if (!stop) return
    wanted.current = null
    stop.focus({ preventScroll: true })
  })
  const shown = (): Shown[] => {
    if (!on) return Array.from({ length: count }, (_, index) => ({ index, gap: 0 }))
    const measure = (row: HTMLElement | null) => virtual.measureElement(row)
    let end = 0
    const lines = virtual.getVirtualItems().map(item => {
      const gap = item.start - end
      end = item.end
      return { index: item.index, gap, measure }
    })
    const below = virtual.getTotalSize() - end
    return below > 0 ? [...lines, { index: count, gap: below }] : lines
  }
  return {
    on,
    shown: shown(),
    hold(event) {
      const at = event.target.closest<HTMLElement>('tr[data-index]')?.dataset.index
      if (on && at !== undefined) setHeld(Number(at))
    },
    ends(event) {
      if (!on || event.altKey || event.ctrlKey || event.metaKey) return false
      if (event.key !== 'Home' && event.key !== 'End') return false
      const target = event.target as HTMLElement
      if (!target.closest('tbody tr') || target.closest('input, select, textarea')) return false
      event.preventDefault()
      // The first line may be the heading of a group, which has nothing to go to.
      const to = event.key === 'Home' ? (firstRow(box.current) ?? 0) : count - 1
      wanted.current = to
      setHeld(to)
      virtual.scrollToIndex(to)
      return true
    },
  }
}

const firstRow = (box: HTMLElement | null): number | null => (box?.dataset.grouped === 'true' ? 1 : null)

function usePrinting(on: boolean): boolean {
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    if (!on) return
    // The browser takes the page as it stands when it has told of printing.
    const before = () => flushSync(() => setPrinting(true))
    const after = () => setPrinting(false)
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', after)
    return () => {
      window.removeEventListener('beforeprint', before)
      window.removeEventListener('afterprint', after)
    }
  }, [on])
  return printing
}
