import { figuresForNewTables } from '../../platform/planner.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/** SQL: the one right of the system `s` that is called `name` (already in the form of `nameKey`); null where two are. */
const rightCalled = (name: string, system: string): string => `
  (select case when count(*) = 1 then (array_agg(e.id))[1] end from entitlement e
   where e.system_id = ${system} and e.gone_at is null
     and (lower(regexp_replace(btrim(normalize(e.name)), '\\s+', ' ', 'g')) = ${name} or lower(split_part(e.key, '/', 2)) = ${name}
       or lower(e.key) = ${name}))`

/**
 * Names of rights in a list that are new: which right of the system each means, where the catalogue calls it so. True
 * when some right can now be seen that could not before.
 */
export async function noteNames(
  tx: Tx,
  source: string,
  names: readonly { system: string; name: string; right: string }[],
): Promise<boolean> {
  if (names.length === 0) return false
  const rows = await tx.query<{ known: boolean }>(
    `insert into list_right (source, name_key, name, entitlement_id)
     select $1, n.name, n."right", ${rightCalled('n.name', 's.id')}
     from unnest($2::text[], $3::text[], $4::text[]) as n (system, name, "right")
     left join it_system s on s.key = n.system
     -- Left out before they are looked up: the same few names come with every batch.
     where not exists (select from list_right l where l.source = $1 and l.name_key = n.name)
     on conflict (source, name_key) do nothing
     returning entitlement_id is not null as known`,
    [source, names.map(one => one.system), names.map(one => one.name), names.map(one => one.right)],
  )
  return rows.some(row => row.known)
}

export type ListedScope =
  /** What the run has changed. */
  | 'run'
  /** Records that wait for their account or their right. */
  | 'waiting'
  /** Everybody who has a right of one of these names. */
  | { names: readonly string[] }

/**
 * What the records of lists say becomes what is observed, for the accounts and rights in scope: exactly one row where at
 * least one live record says so, with the limits of all of them. What is no longer said goes into the history. Can be
 * repeated. Answers how many rows are new, changed or gone.
 */
export async function settleListed(
  tx: Tx,
  { source, runId, now, scope }: { source: string; runId: string | null; now: Date; scope: ListedScope },
): Promise<number> {
  const within =
    scope === 'run'
      ? 'r.run_id = $2'
      : scope === 'waiting'
        ? `r.situation is not null and $2::text is not null`
        : `split_part(r.key, E'\\t', 2) = any($2::text[])`
  const given = scope === 'run' ? runId : scope === 'waiting' ? '' : scope.names
  // Of accounts that came a moment ago the planner knows nothing, and goes through all of them for each record.
  await figuresForNewTables(tx, ['source_record', 'account', 'list_right', 'observed_right'])
  // With `|| ''` the planner counts on as many accounts as a source has on average. Of a source that has just come it would
  // count on one, and go through all accounts of the list for each of its records: 80 seconds for 20,000 instead of one.
  // A name that means another right than before leaves rows of the right it meant: those are looked at too.
  await tx.query(
    `create temporary table held_due on commit drop as
     select distinct a.id as account_id, a.key as account_key, l.entitlement_id
     from source_record r
     join account a on a.source = r.source || '' and a.key = r.payload ->> 'account'
     join list_right l on l.source = $1 and l.name_key = split_part(r.key, E'\\t', 2)
     where r.source = $1 and r.kind = 'held' and ${within} and l.entitlement_id is not null`,
    [source, given],
  )
  await tx.query('analyze held_due')
  await tx.query(
    `create temporary table listed_now on commit drop as
     select d.account_id, d.entitlement_id, max((r.payload ->> 'lastUsed')::date) as last_used,
       coalesce(array_agg(distinct m.said order by m.said) filter (where m.said is not null), '{}') as limits
     from held_due d
     join list_right l on l.source = $1 and l.entitlement_id = d.entitlement_id
     join source_record r on r.source = $1 and r.kind = 'held' and r.key = d.account_key || E'\\t' || l.name_key
       and r.gone_at is null
     left join lateral jsonb_array_elements_text(r.payload -> 'limits') as m (said) on true
     group by d.account_id, d.entitlement_id`,
    [source],
  )
  await tx.query('analyze listed_now')
  const lost = await tx.query(
    `with lost as (
       delete from observed_right o using held_due d
       where o.account_id = d.account_id and o.entitlement_id = d.entitlement_id and o.listed
         and not exists (select from listed_now n where n.account_id = d.account_id and n.entitlement_id = d.entitlement_id)
       returning o.*
     )
     insert into observed_right_history (account_id, entitlement_id, seen, run_id)
     select account_id, entitlement_id, tstzrange(first_seen_at, greatest($1::timestamptz, first_seen_at)), $2 from lost
     returning 1`,
    [now, runId],
  )
  const written = await tx.query<{ n: number }>(
    `with written as (
       insert into observed_right as o (account_id, entitlement_id, via, first_seen_at, run_id, listed, limits, last_used)
       select account_id, entitlement_id, '{}', $1, $2, true, limits, last_used from listed_now
       on conflict (account_id, entitlement_id) do update
         set limits = excluded.limits, last_used = excluded.last_used, listed = true
         where (o.limits, o.last_used, o.listed) is distinct from (excluded.limits, excluded.last_used, true)
       returning 1
     )
     select count(*)::int as n from written`,
    [now, runId],
  )
  await tx.query('drop table held_due, listed_now')
  return lost.length + (written[0]?.n ?? 0)
}

/**
 * Names that the catalogue has come to know since, and records whose account has come since, in the lists of all sources.
 * Costs what waits. True when some right can now be seen that could not before.
 */
export async function resolveWaiting(tx: Tx, { runId, now }: { runId: string; now: Date }): Promise<boolean> {
  const known = await tx.query<{ source: string }>(
    `update list_right l set entitlement_id = found.id
     from (select u.source, u.name_key, ${rightCalled('u.name_key', 's.id')} as id
       from list_right u
       join source src on src.key = u.source join it_system s on s.key = src.declaration -> 'settings' ->> 'system'
       where u.entitlement_id is null and u.decided_by = 'name') found
     where found.id is not null and l.source = found.source and l.name_key = found.name_key
     returning l.source`,
  )
  const ready = await tx.query<{ source: string }>(
    `select distinct r.source from source_record r
     join account a on a.source = r.source and a.key = r.payload ->> 'account'
     join list_right l on l.source = r.source and l.name_key = split_part(r.key, E'\\t', 2)
     where r.kind = 'held' and r.situation is not null and r.gone_at is null and l.entitlement_id is not null`,
  )
  for (const { source } of ready) await letIn(tx, { source, runId, now })
  return known.length > 0
}

/** Records that need wait no longer are settled, and count for the run that let them in. */
export async function letIn(
  tx: Tx,
  { source, runId, now }: { source: string; runId: string | null; now: Date },
): Promise<number> {
  const settled = await settleListed(tx, { source, runId, now, scope: 'waiting' })
  await tx.query(
    `update source_record r set subject_id = a.id, situation = case
         when l.entitlement_id is null and l.decided_by = 'name' then 'unknown-right' end, run_id = coalesce($2::uuid, r.run_id)
     from account a, list_right l
     where r.source = $1 and r.kind = 'held' and r.situation is not null and a.source = $1
       and a.key = r.payload ->> 'account' and l.source = $1 and l.name_key = split_part(r.key, E'\\t', 2)
       and (l.entitlement_id is not null or l.decided_by = 'person')`,
    [source, runId],
  )
  return settled
}

/** Rights that only this name gave are taken away; where another name of the list means the same, they stay. */
export async function settleFormer(
  tx: Tx,
  { source, key, former, now }: { source: string; key: string; former: string; now: Date },
): Promise<number> {
  const rows = await tx.query(
    `with lost as (
       delete from observed_right o using source_record r, account a
       where r.source = $1 and r.kind = 'held' and split_part(r.key, E'\\t', 2) = $2
         and a.source = $1 and a.key = r.payload ->> 'account'
         and o.account_id = a.id and o.entitlement_id = $3 and o.listed
         and not exists (
           select from list_right l join source_record other on other.source = $1 and other.kind = 'held'
             and other.key = a.key || E'\\t' || l.name_key and other.gone_at is null
           where l.source = $1 and l.entitlement_id = $3 and l.name_key <> $2)
       returning o.*
     )
     insert into observed_right_history (account_id, entitlement_id, seen)
     select account_id, entitlement_id, tstzrange(first_seen_at, greatest($4::timestamptz, first_seen_at)) from lost
     returning 1`,
    [source, key, former, now],
  )
  return rows.length
}
