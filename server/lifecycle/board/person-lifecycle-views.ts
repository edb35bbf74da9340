import type { ResponseOf } from '#contract/endpoint.ts'
import type { getPersonLifecycle, LifecycleEvent } from '#contract/lifecycle-board.ts'
import type { Viewer } from '../../access/viewer.ts'
import { visibleTo } from '../../access/visible.ts'
import { mayOrder, mayTask } from '../../orders/order-visible.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import { caseFilter } from '../cases/case-sql.ts'

type Scope = { id: string; kind: string; status: string; unitPath: string[]; source: string }

/** Attributes whose very presence says why somebody is away or leaves: HR and the own manager only. */
const RESTRICTED = ['endReason', 'leaveReason', 'leaveKind', 'leaveFrom', 'leaveTo']
/** What identifies is no event, and what a feed says of names and addresses stands on the page. */
const QUIET = ['employeeNo', 'person', 'primary', 'payrollConfirmed']
/** A life's work of one person; older is told by the tab of changes. */
const MOST = 300

/**
 * What was stated, reported, ordered, given by hand and locked, and what is planned, for one person by day, the coming
 * first. Facts of affiliations whose details the reader may see; reports, orders and tasks as in their lists, so that a
 * confidential one stays silent here too. Two statements.
 */
export async function personLifecycle(
  tx: Tx,
  actor: Actor,
  personId: string,
  viewer: Viewer,
  today: string,
): Promise<ResponseOf<typeof getPersonLifecycle>> {
  const all = await tx.query<Scope>(
    `select affiliation_id as id, kind, status, unit_path as "unitPath", source from affiliation_current where person_id = $1`,
    [personId],
  )
  const seen = all.filter(one => viewer.affiliation(one) && viewer.details(one))
  // The person concerned is told of reasons by people, not by a screen.
  const told = viewer.self ? [] : seen.filter(one => viewer.leave(one))
  const q = statement()
  const person = q.bind(personId, 'uuid')
  const ids = q.bind(
    seen.map(one => one.id),
    'uuid[]',
  )
  const reasons = q.bind(
    told.map(one => one.id),
    'uuid[]',
  )
  const restricted = q.bind(RESTRICTED, 'text[]')
  const quiet = q.bind(QUIET, 'text[]')
  const may = visibleTo(actor, q)
  const rows = await tx.query<LifecycleEvent & { at: Date }>(
    `with same as (select id from person where id = ${person} or merged_into = ${person}),
     mine as (select m.id, coalesce(m.merged_into, m.id) as shown from affiliation m where coalesce(m.merged_into, m.id) = any(${ids})),
     facts as (
       -- A feed says the same again and again: what it says anew is an event.
       select (f.asserted_at at time zone 'Europe/Copenhagen')::date as "on", 'fact' as what,
         string_agg(a.name, ',' order by a.name) as code, null::text as subject, null::text as state, null::date as until,
         coalesce(s.name ->> 'da', f.source) as source, coalesce(case when not up.protected then up.name end, tu.display_name, tu.username) as author,
         case when m.shown = any(${reasons}) then f.reason end as reason, null::uuid as "caseId", f.asserted_at as at
       from mine m join fact f on f.subject_id = m.id and f.op = 'assert'
       join lateral jsonb_object_keys(f.attrs) as a (name) on not a.name = any(${quiet})
         and (m.shown = any(${reasons}) or not a.name = any(${restricted}))
         and not exists (select from fact o where o.subject_id = f.subject_id and o.source = f.source and o.op = 'assert'
           and o.id < f.id and o.attrs -> a.name = f.attrs -> a.name)
       left join source s on s.key = f.source left join tool_user tu on tu.id = f.actor_id
       left join person_current up on up.person_id = tu.person_id
       group by f.id, f.asserted_at, f.source, s.name, up.protected, up.name, tu.display_name, tu.username, m.shown, f.reason
     ), jobs as (
       select ac.*, u.name as unit from affiliation_current ac left join org_unit_current u on u.unit_id = ac.unit_id
       where ac.affiliation_id = any(${ids})
     ), days as (
       select starts_on as "on", 'begins' as what, kind as code, concat_ws(', ', title, unit) as subject, status as state, ends_on as until,
         null::text as source, null::text as author, null::text as reason, null::uuid as "caseId", starts_on::timestamp at time zone 'Europe/Copenhagen' as at
       from jobs where starts_on is not null
       union all
       select ends_on, 'ends', coalesce(end_governs, 'end'), concat_ws(', ', title, unit), status, null, null, null, null, null, ends_on::timestamp at time zone 'Europe/Copenhagen'
       from jobs where ends_on is not null
       union all
       select lower(st.valid), 'absence', case when st.affiliation_id = any(${reasons}) then coalesce(st.attrs ->> 'leaveKind', '') else '' end,
         null, null, upper(st.valid), null, null, case when st.affiliation_id = any(${reasons}) then st.attrs ->> 'leaveReason' end, null, lower(st.valid)::timestamp at time zone 'Europe/Copenhagen'
       from affiliation_state st where st.affiliation_id = any(${ids}) and upper_inf(st.recorded) and lower(st.valid) is not null
         and (st.attrs ->> 'leaveFrom') is not null and lower(st.valid)::text = st.attrs ->> 'leaveFrom'
     ), reports as (
       select coalesce(c.effective_on, (c.created_at at time zone 'Europe/Copenhagen')::date) as "on", 'report' as what, c.kind as code,
         c.door as subject, c.state, c.deadline as until, c.origin as source,
         coalesce(case when not ap.protected then ap.name end, au.display_name, au.username) as author, null::text as reason,
         c.id as "caseId", c.updated_at as at
       from lifecycle_case c left join org_unit_current u on u.unit_id = c.unit_id
       left join tool_user au on au.id = c.author left join person_current ap on ap.person_id = au.person_id
       where c.person_id in (select id from same) and ${caseFilter(actor, q, 'c', 'u')}
     ), ordered as (
       select o.due_on as "on", 'order' as what, o.action as code, s.name || ': ' || coalesce(e.name, t.name, '') as subject, o.state,
         null::date as until, case when o.task_id is null then c.kind end as source, null::text as author, null::text as reason, null::uuid as "caseId", o.made_at as at
       from provisioning_order o join it_system s on s.id = o.system_id left join person_current pc on pc.person_id = o.person_id
       left join entitlement e on e.id = o.entitlement_id left join account_type t on t.id = o.account_type_id
       left join system_connector c on c.system_id = o.system_id and c.enabled
       where o.person_id in (select id from same) and o.task_id is null and ${mayOrder(actor, q, 'read')}
     ), tasks as (
       select k.due_on as "on", 'task' as what, k.direction as code, s.name as subject, k.state, null::date as until, null::text as source,
         coalesce(tu.display_name, tu.username) as author, null::text as reason, null::uuid as "caseId", k.made_at as at
       from task k join it_system s on s.id = k.system_id left join person_current pc on pc.person_id = k.person_id
       left join tool_user tu on tu.id = k.done_by
       where k.person_id in (select id from same) and ${mayTask(actor, q, 'read')}
     ), grants as (
       select coalesce(g.valid_from, (g.created_at at time zone 'Europe/Copenhagen')::date) as "on", 'grant' as what, g.kind as code,
         s.name || ': ' || e.name as subject, case when g.ended_at is not null then 'ended' end as state, coalesce(g.valid_to, (g.expires_at at time zone 'Europe/Copenhagen')::date) as until,
         null::text as source, null::text as author, case when m.shown = any(${reasons}) then g.reason end as reason, null::uuid as "caseId", g.created_at as at
       from mine m join right_grant g on g.affiliation_id = m.id join entitlement e on e.id = g.entitlement_id
       join it_system s on s.id = e.system_id join affiliation_current ac on ac.affiliation_id = m.shown
       join person_current gp on gp.person_id = ac.person_id where ${may.assignment('ac', 'gp', 'e')}
     ), locks as (
       select (l.locked_at at time zone 'Europe/Copenhagen')::date as "on", 'lock' as what, case when l.released_at is null then 'locked' else 'released' end as code,
         null::text as subject, null::text as state, (l.released_at at time zone 'Europe/Copenhagen')::date as until, null::text as source,
         null::text as author, l.reason, null::uuid as "caseId", l.locked_at as at
       from person_lock l join person_current lp on lp.person_id = ${person}
       where l.person_id in (select id from same) and ${may.lock('lp')}
     )
     select * from (select * from facts union all select * from days union all select * from reports union all select * from ordered
       union all select * from tasks union all select * from grants union all select * from locks) e
     order by "on" desc, at desc, what, code, subject limit ${MOST + 1}`,
    q.params,
  )
  return {
    today,
    events: rows.slice(0, MOST).map(({ at: _, ...event }) => event),
    more: rows.length > MOST,
  }
}
