import { createHash } from 'node:crypto'
import type { Tx } from './unit-of-work.ts'

const names = new Map<string, string>()
/** More texts than there are statements would be one that is put together from values: then nothing would be saved. */
const MOST = 500

/**
 * A statement of many joins that is asked for few rows, many times: planned once a connection, since planning it takes
 * several times as long as answering it. Values go into `params`, never into the text. For the many rows of a first load
 * `tx.query` is right, which plans for what the tables hold at that moment.
 */
export async function planned<Row = Record<string, unknown>>(tx: Tx, sql: string, params: unknown[]): Promise<Row[]> {
  let name = names.get(sql)
  if (name === undefined) {
    if (names.size >= MOST) return tx.query<Row>(sql, params)
    name = `p${createHash('sha256').update(sql).digest('hex').slice(0, 20)}`
    names.set(sql, name)
  }
  return tx.prepared<Row>(name, sql, params)
}

/**
 * SQL that is true for rows of these ids, which stand in the parameter. One id is asked for as one: PostgreSQL takes a list
 * whose length it does not know for ten, and then never keeps a plan.
 */
export const amongSql =
  (ids: readonly unknown[] | 'all', list = '$1::uuid[]') =>
  (column: string): string =>
    ids === 'all' ? 'true' : ids.length === 1 ? `${column} = (${list})[1]` : `${column} = any(${list})`

/** `planned` where it is about one, as one event or one decision is; planned for the moment where it is about more. */
export const askFor = <Row = Record<string, unknown>>(
  tx: Tx,
  ids: readonly unknown[] | 'all',
  sql: string,
  params: unknown[],
): Promise<Row[]> => (ids !== 'all' && ids.length === 1 ? planned<Row>(tx, sql, params) : tx.query<Row>(sql, params))

/** Creating, dropping and settings are not planned at all. */
const PLANS = /^\s*(select|with|insert|update|delete)\b/i

/**
 * The transaction with every statement planned once a connection: for work about one or a few things that asks a hundred
 * small questions, where planning takes longer than answering. Not for what reads whole tables that are being filled.
 */
export const plannedTx = (tx: Tx): Tx => ({
  ...tx,
  query: (sql, params) => (PLANS.test(sql) ? planned(tx, sql, params ?? []) : tx.query(sql, params)),
})
