import type { KindShape } from './note-shape.ts'

export type FormatVerdict = { guard: 'format' | 'columns'; part: string; count: number; limit: number }

/** Below so many values their form says nothing. */
const FEW = 20
/** How much of the values may change class between two reads. */
const MOVED = 0.25
/** How much longer or shorter the values may become on the average. */
const STRETCHED = 2.5

/**
 * Do the values still look like what they were: digits, dates, letters, addresses, and about as long? Columns that have
 * changed places pass every count, and nothing of them need be rejected.
 */
export function decideFormat(kind: string, now: KindShape, before: KindShape): FormatVerdict[] {
  const verdicts: FormatVerdict[] = []
  for (const [attribute, was] of Object.entries(before.formats ?? {})) {
    const had = sum(was.classes)
    const is = now.formats?.[attribute]
    const has = is ? sum(is.classes) : 0
    const part = `${kind}.${attribute}`
    if (had >= Math.max(FEW, before.read / 100) && has === 0 && now.read * 2 >= before.read) {
      verdicts.push({ guard: 'columns', part, count: 0, limit: had })
      continue
    }
    if (!is || had < FEW || has < FEW) continue
    // Half the sum of differences of shares: which part of the values looks like something else.
    const moved =
      was.classes.reduce((all, count, at) => all + Math.abs(count / had - (is.classes[at] ?? 0) / has), 0) / 2
    const longer = (is.length / has + 0.5) / (was.length / had + 0.5)
    if (moved > MOVED)
      verdicts.push({ guard: 'format', part, count: Math.round(moved * has), limit: Math.floor(MOVED * has) })
    else if (longer > STRETCHED || longer < 1 / STRETCHED)
      verdicts.push({
        guard: 'format',
        part,
        count: Math.round(is.length / has),
        limit: Math.round((was.length / had) * (longer > 1 ? STRETCHED : 1 / STRETCHED)),
      })
  }
  return verdicts
}

const sum = (counts: readonly number[]) => counts.reduce((all, one) => all + one, 0)
