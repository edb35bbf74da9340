import type { Tx } from '../platform/unit-of-work.ts'
import { HIRE_CONFIRM_DAYS_SQL } from './hr-settings-store.ts'

export type WorklistKind =
  | 'unknown-title'
  | 'unknown-unit'
  | 'unmapped-pay-unit'
  | 'unit-cycle'
  | 'vacant-manager'
  | 'unknown-person'
  | 'unknown-manager'
  | 'no-unit'
  | 'same-cpr'
  | 'hire-unconfirmed'

/** `label` is a title, a unit key and name, or a source: never a person's name. `count` is how much hangs on it. */
export type WorklistRow = { kind: WorklistKind; label: string; count: number }

/**
 * What the organisation data leave open, grouped by cause: each row is one thing to put right, with what it holds
 * up. None of it stops a feed.
 */
export async function worklist(tx: Tx): Promise<WorklistRow[]> {
  return tx.query<WorklistRow>(
    `
    with living as (select * from affiliation_current where status <> 'ended')
    select 'unknown-title' as kind, min(title) as label, count(*) as count
    from living where title_norm is not null and position_key is null group by title_norm
    union all
    select 'unknown-unit', u.key, count(*)
    from living a join org_unit u on u.id in (a.unit_id, a.pay_unit_id)
    where not exists (select from org_unit_current c where c.unit_id = u.id) group by u.id, u.key
    union all
    select 'unknown-unit', p.key, count(*)
    from org_unit_state s join org_unit p on p.id = (s.attrs ->> 'parent')::uuid
    where upper_inf(s.recorded) and not exists (select from org_unit_current c where c.unit_id = p.id) group by p.id, p.key
    union all
    select 'unmapped-pay-unit', u.key || ' ' || u.name, count(*)
    from living a join org_unit_current u on u.unit_id = a.pay_unit_id
    where a.unit_id is null and u.maps_to_id is null group by u.unit_id, u.key, u.name
    union all
    select 'no-unit', source, count(*)
    from living where unit_id is null and pay_unit_id is null group by source
    union all
    select 'unit-cycle', key || ' ' || name, 1 from org_unit_current where in_loop
    union all
    select 'vacant-manager', u.key || ' ' || u.name, count(a.affiliation_id)
    from org_unit_current u join living a on a.unit_id = u.unit_id
    where u.active and u.tree = 'admin' and u.post_person_id is null
      and exists (select from org_unit_state s where s.unit_id = u.unit_id and upper_inf(s.recorded) and s.attrs ? 'manager')
    group by u.unit_id, u.key, u.name
    union all
    select 'unknown-manager', u.key || ' ' || u.name, 1
    from org_unit_current u join org_unit_state s on s.unit_id = u.unit_id
    join affiliation a on a.id = (s.attrs ->> 'manager')::uuid
    where upper_inf(s.recorded) and u.active
      and not exists (select from affiliation_state x where x.affiliation_id = a.id)
    group by u.unit_id, u.key, u.name
    union all
    select 'unknown-person', a.source, count(*)
    from affiliation a join affiliation_state s on s.affiliation_id = a.id and upper_inf(s.recorded)
    where not exists (select from person_state p where p.person_id = a.person_id) group by a.source
    union all
    select 'same-cpr', realm, sum(persons)::int from (
      select realm, count(*) as persons from person_cpr group by realm, hash having count(*) > 1) as doubled group by realm
    union all
    -- Reported, and payroll has not told of it: either payroll is late, or nobody was hired.
    select 'hire-unconfirmed', coalesce(u.key || ' ' || u.name, '-'), count(*)::int
    from living l join affiliation a on a.id = l.affiliation_id left join org_unit_current u on u.unit_id = l.unit_id
    where a.source = 'report' and l.kind in ('employment', 'temp', 'trainee') and l.payroll_confirmed is distinct from true
      and a.created_at < clock_timestamp() - make_interval(days => ${HIRE_CONFIRM_DAYS_SQL})
    group by u.unit_id, u.key, u.name
    order by kind, count desc, label`,
  )
}
