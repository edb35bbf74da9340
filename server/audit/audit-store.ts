import { createHash, randomBytes } from 'node:crypto'
import type { Tx } from '../platform/unit-of-work.ts'
import { type AuditActor, type AuditWrite, payloadHash } from './audit-entry.ts'

/** What may be seen of a person, as the log names it; the person reads these in `/me/log`. */
export type LookupAction =
  | 'person.viewed'
  | 'person.timeline-viewed'
  | 'person.as-of-viewed'
  | 'person.why-not-viewed'
  | 'person.changes-viewed'
  | 'person.compared'
  | 'person.cpr-revealed'
  | 'link.viewed'
  | 'finding.viewed'
  | 'person-match.viewed'
  | 'person.merge-previewed'
  | 'hr-event.viewed'
  | 'affiliation-match.viewed'
  | 'case.viewed'
  | 'proof.viewed'
  | 'person.lifecycle-viewed'
  | 'person.reach-viewed'
  | 'case.person-found'
  | 'case.subject-viewed'
  | 'person.in-package'
  | 'person.in-file'
  | 'person.exported'

export type Lookup = {
  actor: AuditActor
  personId: string
  action: LookupAction
  reason?: string
  caseId?: string | null
  requestId?: string | null
}

export type ListLookup = {
  actor: AuditActor
  /** `people.searched`, `system.holders-viewed`, ... */
  action: string
  /** The query. Free text must not be in it: pass `text: true` for "a text was searched for". */
  query: Record<string, string | number | boolean | null>
  count: number
  requestId?: string | null
}

export type Audit = {
  /** One entry in the transaction of the command. Returns its number. */
  write(entry: AuditWrite): Promise<number>
  /**
   * Somebody looks at a person. The own page is not a lookup; the same screen again within ten minutes is the same
   * lookup. `person.cpr-revealed` is always logged, each time.
   */
  lookup(lookup: Lookup): Promise<void>
  /** A list or search is one entry with its query, not one per person; typing on within ten minutes is the same search. */
  lookupList(lookup: ListLookup): Promise<void>
}

const THROTTLE = '10 minutes'

export function audit(tx: Tx): Audit {
  return {
    write: entry => insert(tx, entry, false, null),
    lookup: async ({ actor, personId, action, reason, caseId, requestId }) => {
      if (actor.personId === personId) return
      const throttled = action !== 'person.cpr-revealed'
      await insert(
        tx,
        {
          actor,
          action,
          subjectKind: 'person',
          subjectId: personId,
          personId,
          caseId,
          requestId,
          detail: reason ? { reason } : undefined,
        },
        true,
        throttled ? THROTTLE : null,
      )
    },
    lookupList: async ({ actor, action, query, count, requestId }) => {
      const filter = JSON.stringify(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)))
      const subjectId = createHash('sha256').update(filter).digest('hex').slice(0, 16)
      const entry = { actor, action, subjectKind: 'list', subjectId, requestId, detail: { query, count } }
      await insert(tx, entry, true, THROTTLE)
    },
  }
}

/** Returns the entry's number, or 0 when the same was logged within `throttle`. */
async function insert(tx: Tx, entry: AuditWrite, lookup: boolean, throttle: string | null): Promise<number> {
  const { actor } = entry
  const carries = entry.before !== undefined || entry.after !== undefined || entry.detail !== undefined
  const body = carries ? JSON.stringify({ before: entry.before, after: entry.after, detail: entry.detail }) : null
  const salt = body === null ? null : randomBytes(16)
  const hash = body === null || salt === null ? null : payloadHash(salt, body)
  const rows = await tx.prepared<{ id: number }>(
    'audit entry',
    `with entry as (
       insert into audit_entry (actor_kind, actor_user_id, actor_person_id, actor_function, action, subject_kind, subject_id,
         person_id, lookup, case_id, request_id, payload_hash)
       select $1, $2::uuid, $3::uuid, $4, $5, $6, $7, $8::uuid, $9::boolean, $10::uuid, $11, $12::bytea
       where $15::interval is null or not exists (
         select from audit_entry past
         where past.actor_kind = $1 and past.actor_user_id is not distinct from $2::uuid and past.action = $5
           and past.subject_kind = $6 and past.subject_id is not distinct from $7
           and past.case_id is not distinct from $10::uuid
           and past.actor_function = $4 and past.at > clock_timestamp() - $15::interval)
       returning id),
     payload as (insert into audit_payload (entry_id, salt, body) select id, $13::bytea, $14 from entry where $14::text is not null)
     select id from entry`,
    [
      actor.kind,
      actor.userId,
      actor.personId,
      actor.function,
      entry.action,
      entry.subjectKind,
      entry.subjectId ?? null,
      entry.personId ?? null,
      lookup,
      entry.caseId ?? null,
      entry.requestId ?? null,
      hash,
      salt,
      body,
      throttle,
    ],
  )
  return rows[0]?.id ?? 0
}

/**
 * Take away what entries were about, once its time is over (retention); the entries and the chain stay valid.
 * Returns how many were erased. Leaves an entry of its own.
 */
export async function erasePayloads(
  tx: Tx,
  what: { actor: AuditActor; before: Date; lookupsOnly: boolean; reason: string },
): Promise<number> {
  const rows = await tx.query<{ erased: number }>(
    `with erased as (
       update audit_payload payload set salt = null, body = null, erased_at = clock_timestamp()
       from audit_entry entry
       where entry.id = payload.entry_id and payload.erased_at is null and entry.at < $1 and (entry.lookup or not $2)
       returning 1)
     select count(*)::int as erased from erased`,
    [what.before, what.lookupsOnly],
  )
  const erased = rows[0]?.erased ?? 0
  if (erased > 0)
    await audit(tx).write({
      actor: what.actor,
      action: 'audit.payloads-erased',
      subjectKind: 'audit',
      detail: { before: what.before.toISOString(), lookupsOnly: what.lookupsOnly, reason: what.reason, erased },
    })
  return erased
}

/** A confidential case is released: lookups made under it enter the log that the person reads. */
export async function releaseCase(tx: Tx, caseId: string, actor: AuditActor): Promise<void> {
  await openCaseLog(tx, caseId)
  await audit(tx).write({ actor, action: 'case.released', subjectKind: 'case', subjectId: caseId, caseId })
}

/** Entries that stand under a case may be read like all others from now on. */
export async function openCaseLog(tx: Tx, caseId: string): Promise<void> {
  await tx.query(
    `insert into audit_case (case_id, released_at) values ($1, clock_timestamp())
     on conflict (case_id) do update set released_at = coalesce(audit_case.released_at, excluded.released_at)`,
    [caseId],
  )
}
