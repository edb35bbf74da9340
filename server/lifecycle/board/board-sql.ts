import { visibleTo } from '../../access/visible.ts'
import { cutoverHourSql } from '../../orders/cutover-sql.ts'
import { mayOrder, OPEN } from '../../orders/order-visible.ts'
import type { Statement } from '../../platform/statement.ts'
import type { Actor } from '../../policy/actor.ts'
import { caseFilter } from '../cases/case-sql.ts'

/** Days that the board looks ahead, and back over what is done. What is late stays until it is done. */
const AHEAD = 60
const BACK = 30

/** The day, and the instant: a unit may say at which hour its duties begin and end. */
export type BoardWhen = { today: string; now: Date }

/**
 * CTEs that end in `entry`: a line for each start and end among the affiliations whose details the reader may see, and for
 * each report that has no affiliation of its own yet or changes one. With what is missing (`facts` to `held`) and the
 * `bucket`. Where the unit says an hour (`hour`), a start counts from that hour of the evening before and an end from that
 * hour of its first day away: what is missing then is late, before it is not. A confidential report states no facts, so it is there by its own rows only, for those who know of it.
 */
export function boardSql(actor: Actor, q: Statement, { today, now }: BoardWhen): string {
  const may = visibleTo(actor, q)
  const day = q.bind(today, 'date')
  const recent = `${day} - ${BACK}`
  return `
  mine as materialized (
    select c.* from lifecycle_case c left join org_unit_current u on u.unit_id = c.unit_id
    where c.state <> 'withdrawn' and ${caseFilter(actor, q, 'c', 'u')}
  ), unready as (
    -- Affiliations of which something is to be carried out and its day is here, and people who have left and hold something.
    select po.affiliation_id from provisioning_order po where po.affiliation_id is not null and po.state in ${OPEN} and po.due_on <= ${day}
    union select a.affiliation_id from lifecycle_approval a where a.state = 'waiting'
  ), left_with as (
    select pr.person_id from person_rights pr join person_current p on p.person_id = pr.person_id and p.status = 'ended'
    where pr.unexplained > 0
  ), job as materialized (
    select ac.* from affiliation_current ac join person_current p on p.person_id = ac.person_id
    where ac.kind <> 'pupil' and (
        ac.starts_on between ${recent} and ${day} + ${AHEAD} or ac.ends_on between ${recent} and ${day} + ${AHEAD}
        or ac.affiliation_id in (select affiliation_id from unready)
        or ac.status = 'ended' and ac.person_id in (select person_id from left_with)
          and ac.affiliation_id = (select l.affiliation_id from affiliation_current l where l.person_id = ac.person_id
            order by l.ends_on desc nulls first, l.affiliation_id limit 1))
      and (${may.person('p')} or ac.status = 'ended') and ${may.affiliation('ac', 'details')}
  ), starts as (
    select 'hire' as line, ac.starts_on as day_on, ac.* from job ac
    where ac.status <> 'ended' and ac.starts_on is not null
      and (ac.starts_on >= ${recent} and ac.starts_on <= ${day} + ${AHEAD} or ac.affiliation_id in (select affiliation_id from unready))
  ), stops as (
    select 'end', ac.ends_on, ac.* from job ac
    where ac.ends_on is not null and ac.ends_on <= ${day} + ${AHEAD}
      and (ac.ends_on >= ${recent} or ac.status = 'ended')
  ), moving as (select * from starts union all select * from stops),
  told as (
    -- The report that a line follows from: the latest of its kind.
    select m.line as kind, m.affiliation_id as id, m.day_on, m.affiliation_id, m.person_id, m.unit_id, m.unit_path, m.title, m.status, m.ends_on,
      c.id as case_id, false as draft, false as secret,
      case when m.line = 'hire' then (m.unit_id is null)::int + (m.title_norm is not null and m.position_key is null)::int
        + (m.manager_person_id is null)::int else 0 end as facts,
      case when m.line = 'hire' and m.source = 'report' and m.payroll_confirmed is not true
        and coalesce(c.form #>> '{affiliation,kind}', m.kind) in ('employment', 'temp', 'trainee')
        and not exists (select from affiliation x where x.merged_into = m.affiliation_id) then 1 else 0 end as payroll
    from moving m left join lateral (
      select mc.id, mc.form from mine mc where mc.affiliation_id = m.affiliation_id and mc.kind = m.line and mc.stated_at is not null
      order by mc.sent_at desc limit 1) c on true
    union all
    select c.kind, c.id, c.effective_on, c.affiliation_id, c.person_id, c.unit_id, coalesce(u.path, '{}'),
      coalesce(nullif(c.form #>> '{affiliation,title}', ''), nullif(c.form ->> 'title', ''), ac.title), ac.status, ac.ends_on, c.id,
      c.state in ('draft', 'prepared'), c.confidential and c.released_at is null,
      case when c.state in ('draft', 'prepared') then 1 else 0 end, 0
    from mine c left join org_unit_current u on u.unit_id = c.unit_id
    left join affiliation_current ac on ac.affiliation_id = c.affiliation_id
    where (c.state in ('draft', 'prepared') or c.stated_at is null
        or c.kind in ('move', 'absence') and c.effective_on between ${recent} and ${day} + ${AHEAD})
  ), counted as (
    select t.*,
      case when t.case_id is null and t.kind <> 'hire' then 0 else (select count(*)::int from lifecycle_approval a
        where a.state = 'waiting' and a.affiliation_id = t.affiliation_id and t.kind in ('hire', 'move')) end as approvals,
      coalesce(w.orders, 0) as orders, coalesce(w.tasks, 0) as tasks,
      case when t.kind = 'end' and t.status = 'ended'
          and not exists (select from affiliation_current n where n.person_id = t.person_id and n.status = 'active')
          and t.affiliation_id = (select l.affiliation_id from affiliation_current l where l.person_id = t.person_id
            order by l.ends_on desc nulls first, l.affiliation_id limit 1)
        then (select count(distinct r.entitlement_id)::int from account acc join observed_right r on r.account_id = acc.id
          join entitlement e on e.id = r.entitlement_id join person_current hp on hp.person_id = acc.person_id
          where acc.person_id = t.person_id and acc.gone_at is null and ${may.observed('acc', 'hp', 'e')}) else 0 end as held
    from told t left join lateral (
      select count(*) filter (where o.state <> 'task')::int as orders, count(distinct o.task_id)::int as tasks
      from provisioning_order o left join person_current pc on pc.person_id = o.person_id
      where t.affiliation_id is not null and o.state in ${OPEN} and o.due_on <= ${day}
        and (o.affiliation_id = t.affiliation_id or o.affiliation_id is null and o.person_id = t.person_id)
        and case when t.kind = 'end' then o.action in ('disable', 'revoke', 'delete', 'take-back')
          else o.action not in ('disable', 'revoke', 'delete', 'take-back') end
        and ${mayOrder(actor, q, 'read')}) w on true
  ), timed as (
    -- Only of those that the hour of a unit can move.
    select c.*, case when day_on between ${day} and ${day} + 1 then case kind
        when 'hire' then ${cutoverHourSql('starts_from_hour', 'c.unit_path')}
        when 'end' then ${cutoverHourSql('ends_until_hour', 'c.unit_path')} end end as hour
    from counted c
  ), weighed as (
    select t.*, case when day_on is null or day_on - (kind = 'hire' and hour is not null)::int > ${day} then 'coming'
        when facts + approvals + orders + tasks + payroll + held > 0 and (day_on < ${day}
          or (day_on - (kind = 'hire')::int + make_time(hour, 0, 0)) at time zone 'Europe/Copenhagen' <= ${q.bind(now, 'timestamptz')})
          then 'late'
        when day_on >= ${day} then 'today' else 'done' end as bucket
    from timed t
  ), entry as (select * from weighed where bucket <> 'done' or day_on >= ${recent})`
}
