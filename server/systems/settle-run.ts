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
  const [changed] = await tx.query<{ some: boolean; people: boolean }>(
    `select count(*) > 0 as some, coalesce(bool_or(kind in ('person', 'affiliation')), false) as people
     from source_record where source = $1 and run_id = $2`,
    [ctx.source, ctx.runId],
  )
  const touched = new Set<string>()
  if (changed?.some) {
    await linkSystemOwners(ctx)
    const sources = changed.people
      ? (await tx.query<{ source: string }>('select distinct source from account')).map(row => row.source)
      : [ctx.source]
    for (const source of sources) for (const person of await linkAccounts(tx, source)) touched.add(person)
  }
  const observed = await observeRights(tx, ctx.now, ctx.runId)
  if (observed.mappingChanged) return 'all'
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
