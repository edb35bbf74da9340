import type { DropRow, DropState, WatchRow } from '#contract/drops.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Watched } from './decide-drops.ts'

/** What the states are called on the screen. */
const STORED: Record<DropState, string> = {
  waiting: 'seen',
  reading: 'taken',
  archived: 'archived',
  again: 'again',
  'set-aside': 'set-aside',
}

type DropRecord = Omit<DropRow, 'noticedAt' | 'endedAt' | 'removedAt'> & {
  noticedAt: Date
  endedAt: Date | null
  removedAt: Date | null
}

export async function listDrops(
  tx: Tx,
  filter: {
    source?: string | undefined
    runId?: string | undefined
    state?: DropState | undefined
    offset: number
    limit: number
  },
): Promise<{ rows: DropRow[]; total: number }> {
  const where = `($1::text is null or d.source = $1) and ($2::uuid is null or d.run_id = $2) and ($3::text is null or d.state = $3)`
  const values = [filter.source ?? null, filter.runId ?? null, filter.state ? STORED[filter.state] : null]
  const rows = await tx.query<DropRecord>(
    `select d.id, d.source, s.name as "sourceName", d.name, d.bytes,
       to_char(to_timestamp(d.modified_at / 1000.0) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "modifiedAt",
       d.noticed_at as "noticedAt", d.ended_at as "endedAt", d.removed_at as "removedAt",
       case d.state when 'seen' then 'waiting' when 'taken' then 'reading' else d.state end as state,
       d.place, d.run_id as "runId", d.reason
     from feed_drop d join source s on s.key = d.source
     where ${where} order by d.noticed_at desc, d.name limit $4 offset $5`,
    [...values, filter.limit, filter.offset],
  )
  const [count] = await tx.query<{ n: number }>(`select count(*) as n from feed_drop d where ${where}`, values)
  return {
    rows: rows.map(row => ({
      ...row,
      noticedAt: row.noticedAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
      removedAt: row.removedAt?.toISOString() ?? null,
    })),
    total: count?.n ?? 0,
  }
}

export async function listWatched(
  tx: Tx,
  watched: readonly { key: string; name: { da: string; en: string }; watched: Watched }[],
): Promise<WatchRow[]> {
  const looks = await tx.query<
    Pick<WatchRow, 'source' | 'error' | 'unmatched' | 'waiting' | 'setAside'> & { lookedAt: Date | null }
  >(
    `select s.key as source, w.looked_at as "lookedAt", w.error, coalesce(w.unmatched, '{}') as unmatched,
       (select count(*) from feed_drop d where d.source = s.key and d.state = 'seen') as waiting,
       (select count(*) from feed_drop d where d.source = s.key and d.state = 'set-aside') as "setAside"
     from source s left join feed_watch w on w.source = s.key where s.key = any($1::text[])`,
    [watched.map(one => one.key)],
  )
  const byKey = new Map(looks.map(look => [look.source, look]))
  return watched.map(({ key, name, watched: { folder, content, patterns } }) => {
    const look = byKey.get(key)
    return {
      ...{ source: key, sourceName: name, folder, content, patterns },
      lookedAt: look?.lookedAt?.toISOString() ?? null,
      error: look?.error ?? null,
      unmatched: look?.unmatched ?? [],
      waiting: look?.waiting ?? 0,
      setAside: look?.setAside ?? 0,
    }
  })
}
