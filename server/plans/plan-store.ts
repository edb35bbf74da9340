import type { Tx } from '../platform/unit-of-work.ts'
import type { ChangeCount } from './decide-guards.ts'
import type { HeldBack, PlanItem, PlanState } from './plan.ts'

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
}

const HASH = `encode(sha256(coalesce(string_agg(
  convert_to(kind || ' ' || key || ' ' || op || ' ', 'UTF8') || coalesce(hash, ''::bytea), ''::bytea order by kind, key), ''::bytea)), 'hex')`

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
       decided_by as "decidedBy"
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

/** Hold back what the guards name, and seal the plan: its hash is the hash of the diff, so an approval fits one diff only. */
export async function sealPlan(
  tx: Tx,
  planId: string,
  held: readonly HeldBack[],
): Promise<{ hash: string; heldHash: string | null }> {
  for (const { kind, op, part, guard } of held)
    await tx.query(
      `update plan_item set state = 'held', guard = $5
       where plan_id = $1 and kind = $2 and op = $3 and ($4::text is null or part = $4) and state = 'planned'`,
      [planId, kind, op, part, guard],
    )
  const [row] = await tx.query<{ hash: string; heldHash: string | null }>(
    `update plan set state = 'open', held = $2,
       hash = (select ${HASH} from plan_item where plan_id = $1),
       held_hash = (select case when count(*) > 0 then ${HASH} end from plan_item where plan_id = $1 and state = 'held')
     where id = $1 returning hash, held_hash as "heldHash"`,
    [planId, JSON.stringify(held)],
  )
  return row!
}

export async function setPlanState(tx: Tx, planId: string, state: PlanState): Promise<void> {
  await tx.query('update plan set state = $2 where id = $1', [planId, state])
}

/** A person's word on what was held back: it becomes planned again, or rejected for good. */
export async function decideHeld(
  tx: Tx,
  planId: string,
  decision: { approve: boolean; by: string; reason: string | null },
): Promise<number> {
  const items = await tx.query(`update plan_item set state = $2 where plan_id = $1 and state = 'held' returning n`, [
    planId,
    decision.approve ? 'planned' : 'rejected',
  ])
  await tx.query(
    `update plan set state = $2, decided_at = clock_timestamp(), decided_by = $3, reason = $4 where id = $1`,
    [planId, decision.approve ? 'applying' : 'rejected', decision.by, decision.reason],
  )
  return items.length
}

/** Earlier plans of the same subject that still wait: the newer plan has taken their place. */
export async function staleEarlier(tx: Tx, kind: string, subject: string, except: string): Promise<void> {
  await tx.query(
    `update plan set state = 'stale' where kind = $1 and subject = $2 and id <> $3 and state in ('open', 'held', 'applying')`,
    [kind, subject, except],
  )
}

export async function nextItems(tx: Tx, planId: string, kind: string, limit: number): Promise<PlanItem[]> {
  return tx.query<PlanItem>(
    `select n, kind, key, op, part, before, after, subject_id as "subjectId" from plan_item
     where plan_id = $1 and kind = $2 and state = 'planned' order by n limit $3`,
    [planId, kind, limit],
  )
}

export async function markApplied(tx: Tx, planId: string, numbers: readonly number[]): Promise<void> {
  await tx.query(`update plan_item set state = 'applied' where plan_id = $1 and n = any($2::int[])`, [planId, numbers])
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
