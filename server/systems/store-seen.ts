import type { Tx } from '../platform/unit-of-work.ts'

/** How many rights were seen anew or otherwise than before and how many no longer, and the people concerned. */
export type Seen = { added: number; vanished: number; people: string[] }

/**
 * What the temporary table `seen_right` (account_id, entitlement_id, via, paths) holds becomes what is observed; rights
 * that are no longer there go into the history. `among`: a temporary table of the only accounts (account_id) that were
 * looked at; null: everybody was. What a system's own list says of an account is left alone. Drops `seen_right`.
 */
export async function storeSeen(
  tx: Tx,
  options: { among: string | null; now: Date; runId: string | null },
): Promise<Seen> {
  const { among, now, runId } = options
  await tx.query('analyze seen_right')
  // Counted where they are: a mapping of a large municipality shows millions of rights at once.
  const touched = (changed: string) =>
    `select (select count(*)::int from ${changed}) as n, array(select distinct a.person_id from account a
       where a.id in (select account_id from ${changed}) and a.person_id is not null) as people`
  type Touched = { n: number; people: string[] }
  const [vanished] = await tx.query<Touched>(
    `with lost as (
       delete from observed_right o ${among ? `using ${among} r` : ''}
       where ${among ? 'o.account_id = r.account_id and ' : ''}not o.listed and not exists (
         select from seen_right s where s.account_id = o.account_id and s.entitlement_id = o.entitlement_id)
       returning o.*
     ), kept as (
       insert into observed_right_history (account_id, entitlement_id, seen, run_id)
       select account_id, entitlement_id, tstzrange(first_seen_at, greatest($1::timestamptz, first_seen_at)), $2 from lost
     )
     ${touched('lost')}`,
    [now, runId],
  )
  const [added] = await tx.query<Touched>(
    `with added as (
       insert into observed_right as o (account_id, entitlement_id, via, paths, first_seen_at, run_id)
       select account_id, entitlement_id, via, paths, $1, $2 from seen_right
       on conflict (account_id, entitlement_id) do update set via = excluded.via, paths = excluded.paths
         where not o.listed and (o.via, o.paths) is distinct from (excluded.via, excluded.paths)
       returning account_id
     )
     ${touched('added')}`,
    [now, runId],
  )
  await tx.query('drop table seen_right')
  return {
    added: added?.n ?? 0,
    vanished: vanished?.n ?? 0,
    people: [...new Set([...(vanished?.people ?? []), ...(added?.people ?? [])])],
  }
}
