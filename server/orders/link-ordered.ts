import type { Tx } from '../platform/unit-of-work.ts'
import { linkAccounts } from '../systems/link-accounts.ts'
import { linkOrderedAccounts, type OrderedAccount } from '../systems/link-ordered.ts'

/**
 * Accounts that a reading shows because we ordered them, to the people they were ordered for. Somebody without an employee
 * number (an external, whoever payroll does not know) is otherwise nobody to the next reading, and an account that is
 * nobody's is never closed. Before `settleRun`. Answers the people who have got an account.
 */
export async function linkOrdered(
  tx: Tx,
  { source, runId, now }: { source: string; runId: string | null; now: Date },
): Promise<string[]> {
  const ordered = await tx.query<OrderedAccount>(
    `select o.person_id as "personId", case when t.per = 'affiliation' then o.affiliation_id end as "affiliationId",
       o.external_id as "externalId", o.content ->> 'username' as username, o.made_at as since
     from provisioning_order o join account_type t on t.id = o.account_type_id and t.source = $1
     where o.action = 'create' and o.state = 'done'`,
    [source],
  )
  const accounts = await linkOrderedAccounts(tx, source, ordered, { now, runId })
  return accounts.length === 0 ? [] : linkAccounts(tx, 'select unnest($1::uuid[])', [accounts], { now, runId })
}
