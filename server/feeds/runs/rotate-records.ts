import { resealFeedCpr } from '../../people/cpr.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import { rotatePseudonymSecret } from '../reading/pseudonym-store.ts'

const BATCH = 500

/**
 * CPR numbers in what sources have said, and in changes that wait to be carried out, sealed and hashed anew with the
 * current key. In batches of their own transaction: may be cut off and run again. Answers how many were moved. Changes
 * that have been carried out keep the old seal, which nobody opens again.
 */
export async function rotateRecordKeys(db: Db, keyring: Keyring): Promise<number> {
  let moved = await db.transaction(tx => rotatePseudonymSecret(tx, keyring))
  for (const { table, column, where } of [
    { table: 'source_record', column: 'payload', where: 'true' },
    { table: 'plan_item', column: 'after', where: `state in ('planned', 'held')` },
  ])
    for (let last = BATCH; last === BATCH; moved += last)
      last = await db.transaction(async tx => {
        const rows = await tx.query<{ row: string; sealed: string }>(
          `select ctid::text as row, ${column} ->> 'cprSealed' as sealed from ${table}
           where ${where} and ${column} ? 'cprSealed' and split_part(${column} ->> 'cprSealed', '.', 1) <> $1
           limit $2 for update`,
          [keyring.current, BATCH],
        )
        await tx.query(
          `update ${table} t set ${column} = ${column} || r.sealed
           from json_to_recordset($1::json) as r ("row" text, sealed jsonb) where t.ctid = r."row"::tid`,
          [JSON.stringify(rows.map(({ row, sealed }) => ({ row, sealed: resealFeedCpr(keyring, sealed) })))],
        )
        return rows.length
      })
  return moved
}
