import type { SinkContext } from '../platform/feed-record.ts'
import { linkAccounts } from './link-accounts.ts'
import { observeRights } from './observe-rights.ts'

/** Whose comparison of expected with observed a run may have changed. */
export type Touched = string[] | 'all'

/**
 * What a run means for systems: their owners, whose the accounts are, and which rights are held. A run that changed
 * people or employments concerns the accounts of every source, since an employee number may lead to them only now; one
 * that changed nothing is done at once.
 */
export async function settleRun(ctx: Pick<SinkContext, 'tx' | 'source' | 'runId' | 'now'>): Promise<Touched> {
  const { tx } = ctx
  const [changed] = await tx.query<{ some: boolean; people: boolean; rights: boolean; accounts: string[] }>(
    `select count(*) > 0 as some, coalesce(bool_or(r.kind in ('person', 'affiliation')), false) as people,
       coalesce(bool_or(r.kind = 'entitlement'), false) as rights,
       coalesce(array_agg(distinct a.person_id) filter (where a.person_id is not null), '{}') as accounts
     from source_record r left join account a on r.kind = 'account' and a.id = r.subject_id
     where r.source = $1 and r.run_id = $2`,
    [ctx.source, ctx.runId],
  )
  // Who has lost the only account of a source misses nothing there any more, whether or not it held a right.
  const touched = new Set<string>(changed?.accounts)
  if (changed?.some) {
    await linkSystemOwners(ctx)
    const sources = changed.people
      ? (await tx.query<{ source: string }>('select distinct source from account')).map(row => row.source)
      : [ctx.source]
    for (const source of sources) for (const person of await linkAccounts(tx, source)) touched.add(person)
  }
  const observed = await observeRights(tx, ctx.now, ctx.runId)
  // A right may have become one over protected data, or belong to another system.
  if (observed.mappingChanged || changed?.rights) return 'all'
  for (const person of observed.people) touched.add(person)
  return [...touched]
}

/** Owners are named by affiliation key; they may come from another source, before or after the system. */
async function linkSystemOwners({ tx }: Pick<SinkContext, 'tx'>): Promise<void> {
  await tx.query(
    `update it_system s set owner_affiliation_id = r.subject_id
     from source_record r
     where r.kind = 'affiliation' and r.key = s.owner_key and r.subject_id is not null
       and s.owner_affiliation_id is distinct from r.subject_id`,
  )
}
