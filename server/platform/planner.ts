import type { Tx } from './unit-of-work.ts'

/** Grown to so many times its size, a table has other values in other numbers, and not only more of them. */
const GROWN = 4

/**
 * Figures for the query planner on tables that have just been filled for the first time, or to several times what they held
 * when figures of them were taken, possibly in this very transaction: without them it takes a full table for an empty one,
 * or thousands of rights for the five that were seen first, and a join of seconds takes minutes. Tables that have good
 * figures are left to PostgreSQL's own rhythm.
 */
export async function figuresForNewTables(tx: Tx, tables: readonly string[]): Promise<void> {
  const rows = await tx.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class
     where relname = any($1) and relkind = 'r' and relnamespace = current_schema()::regnamespace
       and (reltuples < 100 or pg_relation_size(oid) > $2 * greatest(relpages, 8) * current_setting('block_size')::bigint)
     order by relname`,
    [tables, GROWN],
  )
  for (const { name } of rows) {
    // Figures of an empty table would be taken for the truth when it is filled a moment later.
    const [filled] = await tx.query<{ any: boolean }>(`select exists (select from ${name}) as any`)
    if (filled?.any) await tx.query(`analyze ${name}`)
  }
}
