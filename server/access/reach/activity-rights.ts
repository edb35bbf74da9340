/**
 * SQL of the rights by which anything of an activity could be reached: those of systems that its record names, and whatever a
 * binding to it is about. Others reach nothing of it, so that nothing is read of them. `activity`, `day`: placeholders.
 */
export const activityRights = (activity: string, day: string): string => `
  with bound as (
    select * from purpose_binding where activity_id = ${activity} and upper_inf(recorded)
  ), shown as (
    -- Any group on the way counts, not only the one that is mapped.
    select distinct o.entitlement_id from bound b join observed_right o on b.group_id = any(o.via) where b.level = 'group'
  )
  select e.id from entitlement e where e.system_id in (
    select y.system_id from activity_in_force f join activity_system y on y.version_id = f.version_id
    where f.activity_id = ${activity} and upper_inf(f.recorded) and f.valid @> ${day}::date
    union all select system_id from bound where level = 'system')
  union select entitlement_id from bound where entitlement_id is not null
  union select entitlement_id from shown
  union select part.part_id from shown join entitlement_part part on part.entitlement_id = shown.entitlement_id
  union
  select a.entitlement_id from bound b join derivation d on d.rule_key = b.rule_key or b.role_key = any(d.role_path)
    join assignment a on a.derivation_id = d.id where b.level in ('role', 'rule')`
