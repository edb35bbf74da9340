/**
 * Whose a task is, by the system `s` it is in: its owner while they work here; then who is responsible for it, then the
 * deputy for its tasks, then the manager of the unit it belongs to (of the owner's last unit where it belongs to none);
 * after that IT, who is nobody in particular. A payroll row that counts as a reported employment is the same job.
 */
export const DOER_JOINS = `left join affiliation oa on oa.id = s.owner_affiliation_id
  left join affiliation_current oc on oc.affiliation_id = coalesce(oa.merged_into, oa.id)
  left join affiliation ra on ra.id = s.responsible_affiliation_id
  left join affiliation_current rc on rc.affiliation_id = coalesce(ra.merged_into, ra.id) and rc.status = 'active'
  left join affiliation da on da.id = s.task_deputy_affiliation_id
  left join affiliation_current dc on dc.affiliation_id = coalesce(da.merged_into, da.id) and dc.status = 'active'
  left join org_unit_current su on su.unit_id = coalesce(s.unit_id, oc.unit_id) and su.active`

export const DOER_PERSON = `case when oc.status = 'active' then oc.person_id
  else coalesce(rc.person_id, dc.person_id, su.post_person_id) end`
export const DOER_AS = `case when oc.status = 'active' then 'owner' when rc.person_id is not null then 'responsible'
  when dc.person_id is not null then 'deputy' when su.post_person_id is not null then 'manager' else 'it' end`
/** There is an owner on the system, and they have left. */
export const OWNER_LEFT = `oa.id is not null and oc.status is distinct from 'active'`
