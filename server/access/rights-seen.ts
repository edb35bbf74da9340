import type { Tx } from '../platform/unit-of-work.ts'
import { syncRights } from './drift/sync-drift.ts'
import { refreshPersonRights } from './person-rights-store.ts'

/**
 * Compares anew after people were seen to hold other rights, and rights can be seen, or no longer, where they could not:
 * that concerns everybody who should hold them.
 */
export async function compareSeen(
  tx: Tx,
  { people, rights }: { people: readonly string[]; rights: readonly string[] },
): Promise<void> {
  const expected = await tx.query<{ person_id: string }>(
    `select distinct ac.person_id from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
     where a.entitlement_id = any($1::uuid[])`,
    [rights],
  )
  await refreshPersonRights(tx, [...new Set([...people, ...expected.map(row => row.person_id)])])
  if (rights.length > 0) await syncRights(tx, rights)
}
