import type { Tx } from '../platform/unit-of-work.ts'
import type { AuditActor } from './audit-entry.ts'
import type { LookupAction } from './audit-store.ts'

/**
 * One lookup entry for each person who is in a file that was made: they may be thousands, and each of them is to see it.
 * The reader's own record is no lookup. Each entry has a salt of its own, as those written one by one. Answers how many.
 */
export async function lookupMany(
  tx: Tx,
  what: {
    actor: AuditActor
    action: LookupAction
    personIds: readonly string[]
    reason: string
    requestId?: string | null
  },
): Promise<number> {
  const { actor } = what
  const [row] = await tx.query<{ count: number }>(
    `with said as materialized (
       select w.id as person_id, uuid_send(gen_random_uuid()) as salt, $6::text as body
       from unnest($1::uuid[]) as w(id) where w.id is distinct from $4::uuid order by 1
     ), entry as (
       insert into audit_entry (actor_kind, actor_user_id, actor_person_id, actor_function, action, subject_kind, subject_id,
         person_id, lookup, request_id, payload_hash)
       select $2, $3::uuid, $4::uuid, $5, $7, 'person', s.person_id::text, s.person_id, true, $8,
         sha256(s.salt || convert_to(s.body, 'UTF8')) from said s
       returning id, person_id
     ), payload as (
       insert into audit_payload (entry_id, salt, body)
       select e.id, s.salt, s.body from entry e join said s on s.person_id = e.person_id
     )
     select count(*)::int as count from entry`,
    [
      ...[what.personIds, actor.kind, actor.userId, actor.personId, actor.function],
      JSON.stringify({ detail: { reason: what.reason } }),
      ...[what.action, what.requestId ?? null],
    ],
  )
  return row?.count ?? 0
}
