import type { Tx } from '../platform/unit-of-work.ts'
import type { ChangeCount } from './decide-guards.ts'
import type { Decision, HeldBack, Hold, PlanItem, PlanState } from './plan.ts'

export type PlanRow = {
  id: string
  kind: string
  subject: string
  causeId: string | null
  state: PlanState
  hash: string
  heldHash: string | null
  held: HeldBack[]
  createdBy: string | null
  decidedBy: string | null
  heldSince: Date | null
  expiresAt: Date | null
  decisions: Decision[]
}

const HASH = `encode(sha256(coalesce(string_agg(
  convert_to(kind || ' ' || key || ' ' || op || ' ', 'UTF8') || coalesce(hash, ''::bytea), ''::bytea order by kind, key), ''::bytea)), 'hex')`

const HELD_HASH = `case when count(*) > 0 then ${HASH} end`

export async function createPlan(
  tx: Tx,
  plan: { id: string; kind: string; subject: string; causeId: string | null; createdBy: string | null },
): Promise<void> {
  await tx.query(
    `insert into plan (id, kind, subject, cause_id, state, hash, created_by) values ($1, $2, $3, $4, 'open', '', $5)`,
    [plan.id, plan.kind, plan.subject, plan.causeId, plan.createdBy],
  )
}

export async function readPlan(tx: Tx, planId: string): Promise<PlanRow | null> {
  const [row] = await tx.query<PlanRow>(
    `select id, kind, subject, cause_id as "causeId", state, hash, held_hash as "heldHash", held, created_by as "createdBy",
       decided_by as "decidedBy", held_since as "heldSince", expires_at as "expiresAt", decisions
     from plan where id = $1`,
    [planId],
  )
  return row ?? null
}

export async function countChanges(tx: Tx, planId: string): Promise<ChangeCount[]> {
  return tx.query<ChangeCount>(
    `select kind, op, part, count(*) as count from plan_item where plan_id = $1 group by kind, op, part`,
    [planId],
  )
}

/**
 * Hold back what the guards name, and seal the plan: its hash is the hash of the diff, so an approval fits one diff only.
 * What an earlier plan of the same subject holds in the very same way waits since then, and expires with it.
 */
export async function sealPlan(
  tx: Tx,
  planId: string,
  holds: readonly Hold[],
  expireDays = 7,
): Promise<{ hash: string; heldHash: string | null }> {
  for (const { kind, op, part, guard, cause, items } of holds)
    if (items)
      await tx.query(
        `update plan_item set state = 'held', guard = $3, cause = $4
         where plan_id = $1 and n = any($2::int[]) and state = 'planned'`,
        [planId, items, guard, cause],
      )
    else
      await tx.query(
        `update plan_item set state = 'held', guard = $5, cause = $6
         where plan_id = $1 and kind = $2 and op = $3 and ($4::text is null or part = $4) and state = 'planned'`,
        [planId, kind, op, part, guard, cause],
      )
  const held: HeldBack[] = holds.map(({ items: _, ...one }) => one)
  const [row] = await tx.query<{ hash: string; heldHash: string | null }>(
    `update plan set state = 'open', held = $2,
       hash = (select ${HASH} from plan_item where plan_id = $1),
       held_hash = (select ${HELD_HASH} from plan_item where plan_id = $1 and state = 'held')
     where id = $1 returning hash, held_hash as "heldHash"`,
    [planId, JSON.stringify(held)],
  )
  if (row!.heldHash !== null)
    await tx.query(
      `update plan p set held_since = coalesce(e.held_since, p.created_at),
         expires_at = coalesce(e.held_since, p.created_at) + make_interval(days => $2)
       from (select 1) one left join lateral (
         select o.held_since from plan o, plan me where me.id = $1 and o.kind = me.kind and o.subject = me.subject
           and o.id <> me.id and o.state = 'held' and o.held_hash = me.held_hash
         order by o.created_at desc limit 1) e on true
       where p.id = $1`,
      [planId, expireDays],
    )
  return row!
}

export async function setPlanState(tx: Tx, planId: string, state: PlanState): Promise<void> {
  await tx.query('update plan set state = $2 where id = $1', [planId, state])
}

/** Which of the held items somebody decides on: causes, item numbers, or (neither) all but what is always held. */
export type Chosen = { causes?: readonly string[] | undefined; rows?: readonly number[] | undefined }

/** The held items that are meant, with what they were compared with. */
export async function heldItems(tx: Tx, planId: string, chosen: Chosen): Promise<PlanItem[]> {
  const all = !chosen.causes && !chosen.rows
  return tx.query<PlanItem>(
    `select i.n, i.kind, i.key, i.op, i.part, i.before, i.after, i.subject_id as "subjectId" from plan_item i
     where i.plan_id = $1 and i.state = 'held' and (i.cause = any($2::text[]) or i.n = any($3::int[]) or $4 and not exists (
       select from plan p, jsonb_array_elements(p.held) h
       where p.id = i.plan_id and h ->> 'cause' = i.cause and h ->> 'alwaysOn' = 'true'))
     order by i.n`,
    [planId, chosen.causes ?? [], chosen.rows ?? [], all],
  )
}

/** A person's word on held items: they become planned again, or rejected for good. Returns how many still wait. */
export async function decideHeld(
  tx: Tx,
  planId: string,
  items: readonly number[],
  decision: { approve: boolean; by: string; reason: string | null },
): Promise<number> {
  await tx.query(`update plan_item set state = $3 where plan_id = $1 and n = any($2::int[]) and state = 'held'`, [
    planId,
    items,
    decision.approve ? 'planned' : 'rejected',
  ])
  const [row] = await tx.query<{ left: number }>(
    `update plan set decided_at = clock_timestamp(), decided_by = $2, reason = $3,
       decisions = decisions || jsonb_build_object('by', $2::text, 'at', clock_timestamp(), 'approved', $4::boolean,
         'items', $5::int, 'reason', $3::text),
       held_hash = (select ${HELD_HASH} from plan_item where plan_id = $1 and state = 'held')
     where id = $1
     returning (select count(*) from plan_item where plan_id = $1 and state = 'held')::int as left`,
    [planId, decision.by, decision.reason, decision.approve, items.length],
  )
  const left = row?.left ?? 0
  await setPlanState(tx, planId, decision.approve ? 'applying' : left > 0 ? 'held' : 'rejected')
  return left
}

/** Held items that no longer fit what is known are put aside: a new read says what is to be done about them. */
export async function setAside(tx: Tx, planId: string, items: readonly number[]): Promise<void> {
  await tx.query(`update plan_item set state = 'stale' where plan_id = $1 and n = any($2::int[]) and state = 'held'`, [
    planId,
    items,
  ])
  await tx.query(
    `update plan set held_hash = (select ${HELD_HASH} from plan_item where plan_id = $1 and state = 'held') where id = $1`,
    [planId],
  )
}

/** Plans of a kind that have waited too long: nobody may let them through any more. Returns what caused them. */
export async function expirePlans(tx: Tx, kind: string, now: Date): Promise<{ id: string; causeId: string }[]> {
  const rows = await tx.query<{ id: string; causeId: string }>(
    `update plan set state = 'stale' where kind = $1 and state = 'held' and expires_at <= $2
     returning id, cause_id as "causeId"`,
    [kind, now],
  )
  if (rows.length > 0)
    await tx.query(`update plan_item set state = 'stale' where plan_id = any($1::uuid[]) and state = 'held'`, [
      rows.map(row => row.id),
    ])
  return rows
}

/** Earlier plans of the same subject that still wait: the newer plan has taken their place. */
export async function staleEarlier(tx: Tx, kind: string, subject: string, except: string): Promise<void> {
  await tx.query(
    `update plan set state = 'stale' where kind = $1 and subject = $2 and id <> $3 and state in ('open', 'held', 'applying')`,
    [kind, subject, except],
  )
}

/**
 * The next items in their order: at most `limit`, and no more than `bytes` as they are stored, though always one. A group of
 * a whole municipality is as large as thousands of people. `more`: there may be others after them.
 */
export async function nextItems(
  tx: Tx,
  planId: string,
  kind: string,
  { limit, bytes }: { limit: number; bytes: number },
): Promise<{ items: PlanItem[]; more: boolean }> {
  const rows = await tx.query<PlanItem & { found: number }>(
    `with next as (
       select n, kind, key, op, part, before, after, subject_id,
         coalesce(pg_column_size(before), 0) + coalesce(pg_column_size(after), 0) as size
       from plan_item where plan_id = $1 and kind = $2 and state = 'planned' order by n limit $3
     ), counted as (
       -- Counted in passing: joined to itself, a batch of which the planner knows nothing costs its square.
       select next.*, sum(size) over (order by n rows unbounded preceding) - size as ahead, count(*) over () as found
       from next
     )
     select n, kind, key, op, part, before, after, subject_id as "subjectId", found from counted
     where ahead < $4 order by n`,
    [planId, kind, limit, bytes],
  )
  return {
    items: rows.map(({ found: _, ...item }) => item),
    more: rows.length === limit || rows.length < (rows[0]?.found ?? 0),
  }
}

export async function markApplied(tx: Tx, planId: string, numbers: readonly number[]): Promise<void> {
  await tx.query(`update plan_item set state = 'applied' where plan_id = $1 and n = any($2::int[])`, [planId, numbers])
}

/** The next items as the temporary table `batch_item`, for who carries them out in the database. Answers how many. */
export async function stageBatch(tx: Tx, planId: string, kind: string, limit: number): Promise<number> {
  await tx.query(
    `create temporary table batch_item on commit drop as
     select n, key, op, part, hash, seen_hash, before, after from plan_item
     where plan_id = $1 and kind = $2 and state = 'planned' order by n limit $3`,
    [planId, kind, limit],
  )
  const [row] = await tx.query<{ n: number }>('select count(*)::int as n from batch_item')
  return row?.n ?? 0
}

export async function markBatchApplied(tx: Tx, planId: string): Promise<void> {
  await tx.query(`update plan_item i set state = 'applied' from batch_item b where i.plan_id = $1 and i.n = b.n`, [
    planId,
  ])
}

/** How much a plan has to carry out in all, and how much of it stands already (after an interruption). */
export async function planSize(tx: Tx, planId: string): Promise<{ applied: number; total: number }> {
  const [row] = await tx.query<{ applied: number; total: number }>(
    `select count(*) filter (where state = 'applied') as applied, count(*) as total
     from plan_item where plan_id = $1 and state in ('planned', 'applied')`,
    [planId],
  )
  return row ?? { applied: 0, total: 0 }
}
