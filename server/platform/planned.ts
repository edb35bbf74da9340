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

/** So many that a plan made for a handful still fits them. */
export const isFew = (ids: readonly unknown[] | 'all'): boolean => ids !== 'all' && ids.length <= 20

/** `planned` where it is about few, planned for the moment where it is about many. */
export const askFor = <Row = Record<string, unknown>>(
  tx: Tx,
  ids: readonly unknown[] | 'all',
  sql: string,
  params: unknown[],
): Promise<Row[]> => (isFew(ids) ? planned<Row>(tx, sql, params) : tx.query<Row>(sql, params))
