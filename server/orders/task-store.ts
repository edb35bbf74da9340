import { MOST_EVIDENCE_FILES } from '#contract/tasks.ts'
import { problem } from '../platform/problem.ts'
import { statement } from '../platform/statement.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { answersForSql } from './answers-for.ts'
import type { EvidenceFile } from './evidence-file.ts'
import type { People } from './order-plan-store.ts'
import { mayTask, OPEN } from './order-visible.ts'

/**
 * SQL over `provisioning_order o`: does a person do it? No connector in use, or one that cannot do this action. What waits
 * for a second person is nobody's yet, nor is the account to be deleted of somebody who still answers for something.
 */
const BY_HAND = `(o.hold_id is null and not (o.action = 'delete' and ${answersForSql('o.person_id')}) and (o.by_hand or not exists (select from system_connector c
    where c.system_id = o.system_id and c.enabled and o.action = any(c.actions))))`
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

/** Whose accounts a person deletes now that somebody else answers for what they did, or no longer, since they do again. */
export async function handedOver(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `select distinct o.person_id as id from provisioning_order o
     where o.action = 'delete' and o.state in ('planned', 'task') and ${BY_HAND} <> (o.state = 'task')`,
  )
  return rows.map(row => row.id)
}

export type StoredTask = {
  id: string
  systemId: string
  personId: string
  state: string
  version: number
  doneBy: string | null
  /** A reading of the system will say whether it was done. */
  readable: boolean
  sample: number
  /** Tasks of the system that were done before. */
  doneBefore: number
  /** Orders of things that change hands: their numbers and a signature are asked for. */
  hands: string[]
}

/** Tasks that the actor may settle, locked; others are not answered. */
export async function lockTasks(tx: Tx, actor: Actor, ids: readonly string[]): Promise<StoredTask[]> {
  const q = statement()
  return tx.query(
    `select k.id, k.system_id as "systemId", k.person_id as "personId", k.state, k.version, k.done_by as "doneBy",
       s.task_sample as sample,
       (select count(*) from task d where d.system_id = k.system_id and d.done_at is not null and d.state <> 'cancelled') as "doneBefore",
       exists (select from provisioning_order o left join account_type t on t.id = o.account_type_id
         where o.task_id = k.id and (t.source is not null
           or exists (select from group_entitlement ge where ge.entitlement_id = o.entitlement_id)
           or exists (select from list_right l where l.entitlement_id = o.entitlement_id))) as readable,
       array(select o.id from provisioning_order o where o.task_id = k.id and o.state = 'task'
         and o.action in ('hand-out', 'take-back') order by o.id) as hands
     from task k join it_system s on s.id = k.system_id left join person_current pc on pc.person_id = k.person_id
     where k.id = any(${q.bind(ids, 'uuid[]')}) and ${mayTask(actor, q, 'decide')} order by k.id for update of k`,
    q.params,
  )
}

export async function markDone(
  tx: Tx,
  task: StoredTask,
  { by, now, second }: { by: string; now: Date; second: boolean },
): Promise<void> {
  await tx.query(`update task set state = $2, done_at = $3, done_by = $4, version = version + 1 where id = $1`, [
    task.id,
    second ? 'second' : 'done',
    now,
    by,
  ])
  await tx.query(
    `update provisioning_order set state = 'done', done_at = $2, done_by = $3, said = null, version = version + 1
     where task_id = $1 and state = 'task'`,
    [task.id, now, by],
  )
}

export async function markSeen(tx: Tx, task: StoredTask, { by, now }: { by: string; now: Date }): Promise<void> {
  await tx.query(
    `update task set state = 'verified', verified_at = $2, verified_by = $3, version = version + 1 where id = $1`,
    [task.id, now, by],
  )
  await tx.query(
    `update provisioning_order set verified_at = $2, version = version + 1 where task_id = $1 and state = 'done'`,
    [task.id, now],
  )
}

/** To be done again. Throws `conflict` where the same has been asked for anew meanwhile. */
export async function markOpen(
  tx: Tx,
  task: StoredTask,
  { now, why }: { now: Date; why: string | null },
): Promise<void> {
  const [other] = await tx.query<{ some: boolean }>(
    `select exists (select from task k join task n on n.id <> k.id and n.state = 'open'
       and (n.system_id, n.person_id, n.due_on, n.direction) = (k.system_id, k.person_id, k.due_on, k.direction) where k.id = $1)
     or exists (select from provisioning_order o join provisioning_order n on n.id <> o.id and n.system_id = o.system_id
       and n.person_id = o.person_id and n.action = o.action and n.entitlement_id is not distinct from o.entitlement_id
       and n.account_type_id is not distinct from o.account_type_id and n.left_id is not distinct from o.left_id
       and n.state in ${OPEN}
       where o.task_id = $1 and o.state = 'done') as some`,
    [task.id],
  )
  if (other?.some) throw problem('conflict', { detail: 'The same has been asked for again since.' })
  await tx.query(
    `update provisioning_order set state = 'task', done_at = null, done_by = null, verified_at = null, version = version + 1
     where task_id = $1 and state = 'done'`,
    [task.id],
  )
  await tx.query(
    `update task set state = 'open', done_at = null, done_by = null, reopened_at = $2, reopened_why = $3, version = version + 1
     where id = $1`,
    [task.id, now, why],
  )
}

/** Answers the id. `conflict` where there are as many files as one task keeps. */
export async function addFile(
  tx: Tx,
  taskId: string,
  file: EvidenceFile,
  who: { by: string; now: Date },
): Promise<string> {
  const [count] = await tx.query<{ n: number }>(
    `select count(*)::int as n from task_evidence where task_id = $1 and kind = 'file'`,
    [taskId],
  )
  if ((count?.n ?? 0) >= MOST_EVIDENCE_FILES)
    throw problem('conflict', { detail: `A task keeps at most ${MOST_EVIDENCE_FILES} files.` })
  const [row] = await tx.query<{ id: string }>(
    `insert into task_evidence (task_id, kind, file_name, file, media, at, by) values ($1, 'file', $2, $3, $4, $5, $6) returning id`,
    [taskId, file.name, file.content, file.media, who.now, who.by],
  )
  return row?.id ?? ''
}

export async function addEvidence(
  tx: Tx,
  taskId: string,
  evidence: { kind: string; note: string | null; detail: object; by: string; now: Date },
): Promise<void> {
  await tx.query(`insert into task_evidence (task_id, kind, note, detail, at, by) values ($1, $2, $3, $4, $5, $6)`, [
    taskId,
    evidence.kind,
    evidence.note,
    JSON.stringify(evidence.detail),
    evidence.now,
    evidence.by,
  ])
}
