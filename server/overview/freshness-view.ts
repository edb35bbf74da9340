import type { ResponseOf } from '#contract/endpoint.ts'
import type { getHome } from '#contract/home.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/** A source that is declared with a rhythm and has missed it twice, or that has never been read. */
export const STALE_SQL = `declared and (complete_at is null
  or schedule_seconds is not null and greatest(complete_at, changes_at) < now() - make_interval(secs => greatest(2 * schedule_seconds, 3600)))`

export async function freshnessView(tx: Tx): Promise<ResponseOf<typeof getHome>['freshness']> {
  const rows = await tx.query<{
    key: string
    name: string | { da?: string; en?: string }
    readAt: Date | null
    stale: boolean
  }>(
    `select key, name, greatest(complete_at, changes_at) as "readAt", coalesce(${STALE_SQL}, false) as stale from source where declared order by key`,
  )
  return rows.map(row => ({
    source: row.key,
    name: typeof row.name === 'string' ? row.name : (row.name.da ?? row.name.en ?? row.key),
    readAt: row.readAt?.toISOString() ?? null,
    stale: row.stale,
  }))
}
