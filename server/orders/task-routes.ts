import { confirmTask, getEvidence, listTasks, reopenTask, settleTasks, uploadEvidence } from '#contract/tasks.ts'
import { audit } from '../audit/audit-store.ts'
import type { Clock } from '../platform/clock.ts'
import type { Routes } from '../platform/http/handle.ts'
import { problem } from '../platform/problem.ts'
import type { Db, Tx } from '../platform/unit-of-work.ts'
import type { Actor } from '../policy/actor.ts'
import { auditActor } from '../policy/policy.ts'
import { evidenceFile, readBounded } from './evidence-file.ts'
import { attach, confirm, reopen, settle } from './task-service.ts'
import { evidenceView, tasksView } from './task-views.ts'

/** What people do by hand of what systems are to carry out. */
export function taskRoutes(routes: Routes<Actor>, { clock, db }: { clock: Clock; db: Db }): void {
  const when = () => ({ today: clock.today(), now: clock.now() })
  type Call = { tx: Tx; actor: Actor; requestId: string }
  const note = (call: Call, action: string, task: { id: string; personId: string }, detail: unknown) =>
    audit(call.tx).write({
      ...{ actor: auditActor(call.actor), action, subjectKind: 'task', subjectId: task.id, personId: task.personId },
      ...{ detail, requestId: call.requestId },
    })
  /** A list of people leaves one entry with its query. */
  const looked = async (call: { actor: Actor; requestId: string }, query: object, count: number) => {
    if (count === 0) return
    const { offset: _, limit: __, ...filters } = query as { offset?: number; limit?: number }
    const flat = Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, value ?? null])) as Record<
      string,
      null
    >
    await db.transaction(tx =>
      audit(tx).lookupList({
        ...{ actor: auditActor(call.actor), action: 'tasks.searched', query: flat, count, requestId: call.requestId },
      }),
    )
  }

  routes.addOwn(listTasks, async call => {
    const answer = await db.snapshot(tx => tasksView(tx, call.actor, call.query, clock.today()))
    await looked(call, call.query, answer.total)
    return answer
  })
  routes.add(settleTasks, async call => {
    const { tasks, second } = await settle(call.tx, call.actor, call.body, when())
    for (const task of tasks)
      await note(call, 'task.done', task, { systemId: task.systemId, note: call.body.note ?? null })
    return { done: tasks.length, second }
  })
  routes.add(confirmTask, async call => {
    const task = await confirm(call.tx, call.actor, call.params.taskId, call.body, when())
    await note(call, 'task.confirmed', task, { systemId: task.systemId, as: call.body.as })
    return {}
  })
  routes.add(reopenTask, async call => {
    const task = await reopen(call.tx, call.actor, call.params.taskId, call.body.version, when())
    await note(call, 'task.reopened', task, { systemId: task.systemId })
    return {}
  })
  // The body is the file itself: read whole before a transaction begins, so that a slow line keeps nobody waiting.
  routes.addOwn(uploadEvidence, async call => {
    const file = evidenceFile(call.query.name, await readBounded(call.request))
    return db.transaction(async tx => {
      const { task, id } = await attach(tx, call.actor, call.params.taskId, file, when())
      const detail = { systemId: task.systemId, evidenceId: id, media: file.media, bytes: file.content.length }
      await note({ ...call, tx }, 'task.evidence-added', task, detail)
      return { id, name: file.name }
    })
  })
  routes.addOwn(getEvidence, async call => {
    const found = await db.snapshot(tx => evidenceView(tx, call.actor, call.params))
    if (!found) throw problem('not-found')
    const { personId, ...file } = found
    await db.transaction(tx =>
      note({ ...call, tx }, 'task.evidence-read', { id: call.params.taskId, personId }, { id: call.params.evidenceId }),
    )
    return file
  })
}
