import { amongSql, askFor } from '../platform/planned.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { AccountTypeRule } from './account-type.ts'
import { type Decision, markedAccounts, markedRights } from './marked.ts'
import type { OpenOrder, RightSlot, Rung } from './plan-orders.ts'

/** What the planning of orders reads, set-based: one statement a kind of thing, whoever many people it is about. */

export type People = readonly string[] | 'all'
/** `as`: systems that send nothing, as if they were steered so: for previews. Otherwise those that are steered. */
export type Systems = { as: Rung | null }

const among = (people: People, column: string) => amongSql(people)(column)
/** Who is meant by a person's id and by ids that were merged into it: found by index, where `coalesce` of both is not. */
const meant = (people: People, column: string) =>
  people === 'all'
    ? 'true'
    : `${column} in (select id from person where ${among(people, 'id')} or ${among(people, 'merged_into')}) and ${among(people, 'coalesce(p.merged_into, p.id)')}`
const scope = (people: People): unknown[] => (people === 'all' ? [] : [people])
const systemsSql = ({ as }: Systems) =>
  as === null
    ? `select id, rung, rung_at from it_system where rung <> 'observe' and gone_at is null`
    : `select id, '${as}'::text as rung, now() as rung_at from it_system where rung = 'observe' and gone_at is null`

/** The one cheap question that everybody pays who decides rights: is any system steered at all? */
export async function someSteered(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ some: boolean }>(
    `select exists (select from it_system where rung <> 'observe' and gone_at is null) as some`,
  )
  return row?.some === true
}

/** Whether rights were decided since the last catching up, and that they have now been planned from. */
export async function decidedSince(tx: Tx): Promise<boolean> {
  const rows = await tx.query(
    `insert into order_planning as p (one, through) select true, max(started_at) from access_run having count(*) > 0
     on conflict (one) do update set through = excluded.through where p.through < excluded.through returning 1`,
  )
  return rows.length > 0
}

/** One at a time: who plans sees what the other has made. */
export const lockPlanning = (tx: Tx) => tx.query(`select pg_advisory_xact_lock(hashtext('hjemmel orders'))`)

export type RightRow = Omit<RightSlot, 'wanted' | 'kit'> & { validTo: string | null; now: boolean; kit: boolean }

/**
 * Rights of which something is to be done or could be: wanted and not held, held and not wanted, wanted until a date.
 * What is wanted, held and without an end is not answered: that is nearly everything.
 */
export async function rightSlots(tx: Tx, people: People, systems: Systems): Promise<RightRow[]> {
  return askFor(
    tx,
    people,
    `with sys as (${systemsSql(systems)}),
     given as (
       select ac.person_id, a.entitlement_id, e.system_id,
         (array_agg(a.affiliation_id order by a.affiliation_id) filter (where a.suspended is null))[1] as affiliation_id,
         bool_or(a.suspended is null) as wanted,
         case when bool_or(a.suspended is null and a.valid_to is null) then null
           else max(a.valid_to) filter (where a.suspended is null) end as valid_to,
         case when bool_or(a.suspended = 'lock') then 'lock' when bool_or(a.suspended = 'absence') then 'absence' end as suspended
       from assignment a join entitlement e on e.id = a.entitlement_id and e.gone_at is null
       join sys on sys.id = e.system_id join affiliation_current ac on ac.affiliation_id = a.affiliation_id
       where ${among(people, 'ac.person_id')} group by 1, 2, 3
     ), seen as (
       select acc.person_id, o.entitlement_id, e.system_id, bool_and(acc.kind <> 'personal' or acc.out_of_scope) as untouchable
       from observed_right o join entitlement e on e.id = o.entitlement_id join sys on sys.id = e.system_id
       join account acc on acc.id = o.account_id and acc.gone_at is null
       where acc.person_id is not null and ${among(people, 'acc.person_id')} group by 1, 2, 3
     ), unmapped as (
       -- No longer seen because somebody changed what groups mean, and not because a reading said so: held still.
       select distinct acc.person_id, h.entitlement_id, e.system_id
       from account acc join observed_right_history h on h.account_id = acc.id and h.run_id is null
       join entitlement e on e.id = h.entitlement_id and e.gone_at is null join sys on sys.id = e.system_id
       where acc.gone_at is null and acc.kind = 'personal' and not acc.out_of_scope and ${among(people, 'acc.person_id')}
         and not exists (select from observed_right_history l where l.account_id = h.account_id
           and l.entitlement_id = h.entitlement_id and l.run_id is not null and upper(l.seen) >= upper(h.seen))
     ), settled as (
       -- Carried out, and no reading since (or none that could say): counts for what is.
       select distinct on (coalesce(p.merged_into, p.id), o.entitlement_id) coalesce(p.merged_into, p.id) as person_id,
         o.entitlement_id, o.system_id, o.action in ('grant', 'hand-out') as held
       from provisioning_order o join sys on sys.id = o.system_id join person p on p.id = o.person_id
       where o.entitlement_id is not null and (o.state in ('done', 'assumed') or o.state = 'verified' and not (
           exists (select from group_entitlement ge where ge.entitlement_id = o.entitlement_id)
           or exists (select from list_right l where l.entitlement_id = o.entitlement_id)))
         and ${meant(people, 'o.person_id')}
       order by 1, 2, o.done_at desc, o.state = 'assumed', o.id desc
     ), marked as (${markedRights(column => among(people, column))}
     ), slots as (
       select person_id, entitlement_id, system_id from given union select person_id, entitlement_id, system_id from seen
       union select person_id, entitlement_id, system_id from unmapped
       union select person_id, entitlement_id, system_id from settled
     ), both_sides as (
       select s.*, g.affiliation_id, coalesce(g.wanted, false) as wanted, g.valid_to, g.suspended,
         g.person_id is not null as given, coalesce(t.held, n.person_id is not null or m.person_id is not null) as held,
         n.person_id is not null and n.untouchable and t.held is null as untouchable
       from slots s
       left join given g on g.person_id = s.person_id and g.entitlement_id = s.entitlement_id
       left join seen n on n.person_id = s.person_id and n.entitlement_id = s.entitlement_id
       left join unmapped m on m.person_id = s.person_id and m.entitlement_id = s.entitlement_id
       left join settled t on t.person_id = s.person_id and t.entitlement_id = s.entitlement_id
     )
     select b.person_id as "personId", b.entitlement_id as "entitlementId", b.system_id as "systemId",
       b.affiliation_id as "affiliationId", sys.rung, b.wanted as now, b.valid_to as "validTo", b.held, b.untouchable,
       e.kind in ('equipment', 'physical') or i.kind in ('equipment', 'physical') as kit,
       exists (select from right_exception x where x.in_force and x.person_id = b.person_id and x.entitlement_id = b.entitlement_id) as kept,
       b.given
         or exists (select from provisioning_order o join person p on p.id = o.person_id
           where (p.id = b.person_id or p.merged_into = b.person_id) and o.entitlement_id = b.entitlement_id
             and o.action in ('grant', 'hand-out') and o.state in ('done', 'verified', 'assumed'))
         or exists (select from affiliation f join person p on p.id = f.person_id
           join assignment_history h on h.affiliation_id = f.id
           where (p.id = b.person_id or p.merged_into = b.person_id) and h.entitlement_id = b.entitlement_id
             and upper(h.held) >= sys.rung_at) as ours,
       case when not b.wanted then b.suspended end as suspended, k.decision as marked
     from both_sides b join sys on sys.id = b.system_id join entitlement e on e.id = b.entitlement_id
     join it_system i on i.id = b.system_id
     left join marked k on k.person_id = b.person_id and k.entitlement_id = b.entitlement_id
     where b.wanted <> b.held or b.valid_to is not null`,
    scope(people),
  )
}

export type AccountType = {
  id: string
  systemId: string
  rung: Rung
  rungOn: string | null
  per: 'person' | 'affiliation'
  leadDays: number
  disableAfter: number
  deleteAfter: number | null
  rules: AccountTypeRule[]
}
export async function accountTypesOf(tx: Tx, systems: Systems): Promise<AccountType[]> {
  return tx.query(
    `with sys as (${systemsSql(systems)})
     select t.id, t.system_id as "systemId", sys.rung, (sys.rung_at at time zone 'Europe/Copenhagen')::date as "rungOn", t.per,
       t.lead_days as "leadDays", t.disable_after as "disableAfter", t.delete_after as "deleteAfter", t.rules
     from account_type t join sys on sys.id = t.system_id where t.gone_at is null order by t.id`,
  )
}

export type Job = {
  affiliationId: string
  personId: string
  kind: string
  status: 'active' | 'future' | 'ended'
  startsOn: string | null
  endsOn: string | null
  unitPath: string[]
  positionKey: string | null
  hourly: boolean
}
/** Affiliations that may be a reason for an account: also those that have ended, whose accounts are still to close. */
export async function jobsOf(tx: Tx, people: People): Promise<Job[]> {
  return askFor(
    tx,
    people,
    `select affiliation_id as "affiliationId", person_id as "personId", kind, status, starts_on as "startsOn",
       ends_on as "endsOn", unit_path as "unitPath", position_key as "positionKey", hourly_paid as hourly
     from affiliation_current where kind <> 'pupil' and ${among(people, 'person_id')}`,
    scope(people),
  )
}

export type SeenAccount = {
  accountTypeId: string
  personId: string
  affiliationId: string | null
  is: 'none' | 'off' | 'on'
  ours: boolean
  untouchable: boolean
  marked: Decision | null
}
/** Accounts by kind and person: seen in the kind's source, or as the last order left them where nothing was read since. */
export async function accountsOf(tx: Tx, people: People, systems: Systems): Promise<SeenAccount[]> {
  return askFor(
    tx,
    people,
    `with sys as (${systemsSql(systems)}),
     type as (select t.* from account_type t join sys on sys.id = t.system_id where t.gone_at is null),
     seen as (
       select t.id as type_id, acc.person_id, case when t.per = 'affiliation' then acc.affiliation_id end as affiliation_id,
         bool_or(acc.enabled and acc.kind = 'personal' and not acc.out_of_scope) as on,
         bool_and(acc.kind <> 'personal' or acc.out_of_scope) as untouchable
       from type t join account acc on acc.source = t.source and acc.gone_at is null
       where acc.person_id is not null and acc.kind in ('personal') and ${among(people, 'acc.person_id')} group by 1, 2, 3
     ), told as (
       select o.account_type_id as type_id, coalesce(p.merged_into, p.id) as person_id, case when t.per = 'affiliation' then o.affiliation_id end as affiliation_id,
         -- Nothing is done with an account before it is made: however the clocks of two machines differ.
         (array_agg(o.action order by case when o.action = 'create' then o.made_at else o.done_at end desc,
           o.action = 'create', o.state = 'assumed', o.id desc) filter (where o.state in ('done', 'assumed')))[1] as last,
         true as ours
       from provisioning_order o join type t on t.id = o.account_type_id join person p on p.id = o.person_id
       -- Who corrects what an account says has neither made it nor opened it.
       where o.state in ('done', 'verified', 'assumed') and o.action not in ('set', 'rename', 'move')
         and ${meant(people, 'o.person_id')} group by 1, 2, 3
     ), marked as (${markedAccounts(column => among(people, column))})
     select coalesce(s.type_id, t.type_id) as "accountTypeId", coalesce(s.person_id, t.person_id) as "personId",
       coalesce(s.affiliation_id, t.affiliation_id) as "affiliationId",
       case when t.last in ('create', 'disable') then 'off' when t.last = 'enable' then 'on'
         when t.last = 'delete' then 'none' when s.type_id is null then 'none' when s.on then 'on' else 'off' end as is,
       coalesce(t.ours, false) as ours, coalesce(s.untouchable, false) and t.last is null as untouchable,
       k.decision as marked
     from seen s full join told t on t.type_id = s.type_id and t.person_id = s.person_id
       and t.affiliation_id is not distinct from s.affiliation_id
     left join marked k on k.type_id = s.type_id and k.person_id = s.person_id
       and k.affiliation_id is not distinct from s.affiliation_id`,
    scope(people),
  )
}

export async function lockedPeople(tx: Tx, people: People): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `select coalesce(p.merged_into, p.id) as id from person_lock l join person p on p.id = l.person_id
     where l.released_at is null and ${among(people, 'coalesce(p.merged_into, p.id)')}`,
    scope(people),
  )
  return new Set(rows.map(row => row.id))
}

/** Future affiliations that start before `before`, for the rights that will then be theirs. */
export async function comingJobs(tx: Tx, people: People, before: string): Promise<{ id: string; startsOn: string }[]> {
  const params = [...scope(people), before]
  // Behind the people, where there are some to bind.
  const day = `$${people === 'all' ? 1 : 2}`
  return tx.query(
    `select affiliation_id as id, starts_on as "startsOn" from affiliation_current
     where status = 'future' and kind <> 'pupil' and starts_on < ${day}::date and ${among(people, 'person_id')} order by 1`,
    params,
  )
}

/** Of rights by id: the system they belong to (where it is steered), and whether they are seen to be held. */
export async function rightsHeld(
  tx: Tx,
  rights: readonly { personId: string; entitlementId: string }[],
  systems: Systems,
): Promise<Pick<RightSlot, 'personId' | 'entitlementId' | 'systemId' | 'rung' | 'kit' | 'held'>[]> {
  return tx.query(
    `with sys as (${systemsSql(systems)})
     select w."personId", w."entitlementId", e.system_id as "systemId", sys.rung,
       e.kind in ('equipment', 'physical') or i.kind in ('equipment', 'physical') as kit,
       coalesce((select o.action in ('grant', 'hand-out') from provisioning_order o
           where o.person_id = w."personId" and o.entitlement_id = w."entitlementId" and o.state in ('done', 'assumed')
           order by o.done_at desc, o.state = 'assumed', o.id desc limit 1),
         exists (select from observed_right r join account acc on acc.id = r.account_id
           where r.entitlement_id = w."entitlementId" and acc.person_id = w."personId" and acc.gone_at is null)) as held
     from jsonb_to_recordset($1::jsonb) as w ("personId" uuid, "entitlementId" uuid)
     join entitlement e on e.id = w."entitlementId" join sys on sys.id = e.system_id join it_system i on i.id = e.system_id`,
    [JSON.stringify(rights)],
  )
}

export async function openOrders(tx: Tx, people: People): Promise<OpenOrder[]> {
  return askFor(
    tx,
    people,
    `select o.id, o.system_id as "systemId", coalesce(p.merged_into, p.id) as "personId", o.affiliation_id as "affiliationId",
       o.account_type_id as "accountTypeId", o.entitlement_id as "entitlementId", o.action, o.due_on as "dueOn", o.cause,
       o.urgent, o.state = 'sending' as sending, o.content -> 'kept' as kept, o.content -> 'decision' as decision
     from provisioning_order o join person p on p.id = o.person_id
     where o.state in ('planned', 'task', 'sending', 'retry', 'parked') and o.left_id is null
       and ${meant(people, 'o.person_id')}
     order by o.id`,
    scope(people),
  )
}
