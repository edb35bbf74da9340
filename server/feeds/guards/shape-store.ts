import { hash } from 'node:crypto'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Shape, ShapeVerdict } from './decide-shape.ts'
import { type Absence, longestGap } from './shape/decide-hole.ts'
import { keyHash, type NotedShape } from './shape/note-shape.ts'

/** So many reads that were let in are what is usual. */
const HISTORY = 10
/** Fewer than so many absent records lie side by side by chance. */
const FEW_ABSENT = 3
/** An exception that somebody made for a rejected read lasts so long. */
export const EXCEPTION_DAYS = 7

/** Sizes of the last reads that were let in, the newest first. */
export async function shapeHistory(tx: Tx, source: string): Promise<Shape[]> {
  const rows = await tx.query<{ shape: Shape }>(
    'select shape from feed_shape where source = $1 order by at desc limit $2',
    [source, HISTORY],
  )
  return rows.map(row => row.shape)
}

/**
 * A read has been let in: its size joins what is usual, and the order of its keys is kept. `anew`: it was let in
 * although it is unlike the ones before (announced, or said to be right), so what is usual begins with it.
 */
export async function noteAccepted(
  tx: Tx,
  read: { source: string; runId: string; at: Date; shape: Record<string, NotedShape>; anew: boolean },
): Promise<void> {
  const sizes = Object.fromEntries(
    Object.entries(read.shape).map(([kind, one]) => [
      kind,
      { read: one.read, rejected: one.rejected, garbled: one.garbled, doubled: one.doubled ?? 0, filled: {} },
    ]),
  )
  await tx.query(
    `with old as (
       delete from feed_shape where source = $1 and run_id in (
         select run_id from feed_shape where source = $1 order by at desc offset $5)
     )
     insert into feed_shape (source, run_id, at, shape) values ($1, $2, $3, $4)`,
    [read.source, read.runId, read.at, JSON.stringify(sizes), read.anew ? 0 : HISTORY - 1],
  )
  const kept = await tx.query<{ kind: string; sum: string }>(
    `select kind, encode(sha256(keys), 'hex') as sum from feed_order where source = $1`,
    [read.source],
  )
  const sums = new Map(kept.map(row => [row.kind, row.sum]))
  for (const [kind, { order }] of Object.entries(read.shape)) {
    const keys = Buffer.from(Uint32Array.from(order).buffer)
    if (order.length === 0 || sums.get(kind) === hash('sha256', keys, 'hex')) continue
    await tx.query(
      `insert into feed_order (source, kind, keys) values ($1, $2, $3)
       on conflict (source, kind) do update set keys = excluded.keys`,
      [read.source, kind, keys],
    )
  }
}

/**
 * Who is missing in a complete read, per kind, from what the read itself has marked in the stage. Kinds of which next to
 * nobody is missing are left out: then there is nothing to look at, and an unchanged read costs one statement.
 */
export async function readAbsence(
  tx: Tx,
  stage: { runId: string; source: string; kinds: readonly string[] },
): Promise<Record<string, Absence>> {
  const absent = await tx.query<{ kind: string; keys: string[] }>(
    `select kind, array_agg(key) as keys from feed_stage
     where run_id = $1 and mark = 'unseen' and kind = any($2::text[]) group by kind having count(*) >= $3`,
    [stage.runId, stage.kinds, FEW_ABSENT],
  )
  const found: Record<string, Absence> = {}
  for (const { kind, keys } of absent) {
    const params = [stage.runId, stage.source, kind]
    const [row] = await tx.query<Omit<Absence, 'absent'>>(ABSENCE, params)
    const [order] = await tx.query<{ keys: Buffer }>('select keys from feed_order where source = $1 and kind = $2', [
      stage.source,
      kind,
    ])
    const gap = order ? longestGap(new Uint32Array(Uint8Array.from(order.keys).buffer), new Set(keys.map(keyHash))) : 0
    if (row) found[kind] = { ...row, absent: keys.length, longest: Math.max(row.longest, gap) }
  }
  return found
}

/**
 * Rows of absent records by key, as text and by length first (which puts numbers in their order); units and letters.
 * An account counts in the container that it stands in: what follows the first comma that no backslash takes out.
 */
const ABSENCE = `
  with live as (
    select r.key, s.key is not null as absent,
      coalesce(r.part, substring(r.payload ->> 'dn' from '^(?:[^,\\\\]|\\\\.)+,(.*)$')) as part,
      upper(left(coalesce(r.payload ->> 'familyName', r.payload ->> 'displayName', r.payload ->> 'name', ''), 1)) as letter
    from source_record r
    left join feed_stage s on s.run_id = $1 and s.kind = r.kind and s.key = r.key and s.mark = 'unseen'
    where r.source = $2 and r.kind = $3 and r.gone_at is null
  ), placed as (
    select absent,
      row_number() over (order by key collate "C") - row_number() over (partition by absent order by key collate "C") as text_row,
      row_number() over (order by length(key), key collate "C")
        - row_number() over (partition by absent order by length(key), key collate "C") as number_row
    from live
  ), text_rows as (select count(*) as n from placed where absent group by text_row
  ), number_rows as (select count(*) as n from placed where absent group by number_row
  ), units as (
    select part, count(*) as n, bool_and(absent) as missing from live where part <> '' group by part having count(*) >= 3
  ), letters as (
    select letter, count(*) as n, bool_and(absent) as missing from live where letter <> '' group by letter having count(*) >= 3
  )
  select (select count(*) from live)::int as known,
    greatest((select max(n) from text_rows), (select max(n) from number_rows), 0)::int as longest,
    (select count(*) from units)::int as units,
    (select coalesce(jsonb_agg(jsonb_build_object('part', part, 'records', n) order by n desc, part), '[]')
     from units where missing) as "unitsMissing",
    (select coalesce(jsonb_agg(jsonb_build_object('letter', letter, 'records', n) order by letter), '[]')
     from letters where missing) as "lettersMissing"`

/** Verdicts on rejected reads that somebody has said are right, and that still count. */
export async function acceptedVerdicts(tx: Tx, source: string, now: Date): Promise<ShapeVerdict[]> {
  const rows = await tx.query<{ verdicts: ShapeVerdict[] }>(
    'select verdicts from shape_exception where source = $1 and until > $2',
    [source, now],
  )
  return rows.flatMap(row => row.verdicts)
}

export async function saveException(
  tx: Tx,
  exception: { source: string; runId: string; verdicts: unknown; reason: string; by: string; now: Date },
): Promise<Date> {
  const until = new Date(exception.now.getTime() + EXCEPTION_DAYS * 86_400_000)
  await tx.query(
    `insert into shape_exception (id, source, run_id, verdicts, reason, created_by, until)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      newId(),
      exception.source,
      exception.runId,
      JSON.stringify(exception.verdicts),
      exception.reason,
      exception.by,
      until,
    ],
  )
  return until
}
