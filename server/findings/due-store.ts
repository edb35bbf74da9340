import { planned } from '../platform/planned.ts'
import type { Tx } from '../platform/unit-of-work.ts'

/*
 * People whose rights have changed since findings that count rights were worked out, and of which systems. Noted in the
 * transaction of the change, which must stay quick, and worked off by a job.
 */

export type Due = { people: string[] | 'all'; systems: string[] | 'all' }

/** One row, whatever the number of people. `systems`: SQL of their ids as an array, null for any; `$1` is the people. */
export async function noteDue(tx: Tx, people: readonly string[] | 'all', systems = 'null::uuid[]'): Promise<void> {
  await planned(tx, `insert into finding_due (people, systems) values ($1::uuid[], (${systems}))`, [
    people === 'all' ? null : people,
  ])
}

/** What has been noted, and is no longer; null: nothing. */
export async function takeDue(tx: Tx): Promise<Due | null> {
  const rows = await tx.query<{ people: string[] | null; systems: string[] | null }>(
    'delete from finding_due returning people, systems',
  )
  if (rows.length === 0) return null
  const all = (lists: (string[] | null)[]) =>
    lists.includes(null) ? 'all' : [...new Set(lists.flatMap(list => list ?? []))]
  return { people: all(rows.map(row => row.people)), systems: all(rows.map(row => row.systems)) }
}
