import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { approval } from './lifecycle.ts'
import { reportedKind } from './lifecycle-forms.ts'
import { approvalState, caseKind } from './lifecycle-lists.ts'
import * as s from './shapes.ts'

/** What stands beside the form of a report: who it may be about, what the rules propose, and what waits for a yes. */

export const findReported = endpoint({
  id: 'findReported',
  method: 'POST',
  path: '/lifecycle/people/search',
  kind: 'search',
  permission: 'case.write',
  summary: 'People that a report may be about, by number or name, before anybody is made twice',
  body: z.object({
    cpr: z.string().trim().max(20).optional(),
    text: z.string().trim().max(100).optional(),
    birthDate: s.civilDate.optional(),
    caseId: s.id.optional(),
  }),
  response: z.object({
    rows: z.array(
      s.personRef.extend({
        birthYear: z.number().int().nullable(),
        status: s.affiliationStatus,
        title: z.string().nullable(),
        unit: z.string().nullable(),
        /** What says that it may be the same person. */
        by: z.enum(['number', 'name-and-birth-date', 'name']),
      }),
    ),
    /** `own`: the reader sees only the own people; whether somebody is known elsewhere, HR finds out. */
    sees: z.enum(['all', 'own']),
    replacement: z.boolean(),
  }),
  problems: ['data-invalid'],
})

const offered = z.object({
  id: s.id,
  key: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  kind: s.entitlementKind,
  system: s.systemRef,
  sensitivity: s.sensitivity,
  privileged: z.boolean(),
  /** Constraint types that it takes. */
  takes: z.array(z.string()),
  /** Who the right itself says has to agree. */
  approval: z.enum(['unit', 'system', 'right']).nullable(),
  approver: z.object({ via: z.enum(['owner', 'manager', 'hr', 'right']), person: s.personRef.nullable() }).nullable(),
})
export type Offered = z.output<typeof offered>
export const proposeRights = endpoint({
  id: 'proposeRights',
  method: 'POST',
  path: '/lifecycle/proposals',
  kind: 'search',
  permission: 'case.write',
  summary: 'Accounts, authorisations and equipment for a position in a unit: by rule, usual for colleagues, and chosen',
  body: z.object({
    kind: reportedKind,
    unitId: s.id,
    title: z.string().trim().max(200),
    on: s.civilDate.nullable(),
    hours: z.number().min(0).max(60).nullable(),
    /** Rights that are chosen already, or looked for by words. */
    chosen: z.array(s.id).max(60).default([]),
    text: z.string().trim().max(100).default(''),
  }),
  response: z.object({
    position: z.object({ key: z.string(), category: z.string() }).nullable(),
    /** Titles that people in the unit have. */
    titles: z.array(z.string()),
    given: z.array(
      offered.extend({
        rule: z.object({ key: z.string(), name: z.string(), purpose: z.string().nullable() }),
        limits: z.array(z.object({ on: z.string(), kind: z.string(), values: z.array(z.string()) })),
      }),
    ),
    usual: z.array(offered.extend({ holders: z.number().int() })),
    colleagues: z.number().int(),
    chosen: z.array(offered),
    found: z.array(offered),
  }),
  problems: ['not-found'],
})

export const approvalRow = approval.extend({
  caseId: s.id,
  kind: caseKind,
  person: s.personRef,
  unit: s.unitRef.nullable(),
  title: z.string().nullable(),
  from: s.civilDate,
  system: s.systemRef,
  askedBy: z.string().nullable(),
})
export const listApprovals = endpoint({
  id: 'listApprovals',
  path: '/lifecycle/approvals',
  permission: 'case.approve',
  summary: 'Rights that wait for the reader, and those that the reader has decided',
  query: z.object({ state: approvalState.default('waiting'), mine: z.stringbool().default(true), ...s.page.shape }),
  response: z.object({ rows: z.array(approvalRow), total: z.number().int() }),
})
export const decideApproval = endpoint({
  id: 'decideApproval',
  method: 'POST',
  path: '/lifecycle/approvals/:approvalId',
  permission: 'case.approve',
  summary: 'Say yes or no to a right in a report, with a reason for a no. A yes gives it',
  params: z.object({ approvalId: s.id }),
  body: z.object({ yes: z.boolean(), reason: z.string().trim().max(500).default('') }),
  response: z.object({ state: approvalState }),
  problems: ['not-found', 'not-allowed', 'case-closed', 'reason-needed', 'second-person-needed'],
})
