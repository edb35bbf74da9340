import type { BodyOf, ResponseOf } from '#contract/endpoint.ts'
import type { listRemovals } from '#contract/findings.ts'
import { statement } from '../../platform/statement.ts'
import type { Tx } from '../../platform/unit-of-work.ts'
import type { Actor } from '../../policy/actor.ts'
import type { RemovalOrders } from '../orders-ahead.ts'
import { DANISH } from '../visible.ts'
import { type Filter, foundSql, OVERDUE } from './findings-sql.ts'
import { HELD_BY, LIMITS_TO_GO } from './held-by.ts'

/**
 * What is marked for removal, with the place to take it away: the account and the group, or the limit where the right itself
 * is to stay; and what has been ordered of it. Two statements.
 */
export async function removalsView(
  tx: Tx,
  actor: Actor,
  query: BodyOf<typeof listRemovals>,
  ordersOf: RemovalOrders,
): Promise<ResponseOf<typeof listRemovals>> {
  const q = statement()
  const filter: Filter = { state: 'removal', ...(query.system ? { system: query.system } : {}) }
  const rows = await tx.query<
    Omit<ResponseOf<typeof listRemovals>['rows'][number], 'markedAt' | 'order'> & { id: string; markedAt: Date | null }
  >(
    `with ${foundSql(actor, filter, q)}
     select f.id, y.name as system, e.name as entitlement, a.source, a.username, a.path, a.limits, f.reason, f.decided_at as "markedAt",
       ${OVERDUE} as overdue
     from found f left join it_system y on y.id = f.system_id left join entitlement e on e.id = f.object_id
     cross join lateral (
       select acc.source, acc.username, ${LIMITS_TO_GO} as limits,
         -- Out of the group is out of the right: not where only a limit is to go.
         case when f.code = 'outside-limit' then '{}' else array(select g.name from unnest(o.via) with ordinality as v (group_id, place)
           join directory_group g on g.id = v.group_id order by v.place) end as path
       from ${HELD_BY} where f.object_id is not null
       union all
       select acc.source, acc.username, '{}', '{}' from account acc where f.object_id is null and acc.id = f.subject_id
     ) a
     order by y.name ${DANISH} nulls last, e.name ${DANISH}, a.source, a.username limit 20000`,
    q.params,
  )
  const orders = await ordersOf(tx, [...new Set(rows.map(row => row.id))])
  return {
    rows: rows.map(({ id, ...row }) => ({
      ...row,
      markedAt: row.markedAt?.toISOString() ?? null,
      order: orders.get(id) ?? null,
    })),
  }
}
