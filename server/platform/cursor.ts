import type { Tx } from './unit-of-work.ts'

let opened = 0

/**
 * Rows of one statement, a batch at a time, so that memory does not grow with their number. Only inside a transaction; the
 * statement is planned for all of its rows, not for the first few.
 */
export async function* cursorRows<Row>(tx: Tx, sql: string, params: unknown[], batch = 1000): AsyncGenerator<Row> {
  opened += 1
  const name = `rows_${opened}`
  await tx.query('set local cursor_tuple_fraction = 1')
  await tx.query(`declare ${name} no scroll cursor for ${sql}`, params)
  try {
    for (;;) {
      const rows = await tx.query<Row>(`fetch ${batch} from ${name}`)
      yield* rows
      if (rows.length < batch) return
    }
  } finally {
    // Where a statement has failed the transaction is over, and the cursor with it.
    await tx.query(`close ${name}`).catch(() => {})
  }
}
