import type { ReadContext } from '../feeds/reading/reader.ts'

/** Referrals that are named in a note. */
const MOST_NAMED = 5

/** Places that a directory says are on other servers: none is gone to, and the run says that they were left out. */
export function gatherElsewhere() {
  const found = new Set<string>()
  return {
    add: (uris: readonly string[]): void => {
      for (const uri of uris) found.add(uri)
    },
    tell: (context: Pick<ReadContext, 'note'>): void => {
      if (found.size > 0) context.note?.({ note: 'referrals', count: found.size, to: [...found].slice(0, MOST_NAMED) })
    },
  }
}
