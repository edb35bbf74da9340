import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/** People and affiliations are merged alike: a row says that one counts as the other, and closing it takes it back. */
export type Merged = 'person' | 'affiliation'
export type MergeRow = { id: string; survivorId: string; absorbedId: string; undoneAt: Date | null }

export async function insertMerge(
  tx: Tx,
  what: Merged,
  merge: { survivorId: string; absorbedId: string; actorId: string; reason: string },
  now: Date,
): Promise<string> {
  const id = newId(now.getTime())
  await tx.query(
    `insert into ${what}_merge (id, survivor_id, absorbed_id, at, actor_id, reason) values ($1, $2, $3, $4, $5, $6)`,
    [id, merge.survivorId, merge.absorbedId, now, merge.actorId, merge.reason],
  )
  return id
}

/** Until the command ends nobody else closes it. */
export async function readMerge(tx: Tx, what: Merged, id: string): Promise<MergeRow | null> {
  const [row] = await tx.query<MergeRow>(
    `select id, survivor_id as "survivorId", absorbed_id as "absorbedId", undone_at as "undoneAt"
     from ${what}_merge where id = $1 for update`,
    [id],
  )
  return row ?? null
}

export const closeMerge = (tx: Tx, what: Merged, id: string, by: string, reason: string, now: Date): Promise<unknown> =>
  tx.query(`update ${what}_merge set undone_at = $2, undone_by = $3, undone_reason = $4 where id = $1`, [
    id,
    now,
    by,
    reason,
  ])

/**
 * Whom each of these counts as by the merges that are open, and all who are merged with them; written down in
 * `merged_into`. `all`: everyone whose state may be another now, also whom they counted as before.
 */
export async function settleRoots(
  tx: Tx,
  what: Merged,
  ids: readonly string[],
): Promise<{ roots: { id: string; root: string }[]; all: string[] }> {
  const rows = await tx.query<{ id: string; root: string; before: string | null }>(
    `with recursive around (id) as (
       select unnest($1::uuid[])
       union
       select x.id from around a
       join ${what}_merge m on m.undone_at is null and a.id in (m.survivor_id, m.absorbed_id)
       cross join lateral (values (m.survivor_id), (m.absorbed_id)) as x (id)
     ), up (id, root) as (
       select id, id from around
       union
       select u.id, m.survivor_id from up u join ${what}_merge m on m.absorbed_id = u.root and m.undone_at is null
     )
     select u.id, u.root, p.merged_into as before from up u join ${what} p on p.id = u.id
     where not exists (select from ${what}_merge m where m.absorbed_id = u.root and m.undone_at is null)`,
    [ids],
  )
  await tx.query(
    `update ${what} p set merged_into = nullif(r.root, r.id)
     from json_to_recordset($1::json) as r(id uuid, root uuid) where p.id = r.id`,
    [JSON.stringify(rows)],
  )
  return {
    roots: rows.map(({ id, root }) => ({ id, root })),
    all: [...new Set(rows.flatMap(row => [row.id, row.root, ...(row.before ? [row.before] : [])]))],
  }
}
