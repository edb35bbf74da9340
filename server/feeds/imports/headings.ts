import { fold } from '../../platform/fold.ts'

/* What the columns of a file say, told by their headings: as we call them, as others do, and as was said the last time. */

/** Two headings that people would take for the same one. */
export const sameHeading = (text: string): string => fold(text).replaceAll(/[*:.]/g, '').replaceAll(/\s+/g, ' ').trim()

/** Words for one column, each as `sameHeading` has it: our own, and what others call the same, the surest first. */
export type ColumnWords<T extends string> = { name: T; own: readonly string[]; also: readonly string[] }

/** The column of each heading, each at most once: first our own headings, then what others call the same. */
export function proposeColumns<T extends string>(
  known: readonly ColumnWords<T>[],
  headings: readonly string[],
): (T | null)[] {
  const found: (T | null)[] = headings.map(() => null)
  const take = (name: T, words: readonly string[]): void => {
    if (found.includes(name)) return
    for (const word of words) {
      const place = headings.findIndex((key, at) => key !== '' && key === word && found[at] === null)
      if (place < 0) continue
      found[place] = name
      return
    }
  }
  for (const one of known) take(one.name, one.own)
  for (const one of known) take(one.name, one.also)
  return found
}

/** Columns under a name, by the table of the file that they were saved from. Headings are as `sameHeading` has them. */
export type KeptColumns = { name: string; headings: string[][]; columns: (string | null)[][] }

/** Those that were saved from a file with the very same headings. */
export const rememberedFor = (
  saved: readonly KeptColumns[],
  headings: readonly (readonly string[])[],
): KeptColumns | undefined => saved.find(one => JSON.stringify(one.headings) === JSON.stringify(headings))

type Laid = { columns: (string | null)[]; fits: number }
/** A table of a file: its headings as `sameHeading` has them, what a column of it can say, and what was proposed. */
export type LaidOn = { headings: readonly string[]; can: (name: string) => boolean; proposed: (string | null)[] }

/**
 * Saved columns on the headings of another file: a heading that they know says what it said there, each at most once. Of
 * the tables that were saved the one counts that knows most; where none knows anything, what was proposed stands.
 */
export function layColumns(
  saved: KeptColumns,
  tables: readonly LaidOn[],
): { name: string; columns: (string | null)[][]; fits: number } {
  const laid = tables.map(table => {
    const tried = saved.headings.map((known, at) => layTable(known, saved.columns[at] ?? [], table))
    const best = tried.reduce<Laid>((a, b) => (b.fits > a.fits ? b : a), { columns: table.proposed, fits: 0 })
    return best
  })
  return {
    name: saved.name,
    columns: laid.map(one => one.columns),
    fits: laid.reduce((sum, one) => sum + one.fits, 0),
  }
}

function layTable(known: readonly string[], says: readonly (string | null)[], table: LaidOn): Laid {
  const left = known.map((heading, at) => ({ heading, name: says[at] ?? null }))
  let fits = 0
  const columns = table.headings.map(key => {
    const at = left.findIndex(one => one.heading === key)
    if (at < 0) return null
    fits++
    const name = left.splice(at, 1)[0]?.name ?? null
    return name !== null && table.can(name) ? name : null
  })
  return { columns, fits }
}

/** A value that stands in the column, for people to know it by. */
export const exampleIn = (rows: readonly { cells: readonly string[] }[], at: number): string =>
  rows.find(row => (row.cells[at] ?? '') !== '')?.cells[at]?.slice(0, 80) ?? ''
