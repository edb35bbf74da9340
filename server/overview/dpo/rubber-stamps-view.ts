import { type getDpoHome, PACE_GROUP, QUICK_SECONDS, SAME_WORDS } from '#contract/dpo-home.ts'
import type { ResponseOf } from '#contract/endpoint.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

type Stamps = ResponseOf<typeof getDpoHome>['stamps']

/**
 * Purposes that look as if nobody thought of them (gdpr.md 9.5): the same words at many bindings, and decisions within
 * seconds of each other. How fast somebody decides is told of groups of five or more only, by area of the systems, and of
 * nobody in particular: it says where the desk is used badly, not who. Two statements.
 */
export async function rubberStamps(tx: Tx, day: string): Promise<Stamps> {
  const words = await tx.query<Stamps['words'][number]>(
    `select min(b.necessity) as necessity, count(*)::int as bindings,
       count(distinct coalesce(b.system_id, e.system_id))::int as systems
     from purpose_binding b left join entitlement e on e.id = b.entitlement_id
     where upper_inf(b.recorded) and b.approved_at is not null and b.valid @> $1::date
     group by regexp_replace(lower(btrim(b.necessity)), '\\s+', ' ', 'g') having count(*) > $2
     order by 2 desc, 1 limit 20`,
    [day, SAME_WORDS],
  )
  const paces = await tx.query<{ area: string | null; all: boolean; people: number; decisions: number; quick: number }>(
    `with paced as (
       select b.approved_by, s.area, b.approved_at - lag(b.approved_at) over (partition by b.approved_by order by b.approved_at, b.id)
         < make_interval(secs => $2) as quick
       from purpose_binding b left join entitlement e on e.id = b.entitlement_id left join it_system s on s.id = coalesce(b.system_id, e.system_id)
       where upper_inf(b.recorded) and b.approved_by is not null
         and (b.approved_at at time zone 'Europe/Copenhagen')::date > $1::date - 365
     )
     select area, grouping(area) = 1 as all, count(distinct approved_by)::int as people, count(*)::int as decisions,
       (count(*) filter (where quick))::int as quick
     from paced group by grouping sets ((area), ()) having count(*) > 0 order by grouping(area) desc, area nulls last`,
    [day, QUICK_SECONDS],
  )
  const told = paces.filter(one => one.people >= PACE_GROUP)
  return {
    words,
    // What is of no area is told with all.
    pace: told
      .filter(one => one.all || one.area !== null)
      .map(({ area, people, decisions, quick }) => ({ area, people, decisions, quick })),
    untold: paces.filter(one => !one.all && one.people < PACE_GROUP).length,
  }
}
