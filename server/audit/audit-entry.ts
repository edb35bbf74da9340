import { createHash } from 'node:crypto'

/**
 * Who acts, as the log keeps it. `function` is the tool role in which it was done, or the name of a job or command:
 * it is what the person concerned gets to see, instead of a name.
 */
export type AuditActor = {
  kind: 'user' | 'system' | 'cli'
  userId: string | null
  personId: string | null
  function: string
}

export const systemActor = (job: string): AuditActor => ({
  kind: 'system',
  userId: null,
  personId: null,
  function: job,
})
export const cliActor = (command: string): AuditActor => ({
  kind: 'cli',
  userId: null,
  personId: null,
  function: command,
})

export type AuditWrite = {
  actor: AuditActor
  /** `<subject>.<verb in the past>`: `run.started`, `rules.imported`. */
  action: string
  subjectKind: string
  subjectId?: string | null
  /** The data subject, where the entry is about a person. */
  personId?: string | null
  /** State before and after a change; kept apart from the entry and erasable. Never CPR numbers, never secrets. */
  before?: unknown
  after?: unknown
  /** What else belongs to it: a reason, counts. */
  detail?: unknown
  /** A confidential case under which it was done. */
  caseId?: string | null
  requestId?: string | null
}

/** One row of `audit_entry`, every value as PostgreSQL's own text, so that hashing does not depend on a driver. */
export type EntryText = {
  id: string
  xid: string
  at: string
  actor_kind: string
  actor_user_id: string | null
  actor_person_id: string | null
  actor_function: string
  action: string
  subject_kind: string
  subject_id: string | null
  person_id: string | null
  lookup: string
  case_id: string | null
  request_id: string | null
  payload_hash: string | null
}

const FIELDS = [
  'id',
  'xid',
  'at',
  'actor_kind',
  'actor_user_id',
  'actor_person_id',
  'actor_function',
  'action',
  'subject_kind',
  'subject_id',
  'person_id',
  'lookup',
  'case_id',
  'request_id',
  'payload_hash',
] as const satisfies readonly (keyof EntryText)[]

/** The columns of `EntryText`, to select; `alias` is the name of `audit_entry` in the query. */
export function entryColumns(alias: string): string {
  return FIELDS.map(field => {
    const column = `${alias}.${field}`
    if (field === 'at') return `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at`
    if (field === 'payload_hash') return `encode(${column}, 'hex') as payload_hash`
    return `${column}::text as ${field}`
  }).join(', ')
}

export const CHAIN_START = Buffer.alloc(32)

/** The link of the chain: covers the link before, the place in the chain, and everything the entry says. */
export function sealHash(previous: Buffer, seq: number, entry: EntryText): Buffer {
  return createHash('sha256')
    .update(previous)
    .update(JSON.stringify([String(seq), ...FIELDS.map(field => entry[field])]))
    .digest()
}

export function payloadHash(salt: Buffer, body: string): Buffer {
  return createHash('sha256').update(salt).update(body).digest()
}

/** What the signature of the chain's end covers. */
export const headText = (seq: number, hash: Buffer) => `${seq}:${hash.toString('hex')}`
