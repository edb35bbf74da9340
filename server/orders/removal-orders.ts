import type { RemovalOrders } from '../access/orders-ahead.ts'
import { OPEN } from './order-visible.ts'

/**
 * What has become of findings that are marked for removal: the last order that takes the right, or closes the account, and
 * was open then or is from since. One statement.
 */
export const removalOrders: RemovalOrders = async (tx, findings) => {
  const rows = await tx.query<{ finding: string; id: string; stage: 'held' | 'ordered' | 'stuck' | 'done' }>(
    `select distinct on (f.id) f.id as finding, o.id, case when o.state not in ${OPEN} then 'done'
       when o.hold_id is not null then 'held' when o.state = 'parked' then 'stuck' else 'ordered' end as stage
     from finding f join person p on p.id = f.person_id or p.merged_into = f.person_id
     join provisioning_order o on o.person_id = p.id and o.state <> 'cancelled'
       and case when f.object_id is not null then o.entitlement_id = f.object_id and o.action in ('revoke', 'take-back')
         else o.action = 'disable' and exists (select from account a join account_type t on t.source = a.source
           where a.id = f.subject_id and t.id = o.account_type_id) end
     where f.id = any($1::uuid[]) and f.state = 'removal' and f.code <> 'outside-limit'
       and (o.state in ${OPEN} or o.made_at >= f.decided_at)
     order by f.id, o.made_at desc, o.id desc`,
    [findings],
  )
  return new Map(rows.map(({ finding, ...order }) => [finding, order]))
}
