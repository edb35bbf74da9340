import type { Tx } from '../../server/platform/unit-of-work.ts'

/** The same connection, with the statements that go through it kept. */
export function counted(tx: Tx): { tx: Tx; statements: string[] } {
  const statements: string[] = []
  return {
    statements,
    tx: {
      ...tx,
      query: (sql, params) => {
        statements.push(sql)
        return tx.query(sql, params)
      },
    },
  }
}
