import { type Evaluation, syncFindings } from '../../findings/finding-store.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/*
 * What the register and the rights do not say of each other. Nothing is found where the register has not been begun: a
 * municipality that keeps it elsewhere is not drowned in what it cannot act on.
 */

/** Bindings that count on `$1`, as known now. */
const COUNTS = `counts as materialized (
  select b.* from purpose_binding b join activity_in_force f on f.activity_id = b.activity_id and upper_inf(f.recorded) and f.valid @> $1::date
  where upper_inf(b.recorded) and b.approved_at is not null and b.valid @> $1::date)`

/**
 * A right that people hold or should, in a system of which nothing is said at all: one finding for the system; of which
 * something is said, one for each right that is left out. A right that comes by roles and rules only is not left out while one
 * of those is bound. gdpr.md 9.3, F02.
 */
const withoutPurpose = (day: string): Evaluation => ({
  codes: ['no-purpose'],
  scope: 'true',
  params: [day],
  rows: `
    with ${COUNTS}, held as materialized (
      select a.entitlement_id from assignment a union select o.entitlement_id from observed_right o
    ), bound as materialized (
      select b.entitlement_id from counts b where b.level = 'entitlement'
      union select ge.entitlement_id from counts b join group_entitlement ge on ge.group_id = b.group_id
      union select a.entitlement_id from counts b join derivation d on d.rule_key = b.rule_key join assignment a on a.derivation_id = d.id
      union select a.entitlement_id from counts b join derivation d on b.role_key = any(d.role_path) join assignment a on a.derivation_id = d.id
      union select b.entitlement_id from counts b where b.level = 'assignment'
    ), open as (
      select e.id, e.system_id from held h join entitlement e on e.id = h.entitlement_id and e.gone_at is null
      where e.system_id not in (select system_id from counts where level = 'system')
        and e.id not in (select entitlement_id from bound)
    )
    select 'no-purpose' as code, x.system_id as subject_id, x.object_id, 'no-purpose:' || x.system_id as cause, 'high' as severity,
      null::uuid as person_id, x.system_id, null::uuid as unit_id, 'systemowner' as owner_role, '{}'::jsonb as detail
    from (
      select distinct o.system_id, case when said.system_id is null then null else o.id end as object_id
      from open o left join (select distinct e.system_id from bound join entitlement e on e.id = bound.entitlement_id) said
        on said.system_id = o.system_id
    ) x
    -- Hjemmel's own roles are not a system of the municipality's register.
    where x.system_id not in (select id from it_system where key = 'hjemmel')
      and exists (select from activity_in_force f where upper_inf(f.recorded) and f.valid @> $1::date)`,
})

/**
 * What was bound and is so no more, because the binding has come to its end or its activity is retired, and nothing else is
 * said of the same thing. gdpr.md 9.3, F12.
 */
const purposeEnded = (day: string): Evaluation => ({
  codes: ['purpose-ended'],
  scope: 'true',
  params: [day],
  rows: `
    with ${COUNTS}
    select 'purpose-ended' as code, b.id as subject_id, b.entitlement_id as object_id, 'purpose-ended:' || b.activity_id as cause,
      'medium' as severity, null::uuid as person_id, coalesce(b.system_id, e.system_id, (
        select x.system_id from group_entitlement ge join entitlement x on x.id = ge.entitlement_id where ge.group_id = b.group_id
        order by x.system_id limit 1)) as system_id,
      null::uuid as unit_id, 'systemowner' as owner_role, '{}'::jsonb as detail
    from purpose_binding b left join entitlement e on e.id = b.entitlement_id
    where upper_inf(b.recorded) and b.approved_at is not null and b.ended_by is null and lower(b.valid) <= $1::date
      and not exists (select from counts c where c.level = b.level
        and (c.system_id, c.entitlement_id, c.group_id, c.role_key, c.rule_key, c.affiliation_id)
          is not distinct from (b.system_id, b.entitlement_id, b.group_id, b.role_key, b.rule_key, b.affiliation_id))`,
})

/** Evaluated anew when bindings or records change, and once a day: set-based, whatever the number of rights. */
export async function syncPurposes(tx: Tx, day: string): Promise<void> {
  await syncFindings(tx, withoutPurpose(day))
  await syncFindings(tx, purposeEnded(day))
}
