import type { PastImport } from '#contract/imports.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/** Each kind of file has its table, since each keeps something else of what it did; these columns are in all of them. */
export type ImportTable = 'catalogue_import' | 'register_import'

/** Files that nobody has let in are kept so long; what was let in keeps no content at all. */
const KEPT = '2 days'

/** `more`: columns that only this table has. */
export async function keepFile(
  tx: Tx,
  table: ImportTable,
  given: { id: string; userId: string; at: Date; name: string; content: unknown },
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await tx.query(`delete from ${table} where applied_at is null and at < $1::timestamptz - $2::interval`, [
    given.at,
    KEPT,
  ])
  const columns = ['id', 'user_id', 'at', 'name', 'content', ...Object.keys(more)]
  await tx.query(
    `insert into ${table} (${columns.join(', ')}) values (${columns.map((_, at) => `$${at + 1}`).join(', ')})`,
    [given.id, given.userId, given.at, given.name, JSON.stringify(given.content), ...Object.values(more)],
  )
}

/** One's own file, as long as it has not been let in. */
export async function readFile<C>(
  tx: Tx,
  table: ImportTable,
  id: string,
  userId: string,
  lock: boolean,
): Promise<{ name: string; content: C } | null> {
  const [row] = await tx.query<{ name: string; content: C }>(
    `select name, content from ${table}
     where id = $1 and user_id = $2 and applied_at is null and content is not null ${lock ? 'for update' : ''}`,
    [id, userId],
  )
  return row ?? null
}

/** It is in: its content goes, and what it did stays, in columns of its table. */
export async function noteApplied(
  tx: Tx,
  table: ImportTable,
  given: { id: string; at: Date; did: Readonly<Record<string, unknown>> },
): Promise<void> {
  const did = Object.keys(given.did).map((column, at) => `, ${column} = $${at + 3}`)
  await tx.query(`update ${table} set content = null, applied_at = $2${did.join('')} where id = $1`, [
    ...[given.id, given.at, ...Object.values(given.did)],
  ])
}

export async function noteUndone(tx: Tx, table: ImportTable, id: string, at: Date): Promise<void> {
  await tx.query(`update ${table} set undone_at = $2 where id = $1`, [id, at])
}

type Stored<More> = Omit<PastImport, 'at' | 'undoneAt'> & { at: Date; undoneAt: Date | null } & More
/**
 * The last thirty that were let in, of one user or of all. `columns`: what this table says of what they did; `nameOf`: SQL
 * for the name of the user in a column.
 */
export async function pastImports<More>(
  tx: Tx,
  table: ImportTable,
  given: { columns: readonly string[]; nameOf: (column: string) => string; userId?: string },
): Promise<(PastImport & More)[]> {
  const rows = await tx.query<Stored<More>>(
    `select i.id, i.name, i.applied_at as at, ${given.nameOf('i.user_id')} as by, i.left_out as left, i.undone_at as "undoneAt",
       ${given.columns.map(column => `i.${column}`).join(', ')}
     from ${table} i where i.applied_at is not null and ($1::uuid is null or i.user_id = $1) order by i.applied_at desc limit 30`,
    [given.userId ?? null],
  )
  return rows.map(({ at, undoneAt, ...row }) => ({
    ...(row as Omit<PastImport, 'at' | 'undoneAt'> & More),
    ...{ at: at.toISOString(), undoneAt: undoneAt?.toISOString() ?? null },
  }))
}
