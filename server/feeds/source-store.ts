import type { Tx } from '../platform/unit-of-work.ts'
import type { Shape } from './decide-shape.ts'
import type { SourceDeclaration } from './source.ts'

export async function saveSources(tx: Tx, declarations: readonly SourceDeclaration[]): Promise<void> {
  await tx.query(
    `insert into source (key, name, kind, declaration, schedule_seconds)
     select key, name, kind, declaration, "scheduleSeconds"
     from jsonb_to_recordset($1::jsonb) as d(key text, name jsonb, kind text, declaration jsonb, "scheduleSeconds" int)
     on conflict (key) do update set name = excluded.name, kind = excluded.kind, declaration = excluded.declaration,
       schedule_seconds = excluded.schedule_seconds, declared = true, declared_at = clock_timestamp()
     where (source.name, source.kind, source.declaration, source.schedule_seconds, source.declared)
       is distinct from (excluded.name, excluded.kind, excluded.declaration, excluded.schedule_seconds, true)`,
    [
      JSON.stringify(
        declarations.map(({ key, name, kind, scheduleSeconds, authority, guards, folder, settings }) => ({
          key,
          name,
          kind,
          scheduleSeconds,
          declaration: { authority, guards, folder, settings },
        })),
      ),
    ],
  )
  await tx.query('update source set declared = false where declared and key <> all($1::text[])', [
    declarations.map(declaration => declaration.key),
  ])
}

export type LastRead = { completeAt: Date | null; seenAt: Date | null; shape: Shape | null }

export async function lastRead(tx: Tx, source: string): Promise<LastRead> {
  const [row] = await tx.query<LastRead>(
    `select complete_at as "completeAt", seen_at as "seenAt", shape from source where key = $1`,
    [source],
  )
  return row ?? { completeAt: null, seenAt: null, shape: null }
}

export async function noteCompleteRead(tx: Tx, source: string, at: Date, seenAt: Date, shape: Shape): Promise<void> {
  await tx.query('update source set complete_at = $2, seen_at = $3, shape = $4 where key = $1', [
    source,
    at,
    seenAt,
    JSON.stringify(shape),
  ])
}

/** Sources whose time has come: scheduled, declared, not being read, and not read since their rhythm. */
export async function dueSources(tx: Tx, now: Date): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `select s.key from source s
     where s.declared and s.schedule_seconds is not null
       and not exists (select 1 from feed_run r where r.source = s.key and r.state = 'running')
       and not exists (select 1 from feed_run r where r.source = s.key and not r.dry_run
         and r.started_at > $1::timestamptz - make_interval(secs => s.schedule_seconds))
     order by s.key`,
    [now],
  )
  return rows.map(row => row.key)
}

/**
 * For a run that the clock starts: is it still time? Several processes make their lists of what is due at once, and the
 * one that comes second must not read again what the first has just read. Holds the source until the run is on record.
 */
export async function stillDue(tx: Tx, source: string, now: Date): Promise<boolean> {
  await tx.query('select from source where key = $1 for update', [source])
  return (await dueSources(tx, now)).includes(source)
}
