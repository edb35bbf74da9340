import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { answersForSql } from './answers-for.ts'
import type { OrderToCarryOut } from './connector.ts'
import { ACCOUNT_FACTS } from './kept-store.ts'

export type ConnectorRow = {
  systemId: string
  kind: string
  settings: unknown
  failures: number
  /** Rested after failures, and is tried with one order first. */
  probing: boolean
}

/** Systems with something to send now: enabled, not resting, an order that is due. */
export async function systemsToSend(tx: Tx, { today, now }: { today: string; now: Date }): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select c.system_id as id from system_connector c
     where c.enabled and coalesce(c.rests_until, '-infinity') <= $2 and exists (
       select from provisioning_order o where o.system_id = c.system_id and o.due_on <= $1::date and o.hold_id is null
         and (o.state in ('planned', 'retry') or o.state = 'sending' and o.lease_until < $2)
         and coalesce(o.next_try_at, '-infinity') <= $2) order by 1`,
    [today, now],
  )
  return rows.map(row => row.id)
}

export async function connectorOf(tx: Tx, systemId: string, now: Date): Promise<ConnectorRow | null> {
  const [row] = await tx.query<ConnectorRow>(
    `select system_id as "systemId", kind, settings, failures, rests_until is not null as probing
     from system_connector where system_id = $1 and enabled and coalesce(rests_until, '-infinity') <= $2`,
    [systemId, now],
  )
  return row ?? null
}

export type Claimed = { id: string; attempt: number; batchId: string | null }
type Claim = {
  systemId: string
  actions: readonly string[]
  limit: number
  today: string
  now: Date
  leaseSeconds: number
}

/**
 * Takes orders that are due, for this process alone until the lease ends: what another one holds is skipped, what a dead
 * one held is taken again. Something that must come first, and is still open, keeps an order waiting: the account before
 * its rights, the account that the kind depends on, closing before deleting, giving on what somebody answers for before
 * their account is deleted.
 */
export async function claimOrders(tx: Tx, claim: Claim): Promise<Claimed[]> {
  const rows = await tx.query<Claimed>(
    `with due as (
       select o.id from provisioning_order o left join account_type t on t.id = o.account_type_id
       where o.system_id = $1 and o.due_on <= $2::date and o.action = any($6::text[]) and o.hold_id is null
         and (o.state in ('planned', 'retry') or o.state = 'sending' and o.lease_until < $3)
         and coalesce(o.next_try_at, '-infinity') <= $3
         and not (o.action = 'delete' and ${answersForSql('o.person_id')})
         and not exists (
           select from provisioning_order b
           where b.id <> o.id and b.person_id = o.person_id and b.state in ('planned', 'task', 'sending', 'retry', 'parked')
             and (b.action = 'create' and (
                 b.account_type_id = o.account_type_id and b.affiliation_id is not distinct from o.affiliation_id and o.action <> 'create'
                 or o.entitlement_id is not null and o.action = 'grant' and b.system_id = o.system_id
                 or b.account_type_id = t.depends_on and o.action = 'create')
               or b.action = 'disable' and o.action = 'delete' and b.account_type_id = o.account_type_id
                 and b.affiliation_id is not distinct from o.affiliation_id
               or b.state = 'sending' and b.lease_until >= $3 and b.system_id = o.system_id))
       order by o.urgent desc, o.due_on, o.made_at, o.id limit $4 for update of o skip locked
     ), taken as (
       update provisioning_order o set state = 'sending', lease_until = $3::timestamptz + make_interval(secs => $5),
         attempts = o.attempts + 1, next_try_at = null, version = o.version + 1
       from due where o.id = due.id returning o.id, o.attempts as attempt, o.batch_id as "batchId"
     ), cut as (
       update order_attempt a set outcome = 'cut-off', ended_at = $3 from taken where a.order_id = taken.id and a.ended_at is null
     ), noted as (
       insert into order_attempt (order_id, n, started_at) select id, attempt, $3 from taken
     )
     select * from taken`,
    [claim.systemId, claim.today, claim.now, claim.limit, claim.leaseSeconds, claim.actions],
  )
  return rows
}

/** Orders that are handed over as one keep its number, so that they can be handed over again as the same one. */
export async function asBatch(tx: Tx, ids: readonly string[]): Promise<string> {
  const batch = newId()
  await tx.query('update provisioning_order set batch_id = $2 where id = any($1::uuid[])', [ids, batch])
  return batch
}

type ContentRow = Omit<OrderToCarryOut, 'account' | 'right'> & {
  username: string | null
  externalId: string | null
  attributes: Record<string, string | string[] | null>
  enabled: boolean
  right: { key: string; name: string; carriers: string[]; limits: { on: string; values: string[] }[] } | null
}

/** What each order says, as of now. Names of protected people are not in it; what the account is called is. */
export async function contentsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, OrderToCarryOut>> {
  const rows = await tx.query<ContentRow>(
    `select o.id, o.action, o.due_on as "dueOn", jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system,
       jsonb_build_object('id', o.person_id, 'name', case when not pc.protected then pc.name end) as person,
       coalesce(o.content ->> 'username', own.username, given.username) as username,
       coalesce(o.external_id, given.external_id, own.key) as "externalId",
       case when o.action in ('create', 'set', 'rename', 'move') then ${ACCOUNT_FACTS} else '{}' end as attributes,
       o.action in ('enable') as enabled,
       case when e.id is not null then jsonb_build_object('key', e.key, 'name', e.name,
         'carriers', coalesce((select jsonb_agg(coalesce(g.dn, g.name) order by g.dn, g.name) from group_entitlement ge
           join directory_group g on g.id = ge.group_id and g.gone_at is null where ge.entitlement_id = e.id), '[]'),
         'limits', coalesce((select a.constraints from assignment a where a.entitlement_id = e.id and a.affiliation_id = o.affiliation_id), '[]')) end as right
     from provisioning_order o join it_system s on s.id = o.system_id
     left join person_current pc on pc.person_id = o.person_id
     left join account_type t on t.id = o.account_type_id
     left join affiliation_current ac on ac.affiliation_id = coalesce(o.affiliation_id, pc.primary_affiliation_id)
     left join org_unit_current u on u.unit_id = ac.unit_id
     left join entitlement e on e.id = o.entitlement_id
     -- The account as it is seen: of this kind, or where the groups of the right are.
     left join lateral (
       select acc.username, acc.key from account acc
       where acc.person_id = o.person_id and acc.gone_at is null and acc.kind = 'personal' and not acc.out_of_scope
         and (acc.source = t.source or o.entitlement_id is not null and (
           acc.source in (select k.source from account_type k where k.system_id = o.system_id and k.gone_at is null)
           or exists (select from group_entitlement ge join directory_group g on g.id = ge.group_id
             where ge.entitlement_id = o.entitlement_id and g.source = acc.source)))
         and (o.affiliation_id is null or o.entitlement_id is not null or acc.affiliation_id = o.affiliation_id)
       order by acc.enabled desc, acc.first_seen_at, acc.id limit 1) own on true
     -- Or as it was made.
     left join lateral (
       select b.content ->> 'username' as username, b.external_id from provisioning_order b
       where b.person_id = o.person_id and b.system_id = o.system_id and b.action = 'create' and b.state <> 'cancelled'
         and (o.account_type_id is null or b.account_type_id = o.account_type_id)
         and (o.affiliation_id is null or o.entitlement_id is not null or b.affiliation_id = o.affiliation_id)
       order by b.made_at desc limit 1) given on true
     where o.id = any($1::uuid[])`,
    [ids],
  )
  return new Map(
    rows.map(({ username, externalId, attributes, enabled, right, ...row }) => [
      row.id,
      {
        ...row,
        account: { username: username ?? '', externalId, attributes, enabled },
        right: right && {
          ...right,
          limits: Object.fromEntries(right.limits.map(limit => [limit.on, limit.values ?? []])),
        },
      },
    ]),
  )
}

export type Outcome = {
  id: string
  attempt: number
  outcome: 'done' | 'already' | 'retry' | 'refused' | 'lost'
  state: 'done' | 'retry' | 'parked'
  steps: readonly { say: string; change?: unknown }[]
  said: string | null
  nextTryAt: Date | null
  externalId: string | null
  username: string | null
  /** Read back as wanted from the target itself. */
  readBack: boolean
}

/** Notes how it ended; false where another process has taken it over meanwhile, whose word then counts. */
export async function noteOutcome(tx: Tx, outcome: Outcome, { now, by }: { now: Date; by: string }): Promise<boolean> {
  const rows = await tx.query(
    `update provisioning_order set state = $3, lease_until = null, next_try_at = $4, said = $5,
       external_id = coalesce($6, external_id), done_at = case when $3 = 'done' then $7::timestamptz end,
       done_by = case when $3 = 'done' then $8 end, verified_at = case when $9 then $7::timestamptz end,
       content = case when $10::text is null then content else content || jsonb_build_object('username', $10::text) end,
       batch_id = case when $3 = 'done' then batch_id when $3 = 'parked' then null else batch_id end, version = version + 1
     where id = $1 and state = 'sending' and attempts = $2 returning 1`,
    [
      ...[outcome.id, outcome.attempt, outcome.state, outcome.nextTryAt, outcome.said, outcome.externalId, now, by],
      ...[outcome.readBack, outcome.username || null],
    ],
  )
  await tx.query(
    `update order_attempt set ended_at = $3, outcome = $4, steps = $5, said = $6 where order_id = $1 and n = $2 and ended_at is null`,
    [outcome.id, outcome.attempt, now, outcome.outcome, JSON.stringify(outcome.steps), outcome.said],
  )
  return rows.length > 0
}

/** What is about to be sent stands in the log before it is sent. */
export async function noteSteps(tx: Tx, id: string, attempt: number, steps: readonly unknown[]): Promise<void> {
  await tx.query('update order_attempt set steps = $3 where order_id = $1 and n = $2', [
    id,
    attempt,
    JSON.stringify(steps),
  ])
}

/** Failures after one another, after which a system rests, and how long: 1, 2, 4 … minutes, an hour at most. */
export const RESTS_AFTER = 5
export async function noteHealth(tx: Tx, systemId: string, failed: string | null, now: Date): Promise<void> {
  await tx.query(
    failed === null
      ? 'update system_connector set failures = 0, rests_until = null where system_id = $1 and $2::timestamptz is not null and failures > 0'
      : `update system_connector set failures = failures + 1, last_failure = $3,
           rests_until = case when failures + 1 >= $4 then $2::timestamptz + make_interval(mins => least(60, power(2, least(failures + 1 - $4, 6))::int)) end
         where system_id = $1`,
    failed === null ? [systemId, now] : [systemId, now, failed.slice(0, 500), RESTS_AFTER],
  )
}

/** Gives orders back that were taken and not tried: the target could not be reached at all. */
export async function giveBack(tx: Tx, claimed: readonly Claimed[], said: string, now: Date): Promise<void> {
  const list = JSON.stringify(claimed)
  await tx.query(
    `update provisioning_order o set state = 'retry', lease_until = null, next_try_at = $2, said = $3, attempts = o.attempts - 1
     from jsonb_to_recordset($1::jsonb) as c (id uuid, attempt int) where o.id = c.id and o.state = 'sending' and o.attempts = c.attempt`,
    [list, now, said.slice(0, 500)],
  )
  await tx.query(
    `delete from order_attempt a using jsonb_to_recordset($1::jsonb) as c (id uuid, attempt int)
     where a.order_id = c.id and a.n = c.attempt and a.ended_at is null`,
    [list],
  )
}
