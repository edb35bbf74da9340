import { z } from 'zod'
import { keptAttribute } from './account-types.ts'
import { endpoint } from './endpoint.ts'
import { taskState } from './lists.ts'
import { leftThing, orderAction } from './orders.ts'
import * as s from './shapes.ts'

/** How it stands by its date: `deputy` and `it` are asked too once it is late, or at once where it is urgent. */
export const taskAgeing = z.enum(['later', 'soon', 'due', 'late', 'deputy', 'it'])
/** A file that shows that something was done. */
export const MOST_EVIDENCE_BYTES = 5 * 1024 * 1024
export const MOST_EVIDENCE_FILES = 10

export const taskRow = z.object({
  id: s.id,
  system: s.systemRef,
  person: s.personRef,
  unit: s.unitRef.nullable(),
  dueOn: s.civilDate,
  direction: z.enum(['give', 'take']),
  state: taskState,
  late: z.boolean(),
  ageing: taskAgeing.nullable(),
  urgent: z.boolean(),
  /** Why it is open again: the system was read, and it was not as said. */
  reopened: z.boolean(),
  /** Whose it is; null: nobody's in particular, so IT sees to it. */
  doer: s.personRef.nullable(),
  doerAs: z.enum(['owner', 'responsible', 'deputy', 'manager', 'it']),
  /** The system names an owner who works here no more. */
  ownerLeft: z.boolean(),
  orders: z.array(
    z.object({
      id: s.id,
      action: orderAction,
      what: z.string(),
      /** The owner's own words for it; null: the screen has plain ones. */
      words: z.string().nullable(),
      username: z.string().nullable(),
      cause: z.string(),
      /** What the account is to say, where that is what is to be done. */
      kept: z.partialRecord(keptAttribute, z.string().nullable()).nullable(),
      /** What of a leaver's goes to whom; a mailbox with its automatic answer, its readers, and the day on which it is closed. */
      left: z
        .object({
          what: leftThing,
          to: s.personRef.nullable(),
          readers: z.array(z.string()),
          reply: z.string().nullable(),
          until: s.civilDate.nullable(),
        })
        .nullable(),
    }),
  ),
  evidence: z.array(
    z.object({
      id: s.id,
      /** What the file is called; it is fetched by the id. */
      fileName: z.string().nullable(),
      kind: z.enum(['tick', 'note', 'file', 'handover']),
      note: z.string().nullable(),
      at: s.instant,
      by: z.string(),
    }),
  ),
  version: z.number().int(),
  allowed: z.object({ settle: z.boolean(), second: z.boolean() }),
})
export type TaskRow = z.output<typeof taskRow>

export const listTasks = endpoint({
  id: 'listTasks',
  path: '/tasks',
  permission: 'task.read',
  summary: 'What systems without a connector wait for, the oldest first',
  query: z.object({
    state: taskState.default('open'),
    system: s.id.optional(),
    person: s.id.optional(),
    /** Gone on to others than the owner of the system, because it is late. */
    escalated: z.stringbool().optional(),
    /** Only systems that the reader owns, is responsible for or stands in for, and things of the own unit's people. */
    own: z.stringbool().optional(),
    /** Also those that are not to be done yet. */
    coming: z.stringbool().default(false),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(taskRow),
    total: z.number().int(),
    counts: z.object({
      open: z.number().int(),
      late: z.number().int(),
      coming: z.number().int(),
      escalated: z.number().int(),
      second: z.number().int(),
    }),
    systems: z.array(s.systemRef),
  }),
})

/** Of each thing that changes hands its serial number (`serial` where it is one), and one signature for all of them. */
const handover = z.strictObject({
  things: z
    .array(z.strictObject({ order: s.id, serial: z.string().trim().min(1).max(100) }))
    .max(50)
    .optional(),
  serial: z.string().trim().min(1).max(100).optional(),
  signature: z.string().trim().min(1).max(200),
  /** The day of the signature; today where nothing is said, never a day to come. */
  on: s.civilDate.optional(),
})
export const settleTasks = endpoint({
  id: 'settleTasks',
  method: 'POST',
  path: '/tasks/settle',
  permission: 'task.settle',
  summary: 'Say that tasks are done; each with its version, all or none',
  body: z.object({
    tasks: z
      .array(z.object({ id: s.id, version: z.number().int() }))
      .min(1)
      .max(200),
    note: z.string().trim().max(2000).optional(),
    /** Of things that change hands: one person at a time. */
    handover: handover.optional(),
  }),
  response: z.object({ done: z.number().int(), second: z.number().int() }),
  problems: ['not-found', 'conflict', 'data-invalid'],
})
export const confirmTask = endpoint({
  id: 'confirmTask',
  method: 'POST',
  path: '/tasks/:taskId/confirm',
  permission: 'task.settle',
  summary: 'Say as a second person whether it is as the first one said',
  params: z.object({ taskId: s.id }),
  body: z.object({
    version: z.number().int(),
    as: z.enum(['done', 'not-done']),
    note: z.string().trim().max(2000).optional(),
  }),
  response: z.object({}),
  problems: ['not-found', 'conflict', 'second-person-needed'],
})
export const reopenTask = endpoint({
  id: 'reopenTask',
  method: 'POST',
  path: '/tasks/:taskId/reopen',
  permission: 'task.settle',
  summary: 'Take back that a task is done',
  params: z.object({ taskId: s.id }),
  body: z.object({ version: z.number().int() }),
  response: z.object({}),
  problems: ['not-found', 'conflict'],
})

export const uploadEvidence = endpoint({
  id: 'uploadEvidence',
  method: 'POST',
  path: '/tasks/:taskId/evidence',
  permission: 'task.settle',
  summary:
    'Send in a file that shows it, as the body itself (`application/octet-stream`, at most 5 MB): PDF, PNG, JPEG, XLSX or plain text',
  params: z.object({ taskId: s.id }),
  query: z.object({ name: z.string().trim().min(1).max(200) }),
  response: z.object({ id: s.id, name: z.string() }),
  problems: ['not-found', 'conflict', 'data-invalid', 'payload-too-large'],
})
export const getEvidence = endpoint({
  id: 'getEvidence',
  path: '/tasks/:taskId/evidence/:evidenceId',
  permission: 'task.read',
  summary: 'A file of a task, to be saved; it is never shown in the page',
  params: z.object({ taskId: s.id, evidenceId: s.id }),
  large: true,
  response: z.object({ name: z.string(), media: z.string(), base64: z.string() }),
  problems: ['not-found'],
})
