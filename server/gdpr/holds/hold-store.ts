import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { CaseFacts } from './held-case.ts'

/** SQL of `CaseFacts`, over `lifecycle_case` (left joined). */
export const caseFacts = (c: string) => `case when ${c}.id is not null then jsonb_build_object(
  'personId', (select coalesce(cp.merged_into, cp.id) from person cp where cp.id = ${c}.person_id),
  'secret', ${c}.confidential and ${c}.released_at is null, 'placed', ${c}.unit_id is not null, 'authorId', ${c}.author,
  'knows', array_remove(array_append(${c}.named, ${c}.author), null),
  'unitPath', coalesce((select cu.path from org_unit_current cu where cu.unit_id = ${c}.unit_id), '{}'),
  'toUnitPath', coalesce((select cu.path from org_unit_current cu where cu.unit_id = ${c}.to_unit_id), '{}')) end`

export type StoredHold = {
  id: string
  kind: 'person' | 'case'
  subjectId: string
  personId: string | null
  expiresOn: string
  ended: boolean
  report: CaseFacts | null
}

/** Whom a hold would be about. Throws `not-found`. */
export async function subjectOf(
  tx: Tx,
  kind: 'person' | 'case',
  id: string,
): Promise<{ personId: string | null; report: CaseFacts | null }> {
  const [row] = await tx.query<{ personId: string | null; report: CaseFacts | null }>(
    kind === 'person'
      ? 'select coalesce(merged_into, id) as "personId", null as report from person where id = $1'
      : `select c.person_id as "personId", ${caseFacts('c')} as report from lifecycle_case c where c.id = $1`,
    [id],
  )
  if (!row) throw problem('not-found')
  return row
}

export async function insertHold(
  tx: Tx,
  hold: { id: string; kind: 'person' | 'case'; subjectId: string; ownerId: string; expiresOn: string; reason: string },
  by: { userId: string; now: Date },
): Promise<void> {
  await tx.query(
    `insert into legal_hold (id, kind, subject_id, reason, owner_id, placed_at, placed_by, expires_on) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [hold.id, hold.kind, hold.subjectId, hold.reason, hold.ownerId, by.now, by.userId, hold.expiresOn],
  )
}

export async function lockHold(tx: Tx, id: string): Promise<StoredHold> {
  const [row] = await tx.query<StoredHold>(
    `select h.id, h.kind, h.subject_id as "subjectId", coalesce(c.person_id, case when h.kind = 'person' then h.subject_id end) as "personId",
       h.expires_on as "expiresOn", h.ended_at is not null as ended,
       ${caseFacts('c')} as report
     from legal_hold h left join lifecycle_case c on h.kind = 'case' and c.id = h.subject_id where h.id = $1 for update of h`,
    [id],
  )
  if (!row) throw problem('not-found')
  return row
}

export async function setExpiry(tx: Tx, id: string, expiresOn: string): Promise<void> {
  await tx.query('update legal_hold set expires_on = $2 where id = $1', [id, expiresOn])
}

export async function endHold(tx: Tx, id: string, by: { userId: string; reason: string; now: Date }): Promise<void> {
  await tx.query('update legal_hold set ended_at = $2, ended_by = $3, ended_reason = $4 where id = $1', [
    id,
    by.now,
    by.userId,
    by.reason,
  ])
}
