import type { KeptAttribute } from '#contract/account-types.ts'
import { userNameParts } from '#contract/account-types.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { KeptSlot } from './kept.ts'
import type { People } from './order-plan-store.ts'
import type { KeptValues } from './plan-orders.ts'

/** What accounts say and what they should say, set-based: two statements however many accounts there are. */

/** SQL: what orders say of somebody (`pc`, the job `ac` with its unit `u`) in accounts of the kind `t`. */
export const ACCOUNT_FACTS = `jsonb_build_object(
  'givenName', pc.given_name, 'familyName', pc.family_name, 'displayName', pc.name, 'title', ac.title,
  'unit', u.name, 'unitKey', u.key,
  -- From the own unit to the top: whoever has a place for one of them takes the nearest.
  'unitPath', (select jsonb_agg(above.key order by way.place desc) from unnest(ac.unit_path) with ordinality way (id, place)
    join org_unit_current above on above.unit_id = way.id),
  'employeeNo', ac.employee_no, 'email', pc.email, 'phone', pc.phone,
  'managerDn', (select m.dn from account m where m.person_id = ac.manager_person_id and m.source = t.source
    and m.gone_at is null and m.kind = 'personal' and m.dn is not null order by m.enabled desc, m.first_seen_at, m.id limit 1))`

/** SQL: what a reading says of the account `acc` with its record `r`, by the same names; DNs and user names in small letters. */
const ACCOUNT_SEEN = `jsonb_build_object('username', lower(acc.username), 'displayName', acc.display_name,
  'email', acc.email, 'employeeNo', acc.employee_no, 'givenName', r.payload ->> 'givenName',
  'familyName', r.payload ->> 'familyName', 'title', r.payload ->> 'title', 'department', r.payload ->> 'department',
  'phone', r.payload ->> 'phone', 'manager', r.payload ->> 'manager',
  'place', lower(regexp_replace(acc.dn, '^(\\\\.|[^,\\\\])*,', '')))`

const OF_RECORD = (attribute: string) => (attribute === 'place' ? 'dn' : attribute)

type KeepingType = { id: string; source: string; heard: KeptAttribute[] }

/** Kinds that keep something of accounts that are read, where changes are sent; without what no account is seen with. */
async function keepingTypes(tx: Tx): Promise<KeepingType[]> {
  const rows = await tx.query<{ id: string; source: string; keeps: KeptAttribute[] }>(
    `select t.id, t.source, t.keeps from account_type t join it_system s on s.id = t.system_id and s.gone_at is null
     where t.gone_at is null and t.keeps <> '{}' and t.source is not null and s.rung in ('apply', 'full') order by t.id`,
  )
  if (rows.length === 0) return []
  const heard = await heardOf(
    tx,
    rows.map(({ id, source, keeps }) => ({ id, source, names: keeps.map(OF_RECORD) })),
  )
  return rows.map(({ id, source, keeps }) => ({
    id,
    source,
    heard: keeps.filter(one => heard.get(id)?.has(OF_RECORD(one))),
  }))
}

async function heardOf(tx: Tx, asked: readonly { id: string; source: string; names: string[] }[]) {
  const rows = await tx.query<{ id: string; name: string }>(
    `select w.id, n.name from jsonb_to_recordset($1::jsonb) as w (id uuid, source text, names text[]), unnest(w.names) as n (name)
     where exists (select from source_record r where r.source = w.source and r.kind = 'account' and r.gone_at is null
       and r.payload ->> n.name is not null)`,
    [JSON.stringify(asked)],
  )
  return new Map([...Map.groupBy(rows, row => row.id)].map(([id, all]) => [id, new Set(all.map(row => row.name))]))
}

/** Of what kinds keep: what their source shows of no account. */
export async function unheardOf(
  tx: Tx,
  types: readonly { id: string; source: string | null; keeps: readonly KeptAttribute[] }[],
): Promise<Map<string, KeptAttribute[]>> {
  const asked = types.filter(type => type.keeps.length > 0)
  if (asked.length === 0) return new Map()
  const heard = await heardOf(
    tx,
    asked.map(({ id, source, keeps }) => ({ id, source: source ?? '', names: keeps.map(OF_RECORD) })),
  )
  return new Map(asked.map(({ id, keeps }) => [id, keeps.filter(one => !heard.get(id)?.has(OF_RECORD(one)))]))
}

/**
 * Accounts of kinds that keep something, which are seen, personal, in scope, of somebody who works here or soon will, and
 * who is not locked. Of several accounts of one person the one that orders are sent to.
 */
export async function keptSlots(tx: Tx, people: People): Promise<KeptSlot[]> {
  const types = await keepingTypes(tx)
  if (types.length === 0) return []
  const among = (column: string) => (people === 'all' ? 'true' : `${column} = any($2::uuid[])`)
  const rows = await tx.query<
    Omit<KeptSlot, 'entitlementId' | 'keeps' | 'naming' | 'sent'> & {
      pattern: unknown
      given: boolean
      sent: KeptValues[] | null
    }
  >(
    `with type as (select t.* from account_type t where t.id = any($1::uuid[])),
     own as (
       select distinct on (1, 3, 4)
         t.id as type_id, acc.id, acc.person_id, case when t.per = 'affiliation' then acc.affiliation_id end as affiliation_id
       from type t join account acc on acc.source = t.source and acc.gone_at is null and acc.kind = 'personal' and not acc.out_of_scope
       where acc.person_id is not null and ${among('acc.person_id')}
       order by 1, 3, 4, acc.enabled desc, acc.first_seen_at, acc.id
     )
     select t.system_id as "systemId", o.person_id as "personId", o.affiliation_id as "affiliationId", t.id as "accountTypeId",
       c.writes, ${ACCOUNT_SEEN} as seen, ${ACCOUNT_FACTS} as facts, t.user_name as pattern,
       exists (select from user_name_given g where g.name = lower(acc.username) and g.person_id = o.person_id and g.account_type_id = t.id) as given,
       (select jsonb_agg(d.content -> 'kept' order by d.done_at, d.id) from provisioning_order d join person dp on dp.id = d.person_id
         where d.account_type_id = t.id and coalesce(dp.merged_into, dp.id) = o.person_id and d.affiliation_id is not distinct from o.affiliation_id
           and d.action in ('rename', 'move', 'set') and d.state = 'done' and d.content ? 'kept') as sent
     from own o join type t on t.id = o.type_id join account acc on acc.id = o.id
     join person_current pc on pc.person_id = o.person_id
     join affiliation_current ac on ac.affiliation_id = coalesce(o.affiliation_id, pc.primary_affiliation_id) and ac.status <> 'ended'
     left join org_unit_current u on u.unit_id = ac.unit_id
     left join source_record r on r.source = acc.source and r.kind = 'account' and r.key = acc.key
     left join system_connector c on c.system_id = t.system_id and c.enabled
     where not exists (select from person_lock l join person lp on lp.id = l.person_id
       where l.released_at is null and coalesce(lp.merged_into, lp.id) = o.person_id)`,
    people === 'all' ? [types.map(one => one.id)] : [types.map(one => one.id), people],
  )
  const heard = new Map(types.map(type => [type.id, type.heard]))
  return rows.map(({ pattern, given, sent, ...row }) => ({
    ...row,
    entitlementId: null,
    keeps: heard.get(row.accountTypeId ?? '') ?? [],
    sent: sent ?? [],
    naming: pattern === null ? null : { pattern: userNameParts.parse(pattern), given },
  }))
}

/** SQL over `done d` and the kind `t`: orders that change what an account says, and whether the reading says it now. */
export const KEPT_VERIFIED = `select d.id, not exists (
    select from jsonb_each_text(d.content -> 'kept') k
    where case when k.key in ('username', 'place', 'manager', 'email') then lower(k.value) else k.value end
      is distinct from case when k.key in ('manager', 'email') then lower(s.seen ->> k.key) else s.seen ->> k.key end) as as_wanted
  from done d join account_type t on t.id = d.account_type_id and t.source = $1, lateral (
    select ${ACCOUNT_SEEN} as seen from account acc
    left join source_record r on r.source = acc.source and r.kind = 'account' and r.key = acc.key
    where acc.source = $1 and acc.person_id = d.holder and acc.kind = 'personal' and acc.gone_at is null
      and (t.per = 'person' or acc.affiliation_id = d.affiliation_id)
    order by acc.enabled desc, acc.first_seen_at, acc.id limit 1) s
  where d.action in ('rename', 'move', 'set') and d.content ? 'kept'`

/**
 * Whom something was learned about since this was asked last, that accounts may say: names, jobs, units. On a new day
 * everybody. null: nothing keeps anything, or nothing was learned. A transaction that was long on its way is looked at
 * again: what is the same orders nothing.
 */
export async function learnedSince(tx: Tx, { today, now }: { today: string; now: Date }): Promise<People | null> {
  const [some] = await tx.query<{ some: boolean }>(
    `select exists (select from account_type t join it_system s on s.id = t.system_id and s.gone_at is null
       where t.gone_at is null and t.keeps <> '{}' and t.source is not null and s.rung in ('apply', 'full')) as some`,
  )
  if (!some?.some) return null
  const [before] = await tx.query<{ through: Date | null; day: string | null }>(
    `select kept_through as through, ((kept_through at time zone 'Europe/Copenhagen')::date)::text as day from order_planning`,
  )
  await tx.query(
    `insert into order_planning as p (one, through, kept_through) values (true, '-infinity', $1)
     on conflict (one) do update set kept_through = $1`,
    [now],
  )
  if (!before?.through || before.day !== today) return 'all'
  const rows = await tx.query<{ id: string | null }>(
    `with since as (select $1::timestamptz - interval '15 minutes' as at)
     select coalesce(p.merged_into, p.id) as id from person_state s join person p on p.id = s.person_id, since
       where upper_inf(s.recorded) and lower(s.recorded) > since.at
     union select ac.person_id from affiliation_state s join affiliation_current ac on ac.affiliation_id = s.affiliation_id, since
       where upper_inf(s.recorded) and lower(s.recorded) > since.at
     union select ac.person_id from org_unit_state s join affiliation_current ac on ac.unit_path && array[s.unit_id], since
       where upper_inf(s.recorded) and lower(s.recorded) > since.at`,
    [before.through],
  )
  const people = rows.flatMap(row => row.id ?? [])
  return people.length === 0 ? null : people
}
