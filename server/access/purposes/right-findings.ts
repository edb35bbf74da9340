import type { Ask, Evaluator } from '../../findings/evaluator.ts'
import { REACH_WAYS, reachCtes } from '../reach/reach-sql.ts'

/*
 * What rights give beside what they are for (gdpr.md 9.3): each is about a right, counts those who have it so, and rests on the
 * same set as the reach of a person. One statement answers all kinds, since the set is what costs.
 */

/** So many people with a sensitive right that is limited to nothing are a breadth that only samples of the log can watch. */
export const BROAD_FROM = 25
/** Named in a finding: enough to know what it is about. */
const NAMED = 12

/** Does a class of data that a right is marked with stand among `classes`? Confidential is the least of what is protected. */
const STATED = (sensitivity: string, classes: string) =>
  `case ${sensitivity} when 'confidential' then ${classes} && '{confidential,cpr,special,criminal}'::text[] else ${sensitivity} = any(${classes}) end`

const FINDING = (code: string, severity: string, detail: string, rest: { object?: string; activity?: string } = {}) =>
  `select '${code}' as code, x.entitlement_id as subject_id, ${rest.object ?? 'null::uuid'} as object_id,
    '${code}:' || x.system_id as cause, '${severity}' as severity, null::uuid as person_id, x.system_id, null::uuid as unit_id,
    'systemowner' as owner_role, ${detail} as detail, ${rest.activity ?? 'null::uuid'} as activity_id`

const rows = ({ day, among }: Ask): string => `
  with ${reachCtes(day, {
    among: `RIGHT in (select id from entitlement where ${among('system_id')}
    and (sensitivity in ('confidential', 'special', 'criminal') or 'kle' = any(constraints)))`,
  })},
  way as materialized (
    select w.person_id, w.affiliation_id, w.entitlement_id, w.system_id, n.footprint, cardinality(n.bindings) > 0 as bound
    from ${REACH_WAYS}
    where w.system_id not in (select id from it_system where key = 'hjemmel')
  ), foot_binding as materialized (
    select f.footprint, b.id as binding_id, b.activity_id, b.version_id, b.purpose_key, b.data, b.subjects
    from reach_foot f cross join lateral unnest(f.bindings) one (id) join reach_bound b on b.id = one.id
  ), foot_class as materialized (
    -- Of what a right is for: classes of data that its records state, and those that its bindings name of them.
    select b.footprint, array_agg(distinct t.class) filter (where t.class is not null) as stated,
      array_agg(distinct t.class) filter (where t.class is not null and (b.data is null or r.data = any(b.data))
        and (b.subjects is null or r.subject = any(b.subjects))) as named
    from foot_binding b left join activity_row r on r.version_id = b.version_id
    left join vocabulary_term t on t.kind = 'data' and t.code = r.data group by 1
  ), marked as materialized (
    select distinct w.person_id, w.entitlement_id, w.system_id, w.footprint, e.sensitivity from way w
    join entitlement e on e.id = w.entitlement_id and e.sensitivity in ('confidential', 'special', 'criminal') where w.bound
  ), beyond as (
    -- F21: no record states it. F07: a record does, and the binding says that this right does not need it.
    select m.entitlement_id, m.system_id, m.sensitivity, count(distinct m.person_id)::int as holders,
      case when ${STATED('m.sensitivity', "coalesce(c.stated, '{}')")} then 'sensitivity-above' else 'data-not-stated' end as code
    from marked m join foot_class c on c.footprint = m.footprint
    where not ${STATED('m.sensitivity', "coalesce(c.named, '{}')")} group by 1, 2, 3, 5
  ), unconditioned as (
    -- F04, of a right: the record has the condition, and the purpose that the right is bound to has not.
    select m.entitlement_id, m.system_id, b.activity_id, m.sensitivity, array_agg(distinct p.name order by p.name) as names,
      count(distinct m.person_id)::int as holders
    from marked m join foot_binding b on b.footprint = m.footprint
    join activity_purpose p on p.version_id = b.version_id and p.key = b.purpose_key
    where (m.sensitivity = 'special' and not exists (select from foot_binding o join activity_purpose op on op.version_id = o.version_id
          and op.key = o.purpose_key where o.footprint = m.footprint and op.art9 <> '{}')
        and exists (select from activity_purpose op where op.version_id = b.version_id and op.art9 <> '{}'))
      or (m.sensitivity = 'criminal' and not exists (select from foot_binding o join activity_purpose op on op.version_id = o.version_id
          and op.key = o.purpose_key, unnest(op.national) n where o.footprint = m.footprint and n like 'DBL8.%')
        and exists (select from activity_purpose op, unnest(op.national) n where op.version_id = b.version_id and n like 'DBL8.%'))
    group by 1, 2, 3, 4
  ), limited as materialized (
    -- F06: the KLE numbers to which a right is limited; wider or other than any that its activities have.
    select distinct w.person_id, w.entitlement_id, w.system_id, w.footprint, v.value as kle
    from way w join assignment a on a.affiliation_id = w.affiliation_id and a.entitlement_id = w.entitlement_id
    cross join lateral jsonb_array_elements(a.constraints) c cross join lateral jsonb_array_elements_text(c -> 'values') v (value)
    where w.bound and c ->> 'on' = 'kle'
  ), judged as (
    select x.footprint, x.kle from (select distinct footprint, kle from limited) x
    where not exists (select from foot_binding b where b.footprint = x.footprint
        and not exists (select from activity_kle k where k.version_id = b.version_id))
      and not exists (select from foot_binding b join activity_kle k on k.version_id = b.version_id where b.footprint = x.footprint
        and (k.kle = x.kle or starts_with(x.kle, k.kle || '.')))
  ), wider as (
    select l.entitlement_id, l.system_id, count(distinct l.person_id)::int as holders,
      (array_agg(distinct l.kle order by l.kle))[1:${NAMED}] as names
    from limited l join judged j on j.footprint = l.footprint and j.kle = l.kle group by 1, 2
  ), broad as (
    -- F08: what is only seen and never given is unexplained, which is a finding of its own.
    select w.entitlement_id, w.system_id, count(distinct w.person_id)::int as holders, bool_or(e.constraints <> '{}') as can
    from way w join entitlement e on e.id = w.entitlement_id and e.sensitivity in ('special', 'criminal')
    join assignment a on a.affiliation_id = w.affiliation_id and a.entitlement_id = w.entitlement_id and a.constraints = '[]'
    group by 1, 2 having count(distinct w.person_id) >= ${BROAD_FROM}
  )
  ${FINDING('kle-wider', 'medium', `jsonb_build_object('names', x.names, 'holders', x.holders)`)} from wider x
  union all
  ${FINDING('sensitivity-above', 'high', `jsonb_build_object('why', x.sensitivity, 'holders', x.holders)`)} from beyond x where x.code = 'sensitivity-above'
  union all
  ${FINDING('data-not-stated', 'medium', `jsonb_build_object('why', x.sensitivity, 'holders', x.holders)`)} from beyond x where x.code = 'data-not-stated'
  union all
  ${FINDING(
    'no-condition',
    'high',
    `jsonb_build_object('why', x.sensitivity, 'names', x.names, 'holders', x.holders)`,
    {
      object: 'x.activity_id',
      activity: 'x.activity_id',
    },
  )} from unconditioned x
  union all
  ${FINDING('unlimited', 'medium', `jsonb_build_object('why', case when x.can then 'could' else 'cannot' end, 'holders', x.holders)`)} from broad x`

export const rightFindings: readonly Evaluator[] = [
  {
    codes: ['kle-wider', 'sensitivity-above', 'data-not-stated', 'no-condition', 'unlimited'],
    by: 'system',
    // Two of these kinds are also found of a record itself, and then of no right.
    scope: `case f.code when 'no-condition' then f.object_id is not null when 'data-not-stated' then f.object_id is null else true end`,
    rows,
  },
]
