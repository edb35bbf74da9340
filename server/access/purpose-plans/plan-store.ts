import type { z } from 'zod'
import type { planCause, planChoice } from '#contract/purpose-plans.ts'
import { newId } from '../../platform/ids.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { LosingRight } from './losing-rights.ts'

export type Cause = z.output<typeof planCause>
export type NewPlan = {
  cause: Cause
  activityId: string | null
  recordId: string | null
  /** Purposes or retention rules that are gone. */
  keys: readonly string[]
  from: string
}

/** One plan a system; rights that stand in an open plan for the same reason are not asked about twice. Answers how many plans. */
export async function openPlans(
  tx: Tx,
  plan: NewPlan,
  rights: readonly LosingRight[],
  told: { by: string; now: Date },
): Promise<number> {
  const bySystem = Map.groupBy(rights, right => right.systemId)
  for (const [systemId, list] of bySystem) {
    const id = newId(told.now.getTime())
    await tx.query(
      `insert into purpose_plan (id, system_id, cause, activity_id, record_id, keys, from_day, made_at, made_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, systemId, plan.cause, plan.activityId, plan.recordId, plan.keys, plan.from, told.now, told.by],
    )
    await tx.query(
      `insert into purpose_plan_right (plan_id, entitlement_id, people)
       select $1, r.id, r.people from unnest($2::uuid[], $3::int[]) as r (id, people)`,
      [id, list.map(one => one.entitlementId), list.map(one => one.people)],
    )
  }
  return bySystem.size
}

export type StoredPlan = {
  id: string
  systemId: string
  system: string
  from: string
  rights: { id: string; key: string }[]
}

export async function loadPlan(tx: Tx, id: string): Promise<StoredPlan | null> {
  const [row] = await tx.query<StoredPlan>(
    `select p.id, p.system_id as "systemId", y.name as system, p.from_day as "from",
       (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'key', e.key)), '[]') from purpose_plan_right r
         join entitlement e on e.id = r.entitlement_id where r.plan_id = p.id) as rights
     from purpose_plan p join it_system y on y.id = p.system_id where p.id = $1 for update of p`,
    [id],
  )
  return row ?? null
}

export type Choice = {
  entitlementId: string
  choice: z.output<typeof planChoice>
  until: string | null
  reason: string
  bindingId: string | null
  draftId: string | null
}

/** Notes what was decided; a plan of which nothing is open any more is closed. */
export async function noteChoices(
  tx: Tx,
  planId: string,
  choices: readonly Choice[],
  told: { by: string; now: Date },
): Promise<void> {
  await tx.query(
    `update purpose_plan_right p set choice = r.choice, until = r.until, reason = r.reason, binding_id = r."bindingId",
       draft_id = r."draftId", decided_at = $3, decided_by = $4
     from jsonb_to_recordset($2::jsonb) as r("entitlementId" uuid, choice text, until date, reason text, "bindingId" uuid, "draftId" uuid)
     where p.plan_id = $1 and p.entitlement_id = r."entitlementId"`,
    [planId, JSON.stringify(choices), told.now, told.by],
  )
  await tx.query(
    `update purpose_plan p set closed_at = case when exists (
       select from purpose_plan_right r where r.plan_id = p.id and (r.choice is null or r.choice = 'accept')) then null else $2::timestamptz end
     where p.id = $1`,
    [planId, told.now],
  )
}
