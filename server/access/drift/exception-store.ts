import type { Tx } from '../../platform/unit-of-work.ts'
import { refreshPersonRights } from '../person-rights-store.ts'

export type NewException = {
  personId: string
  entitlementId: string
  /** Civil dates, closed-open. */
  from: string
  to: string
  reason: string
  ownerPersonId: string | null
  by: string
}

/**
 * Makes rights legitimate until a date; one that was so already ends, and the new one follows. Compares anew, so that
 * their findings close in the same transaction.
 */
export async function putExceptions(tx: Tx, all: readonly NewException[], now: Date): Promise<void> {
  const rows = JSON.stringify(all)
  await tx.query(
    `update right_exception x set in_force = false, ended_at = $2, ended_by = r.by
     from jsonb_to_recordset($1::jsonb) as r ("personId" uuid, "entitlementId" uuid, by text)
     where x.in_force and x.person_id = r."personId" and x.entitlement_id = r."entitlementId"`,
    [rows, now],
  )
  await tx.query(
    `insert into right_exception (person_id, entitlement_id, valid_from, valid_to, reason, owner_person_id, in_force, created_at, created_by)
     select distinct on ("personId", "entitlementId") "personId", "entitlementId", "from", "to", reason, "ownerPersonId", true, $2, by
     from jsonb_to_recordset($1::jsonb) as r ("personId" uuid, "entitlementId" uuid, "from" date, "to" date, reason text, "ownerPersonId" uuid, by text)
     order by "personId", "entitlementId"`,
    [rows, now],
  )
  await refreshPersonRights(tx, [...new Set(all.map(one => one.personId))])
}

/** What somebody who leaves has answered for, somebody else answers for; what is another's by now is left alone. */
export async function handOverExceptions(
  tx: Tx,
  ids: readonly string[],
  of: { from: string; to: string },
): Promise<void> {
  if (ids.length > 0)
    await tx.query(
      'update right_exception set owner_person_id = $2 where id = any($1) and in_force and owner_person_id = $3',
      [ids, of.to, of.from],
    )
}

type Pair = { personId: string; entitlementId: string }

/** Rights that were allowed are so no more, from now on. Compares anew, so that they are found as differences again. */
export async function endExceptions(tx: Tx, pairs: readonly Pair[], ended: { by: string; now: Date }): Promise<void> {
  await tx.query(
    `update right_exception x set in_force = false, ended_at = $2, ended_by = $3
     from jsonb_to_recordset($1::jsonb) as r ("personId" uuid, "entitlementId" uuid)
     where x.in_force and x.person_id = r."personId" and x.entitlement_id = r."entitlementId"`,
    [JSON.stringify(pairs), ended.now, ended.by],
  )
  await refreshPersonRights(tx, [...new Set(pairs.map(one => one.personId))])
}

/** Takes back what was put at an instant: what was in force before is so again. Compare anew afterwards. */
export async function takeBackExceptions(
  tx: Tx,
  pairs: readonly Pair[],
  at: Date,
  undone: { by: string; now: Date; today: string },
): Promise<void> {
  const of = `from jsonb_to_recordset($1::jsonb) as r ("personId" uuid, "entitlementId" uuid)
     where x.person_id = r."personId" and x.entitlement_id = r."entitlementId"`
  await tx.query(
    `update right_exception x set in_force = false, ended_at = $3, ended_by = $4 ${of} and x.in_force and x.created_at = $2`,
    [JSON.stringify(pairs), at, undone.now, undone.by],
  )
  await tx.query(
    `update right_exception x set in_force = true, ended_at = null, ended_by = null ${of}
       and not x.in_force and x.ended_at = $2 and x.created_at <> $2 and x.valid_to > $3::date
       and not exists (select from right_exception y where y.in_force and y.person_id = x.person_id and y.entitlement_id = x.entitlement_id)`,
    [JSON.stringify(pairs), at, undone.today],
  )
}

/** A new day: exceptions whose last day has passed are in force no more, and the rights they allowed differ again. */
export async function rollExceptions(tx: Tx, today: string): Promise<number> {
  const rows = await tx.query<{ person_id: string }>(
    `update right_exception set in_force = false, ended_at = coalesce(ended_at, now())
     where in_force and valid_to <= $1::date returning person_id`,
    [today],
  )
  await refreshPersonRights(tx, [...new Set(rows.map(row => row.person_id))])
  return rows.length
}

/**
 * What was allowed a person goes with the rights when two records become one; one that the survivor has already stays
 * as it is, and the other ends.
 */
export async function moveExceptions(tx: Tx, from: string, to: string, now: Date): Promise<void> {
  await tx.query(
    `update right_exception x set in_force = false, ended_at = $3
     where x.person_id = $1 and x.in_force and exists (
       select from right_exception y where y.person_id = $2 and y.entitlement_id = x.entitlement_id and y.in_force)`,
    [from, to, now],
  )
  await tx.query('update right_exception set person_id = $2 where person_id = $1 and in_force', [from, to])
}
