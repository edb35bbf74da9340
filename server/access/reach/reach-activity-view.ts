import type { ResponseOf } from '#contract/endpoint.ts'
import type { getActivityReach } from '#contract/reach.ts'
import { problem } from '../../platform/problem.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { activitiesSql, mayActivity, SPEAKING } from '../../register/activities/activity-sql.ts'
import { unitRefSql } from '../visible.ts'
import { activityRights } from './activity-rights.ts'
import { REACH, reachCellCtes } from './reach-cells-sql.ts'

type Answer = ResponseOf<typeof getActivityReach>
const MOST_UNITS = 12

/**
 * Of one activity the systems and rights by which it is done, with how many people have them: whoever reads the record reads
 * the figures, as they stand in it; who they are is asked elsewhere. Two statements.
 */
export async function activityReach(tx: Tx, actor: Actor, activityId: string, today: string): Promise<Answer> {
  const asked = statement()
  const id = asked.bind(activityId, 'uuid')
  const on = asked.bind(today, 'date')
  const [known] = await tx.query(
    `select from ${activitiesSql(on)} g ${SPEAKING} where g.id = ${id} and ${mayActivity(actor, asked, 'read')}`,
    asked.params,
  )
  if (!known) throw problem('not-found')
  const [row] = await tx.query<Answer>(
    `with ${reachCellCtes('$1', { among: `RIGHT in (${activityRights('$2', '$1')})` })}, mine as materialized (
       select w.person_id, w.affiliation_id, w.unit_id, w.system_id, w.entitlement_id, bool_or(c.how = 'constrained') as constrained,
         bool_or(c.how = 'unexplained') as unexplained, bool_or(cardinality(c.bindings) > 0) as bound
       from ${REACH} where c.activity_id = $2
       group by 1, 2, 3, 4, 5
     ), stated as (
       select s.system_id, s.use from activity_system s join reach_record r on r.version_id = s.version_id where r.activity_id = $2
     ), rights as (
       select m.system_id, m.entitlement_id, count(distinct m.person_id)::int as people, bool_or(m.bound) as bound,
         (count(distinct m.person_id) filter (where m.affiliation_id is not null))::int as expected,
         (count(distinct h.person_id))::int as seen
       from mine m left join reach_held h on h.person_id = m.person_id and h.entitlement_id = m.entitlement_id group by 1, 2
     ), counted as (
       select system_id, count(distinct person_id)::int as people, (count(distinct person_id) filter (where constrained))::int as constrained,
         (count(distinct person_id) filter (where unexplained))::int as unexplained from mine group by system_id
     )
     select
       (select json_build_object('people', count(distinct person_id), 'constrained', count(distinct person_id) filter (where constrained),
          'unexplained', count(distinct person_id) filter (where unexplained)) from mine) as all,
       (select coalesce(json_agg(json_build_object('system', json_build_object('id', s.id, 'key', s.key, 'name', s.name),
          'stated', t.system_id is not null, 'use', t.use, 'people', coalesce(c.people, 0), 'constrained', coalesce(c.constrained, 0),
          'unexplained', coalesce(c.unexplained, 0), 'rights', (select coalesce(json_agg(json_build_object('id', e.id, 'name', e.name,
             'bound', r.bound, 'people', r.people, 'expected', r.expected, 'seen', r.seen) order by r.people desc, e.name), '[]')
             from rights r join entitlement e on e.id = r.entitlement_id where r.system_id = s.id))
          order by coalesce(c.people, 0) desc, s.name), '[]')
        from it_system s left join stated t on t.system_id = s.id left join counted c on c.system_id = s.id
        where t.system_id is not null or c.system_id is not null) as systems,
       (select coalesce(json_agg(json_build_object('unit', ${unitRefSql('u')}, 'people', x.people) order by x.people desc, u.name), '[]') from (
          select unit_id, count(distinct person_id)::int as people from mine group by 1 order by 2 desc, 1 limit ${MOST_UNITS}) x
        left join org_unit_current u on u.unit_id = x.unit_id) as units`,
    [today, activityId],
  )
  return row ?? { all: { people: 0, constrained: 0, unexplained: 0 }, systems: [], units: [] }
}
