import type { Freshness } from '#contract/freshness.ts'
import type { SourceDetail, SourceVersion } from '#contract/sources.ts'
import { problem } from '../../platform/problem.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { declarationChanges } from './show-declaration.ts'
import { storedSource } from './source-store.ts'
import type { Sources } from './sources-service.ts'

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** One source with everything that its screen shows. `changedBy` is a user id, for the route to name. */
export async function sourceDetail(
  tx: Tx,
  key: string,
  { sources, may }: { sources: Sources; may: { change: boolean; run: boolean } },
): Promise<SourceDetail> {
  const stored = await storedSource(tx, key)
  const [row] = await tx.query<{ at: string; by: string | null }>(
    `select ${iso('declared_at')} as at, declared_by as by from source where key = $1 and owner <> 'draft'`,
    [key],
  )
  if (!stored || stored.owner === 'draft' || !row)
    throw problem('not-found', { detail: `There is no source "${key}".` })
  const { mistakes, effective, secrets, feeds } = sources.understand(stored)
  const allowed = may.change ? null : ('not-allowed' as const)
  const owned = allowed ?? (stored.owner === 'file' ? ('file-owned' as const) : null)
  const readable = stored.declared ? (effective === null ? ('not-understood' as const) : null) : ('retired' as const)
  return {
    key,
    name: stored.name,
    kind: stored.kind,
    owner: stored.owner,
    declared: stored.declared,
    version: stored.version,
    changedAt: row.at,
    changedBy: row.by,
    place: stored.place,
    declaration: stored.written,
    effective,
    mistakes,
    secrets,
    feeds,
    blocked: {
      change: owned,
      retire: owned ?? (stored.declared ? null : 'retired'),
      restore: owned ?? (stored.declared ? 'not-retired' : null),
      test: allowed ?? readable,
      run: may.run ? readable : 'not-allowed',
    },
  }
}

/** Every version of a source, newest first. `by` is a user id. */
export async function sourceVersions(tx: Tx, key: string): Promise<SourceVersion[]> {
  const stored = await storedSource(tx, key)
  if (!stored || stored.owner === 'draft') throw problem('not-found', { detail: `There is no source "${key}".` })
  const rows = await tx.query<Omit<SourceVersion, 'changes' | 'declaration'> & { written: Record<string, unknown> }>(
    `select version, change, ${iso('at')} as at, by, reason, written from source_version
     where source = $1 order by version desc limit 200`,
    [key],
  )
  return rows.map(({ written, ...row }, index) => ({
    ...row,
    declaration: written,
    changes: declarationChanges(rows[index + 1]?.written ?? null, written),
  }))
}

/**
 * How fresh each source's data are. Delayed: more than twice its own rhythm, and an hour at least, since the last read
 * that was let in, of whatever kind. A source without a rhythm is never late: a person decides when it is read.
 */
export async function freshness(tx: Tx, now: Date): Promise<Freshness[]> {
  return tx.query<Freshness>(
    `select s.key as source, s.name, coalesce((select jsonb_agg(k order by k) from jsonb_object_keys(s.shape) k), '[]') as feeds,
       ${iso('r.at')} as "readAt",
       case when r.at is null then 'never'
            when last.state in ('failed', 'rejected') then 'failing'
            when r.at < $1::timestamptz - make_interval(secs => greatest(2 * s.schedule_seconds, 3600)) then 'delayed'
            else 'fresh' end as state,
       exists (select from feed_run f where f.source = s.key and f.state = 'running' and not f.dry_run) as reading
     from source s
     cross join lateral (select greatest(s.complete_at, s.changes_at) as at) r
     left join lateral (
       select state from feed_run f where f.source = s.key and f.state <> 'running' and not f.dry_run
       order by started_at desc limit 1) last on true
     where s.declared order by s.key`,
    [now],
  )
}
