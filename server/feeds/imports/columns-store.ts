import type { SavedColumns } from '#contract/imports.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { KeptColumns } from './headings.ts'

export type ColumnsTable = 'catalogue_columns' | 'register_columns'
/** A list of systems is one table, and its columns are kept without a list around them. */
const ONE_TABLE: Record<ColumnsTable, boolean> = { catalogue_columns: true, register_columns: false }

const shown = (table: ColumnsTable): string =>
  ONE_TABLE[table]
    ? 'jsonb_build_array(to_jsonb(c.headings)) as headings, jsonb_build_array(c.columns) as columns'
    : 'c.headings, c.columns'

/** The newest first: of two that fit a file the later one is meant. */
export const readColumns = (tx: Tx, table: ColumnsTable): Promise<KeptColumns[]> =>
  tx.query(`select c.name, ${shown(table)} from ${table} c order by c.at desc`)

export async function saveColumns(
  tx: Tx,
  table: ColumnsTable,
  given: KeptColumns & { userId: string; at: Date },
): Promise<void> {
  const { headings, columns } = given
  const kept = ONE_TABLE[table] ? [headings[0] ?? [], columns[0] ?? []] : [JSON.stringify(headings), columns]
  await tx.query(
    `insert into ${table} (name, headings, columns, user_id, at) values ($1, $2, $3, $4, $5)
     on conflict (name) do update set headings = excluded.headings, columns = excluded.columns,
       user_id = excluded.user_id, at = excluded.at`,
    [given.name, kept[0], JSON.stringify(kept[1]), given.userId, given.at],
  )
}

/** `taken`: other columns have that name. */
export async function renameColumns(
  tx: Tx,
  table: ColumnsTable,
  name: string,
  to: string,
): Promise<'done' | 'unknown' | 'taken'> {
  const rows = await tx.query<{ name: string }>(
    `select name from ${table} where name = any($1) order by name for update`,
    [[name, to]],
  )
  if (!rows.some(row => row.name === name)) return 'unknown'
  if (name !== to && rows.length > 1) return 'taken'
  await tx.query(`update ${table} set name = $2 where name = $1`, [name, to])
  return 'done'
}
export async function deleteColumns(tx: Tx, table: ColumnsTable, name: string): Promise<boolean> {
  const rows = await tx.query(`delete from ${table} where name = $1 returning name`, [name])
  return rows.length > 0
}

/** `nameOf`: SQL for the name of the user in a column. */
export async function savedColumnsView(
  tx: Tx,
  table: ColumnsTable,
  nameOf: (column: string) => string,
): Promise<SavedColumns> {
  const rows = await tx.query<KeptColumns & { at: Date; by: string | null }>(
    `select c.name, ${shown(table)}, c.at, ${nameOf('c.user_id')} as by from ${table} c order by c.name`,
  )
  return {
    rows: rows.map(({ name, headings, columns, at, by }) => ({
      ...{ name, headings: headings.flat().length, at: at.toISOString(), by },
      read: columns.flat().filter(one => one !== null).length,
    })),
  }
}
