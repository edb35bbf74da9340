import { LIMIT_READ, NARROWED } from './reach-limits-sql.ts'

/*
 * Who has which right in which way, as one set of the day, and what is said of each way. Built on what a person's page says
 * that rights are for: rights that are expected and do not rest, and rights that are seen. Of what was given, why it was given
 * counts; what is seen and was never given is judged by the groups by which it is seen. What is reached so: `reach-cells-sql.ts`.
 */

export type ReachNarrow = {
  /** SQL over one way, for rights that are given: aliases `ac`, `p` (person), `e` (right). */
  given?: string
  /** The same for rights that are only seen: aliases `h` (has `person_id`), `p`, `e`. */
  seen?: string
  /** What is read at all, with `PERSON` and `RIGHT` for the ids: who or which systems are asked about. */
  among?: string
  /** Ways are told apart by what gives them: `role:key`, `rule:key` or `seen` in `reach_print.ground`. */
  grounds?: boolean
  /** Ways are told apart by what their limits leave of what is said of them: `reach_foot.narrows`. For whoever asks what is reached. */
  limits?: boolean
}

/** Two KLE numbers of which one covers the other, or two equal values of another limit. */
const COVERS = (wide: string, narrow: string) =>
  `(${wide} = ${narrow} or (one.key = 'kle' and starts_with(${narrow}, ${wide} || '.')))`
/** The values of a right's limit of one type; of a type said twice the later, as the limits are read elsewhere. */
const HELD = `(select c.value -> 'values' from jsonb_array_elements(s.limits) with ordinality c (value, place)
    where c.value ->> 'on' = one.key order by c.place desc limit 1)`

const NOBODY = `'00000000-0000-0000-0000-000000000000'::uuid`

/**
 * CTEs of the set on a day (`day`: placeholder of a date), to stand after `with`:
 * `reach_bound` bindings that count · `reach_print` ways of one shape with what is said of them: (entitlement_id, system_id, ground,
 * footprint, bindings, wider, and who has the right so) · `reach_foot` (footprint, system_id, bindings). `REACH_WAYS` is one row
 * a way.
 *
 * Ways are put together by what anything is said about, with their people as lists: a hundred thousand ways are a few thousand
 * shapes, and nothing large is ever joined with anything large, whatever the planner takes the sizes for.
 */
export const reachCtes = (
  day: string,
  { given = 'true', seen = 'true', among = 'true', grounds = false, limits = false }: ReachNarrow = {},
): string => `
  reach_record as materialized (
    select f.activity_id, f.version_id from activity_in_force f where upper_inf(f.recorded) and f.valid @> ${day}::date
  ), reach_bound as materialized (
    select b.*, r.version_id from purpose_binding b join reach_record r on r.activity_id = b.activity_id
    join activity_purpose p on p.version_id = r.version_id and p.key = b.purpose_key
    where upper_inf(b.recorded) and b.approved_at is not null and b.valid @> ${day}::date
  ), reach_said as materialized (
    select coalesce(bool_or(scope <> '{}'), false) as limited, coalesce(bool_or(level = 'group'), false) as grouped,
      coalesce(bool_or(level = 'assignment'), false) as owned,
      coalesce(array_agg(role_key) filter (where level = 'role' and scope <> '{}'), '{}') as limited_roles from reach_bound
  ), reach_derived as materialized (
    -- Of why something was given only what anything is said about.
    select d.id, case when d.rule_key in (select rule_key from reach_bound where level = 'rule') then d.rule_key else '' end as rule_key,
      array(select r.key from unnest(d.role_path) with ordinality r (key, place)
        where r.key in (select role_key from reach_bound where level = 'role') order by r.place) as roles,
      ${grounds ? `case when cardinality(d.role_path) > 0 then 'role:' || d.role_path[1] else 'rule:' || d.rule_key end` : `''`} as ground
    from derivation d
  ), reach_part as materialized (select entitlement_id, part_id from entitlement_part), reach_given as materialized (
    -- What rests counts where it is held all the same: few rows, so each is looked up.
    select ac.person_id, a.affiliation_id, ac.unit_id, a.entitlement_id, e.system_id, a.derivation_id, a.constraints, ${given} as visible,
      a.suspended is null or exists (select from account acc join observed_right o on o.account_id = acc.id
        where acc.person_id = ac.person_id and acc.gone_at is null and (o.entitlement_id = a.entitlement_id
          or o.entitlement_id in (select r.entitlement_id from reach_part r where r.part_id = a.entitlement_id))) as stands
    from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
    join person_current p on p.person_id = ac.person_id join entitlement e on e.id = a.entitlement_id
    where ${narrowed(among, 'ac.person_id', 'a.entitlement_id')}
  ), reach_seen as materialized (
    -- What is held and nothing gives is known of each person; what comes with it is looked for only where rights include others.
    select x.* from (
      select d.person_id, d.entitlement_id, o.via from right_deviation d join account acc on acc.person_id = d.person_id and acc.gone_at is null
      join observed_right o on o.account_id = acc.id and o.entitlement_id = d.entitlement_id
      where d.observed and d.state <> 'still-held' and ${narrowed(among, 'd.person_id', 'd.entitlement_id')}
      union
      select acc.person_id, part.part_id, o.via from reach_part part join observed_right o on o.entitlement_id = part.entitlement_id
      join account acc on acc.id = o.account_id and acc.gone_at is null and acc.person_id is not null
      where ${narrowed(among, 'acc.person_id', 'part.part_id')}
    ) x
    where not exists (select from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
      where ac.person_id = x.person_id and a.entitlement_id = x.entitlement_id)
  ), reach_held as materialized (
    -- For whoever asks whether what is reached is held; nothing of it is read otherwise.
    select acc.person_id, o.entitlement_id from account acc join observed_right o on o.account_id = acc.id
    where acc.gone_at is null and acc.person_id is not null and ${narrowed(among, 'acc.person_id', 'o.entitlement_id')}
    union
    select acc.person_id, part.part_id from reach_part part join observed_right o on o.entitlement_id = part.entitlement_id
    join account acc on acc.id = o.account_id and acc.gone_at is null and acc.person_id is not null
    where ${narrowed(among, 'acc.person_id', 'part.part_id')}
  )${
    limits
      ? `, reach_limit as materialized (
    -- Limits by what they mean: a thousand units to which rights are limited mean one and the same.
    select x.constraints, r.*, dense_rank() over (order by r.kle, r.level, r.part, r.uncounted)::int as id
    from (select distinct constraints from reach_given where constraints <> '[]') x cross join lateral ${LIMIT_READ(`
      (select distinct on (c.value ->> 'on') c.value ->> 'on' as type, c.value -> 'values' as held
        from jsonb_array_elements(x.constraints) with ordinality c (value, place) order by 1, c.place desc)`)} r
  )`
      : ''
  }, reach_shape as materialized (
    select row_number() over () as id, entitlement_id, system_id, rule_key, roles, ground, limits, own, via, limit_id,
      array_agg(person_id) as persons, array_agg(affiliation_id) as affiliations, array_agg(unit_id) as units
    from (
      select g.person_id, g.affiliation_id, g.unit_id, g.entitlement_id, g.system_id, d.rule_key, d.roles, d.ground,
        case when (select limited from reach_said) and (
            g.system_id in (select system_id from reach_bound where level = 'system' and scope <> '{}')
            or g.entitlement_id in (select entitlement_id from reach_bound where level in ('entitlement', 'assignment') and scope <> '{}')
            or d.rule_key in (select rule_key from reach_bound where level = 'rule' and scope <> '{}')
            or d.roles && (select limited_roles from reach_said))
          then g.constraints else '[]' end as limits,
        case when (select owned from reach_said) and (g.affiliation_id, g.entitlement_id) in
          (select affiliation_id, entitlement_id from reach_bound where level = 'assignment') then g.affiliation_id else ${NOBODY} end as own,
        '{}'::uuid[] as via, ${limits ? 'coalesce(l.id, 0)' : '0'} as limit_id
      from reach_given g join reach_derived d on d.id = g.derivation_id
      ${limits ? 'left join reach_limit l on l.constraints = g.constraints' : ''}
      where g.visible and g.stands
      union all
      select distinct h.person_id, null::uuid, p.unit_id, h.entitlement_id, e.system_id, '', '{}'::text[], '${grounds ? 'seen' : ''}', '[]'::jsonb, ${NOBODY},
        case when (select grouped from reach_said) then array(select v from unnest(h.via) v
          where v in (select group_id from reach_bound where level = 'group') order by v) else '{}' end, 0
      from reach_seen h join person_current p on p.person_id = h.person_id join entitlement e on e.id = h.entitlement_id
      where ${seen}
    ) way
    group by entitlement_id, system_id, rule_key, roles, ground, limits, own, via, limit_id
  ), reach_candidate as materialized (
    -- What is said nearest to the person counts: the lowest step that has anything.
    select s.id as shape, s.limits, b.id as binding, b.scope, 0::bigint as step from reach_shape s join reach_bound b
      on b.level = 'assignment' and b.affiliation_id = s.own and b.entitlement_id = s.entitlement_id
    union all
    select s.id, s.limits, b.id, b.scope, 1 from reach_shape s join reach_bound b on b.level = 'rule' and b.rule_key = s.rule_key
    union all
    select s.id, s.limits, b.id, b.scope, 1 + r.place from reach_shape s
      cross join lateral unnest(s.roles) with ordinality r (key, place) join reach_bound b on b.level = 'role' and b.role_key = r.key
    union all
    select s.id, s.limits, b.id, b.scope, 1000 from reach_shape s cross join lateral unnest(s.via) v (group_id)
      join reach_bound b on b.level = 'group' and b.group_id = v.group_id
    union all
    select s.id, s.limits, b.id, b.scope, 1001 from reach_shape s join reach_bound b on b.level = 'entitlement' and b.entitlement_id = s.entitlement_id
    union all
    select s.id, s.limits, b.id, b.scope, 1002 from reach_shape s join reach_bound b on b.level = 'system' and b.system_id = s.system_id
  ), reach_touching as (
    -- A binding whose scope has nothing in common with the limits is about another use of the same right.
    select s.*, min(step) over (partition by shape) as nearest from reach_candidate s
    where s.scope = '{}' or not exists (select from jsonb_each(s.scope) one where ${HELD} is not null and not exists (
      select from jsonb_array_elements_text(one.value) want, jsonb_array_elements_text(${HELD}) has
      where ${COVERS('want', 'has')} or ${COVERS('has', 'want')}))
  )${limits ? `, reach_narrow as materialized (${NARROWED})` : ''}, reach_effective as materialized (
    select s.shape, array_agg(distinct s.binding order by s.binding) as bindings,
      ${limits ? 'array_agg(distinct w.id order by w.id)' : `'{}'::int[]`} as narrows,
      bool_or(s.scope <> '{}' and exists (select from jsonb_each(s.scope) one where ${HELD} is null or exists (
        select from jsonb_array_elements_text(${HELD}) has where not exists (
          select from jsonb_array_elements_text(one.value) want where ${COVERS('want', 'has')})))) as wider
    from reach_touching s ${limits ? 'join reach_shape h on h.id = s.shape join reach_narrow w on w.limit_id = h.limit_id and w.binding = s.binding' : ''}
    where s.step = s.nearest group by s.shape
  ), reach_print as materialized (
    select s.id as shape, s.entitlement_id, s.system_id, s.ground, s.persons, s.affiliations, s.units,
      coalesce(x.bindings, '{}') as bindings, coalesce(x.narrows, '{}') as narrows, coalesce(x.wider, false) as wider,
      dense_rank() over (order by s.system_id, coalesce(x.bindings, '{}'), coalesce(x.narrows, '{}')) as footprint
    from reach_shape s left join reach_effective x on x.shape = s.id
  ), reach_foot as materialized (
    select distinct footprint, system_id, bindings, narrows from reach_print
  )`

export const WAYS = `cross join lateral (
  select n.entitlement_id, n.system_id, x.* from unnest(n.persons, n.affiliations, n.units) x (person_id, affiliation_id, unit_id)) w`
/** One row a way: `w` who has which right how, `n` what is said of it. */
export const REACH_WAYS = `reach_print n ${WAYS}`

const narrowed = (among: string, person: string, right: string) =>
  `(${among.replaceAll('PERSON', person).replaceAll('RIGHT', right)})`
