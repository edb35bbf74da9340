import type { z } from 'zod'
import type { eventNote } from '#contract/hr-events.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/**
 * What a person who should have had no rights since a day still had, and whether they signed in: for an end that is
 * told of after it took effect, so that somebody can judge whether it was a breach. Null: nothing was there.
 */
export async function rightsSeenAfter(
  tx: Tx,
  personId: string,
  from: string,
  today: string,
): Promise<z.output<typeof eventNote> | null> {
  const rights = await tx.query<{ name: string; system: string; account: string; lastSeen: Date }>(
    `select e.name, s.name as system, a.username as account, max(o.at) as "lastSeen"
     from account a
     join lateral (
       select r.entitlement_id, coalesce(a.seen_at, clock_timestamp()) as at from observed_right r where r.account_id = a.id
       union all
       select h.entitlement_id, upper(h.seen) from observed_right_history h
       where h.account_id = a.id and upper(h.seen) > $2::date::timestamp at time zone 'Europe/Copenhagen') as o on true
     join entitlement e on e.id = o.entitlement_id join it_system s on s.id = e.system_id
     where a.person_id = (select coalesce(merged_into, id) from person where id = $1) group by e.name, s.name, a.username order by s.name, e.name limit 200`,
    [personId, from],
  )
  const signedIn = await tx.query<{ account: string; at: Date }>(
    `select username as account, last_sign_in as at from account
     where person_id = (select coalesce(merged_into, id) from person where id = $1) and last_sign_in >= $2::date::timestamp at time zone 'Europe/Copenhagen' order by last_sign_in desc limit 50`,
    [personId, from],
  )
  if (rights.length === 0 && signedIn.length === 0) return null
  return {
    kind: 'use-between',
    from,
    to: today,
    rights: rights.map(row => ({ ...row, lastSeen: row.lastSeen.toISOString() })),
    signedIn: signedIn.map(row => ({ ...row, at: row.at.toISOString() })),
  }
}
