import { z } from 'zod'

/** A folder into which files are put for us to take. */
export const dropSettings = z.strictObject({
  folder: z.string().min(1).max(500),
  /** `full`: what a file does not have is missing. `changes`: what it does not name is as it was. */
  content: z.enum(['full', 'changes']).default('full'),
  /** Taken only when a file of the same name with `.done` behind it, or instead of its ending, stands beside it. */
  done: z.boolean().default(false),
  /**
   * Days that a file is kept after it was dealt with: it holds personal data, and need not be kept for longer than it
   * takes to look something up. What a source said last is kept all the same.
   */
  keepDays: z.number().int().min(1).max(3650).default(90),
})
export type DropSettings = z.output<typeof dropSettings>

/** `*` any signs, `?` one; no regular expressions, and no folders: only what stands in the folder itself is taken. */
export const filePattern = z
  .string()
  .min(1)
  .max(200)
  .refine(pattern => !/[/\\\0]/.test(pattern), 'names files of the folder, without a path')
  .refine(pattern => !pattern.startsWith('.'), 'files whose names begin with a dot are never taken')

/** What a reader says of a source that watches a folder. One pattern for each sort of file, in the order of reading. */
export type Watched = DropSettings & {
  patterns: string[]
  /** What says which file is the newer one: its time, or a stamp in its name. */
  order?: 'time' | 'name'
}

/** A file in the folder as it was looked at. Times in milliseconds, as the file system gives them. */
export type LookedAt = { name: string; bytes: number; modifiedAt: number; marked: boolean }

/** Names that programs give to what is not finished, and to what is nobody's file. */
export const UNFINISHED_ENDINGS = 'tmp temp part partial filepart crdownload download swp lock done'.split(' ')
const UNFINISHED = new RegExp(`^[.~]|\\.(${UNFINISHED_ENDINGS.join('|')})$`, 'i')

export function isUnfinished(name: string): boolean {
  return UNFINISHED.test(name)
}

export function matchesPattern(pattern: string, name: string): boolean {
  const parts = pattern.normalize('NFC').split(/([*?])/)
  const text = parts.map(part =>
    part === '*' ? '.*' : part === '?' ? '.' : part.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'),
  )
  return new RegExp(`^${text.join('')}$`, 'isu').test(name.normalize('NFC'))
}

/** The marker that stands beside a finished file: `a.csv.done` or `a.done`. */
export function markersOf(name: string): string[] {
  const dot = name.lastIndexOf('.')
  return [`${name}.done`, ...(dot > 0 ? [`${name.slice(0, dot)}.done`] : [])]
}

/**
 * Is the file whole? With a marker, when the marker is there. Without, when it looks the same as at an earlier look, long
 * enough ago that whoever writes it would have written more.
 */
export function isSettled(
  file: LookedAt,
  earlier: { bytes: number; modifiedAt: number; at: number } | undefined,
  options: { done: boolean; now: number; settleMs: number },
): boolean {
  if (file.marked) return true
  if (options.done || !earlier) return false
  return (
    earlier.bytes === file.bytes &&
    earlier.modifiedAt === file.modifiedAt &&
    options.now - earlier.at >= options.settleMs
  )
}

/**
 * What is taken next: the oldest file of each sort together, so that the files of one day are read as one. Of changes one
 * file at a time, whatever its sort: their order is what they mean.
 */
export function nextDrops<T extends { name: string; pattern: string; modifiedAt: number }>(
  ready: readonly T[],
  watched: Pick<Watched, 'content' | 'patterns' | 'order'>,
): T[] {
  const inOrder = [...ready].sort(olderFirst(watched))
  if (watched.content === 'changes') return inOrder.slice(0, 1)
  return watched.patterns.flatMap(pattern => inOrder.find(file => file.pattern === pattern) ?? [])
}

type Dated = { name: string; modifiedAt: number }

/** Oldest first. Copying a file gives it a new time; a stamp in its name stays. */
export const olderFirst =
  ({ order }: Pick<Watched, 'order'>) =>
  (a: Dated, b: Dated): number =>
    (order === 'name' ? 0 : a.modifiedAt - b.modifiedAt) || (stampOrder(a.name) < stampOrder(b.name) ? -1 : 1)

export const isOlder = (one: Dated, than: Dated, { order }: Pick<Watched, 'order'>): boolean =>
  order === 'name' ? stampOrder(one.name) < stampOrder(than.name) : one.modifiedAt < than.modifiedAt

const stampOrder = (name: string) => name.normalize('NFC').toLowerCase()
