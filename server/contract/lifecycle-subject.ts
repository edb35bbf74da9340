import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { handoverKind, reportedAbsence, rightClassName } from './lifecycle-forms.ts'
import * as s from './shapes.ts'

/** What a report about an affiliation that is there begins with: nothing that is known is asked. */

const reported = z.object({
  id: s.id,
  kind: s.affiliationKind,
  status: s.affiliationStatus,
  title: z.string().nullable(),
  unit: s.unitRef.nullable(),
  startsOn: s.civilDate.nullable(),
  endsOn: s.civilDate.nullable(),
  /** A week; of the full time of 37 hours. */
  hours: z.number().nullable(),
})
export type ReportedAffiliation = z.output<typeof reported>

export const listReportedAffiliations = endpoint({
  id: 'listReportedAffiliations',
  method: 'POST',
  path: '/lifecycle/affiliations/search',
  kind: 'search',
  permission: 'case.write',
  summary: 'Affiliations of a person that the reader may report about',
  body: z.object({ personId: s.id }),
  response: z.object({ rows: z.array(reported) }),
})

const held = z.object({
  right: z.object({ id: s.id, key: z.string(), name: z.string(), system: s.systemRef }),
  class: rightClassName,
  /** It should be held. */
  expected: z.boolean(),
  /** It is seen to be held. */
  observed: z.boolean(),
})
const delegated = z.object({
  kind: handoverKind,
  id: s.id,
  name: z.string(),
  /** Who would take it over unless somebody else is named: the manager. */
  proposed: s.personRef.nullable(),
})
export type Delegated = z.output<typeof delegated>
const effect = z.enum(['keep', 'suspend'])
export const getReportedSubject = endpoint({
  id: 'getReportedSubject',
  path: '/lifecycle/affiliations/:affiliationId',
  permission: 'case.write',
  summary:
    'One affiliation with what is held in it and what its person answers for, before a report about it is written',
  params: z.object({ affiliationId: s.id }),
  response: reported.extend({
    person: s.personRef,
    manager: s.personRef.nullable(),
    held: z.array(held),
    /** Only of the last affiliation: with another one going on, the person stays. */
    delegated: z.array(delegated),
    /** What the municipality has decided happens in an absence and after a move. */
    absence: z.record(reportedAbsence, z.record(rightClassName, effect)),
    graceDays: z.record(rightClassName, z.number().int()),
    /** Absences that reports have said, the last first. */
    absences: z.array(z.object({ from: s.civilDate, to: s.civilDate.nullable() })),
    /** The end that a report has said. */
    reportedEnd: z.boolean(),
    hours: z.number().nullable(),
  }),
  problems: ['not-found'],
})

export const listFormerRights = endpoint({
  id: 'listFormerRights',
  method: 'POST',
  path: '/lifecycle/former-rights',
  kind: 'search',
  permission: 'case.write',
  summary: 'What somebody who comes again once held: history for HR, never a proposal, and nothing of it comes back',
  body: z.object({ personId: s.id }),
  response: z.object({
    rows: z.array(
      z.object({
        right: z.object({ id: s.id, key: z.string(), name: z.string(), system: s.systemRef }),
        until: s.civilDate,
      }),
    ),
  }),
})

export const listHandovers = endpoint({
  id: 'listHandovers',
  path: '/lifecycle/handovers',
  permission: 'handover.read',
  summary: 'What leavers answer for that nobody has taken over yet, where their last day is near or past',
  query: z.object({ ...s.page.shape }),
  response: z.object({
    rows: z.array(
      z.object({
        caseId: s.id,
        kind: handoverKind,
        id: s.id,
        name: z.string(),
        person: s.personRef,
        to: s.personRef.nullable(),
        dueOn: s.civilDate,
      }),
    ),
    total: z.number().int(),
  }),
})
