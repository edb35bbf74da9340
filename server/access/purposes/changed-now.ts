import type { Touched } from '../../findings/evaluator.ts'
import type { Tx } from '../../platform/unit-of-work.ts'

/** From so many people on, everybody is looked at: asking for each of them costs as much. */
const MANY = 2000

/**
 * What the changes of this transaction to bindings and records touch: the records, the systems whose rights they speak of
 * (before and after), and who has something there. A row is of this transaction where its `xmin` is not older: those of others
 * that committed meanwhile may be among them, which costs a little and changes nothing.
 */
export async function changedNow(tx: Tx, day: string): Promise<Touched> {
  const [row] = await tx.query<{ activities: string[]; systems: string[]; alone: boolean }>(
    `with record as (
       select distinct f.activity_id from activity_in_force f where age(f.xmin) <= 0
     ), binding as (
       select b.* from purpose_binding b where age(b.xmin) <= 0
       union
       select b.* from purpose_binding b where upper_inf(b.recorded) and b.activity_id in (select activity_id from record)
     ), given as (
       select d.id from binding b join derivation d on d.rule_key = b.rule_key or b.role_key = any(d.role_path)
     ), system as (
       select system_id from binding
       union select e.system_id from binding b join entitlement e on e.id = b.entitlement_id
       union select e.system_id from binding b join group_entitlement ge on ge.group_id = b.group_id join entitlement e on e.id = ge.entitlement_id
       union select e.system_id from assignment a join entitlement e on e.id = a.entitlement_id where a.derivation_id in (select id from given)
       union select y.system_id from activity_in_force f join activity_system y on y.version_id = f.version_id
         where f.activity_id in (select activity_id from record)
     )
     select array(select activity_id from record union select activity_id from binding) as activities,
       array(select system_id from system where system_id is not null) as systems,
       exists (select from record) and not exists (select from activity_in_force f where age(f.xmin) > 0 and upper_inf(f.recorded)
         and f.valid @> $1::date) as alone`,
    [day],
  )
  const { activities = [], systems = [], alone = false } = row ?? {}
  // The first record begins the register and the last one ends it: then everything is found, or nothing.
  if (alone) return { activities: 'all', systems: 'all', people: 'all' }
  if (systems.length === 0) return { activities, systems, people: [] }
  const people = await tx.query<{ id: string }>(
    `with right_of as materialized (select id from entitlement where system_id = any($1::uuid[]))
     select person_id as id from (
       select ac.person_id from right_of r join assignment a on a.entitlement_id = r.id
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id
       union
       select acc.person_id from observed_right o join account acc on acc.id = o.account_id where acc.gone_at is null and acc.person_id is not null
         and (o.entitlement_id in (select id from right_of)
           or exists (select from entitlement_part part where part.entitlement_id = o.entitlement_id and part.part_id in (select id from right_of)))
       union
       select f.person_id from finding f where f.closed_at is null and f.person_id is not null and f.code = 'outside-task'
         and f.system_id = any($1::uuid[])
     ) x limit ${MANY + 1}`,
    [systems],
  )
  return { activities, systems, people: people.length > MANY ? 'all' : people.map(one => one.id) }
}

/** From so many people on, it is not asked of which systems: most are among them. */
export const MANY_CHANGED = 500

/**
 * SQL of the systems in which the transaction has changed rights of people (`$1`), given or seen; null where it has not with
 * one of them, so that nobody knows what was done with them: an account may have been somebody else's before, or a right may
 * be of another kind now. Asked at every event, so that no table is read whole.
 */
export const CHANGED_SYSTEMS = `
  with changed as materialized (
    select ac.person_id, a.entitlement_id from affiliation_current ac join assignment a on a.affiliation_id = ac.affiliation_id
    where ac.person_id = any($1) and age(a.xmin) <= 0
    union all
    select ac.person_id, h.entitlement_id from affiliation_current ac join assignment_history h on h.affiliation_id = ac.affiliation_id
    where ac.person_id = any($1) and age(h.xmin) <= 0
    union all
    select acc.person_id, o.entitlement_id from account acc join observed_right o on o.account_id = acc.id
    where acc.person_id = any($1) and (age(o.xmin) <= 0 or age(acc.xmin) <= 0)
    union all
    select acc.person_id, h.entitlement_id from account acc join observed_right_history h on h.account_id = acc.id
    where acc.person_id = any($1) and age(h.xmin) <= 0
  ), touched as (
    select entitlement_id from changed
    union select part.part_id from changed join entitlement_part part on part.entitlement_id = changed.entitlement_id
  )
  select case when exists (select from unnest($1) as one (id) where id not in (select person_id from changed)) then null
    else array(select distinct e.system_id from touched t join entitlement e on e.id = t.entitlement_id) end`

/** The records of which something is told by the rights of systems. */
export const activitiesOf = async (tx: Tx, systems: readonly string[], day: string): Promise<string[]> => {
  const rows = await tx.query<{ id: string }>(
    `select f.activity_id as id from activity_in_force f join activity_system y on y.version_id = f.version_id
     where upper_inf(f.recorded) and f.valid @> $2::date and y.system_id = any($1)
     union
     select b.activity_id from purpose_binding b left join entitlement e on e.id = b.entitlement_id
     where upper_inf(b.recorded) and (coalesce(b.system_id, e.system_id) = any($1) or b.level in ('group', 'role', 'rule'))`,
    [systems, day],
  )
  return rows.map(one => one.id)
}
