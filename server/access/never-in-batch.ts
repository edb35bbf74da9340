import type { AlwaysHeld } from '../feeds/guards/decide-held.ts'
import type { NeverInBatch } from '../feeds/guards/weigh-plan.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { LocalAdministrators } from './last-administrator.ts'

/**
 * What no feed takes away without a person's word, however little else it changes: accounts that are nobody's own
 * (service, shared, administrators'), and the last one who holds a privileged right or the role of IT in Hjemmel itself.
 * Costs what the plan has: each statement starts from its items.
 */
export function neverInBatch(locals: LocalAdministrators, today: () => string): readonly NeverInBatch[] {
  return [
    protectedAccounts,
    (tx, plan) => lastByEmployment(tx, plan.planId, today(), locals),
    (tx, plan) => lastByAccount(tx, plan.planId, today(), locals),
    lastByGroup,
  ]
}

/** Items of accounts that leave or are disabled. */
const ACCOUNTS = `select i.n, a.id as account_id, a.person_id, a.kind
  from plan_item i join plan p on p.id = i.plan_id join account a on a.source = p.subject and a.key = i.key
  where i.plan_id = $1 and i.kind = 'account' and i.state = 'planned' and a.gone_at is null
    and (i.op = 'gone' or i.op = 'change' and i.before ->> 'enabled' = 'true' and i.after ->> 'enabled' = 'false')`

async function protectedAccounts(tx: Tx, { planId }: { planId: string }): Promise<AlwaysHeld[]> {
  return tx.query<AlwaysHeld>(
    `select n, 'protected-account' as guard, kind as part from (${ACCOUNTS}) leaving where kind <> 'personal' order by n`,
    [planId],
  )
}

/**
 * Employments that end, by leaving the feed or by a date, where nobody else keeps a right to administer beyond that day.
 * For the role of IT in Hjemmel a change of what the rules look at counts too: it may end the role as well, and then
 * nobody could get in to see it.
 */
async function lastByEmployment(
  tx: Tx,
  planId: string,
  today: string,
  locals: LocalAdministrators,
): Promise<AlwaysHeld[]> {
  const rows = await tx.query<{ n: number; part: string }>(
    `with touched as (
       select i.n, r.subject_id as affiliation_id,
         case when i.op = 'gone' then $2::date
              when ends_on is not null and (was_on is null or ends_on < was_on) then ends_on end as ends_on,
         i.op = 'change' and (i.before - $3::text[]) is distinct from (i.after - $3::text[]) as moves
       from plan_item i
       join plan p on p.id = i.plan_id
       join source_record r on r.source = p.subject and r.kind = i.kind and r.key = i.key
       cross join lateral (select (i.after ->> 'endsOn')::date as ends_on, (i.before ->> 'endsOn')::date as was_on) d
       where i.plan_id = $1 and i.kind = 'affiliation' and i.op in ('change', 'gone') and i.state = 'planned'
     ), losing as (
       select t.n, a.affiliation_id, a.entitlement_id, e.key, coalesce(t.ends_on, $2::date) as ends_on
       from touched t join assignment a on a.affiliation_id = t.affiliation_id
       join entitlement e on e.id = a.entitlement_id and e.gone_at is null
       where e.privileged and t.ends_on is not null
          or e.key in ('hjemmel/it', 'hjemmel/admin') and (t.ends_on is not null or t.moves)
     )
     select distinct on (l.n) l.n, l.key as part from losing l
     where not exists (
       select from assignment o
       where o.entitlement_id = l.entitlement_id and (o.valid_to is null or o.valid_to > l.ends_on)
         and not exists (select from losing x where x.entitlement_id = o.entitlement_id and x.affiliation_id = o.affiliation_id))
     order by l.n, l.key not like 'hjemmel/%', l.key`,
    [planId, today, NO_RULE_LOOKS_AT],
  )
  return withoutLocals(tx, rows, today, locals)
}

/** Attributes of an employment that change without a rule deciding otherwise. */
const NO_RULE_LOOKS_AT = ['endsOn', 'startsOn', 'primary', 'leaveFrom', 'leaveTo', 'leaveKind', 'employeeNo', 'sponsor']

/** Accounts by which the last holder of a privileged right holds it, or the last person of IT signs in. */
async function lastByAccount(
  tx: Tx,
  planId: string,
  today: string,
  locals: LocalAdministrators,
): Promise<AlwaysHeld[]> {
  const rows = await tx.query<{ n: number; part: string }>(
    `with leaving as (${ACCOUNTS}), observed as (
       select l.n, o.entitlement_id, e.key from leaving l join observed_right o on o.account_id = l.account_id
       join entitlement e on e.id = o.entitlement_id and e.privileged and e.gone_at is null
     ), administering as (
       select distinct ac.person_id from assignment a join entitlement e on e.id = a.entitlement_id and e.key = 'hjemmel/it'
       join affiliation_current ac on ac.affiliation_id = a.affiliation_id and ac.status = 'active'
     )
     select distinct on (n) n, part from (
       select o.n, o.key as part from observed o where not exists (
         select from observed_right x join account a on a.id = x.account_id and a.enabled and a.gone_at is null
         where x.entitlement_id = o.entitlement_id and x.account_id not in (select account_id from leaving))
       union all
       select l.n, 'hjemmel/it' from leaving l join administering on administering.person_id = l.person_id
       where not exists (
         select from administering o join account a on a.person_id = o.person_id and a.enabled and a.gone_at is null
         where a.id not in (select account_id from leaving))
     ) last order by n, part not like 'hjemmel/%', part`,
    [planId],
  )
  return withoutLocals(tx, rows, today, locals)
}

/** Groups that lose their last member, where no other group with members gives the same privileged right. */
async function lastByGroup(tx: Tx, { planId }: { planId: string }): Promise<AlwaysHeld[]> {
  return tx.query<AlwaysHeld>(
    `with emptied as (
       select i.n, g.id from plan_item i join plan p on p.id = i.plan_id
       join directory_group g on g.source = p.subject and g.key = i.key and g.gone_at is null
       where i.plan_id = $1 and i.kind = 'group' and i.state = 'planned' and cardinality(g.members) > 0
         and (i.op = 'gone' or i.op = 'change' and coalesce(jsonb_array_length(i.after -> 'members'), 0) = 0)
     )
     select distinct on (m.n) m.n, 'last-administrator' as guard, e.key as part from emptied m
     join group_entitlement ge on ge.group_id = m.id
     join entitlement e on e.id = ge.entitlement_id and (e.privileged or e.key = 'hjemmel/it') and e.gone_at is null
     where not exists (
       select from group_entitlement o join directory_group g on g.id = o.group_id and g.gone_at is null
       where o.entitlement_id = ge.entitlement_id and cardinality(g.members) > 0 and g.id not in (select id from emptied))
     order by m.n, e.key`,
    [planId],
  )
}

/** A local user who administers is somebody else: Hjemmel can still be got into. */
async function withoutLocals(
  tx: Tx,
  rows: readonly { n: number; part: string }[],
  today: string,
  locals: LocalAdministrators,
): Promise<AlwaysHeld[]> {
  const ofHjemmel = rows.some(row => row.part.startsWith('hjemmel/'))
  const others = ofHjemmel && (await locals(tx, today)) > 0
  return rows
    .filter(row => !(others && row.part.startsWith('hjemmel/')))
    .map(({ n, part }) => ({ n, guard: 'last-administrator', part }))
}
