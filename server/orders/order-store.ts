import { newId } from '../platform/ids.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import { waitForHours } from './cutover-store.ts'
import { holdRemovals } from './hold-store.ts'
import type { People } from './order-plan-store.ts'
import type { Difference, Wished } from './plan-orders.ts'
import { arrangeTasks } from './task-store.ts'
import { giveUserNames } from './user-name-store.ts'

/**
 * Writes what the planning found, in few statements however many orders there are, and arranges tasks anew. `held`: why
 * it was planned, where much that is taken at once waits for a second person; null where one has agreed already.
 */
export async function applyDifference(
  tx: Tx,
  { make, change, cancel }: Difference,
  people: People,
  { now, today, held }: { now: Date; today: string; held: string | null },
): Promise<void> {
  if (cancel.length > 0)
    await tx.query(
      `update provisioning_order set state = 'cancelled', done_at = $2, lease_until = null, version = version + 1
       where id = any($1::uuid[])`,
      [cancel, now],
    )
  if (change.length > 0)
    await tx.query(
      `update provisioning_order o set due_on = c."dueOn", cause = c.cause, urgent = c.urgent,
         hold_id = case when c.urgent then null else o.hold_id end, version = o.version + 1
       from jsonb_to_recordset($1::jsonb) as c (id uuid, "dueOn" date, cause text, urgent boolean) where o.id = c.id`,
      [JSON.stringify(change)],
    )
  const holds = held === null ? null : await holdRemovals(tx, make, { today, now, cause: held })
  const made = make.map(wish => ({ ...wish, id: newId(), holdId: holds?.get(wish) ?? null }))
  if (made.length > 0) await insertOrders(tx, made, now, held === null)
  if (made.length > 0) await giveUserNames(tx, made, now)
  await waitForHours(
    tx,
    [...made, ...change].map(one => one.id),
  )
  if (made.length + change.length + cancel.length > 0) await arrangeTasks(tx, people, now)
}

async function insertOrders(
  tx: Tx,
  made: readonly (Wished & { id: string; holdId: string | null })[],
  now: Date,
  agreed: boolean,
): Promise<void> {
  await tx.query(
    `insert into provisioning_order (id, system_id, person_id, affiliation_id, account_type_id, entitlement_id, action,
       due_on, urgent, state, cause, hold_id, content, made_at)
     select id, "systemId", "personId", "affiliationId", "accountTypeId", "entitlementId", action, "dueOn", urgent,
       'planned', cause, "holdId", case when kept is null then '{}' else jsonb_build_object('kept', kept) end
         || case when decision is null then '{}' else jsonb_build_object('decision', decision) end
         || case when $3 then '{"agreed": true}' else '{}' end::jsonb, $2
     from jsonb_to_recordset($1::jsonb) as m (id uuid, "systemId" uuid, "personId" uuid, "affiliationId" uuid,
       "accountTypeId" uuid, "entitlementId" uuid, action text, "dueOn" date, urgent boolean, cause text, "holdId" uuid, kept jsonb, decision jsonb)`,
    [JSON.stringify(made), now, agreed],
  )
}
