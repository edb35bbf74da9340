import { planned } from '../platform/planned.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/*
 * People whose rights have changed since findings that count rights were worked out. Noted in the transaction of the change,
 * which must stay quick, and worked off by a job.
 */

/** One row, whatever the number of people. */
export async function noteDue(tx: Tx, people: readonly string[] | 'all'): Promise<void> {
  await planned(tx, 'insert into finding_due (people) values ($1::uuid[])', [people === 'all' ? null : people])
}

/** What has been noted, and is no longer; null: nothing. */
export async function takeDue(tx: Tx): Promise<string[] | 'all' | null> {
  const rows = await tx.query<{ people: string[] | null }>('delete from finding_due returning people')
  if (rows.length === 0) return null
  if (rows.some(row => row.people === null)) return 'all'
  return [...new Set(rows.flatMap(row => row.people ?? []))]
}
