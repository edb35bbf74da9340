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
     fresh as (delete from stale_source t where not exists (select from old o where o.source = t.source) returning source),
     gone_old as (insert into stale_source (source, since) select source, $1 from old on conflict do nothing returning source)
     select source from fresh union all select source from gone_old`,
    [now],
  )
  await compareAgain(
    tx,
    rows.map(row => row.source),
  )
  return rows.length
}

/** What a source that is just being read shows is fresh. In the transaction that ends its run. */
export async function sourceIsFresh(tx: Tx, source: string): Promise<void> {
  const was = await tx.query('delete from stale_source where source = $1 returning source', [source])
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
