import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { planItemRow, rejectRow, runPhase } from './feeds.ts'
import { runState } from './lists.ts'
import { said } from './said.ts'
import * as s from './shapes.ts'

/**
 * A system's own list of users: which columns say what, files that are sent in, what a file would change, and which right
 * each name in the list means. The list is a source like others (`list-…`): its runs, guards and files are theirs.
 */
const count = z.number().int()
const heading = z.string().trim().min(1).max(200)

/** Heading of the column that says it. */
export const listColumns = z.strictObject({
  account: heading,
  right: heading.optional(),
  limit: heading.optional(),
  lastUsed: heading.optional(),
  lastSignIn: heading.optional(),
  displayName: heading.optional(),
  email: heading.optional(),
  employeeNo: heading.optional(),
  enabled: heading.optional(),
})
export const LIST_FIELDS = listColumns.keyof().options
export type ListField = (typeof LIST_FIELDS)[number]

/** How a list is read. `right` is what every row means where no column says it. */
const reading = z.object({
  columns: listColumns,
  right: z.string().trim().min(1).max(300).optional(),
  /** Days between two lists; null: nobody has said. Twice as many without one, and what is seen is too old. */
  everyDays: z.number().int().min(1).max(400).nullable(),
})
export const listReading = reading.refine(one => one.columns.right !== undefined || one.right !== undefined, {
  error: 'needs a column of rights, or one right for every row',
  path: ['columns', 'right'],
})
export type ListReading = z.output<typeof listReading>

/** Largest file that can be sent in; larger ones are put into the folder. */
export const MOST_UPLOAD_BYTES = 20 * 1024 * 1024

const met = z.object({ code: z.string(), detail: z.string(), said: said.optional().catch(undefined) })

export const userList = z.object({
  system: s.systemRef.extend({ reading: z.string() }),
  /** Key of its source; null before the first file. */
  source: z.string().nullable(),
  /** False: the source has been retired, or belongs to the sources file. */
  may: z.object({ change: z.boolean() }),
  /** Said by the sources file, and so read-only here. */
  fileOwned: z.boolean(),
  reading: reading.nullable(),
  /** Where files are dropped for it, as the machine knows the folder; null: no folder is set for that. */
  folder: z.string().nullable(),
  /** The file that the sources file names; then no folder is watched. */
  path: z.string().nullable(),
  readAt: s.instant.nullable(),
  stale: z.boolean(),
  counts: z.object({
    accounts: count,
    /** Accounts of which nobody knows whose they are. */
    unlinked: count,
    rights: count,
    /** Rights that wait for their name to be known. */
    waiting: count,
  }),
  /** What rights are called in the list; those that wait first. */
  names: z.array(
    z.object({
      name: z.string(),
      entitlement: z.object({ id: s.id, name: z.string() }).nullable(),
      /** Somebody has said that it is no right of the system. */
      ignored: z.boolean(),
      accounts: count,
    }),
  ),
  entitlements: z.array(z.object({ id: s.id, name: z.string() })),
  /** The last files, the newest first. */
  files: z.array(
    z.object({
      name: z.string(),
      at: s.instant,
      state: z.enum(['waiting', 'reading', 'archived', 'again', 'set-aside']),
      runId: s.id.nullable(),
      reason: met.nullable(),
    }),
  ),
  lastRun: z.object({ id: s.id, state: runState, startedAt: s.instant }).nullable(),
})
export type UserList = z.output<typeof userList>

const at = z.object({ systemId: s.id })

export const getUserList = endpoint({
  id: 'getUserList',
  path: '/systems/:systemId/user-list',
  permission: 'system.read',
  summary: "A system's user list: how it is read, how old it is, its last files, and names of rights that wait",
  params: at,
  response: userList,
  problems: ['not-found'],
})

export const uploadUserList = endpoint({
  id: 'uploadUserList',
  method: 'POST',
  path: '/systems/:systemId/user-list/uploads',
  permission: 'system.change',
  summary:
    'Send in a user list, CSV or XLSX, as the body itself (`application/octet-stream`, at most 20 MB). Nothing is read from it yet: the answer shows its first rows and which columns seem to say what',
  params: at,
  query: z.object({ name: z.string().trim().min(1).max(200) }),
  response: z.object({
    uploadId: s.id,
    name: z.string(),
    sheet: z.boolean(),
    headings: z.array(z.string()),
    /** The first rows below the headings. */
    rows: z.array(z.array(z.string())),
    columns: listColumns.partial(),
    /** The columns are those of the last list; false: proposed by their headings. */
    remembered: z.boolean(),
    /** Columns of the last list that this file does not have. */
    missing: z.array(z.string()),
  }),
  problems: ['not-found', 'source-invalid', 'source-incomplete', 'source-read-only', 'payload-too-large'],
})
export type UserListUpload = z.output<(typeof uploadUserList)['response']>

const upload = at.extend({ uploadId: s.id })
export const tryUserList = endpoint({
  id: 'tryUserList',
  method: 'POST',
  path: '/systems/:systemId/user-list/uploads/:uploadId/try',
  permission: 'system.change',
  summary: 'What a file that was sent in would change; nothing of it is in force. Follow the run',
  params: upload,
  body: listReading,
  response: z.object({ runId: s.id }),
  problems: ['not-found', 'source-invalid', 'source-read-only', 'run-in-progress'],
})
export const takeUserList = endpoint({
  id: 'takeUserList',
  method: 'POST',
  path: '/systems/:systemId/user-list/uploads/:uploadId/take',
  permission: 'system.change',
  summary: 'Let a file in that was sent in, and remember its columns for the next one. Follow the run',
  params: upload,
  body: listReading,
  response: z.object({ runId: s.id.nullable() }),
  problems: ['not-found', 'source-invalid', 'source-read-only', 'second-person-needed', 'conflict', 'run-in-progress'],
})
export const saveUserList = endpoint({
  id: 'saveUserList',
  method: 'PUT',
  path: '/systems/:systemId/user-list',
  permission: 'system.change',
  summary: 'Say how the list is read, and have its folder watched, without sending in a file',
  params: at,
  body: listReading,
  response: z.object({ source: z.string() }),
  problems: ['not-found', 'source-invalid', 'source-read-only', 'second-person-needed', 'conflict'],
})
export const getUserListRun = endpoint({
  id: 'getUserListRun',
  path: '/systems/:systemId/user-list/runs/:runId',
  permission: 'system.change',
  summary:
    'What a run of the list came to: how many accounts and rights are new, changed, missing or rejected, and why',
  params: at.extend({ runId: s.id }),
  response: z.object({
    state: runState,
    phase: runPhase,
    dryRun: z.boolean(),
    progress: z.object({ done: count, total: count.nullable() }).nullable(),
    kinds: z.array(
      z.object({
        kind: z.enum(['account', 'held']),
        read: count,
        added: count,
        changed: count,
        gone: count,
        unchanged: count,
        missing: count,
        rejected: count,
        held: count,
      }),
    ),
    rejected: count,
    rejects: z.array(rejectRow),
    changes: z.array(planItemRow),
    changesTotal: count,
    heldBack: z.array(z.object({ guard: z.string(), part: z.string(), count, limit: z.number() })),
    /** Names of rights in it that nobody knows yet, with how many accounts have them. */
    unknown: z.array(z.object({ name: z.string(), accounts: count })),
    error: met.nullable(),
  }),
  problems: ['not-found'],
})
export type UserListRun = z.output<(typeof getUserListRun)['response']>

export const nameListRight = endpoint({
  id: 'nameListRight',
  method: 'PUT',
  path: '/systems/:systemId/user-list/names',
  permission: 'system.change',
  summary:
    'Say which right a name in the list means, or that it is none. Everybody whom the list names with it has it at once',
  params: at,
  body: z.object({ name: z.string().trim().min(1).max(300), entitlementId: s.id.nullable() }),
  response: z.object({ changed: count }),
  problems: ['not-found', 'data-invalid'],
})

const membership = z.object({ group: s.id, member: s.id.nullable() })
/** Every way from an account to a right: groups in order, the account's own first. */
export const rightPaths = z.object({
  account: z.object({ id: s.id, username: z.string(), source: z.string() }),
  entitlement: z.object({ id: s.id, name: z.string() }),
  /** Said by the system's own list: there are no groups to leave. */
  listed: z.boolean(),
  /** All groups that are named below. */
  groups: z.array(
    z.object({
      id: s.id,
      name: z.string(),
      /** Gives the right by a mapping. */
      gives: z.boolean(),
      /** How many groups that are members of one another are shown as this one; 1: there is no such circle. */
      circle: count,
    }),
  ),
  paths: z.array(z.array(s.id)),
  /** Ways beyond those listed; null: too many to count. */
  more: count.nullable(),
  /**
   * The fewest memberships that, taken away together, leave no way, and how many other accounts would lose the right by
   * it. `member` is null for the account itself.
   */
  cut: z.object({ memberships: z.array(membership), others: count }),
  /** Memberships that every way goes over: any one of them is enough. */
  bridges: z.array(membership.extend({ others: count })),
})
export type RightPaths = z.output<typeof rightPaths>
export const getRightPaths = endpoint({
  id: 'getRightPaths',
  path: '/accounts/:accountId/rights/:entitlementId/paths',
  permission: 'system.holders',
  summary:
    'Every way by which an account holds a right through groups, and which memberships to end so that no way is left',
  params: z.object({ accountId: s.id, entitlementId: s.id }),
  response: rightPaths,
  problems: ['not-found'],
})
