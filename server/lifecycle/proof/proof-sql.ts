import { visibleTo } from '../../access/visible.ts'
import { cutoverHourSql } from '../../orders/cutover-sql.ts'
import { mayOrder } from '../../orders/order-visible.ts'
import type { Statement } from '../../platform/statement.ts'
import type { Actor } from '../../policy/actor.ts'
import { observationAgeSql } from '../../systems/observation-age.ts'

export type ProofScope = {
  /** Ends in this period, closed-open. */
  from?: string
  to?: string
  unit?: string | undefined
  affiliationId?: string
}
export type ProofWhen = { today: string; now: Date }

/** SQL of the instant at which a civil day begins in the municipality. */
const dayBegins = (day: string) => `(${day}::timestamp at time zone 'Europe/Copenhagen')`

/**
 * How long our own machinery may take with what is due: the day is rolled every ten minutes, orders go out each minute and
 * a slow target is tried again. Within the hour is on time.
 */
const OWN_HOUR = `interval '1 hour'`

/**
 * CTEs that end in `ended` (an affiliation that has ended, with when its rights should have) and `line` (what of it is or
 * was held), both as far as the reader may know. What should end is counted from the hour of the unit on the first day
 * away, and from when the end was confirmed where that was later: nobody is late with what nobody had told.
 *
 * What is on a sheet: rights that followed from the affiliation when it ended; rights and accounts that were held then or
 * are held now although nothing expected them, where no other affiliation is a reason. Those stand on the sheet of the
 * person's last affiliation, or of the one that the account belongs to.
 */
export function proofSql(actor: Actor, q: Statement, scope: ProofScope, { today, now }: ProofWhen): string {
  const may = visibleTo(actor, q)
  const where = [`ac.status = 'ended'`, `ac.kind <> 'pupil'`, `ac.ends_on <= ${q.bind(today, 'date')}`]
  if (scope.affiliationId) where.push(`ac.affiliation_id = ${q.bind(scope.affiliationId, 'uuid')}`)
  if (scope.from) where.push(`ac.ends_on >= ${q.bind(scope.from, 'date')}`)
  if (scope.to) where.push(`ac.ends_on < ${q.bind(scope.to, 'date')}`)
  if (scope.unit) where.push(`ac.unit_path @> array[${q.bind(scope.unit, 'uuid')}]`)
  const at = q.bind(now, 'timestamptz')
  return `
  gone as materialized (
    select ac.*, ${dayBegins('ac.ends_on')} as day_begins,
      ${cutoverHourSql('ends_until_hour', 'ac.unit_path')} as until_hour,
      coalesce((select min(lower(st.recorded)) from affiliation_state st
        where st.affiliation_id = ac.affiliation_id and upper(st.valid) = ac.ends_on), ${dayBegins('ac.ends_on')}) as confirmed_at,
      -- The sheet that takes what belongs to no affiliation in particular.
      not exists (select from affiliation_current n where n.person_id = ac.person_id and n.status = 'active')
        and ac.affiliation_id = (select l.affiliation_id from affiliation_current l where l.person_id = ac.person_id
          and l.status = 'ended' order by l.ends_on desc, l.affiliation_id limit 1) as last
    from affiliation_current ac where ${where.join(' and ')}
  ), due as materialized (
    select g.*, greatest(g.confirmed_at, g.day_begins + make_interval(hours => coalesce(g.until_hour, 0))) as should_at
    from gone g
  ), expected as (
    select d.affiliation_id, d.person_id, h.entitlement_id
    from due d join affiliation m on m.id = d.affiliation_id or m.merged_into = d.affiliation_id
    join assignment_history h on h.affiliation_id = m.id and not isempty(h.held) and upper(h.held) >= d.day_begins
    union
    select d.affiliation_id, d.person_id, a.entitlement_id from due d join assignment a on a.affiliation_id = d.affiliation_id
  ), seen as (
    select d.affiliation_id, d.person_id, r.entitlement_id, true as held, null::timestamptz as gone_at
    from due d join account acc on acc.person_id = d.person_id and acc.gone_at is null
    join observed_right r on r.account_id = acc.id where d.last or acc.affiliation_id = d.affiliation_id
    union all
    select d.affiliation_id, d.person_id, h.entitlement_id, false, upper(h.seen)
    from due d join account acc on acc.person_id = d.person_id
    join observed_right_history h on h.account_id = acc.id and upper(h.seen) >= d.day_begins
    where d.last or acc.affiliation_id = d.affiliation_id
  ), unexpected as (
    select s.affiliation_id, s.person_id, s.entitlement_id from seen s
    where not exists (select from expected x where x.person_id = s.person_id and x.entitlement_id = s.entitlement_id)
    group by 1, 2, 3
  ), about as (
    select 'right' as kind, x.* from expected x union all select 'unexpected', u.* from unexpected u
  ), reading as materialized (${observationAgeSql('select e.system_id from about b join entitlement e on e.id = b.entitlement_id')}
  ), told as (
    select b.*, e.system_id, e.name, e.sensitivity, null::uuid as account_id, d.should_at, d.ends_on,
      exists (select from affiliation_current o join assignment a on a.affiliation_id = o.affiliation_id
        where o.person_id = b.person_id and o.affiliation_id <> b.affiliation_id and o.status = 'active'
          and a.entitlement_id = b.entitlement_id) as kept,
      exists (select from account acc join observed_right r on r.account_id = acc.id
        where acc.person_id = b.person_id and acc.gone_at is null and r.entitlement_id = b.entitlement_id) as held,
      (select max(upper(h.seen)) from account acc join observed_right_history h on h.account_id = acc.id
        where acc.person_id = b.person_id and h.entitlement_id = b.entitlement_id and upper(h.seen) >= d.day_begins) as gone_at,
      reading.read_at, act.state as order_state, act.done_at, act.verified_at, act.task_id
    from about b join due d on d.affiliation_id = b.affiliation_id join entitlement e on e.id = b.entitlement_id
    left join reading on reading.system_id = e.system_id
    left join lateral (
      select po.state, po.done_at, po.verified_at, po.task_id from provisioning_order po join person pp on pp.id = po.person_id
      where coalesce(pp.merged_into, pp.id) = b.person_id and po.entitlement_id = b.entitlement_id
        and po.action in ('revoke', 'take-back') and po.state <> 'cancelled' and po.due_on >= d.ends_on - 1
      order by po.made_at desc, po.id desc limit 1) act on true
    union all
    select 'account', d.affiliation_id, d.person_id, null, t.system_id, coalesce(src.name ->> 'da', acc.source) || ': ' || acc.username, null, acc.id,
      d.should_at, d.ends_on, false, acc.gone_at is null and acc.enabled, acc.gone_at, src.complete_at,
      act.state, act.done_at, act.verified_at, act.task_id
    from due d join account acc on acc.person_id = d.person_id and acc.kind = 'personal' and not acc.out_of_scope
      and (acc.gone_at is null or acc.gone_at >= d.day_begins)
    left join source src on src.key = acc.source
    left join lateral (select ty.id, ty.system_id from account_type ty where ty.source = acc.source and ty.gone_at is null order by ty.id limit 1) t on true
    left join lateral (
      select po.state, po.done_at, po.verified_at, po.task_id from provisioning_order po join person pp on pp.id = po.person_id
      where coalesce(pp.merged_into, pp.id) = d.person_id and po.account_type_id = t.id
        and po.action in ('disable', 'delete') and po.state <> 'cancelled' and po.due_on >= d.ends_on - 1
      order by po.action = 'disable' desc, po.made_at desc, po.id desc limit 1) act on true
    where d.last or acc.affiliation_id = d.affiliation_id
    union all
    -- Mailbox, drive and cases, once their day has come: no reading can say it, a second person can.
    select 'left', d.affiliation_id, d.person_id, null, l.system_id,
      case when l.action = 'close' then l.what || '-closed' else l.what end, null, null,
      greatest(d.should_at, ${dayBegins('l.due_on')}), d.ends_on, false, false, null, null,
      case when act.verified_at is not null then 'verified' else act.state end, act.done_at, act.verified_at, act.task_id
    from due d join affiliation m on m.id = d.affiliation_id or m.merged_into = d.affiliation_id
    join left_behind l on l.affiliation_id = m.id and l.what <> 'kit' and l.taken_back_at is null
      and ${dayBegins('l.due_on')} <= ${at}
    join lateral (
      select po.state, po.done_at, po.verified_at, po.task_id from provisioning_order po
      where po.left_id = l.id and po.state <> 'cancelled' order by po.made_at desc, po.id desc limit 1) act on true
  ), judged as (
    select x.*, case when kept then 'kept' when held then 'open'
        when order_state = 'verified' or gone_at is not null then 'verified'
        when order_state in ('done', 'assumed') then 'said'
        when order_state is not null then 'open'
        -- A reading since then that shows nothing of it.
        when read_at >= should_at then 'verified' else 'unseen' end as state
    from told x
  ), timed as (
    select j.*, case when state = 'verified' then least(done_at, gone_at) when state = 'said' then done_at end as ended_at,
      case when state = 'verified' then coalesce(verified_at, gone_at, read_at) end as seen_at,
      case when state not in ('verified', 'said') then null when done_at is not null and task_id is not null then 'task'
        when done_at is not null then 'connector'
        when gone_at is not null or kind = 'account' then 'reading' else 'never-held' end as by
    from judged j
  ), weighed as (
    select t.*, case when state = 'kept' then null
        when state in ('open', 'unseen') then case when ${at} <= should_at + ${OWN_HOUR} then 'running' else 'overdue' end
        -- When an account was closed is not known where only a reading shows that it is.
        when ended_at is null and kind = 'account' then null
        when ended_at is null or ended_at <= should_at + ${OWN_HOUR} then 'on-time'
        when (ended_at at time zone 'Europe/Copenhagen')::date = ends_on then 'same-day' else 'late' end as timing,
      case when state in ('open', 'unseen') then greatest(0, floor(extract(epoch from ${at} - should_at) / 86400))::int end as age
    from timed t
  ), line as (
    select o.* from weighed o left join person_current pc on pc.person_id = o.person_id where ${mayOrder(actor, q, 'read')}
  ), ended as (
    select d.* from due d join affiliation_current ac on ac.affiliation_id = d.affiliation_id
    where ${may.affiliation('ac', 'details')} or exists (select from line l where l.affiliation_id = d.affiliation_id)
  )`
}

/** Counts over `line l`, in the names of the contract. */
export const PROOF_COUNTS = `count(l.kind)::int as lines,
  count(*) filter (where l.state in ('open', 'unseen'))::int as open,
  count(*) filter (where l.timing = 'overdue')::int as overdue,
  count(*) filter (where l.state = 'said')::int as said,
  count(*) filter (where l.state = 'verified')::int as verified,
  count(*) filter (where l.timing = 'on-time')::int as "onTime",
  count(*) filter (where l.timing in ('late', 'same-day'))::int as late,
  count(*) filter (where l.kind = 'unexpected')::int as unexpected`
