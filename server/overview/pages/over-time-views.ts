import type { ResponseOf } from '#contract/endpoint.ts'
import type { getHoldersOverTime } from '#contract/pages.ts'
import { ANY_PARTS, PART_SPANS_SQL } from '../../access/past-state.ts'
import { visibleTo } from '../../access/visible.ts'
import { civilDate } from '../../platform/clock.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'

type Weeks = ResponseOf<typeof getHoldersOverTime>['weeks']
const WEEK = 7 * 86_400_000

/** What was had through a right that included it, while that was so and while it should be had. */
const THROUGH_A_WHOLE = `
  select false, g.person_id, g.person_id, g.system_id, g.span * p.span * seen.span
  from given g join (${PART_SPANS_SQL}) p on p.part_id = g.id and p.span && g.span
  join account acc on acc.person_id = g.person_id
  cross join lateral (
    select tstzrange(o.first_seen_at, acc.gone_at) as span from observed_right o
    where o.account_id = acc.id and o.entitlement_id = p.entitlement_id
      and (acc.gone_at is null or acc.gone_at > o.first_seen_at)
    union all
    select h.seen from observed_right_history h where h.account_id = acc.id and h.entitlement_id = p.entitlement_id) seen`

/**
 * How many people (and accounts of nobody) should have and had something, at `now` and each week before it, as far as the
 * reader may know of those people today; two statements. From the first week in which there was anything. null: no such
 * system. What counts is spans of time put together a person, so that a right that changed its reason is one. Who should
 * hold a right and was seen with one that included it then, had it (as every other screen says).
 */
export async function overTimeView(
  tx: Tx,
  actor: Actor,
  systemId: string,
  { entitlement, weeks, now }: { entitlement: string | undefined; weeks: number; now: Date },
): Promise<Weeks | null> {
  const [system] = await tx.query<{ parts: boolean }>(`select ${ANY_PARTS} as parts from it_system where id = $1`, [
    systemId,
  ])
  if (!system) return null
  const q = statement()
  const may = visibleTo(actor, q)
  const only = entitlement ? ` and id = ${q.bind(entitlement, 'uuid')}` : ''
  const start = q.bind(new Date(now.getTime() - (weeks - 1) * WEEK), 'timestamptz')
  // The first of the weeks that is not before a moment: 0 is the start.
  const weekOf = (at: string) => `greatest(0, ceil(extract(epoch from ${at} - ${start}) / 604800))::int`
  const rows = await tx.query<{ week: number; expected: number; observed: number }>(
    `with e as materialized (select id, system_id from entitlement where system_id = ${q.bind(systemId, 'uuid')}${only}),
     known as materialized (select cp.* from person_current cp where ${may.person('cp')}),
     given as (
       -- What rests (absence, lock) should not be held meanwhile.
       select f.person_id, e.id, e.system_id, tstzrange(a.reason_since, null) as span
       from e join assignment a on a.entitlement_id = e.id join affiliation f on f.id = a.affiliation_id
       where a.suspended is null
       union all
       select f.person_id, e.id, e.system_id, h.held
       from e join assignment_history h on h.entitlement_id = e.id join affiliation f on f.id = h.affiliation_id
       where h.suspended is null
     ), spans as (
       select true as expected, person_id as who, person_id, system_id, span from given
       union all
       ${system.parts ? `${THROUGH_A_WHOLE} union all` : ''}
       select false, coalesce(acc.person_id, acc.id), acc.person_id, e.system_id, tstzrange(o.first_seen_at, acc.gone_at)
       from e join observed_right o on o.entitlement_id = e.id join account acc on acc.id = o.account_id
       where acc.gone_at is null or acc.gone_at > o.first_seen_at
       union all
       select false, coalesce(acc.person_id, acc.id), acc.person_id, e.system_id, h.seen
       from e join observed_right_history h on h.entitlement_id = e.id join account acc on acc.id = h.account_id
     ), joined as materialized (
       select expected, who, person_id, system_id, range_agg(span) as spans from spans
       where not isempty(span) group by expected, who, person_id, system_id
     ), judged as (
       select x.expected, x.spans from (select j.*, null::uuid[] as grounds from joined j) x
       join known cp on cp.person_id = x.person_id
       where ${may.pastRight('x', 'cp', 'x', 'affiliation_current')}
       union all
       select x.expected, x.spans from joined x where x.person_id is null and ${may.nobodysRight('x')}
     ), steps as (
       select expected, ${weekOf('lower(one)')} as week, 1 as step from judged, unnest(spans) as one
       union all
       select expected, ${weekOf('upper(one)')}, -1 from judged, unnest(spans) as one where not upper_inf(one)
     )
     select week, coalesce(sum(step) filter (where expected), 0)::int as expected,
       coalesce(sum(step) filter (where not expected), 0)::int as observed
     from steps where week < ${q.bind(weeks, 'int')} group by week order by week`,
    q.params,
  )
  const steps = new Map(rows.map(row => [row.week, row]))
  const all: Weeks = []
  let [expected, observed] = [0, 0]
  for (let week = 0; week < weeks; week++) {
    expected += steps.get(week)?.expected ?? 0
    observed += steps.get(week)?.observed ?? 0
    if (all.length === 0 && expected + observed === 0 && week < weeks - 1) continue
    all.push({ on: civilDate(new Date(now.getTime() - (weeks - 1 - week) * WEEK)), expected, observed })
  }
  return all
}
