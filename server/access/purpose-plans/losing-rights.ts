import type { Tx } from '../../platform/unit-of-work.ts'
import { REACH_WAYS, reachCtes } from '../reach/reach-sql.ts'

/** A right of a system, and how many people are behind it. */
export type LosingRight = { systemId: string; entitlementId: string; people: number }

/**
 * Rights that people hold or should and whose purpose rests on an activity (on these purposes of it, where they are named), as
 * it is today: `alone`, those that nothing else explains. Asked before anything ends. By the same set as the pages of people.
 */
export async function rightsResting(
  tx: Tx,
  of: { activityId: string; purposes?: readonly string[]; alone: boolean },
  today: string,
): Promise<LosingRight[]> {
  return tx.query<LosingRight>(
    `with ${reachCtes('$1')}
     select w.system_id as "systemId", w.entitlement_id as "entitlementId", count(distinct w.person_id)::int as people
     from ${REACH_WAYS}
     join (
       select f.footprint, bool_and(b.activity_id = $2 and ($3::text[] is null or b.purpose_key = any($3))) as alone
       from reach_foot f cross join lateral unnest(f.bindings) x (id) join reach_bound b on b.id = x.id
       group by f.footprint having bool_or(b.activity_id = $2 and ($3::text[] is null or b.purpose_key = any($3)))
     ) s on s.footprint = n.footprint
     where s.alone or not $4::boolean
     group by 1, 2 order by 1, 2`,
    [today, of.activityId, of.purposes ?? null, of.alone],
  )
}

/** What people hold, or should, of a system. */
export async function rightsOfSystem(tx: Tx, systemId: string, today: string): Promise<LosingRight[]> {
  return tx.query<LosingRight>(
    `with ${reachCtes('$1', { among: 'RIGHT in (select id from entitlement where system_id = $2)' })}
     select w.system_id as "systemId", w.entitlement_id as "entitlementId", count(distinct w.person_id)::int as people
     from ${REACH_WAYS} group by 1, 2 order by 1, 2`,
    [today, systemId],
  )
}

/** Of these rights, those that some people have for another purpose: who takes the right away takes it from them, too. */
export async function explainedOf(tx: Tx, entitlementIds: readonly string[], today: string): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `with ${reachCtes('$1', { among: 'RIGHT = any($2::uuid[])' })}
     select distinct w.entitlement_id as id from ${REACH_WAYS} where n.bindings <> '{}'`,
    [today, entitlementIds],
  )
  return new Set(rows.map(row => row.id))
}
