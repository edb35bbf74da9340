import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { type LinkRun, lockLinks } from './link-accounts.ts'

/** An account that was asked for: what the target called it, or the user name that was given for it, and for whom. */
export type OrderedAccount = {
  personId: string
  affiliationId: string | null
  externalId: string | null
  username: string | null
  /** It was not there before this. */
  since: Date
}

/**
 * Accounts of a source that came because they were ordered belong to whom they were ordered for: we gave the name, and
 * nobody had it. Only accounts that nobody is behind and that were first seen after the order; what a person has said
 * about an account stands. Answers the accounts, for `linkAccounts`, which works out the rest.
 */
export async function linkOrderedAccounts(
  tx: Tx,
  source: string,
  ordered: readonly OrderedAccount[],
  run: LinkRun,
): Promise<string[]> {
  if (ordered.length === 0) return []
  await lockLinks(tx)
  const found = await tx.query<{ account: string; person: string; affiliation: string | null }>(
    `select distinct on (a.id) a.id as account, o."personId" as person, o."affiliationId" as affiliation
     from jsonb_to_recordset($2::jsonb)
       as o ("personId" uuid, "affiliationId" uuid, "externalId" text, username text, since timestamptz)
     join account a on a.source = $1 and a.gone_at is null and a.kind = 'personal' and a.first_seen_at >= o.since
       and (a.key = o."externalId" or lower(a.username) = lower(o.username))
     where not exists (select from account_link k where k.account_id = a.id and (k.until is null or k.verdict = 'not'))
     order by a.id, (a.key = o."externalId") desc nulls last, o.since desc`,
    [source, JSON.stringify(ordered)],
  )
  if (found.length === 0) return []
  await tx.query(
    `insert into account_link (id, account_id, verdict, person_id, affiliation_id, decided_by, evidence, confidence, run_id, since)
     select id, account, 'is', person, affiliation, 'rule', 'ordered', 100, $2, $3
     from jsonb_to_recordset($1::jsonb) as r (id uuid, account uuid, person uuid, affiliation uuid)`,
    [JSON.stringify(found.map(one => ({ id: newId(run.now.getTime()), ...one }))), run.runId, run.now],
  )
  return found.map(one => one.account)
}
