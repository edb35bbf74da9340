import type { Expectation } from '#contract/announcements.ts'
import type { ChangeCount } from '../../plans/decide-guards.ts'
import type { WeighedItem } from './decide-held.ts'

/** An announced mass change that counts today: what each line still lets through. */
export type OpenAnnouncement = { id: string; lines: { line: number; expected: Expectation; left: number }[] }
export type Use = { announcementId: string; line: number; count: number }

/**
 * Which changes are announced. A line whose changes are more than it has left lets none of them through: the change is
 * not the one that was announced, and all of it is weighed as if nobody had said a word.
 */
export function takeAnnounced(
  announcements: readonly OpenAnnouncement[],
  items: readonly WeighedItem[],
  counts: readonly ChangeCount[],
): { items: WeighedItem[]; counts: ChangeCount[]; used: Use[]; matched: Use[] } {
  const used: Use[] = []
  const matched: Use[] = []
  let left = [...items]
  let leftCounts = counts.map(count => ({ ...count }))
  for (const { id, lines } of announcements)
    for (const { line, expected, left: most } of lines) {
      const found = new Set(left.filter(item => fits(expected, item)))
      const added = leftCounts.filter(count => fitsCount(expected, count))
      const count = found.size + added.reduce((sum, one) => sum + one.count, 0)
      if (count === 0) continue
      matched.push({ announcementId: id, line, count })
      if (count > most) continue
      used.push({ announcementId: id, line, count })
      left = left.filter(item => !found.has(item))
      leftCounts = leftCounts.filter(one => !added.includes(one))
    }
  return { items: left, counts: leftCounts, used, matched }
}

function fits(expected: Expectation, item: WeighedItem): boolean {
  if (item.kind !== expected.kind || item.op !== expected.op) return false
  if (expected.part !== null && item.part !== expected.part) return false
  if (expected.attribute === null) return true
  return item.changes.some(
    ({ attribute, from, to }) =>
      attribute === expected.attribute &&
      (expected.from === null || from === expected.from) &&
      (expected.to === null || to === expected.to),
  )
}

function fitsCount(expected: Expectation, count: ChangeCount): boolean {
  return (
    count.kind === expected.kind &&
    count.op === expected.op &&
    expected.attribute === null &&
    (expected.part === null || count.part === expected.part)
  )
}

/** How many records of each kind are announced to leave: so many may be missing from a read. */
export function announcedGone(announcements: readonly OpenAnnouncement[]): Record<string, number> {
  const gone: Record<string, number> = {}
  for (const { lines } of announcements)
    for (const { expected, left } of lines)
      if (expected.op === 'gone') gone[expected.kind] = (gone[expected.kind] ?? 0) + left
  return gone
}
