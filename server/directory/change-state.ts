import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Json } from '../platform/feed-record.ts'
import { type Problem, problem } from '../platform/problem.ts'

const common = {
  /** The very server that the state came from: numbers and cookies of one mean nothing to another. */
  server: z.string(),
  /** Where it was reached, to be tried first the next time. */
  url: z.string(),
  /** What was searched for: another filter or mapping would never be told of entries that have not changed since. */
  searches: z.string(),
  at: z.iso.datetime(),
}
const changeState = z.discriminatedUnion('way', [
  /** Active Directory, DirSync: a cookie (base64) for each naming context. */
  z.object({ way: z.literal('dirsync'), ...common, cookies: z.record(z.string(), z.string()) }),
  /** Active Directory without DirSync: the highest update number that the controller had given. */
  z.object({ way: z.literal('usn'), ...common, usn: z.string().regex(/^\d+$/) }),
  /** OpenLDAP and others: by the stamp of each change. */
  z.object({
    way: z.literal('stamp'),
    ...common,
    attribute: z.enum(['entryCSN', 'modifyTimestamp']),
    newest: z.string(),
    /** From here on is listed the next time; what was known of then, by key, is passed over. */
    from: z.string(),
    seen: z.record(z.string(), z.string()),
    /** Names of what had changed: who names these is asked once more. */
    again: z.array(z.string()),
  }),
])
export type ChangeState = z.output<typeof changeState>
export type StateOf<Way extends ChangeState['way']> = Extract<ChangeState, { way: Way }>

/** What has changed: entries to read again by their key, keys that are deleted, and where to go on from the next time. */
export type Listing = {
  changed: ChangedEntry[]
  deleted: string[]
  state: ChangeState
  /** Entries that changed earlier, whose names others may follow only now. */
  again?: readonly string[]
}
/** `placed`: it may be new here, renamed or moved, so that others name it differently without having changed. */
export type ChangedEntry = { key: string; dn: string; placed: boolean }

export type LostBecause =
  | 'other-server'
  | 'other-settings'
  | 'cookie-refused'
  | 'too-old'
  | 'moved-container'
  | 'went-back'
  | 'unreadable'

/** Thrown where reading changes would leave something out: the run reads everything instead and says why. */
export function stateLost(why: LostBecause): Problem {
  return problem('source-state-lost', {
    detail: 'Reading only what has changed would leave something out here; everything is read instead.',
    params: { why },
  })
}

export function openState(stored: Json): ChangeState {
  const result = changeState.safeParse(stored)
  if (!result.success) throw stateLost('unreadable')
  return result.data
}

export const searchesMark = (searches: unknown): string => hash('sha256', JSON.stringify(searches), 'base64url')
