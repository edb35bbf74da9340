import { expect, test } from 'vitest'
import { openDatabase } from '../../../../server/platform/database.ts'
import { newId } from '../../../../server/platform/ids.ts'
import type { Db, Tx } from '../../../../server/platform/unit-of-work.ts'
import { settleListed } from '../../../../server/systems/user-lists/listed-store.ts'
import { testDatabase } from '../../../support/database.ts'
import { entitlement, municipality, system } from '../../../support/municipality.ts'

const database = testDatabase()
const OTHERS = 20_000
const LISTED = 2_000

/** So many accounts of a source, each with a record that it has the right `alt`. */
const fill = (tx: Tx, source: string, run: string, count: number) =>
  tx.query(
    `with numbers as (select lpad(n::text, 90, 'k') as key from generate_series(1, $3::int) n), accounts as (
       insert into account (source, key, username, kind, feed_kind, situation, first_seen_at, seen_at)
       select $1, key, key, 'personal', 'personal', 'unmatched', now(), now() from numbers
     )
     insert into source_record (source, kind, key, hash, payload, first_seen_at, changed_at, run_id)
     select $1, 'held', key || E'\\talt', '', jsonb_build_object('account', key), now(), now(), $2 from numbers`,
    [source, run, count],
  )

/** How many entries of indexes and rows of tables have been read since the database was made, of accounts and records. */
async function read(db: Db): Promise<number> {
  await db.transaction(tx => tx.query('select pg_stat_force_next_flush()'))
  const [row] = await db.transaction(tx =>
    tx.query<{ n: number }>(
      `select ((select sum(idx_tup_read) from pg_stat_user_indexes where relname = any($1))
         + (select sum(seq_tup_read) from pg_stat_user_tables where relname = any($1)))::int as n`,
      [['account', 'source_record']],
    ),
  )
  return row!.n
}

/**
 * As in a large municipality: the planner knows the tables well, but for the list that has just come. It took its accounts
 * for one, and went through all of them for each record.
 */
test('the first list of a system costs what it holds, also where the tables are full of other lists', async () => {
  const town = municipality(database.db)
  await town.feed('systems', [system('nova', { name: 'Nova' }), entitlement('nova/alt', { name: 'Alt' })])
  // One connection: what was read is then counted by the very process that is asked.
  const db = await openDatabase(database.url, { poolSize: 1 })
  try {
    const run = newId()
    await db.transaction(async tx => {
      for (const table of ['account', 'source_record'])
        await tx.query(`alter table ${table} set (autovacuum_enabled = off)`)
      for (const list of ['list-a', 'list-b']) await fill(tx, list, newId(), OTHERS)
      await tx.query(
        `insert into list_right (source, name_key, name, entitlement_id) select 'list-nova', 'alt', 'Alt', id from entitlement`,
      )
    })
    await db.source.query('analyze')
    await db.transaction(tx => fill(tx, 'list-nova', run, LISTED))
    const before = await read(db)
    const written = await db.transaction(tx =>
      settleListed(tx, { source: 'list-nova', runId: run, now: new Date(), scope: 'run' }),
    )
    expect(written).toBe(LISTED)
    // Each a few times, or all that there are once; never all of the list for each of it, which would be four million.
    expect((await read(db)) - before).toBeLessThanOrEqual(10 * LISTED + 4 * OTHERS)
  } finally {
    await db.close()
  }
})
