import { noteDue } from '../../findings/due-store.ts'
import { syncFindings } from '../../findings/finding-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { CHANGED_SYSTEMS, MANY_CHANGED } from '../purposes/changed-now.ts'
import { accountFindings, accountsOf, licenceFindings, type People, rightFindings } from './drift-kinds.ts'

/** Brings findings up to date for people whose rights were compared anew; called where that is done, in its transaction. */
export async function syncPeople(tx: Tx, people: People): Promise<void> {
  await syncFindings(tx, { ...rightFindings(people), among: people })
  const accounts = accountFindings(accountsOf(people), people === 'all' ? [] : [people])
  await syncFindings(tx, { ...accounts, among: people })
  await syncFindings(tx, { ...licenceFindings, among: people })
  await noteDue(tx, people, people === 'all' || people.length > MANY_CHANGED ? undefined : CHANGED_SYSTEMS)
  // An outlier is found by comparing everybody with everybody, at night; that it is gone is seen at once.
  if (people !== 'all')
    await tx.query(
      `update finding f set state = 'closed', closed_at = now()
       where f.closed_at is null and f.code = 'outlier' and f.person_id = any($1) and not exists (
         select from account acc join observed_right o on o.account_id = acc.id and o.entitlement_id = f.object_id
         where acc.person_id = f.person_id and acc.gone_at is null)`,
      [people],
    )
}

/** The same for accounts that something was decided or read of. */
export const syncAccounts = (tx: Tx, accounts: readonly string[]): Promise<void> =>
  syncFindings(tx, accountFindings('select unnest($1::uuid[])', [accounts]))

/** Of licences as such, which belong to nobody: where a cap, or how it is counted, is another than before. */
export const syncLicences = (tx: Tx): Promise<void> => syncFindings(tx, licenceFindings)

/**
 * What a change of rights by id means for accounts that hold them, and for their caps. People are compared of themselves;
 * an account that several use, or nobody is behind, comes with no person.
 */
export async function syncRights(tx: Tx, rights: readonly string[]): Promise<void> {
  await syncFindings(
    tx,
    accountFindings(
      `select a.id from observed_right o join account a on a.id = o.account_id and a.person_id is null where o.entitlement_id = any($1)
       union select subject_id from finding where closed_at is null and code = 'dormant' and object_id = any($1) and person_id is null
       union select subject_id from finding where closed_at is null and code = 'shared' and person_id is null`,
      [rights],
    ),
  )
  await syncLicences(tx)
}

/** For all accounts: what rules about kinds of accounts change is not known account by account. */
export const syncAllAccounts = (tx: Tx): Promise<void> => syncFindings(tx, accountFindings(accountsOf('all'), []))

/**
 * Accounts that a run has read anew, or whose rights it has, or found in another situation. Those of people whose state has
 * changed come with the people, and licences with them; those that accounts of nobody hold are counted here.
 */
export async function syncRun(tx: Tx, run: { source: string; runId: string; now: Date }): Promise<void> {
  await syncFindings(
    tx,
    accountFindings(
      `select subject_id from source_record
         where source = $1 and run_id = $2 and kind in ('account', 'held') and subject_id is not null
       union select id from account where situation in ('unlinked', 'unmatched', 'disputed') and situation_since >= $3
       -- What a shared account can do changes with its groups, while the account is as it was.
       union select a.id from account a join observed_right o on o.account_id = a.id where a.kind = 'shared' and o.run_id = $2
       union select subject_id from finding where closed_at is null and code = 'shared' and cause like 'sensitive:%'`,
      [run.source, run.runId, run.now],
    ),
  )
  await syncLicences(tx)
}
