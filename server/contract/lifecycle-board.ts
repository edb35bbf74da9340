import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { boardBucket, boardLack, caseKind } from './lifecycle-lists.ts'
import * as s from './shapes.ts'

/** Who comes, moves, is away and goes, with what is missing; and all of it for one person. */

export const boardRow = z.object({
  /** Of the affiliation or, where there is none yet, of the report; with the kind it names the line. */
  id: s.id,
  kind: caseKind,
  bucket: boardBucket,
  /** Null: a draft that says no day yet. */
  on: s.civilDate.nullable(),
  person: z.object({ id: s.id.nullable(), name: z.string().nullable(), protected: z.boolean() }),
  title: z.string().nullable(),
  unit: s.unitRef.nullable(),
  caseId: s.id.nullable(),
  /** The report is not sent yet. */
  draft: z.boolean(),
  confidential: z.boolean(),
  affiliationId: s.id.nullable(),
  /** Where the unit says an hour and it is near: a start counts from then on the day before, an end until then on its day. */
  hour: z.number().int().nullable(),
  /** It ends, nobody has reported that, and it could be extended: within so many days. */
  expires: z.union([z.literal(30), z.literal(14), z.literal(5)]).nullable(),
  lacks: z.object({
    facts: z.number().int(),
    approvals: z.number().int(),
    orders: z.number().int(),
    tasks: z.number().int(),
    payroll: z.number().int(),
    held: z.number().int(),
  }),
})
export type BoardRow = z.output<typeof boardRow>

export const getBoard = endpoint({
  id: 'getBoard',
  path: '/lifecycle/board',
  permission: 'case.read',
  summary:
    'Who comes and goes, by day, with what is missing. A confidential report is there for those who know of it only',
  query: z.object({
    bucket: boardBucket.optional(),
    kind: caseKind.optional(),
    unit: s.id.optional(),
    lack: boardLack.optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(boardRow),
    total: z.number().int(),
    today: s.civilDate,
    buckets: z.record(boardBucket, z.number().int()),
    /** Units in which somebody comes or goes, with how many. */
    units: z.array(z.object({ id: s.id, name: z.string(), count: z.number().int() })),
    chosenUnit: s.unitRef.nullable(),
  }),
})

/** One thing about one person on one day, past or coming. */
export const lifecycleEvent = z.object({
  on: s.civilDate,
  what: z.enum(['fact', 'begins', 'ends', 'absence', 'report', 'order', 'task', 'grant', 'lock']),
  /** What exactly: attributes of a fact, an action of an order, a kind of grant or report. */
  code: z.string(),
  subject: z.string().nullable(),
  state: z.string().nullable(),
  until: s.civilDate.nullable(),
  source: z.string().nullable(),
  author: z.string().nullable(),
  /** For HR and the own manager only. */
  reason: z.string().nullable(),
  caseId: s.id.nullable(),
})
export type LifecycleEvent = z.output<typeof lifecycleEvent>
export const getPersonLifecycle = endpoint({
  id: 'getPersonLifecycle',
  path: '/people/:personId/lifecycle',
  permission: 'history.read',
  summary:
    'Facts, reports, orders, tasks, rights given by hand, absences and locks of a person by day, past and coming',
  params: z.object({ personId: s.id }),
  response: z.object({ today: s.civilDate, events: z.array(lifecycleEvent), more: z.boolean() }),
  problems: ['not-found'],
})
