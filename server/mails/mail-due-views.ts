import type { PlanLine } from '#contract/lifecycle.ts'
import type { MailKind, MailLanguage } from '#contract/mail-lists.ts'
import { personRefSql, visibleTo } from '../access/visible.ts'
import { NOTICE_DAYS } from '../orders/order-visible.ts'
import { DEPUTY_DAYS, IT_DAYS, REMIND_DAYS } from '../orders/task-ageing.ts'
import { DOER_JOINS, DOER_PERSON } from '../orders/task-doer.ts'
import { HIRE_CONFIRM_DAYS_SQL } from '../people/hr-settings-store.ts'
import { startOfDay } from '../platform/clock.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { CATALOGUE_CTES, CATALOGUE_SAID } from './mail-due-catalogue.ts'
import { REGISTER_CTES, REGISTER_SAID } from './mail-due-register.ts'
import type { AnyFacts } from './mail-facts.ts'

/**
 * What is to be told, worked out from the rows themselves: "its day has come, it still holds, and it has not been told".
 * Nothing that is done writes a mail, so nothing that is done can forget one, a change that is taken back has told nobody,
 * and a process that dies loses nothing. The same statement says it for everybody and for one report that is carried out
 * and taken back: so what a report promises is what is sent.
 */
export type Due = {
  key: string
  kind: MailKind
  stage: string
  personId: string
  subjectId: string
  aboutPersonId: string | null
  facts: AnyFacts
  rhythm: 'now' | 'hour' | 'day'
  dueOn: string
}

/** Of one report: its case, whose affiliation it is about. */
export type DueOf = { caseId: string; affiliationId: string }

/**
 * What a deputy is told of while the one who leads is away in all jobs. What waits for an approval and what nobody has done
 * reaches the deputies in any case.
 */
const STOOD_IN = `('task-assigned', 'task-due', 'case-plan', 'affiliation-expires', 'grace-begins', 'grace-ends', 'death')`

/** SQL: how a mail calls whom it is about: null where the name is protected, empty where it is not the mail about a death. */
export const nameInMail = (person: string, kind: string) =>
  `case when not ${person}.protected then case when ${person}.died_on is not null and ${kind} <> 'death' then '' else ${person}.name end end`

/** So many days before it ends, whoever set a legal hold and the DPO are told: time to ask, and time to act. */
const HOLD_DAYS = [14, 3] as const

const DAY = (instant: string) => `(${instant} at time zone 'Europe/Copenhagen')::date`

/**
 * SQL of rows `family, place, round, kind, stage, person_id, subject_id, about_person_id, facts, rhythm, due_on`. $1 today,
 * $2 now, $3 a case and $4 its affiliation, or null for everybody. Of one family, subject and reader only the latest stage
 * whose day has come is told: after three days without power nobody is reminded three times.
 *
 * Nobody who has died or left is told anything. Of somebody who has died, who leads is told once; no mail else is about
 * them, and who closes what they held is told of a former employee. A confidential report is silent until it is released.
 */
export const DUE = `
  with reader as (
    select person_id from person_current where status = 'active' and died_on is null),
  deputies as (
    select u.unit_id, u.post_person_id, dc.person_id from deputy d
    join org_unit_current u on u.unit_id = d.unit_id and u.active
    join affiliation da on da.id = d.deputy_affiliation_id
    join affiliation_current dc on dc.affiliation_id = coalesce(da.merged_into, da.id) and dc.status = 'active'
    where d.valid @> $1::date),
  stands_in as (
    select distinct d.post_person_id, d.person_id from deputies d where d.post_person_id <> d.person_id
      and not exists (select from affiliation_current x where x.person_id = d.post_person_id and x.status = 'active' and not x.on_leave)),
  office as (
    select r.role, coalesce(i.merged_into, i.id) as person_id from local_role r
    join tool_user u on u.id = r.user_id and u.disabled_at is null join person i on i.id = u.person_id
    where r.role in ('hr', 'it', 'dpo') and r.valid @> $1::date
    union
    select substr(e.key, 9), ac.person_id from entitlement e join assignment a on a.entitlement_id = e.id
    join affiliation_current ac on ac.affiliation_id = a.affiliation_id and ac.status = 'active'
    where e.key in ('hjemmel/hr', 'hjemmel/it', 'hjemmel/dpo') and e.gone_at is null and a.suspended is null
      and (a.valid_to is null or a.valid_to > $1::date)),
  hr as (select person_id from office where role = 'hr'),
  open_task as materialized (
    select k.id, k.person_id, k.due_on, k.direction, s.name as system,
      ${DAY('coalesce(k.reopened_at, k.made_at)')} as since, k.reopened_at is not null as reopened,
      ${DOER_PERSON} as worker, rc.person_id as responsible, dc.person_id as deputy,
      case when oc.status = 'active' then oc.manager_person_id else coalesce(rc.manager_person_id, dc.manager_person_id, su.post_person_id) end as manager,
      exists (select from provisioning_order o where o.task_id = k.id and o.urgent) as urgent,
      -- Things change hands between a leader and somebody of the unit: who leads, or led, them is asked for what is missing.
      exists (select from provisioning_order o where o.task_id = k.id and o.action in ('hand-out', 'take-back')) as kit,
      (select coalesce(hc.manager_person_id, hu.post_person_id) from provisioning_order o
         join affiliation_current hc on hc.affiliation_id = o.affiliation_id or o.affiliation_id is null and hc.person_id = o.person_id
         left join org_unit_current hu on hu.unit_id = hc.unit_id
         where o.task_id = k.id and o.action in ('hand-out', 'take-back')
         order by hc.status = 'active' desc, hc.ends_on desc nulls first, hc.affiliation_id limit 1) as leader
    from task k join it_system s on s.id = k.system_id ${DOER_JOINS}
    where k.state = 'open' and ($3::uuid is not null or k.due_on <= $1::date + ${NOTICE_DAYS})
      and ($3::uuid is null or exists (
        select from provisioning_order o where o.task_id = k.id and o.affiliation_id = $4::uuid))),
  asked as (
    select a.*, c.sent_person_id, c.door, e.name as right_name, s.name as system
    from lifecycle_approval a join lifecycle_case c on c.id = a.case_id
    join person_current ap on ap.person_id = a.person_id and ap.died_on is null
    join entitlement e on e.id = a.entitlement_id join it_system s on s.id = e.system_id
    where a.state = 'waiting' and ($3::uuid is null or a.case_id = $3)
      and (not c.confidential or c.released_at is not null or c.id = $3)),
  approver as (
    select id, approver_person_id as person_id from asked
    union select a.id, d.person_id from asked a join deputies d on d.unit_id = a.unit_id where a.via = 'manager'
    -- Whoever stands in for the owner of a system may answer too.
    union select a.id, dc.person_id from asked a join entitlement e on e.id = a.entitlement_id
      join it_system s on s.id = e.system_id join affiliation_current dc
        on dc.affiliation_id = s.task_deputy_affiliation_id and dc.status = 'active' where a.via = 'owner'
    union select a.id, hr.person_id from asked a cross join hr where a.via = 'hr'),
  stated as (
    select c.id, c.kind, c.door, c.form, coalesce(${DAY('c.stated_at')}, $1::date) as since,
      coalesce(c.effective_on, ${DAY('c.stated_at')}, $1::date) as effective_on,
      ac.affiliation_id, ac.person_id, ac.manager_person_id, ac.title, u.name as unit, c.unit_id as from_unit_id,
      (select count(*) from provisioning_order o where o.affiliation_id = ac.affiliation_id
        and o.state in ('planned', 'task', 'sending', 'retry', 'parked'))::int as orders,
      (select count(*) from lifecycle_approval a where a.case_id = c.id and a.state = 'waiting')::int as approvals
    from lifecycle_case c join affiliation i on i.id = coalesce(c.affiliation_id, $4::uuid)
    join affiliation_current ac on ac.affiliation_id = coalesce(i.merged_into, i.id)
    join person_current p on p.person_id = ac.person_id and p.died_on is null
    left join org_unit_current u on u.unit_id = ac.unit_id
    where coalesce(c.form ->> 'death', 'false') <> 'true' and case when $3::uuid is null
      -- What was decided a quarter of a year ago is no news.
      then c.stated_at >= greatest((select at from mail_start), $2::timestamptz - interval '90 days') and (not c.confidential or c.released_at is not null)
      else c.id = $3 end),
  told_of_case as (
    select id, manager_person_id as person_id from stated
    union select s.id, u.post_person_id from stated s join org_unit_current u on u.unit_id in (s.from_unit_id,
      case when s.kind = 'move' and s.form ->> 'unitId' ~ '^[0-9a-f-]{36}$' then (s.form ->> 'unitId')::uuid end)
    where s.kind = 'move'),
  ending as (
    select ac.affiliation_id, ac.person_id, ac.starts_on, ac.ends_on, ac.manager_person_id, ac.title, u.name as unit,
      sc.person_id as sponsor
    from affiliation_current ac join person_current p on p.person_id = ac.person_id and p.died_on is null
    left join org_unit_current u on u.unit_id = ac.unit_id
    left join affiliation_current sc on sc.affiliation_id = ac.sponsor_affiliation_id and sc.status = 'active'
    where ac.kind <> 'pupil' and ac.access_ends_on is null and case when $3::uuid is null
      then ac.status = 'active' and ac.ends_on > $1::date and ac.ends_on <= $1::date + 30
      else ac.affiliation_id = $4 and ac.status <> 'ended' and ac.ends_on > $1::date end),
  unconfirmed as (
    select ac.affiliation_id, ac.person_id, ac.starts_on, u.name as unit, ${DAY('a.created_at')} + ${HIRE_CONFIRM_DAYS_SQL} as due_on
    from affiliation_current ac join affiliation a on a.id = ac.affiliation_id and a.source = 'report'
    join person_current p on p.person_id = ac.person_id and p.died_on is null
    left join org_unit_current u on u.unit_id = ac.unit_id
    where $3::uuid is null and ac.status <> 'ended' and ac.kind in ('employment', 'temp', 'trainee')
      and ac.payroll_confirmed is distinct from true),
  grace as (
    select g.affiliation_id, coalesce(g.valid_from, ${DAY('min(g.created_at)')}) as from_on, g.valid_to, count(*)::int as rights,
      ac.person_id, ac.manager_person_id, f.post_person_id as former, n.name as unit, f.name as from_unit
    from right_grant g join affiliation_current ac on ac.affiliation_id = g.affiliation_id and ac.status = 'active'
    join person_current p on p.person_id = ac.person_id and p.died_on is null
    left join org_unit_current n on n.unit_id = ac.unit_id left join org_unit_current f on f.unit_id = g.from_unit_id
    where g.kind = 'grace' and g.ended_at is null and g.valid_to > $1::date
      and case when $3::uuid is null then g.created_at >= (select at from mail_start) else g.affiliation_id = $4 end
    group by g.affiliation_id, g.valid_from, g.valid_to, ac.person_id, ac.manager_person_id, f.post_person_id, n.name, f.name),
  dead as (
    -- Also where it was told late. Who leads is told of each job, whatever the employment says.
    select ac.affiliation_id, ac.person_id, ac.title, u.name as unit, p.died_on,
      coalesce(ac.manager_person_id, u.manager_person_id) as manager_person_id
    from person_current p join affiliation_current ac on ac.person_id = p.person_id and ac.kind <> 'pupil'
    join org_unit_current u on u.unit_id = ac.unit_id
    where p.died_on <= $1::date and (ac.ends_on is null or ac.ends_on >= p.died_on) and case when $3::uuid is null
      then p.died_on > $1::date - 90 and p.died_on >= (select ${DAY('at')} from mail_start)
      else p.person_id = (select o.person_id from affiliation_current o where o.affiliation_id = $4) end),
  hold as (
    select h.id, h.kind, ${DAY('h.placed_at')} as placed_on, h.expires_on, coalesce(b.merged_into, b.id) as placed_by,
      (select coalesce(i.merged_into, i.id) from person i
         where i.id = case when h.kind = 'person' then h.subject_id else (select c.person_id from lifecycle_case c where c.id = h.subject_id) end) as about
    from legal_hold h left join tool_user u on u.id = h.placed_by left join person b on b.id = u.person_id
    where $3::uuid is null and h.ended_at is null and h.expires_on > $1::date and h.expires_on <= $1::date + ${Math.max(...HOLD_DAYS)}),
  on_call as (
    select coalesce(i.merged_into, i.id) as person_id from lock_roster r join person i on i.id = r.person_id
    where r.ended_at is null and r.starts_at <= $2::timestamptz and r.ends_at > $2::timestamptz),${REGISTER_CTES},${CATALOGUE_CTES},
  said (family, place, round, kind, stage, person_id, subject_id, about_person_id, facts, rhythm, due_on) as (
    select 'task', 0, k.since::text, 'task-assigned', 'assigned', k.worker, k.id, k.person_id,
      jsonb_build_object('system', k.system, 'direction', k.direction, 'on', k.due_on, 'urgent', k.urgent, 'reopened', k.reopened),
      case when k.urgent then 'now' else 'hour' end, greatest(k.since, k.due_on - ${NOTICE_DAYS})
    from open_task k
    union all
    select 'task', 1, k.since::text, 'task-due', w.stage, k.worker, k.id, k.person_id,
      jsonb_build_object('system', k.system, 'direction', k.direction, 'on', k.due_on, 'stage', w.stage), 'day', k.due_on + w.days
    from open_task k cross join (values ('before', -${REMIND_DAYS}), ('on', 0), ('after', 1)) w (stage, days)
    union all
    select 'task-escalated', up.place, k.since::text, 'task-escalated', up.stage, up.person_id, k.id, k.person_id,
      jsonb_build_object('system', k.system, 'direction', k.direction, 'on', k.due_on),
      case when k.urgent then 'now' else 'day' end, up.due_on
    from open_task k cross join lateral (
      select 1 as place, 'deputy' as stage, d.person_id,
        k.due_on + case when k.urgent then 0 else ${DEPUTY_DAYS} end as due_on
      from (select k.responsible as person_id union select k.deputy union select k.manager
        union select d.person_id from deputies d where d.post_person_id = k.worker) d
      union all
      select 0, 'it', o.person_id, k.due_on + case when k.worker is null then 0 when k.urgent then 1 else ${IT_DAYS} end from office o where o.role = 'it'
      union all
      select 2, 'manager', k.leader, k.due_on + ${DEPUTY_DAYS} where k.kit
      union all
      select 3, 'hr', hr.person_id, k.due_on + ${IT_DAYS} from hr where k.kit) up
    where up.person_id is distinct from k.worker
    union all
    select 'approval', 0, '', 'approval-asked', 'asked', r.person_id, a.id, a.person_id,
      jsonb_build_object('system', a.system, 'right', a.right_name, 'from', a.valid_from),
      case when a.door = 'emergency' then 'now' else 'hour' end, ${DAY('a.created_at')}
    from asked a join approver r on r.id = a.id where r.person_id is distinct from a.person_id
      and r.person_id is distinct from a.sent_person_id
    union all
    select 'approval', 1, '', 'approval-reminded', m.due_on::text, r.person_id, a.id, a.person_id,
      jsonb_build_object('system', a.system, 'right', a.right_name, 'from', a.valid_from), 'day', m.due_on
    from asked a join approver r on r.id = a.id join lifecycle_reminder m on m.approval_id = a.id
    where r.person_id is distinct from a.person_id and r.person_id is distinct from a.sent_person_id
    union all
    select 'case', 0, '', 'case-plan', c.kind, r.person_id, c.id, c.person_id,
      jsonb_build_object('case', c.kind, 'door', c.door, 'on', case when c.door = 'withdraw' then c.since
          when c.kind = 'end' and c.effective_on > c.since then c.effective_on - 1 else c.effective_on end, 'unit', c.unit, 'title', c.title,
        'orders', c.orders, 'approvals', c.approvals),
      case when c.door in ('emergency', 'vikar') or c.effective_on <= c.since then 'now' else 'hour' end, c.since
    from stated c join told_of_case r on r.id = c.id where r.person_id <> c.person_id
    union all
    select 'expires', 0, e.ends_on::text, 'affiliation-expires', w.days::text, r.person_id, e.affiliation_id, e.person_id,
      jsonb_build_object('unit', e.unit, 'title', e.title, 'last', e.ends_on - 1, 'days', w.days), 'day', e.ends_on - w.days
    from ending e cross join (values (30), (14), (5)) w (days)
    cross join lateral (select e.manager_person_id as person_id union select e.sponsor) r
    where (e.starts_on is null or e.ends_on - w.days > e.starts_on) and r.person_id <> e.person_id
    union all
    select 'payroll', 0, '', 'payroll-unconfirmed', 'late', hr.person_id, n.affiliation_id, n.person_id,
      jsonb_build_object('unit', n.unit, 'from', n.starts_on), 'day', n.due_on
    from unconfirmed n cross join hr where hr.person_id <> n.person_id
    union all
    select 'lock', 0, '', 'lock-set', 'set', r.person_id, l.id, null, jsonb_build_object('on', ${DAY('l.locked_at')}),
      'now', ${DAY('l.locked_at')}
    from person_lock l join person i on i.id = l.person_id cross join lateral (
      select person_id from on_call union select person_id from hr where not exists (select from on_call)) r
    where $3::uuid is null and l.released_at is null and l.locked_at >= (select at from mail_start)
      and r.person_id <> coalesce(i.merged_into, i.id) and r.person_id is distinct from l.locked_by_person_id
    union all
    select 'grace ' || g.valid_to, w.place, g.valid_to::text, w.kind, w.kind, r.person_id, g.affiliation_id, g.person_id,
      jsonb_build_object('unit', g.unit, 'fromUnit', g.from_unit, 'rights', g.rights, 'last', g.valid_to - 1), 'day', w.due_on
    from grace g cross join lateral (values ('grace-begins', 0, g.from_on), ('grace-ends', 1, g.valid_to - 3)) w (kind, place, due_on)
    cross join lateral (select g.manager_person_id as person_id union select g.former) r
    where w.due_on >= g.from_on and r.person_id <> g.person_id
    union all
    select 'hold', 0, h.expires_on::text, 'hold-ends', w.days::text, r.person_id, h.id, null,
      jsonb_build_object('of', h.kind, 'placed', h.placed_on, 'until', h.expires_on), 'day', h.expires_on - w.days
    from hold h cross join (values ${HOLD_DAYS.map(days => `(${days})`).join(', ')}) w (days)
    cross join lateral (select h.placed_by as person_id union select o.person_id from office o where o.role = 'dpo') r
    -- A hold that was placed for less than that is not told of on the day it is placed.
    where h.expires_on - w.days > h.placed_on and r.person_id is distinct from h.about
    union all
    select 'death', 0, '', 'death', 'told', d.manager_person_id, d.affiliation_id, d.person_id,
      jsonb_build_object('unit', d.unit, 'title', d.title, 'on', d.died_on), 'hour', d.died_on
    from dead d where d.manager_person_id <> d.person_id
    union all${REGISTER_SAID}
    union all${CATALOGUE_SAID}),
  told as (
    select * from said
    union
    select s.family, s.place, s.round, s.kind, s.stage, a.person_id, s.subject_id, s.about_person_id, s.facts, s.rhythm, s.due_on
    from said s join stands_in a on a.post_person_id = s.person_id and a.person_id is distinct from s.about_person_id
    where s.kind in ${STOOD_IN}),
  due as materialized (
    select concat_ws(' ', s.kind, s.subject_id, s.round, s.stage, s.person_id) as key, s.*
    from told s join reader on reader.person_id = s.person_id)`

const DUE_COLUMNS = (
  d: string,
) => `${d}.key, ${d}.kind, ${d}.stage, ${d}.person_id as "personId", ${d}.subject_id as "subjectId",
  ${d}.about_person_id as "aboutPersonId", ${d}.facts, ${d}.rhythm, ${d}.due_on as "dueOn"`

/** What one report leads to as far as it hangs on nobody's delay: reminders of what is not done yet are left out. */
const CERTAIN = [
  ...['task-assigned', 'approval-asked', 'case-plan', 'affiliation-expires', 'grace-begins', 'grace-ends', 'death'],
]

export type AheadRow = Due & {
  language: MailLanguage
  name: string | null
  reader: NonNullable<PlanLine['owner']>
  state: string | null
}

/** Mails that one report leads to, whether it is sent or only tried. One statement. */
export function dueOfCase(tx: Tx, actor: Actor, of: DueOf, today: string): Promise<AheadRow[]> {
  const q = statement()
  // The hour counts for locks only, and those are in no report.
  for (const value of [today, startOfDay(today), of.caseId, of.affiliationId]) q.params.push(value)
  return tx.query<AheadRow>(
    `${DUE} select ${DUE_COLUMNS('d')}, coalesce(l.language, 'da') as language, ${nameInMail('about', 'd.kind')} as name,
       ${personRefSql('r', visibleTo(actor, q).name('r'))} as reader, m.state
     from due d join person_current r on r.person_id = d.person_id
     left join person_current about on about.person_id = d.about_person_id
     left join mail_language l on l.person_id = d.person_id
     left join mail_item i on i.key = d.key left join mail m on m.id = i.mail_id
     where d.kind in (${CERTAIN.map(kind => `'${kind}'`).join(', ')})
     order by d.due_on, d.kind, d.person_id, d.facts ->> 'system', d.key`,
    q.params,
  )
}
