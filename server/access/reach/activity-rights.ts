/**
 * SQL of the rights by which anything of some activities could be reached: those of systems that their records name, and
 * whatever a binding to them is about. Others reach nothing of them, so that nothing is read of those. `activities`: SQL of
 * ids, one or a query; `day`: placeholder.
 */
export const activityRights = (activities: string, day: string): string => `
  with bound as (
    select * from purpose_binding where activity_id in (${activities}) and upper_inf(recorded)
  ), shown as (
    -- Any group on the way counts, not only the one that is mapped.
    select distinct o.entitlement_id from bound b join observed_right o on b.group_id = any(o.via) where b.level = 'group'
  )
  select e.id from entitlement e where e.system_id in (
    select y.system_id from activity_in_force f join activity_system y on y.version_id = f.version_id
    where f.activity_id in (${activities}) and upper_inf(f.recorded) and f.valid @> ${day}::date
    union all select system_id from bound where level = 'system')
  union select entitlement_id from bound where entitlement_id is not null
  union select entitlement_id from shown
  union select part.part_id from shown join entitlement_part part on part.entitlement_id = shown.entitlement_id
  union
  select a.entitlement_id from bound b join derivation d on d.rule_key = b.rule_key or b.role_key = any(d.role_path)
    join assignment a on a.derivation_id = d.id where b.level in ('role', 'rule')`

/** SQL of the records in force that state any of these data about any of these people; a placeholder is null where any are meant. */
export const activitiesStating = (data: string | null, subjects: string | null, day: string): string => `
  select f.activity_id from activity_in_force f join activity_row r on r.version_id = f.version_id
  where upper_inf(f.recorded) and f.valid @> ${day}::date${data ? ` and r.data = any(${data})` : ''}${subjects ? ` and r.subject = any(${subjects})` : ''}`
