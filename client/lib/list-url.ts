type ListSearch = { offset?: number | undefined; sort?: string | undefined; descending?: boolean | undefined }
type Go = (to: never) => unknown

export type ListUrl<S> = {
  /** First row that is shown, from 0. */
  offset: number
  /** What narrows the list: everything in the address but page and order. */
  filters: Omit<S, 'offset' | 'sort' | 'descending'>
  /** A filter is on. */
  filtered: boolean
  /** Another filter or order: back to the first page, in the same history entry. */
  change: (next: Partial<S>) => void
  /** Another page, which Back leaves again. */
  move: (offset: number) => void
  clear: () => void
}

/**
 * Page, order and filters of a list as they stand in the address of its screen.
 * `stay`: the list is one of several on its screen, so the window does not jump to the top.
 */
export function listUrl<S extends ListSearch>(search: S, navigate: Go, options: { stay?: boolean } = {}): ListUrl<S> {
  const { offset = 0, sort: _sort, descending: _descending, ...filters } = search
  // The history entry's state holds a name that was searched for; the router drops it unless it is asked not to.
  const go = (to: object) => void navigate({ state: true, resetScroll: options.stay !== true, ...to } as never)
  return {
    offset,
    filters,
    filtered: Object.values(filters).some(value => value !== undefined && value !== ''),
    change: next => go({ search: (old: S) => ({ ...old, offset: undefined, ...next }), replace: true }),
    move: next => go({ search: (old: S) => ({ ...old, offset: next || undefined }) }),
    clear: () => go({ search: {}, state: {}, replace: true }),
  }
}
