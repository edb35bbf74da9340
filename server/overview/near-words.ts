import type { oneSlip } from '../platform/fold.ts'
import { containing, type Statement, searchWords } from '../platform/statement.ts'

export type Slip = ReturnType<typeof oneSlip>

/** The words of a text as they were typed, of which slips are worked out. At most eight, as of `searchWords`. */
export const rawWords = (text: string): string[] => text.trim().split(/\s+/u).slice(0, 8)

/** Each word as it is spelt, or with one slip. `indexed`: the column has a trigram index and blanks around its words. */
export function nearWords(
  column: string,
  raw: readonly string[],
  slips: readonly Slip[],
  q: Statement,
  indexed: boolean,
): string {
  return raw
    .map((word, place) => {
      const spelt = searchWords(word).map(one => `${column} like ${q.bind(containing(one), 'text')}`)
      const slip = slips[place]
      if (!slip) return spelt.join(' and ')
      // The index is asked for halves of words only: it would make far more of the pattern than it saves.
      const halves = () => slip.likes.map(like => `${column} like ${q.bind(like, 'text')}`).join(' or ')
      const fits = `${column} || '' ~ ${q.bind(slip.pattern, 'text')}`
      return `(${[...spelt, indexed ? `(${halves()}) and ${fits}` : fits].join(' or ')})`
    })
    .filter(Boolean)
    .join(' and ')
}
