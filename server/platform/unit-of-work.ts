import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { DataSource, QueryRunner } from 'typeorm'

/**
 * What a store or view needs of the database. It is always one connection: inside a command that connection is
 * in the command's transaction, so nobody can forget to pass it on.
 */
export type Tx = {
  /** Rows of one statement; parameters as `$1`. For INSERT/UPDATE/DELETE use RETURNING to get rows. */
  query<Row = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<Row[]>
  /**
   * The same, planned once a connection. For a statement of many joins that is asked often: planning it takes longer than
   * answering it. Its text must always be the same under its name.
   */
  prepared<Row = Record<string, unknown>>(name: string, sql: string, params: unknown[]): Promise<Row[]>
  /** `COPY … FROM STDIN`: streams text-format lines (see copy-text.ts). Memory stays bounded. */
  copyIn(sql: string, lines: Readable | AsyncIterable<string>): Promise<void>
  copyOut(sql: string): Promise<Readable>
}

export type Db = {
  readonly source: DataSource
  /** One command, one transaction. Rolls back on any throw. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * The same for work that is done again by itself from what is stored, should the machine stop within the second: it ends
   * without waiting for the disk. Whatever rests on it and does wait, as sending an order, brings it to the disk first.
   */
  redoable<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** A read-only snapshot: several statements that see the same instant, so no reader sees half a computation. */
  snapshot<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** The same for what must leave a trace: the entry of the log is written with what was seen, or nothing is shown. */
  snapshotOnRecord<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement that needs no transaction around it, planned once a connection: see `Tx.prepared`. */
  prepared: Tx['prepared']
  close(): Promise<void>
}

const BEGIN = {
  write: 'start transaction isolation level read committed',
  redoable: 'start transaction isolation level read committed; set local synchronous_commit = off',
  read: 'start transaction isolation level repeatable read, read only',
  readOnRecord: 'start transaction isolation level repeatable read',
}

export function makeDb(source: DataSource): Db {
  // Begun and ended by ourselves: TypeORM asks three times for what is one statement, on every request.
  const run = async <T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const runner = source.createQueryRunner()
    try {
      const client = (await runner.connect()) as PoolClient
      await client.query(begin)
      try {
        const result = await work(makeTx(runner))
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch(() => {})
        throw error
      }
    } finally {
      await runner.release()
    }
  }
  return {
    source,
    transaction: work => run(BEGIN.write, work),
    redoable: work => run(BEGIN.redoable, work),
    snapshot: work => run(BEGIN.read, work),
    snapshotOnRecord: work => run(BEGIN.readOnRecord, work),
    async prepared<Row>(name: string, sql: string, params: unknown[]): Promise<Row[]> {
      const runner = source.createQueryRunner()
      try {
        return await makeTx(runner).prepared<Row>(name, sql, params)
      } finally {
        await runner.release()
      }
    },
    close: () => source.destroy(),
  }
}

function makeTx(runner: QueryRunner): Tx {
  const client = async (): Promise<PoolClient> => (await runner.connect()) as PoolClient
  return {
    query: async <Row>(sql: string, params?: unknown[]) => {
      const result = await (await client()).query(sql, params)
      return result.rows as Row[]
    },
    prepared: async <Row>(name: string, text: string, values: unknown[]) => {
      const result = await (await client()).query({ name, text, values })
      return result.rows as Row[]
    },
    copyIn: async (sql, lines) => pipeline(lines, (await client()).query(copyFrom(sql))),
    copyOut: async sql => (await client()).query(copyTo(sql)),
  }
}
