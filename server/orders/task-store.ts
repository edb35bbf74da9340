import type { Tx } from '../platform/unit-of-work.ts'
import type { People } from './order-plan-store.ts'

/** SQL over `provisioning_order o`: does a person do it? No connector in use, or one that cannot do this action. */
const BY_HAND = `(o.by_hand or not exists (select from system_connector c where c.system_id = o.system_id and c.enabled
    and o.action = any(c.actions)))`
export const OPEN = `('planned', 'task', 'sending', 'retry', 'parked')`
const DIRECTION = `case when o.action in ('create', 'enable', 'grant', 'hand-out', 'set', 'rename', 'move') then 'give' else 'take' end`

/**
 * Puts open orders that a person does into tasks, one for a system, person, date and direction; takes those out that a
 * connector does; ends tasks that nothing is left of. The same for one person and for everybody.
 */
export async function arrangeTasks(tx: Tx, people: People, now: Date): Promise<void> {
  const among = people === 'all' ? 'true' : 'o.person_id = any($2::uuid[])'
  const params = people === 'all' ? [now] : [now, people]
  await tx.query(
    `insert into task (system_id, person_id, due_on, direction, made_at)
     select distinct o.system_id, o.person_id, o.due_on, ${DIRECTION}, $1::timestamptz
     from provisioning_order o where o.state in ('planned', 'task') and ${BY_HAND} and ${among}
     on conflict (system_id, person_id, due_on, direction) where state = 'open' do nothing`,
    params,
  )
  await tx.query(
    `update provisioning_order o set task_id = t.id, state = 'task', version = o.version + 1
     from task t
     where o.state in ('planned', 'task') and ${BY_HAND} and ${among} and t.state = 'open' and t.system_id = o.system_id
       and t.person_id = o.person_id and t.due_on = o.due_on and t.direction = ${DIRECTION}
       and (o.task_id is distinct from t.id or o.state <> 'task') and $1::timestamptz is not null`,
    params,
  )
  await tx.query(
    `update provisioning_order o set task_id = null, state = 'planned', version = version + 1
     where o.state = 'task' and not ${BY_HAND} and ${among} and $1::timestamptz is not null`,
    params,
  )
  await tx.query(
    `update task k set state = 'cancelled', done_at = $1, version = version + 1
     where k.state = 'open' and ${people === 'all' ? 'true' : 'k.person_id = any($2::uuid[])'}
       and not exists (select from provisioning_order o where o.task_id = k.id and o.state = 'task')`,
    params,
  )
}
