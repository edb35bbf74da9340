import { findPersonMatches } from '../people/match-store.ts'
import type { SinkContext } from '../platform/feed-record.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { linkReferences } from './catalogue/link-references.ts'
import { leftOutOtherwise } from './leave-out.ts'
import { linkAccounts } from './link-accounts.ts'
import { observeRights } from './observe-rights.ts'

/** Whose comparison of expected with observed a run may have changed. */
export type Touched = string[] | 'all'

/**
 * What a run means for systems: their owners, whose the accounts are, and which rights are held. A run that changed
 * people or employments concerns the accounts of every source, since an employee number may lead to them only now; one
 * that changed nothing is done at once.
 */
export async function settleRun(ctx: Pick<SinkContext, 'tx' | 'source' | 'runId' | 'now' | 'mode'>): Promise<Touched> {
  const { tx } = ctx
  const [changed] = await tx.query<{
    some: boolean
    people: boolean
    owners: boolean
    rights: boolean
    leaves: boolean
    accounts: string[]
  }>(
    `select count(*) > 0 as some, coalesce(bool_or(r.kind in ('person', 'affiliation')), false) as people,
       coalesce(bool_or(r.kind in ('system', 'affiliation', 'unit')), false) as owners,
       coalesce(bool_or(r.kind = 'entitlement'), false) as rights,
       exists (select from source s where s.key = $1
           and jsonb_path_exists(s.declaration, '$.correlation.outOfScope.*[*]'))
         or exists (select from account_link k join account o on o.id = k.account_id where o.source = $1
           and k.until is null and k.verdict = 'out-of-scope' and k.decided_by = 'rule') as leaves,
       coalesce(array_agg(distinct a.person_id) filter (where a.person_id is not null), '{}') as accounts
     from source_record r left join account a on r.kind in ('account', 'held') and a.id = r.subject_id
     where r.source = $1 and r.run_id = $2`,
    [ctx.source, ctx.runId],
  )
  // Who has lost the only account of a source misses nothing there any more, whether or not it held a right.
  const touched = new Set<string>(changed?.accounts)
  if (changed?.some) {
    if (changed.owners) await linkReferences(tx, null)
    const scope = changed.people ? `${OF_ACCOUNTS} union ${OF_PEOPLE}` : OF_ACCOUNTS
    for (const person of await linkAccounts(tx, scope, [ctx.source, ctx.runId], ctx)) touched.add(person)
    if (changed.people) await findPersonMatches(tx, ctx)
  }
  // Looking at all accounts costs what they are, not what has changed: with a full read only.
  if (ctx.mode === 'full' && changed?.leaves) {
    const other = await leftOutOtherwise(tx, ctx.source)
    if (other.length > 0)
      for (const person of await linkAccounts(tx, 'select unnest($1::uuid[])', [other], ctx)) touched.add(person)
  }
  await noteSituations(tx, ctx)
  const observed = await observeRights(tx, ctx.now, ctx.runId)
  // A right may have become one over protected data, or belong to another system.
  if (observed.mappingChanged || changed?.rights) return 'all'
  for (const person of observed.people) touched.add(person)
  return [...touched]
}

/** Accounts that the run itself has changed. */
const OF_ACCOUNTS = `select subject_id from source_record
  where source = $1 and run_id = $2 and kind = 'account' and subject_id is not null`

/**
 * Accounts that changed people concern: theirs; those that name their number or record; and those that nobody is behind
 * yet and that can be compared by more than a number.
 */
const OF_PEOPLE = `(
  with changed as (
    select kind, key, subject_id from source_record where source = $1 and run_id = $2 and kind in ('person', 'affiliation')
  ), people as (
    select coalesce(p.merged_into, p.id) as id from changed c join person p on p.id = c.subject_id where c.kind = 'person'
    union select f.person_id from changed c join affiliation f on f.id = c.subject_id where c.kind = 'affiliation'
  )
  select a.id from people p join account a on a.person_id = p.id
  union
  select k.account_id from people p join person i on i.id = p.id or i.merged_into = p.id
  join account_link k on k.person_id = i.id and k.until is null
  union
  select a.id from people p join affiliation_current ac on ac.person_id = p.id
  join account a on a.employee_no = ac.employee_no where ac.employee_no is not null
  union
  select a.id from account a where a.situation in ('unlinked', 'unmatched', 'disputed') and (a.comparable
    or a.source in (select key from source where declaration -> 'correlation' -> 'by' is not null)
    or a.source = $1 and a.person_key in (select key from changed where kind = 'person')))`

/**
 * How many accounts stand in which situation, kept with the run: all of the source after a full read; after a list of
 * changes those that it has changed, for counting the others would cost what they are.
 */
async function noteSituations(
  tx: Tx,
  { source, runId, mode }: Pick<SinkContext, 'source' | 'runId' | 'mode'>,
): Promise<void> {
  await tx.query(
    `with counted as (
       select situation, count(*) as n, count(*) filter (where found_linked) as found,
         count(*) filter (where out_of_scope) as out, count(*) filter (where kind <> 'personal') as protected
       from account where source = $1 ${mode === 'full' ? '' : `and id in (${OF_ACCOUNTS})`} group by situation
     )
     update feed_run set situations = (
       select jsonb_object_agg(situation, n) || jsonb_build_object('foundLinked', sum(found), 'outOfScope', sum(out),
         'protected', sum(protected)) from counted)
     where id = $2 and exists (select from counted)`,
    [source, runId],
  )
}
