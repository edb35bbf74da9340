import type { Json } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Shape } from '../guards/decide-shape.ts'
import { PARSE_VERSION } from '../reading/read-content.ts'
import { MOST_RETRIES, retryAfterSql } from '../runs/decide-end.ts'
import type { SourceDeclaration } from './source.ts'

export type Written = { [key: string]: Json }
export type SourceOwner = 'file' | 'screen' | 'draft'
export type SourceChange = 'file' | 'create' | 'change' | 'retire' | 'restore' | 'import' | 'take-over'

/** What is stored of a declaration beside its columns. */
type Parts = Omit<SourceDeclaration, 'key' | 'name' | 'kind' | 'scheduleSeconds' | 'owner' | 'written' | 'place'>

/** A source as it stands in the database, for every process the same. */
export type StoredSource = {
  key: string
  name: { da: string; en: string }
  kind: string
  owner: SourceOwner
  version: number
  declared: boolean
  scheduleSeconds: number | null
  /** What came later is missing from what an earlier version stored. */
  declaration: Omit<Parts, 'fullEverySeconds'> & Partial<Pick<Parts, 'fullEverySeconds'>>
  written: Written | null
  place: string | null
}

const STORED = `key, name, kind, owner, version, declared, schedule_seconds as "scheduleSeconds", declaration, written, place`

export async function storedSources(tx: Tx): Promise<StoredSource[]> {
  return tx.query<StoredSource>(`select ${STORED} from source where owner <> 'draft' order by key`)
}

export async function storedSource(tx: Tx, key: string): Promise<StoredSource | null> {
  const [row] = await tx.query<StoredSource>(`select ${STORED} from source where key = $1`, [key])
  return row ?? null
}

/** Held until the transaction ends: whoever declares sources does so one after the other, in whatever process. */
export async function lockSources(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('sources', 0))`)
}

/**
 * What the sources file says now. A source that is no longer in it stays with what it said and is not read; one that the
 * screen owns and the file now names too belongs to the file from here on, and its history says so.
 */
export async function saveSources(tx: Tx, declarations: readonly SourceDeclaration[]): Promise<void> {
  await lockSources(tx)
  const known = new Map((await storedSources(tx)).map(source => [source.key, source]))
  for (const source of declarations) {
    const before = known.get(source.key)
    const same =
      before?.owner === 'file' &&
      before.declared &&
      JSON.stringify(before.written) === JSON.stringify(source.written ?? null) &&
      before.place === (source.place ?? null) &&
      (await unchanged(tx, source))
    if (same) continue
    await putSource(tx, source, {
      owner: 'file',
      by: null,
      change: before?.owner === 'screen' ? 'take-over' : 'file',
      reason: null,
    })
  }
  await tx.query(`update source set declared = false where declared and owner = 'file' and key <> all($1::text[])`, [
    declarations.map(declaration => declaration.key),
  ])
}

async function unchanged(tx: Tx, source: SourceDeclaration): Promise<boolean> {
  const rows = await tx.query(
    `select from source where key = $1 and name = $2 and kind = $3 and declaration = $4
       and schedule_seconds is not distinct from $5`,
    [source.key, JSON.stringify(source.name), source.kind, JSON.stringify(partsOf(source)), source.scheduleSeconds],
  )
  return rows.length > 0
}

function partsOf(source: SourceDeclaration): Parts {
  const { key: _key, name: _name, kind: _kind, scheduleSeconds: _seconds, ...rest } = source
  const { owner: _owner, written: _written, place: _place, ...parts } = rest
  return parts
}

type Put = { owner: SourceOwner; by: string | null; change: SourceChange; reason: string | null }

/** Insert or replace a declaration. Its version goes up when what was written differs; returns the version. */
export async function putSource(tx: Tx, source: SourceDeclaration, put: Put): Promise<number> {
  const written = source.written ? JSON.stringify(source.written) : null
  const [row] = await tx.query<{ version: number }>(
    `insert into source as s (key, name, kind, declaration, schedule_seconds, owner, written, place, declared, declared_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $6 <> 'draft', $9)
     on conflict (key) do update set name = excluded.name, kind = excluded.kind, declaration = excluded.declaration,
       schedule_seconds = excluded.schedule_seconds, owner = excluded.owner, written = excluded.written,
       place = excluded.place, declared = excluded.declared, declared_by = excluded.declared_by,
       declared_at = clock_timestamp(),
       -- Another mapping or another search makes other records of entries that have not changed: the next read is a full one.
       change_state = case when s.declaration is distinct from excluded.declaration then null else s.change_state end,
       version = case when exists (select from source_version v where v.source = s.key and v.version = s.version
           and (v.written::text <> excluded.written::text or $10 not in ('file')))
         then s.version + 1 else s.version end
     returning version`,
    [
      source.key,
      JSON.stringify(source.name),
      source.kind,
      JSON.stringify(partsOf(source)),
      source.scheduleSeconds,
      put.owner,
      written,
      source.place ?? null,
      put.by,
      put.change,
    ],
  )
  const version = row!.version
  if (written && put.owner !== 'draft') await noteVersion(tx, source.key, version, written, put)
  return version
}

async function noteVersion(tx: Tx, key: string, version: number, written: string, put: Omit<Put, 'owner'>) {
  await tx.query(
    `insert into source_version (source, version, change, written, by, reason) values ($1, $2, $3, $4, $5, $6)
     on conflict (source, version) do nothing`,
    [key, version, put.change, written, put.by, put.reason],
  )
}

/** Retire or bring back: what was written stays, the version goes up. */
export async function setDeclared(
  tx: Tx,
  key: string,
  declared: boolean,
  put: Omit<Put, 'owner'> & { written: Written },
): Promise<number> {
  const [row] = await tx.query<{ version: number }>(
    `update source set declared = $2, version = version + 1, declared_by = $3, declared_at = clock_timestamp()
     where key = $1 returning version`,
    [key, declared, put.by],
  )
  await noteVersion(tx, key, row!.version, JSON.stringify(put.written), put)
  return row!.version
}

/** A place for runs of a declaration that is only tried. Nothing where the source is known already. */
export async function ensureDraft(tx: Tx, source: SourceDeclaration): Promise<void> {
  await tx.query(
    `insert into source (key, name, kind, declaration, owner, declared) values ($1, $2, $3, $4, 'draft', false)
     on conflict (key) do update set name = excluded.name, kind = excluded.kind, declaration = excluded.declaration,
       declared_at = clock_timestamp()
     where source.owner = 'draft'`,
    [source.key, JSON.stringify(source.name), source.kind, JSON.stringify(partsOf(source))],
  )
}

/** Drafts that were tried and never saved, with their runs: after a day nobody comes back for them. */
export async function removeOldDrafts(tx: Tx, before: Date): Promise<number> {
  const drafts = await tx.query<{ key: string }>(
    `select key from source s where owner = 'draft' and declared_at < $1
       and not exists (select from feed_run r where r.source = s.key and (r.started_at >= $1 or r.state = 'running'))`,
    [before],
  )
  const keys = drafts.map(row => row.key)
  if (keys.length === 0) return 0
  await tx.query(
    `with runs as (delete from feed_run where source = any($1::text[]) returning plan_id)
     delete from plan where id in (select plan_id from runs)`,
    [keys],
  )
  await tx.query(`delete from source where key = any($1::text[])`, [keys])
  return keys.length
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
  await tx.query('update source set complete_at = $2, seen_at = $3, shape = $4, parse_version = $5 where key = $1', [
    source,
    at,
    seenAt,
    JSON.stringify(shape),
    PARSE_VERSION,
  ])
}

/**
 * The source was last read whole by an older version of this program, as it is declared today: what is new in its records
 * now may be what we find in them, and not what has been done to them.
 */
export async function readByOlderVersion(tx: Tx, source: string): Promise<boolean> {
  const rows = await tx.query(
    `select from source s where s.key = $1 and s.complete_at is not null and s.parse_version is distinct from $2
       and not exists (select from source_version v where v.source = s.key and v.version = s.version and v.at > s.complete_at)`,
    [source, PARSE_VERSION],
  )
  return rows.length > 0
}

/**
 * How many runs in a row, up to and with this one, failed of something that passes by itself. `run` is an alias of
 * feed_run. Dry runs are nobody's business here.
 */
export const failuresSql = (run: string): string =>
  `(select count(*) from feed_run f where f.source = ${run}.source and not f.dry_run and f.started_at <= ${run}.started_at
      and f.started_at > coalesce((select max(g.started_at) from feed_run g
        where g.source = ${run}.source and not g.dry_run and g.started_at <= ${run}.started_at
          and not (g.state = 'failed' and g.error ->> 'ends' is not distinct from 'heals')), '-infinity'))::int`

/** A failed run that passes by itself and is still tried again: nobody need do anything. */
export const HEALING_SQL = (run: string): string =>
  `coalesce(${run}.state = 'failed' and ${run}.error ->> 'ends' = 'heals', false) and ${failuresSql(run)} <= ${MOST_RETRIES}`

/**
 * Sources whose time has come: scheduled, declared, not being read, and not read since their rhythm. A little early
 * counts as in time: the job that asks is never to the second, and would leave out every other turn.
 */
export async function dueSources(tx: Tx, now: Date): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `select s.key from source s
     left join lateral (
       select * from feed_run r where r.source = s.key and not r.dry_run order by r.started_at desc limit 1) last on true
     where s.declared and s.schedule_seconds is not null
       and not exists (select 1 from feed_run r where r.source = s.key and r.state = 'running')
       and (last.id is null
         or last.started_at <= $1::timestamptz - make_interval(secs => s.schedule_seconds - least(5, s.schedule_seconds / 6.0))
         -- What failed of something that passes is tried again sooner than its rhythm says, less and less often.
         or last.state = 'failed' and last.error ->> 'ends' = 'heals' and ${failuresSql('last')} <= ${MOST_RETRIES}
           and last.ended_at <= $1::timestamptz - make_interval(secs => ${retryAfterSql(failuresSql('last'))}))
       -- A wrong password is not tried again and again: the directory would lock the account. Whoever has put it right
       -- starts a run by hand, or changes the declaration.
       and not coalesce(last.state = 'failed' and last.error ->> 'why' = 'credentials'
         and last.started_at > $1::timestamptz - interval '1 hour' and s.declared_at < last.started_at, false)
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
