const ID = `'^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'`

/**
 * SQL of who said yes to a `purpose_binding`, as JSON `{ function, unit }`: under which tool role, as the log has it of the
 * moment, and the unit where they work now; never by name. Null for what nobody has said yes to. `function` is null where
 * the log tells of no role, `unit` for outsiders and those who have left.
 */
export const approverSql = (b: string): string => `case when ${b}.approved_at is not null then json_build_object(
  'function', (select nullif(n.actor_function, 'none') from audit_entry n
    where n.subject_kind = 'binding' and n.subject_id in (${b}.id::text, ${b}.batch_id::text) and n.actor_user_id::text = ${b}.approved_by
      and n.action in ('binding.made', 'binding.approved', 'binding.confirmed', 'binding.decided') order by n.at desc, n.id desc limit 1),
  'unit', (select o.name from tool_user tu join person ti on ti.id = tu.person_id
    join person_current tp on tp.person_id = coalesce(ti.merged_into, ti.id) and tp.status = 'active'
    join org_unit_current o on o.unit_id = tp.unit_id
    where tu.id = case when ${b}.approved_by ~ ${ID} then ${b}.approved_by::uuid end)) end`
