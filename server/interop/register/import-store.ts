import type { Tx } from '../../platform/unit-of-work.ts'
import { loadVocabularies } from '../../register/vocabulary/vocabulary-store.ts'
import type { Keyed, Known, KnownRecord } from './known-register.ts'
import type { RegisterContent } from './read-register.ts'

/** Files that nobody has let in are kept so long; what was let in keeps no content at all. */
const KEPT = '2 days'

export async function keepFile(
  tx: Tx,
  given: { id: string; userId: string; at: Date; name: string; content: RegisterContent },
): Promise<void> {
  await tx.query(`delete from register_import where applied_at is null and at < $1::timestamptz - $2::interval`, [
    given.at,
    KEPT,
  ])
  await tx.query(`insert into register_import (id, user_id, at, name, content) values ($1, $2, $3, $4, $5)`, [
    ...[given.id, given.userId, given.at, given.name, JSON.stringify(given.content)],
  ])
}

/** Its own file, as long as it has not been let in. */
export async function readFile(
  tx: Tx,
  id: string,
  userId: string,
  lock = false,
): Promise<{ name: string; content: RegisterContent } | null> {
  const [row] = await tx.query<{ name: string; content: RegisterContent }>(
    `select name, content from register_import
     where id = $1 and user_id = $2 and applied_at is null and content is not null ${lock ? 'for update' : ''}`,
    [id, userId],
  )
  return row ?? null
}

export type Made = { activityId: string; versionId: string; lock: number }
export async function noteApplied(
  tx: Tx,
  given: { id: string; at: Date; made: readonly Made[]; drafts: number; proposals: number; left: number },
): Promise<void> {
  await tx.query(
    `update register_import set content = null, applied_at = $2, made = $3, drafts = $4, proposals = $5, left_out = $6
     where id = $1`,
    [given.id, given.at, JSON.stringify(given.made), given.drafts, given.proposals, given.left],
  )
}

/** What an import made; null: there is no such import of this user, or it has been undone. Its row is held. */
export async function lockApplied(tx: Tx, id: string, userId: string): Promise<Made[] | null> {
  const [row] = await tx.query<{ made: Made[] }>(
    `select made from register_import
     where id = $1 and user_id = $2 and applied_at is not null and undone_at is null for update`,
    [id, userId],
  )
  return row?.made ?? null
}
export async function noteUndone(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query('update register_import set undone_at = $2 where id = $1', [id, at])
}

/** Versions of those that are open and have the lock still that they were made with. */
export async function untouched(tx: Tx, made: readonly Made[]): Promise<Made[]> {
  return tx.query<Made>(
    `select v.activity_id as "activityId", v.id as "versionId", v.lock from activity_version v
     join jsonb_to_recordset($1::jsonb) as m("versionId" uuid, lock int) on m."versionId" = v.id and m.lock = v.lock
     where v.state in ('draft', 'proposed')`,
    [JSON.stringify(made)],
  )
}

export async function locksOf(tx: Tx, versionIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ id: string; lock: number }>(
    'select id, lock from activity_version where id = any($1)',
    [versionIds],
  )
  return new Map(rows.map(row => [row.id, row.lock]))
}

export type SavedColumns = { name: string; headings: string[][]; columns: (string | null)[][] }
export const savedColumns = (tx: Tx): Promise<SavedColumns[]> =>
  tx.query('select name, headings, columns from register_columns order by at desc')

export async function saveColumns(tx: Tx, given: SavedColumns & { userId: string; at: Date }): Promise<void> {
  await tx.query(
    `insert into register_columns (name, headings, columns, user_id, at) values ($1, $2, $3, $4, $5)
     on conflict (name) do update set headings = excluded.headings, columns = excluded.columns,
       user_id = excluded.user_id, at = excluded.at`,
    [given.name, JSON.stringify(given.headings), JSON.stringify(given.columns), given.userId, given.at],
  )
}
export async function deleteColumns(tx: Tx, name: string): Promise<boolean> {
  const rows = await tx.query('delete from register_columns where name = $1 returning name', [name])
  return rows.length > 0
}

/**
 * What a file is held against, beside the records: words, units, systems, and the employments of the numbers that it may
 * name. Two statements. Units of payroll's tree have the names of others: where a name is of both, people mean the other.
 */
export async function readKnown(
  tx: Tx,
  { records, numbers }: { records: readonly KnownRecord[]; numbers: readonly string[] },
): Promise<Known> {
  const vocabularies = await loadVocabularies(tx)
  const [row] = await tx.query<{
    units: (Keyed & { pay: boolean })[]
    systems: Keyed[]
    numbers: { number: string; affiliation: string; person: string }[]
  }>(
    `select
       coalesce((select jsonb_agg(jsonb_build_object('id', unit_id, 'key', key, 'name', name, 'pay', tree = 'pay'))
         from org_unit_current), '[]') as units,
       coalesce((select jsonb_agg(jsonb_build_object('id', id, 'key', key, 'name', name)) from it_system where gone_at is null), '[]') as systems,
       coalesce((select jsonb_agg(jsonb_build_object('number', employee_no, 'affiliation', affiliation_id, 'person', person_id)
           order by is_primary desc, affiliation_id)
         from affiliation_current
         where employee_no = any($1::text[]) and kind <> 'pupil' and status <> 'ended'), '[]') as numbers`,
    [numbers],
  )
  if (!row) throw new Error('no answer of one row')
  const named = new Set(row.units.filter(one => !one.pay).flatMap(one => [`k ${one.key}`, `n ${one.name}`]))
  const units = row.units.filter(one => !one.pay || (!named.has(`k ${one.key}`) && !named.has(`n ${one.name}`)))
  return {
    ...{ vocabularies, records, units, systems: row.systems },
    numbers: Map.groupBy(row.numbers, one => one.number),
  }
}
