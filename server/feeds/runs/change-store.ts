import type { ChangeCount } from '../../plans/decide-guards.ts'
import { setAside } from '../../plans/plan-store.ts'
import type { Json } from '../../platform/feed-record.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Standing } from './read-mode.ts'

export async function standingOf(tx: Tx, source: string): Promise<Standing> {
  const [row] = await tx.query<Standing>(
    `select change_state as state, complete_at as "completeAt" from source where key = $1`,
    [source],
  )
  return row ?? { state: null, completeAt: null }
}

/** After a full read: where changes go on from; null where the source could not say. */
export async function noteFullState(tx: Tx, source: string, runId: string, state: Json | null): Promise<void> {
  await tx.query('update source set change_state = $3, change_run = $2, changes_at = null where key = $1', [
    source,
    runId,
    state === null ? null : JSON.stringify(state),
  ])
}

/**
 * After changes were read: in the transaction in which they are planned, so that a state never runs ahead of its plan.
 * It does when a guard holds changes back: their plan is stored, and what becomes of it (rejected, outdated) is found
 * again by the next full comparison.
 */
export async function noteChangesRead(
  tx: Tx,
  read: { source: string; runId: string; state: Json; now: Date },
): Promise<void> {
  await tx.query('update source set change_state = $3, change_run = $2, changes_at = $4 where key = $1', [
    read.source,
    read.runId,
    JSON.stringify(read.state),
    read.now,
  ])
}

/** Units that one of these manages: the directory forgets a manager who is deleted without a word about the unit. */
export async function unitsManagedBy(tx: Tx, source: string, keys: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    `select key from source_record
     where source = $1 and kind = 'unit' and gone_at is null and payload ->> 'manager' = any($2::text[])`,
    [source, keys],
  )
  return rows.map(row => row.key)
}

/**
 * What deltas have taken away since the last complete read: many small bites count as one, or a guard that lets
 * twenty-five leave per run would let them leave every half minute.
 */
export async function goneSinceComplete(tx: Tx, source: string, runId: string): Promise<ChangeCount[]> {
  return tx.query<ChangeCount>(
    `select kind.key as kind, 'gone' as op, null as part, sum((kind.value ->> 'gone')::int)::int as count
     from source s
     join feed_run r on r.source = s.key and r.started_at >= s.complete_at
     cross join lateral jsonb_each(r.counts) as kind
     where s.key = $1 and r.mode = 'changes' and r.id <> $2 and not r.dry_run and r.plan_id is not null
       and (kind.value ->> 'gone')::int > 0
     group by kind.key`,
    [source, runId],
  )
}

/**
 * Changes held back earlier about records that are looked at again. The very same change waits already and is not planned
 * a second time, or it would slip through by itself what is held with the others. Another one takes its place: the
 * earlier is put aside, its plan closed when nothing of it is left. Answers how many changes of this plan remain.
 */
export async function settleWaiting(
  tx: Tx,
  plan: { id: string; runId: string; source: string; items: number },
): Promise<number> {
  const waiting = await tx.query<{ planId: string; n: number; same: boolean }>(
    `select i.plan_id as "planId", i.n,
       coalesce(case when i.op = 'gone' then s.mark is not null else s.hash = i.hash end, false) as same
     from plan p
     join plan_item i on i.plan_id = p.id and i.state = 'held'
     join feed_stage s on s.run_id = $3 and s.kind = i.kind and s.key = i.key and (s.hash is not null or s.mark is not null)
     where p.kind = 'feed' and p.subject = $1 and p.state = 'held' and p.id <> $2`,
    [plan.source, plan.id, plan.runId],
  )
  if (waiting.length === 0) return plan.items
  const again = await tx.query(
    `delete from plan_item now using plan p, plan_item i
     where now.plan_id = $2 and p.kind = 'feed' and p.subject = $1 and p.state = 'held' and p.id <> $2
       and i.plan_id = p.id and i.state = 'held' and i.kind = now.kind and i.key = now.key and i.op = now.op
       and i.hash is not distinct from now.hash
     returning now.n`,
    [plan.source, plan.id],
  )
  const outdated = Map.groupBy(
    waiting.filter(one => !one.same),
    one => one.planId,
  )
  for (const [planId, items] of outdated)
    await setAside(
      tx,
      planId,
      items.map(item => item.n),
    )
  await tx.query(
    `with emptied as (
       update plan set state = 'stale' where id = any($1::uuid[]) and held_hash is null returning id
     )
     update feed_run set state = 'done' where state = 'held' and plan_id in (select id from emptied)`,
    [[...outdated.keys()]],
  )
  return plan.items - again.length
}

/** A plan in which nothing differs is none. */
export async function dropPlan(tx: Tx, planId: string): Promise<void> {
  await tx.query('delete from plan where id = $1', [planId])
}

/** Runs of the clock that read changes and found none: one a minute, and nobody looks at them after a day. */
export async function removeIdleRuns(tx: Tx, before: Date): Promise<number> {
  const rows = await tx.query(
    `delete from feed_run r where r.mode = 'changes' and r.trigger = 'schedule' and r.state = 'done' and r.plan_id is null
       and r.rejected = 0 and r.started_at < $1
       and not exists (select from source s where s.key = r.source and s.change_run = r.id)
     returning id`,
    [before],
  )
  return rows.length
}

export async function someQuickerThan(tx: Tx, seconds: number): Promise<boolean> {
  const rows = await tx.query('select 1 from source where declared and schedule_seconds < $1 limit 1', [seconds])
  return rows.length > 0
}
