import type { QueryOf, ResponseOf } from '#contract/endpoint.ts'
import type { getOrder, listOrders, OrderRow } from '#contract/orders.ts'
import { visibleTo } from '../access/visible.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { can } from '../policy/policy.ts'

import { answersForSql } from './answers-for.ts'
import { heldView } from './hold-store.ts'
import type { Decision } from './marked.ts'
import { instant, mayOrder, OPEN } from './order-visible.ts'

type List = ResponseOf<typeof listOrders>
type One = ResponseOf<typeof getOrder>

/**
 * Columns of an order in the shape of the contract, over `provisioning_order o`. `shown`: SQL, may the reader see the
 * name of a protected person (`pc`)?
 */
export const orderColumns = (shown: string) => `o.id,
  jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) as system,
  jsonb_build_object('id', o.person_id, 'name', case when not coalesce(pc.protected, false) or ${shown} then pc.name end,
    'protected', coalesce(pc.protected, false)) as person,
  o.affiliation_id as "affiliationId", o.action,
  case when t.id is not null then jsonb_build_object('id', t.id, 'name', t.name) end as "accountType",
  case when e.id is not null then jsonb_build_object('id', e.id, 'key', e.key, 'name', e.name) end as right,
  (select l.what from left_behind l where l.id = o.left_id) as left, o.content ->> 'username' as username, o.due_on as "dueOn", o.urgent, o.state, o.cause, o.attempts,
  o.next_try_at as "nextTryAt", o.said, o.task_id as "taskId",
  case when o.state <> 'task' then c.kind end as connector,
  o.made_at as "madeAt", o.done_at as "doneAt", o.verified_at as "verifiedAt", false as "notSent", o.version`
export const ORDER_JOINS = `join it_system s on s.id = o.system_id
  left join person_current pc on pc.person_id = o.person_id
  left join account_type t on t.id = o.account_type_id left join entitlement e on e.id = o.entitlement_id
  left join system_connector c on c.system_id = o.system_id and c.enabled`

const HANDOVER = `(o.action = 'delete' and o.state in ${OPEN} and ${answersForSql('o.person_id')})`

/** Orders of people or affiliations, the next first, what is settled last. */
export async function ordersOfView(
  tx: Tx,
  of: { affiliationIds?: readonly string[]; personIds?: readonly string[] },
  shown: string,
): Promise<OrderRow[]> {
  const rows = await tx.query<OrderRow>(
    `select ${orderColumns(shown)} from provisioning_order o ${ORDER_JOINS}
     where o.person_id = any($1::uuid[]) or o.affiliation_id = any($2::uuid[])
       or ($2::uuid[] <> '{}' and o.affiliation_id is null
         and o.person_id in (select f.person_id from affiliation_current f where f.affiliation_id = any($2::uuid[])))
     order by o.state in ('done', 'verified', 'cancelled', 'assumed'), o.due_on, s.name, o.action, o.id`,
    [of.personIds ?? [], of.affiliationIds ?? []],
  )
  return rows.map(asRow)
}

export function asRow<Row extends OrderRow>(row: Row): Row {
  return {
    ...row,
    nextTryAt: instant(row.nextTryAt),
    madeAt: instant(row.madeAt),
    doneAt: instant(row.doneAt),
    verifiedAt: instant(row.verifiedAt),
  }
}

/** Orders as a list; beside it the systems that something is the matter with, and what is held. Three statements. */
export async function ordersView(
  tx: Tx,
  actor: Actor,
  query: QueryOf<typeof listOrders>,
  today: string,
): Promise<List> {
  const q = statement()
  const where = [mayOrder(actor, q, 'read')]
  if (query.system) where.push(`o.system_id = ${q.bind(query.system, 'uuid')}`)
  if (query.person) where.push(`o.person_id = ${q.bind(query.person, 'uuid')}`)
  if (query.state) where.push(`o.state = ${q.bind(query.state, 'text')}`)
  if (query.open) where.push(`o.state in ${OPEN}`)
  const rows = await tx.query<List['rows'][number] & { total: number; act: boolean }>(
    `select ${orderColumns(visibleTo(actor, q).name('pc'))}, ${mayOrder(actor, q, 'decide')} as act, o.hold_id is not null as held, ${HANDOVER} as "waitsForHandover", count(*) over () as total
     from provisioning_order o ${ORDER_JOINS} where ${where.join(' and ')}
     order by o.state = 'parked' desc, o.state in ${OPEN} desc, o.urgent desc,
       case when o.state in ${OPEN} then o.due_on end, o.made_at desc, o.id
     offset ${q.bind(query.offset, 'int')} limit ${q.bind(query.limit, 'int')}`,
    q.params,
  )
  const s = statement()
  const systems = await tx.query<List['systems'][number]>(
    `select jsonb_build_object('id', i.id, 'key', i.key, 'name', i.name) as system, n.open, n.parked, n.late,
       coalesce(c.failures, 0) as failures, c.rests_until as "restsUntil", c.last_failure as "lastFailure"
     from (select o.system_id, count(*) as open, count(*) filter (where o.state = 'parked') as parked,
         count(*) filter (where o.due_on < ${s.bind(today, 'date')}) as late
       from provisioning_order o left join person_current pc on pc.person_id = o.person_id
       where o.state in ${OPEN} and ${mayOrder(actor, s, 'read')} group by 1) n
     join it_system i on i.id = n.system_id left join system_connector c on c.system_id = i.id and c.enabled
     where n.parked > 0 or n.late > 0 or c.rests_until is not null order by n.parked desc, n.late desc, i.name limit 20`,
    s.params,
  )
  const held = await heldView(tx, h => mayOrder(actor, h, 'read'))
  return {
    held: held.map(({ causedBy, ...one }) => ({
      ...one,
      madeAt: one.madeAt.toISOString(),
      own: causedBy.includes(actor.userId),
    })),
    mayLetGo: can(actor, 'rung.change'),
    rows: rows.map(row => ({ ...asRow(row), allowed: { act: row.act } })),
    total: rows[0]?.total ?? 0,
    systems: systems.map(row => ({ ...row, restsUntil: instant(row.restsUntil) })),
  }
}

/** Whoever decided, by user id, as the screen names them. */
export type NamesOf = (tx: Tx, userIds: readonly string[]) => Promise<ReadonlyMap<string, string>>

export async function orderView(tx: Tx, actor: Actor, id: string, namesOf: NamesOf): Promise<One | null> {
  const q = statement()
  const [order] = await tx.query<
    One['order'] & { act: boolean; content: Record<string, unknown> & { decision?: Decision } }
  >(
    `select ${orderColumns(visibleTo(actor, q).name('pc'))}, ${mayOrder(actor, q, 'decide')} as act, o.hold_id is not null as held, ${HANDOVER} as "waitsForHandover", o.content
     from provisioning_order o ${ORDER_JOINS} where o.id = ${q.bind(id, 'uuid')} and ${mayOrder(actor, q, 'read')}`,
    q.params,
  )
  if (!order) return null
  const attempts = await tx.query<Omit<One['attempts'][number], 'steps'> & { steps: { say: string }[] }>(
    `select n, started_at as "startedAt", ended_at as "endedAt", outcome, steps, said from order_attempt
     where order_id = $1 order by n desc limit 50`,
    [id],
  )
  const { decision, ...content } = order.content
  const names = decision?.by ? await namesOf(tx, [decision.by]) : null
  return {
    order: { ...asRow(order), allowed: { act: order.act } },
    content,
    decision: decision
      ? {
          findingId: decision.findingId,
          by: decision.by && (names?.get(decision.by) ?? decision.by),
          at: new Date(decision.at).toISOString(),
          reason: decision.reason,
        }
      : null,
    attempts: attempts.map(one => ({
      ...one,
      startedAt: instant(one.startedAt) ?? '',
      endedAt: instant(one.endedAt),
      steps: one.steps.map(step => step.say),
    })),
  }
}
