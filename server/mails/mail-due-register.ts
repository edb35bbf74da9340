import { REVIEW_ON, SYSTEMS } from '../access/purposes/bindings-view.ts'
import { ATTEST_NOTICE_DAYS, activitiesSql, OWNER, SPEAKING } from '../register/activities/activity-sql.ts'

/** Days before the month of Art. 12(3) is over on which whoever is to answer is reminded. */
const ANSWER_NOTICE_DAYS = 7
/** Days after a purpose was to be looked at on which its owner is told once more. */
const REVIEW_LATE_DAYS = 30

const DAY = (instant: string) => `(${instant} at time zone 'Europe/Copenhagen')::date`

/**
 * Further expressions of `DUE`, which see its `hr` and `office`: what waits for an answer, a look or a word of its owner.
 * $1 is today, $2 now; $3 is null, since no report leads to any of it.
 */
export const REGISTER_CTES = `
  it as (select person_id from office where role = 'it'),
  -- Who owns a system and is here to answer for it.
  keeper as (
    select s.id as system_id, ac.person_id from it_system s
    join affiliation f on f.id = s.owner_affiliation_id
    join affiliation_current ac on ac.affiliation_id = coalesce(f.merged_into, f.id) and ac.status = 'active'
    join person_current p on p.person_id = ac.person_id and p.died_on is null
    where s.gone_at is null),
  here as (
    select k.* from keeper k where exists (
      select from affiliation_current x where x.person_id = k.person_id and x.status = 'active' and not x.on_leave)),
  wrong as (
    select r.id, r.office, r.system_id, r.answered_at, r.seen_at, p.person_id, p.kind as person_kind,
      ${DAY('r.asked_at')} as since, (${DAY('r.asked_at')} + interval '1 month')::date as due,
      jsonb_build_object('about', r.about, 'system', s.name, 'right', e.name, 'on', ${DAY('r.asked_at')},
        'due', (${DAY('r.asked_at')} + interval '1 month')::date, 'outcome', r.outcome) as facts
    from rectification r join person i on i.id = r.person_id
    join person_current p on p.person_id = coalesce(i.merged_into, i.id) and p.died_on is null
    left join entitlement e on e.id = r.entitlement_id left join it_system s on s.id = r.system_id
    where $3::uuid is null and (r.answered_at is null
      or r.seen_at is null and r.answered_at >= greatest((select at from mail_start), $2::timestamptz - interval '90 days'))),
  -- Who may answer (policy): the owner of the system, and IT while there is none or none at work; HR, of pupils IT.
  answerer as (
    select w.id, h.person_id, false as late_only from wrong w join keeper h on h.system_id = w.system_id where w.office = 'systemowner'
    union select w.id, it.person_id, exists (select from here h where h.system_id = w.system_id and h.person_id <> w.person_id)
      from wrong w cross join it where w.office = 'systemowner'
    union select w.id, it.person_id, false from wrong w cross join it where w.office = 'it' or w.office = 'hr' and w.person_kind = 'pupil'
    union select w.id, hr.person_id, false from wrong w cross join hr where w.office = 'hr' and w.person_kind <> 'pupil'),
  looked_at as (
    select b.id, b.level, b.proposed_by, ${REVIEW_ON} as on_day, array(${SYSTEMS}) as systems,
      coalesce(s.name, e.name, g.name, b.role_key, b.rule_key) as what, v.content ->> 'name' as activity
    from purpose_binding b join activity_in_force f on f.activity_id = b.activity_id and upper_inf(f.recorded) and f.valid @> $1::date
    join activity_version v on v.id = f.version_id
    left join it_system s on s.id = b.system_id left join entitlement e on e.id = b.entitlement_id
    left join directory_group g on g.id = b.group_id
    where $3::uuid is null and upper_inf(b.recorded) and b.approved_at is not null and b.valid @> $1::date and ${REVIEW_ON} <= $1::date),
  -- Owners of what it speaks of; where there is none, and of roles and rules, IT, but nobody who said it first.
  looker as (
    select l.id, k.person_id from looked_at l join keeper k on k.system_id = any(l.systems)
    union select l.id, it.person_id from looked_at l cross join it
      where (l.level in ('role', 'rule') or not exists (select from keeper k where k.system_id = any(l.systems)))
        and not (l.level in ('role', 'rule') and exists (
          select from tool_user u join person ui on ui.id = u.person_id
          where u.id::text = l.proposed_by and coalesce(ui.merged_into, ui.id) = it.person_id))),
  attested as (
    select g.id, g.attest_due, concat_ws(' ', g.ref, sv.content ->> 'name') as activity, ${OWNER} as person_id
    from ${activitiesSql('$1::date')} g ${SPEAKING}
    where $3::uuid is null and g.standing = 'in-force' and g.attest_due < $1::date + ${ATTEST_NOTICE_DAYS})`

/** Rows of `said`, as it names them. */
export const REGISTER_SAID = `
    select 'wrong', 0, '', 'rectification-asked', 'asked', a.person_id, w.id, w.person_id, w.facts, 'hour', w.since
    from wrong w join answerer a on a.id = w.id where w.answered_at is null and not a.late_only and a.person_id <> w.person_id
    union all
    select 'wrong', 1, '', 'rectification-due', 'before', a.person_id, w.id, w.person_id,
      w.facts || '{"stage":"before"}', 'day', w.due - ${ANSWER_NOTICE_DAYS}
    from wrong w join answerer a on a.id = w.id where w.answered_at is null and not a.late_only and a.person_id <> w.person_id
    union all
    select 'wrong', 2, '', 'rectification-due', 'after', a.person_id, w.id, w.person_id, w.facts || '{"stage":"after"}', 'day', w.due + 1
    from wrong w join answerer a on a.id = w.id where w.answered_at is null and a.person_id <> w.person_id
    union all
    select 'answered', 0, '', 'rectification-answered', 'answered', w.person_id, w.id, null, w.facts, 'hour', ${DAY('w.answered_at')}
    from wrong w where w.answered_at is not null
    union all
    select 'review', t.place, l.on_day::text, 'binding-review', t.stage, k.person_id, l.id, null,
      jsonb_build_object('what', l.what, 'activity', l.activity, 'on', l.on_day, 'stage', t.stage), 'day', l.on_day + t.days
    from looked_at l join looker k on k.id = l.id cross join (values (0, 'on', 0), (1, 'after', ${REVIEW_LATE_DAYS})) t (place, stage, days)
    union all
    select 'attest', t.place, a.attest_due::text, 'attestation-due', t.stage, a.person_id, a.id, null,
      jsonb_build_object('activity', a.activity, 'on', a.attest_due, 'stage', t.stage), 'day', a.attest_due + t.days
    from attested a cross join (values (0, 'before', ${-ATTEST_NOTICE_DAYS}), (1, 'after', 1)) t (place, stage, days)`
