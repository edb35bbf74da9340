import type { OrderRow } from '#contract/orders.ts'
import type { Tx } from '../platform/unit-of-work.ts'

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
  o.content ->> 'username' as username, o.due_on as "dueOn", o.urgent, o.state, o.cause, o.attempts,
  o.next_try_at as "nextTryAt", o.said, o.task_id as "taskId",
  case when o.state <> 'task' then c.kind end as connector,
  o.made_at as "madeAt", o.done_at as "doneAt", o.verified_at as "verifiedAt", false as "notSent", o.version`
export const ORDER_JOINS = `join it_system s on s.id = o.system_id
  left join person_current pc on pc.person_id = o.person_id
  left join account_type t on t.id = o.account_type_id left join entitlement e on e.id = o.entitlement_id
  left join system_connector c on c.system_id = o.system_id and c.enabled`

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

/** Instants come as dates from the driver, and the contract has text. */
export function asRow<Row extends OrderRow>(row: Row): Row {
  const at = (value: unknown) => (value instanceof Date ? value.toISOString() : (value as string | null))
  return {
    ...row,
    nextTryAt: at(row.nextTryAt),
    madeAt: at(row.madeAt),
    doneAt: at(row.doneAt),
    verifiedAt: at(row.verifiedAt),
  }
}
