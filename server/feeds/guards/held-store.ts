import type { Tx } from '../../platform/unit-of-work.ts'

/** A held change that no longer fits what is known of its record. */
export type Overtaken = {
  n: number
  kind: string
  key: string
  op: string
  why: 'changed' | 'came-back' | 'is-there' | 'is-gone'
}

/**
 * The plan computed again for the chosen items: does each still lead from what is known of the record now? Numbers that
 * are encrypted under a newer key are the same numbers.
 */
export async function overtaken(tx: Tx, planId: string, items: readonly number[]): Promise<Overtaken[]> {
  return tx.query<Overtaken>(
    `with held as (
       select i.n, i.kind, i.key, i.op, i.before - '{cprSealed,cprHash}'::text[] as was,
         r.key is not null and r.gone_at is null as there, r.missing_since,
         r.payload - '{cprSealed,cprHash}'::text[] as now, coalesce(f.mode, 'full') as mode
       from plan_item i
       join plan p on p.id = i.plan_id
       left join feed_run f on f.id = p.cause_id
       left join source_record r on r.source = p.subject and r.kind = i.kind and r.key = i.key
       where i.plan_id = $1 and i.n = any($2::int[])
     ), judged as (
       select n, kind, key, op, case
         when op in ('add', 'return') then case when there then 'is-there' end
         when not there then 'is-gone'
         when now is distinct from was then 'changed'
         -- What a complete read missed must still be missing; a list of changes has said itself that it is gone.
         when op = 'gone' and mode = 'full' and missing_since is null then 'came-back'
       end as why from held
     )
     select * from judged where why is not null order by n`,
    [planId, items],
  )
}

/** Did this person change the declaration of the source since the read before this run was let in? */
export async function changedSource(tx: Tx, runId: string, userId: string): Promise<boolean> {
  const [row] = await tx.query<{ changed: boolean }>(
    `select exists (
       select from source_version v where v.source = r.source and v.by = $2 and v.at <= r.started_at
         and v.at > coalesce((
           select max(e.started_at) from feed_run e where e.source = r.source and e.started_at < r.started_at
             and e.state = 'done' and not e.dry_run), '-infinity')
     ) as changed from feed_run r where r.id = $1`,
    [runId, userId],
  )
  return row?.changed ?? false
}

/** The run that has taken this one's place: the newest of the source that waits, if it is another. */
export async function newerHeldRun(tx: Tx, source: string, runId: string): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `select r.id from feed_run r where r.source = $1 and r.state = 'held' and r.id <> $2
       and r.started_at > (select started_at from feed_run where id = $2)
     order by r.started_at desc limit 1`,
    [source, runId],
  )
  return row?.id ?? null
}

/** Runs of a source whose held changes a newer complete read has taken over: nothing waits in them any more. */
export async function closeReplaced(tx: Tx, source: string, runId: string): Promise<void> {
  await tx.query(`update feed_run set state = 'done' where source = $1 and id <> $2 and state = 'held'`, [
    source,
    runId,
  ])
}
