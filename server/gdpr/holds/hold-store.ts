import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

export type StoredHold = {
  id: string
  kind: 'person' | 'case'
  subjectId: string
  personId: string | null
  expiresOn: string
  ended: boolean
}

/** Whom a hold would be about. Throws `not-found`. */
export async function subjectOf(tx: Tx, kind: 'person' | 'case', id: string): Promise<{ personId: string | null }> {
  const [row] = await tx.query<{ personId: string | null }>(
    kind === 'person'
      ? 'select coalesce(merged_into, id) as "personId" from person where id = $1'
      : 'select person_id as "personId" from lifecycle_case where id = $1',
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
       h.expires_on as "expiresOn", h.ended_at is not null as ended
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
