/**
 * Who has access to a system, by hand: the same fifty rows and the same total as the product's view, for a reader who may
 * see everything, so without any question of who may see what.
 */
export const HOLDERS_SQL = `
  with right_of as (select id, key, name from entitlement where system_id = $1),
  expected as (
    select distinct on (ac.person_id, a.entitlement_id) ac.person_id, a.entitlement_id, a.since, a.derivation_id
    from right_of r join assignment a on a.entitlement_id = r.id
    join affiliation_current ac on ac.affiliation_id = a.affiliation_id
    order by ac.person_id, a.entitlement_id, ac.is_primary desc, a.since
  ), observed as (
    select acc.person_id, case when acc.person_id is null then acc.id end as account_id, o.entitlement_id, min(o.first_seen_at) as since,
      min(greatest(so.complete_at, so.changes_at)) as seen_at
    from right_of r join observed_right o on o.entitlement_id = r.id join account acc on acc.id = o.account_id
    left join source so on so.key = acc.source
    where acc.gone_at is null group by 1, 2, 3
  ), held as (
    select coalesce(e.person_id, o.person_id) as person_id, o.account_id, coalesce(e.entitlement_id, o.entitlement_id) as entitlement_id,
      e.derivation_id, coalesce(e.since, o.since) as since, o.seen_at,
      case when e.person_id is not null and o.entitlement_id is not null then 'matching'
        when o.entitlement_id is not null then 'unexplained' else 'missing' end as state
    from expected e full join observed o on o.person_id = e.person_id and o.entitlement_id = e.entitlement_id
  ), page as (
    select h.*, p.name as person_name, p.protected, p.unit_id, p.title, count(*) over () as total
    from held h left join person_current p on p.person_id = h.person_id
    order by h.state desc, p.family_name, p.given_name, h.person_id limit 50
  )
  select g.total::int as total,
    case when g.person_id is not null then jsonb_build_object('id', g.person_id, 'name', g.person_name, 'protected', g.protected) end as person,
    case when acc.id is not null then jsonb_build_object('id', acc.id, 'username', acc.username) end as account,
    case when u.unit_id is not null then jsonb_build_object('id', u.unit_id, 'name', u.name) end as unit, g.title,
    jsonb_build_object('id', r.id, 'key', r.key, 'name', r.name) as entitlement, g.state, g.seen_at as "seenAt",
    d.rule_key as "ruleKey", rule.name as "ruleName", g.since
  from page g join right_of r on r.id = g.entitlement_id
  left join account acc on acc.id = g.account_id
  left join org_unit_current u on u.unit_id = g.unit_id
  left join derivation d on d.id = g.derivation_id
  left join rights_rule rule on rule.key = d.rule_key and rule.version = d.rule_version
  order by g.state desc, g.person_name`

/**
 * People by data and by whom they are about, by hand: whoever has any right in a system reaches what the records in force
 * state for it. Nothing of bindings, of rights that include others, nor of who may see what.
 */
export const REACH_SQL = `
  with held as (
    select ac.person_id, e.system_id from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
    join entitlement e on e.id = a.entitlement_id where a.suspended is null
    union
    select acc.person_id, e.system_id from observed_right o join account acc on acc.id = o.account_id
    join entitlement e on e.id = o.entitlement_id where acc.gone_at is null and acc.person_id is not null
  ), stated as (
    select distinct s.system_id, r.data, r.subject from activity_in_force f
    join activity_system s on s.version_id = f.version_id join activity_row r on r.version_id = f.version_id
    where upper_inf(f.recorded) and f.valid @> (now() at time zone 'Europe/Copenhagen')::date
  )
  select s.data, s.subject, count(distinct h.person_id)::int as people
  from held h join stated s on s.system_id = h.system_id group by 1, 2`

/**
 * Who can reach some data about some people, by hand: the first 50 of those who have a right in a system of which a record in
 * force states it, by name, with how many there are. Nothing of bindings, of what is included, nor of who may see what.
 */
export const REACH_ROWS_SQL = `
  with stated as (
    select distinct s.system_id, f.activity_id, f.version_id from activity_in_force f
    join activity_system s on s.version_id = f.version_id join activity_row r on r.version_id = f.version_id
    where upper_inf(f.recorded) and f.valid @> (now() at time zone 'Europe/Copenhagen')::date and r.data = any($1) and r.subject = any($2)
  ), given as (
    select ac.person_id, ac.unit_id, a.entitlement_id, a.affiliation_id from assignment a
    join affiliation_current ac on ac.affiliation_id = a.affiliation_id join entitlement e on e.id = a.entitlement_id
    where a.suspended is null and e.system_id in (select system_id from stated)
  ), seen as (
    select distinct acc.person_id, o.entitlement_id from observed_right o join account acc on acc.id = o.account_id
    join entitlement e on e.id = o.entitlement_id
    where acc.gone_at is null and acc.person_id is not null and e.system_id in (select system_id from stated)
  ), way as (
    select person_id, unit_id, entitlement_id, affiliation_id from given
    union all
    select s.person_id, p.unit_id, s.entitlement_id, null from seen s join person_current p on p.person_id = s.person_id
    where not exists (select from given g where g.person_id = s.person_id and g.entitlement_id = s.entitlement_id)
  )
  select p.person_id as person, p.name, u.name as unit, s.name as system, e.name as right, v.content ->> 'name' as activity,
    count(*) over () as total
  from way w join person_current p on p.person_id = w.person_id join entitlement e on e.id = w.entitlement_id
  join stated t on t.system_id = e.system_id join it_system s on s.id = e.system_id join activity_version v on v.id = t.version_id
  left join org_unit_current u on u.unit_id = w.unit_id
  order by p.family_name, p.given_name, p.person_id limit 50`

/** One trigram query of the same length as the product's list of people. */
export const SEARCH_SQL = `
  select p.person_id as id, p.name, p.title, u.name as unit, p.kind
  from person_current p left join org_unit_current u on u.unit_id = p.unit_id
  where p.search like $1 order by p.name limit 8`

/**
 * Every cell of the matrix of people by systems, by hand, for a reader who may see everything: the worst of what the
 * person has there, and how many rights. 1 expected and not read, 2 no account, 3 matching, 8 missing, 9 unexplained.
 */
export const MATRIX_SQL = `
  with expected as (
    select ac.person_id, a.entitlement_id from assignment a join affiliation_current ac on ac.affiliation_id = a.affiliation_id
    group by 1, 2
  ), observed as (
    select acc.person_id, o.entitlement_id from observed_right o join account acc on acc.id = o.account_id
    where acc.gone_at is null and acc.person_id is not null group by 1, 2
  ), readable as (
    select ge.entitlement_id, array_agg(distinct g.source) as sources
    from group_entitlement ge join directory_group g on g.id = ge.group_id group by 1
  ), has_account as (
    select person_id, array_agg(distinct source) as sources from account where gone_at is null and person_id is not null group by 1
  )
  select p.person_id as person, e.system_id as system, max(case
      when x.person_id is not null and o.person_id is not null then 3 when o.person_id is not null then 9
      when r.entitlement_id is null then 1 when h.sources && r.sources then 8 else 2 end) as code, count(*) as n
  from expected x full join observed o on o.person_id = x.person_id and o.entitlement_id = x.entitlement_id
  join person_current p on p.person_id = coalesce(x.person_id, o.person_id) and p.kind <> 'pupil'
  join entitlement e on e.id = coalesce(x.entitlement_id, o.entitlement_id)
  left join readable r on r.entitlement_id = x.entitlement_id
  left join has_account h on h.person_id = x.person_id
  group by 1, 2`
