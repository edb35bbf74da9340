import type { Evaluator } from '../../findings/evaluator.ts'

/** The register has been begun. */
const BEGUN = (day: string) =>
  `exists (select from activity_in_force begun where upper_inf(begun.recorded) and begun.valid @> ${day})`

/** Bindings that count on the day, as known now: approved, of an activity in force that still has the purpose. */
export const COUNTS = (day: string): string => `counts as materialized (
  select b.*, f.version_id from purpose_binding b
  join activity_in_force f on f.activity_id = b.activity_id and upper_inf(f.recorded) and f.valid @> ${day}
  join activity_purpose p on p.version_id = f.version_id and p.key = b.purpose_key
  where upper_inf(b.recorded) and b.approved_at is not null and b.valid @> ${day})`

/**
 * F01. Rights to personal data in a system that no record in force names: whoever asks the register where data are, is not
 * told of it.
 */
const notInRegister: Evaluator = {
  codes: ['not-in-register'],
  by: 'system',
  rows: ({ day, among }) => `
    select 'not-in-register' as code, s.id as subject_id, null::uuid as object_id, 'not-in-register:' || s.id as cause,
      'medium' as severity, null::uuid as person_id, s.id as system_id, s.unit_id, 'systemowner' as owner_role, '{}'::jsonb as detail,
      null::uuid as activity_id
    from it_system s
    where ${among('s.id')} and s.gone_at is null and s.key <> 'hjemmel' and ${BEGUN(day)}
      and not exists (select from activity_system y join activity_in_force f on f.version_id = y.version_id
        where y.system_id = s.id and upper_inf(f.recorded) and f.valid @> ${day})
      and exists (select from entitlement e where e.system_id = s.id and e.gone_at is null and e.sensitivity <> 'none' and (
        exists (select from assignment a where a.entitlement_id = e.id) or exists (select from observed_right o where o.entitlement_id = e.id)))`,
}

/**
 * F02. A right that people hold or should, in a system of which nothing is said at all: one finding for the system; of which
 * something is said, one for each right that is left out. A right that comes by roles and rules only is not left out while one
 * of those is bound.
 */
const withoutPurpose: Evaluator = {
  codes: ['no-purpose'],
  by: 'system',
  rows: ({ day, among }) => `
    with ${COUNTS(day)}, looked as materialized (
      select e.id, e.system_id from entitlement e where e.gone_at is null and ${among('e.system_id')}
        -- Hjemmel's own roles are not a system of the municipality's register.
        and e.system_id not in (select id from it_system where key = 'hjemmel')
    ), held as materialized (
      select l.id, l.system_id from looked l where exists (select from assignment a where a.entitlement_id = l.id)
        or exists (select from observed_right o where o.entitlement_id = l.id)
    ), bound as materialized (
      select b.entitlement_id from counts b where b.level in ('entitlement', 'assignment')
      union select ge.entitlement_id from counts b join group_entitlement ge on ge.group_id = b.group_id
      union select a.entitlement_id from looked l join assignment a on a.entitlement_id = l.id join derivation d on d.id = a.derivation_id
      where d.rule_key = any(array(select rule_key from counts where level = 'rule'))
        or d.role_path && array(select role_key from counts where level = 'role')
    ), open as (
      select h.id, h.system_id from held h
      where h.system_id not in (select system_id from counts where level = 'system') and h.id not in (select entitlement_id from bound)
    )
    select 'no-purpose' as code, x.system_id as subject_id, x.object_id, 'no-purpose:' || x.system_id as cause, 'high' as severity,
      null::uuid as person_id, x.system_id, null::uuid as unit_id, 'systemowner' as owner_role, '{}'::jsonb as detail, null::uuid as activity_id
    from (
      select distinct o.system_id, case when said.system_id is null then null else o.id end as object_id
      from open o left join (select distinct e.system_id from bound join entitlement e on e.id = bound.entitlement_id) said
        on said.system_id = o.system_id
    ) x
    where ${BEGUN(day)}`,
}

/**
 * F12. What was bound and is so no more, because the binding has come to its end, its activity is retired or no longer has
 * the purpose, and nothing else is said of the same thing.
 */
const purposeEnded: Evaluator = {
  codes: ['purpose-ended'],
  by: 'register',
  rows: ({ day }) => `
    with ${COUNTS(day)}
    select 'purpose-ended' as code, b.id as subject_id, b.entitlement_id as object_id, 'purpose-ended:' || b.activity_id as cause,
      'medium' as severity, null::uuid as person_id, coalesce(b.system_id, e.system_id, (
        select x.system_id from group_entitlement ge join entitlement x on x.id = ge.entitlement_id where ge.group_id = b.group_id
        order by x.system_id limit 1)) as system_id,
      null::uuid as unit_id, 'systemowner' as owner_role, '{}'::jsonb as detail, b.activity_id
    from purpose_binding b left join entitlement e on e.id = b.entitlement_id
    where upper_inf(b.recorded) and b.approved_at is not null and b.ended_by is null and lower(b.valid) <= ${day}
      and not exists (select from counts c where c.level = b.level
        and (c.system_id, c.entitlement_id, c.group_id, c.role_key, c.rule_key, c.affiliation_id)
          is not distinct from (b.system_id, b.entitlement_id, b.group_id, b.role_key, b.rule_key, b.affiliation_id))`,
}

/** Rights and bindings: what is said, and of what nothing is. */
export const boundFindings: readonly Evaluator[] = [notInRegister, withoutPurpose, purposeEnded]
