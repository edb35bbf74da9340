import type { NormalAttrs } from '../platform/feed-record.ts'
import { type Origin, type Segment, sameState } from './derive-timeline.ts'

/** A state row whose recorded range is still open. */
export type OpenRow = {
  id: number
  from: string | null
  to: string | null
  attrs: NormalAttrs
  origin: Origin
}

/**
 * What has to be written so that the open rows say what the timeline says: rows that no longer hold are closed in
 * recorded time, never changed, so what we knew before stays readable.
 */
export function planStateChange(open: readonly OpenRow[], derived: readonly Segment[]) {
  const standing = new Map(open.map(row => [`${row.from}|${row.to}`, row]))
  const insert: Segment[] = []
  for (const segment of derived) {
    const key = `${segment.from}|${segment.to}`
    const row = standing.get(key)
    if (row && sameState(row, segment)) standing.delete(key)
    else insert.push(segment)
  }
  return { close: [...standing.values()].map(row => row.id), insert }
}
