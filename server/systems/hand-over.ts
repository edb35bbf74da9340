import type { Tx } from '../platform/unit-of-work.ts'
import { keepVersions, noteContent } from './entitlements/version-store.ts'

/** What of the catalogue somebody answers for by name, beside systems themselves. */
export type Handed = { kind: 'right' | 'account' | 'account-rule' | 'task-deputy'; id: string }

/**
 * Gives to somebody what somebody else answered for: rights (each with a version that says so), accounts that are not a
 * person's, the rules that say whose those are, and the post of deputy for a system's tasks. `job`: the affiliation by
 * which the person is a deputy. What is another's by now is left alone. A few statements, however many.
 */
export async function handOver(
  tx: Tx,
  things: readonly Handed[],
  of: { from: string; to: string; job: string | null },
  { now, reason }: { now: Date; reason: string },
): Promise<void> {
  const ids = (kind: Handed['kind']) => things.flatMap(one => (one.kind === kind ? [one.id] : []))
  const rights = ids('right')
  if (rights.length > 0) {
    await noteContent(tx, rights)
    await tx.query('update entitlement set owner_person_id = $2 where id = any($1) and owner_person_id = $3', [
      rights,
      of.to,
      of.from,
    ])
    await keepVersions(tx, { by: null, reason, now })
  }
  // The rule first: an account that it speaks of would otherwise be given back the next time it is looked at.
  for (const table of ['account_rule', 'account'] as const) {
    const owned = ids(table === 'account' ? 'account' : 'account-rule')
    if (owned.length > 0)
      await tx.query(`update ${table} set owner_person_id = $2 where id = any($1) and owner_person_id = $3`, [
        owned,
        of.to,
        of.from,
      ])
  }
  const deputies = ids('task-deputy')
  if (deputies.length > 0 && of.job !== null)
    await tx.query(
      `update it_system s set task_deputy_affiliation_id = $2 from affiliation f
       where s.id = any($1) and f.id = s.task_deputy_affiliation_id
         and (select coalesce(p.merged_into, p.id) from person p where p.id = f.person_id) = $3`,
      [deputies, of.job, of.from],
    )
}
