import { createHash } from 'node:crypto'
import { z } from 'zod'
import { RETENTION_KEYS } from '#contract/retention-rows.ts'
import { problem } from '../../platform/problem.ts'

/**
 * The deletion journal, one line a batch: `part/id` of what has gone, never what it said. A backup that is restored knows
 * nothing of what was deleted after it was made; its journal, kept apart from the backups, is carried out on it again.
 */
export const journalLine = z.object({
  seq: z.int().positive(),
  row: z.enum(RETENTION_KEYS),
  at: z.iso.datetime(),
  subjects: z.array(z.string().regex(/^[a-z-]+\/[0-9a-f:-]+$/)).max(10_000),
  /** Of the row `name`: which pseudonym each of the subjects got, in their order. */
  pseudonyms: z.array(z.string().regex(/^P-[a-z0-9]{10}$/)).max(10_000),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})
export type JournalLine = z.output<typeof journalLine>

export const JOURNAL_START = '0'.repeat(64)

/** Covers the line before and everything that this one says. */
export const journalHash = (previous: string, line: Omit<JournalLine, 'hash'>): string =>
  createHash('sha256')
    .update(JSON.stringify([previous, line.seq, line.row, line.at, line.subjects, line.pseudonyms]))
    .digest('hex')

/**
 * Lines of a file, checked from the first to the last. Throws `invalid-request` naming the first line that is not as it was
 * written: changed, missing, or in another place.
 */
export function readJournal(text: string): JournalLine[] {
  const broken = (at: number, what: string) =>
    problem('invalid-request', {
      detail: `Line ${at} of the deletion journal ${what}. Take the file from where it is kept apart from the backups.`,
    })
  let previous = JOURNAL_START
  return text
    .split('\n')
    .filter(line => line.trim() !== '')
    .map((given, index) => {
      const at = index + 1
      let line: JournalLine
      try {
        line = journalLine.parse(JSON.parse(given))
      } catch {
        throw broken(at, 'is not a line of a journal')
      }
      if (line.seq !== at) throw broken(at, `is number ${line.seq}: one is missing, or the order is another`)
      if (line.hash !== journalHash(previous, line)) throw broken(at, 'has been changed')
      previous = line.hash
      return line
    })
}
