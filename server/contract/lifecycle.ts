import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { caseForm } from './lifecycle-forms.ts'
import { approvalState, caseDoor, caseKind, caseStage, caseState } from './lifecycle-lists.ts'
import * as s from './shapes.ts'

/** Reports about people: drafts, what they would do, sending, what waits for a yes, and where each of them is. */

const params = z.object({ caseId: s.id })
const reason = z.string().trim().min(5).max(500)
const version = z.number().int().min(1)
/** As it is typed; it is sealed at once, and comes back masked only. */
const cpr = z.string().trim().max(20).nullable()

/** What is missing or wrong before a report can be sent: where in the form, and what, for which there is a text. */
export const MISSING = [
  'needed',
  'name-needed',
  'number-or-birth-date',
  'number-invalid',
  'unit-unknown',
  'end-needed',
  'end-before-start',
  'end-too-late',
  'sponsor-needed',
  'sponsor-unknown',
  'start-too-early',
  'limit-unresolved',
  'right-gone',
  'right-given',
  'starts-today',
  'about-yourself',
  'affiliation-needed',
  'affiliation-ended',
  'nothing-changes',
  'not-started-only',
  'no-end-known',
  'no-absence-known',
  'mailbox-too-long',
  'hr-only',
] as const
export const missing = z.object({ where: z.string(), what: z.enum(MISSING) })
export type Missing = z.output<typeof missing>

const right = z.object({ id: s.id, key: z.string(), name: z.string(), system: s.systemRef })
const limit = z.object({ on: z.string(), kind: z.string(), values: z.array(z.string()) })

/**
 * Beside those of a hire: the change itself, rights that stay, go, come and rest, what else has to be somebody's, and who is
 * told.
 */
const CHANGES = [
  'change',
  'kept',
  'lost',
  'gained',
  'rest',
  'observed',
  'return',
  'handover',
  'mailbox',
  'files',
  'inform',
] as const
/** One line of what will happen. What has no day of its own stands on the day that it follows from. */
export const planLine = z.object({
  on: s.civilDate,
  what: z.enum([
    'person',
    'affiliation',
    'right',
    'right-later',
    'withheld',
    'approval',
    'order',
    'task',
    'not-sent',
    'mail',
    ...CHANGES,
  ]),
  /** `withheld`: strict mode holds it back, `no-purpose`. `new`, `known`, an action of an order, a mail's name: a code that there is a text for. */
  code: z.string(),
  right: right.nullable(),
  limits: z.array(limit),
  /** The rule that gives it, or null: somebody has asked for it. */
  rule: z.object({ key: z.string(), name: z.string(), purpose: z.string().nullable() }).nullable(),
  until: s.civilDate.nullable(),
  /** Who carries it out or decides. */
  owner: s.personRef.nullable(),
  state: z.string().nullable(),
  subject: z.string().nullable(),
  text: z.string().nullable(),
})
export type PlanLine = z.output<typeof planLine>

export const approval = z.object({
  id: s.id,
  right,
  because: z.enum(['special', 'criminal', 'confidential', 'privileged', 'asked-for']),
  via: z.enum(['owner', 'manager', 'hr', 'right']),
  approver: s.personRef.nullable(),
  state: approvalState,
  why: z.string(),
  limits: z.array(limit),
  createdAt: s.instant,
  decidedAt: s.instant.nullable(),
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
  remindOn: z.array(s.civilDate),
  allowed: z.object({ decide: z.boolean() }),
})
export type Approval = z.output<typeof approval>

const about = z.object({
  /** Null before there is a person; then `name` is what the report says. */
  personId: s.id.nullable(),
  /** Null where it is protected from the reader, or not written yet. */
  name: z.string().nullable(),
  protected: z.boolean(),
})
const saved = {
  version,
  updatedAt: s.instant,
  missing: z.array(missing),
  unit: s.unitRef.nullable(),
  manager: s.personRef.nullable(),
  cprMasked: z.string().nullable(),
  /** A number that the civil registration has not given: it is replaced by the real one later. */
  replacement: z.boolean(),
}
export const casePage = z.object({
  id: s.id,
  kind: caseKind,
  door: caseDoor,
  state: caseState,
  stage: caseStage,
  origin: z.enum(['screen', 'api', 'payroll']),
  about,
  affiliationId: s.id.nullable(),
  effectiveOn: s.civilDate.nullable(),
  confidential: z.boolean(),
  releasedAt: s.instant.nullable(),
  deadline: s.civilDate.nullable(),
  named: z.array(z.object({ userId: s.id, name: z.string() })),
  author: z.string().nullable(),
  createdAt: s.instant,
  preparedAt: s.instant.nullable(),
  sentAt: s.instant.nullable(),
  sentBy: z.string().nullable(),
  ...saved,
  form: caseForm,
  /** Rights that the form names, so that a draft shows them without another question. */
  rights: z.array(right.extend({ sensitivity: s.sensitivity, privileged: z.boolean(), takes: z.array(z.string()) })),
  sponsor: s.personRef.nullable(),
  /** People that the form names beside the one it is about. */
  people: z.array(s.personRef),
  plan: z.array(planLine),
  approvals: z.array(approval),
  payroll: z.object({
    state: z.enum(['not-payroll', 'not-sent', 'waiting', 'confirmed']),
    /** In the order of the OPUS form. */
    sheet: z.array(z.object({ field: z.string(), value: z.string().nullable(), status: z.enum(['ready', 'missing']) })),
  }),
  history: z.array(
    z.object({ at: s.instant, by: z.string().nullable(), what: z.string(), reason: z.string().nullable() }),
  ),
  allowed: z.object({
    change: z.boolean(),
    prepare: z.boolean(),
    send: z.boolean(),
    withdraw: z.boolean(),
    copy: z.boolean(),
    conceal: z.boolean(),
    release: z.boolean(),
  }),
})
export type CasePage = z.output<typeof casePage>

export const createCase = endpoint({
  id: 'createCase',
  method: 'POST',
  path: '/lifecycle/cases',
  permission: 'case.write',
  summary: 'Begin a report; it is a draft until it is sent, however little of it is filled in',
  body: z.object({ door: caseDoor.default('plain'), form: caseForm, cpr: cpr.optional() }),
  response: z.object({ id: s.id, ...saved }),
  problems: ['case-about-self', 'data-invalid', 'not-found'],
})
export const saveCase = endpoint({
  id: 'saveCase',
  method: 'PUT',
  path: '/lifecycle/cases/:caseId',
  permission: 'case.write',
  summary: 'Keep a draft as it is now; refused where somebody else has changed it since the version that is named',
  params,
  body: z.object({ version, form: caseForm, cpr: cpr.optional() }),
  response: z.object(saved),
  problems: ['not-found', 'not-allowed', 'conflict', 'case-closed', 'case-about-self', 'data-invalid'],
})
export const getCase = endpoint({
  id: 'getCase',
  path: '/lifecycle/cases/:caseId',
  permission: 'case.read',
  summary: 'A report: what it says, what follows from it and when, what waits, and what was done with it',
  params,
  response: casePage,
  problems: ['not-found'],
})
export const caseRow = z.object({
  id: s.id,
  kind: caseKind,
  door: caseDoor,
  stage: caseStage,
  about,
  unit: s.unitRef.nullable(),
  title: z.string().nullable(),
  effectiveOn: s.civilDate.nullable(),
  confidential: z.boolean(),
  deadline: s.civilDate.nullable(),
  author: z.string().nullable(),
  updatedAt: s.instant,
  waiting: z.number().int(),
})
export const listCases = endpoint({
  id: 'listCases',
  method: 'POST',
  path: '/lifecycle/cases/search',
  kind: 'search',
  permission: 'case.read',
  summary: 'Reports with where they are; a confidential one only for those who know of it',
  body: z.object({
    text: z.string().trim().max(100).optional(),
    kind: caseKind.optional(),
    stage: caseStage.optional(),
    unit: s.id.optional(),
    mine: z.boolean().optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(caseRow),
    total: z.number().int(),
    stages: z.record(caseStage, z.number().int()),
  }),
})
export const previewCase = endpoint({
  id: 'previewCase',
  method: 'POST',
  path: '/lifecycle/cases/:caseId/preview',
  kind: 'search',
  permission: 'case.read',
  summary: 'What sending would do, day by day: it is carried out and taken back',
  params,
  response: z.object({ plan: z.array(planLine), missing: z.array(missing) }),
  problems: ['not-found', 'case-closed'],
})
const step = { params, problems: ['not-found', 'not-allowed', 'conflict', 'case-closed'] as const }
export const prepareCase = endpoint({
  ...step,
  id: 'prepareCase',
  method: 'POST',
  path: '/lifecycle/cases/:caseId/prepare',
  permission: 'case.write',
  summary: 'Hand a draft to the manager of the unit, who sends it',
  body: z.object({ version }),
  response: z.object({ version }),
  problems: [...step.problems, 'case-incomplete'],
})
export const sendCase = endpoint({
  ...step,
  id: 'sendCase',
  method: 'POST',
  path: '/lifecycle/cases/:caseId/send',
  permission: 'case.send',
  summary: 'Send a report: everything it says becomes true in one step. The same version sent twice is sent once',
  body: z.object({ version }),
  response: z.object({ state: caseState, personId: s.id.nullable(), affiliationId: s.id.nullable() }),
  problems: [...step.problems, 'case-incomplete', 'case-about-self'],
})
export const withdrawCase = endpoint({
  ...step,
  id: 'withdrawCase',
  method: 'POST',
  path: '/lifecycle/cases/:caseId/withdraw',
  permission: 'case.write',
  summary: 'Take a draft back. What was sent is taken back by a report of its own',
  body: z.object({ version, reason }),
  response: z.object({ version }),
  problems: [...step.problems],
})
export const copyCase = endpoint({
  id: 'copyCase',
  method: 'POST',
  path: '/lifecycle/cases/:caseId/copy',
  permission: 'case.write',
  summary: 'A new draft with the unit, position and hours of this one; nothing of the person, and no right of anybody',
  params,
  response: z.object({ id: s.id }),
  problems: ['not-found'],
})
export const concealCase = endpoint({
  ...step,
  id: 'concealCase',
  method: 'POST',
  path: '/lifecycle/cases/:caseId/confidential',
  permission: 'case.confidential',
  summary: 'Who may know of a report: everybody by their role, or only HR, its author and named users',
  body: z.object({ version, confidential: z.boolean(), named: z.array(s.id).max(20) }),
  response: z.object({ version }),
  problems: [...step.problems, 'data-invalid'],
})
export const releaseCase = endpoint({
  ...step,
  id: 'releaseCase',
  method: 'POST',
  path: '/lifecycle/cases/:caseId/release',
  permission: 'case.confidential',
  summary:
    'A confidential report is one like all others from now on; lookups made under it enter the log of the person',
  body: z.object({ version }),
  response: z.object({ version }),
  problems: [...step.problems, 'case-incomplete'],
})
