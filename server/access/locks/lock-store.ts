import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/** Wrong birth dates after which somebody may not try again for this person, and for how long. */
export const WRONG_TRIES = 3
const TRIES_COUNT_FOR = '1 hour'

export type OpenLock = { id: string; personId: string; lockedBy: string; lockedByPersonId: string | null }

export async function wrongTries(tx: Tx, personId: string, userId: string, now: Date): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `select count(*)::int as n from person_lock_attempt
     where person_id = $1 and user_id = $2 and at > $3::timestamptz - interval '${TRIES_COUNT_FOR}'`,
    [personId, userId, now],
  )
  return row?.n ?? 0
}

export async function noteWrongTry(tx: Tx, personId: string, userId: string, now: Date): Promise<void> {
  await tx.query('insert into person_lock_attempt (id, person_id, user_id, at) values ($1, $2, $3, $4)', [
    newId(),
    personId,
    userId,
    now,
  ])
}

/** The lock in force of a person, also one that was set on a record merged into this one since; held for this command. */
export async function openLockOf(tx: Tx, personId: string): Promise<OpenLock | null> {
  const [lock] = await tx.query<OpenLock>(
    `select l.id, coalesce(p.merged_into, p.id) as "personId", l.locked_by as "lockedBy", l.locked_by_person_id as "lockedByPersonId"
     from person_lock l join person p on p.id = l.person_id
     where l.released_at is null and coalesce(p.merged_into, p.id) = $1 for update of l`,
    [personId],
  )
  return lock ?? null
}

export async function lockById(tx: Tx, id: string): Promise<(OpenLock & { released: boolean }) | null> {
  const [lock] = await tx.query<OpenLock & { released: boolean }>(
    `select l.id, coalesce(p.merged_into, p.id) as "personId", l.locked_by as "lockedBy",
       l.locked_by_person_id as "lockedByPersonId", l.released_at is not null as released
     from person_lock l join person p on p.id = l.person_id where l.id = $1 for update of l`,
    [id],
  )
  return lock ?? null
}

/** How many have the role of IT by a rule that does not rest: those who get in whatever local user there is. */
export async function administratorsByRule(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `select count(distinct ac.person_id)::int as n from entitlement e join assignment a on a.entitlement_id = e.id
     join affiliation_current ac on ac.affiliation_id = a.affiliation_id and ac.status = 'active'
     where e.key = 'hjemmel/it' and e.gone_at is null and a.suspended is null`,
  )
  return row?.n ?? 0
}

export async function insertLock(
  tx: Tx,
  lock: { personId: string; reason: string; by: string; byPersonId: string | null; now: Date },
): Promise<string> {
  const id = newId()
  await tx.query(
    `insert into person_lock (id, person_id, reason, locked_at, locked_by, locked_by_person_id)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, lock.personId, lock.reason, lock.now, lock.by, lock.byPersonId],
  )
  return id
}

export async function setReleased(tx: Tx, id: string, { by, reason, now }: { by: string; reason: string; now: Date }) {
  await tx.query(
    'update person_lock set released_at = $2, released_by = $3, release_reason = $4 where id = $1 and released_at is null',
    [id, now, by, reason],
  )
}

export async function insertOnCall(
  tx: Tx,
  one: { personId: string; startsAt: string; endsAt: string; by: string; now: Date },
): Promise<string> {
  const id = newId()
  await tx.query(
    `insert into lock_roster (id, person_id, starts_at, ends_at, created_at, created_by) values ($1, $2, $3, $4, $5, $6)`,
    [id, one.personId, one.startsAt, one.endsAt, one.now, one.by],
  )
  return id
}

/** Whose turn it was; null where it is not there or over. */
export async function setOffCall(tx: Tx, id: string, now: Date): Promise<string | null> {
  const [row] = await tx.query<{ person: string }>(
    `update lock_roster set ended_at = $2 where id = $1 and ended_at is null and ends_at > $2 returning person_id as person`,
    [id, now],
  )
  return row?.person ?? null
}
