import type { Evaluator } from '../../findings/evaluator.ts'
import { REACH_WAYS, reachCtes } from '../reach/reach-sql.ts'

const PROTECTED = `('confidential', 'special', 'criminal')`
/** One KLE number covers the other: 29 covers 29.18, and a unit with 29.18 does a part of 29. */
const COMMON = `exists (select from unnest(k.kle) task, unnest(u.kle || u.kle_inherited) own
  where task = own or starts_with(own, task || '.') or starts_with(task, own || '.'))`

/**
 * F05. A right for an activity that no unit performs by whose work the person has it (`unitPerforms`): by affiliation for what
 * is given, by all active ones for what is only seen. Nothing is found where a record says neither units nor KLE numbers,
 * since nobody can know; nor of pupils. Only rights to protected data: tools of the whole house (mail, pay slips, courses) belong
 * to a record of the unit that runs them, and would be found of everybody who uses them.
 */
const outsideTask: Evaluator = {
  codes: ['outside-task'],
  by: 'person',
  rows: ({ day, among }) => `
    with ${reachCtes(day, { among: `${among('PERSON')} and RIGHT in (select id from entitlement where sensitivity in ${PROTECTED})` })},
    place as materialized (
      select distinct w.person_id, w.entitlement_id, w.system_id, n.footprint,
        case when w.affiliation_id is null then ac.unit_id else w.unit_id end as unit_id
      from ${REACH_WAYS}
      join person_current p on p.person_id = w.person_id and p.kind is distinct from 'pupil'
      left join affiliation_current ac on w.affiliation_id is null and ac.person_id = w.person_id and ac.status = 'active'
      where cardinality(n.bindings) > 0 and w.system_id not in (select id from it_system where key = 'hjemmel')
    ), work as materialized (
      select v.version_id, array(select y.unit_id from activity_unit y where y.version_id = v.version_id) as units,
        array(select y.kle from activity_kle y where y.version_id = v.version_id) as kle
      from (select distinct version_id from reach_bound) v
    ), judged as materialized (
      select t.footprint, t.unit_id, bool_and(x.performs is not null) as known, coalesce(bool_or(x.performs), false) as performs
      from (select distinct footprint, unit_id from place where unit_id is not null) t
      join reach_foot f on f.footprint = t.footprint cross join lateral unnest(f.bindings) one (id)
      join reach_bound b on b.id = one.id join work k on k.version_id = b.version_id
      join org_unit_current u on u.unit_id = t.unit_id
      cross join lateral (select case when k.units = '{}' and k.kle = '{}' then null else k.units && u.path or ${COMMON} end as performs) x
      group by 1, 2
    ), said as (
      select f.footprint, array_agg(distinct y.ref || ' ' || (v.content ->> 'name') order by y.ref || ' ' || (v.content ->> 'name')) as names
      from reach_foot f cross join lateral unnest(f.bindings) one (id) join reach_bound b on b.id = one.id
      join activity y on y.id = b.activity_id join activity_version v on v.id = b.version_id group by 1
    ), outside as (
      select l.person_id, l.entitlement_id, l.system_id, min(l.footprint) as footprint
      from place l join judged j on j.footprint = l.footprint and j.unit_id = l.unit_id
      group by 1, 2, 3 having bool_and(j.known) and not bool_or(j.performs)
    )
    select 'outside-task' as code, o.person_id as subject_id, o.entitlement_id as object_id, 'outside-task:' || o.system_id as cause,
      'high' as severity, o.person_id, o.system_id, p.unit_id, 'manager' as owner_role, jsonb_build_object('names', s.names) as detail,
      null::uuid as activity_id
    from outside o join said s on s.footprint = o.footprint join person_current p on p.person_id = o.person_id`,
}

export const taskFindings: readonly Evaluator[] = [outsideTask]
