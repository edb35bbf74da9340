import { z } from 'zod'
import * as s from './shapes.ts'

/**
 * What every file that is sent in once has in common, be it of systems or of records: it is looked at, its columns are
 * said, what it would do is shown, only that is done, and it can be taken back. What its lines hold is its own.
 */

export const MOST_IMPORT_BYTES = 10 * 1024 * 1024
const count = z.number().int()

/** The body is the file itself; its name comes beside it. */
export const sentName = z.object({ name: z.string().trim().min(1).max(200) })
export const ofImport = z.object({ importId: s.id })

/** What each column of a table says, by its place; null: not read. */
export const columnsOf = <T extends z.ZodType<string>>(target: T) => z.array(target.nullable()).max(300)

export const importChoices = {
  /** What an empty cell of a read column says: nothing, or that there is nothing any more. */
  empty: z.enum(['keep', 'clear']).default('keep'),
  /** Nothing at all as long as one line has a mistake. */
  onlyWhole: z.boolean().default(false),
}

/** Fields of a file that there is no place for, with how many of its things say them. */
export const unknownFields = z.array(z.object({ path: z.string(), count }))

/** All saved columns, laid onto the file by its headings; `fits`: how many of its headings they know. */
export const fittingColumns = <T extends z.ZodType>(columns: T) =>
  z.array(z.object({ name: z.string(), columns, fits: count }))

/** How many things a file would make or change, and how many it leaves: as they were, or because of mistakes. */
export const importCounts = { new: count, changed: count, unchanged: count, bad: count }

/** What can be wrong with a cell, whatever it is about. */
export const CELL_FAULTS = [
  'not-a-date',
  'not-a-number',
  'missing',
  'too-long',
  'out-of-range',
  'not-understood',
] as const
export const faultOf = <const C extends readonly string[]>(codes: C) =>
  z.object({
    sheet: z.string().nullable(),
    line: count,
    /** Heading of the column, or the field of another register; null: the whole line. */
    column: z.string().nullable(),
    value: z.string(),
    code: z.enum([...CELL_FAULTS, ...codes]),
    /** What may have been meant. */
    proposal: z.string().nullable(),
  })

const savedName = z.string().trim().min(1).max(100)

/** What is said when it is done: what was looked at, and whether its columns are to be kept. */
export const importApplying = { hash: z.string().max(100), saveAs: savedName.nullable().default(null) }

/** A file that has been let in. What it did stands beside this. */
export const pastImport = z.object({
  id: s.id,
  name: z.string(),
  at: s.instant,
  by: z.string().nullable(),
  /** What was not taken. */
  left: count,
  undoneAt: s.instant.nullable(),
})
export type PastImport = z.output<typeof pastImport>

/* Columns that were saved under a name. By the name in the body: it may hold any sign, and an address may not. */
export const namedColumns = z.object({ name: savedName })
export const renamedColumns = z.object({ name: savedName, to: savedName })
export const columnsName = z.object({ name: z.string() })
export const savedColumns = z.object({
  rows: z.array(
    z.object({
      name: z.string(),
      /** Columns of the file, and how many of them are read. */
      headings: count,
      read: count,
      at: s.instant,
      by: z.string().nullable(),
    }),
  ),
})
export type SavedColumns = z.output<typeof savedColumns>
