import type { Statement } from '../platform/statement.ts'
import type { Actor } from '../policy/actor.ts'
import type { ColumnMap } from '../policy/condition-to-sql.ts'
import { sqlFor } from '../policy/policy.ts'
import type { PolicyAction } from '../policy/subjects.ts'
import { escalatedSql } from './task-ageing.ts'

/** What an actor may see of orders and tasks, as SQL; and words that statements over them share. */

/** States of an order in which something is still to be done. */
export const OPEN = `('planned', 'task', 'sending', 'retry', 'parked')`

/** Where the names of the policy stand, over `provisioning_order o` and the person `pc`: by the job it is for, or the person's own. */
const ORDER_COLUMNS = {
  personId: { sql: 'o.person_id', type: 'uuid' },
  personKind: { sql: 'pc.kind', type: 'text' },
  systemId: { sql: 'o.system_id', type: 'uuid' },
  unitPath: {
    overlaps: list => `case when o.affiliation_id is not null then exists (
        select from affiliation_current ac where ac.affiliation_id = o.affiliation_id and ac.unit_path && ${list})
      else pc.unit_ids && ${list} or pc.unit_path && ${list} end`,
    type: 'uuid[]',
  },
} satisfies ColumnMap
export const mayOrder = (actor: Actor, q: Statement, action: PolicyAction) =>
  q.use(startAt => sqlFor(actor, action, 'Order', ORDER_COLUMNS, { startAt }))

/** Over `task k` and its person `pc`: by the jobs that its orders are for, or the person's own units. */
const TASK_COLUMNS = {
  personId: { sql: 'k.person_id', type: 'uuid' },
  personKind: { sql: 'pc.kind', type: 'text' },
  systemId: { sql: 'k.system_id', type: 'uuid' },
  // Something changes hands.
  kit: {
    sql: `exists (select from provisioning_order kk where kk.task_id = k.id and kk.action in ('hand-out', 'take-back'))`,
    type: 'bool',
  },
  unitPath: {
    overlaps: list => `(pc.unit_ids && ${list} or pc.unit_path && ${list} or exists (
      select from provisioning_order ko join affiliation_current ac on ac.affiliation_id = ko.affiliation_id
      where ko.task_id = k.id and ac.unit_path && ${list}))`,
    type: 'uuid[]',
  },
} satisfies ColumnMap
export const mayTask = (actor: Actor, q: Statement, action: PolicyAction) =>
  q.use(startAt => sqlFor(actor, action, 'Task', TASK_COLUMNS, { startAt }))

/** How long before its day a task is shown as one to do. */
export const NOTICE_DAYS = 7

/** How many stand in the lists that a home leads to. */
export const countTasksSql = (actor: Actor, q: Statement, today: string): string =>
  `(select count(*) from task k left join person_current pc on pc.person_id = k.person_id
    where k.state = 'open' and k.due_on <= ${q.bind(today, 'date')} + ${NOTICE_DAYS} and ${mayTask(actor, q, 'read')})`
/** Those that have gone on to others, because they are late. */
export const countEscalatedSql = (actor: Actor, q: Statement, today: string): string =>
  `(select count(*) from task k left join person_current pc on pc.person_id = k.person_id
    where ${escalatedSql(q.bind(today, 'date'))} and ${mayTask(actor, q, 'decide')})`
/** Those that the reader may settle, as opposed to see. */
export const countOwnTasksSql = (actor: Actor, q: Statement, today: string): string =>
  `(select count(*) from task k left join person_current pc on pc.person_id = k.person_id
    where k.state = 'open' and k.due_on <= ${q.bind(today, 'date')} + ${NOTICE_DAYS} and ${mayTask(actor, q, 'decide')})`
/** Removals that wait for a second person, by planning and system. */
export const countHeldSql = (actor: Actor, q: Statement): string =>
  `(select count(distinct o.hold_id) from provisioning_order o left join person_current pc on pc.person_id = o.person_id
    where o.hold_id is not null and o.state in ${OPEN} and ${mayOrder(actor, q, 'read')})`
export const countParkedSql = (actor: Actor, q: Statement): string =>
  `(select count(*) from provisioning_order o left join person_current pc on pc.person_id = o.person_id
    where o.state = 'parked' and ${mayOrder(actor, q, 'read')})`

/** Instants come as dates from the driver, and the contract has text. */
export const instant = (value: unknown): string | null =>
  value instanceof Date ? value.toISOString() : (value as string | null)
