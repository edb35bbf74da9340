import type { ResponseOf } from '#contract/endpoint.ts'
import type { listPurposePlans } from '#contract/purpose-plans.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { allows, sqlFor } from '../../policy/policy.ts'

type Plan = ResponseOf<typeof listPurposePlans>['plans'][number]
/** More than a system's owner could look at; the oldest closed ones fall away. */
const MOST = 200

/** Plans of the systems that the reader may know of, those with something open first. One statement. */
export async function purposePlansView(
  tx: Tx,
  actor: Actor,
  { system }: { system?: string | undefined },
  today: string,
): Promise<Plan[]> {
  const q = statement()
  const may = q.use(startAt =>
    sqlFor(actor, 'read', 'Binding', { systemId: { sql: 'p.system_id', type: 'uuid' } }, { startAt }),
  )
  const day = q.bind(today, 'date')
  const rows = await tx.query<Omit<Plan, 'allowed' | 'madeAt'> & { madeAt: Date }>(
    `select p.id, p.cause, p.from_day as "from", p.made_at as "madeAt", jsonb_build_object('id', y.id, 'key', y.key, 'name', y.name) as system,
       case when g.id is not null then jsonb_build_object('id', g.id, 'ref', g.ref, 'name', coalesce((select v.content ->> 'name' from activity_version v
         where v.activity_id = g.id and v.state <> 'draft' order by v.number desc limit 1), g.ref)) end as activity, r.rights
     from purpose_plan p join it_system y on y.id = p.system_id left join activity g on g.id = p.activity_id
     cross join lateral (
       select jsonb_agg(jsonb_build_object('entitlement', jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name), 'people', r.people,
           'choice', r.choice, 'until', r.until, 'reason', r.reason, 'draftId', r.draft_id,
           'open', r.choice is null or (r.choice = 'accept' and r.until <= ${day})) order by e.key) as rights,
         bool_or(r.choice is null or (r.choice = 'accept' and r.until <= ${day})) as waits
       from purpose_plan_right r join entitlement e on e.id = r.entitlement_id where r.plan_id = p.id) r
     where ${may} and r.rights is not null ${system ? `and p.system_id = ${q.bind(system, 'uuid')}` : ''}
     order by r.waits desc, p.made_at desc, p.id limit ${MOST}`,
    q.params,
  )
  return rows.map(row => ({
    ...row,
    madeAt: row.madeAt.toISOString(),
    allowed: { decide: allows(actor, 'approve', 'Binding', { systemId: row.system.id }) },
  }))
}
