import { amongSql, askFor } from '../../platform/planned.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import { rightClassSql } from '../../systems/right-class.ts'
import { absenceSql, suspendingPairs } from './access-policies.ts'
import { loadAbsencePolicy } from './policy-store.ts'

const DAY = `($1::timestamptz at time zone 'Europe/Copenhagen')::date`

/**
 * Brings `assignment.suspended` in line with locks, absences and the policy, for these people; what changes has a history.
 * `lock`: the person is locked, every right of every affiliation. `absence`: the affiliation is on leave and the policy
 * suspends this class of right, unless another affiliation of the person gives the right and is not away. Answers whose
 * rights changed. Derived from rows alone, so that calling it again changes nothing.
 *
 * What is the same in two lists is counted and not joined: of a large municipality the planner once took such a join for a
 * single row, and went through fifteen million rights for each right that rests.
 */
export async function syncSuspensions(
  tx: Tx,
  people: readonly string[] | 'all',
  { now, runId }: { now: Date; runId: string | null },
): Promise<string[]> {
  const pairs = suspendingPairs(await loadAbsencePolicy(tx))
  const of = amongSql(people, '$4::uuid[]')
  const changed = await askFor<{ person: string }>(
    tx,
    people,
    `with policy as (
       select absence, class from jsonb_to_recordset($3::jsonb) as r(absence text, class text)
     ), locked as materialized (
       select distinct coalesce(p.merged_into, p.id) as person_id from person_lock l join person p on p.id = l.person_id
       where l.released_at is null and ${of('coalesce(p.merged_into, p.id)')}
     ), away as materialized (
       select affiliation_id, person_id, ${absenceSql('leave_kind')} as absence from affiliation_current
       where on_leave and ${of('person_id')}
     ), resting as materialized (
       select w.person_id, a.affiliation_id, a.entitlement_id
       from away w join assignment a on a.affiliation_id = w.affiliation_id
       join entitlement e on e.id = a.entitlement_id join it_system s on s.id = e.system_id
       left join policy p on p.absence = w.absence and p.class = ${rightClassSql('e', 's')}
       -- What HR has decided about this very absence; of two reports the one that began later.
       left join lateral (select x.effect from absence_exception x
         where x.affiliation_id = w.affiliation_id and x.class = ${rightClassSql('e', 's')}
           and x.valid_from <= ${DAY} and coalesce(x.valid_to > ${DAY}, true)
         order by x.valid_from desc, x.case_id limit 1) v on true
       where coalesce(v.effect = 'suspend', p.class is not null)
     ), theirs as (
       select oc.person_id, o.affiliation_id, o.entitlement_id, false as rests
       from (select distinct person_id from resting) w
       join affiliation_current oc on oc.person_id = w.person_id
       join assignment o on o.affiliation_id = oc.affiliation_id
       union all
       select person_id, affiliation_id, entitlement_id, true from resting
     ), counted as (
       select affiliation_id, entitlement_id, person_id, rests, count(*) filter (where not rests) over same as held,
         count(*) filter (where rests) over same as resting
       from theirs window same as (partition by person_id, entitlement_id)
     ), should as (
       select a.affiliation_id, a.entitlement_id, 'lock' as suspended
       from locked l join affiliation_current ac on ac.person_id = l.person_id
       join assignment a on a.affiliation_id = ac.affiliation_id
       union all
       -- Whoever has the right through another affiliation as well keeps it there and here.
       select affiliation_id, entitlement_id, 'absence' from counted
       where rests and held = resting and person_id not in (select person_id from locked)
     ), changing as materialized (
       select affiliation_id, entitlement_id, max(suspended) as suspended
       from (
         select affiliation_id, entitlement_id, suspended, null as before from should
         union all
         select a.affiliation_id, a.entitlement_id, null, a.suspended from assignment a
         where a.suspended is not null
           ${people === 'all' ? '' : `and a.affiliation_id in (select affiliation_id from affiliation_current where ${of('person_id')})`}
       ) pairs group by affiliation_id, entitlement_id having max(suspended) is distinct from max(before)
     ), kept as (
       -- What came in this very moment was never otherwise.
       insert into assignment_history (affiliation_id, entitlement_id, derivation_id, constraints, held, run_id, suspended)
       select a.affiliation_id, a.entitlement_id, a.derivation_id, a.constraints, tstzrange(a.reason_since, $1), $2, a.suspended
       from assignment a join changing c on c.affiliation_id = a.affiliation_id and c.entitlement_id = a.entitlement_id
       where a.reason_since < $1
     ), updated as (
       update assignment a set suspended = c.suspended, reason_since = $1 from changing c
       where c.affiliation_id = a.affiliation_id and c.entitlement_id = a.entitlement_id
       returning a.affiliation_id
     )
     select distinct ac.person_id as person from updated u join affiliation_current ac on ac.affiliation_id = u.affiliation_id`,
    people === 'all' ? [now, runId, JSON.stringify(pairs)] : [now, runId, JSON.stringify(pairs), people],
  )
  return changed.map(row => row.person)
}
