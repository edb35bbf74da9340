import type { Tx } from '../platform/unit-of-work.ts'
import type { Cutover, EarlyStart } from './cutover.ts'
import { cutoverHourSql as nearest } from './cutover-sql.ts'
import type { People } from './order-plan-store.ts'

/** People who start on a day that begins the evening before. One cheap statement where no unit says anything. */
export async function earlyStarts(tx: Tx, people: People): Promise<EarlyStart[]> {
  return tx.query(
    `select ac.person_id as "personId", ac.starts_on as "startsOn" from affiliation_current ac
     where exists (select from unit_cutover where starts_from_hour is not null) and ac.status = 'future'
       and ${people === 'all' ? 'true' : 'ac.person_id = any($1::uuid[])'} and ${nearest('starts_from_hour', 'ac.unit_path')} is not null`,
    people === 'all' ? [] : [people],
  )
}

/**
 * Of orders by id: those that open or close by such an hour are not sent before it. An order that was tried already keeps
 * the time at which it is tried again.
 */
export async function waitForHours(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query(
    `update provisioning_order o set next_try_at = h.at
     from (
       select o.id, (o.due_on + make_time(coalesce(
           case when o.action in ('enable', 'grant') then s.hour when o.cause = 'ended' then e.hour end, 0), 0, 0))
           at time zone 'Europe/Copenhagen' as at,
         case when o.action in ('enable', 'grant') then s.hour when o.cause = 'ended' then e.hour end as hour
       from provisioning_order o
       left join lateral (select max(${nearest('starts_from_hour', 'ac.unit_path')}) as hour from affiliation_current ac
         where ac.person_id = o.person_id and ac.status = 'future' and ac.starts_on = o.due_on + 1) s on true
       left join lateral (select max(${nearest('ends_until_hour', 'ac.unit_path')}) as hour from affiliation_current ac
         where ac.person_id = o.person_id and ac.ends_on = o.due_on) e on true
       where o.id = any($1::uuid[]) and o.attempts = 0 and exists (select from unit_cutover)) h
     where o.id = h.id and o.attempts = 0 and o.next_try_at is distinct from case when h.hour is not null then h.at end
       and (h.hour is not null or o.next_try_at is not null)`,
    [ids],
  )
}

/** What the unit itself says, and what counts there. `name` of the unit that counts is the screen's to find. */
export async function unitCutover(tx: Tx, unitId: string): Promise<{ own: Cutover; counts: Cutover } | null> {
  const [row] = await tx.query<{ os: number | null; oe: number | null; cs: number | null; ce: number | null }>(
    `select k.starts_from_hour as os, k.ends_until_hour as oe,
       ${nearest('starts_from_hour', 'u.path')} as cs, ${nearest('ends_until_hour', 'u.path')} as ce
     from org_unit_current u left join unit_cutover k on k.unit_id = u.unit_id where u.unit_id = $1`,
    [unitId],
  )
  return row
    ? {
        own: { startsFromHour: row.os, endsUntilHour: row.oe },
        counts: { startsFromHour: row.cs, endsUntilHour: row.ce },
      }
    : null
}

export async function storeCutover(tx: Tx, unitId: string, to: Cutover, who: { by: string; now: Date }): Promise<void> {
  if (to.startsFromHour === null && to.endsUntilHour === null)
    await tx.query('delete from unit_cutover where unit_id = $1', [unitId])
  else
    await tx.query(
      `insert into unit_cutover (unit_id, starts_from_hour, ends_until_hour, changed_at, changed_by) values ($1, $2, $3, $4, $5)
       on conflict (unit_id) do update set starts_from_hour = $2, ends_until_hour = $3, changed_at = $4, changed_by = $5`,
      [unitId, to.startsFromHour, to.endsUntilHour, who.now, who.by],
    )
}
