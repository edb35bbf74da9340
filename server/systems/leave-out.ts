import type { CorrelationSettings } from '../feeds/sources/correlation-settings.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { belowOu, FITS, likeOf } from './classify-accounts.ts'
import { readCorrelation } from './find-candidates.ts'

type Settings = ReadonlyMap<string, Pick<CorrelationSettings, 'outOfScope'>>

/** SQL over `account` under the alias: does its feed mark it, or do the settings of its source ($1) leave it out? */
const MARKED = (a: string): string => `(${a}.feed_out_of_scope or exists (
  select from json_to_recordset($1::json) as r(source text, "like" text, below text, unlike text) where ${FITS(a)}))`

/** SQL that is true of an account about which a person has decided whose it is, or that nobody follows it. */
const DECIDED = (id: string): string => `exists (select from account_link d where d.account_id = ${id}
  and d.until is null and d.decided_by = 'person' and d.verdict <> 'not')`

/**
 * Accounts in the temporary table `link_scope` that their source says are not to be followed: by a mark on the entry, or
 * because the settings of the source leave out such user names or everything below an OU. That is kept as a link of its
 * own, with the run that saw it, and ends when the source does not say it any longer; what a rule took such an account
 * for ends with it, and is looked for anew afterwards. What a person has decided stands above it.
 */
export async function leaveOut(
  tx: Tx,
  settings: Settings,
  { now, runId }: { now: Date; runId: string | null },
): Promise<void> {
  await tx.query(
    `with marked as materialized (
       select a.id from link_scope s join account a on a.id = s.account_id where ${MARKED('a')}
     ), back as (
       update account_link k set until = $2 from link_scope s
       where k.account_id = s.account_id and k.until is null and k.verdict = 'out-of-scope' and k.decided_by = 'rule'
         and not exists (select from marked m where m.id = k.account_id)
     ), unlinked as (
       update account_link k set until = $2 from marked m
       where k.account_id = m.id and k.until is null and k.verdict = 'is' and k.decided_by = 'rule'
         and not ${DECIDED('m.id')}
     )
     insert into account_link (id, account_id, verdict, decided_by, evidence, confidence, run_id, since)
     select gen_random_uuid(), m.id, 'out-of-scope', 'rule', 'source', 100, $3, $2 from marked m
     where not ${DECIDED('m.id')} and not exists (
       select from account_link k where k.account_id = m.id and k.until is null and k.verdict = 'out-of-scope')`,
    [marksOf(settings), now, runId],
  )
}

/**
 * Accounts of a source that it leaves out by its settings of today and did not before, or the other way round: a change of
 * settings changes no record, so that nothing else would ask. Looks at every account of the source.
 */
export async function leftOutOtherwise(tx: Tx, source: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select a.id from account a where a.source = $2 and a.situation <> 'gone' and not ${DECIDED('a.id')}
       and ${MARKED('a')} <> exists (select from account_link k where k.account_id = a.id and k.until is null
         and k.verdict = 'out-of-scope' and k.decided_by = 'rule')`,
    [marksOf(await readCorrelation(tx, [source])), source],
  )
  return rows.map(row => row.id)
}

/** The settings as the rows that `MARKED` takes apart. */
function marksOf(settings: Settings): string {
  return JSON.stringify(
    [...settings].flatMap(([source, { outOfScope }]) => [
      ...outOfScope.usernames.map(pattern => ({ source, like: likeOf(pattern) })),
      ...outOfScope.below.map(ou => {
        const { like, unlike } = belowOu(ou)
        return { source, below: like, unlike }
      }),
    ]),
  )
}
