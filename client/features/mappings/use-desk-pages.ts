import type { UseQueryResult } from '@tanstack/react-query'
import { type RefObject, useEffect, useRef } from 'react'
import type { ProblemError } from '../../lib/call.ts'
import { focusCase } from '../../ui/desk-keys.ts'

type Page = { rows: readonly { id: string }[]; total: number }

/**
 * The end of a page of a desk is no end of the work: past its last case the next page comes, and where the last one was
 * decided the hand goes to what has moved up, or to the page before.
 */
export function useDeskPages(given: {
  list: UseQueryResult<Page, ProblemError>
  offset: number
  limit: number
  desk: RefObject<HTMLElement | null>
  go: (to: { group: string | undefined; offset: number | undefined }) => void
}): { turn: (by: 1 | -1) => void; refill: () => void } {
  const { list, offset, limit } = given
  const wanted = useRef<'first' | 'last' | null>(null)
  const now = useRef(given)
  now.current = given
  const come = list.isPlaceholderData ? undefined : list.data
  useEffect(() => {
    if (!come) return
    const { offset, limit, go, desk } = now.current
    if (come.rows.length === 0 && offset > 0) go({ group: undefined, offset: Math.max(0, offset - limit) || undefined })
    const id = wanted.current && come.rows.at(wanted.current === 'first' ? 0 : -1)?.id
    wanted.current = null
    if (!id) return
    go({ group: id, offset: offset || undefined })
    if (desk.current) focusCase(desk.current, id)
  }, [come])
  const total = list.data?.total ?? 0
  return {
    turn(by) {
      const to = offset + by * limit
      if (to < 0 || to >= total) return
      wanted.current = by > 0 ? 'first' : 'last'
      given.go({ group: undefined, offset: to || undefined })
    },
    refill() {
      if (total > offset + (list.data?.rows.length ?? 0)) wanted.current = 'last'
    },
  }
}
