import type { z } from 'zod'
import type { confirmTask, settleTasks } from '#contract/tasks.ts'
import { problem } from '../platform/problem.ts'
import type { Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import type { EvidenceFile } from './evidence-file.ts'
import { planOrdersOf } from './order-service.ts'
import { addEvidence, addFile, lockTasks, markDone, markOpen, markSeen, type StoredTask } from './task-store.ts'

type When = { today: string; now: Date }

/**
 * Said to be done, all of them or none. Where the system is read, the next reading says whether it is so; where nothing
 * can, every nth is looked at by a second person. What is left for those people is planned anew.
 */
export async function settle(tx: Tx, actor: Actor, body: z.output<(typeof settleTasks)['body']>, when: When) {
  const tasks = await loaded(tx, actor, body.tasks, ['open'])
  const hands = tasks.flatMap(task => task.hands)
  const serials = new Map((body.handover?.things ?? []).map(one => [one.order, one.serial]))
  const [single] = hands
  if (body.handover?.serial && single && hands.length === 1) serials.set(single, body.handover.serial)
  if (hands.length > 0 && (tasks.length > 1 || !hands.every(order => serials.has(order))))
    throw problem('data-invalid', {
      detail: 'Say the serial number of each thing and who signs, for one person at a time.',
    })
  // A signature under nothing would be taken for one.
  if (serials.size > hands.length)
    throw problem('data-invalid', {
      errors: [{ where: 'body/handover/things', what: 'Nothing else changes hands here' }],
    })
  const on = body.handover?.on ?? when.today
  if (on > when.today)
    throw problem('data-invalid', {
      errors: [{ where: 'body/handover/on', what: 'Nobody has signed on a day that is to come' }],
    })
  for (const task of tasks) {
    await markDone(tx, task, { by: actor.userId, now: when.now, second: asksSecond(task) })
    const kind = body.handover ? 'handover' : body.note ? 'note' : 'tick'
    await addEvidence(tx, task.id, {
      kind,
      note: body.note ?? null,
      detail: body.handover ? { signature: body.handover.signature, serials: Object.fromEntries(serials), on } : {},
      by: actor.userId,
      now: when.now,
    })
  }
  await planOrdersOf(tx, [...new Set(tasks.map(task => task.personId))], when)
  return { tasks, second: tasks.filter(asksSecond).length }
}

export async function confirm(
  tx: Tx,
  actor: Actor,
  id: string,
  body: z.output<(typeof confirmTask)['body']>,
  when: When,
) {
  const [task] = await loaded(tx, actor, [{ id, version: body.version }], ['second'])
  if (!task || task.doneBy === actor.userId)
    throw problem('second-person-needed', { detail: 'Somebody else than who did it has to look.' })
  await addEvidence(tx, id, {
    kind: 'note',
    note: body.note ?? null,
    detail: { as: body.as },
    by: actor.userId,
    now: when.now,
  })
  if (body.as === 'done') await markSeen(tx, task, { by: actor.userId, now: when.now })
  else await markOpen(tx, task, { now: when.now, why: 'second-person' })
  await planOrdersOf(tx, [task.personId], when)
  return task
}

export async function reopen(tx: Tx, actor: Actor, id: string, version: number, when: When): Promise<StoredTask> {
  const [task] = await loaded(tx, actor, [{ id, version }], ['done', 'second'])
  if (!task) throw problem('not-found')
  await markOpen(tx, task, { now: when.now, why: null })
  await planOrdersOf(tx, [task.personId], when)
  return task
}

/** A file about a task; also afterwards, as long as it was not called off. */
export async function attach(tx: Tx, actor: Actor, id: string, file: EvidenceFile, { now }: When) {
  const [task] = await lockTasks(tx, actor, [id])
  if (!task) throw problem('not-found')
  if (task.state === 'cancelled') throw problem('conflict')
  return { task, id: await addFile(tx, id, file, { by: actor.userId, now }) }
}

async function loaded(
  tx: Tx,
  actor: Actor,
  wanted: readonly { id: string; version: number }[],
  states: readonly string[],
) {
  const tasks = await lockTasks(
    tx,
    actor,
    wanted.map(one => one.id),
  )
  if (tasks.length !== new Set(wanted.map(one => one.id)).size) throw problem('not-found')
  const versions = new Map(wanted.map(one => [one.id, one.version]))
  if (tasks.some(task => task.version !== versions.get(task.id) || !states.includes(task.state)))
    throw problem('conflict')
  return tasks
}

/** The first that nobody can read is looked at, and then every nth. */
const asksSecond = (task: StoredTask): boolean =>
  !task.readable && task.sample > 0 && task.doneBefore % task.sample === 0
