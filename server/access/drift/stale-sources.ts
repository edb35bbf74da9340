import type { Tx } from '../../platform/unit-of-work.ts'
import { refreshPersonRights } from '../person-rights-store.ts'

/** A source is too old to conclude from when twice its rhythm, and an hour at least, has passed without a read. */
const TOO_OLD = `s.declared and s.complete_at is not null and s.schedule_seconds is not null
  and greatest(s.complete_at, s.changes_at) < $1::timestamptz - make_interval(secs => greatest(2 * s.schedule_seconds, 3600))`

/**
 * Writes down which sources of accounts have become too old to conclude from, and which are fresh again, and compares
 * anew where that says something else. Answers how many sources are another than before.
 */
export async function watchSources(tx: Tx, now: Date): Promise<number> {
  // The lock of whoever compares: nobody must compare with the one answer and store with the other.
  const [other] = await tx.query<{ some: boolean }>(
    `select exists (select from source s where (${TOO_OLD}) is true <> exists (select from stale_source t where t.source = s.key))
       or exists (select from stale_source t where not exists (select from source s where s.key = t.source)) as some`,
    [now],
  )
  if (!other?.some) return 0
  await tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel access'))`)
  const rows = await tx.query<{ source: string }>(
    `with old as (select s.key as source from source s where ${TOO_OLD}),
     fresh as (delete from stale_source t where not exists (select from old o where o.source = t.source) returning *),
     kept as (${keptSql('fresh')}),
     gone_old as (
       insert into stale_source (source, since, read_at)
       select o.source, $1, greatest(s.complete_at, s.changes_at) from old o join source s on s.key = o.source
       on conflict do nothing returning source)
     select source from fresh union all select source from gone_old`,
    [now],
  )
  await compareAgain(
    tx,
    rows.map(row => row.source),
  )
  return rows.length
}

/** That a source was too old until now is kept, for pages of another day. `$1` is now. */
const keptSql = (rows: string) => `insert into stale_source_history (source, since, until, read_at)
  select source, since, $1, read_at from ${rows} where since < $1`

/** What a source that is just being read shows is fresh. In the transaction that ends its run. */
export async function sourceIsFresh(tx: Tx, source: string, now: Date): Promise<void> {
  const was = await tx.query(
    `with fresh as (delete from stale_source where source = $2 returning *), kept as (${keptSql('fresh')})
     select source from fresh`,
    [now, source],
  )
  if (was.length > 0) await compareAgain(tx, [source])
}

/** Only who differs can differ in another way: what matches, or cannot be read, is neither missing nor unexplained. */
async function compareAgain(tx: Tx, sources: readonly string[]): Promise<void> {
  const people = await tx.query<{ person_id: string }>(
    `select distinct d.person_id from right_deviation d join account acc on acc.person_id = d.person_id
     where acc.source = any($1)`,
    [sources],
  )
  await refreshPersonRights(
    tx,
    people.map(row => row.person_id),
  )
}
