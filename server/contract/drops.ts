import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { said } from './said.ts'
import * as s from './shapes.ts'

/** Files in watched folders. */
const count = z.number().int()
const names = z.object({ da: z.string(), en: z.string() })

/**
 * waiting: seen, until it stands still; reading: in hand; archived: read, it stands under its run; again: the same file was
 * read before and says nothing new; set-aside: could not be used, with a text file beside it that says why.
 */
export const dropState = z.enum(['waiting', 'reading', 'archived', 'again', 'set-aside'])
export type DropState = z.output<typeof dropState>

/** What was met, in English, and as a code with values for the screen; a code of another version is left out. */
const met = z.object({ code: z.string(), detail: z.string(), said: said.optional().catch(undefined) })

export const dropRow = z.object({
  id: s.id,
  source: z.string(),
  sourceName: names,
  name: z.string(),
  bytes: count,
  /** The file's own time. */
  modifiedAt: s.instant,
  noticedAt: s.instant,
  endedAt: s.instant.nullable(),
  state: dropState,
  /** Where it stands, below the watched folder. */
  place: z.string(),
  /** When its time was up and the file itself was deleted. */
  removedAt: s.instant.nullable(),
  runId: s.id.nullable(),
  reason: met.nullable(),
})
export type DropRow = z.output<typeof dropRow>

export const watchRow = z.object({
  source: z.string(),
  sourceName: names,
  folder: z.string(),
  content: z.enum(['full', 'changes']),
  patterns: z.array(z.string()),
  /** The last look into the folder; null before the first. */
  lookedAt: s.instant.nullable(),
  /** Why the last look could not do its work. */
  error: met.nullable(),
  /** Files that no pattern fits; perhaps a name is misspelt. */
  unmatched: z.array(z.string()),
  waiting: count,
  setAside: count,
})
export type WatchRow = z.output<typeof watchRow>

export const listWatched = endpoint({
  id: 'listWatched',
  path: '/drop-folders',
  permission: 'run.read',
  summary: 'Folders that are watched for files, how the last look went and what waits there',
  response: z.object({ rows: z.array(watchRow) }),
})

export const listDrops = endpoint({
  id: 'listDrops',
  path: '/drops',
  permission: 'run.read',
  summary:
    'Files that were dropped into watched folders, newest first: where each stands, its run, why one was set aside',
  query: z.object({
    source: z.string().max(100).optional(),
    runId: s.id.optional(),
    state: dropState.optional(),
    ...s.page.shape,
  }),
  response: z.object({ rows: z.array(dropRow), total: count }),
})
