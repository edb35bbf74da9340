import type { Tx } from '../platform/unit-of-work.ts'

/** When what is really held in a system was last read as a whole, and how often that is expected. */
export type ObservationAge = {
  systemId: string
  /** ISO 8601; null: some source of the system has never been read, so not everything has been seen. */
  readAt: string | null
  /** Seconds between reads; of several sources the longest. Null: no source of the system has a rhythm. */
  rhythmSeconds: number | null
  /** Twice its rhythm has passed without a read, or it was never read: what it shows may have changed since. */
  stale: boolean
}

/** Below it nothing is late: a folder that is looked into each minute may stay empty for a while. */
const LEAST_SECONDS = 3600

/** SQL that is true where a source, by the alias, has a rhythm and has missed it twice. */
export const sourceLateSql = (source: string): string =>
  `coalesce(${source}.schedule_seconds is not null and greatest(${source}.complete_at, ${source}.changes_at)
    < now() - make_interval(secs => greatest(2 * ${source}.schedule_seconds, ${LEAST_SECONDS})), false)`

/**
 * SQL of a query of which sources show what is held in which system, `system_id, source`: those whose groups give its
 * rights, and its own user list. `systems` is SQL of ids, or nothing for all.
 */
export const shownBySql = (systems?: string): string => `
  select distinct e.system_id, g.source
  from group_entitlement ge join entitlement e on e.id = ge.entitlement_id join directory_group g on g.id = ge.group_id
  ${systems ? `where e.system_id in (${systems})` : ''}
  union
  select y.id, l.key from source l join it_system y on y.key = l.declaration -> 'settings' ->> 'system'
  where l.kind = 'list' and l.declared ${systems ? `and y.id in (${systems})` : ''}`

/**
 * SQL of a query with one row a system that can be read: `system_id, read_at, rhythm_seconds, stale`. What a system shows
 * is as old as the oldest of its sources (`shownBySql`). `systems` is SQL of ids, or nothing for all.
 */
export function observationAgeSql(systems?: string): string {
  return `
    select shown.system_id,
      case when bool_or(src.complete_at is null) then null else min(greatest(src.complete_at, src.changes_at)) end as read_at,
      max(src.schedule_seconds) as rhythm_seconds,
      bool_or(src.complete_at is null or ${sourceLateSql('src')}) as stale
    from (${shownBySql(systems)}) shown
    join source src on src.key = shown.source
    group by shown.system_id`
}

/** Of these systems those that can be read; one statement. */
export async function observationAges(tx: Tx, systemIds: readonly string[]): Promise<Map<string, ObservationAge>> {
  const rows = await tx.query<{
    system_id: string
    read_at: Date | null
    rhythm_seconds: number | null
    stale: boolean
  }>(observationAgeSql('select unnest($1::uuid[])'), [systemIds])
  return new Map(
    rows.map(row => [
      row.system_id,
      {
        systemId: row.system_id,
        readAt: row.read_at?.toISOString() ?? null,
        rhythmSeconds: row.rhythm_seconds,
        stale: row.stale,
      },
    ]),
  )
}
