import type { Said } from '#contract/said.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

export type DropState = 'seen' | 'taken' | 'archived' | 'again' | 'set-aside'
/** `said` is `detail` for the screen; absent in older ones. */
export type DropReason = { code: string; detail: string; said?: Said }
export type Drop = {
  id: string
  source: string
  pattern: string
  name: string
  bytes: number
  /** Milliseconds. */
  modifiedAt: number
  hash: string | null
  state: DropState
  runId: string | null
  /** Where it is, or where it is being moved to when `moved` is false; relative to the folder. */
  place: string
  moved: boolean
  attempts: number
  reason: DropReason | null
}

const COLUMNS = `id, source, pattern, name, bytes, modified_at as "modifiedAt", hash, state, run_id as "runId", place, moved,
  attempts, reason`

export type Sighting = { bytes: number; modifiedAt: number; at: number }

/** What earlier looks saw of files that wait, by name. */
export async function sightings(tx: Tx, source: string): Promise<Map<string, Sighting>> {
  const rows = await tx.query<Sighting & { name: string }>(
    `select name, bytes, modified_at as "modifiedAt", floor(extract(epoch from noticed_at) * 1000)::bigint as at
     from feed_drop where source = $1 and state = 'seen'`,
    [source],
  )
  return new Map(rows.map(({ name, ...rest }) => [name, rest]))
}

/** Note what a look saw. A file that looks different starts to wait anew; one that is gone is forgotten. */
export async function noteSightings(
  tx: Tx,
  source: string,
  files: readonly { id: string; pattern: string; name: string; bytes: number; modifiedAt: number }[],
  now: Date,
): Promise<void> {
  await tx.query(`delete from feed_drop where source = $1 and state = 'seen' and name <> all($2::text[])`, [
    source,
    files.map(file => file.name),
  ])
  await tx.query(
    `insert into feed_drop as d (id, source, pattern, name, bytes, modified_at, state, place, moved, noticed_at)
     select id, $1, pattern, name, bytes, "modifiedAt", 'seen', name, true, $3
     from jsonb_to_recordset($2::jsonb) as f (id uuid, pattern text, name text, bytes bigint, "modifiedAt" bigint)
     on conflict (source, name) where state = 'seen' do update set pattern = excluded.pattern, bytes = excluded.bytes,
       modified_at = excluded.modified_at, noticed_at = excluded.noticed_at
     where (d.bytes, d.modified_at) is distinct from (excluded.bytes, excluded.modified_at)`,
    [source, JSON.stringify(files), now],
  )
}

/** Said before the file is moved, so that whoever comes after a kill knows of it. Its id; null where nobody saw it. */
export async function claimDrop(tx: Tx, source: string, name: string, place: (id: string) => string, now: Date) {
  const [row] = await tx.query<{ id: string }>(
    `select id from feed_drop where source = $1 and name = $2 and state = 'seen' for update`,
    [source, name],
  )
  if (!row) return null
  const [drop] = await tx.query<Drop>(
    `update feed_drop set state = 'taken', place = $2, moved = false, taken_at = $3 where id = $1 returning ${COLUMNS}`,
    [row.id, place(row.id), now],
  )
  return drop ?? null
}

export async function unclaimDrop(tx: Tx, id: string): Promise<void> {
  await tx.query(`delete from feed_drop where id = $1 and state = 'taken'`, [id])
}

export async function noteInHand(tx: Tx, id: string, hash: string): Promise<void> {
  await tx.query(`update feed_drop set moved = true, hash = $2 where id = $1`, [id, hash])
}

export async function noteRun(tx: Tx, ids: readonly string[], runId: string): Promise<void> {
  await tx.query(`update feed_drop set run_id = $2, attempts = attempts + 1 where id = any($1::uuid[])`, [ids, runId])
}

/** What becomes of a file, said before it is moved there. */
export async function decideDrop(
  tx: Tx,
  id: string,
  end: { state: 'archived' | 'again' | 'set-aside'; place: string; runId: string | null; reason: DropReason | null },
  now: Date,
): Promise<void> {
  await tx.query(
    `update feed_drop set state = $2, place = $3, run_id = $4, reason = $5, moved = false, ended_at = $6 where id = $1`,
    [id, end.state, end.place, end.runId, end.reason && JSON.stringify(end.reason), now],
  )
}

export async function noteMoved(tx: Tx, id: string): Promise<void> {
  await tx.query('update feed_drop set moved = true where id = $1', [id])
}

/** What a process before us has not brought to its end, oldest first. */
export async function unfinishedDrops(tx: Tx, source: string): Promise<Drop[]> {
  return tx.query<Drop>(
    `select ${COLUMNS} from feed_drop where source = $1 and (state = 'taken' or not moved) order by modified_at, name`,
    [source],
  )
}

/** The file of each pattern that was taken last: what the source says as long as no newer one comes. */
export async function standingDrops(tx: Tx, source: string, order: 'time' | 'name' = 'time'): Promise<Drop[]> {
  return tx.query<Drop>(
    `select distinct on (pattern) ${COLUMNS} from feed_drop where source = $1 and state = 'archived'
     order by ${NEWEST_OF_EACH}`,
    [source, order],
  )
}

/** Order `$2` is by the stamp in the name, or by the file's time. */
const NEWEST_OF_EACH = `pattern, case when $2 = 'name' then lower(name) collate "C" end desc nulls last, modified_at desc, ended_at desc`

/** The same content under the same name, taken before. */
export async function sameDrop(tx: Tx, source: string, name: string, hash: string): Promise<Drop | null> {
  const [row] = await tx.query<Drop>(
    `select ${COLUMNS} from feed_drop where source = $1 and name = $2 and hash = $3 and state = 'archived'
     order by ended_at desc limit 1`,
    [source, name, hash],
  )
  return row ?? null
}

/** How the last look at a folder went; answers what the look before it had met. */
export async function noteLook(
  tx: Tx,
  source: string,
  look: { at: Date; error: DropReason | null; unmatched: readonly string[] },
): Promise<DropReason | null> {
  const [before] = await tx.query<{ error: DropReason | null }>('select error from feed_watch where source = $1', [
    source,
  ])
  await tx.query(
    `insert into feed_watch (source, looked_at, error, unmatched) values ($1, $2, $3, $4)
     on conflict (source) do update set looked_at = excluded.looked_at, error = excluded.error,
       unmatched = excluded.unmatched`,
    [source, look.at, look.error && JSON.stringify(look.error), look.unmatched.slice(0, 20)],
  )
  return before?.error ?? null
}

/** One process at a time deals with a folder: true when it is this one, until the transaction ends. */
export async function lockFolder(tx: Tx, source: string): Promise<boolean> {
  const [row] = await tx.query<{ mine: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended('drops ' || $1, 0)) as mine`,
    [source],
  )
  return row?.mine ?? false
}

export async function runStateOf(tx: Tx, runId: string | null): Promise<string | null> {
  const [row] = await tx.query<{ state: string }>('select state from feed_run where id = $1', [runId])
  return row?.state ?? null
}

/** Files whose time is up, but for what each pattern's newest one says. */
export async function outlivedDrops(
  tx: Tx,
  source: string,
  before: Date,
  order: 'time' | 'name' = 'time',
): Promise<Drop[]> {
  return tx.query<Drop>(
    `select ${COLUMNS} from feed_drop d where source = $1 and moved and removed_at is null and ended_at < $3
       and state in ('archived', 'again', 'set-aside')
       and id not in (select distinct on (pattern) id from feed_drop
         where source = $1 and state = 'archived' order by ${NEWEST_OF_EACH})
     order by ended_at limit 1000`,
    [source, order, before],
  )
}

export async function noteRemoved(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query('update feed_drop set removed_at = $2 where id = $1', [id, at])
}
