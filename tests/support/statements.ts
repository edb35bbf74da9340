import pg from 'pg'

/** The harness asks this itself, to see that every write leaves an entry. */
const HARNESS = 'select coalesce(max(id), 0) as id from audit_entry'
const FRAME = /^\s*(start transaction|begin|commit|rollback|savepoint|release|set )/i

/**
 * What goes to the database while something is done, by whatever connection of this process: session, user and log
 * included. What only opens and closes transactions is left out.
 */
export async function countingStatements<T>(work: () => Promise<T>): Promise<{ answer: T; statements: string[] }> {
  const statements: string[] = []
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first] = args
    const sql = typeof first === 'string' ? first : String((first as { text?: string } | undefined)?.text ?? '')
    if (!FRAME.test(sql) && !sql.startsWith(HARNESS)) statements.push(sql)
    return Reflect.apply(query, this, args)
  } as never
  try {
    return { answer: await work(), statements }
  } finally {
    pg.Client.prototype.query = query
  }
}
