import { beforeAll, expect, test } from 'vitest'
import { figuresForNewTables } from '../../../server/platform/planner.ts'
import { testDatabase } from '../../support/database.ts'

const database = testDatabase()
const TABLE = 'planner_scratch'

beforeAll(() =>
  database.db.transaction(tx => tx.query(`create table ${TABLE} (id int, kind int) with (autovacuum_enabled = off)`)),
)

const fill = (rows: number, kinds: number) =>
  database.db.transaction(tx =>
    tx.query(`insert into ${TABLE} select n, n % $2::int from generate_series(1, $1::int) n`, [rows, kinds]),
  )
const figures = () => database.db.transaction(tx => figuresForNewTables(tx, [TABLE]))
/** How many rows and how many kinds the planner believes in; a negative number is a share of the rows. */
const believed = () =>
  database.db.snapshot(async tx => {
    const [row] = await tx.query<{ rows: number; kinds: number | null }>(
      `select reltuples::int as rows, (select n_distinct::float8 from pg_stats where tablename = $1 and attname = 'kind') as kinds
       from pg_class where relname = $1`,
      [TABLE],
    )
    return row
  })

test('a table has figures when it is filled, keeps them while it grows a little, and has others when it has grown to many times its size', async () => {
  await figures()
  expect(await believed()).toEqual({ rows: -1, kinds: null })
  await fill(20_000, 5)
  await figures()
  expect(await believed()).toEqual({ rows: 20_000, kinds: 5 })
  await fill(20_000, 1000)
  await figures()
  expect(await believed()).toEqual({ rows: 20_000, kinds: 5 })
  await fill(100_000, 1000)
  await figures()
  expect(await believed()).toMatchObject({ rows: 140_000 })
  expect((await believed())!.kinds).toBeGreaterThan(500)
})
