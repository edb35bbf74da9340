import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Db } from '../../server/platform/unit-of-work.ts'

export type BareCopy = {
  rows: Record<string, number>
  /** Empties the bare tables and copies everything in, in one transaction. */
  copyIn(): Promise<void>
  clear(): Promise<void>
  drop(): Promise<void>
}

/**
 * The comparison for everything that stores: the rows that now stand in these tables, exported to files, and bare
 * tables of the same columns, checks and indexes (no foreign keys) to COPY them into. Every table that has rows is taken.
 */
export async function bareCopy(db: Db, folder: string, tables: readonly string[]): Promise<BareCopy> {
  const schema = 'bare'
  const rows: Record<string, number> = {}
  const files = new Map<string, string>()
  await db.transaction(async tx => {
    await tx.query(`drop schema if exists ${schema} cascade`)
    await tx.query(`create schema ${schema}`)
    for (const table of tables) {
      const [count] = await tx.query<{ n: number }>(`select count(*) as n from public."${table}"`)
      if (!count?.n) continue
      rows[table] = count.n
      await tx.query(`create table ${schema}."${table}" (like public."${table}" including all)`)
      const file = join(folder, `bare-${table}.copy`)
      await pipeline(await tx.copyOut(`copy public."${table}" to stdout`), createWriteStream(file))
      files.set(table, file)
    }
  })
  const clear = async (): Promise<void> => {
    const all = [...files.keys()].map(table => `${schema}."${table}"`)
    await db.transaction(tx => tx.query(`truncate ${all.join(', ')}`))
  }
  return {
    rows,
    clear,
    copyIn: () =>
      db.transaction(async tx => {
        for (const [table, file] of files)
          await tx.copyIn(`copy ${schema}."${table}" from stdin`, createReadStream(file))
      }),
    async drop() {
      await db.transaction(tx => tx.query(`drop schema ${schema} cascade`))
      for (const file of files.values()) rmSync(file, { force: true })
    },
  }
}

/** Every table of the product, in the order of their names. */
export async function productTables(db: Db): Promise<string[]> {
  const found = await db.snapshot(tx =>
    tx.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migration' order by 1`,
    ),
  )
  return found.map(one => one.name)
}
