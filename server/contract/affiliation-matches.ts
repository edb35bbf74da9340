import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/**
 * Reports that payroll tells of too:
 * POST /lifecycle/matches/search              searchAffiliationMatches
 * GET  /lifecycle/matches/:matchId            getAffiliationMatch
 * POST /lifecycle/matches/:matchId/confirm    confirmAffiliationMatch
 * POST /lifecycle/matches/:matchId/reject     rejectAffiliationMatch
 * POST /lifecycle/matches/:matchId/undo       undoAffiliationMatch
 */
export const matchState = z.enum(['open', 'same', 'different'])
export const matchEvidence = z.enum(['employee-no', 'person-number', 'same-person', 'name-birth-date'])

const side = z.object({
  affiliationId: s.id,
  person: s.personRef,
  source: z.string(),
  unit: z.string().nullable(),
  title: z.string().nullable(),
  startsOn: s.civilDate.nullable(),
  endsOn: s.civilDate.nullable(),
})
export const affiliationMatch = z.object({
  id: s.id,
  report: side,
  payroll: side,
  evidence: matchEvidence,
  /** 0 to 100. */
  confidence: z.number().int(),
  since: s.instant,
  state: matchState,
  decidedBy: z.string().nullable(),
  /** Made one by the number itself, without a person. */
  certain: z.boolean(),
  differences: z.number().int(),
  allowed: z.object({ decide: z.boolean(), undo: z.boolean() }),
})
/** A value that the two say differently; `wins` is what counts now, where they are one. */
export const matchDifference = z.object({
  attribute: z.string(),
  report: z.string().nullable(),
  payroll: z.string().nullable(),
  wins: z.enum(['report', 'payroll', 'other']).nullable(),
})

export const searchAffiliationMatches = endpoint({
  id: 'searchAffiliationMatches',
  method: 'POST',
  path: '/lifecycle/matches/search',
  kind: 'search',
  permission: 'affiliation-match.read',
  summary: 'Reports and payroll rows that may be one employment',
  body: z.object({
    state: matchState.or(z.literal('all')).default('open'),
    text: z.string().trim().max(100).optional(),
    /** An affiliation of either side, or one that either was made one with. */
    affiliationId: s.id.optional(),
    ...s.page.shape,
  }),
  response: z.object({ rows: z.array(affiliationMatch), total: z.number().int() }),
})
const params = z.object({ matchId: s.id })
export const getAffiliationMatch = endpoint({
  id: 'getAffiliationMatch',
  path: '/lifecycle/matches/:matchId',
  permission: 'affiliation-match.read',
  summary: 'One pair, differences first',
  params,
  response: affiliationMatch.extend({ differs: z.array(matchDifference), agrees: z.array(matchDifference) }),
  problems: ['not-found'],
})
export const confirmAffiliationMatch = endpoint({
  id: 'confirmAffiliationMatch',
  method: 'POST',
  path: '/lifecycle/matches/:matchId/confirm',
  permission: 'affiliation-match.decide',
  summary: 'The two are one employment of one person',
  params,
  body: z.object({
    reason: z.string().trim().max(500),
    /** Attributes for which what the report says is kept; the rest follows the authority of the sources. */
    keepReport: z.array(z.string().max(60)).max(50).default([]),
    /** Attributes for which what payroll says is taken although the report stands above it. */
    takePayroll: z.array(z.string().max(60)).max(50).default([]),
  }),
  response: z.object({ affiliationId: s.id }),
  problems: ['not-found', 'conflict', 'merge-refused', 'reason-needed'],
})
export const rejectAffiliationMatch = endpoint({
  id: 'rejectAffiliationMatch',
  method: 'POST',
  path: '/lifecycle/matches/:matchId/reject',
  permission: 'affiliation-match.decide',
  summary: 'The two are two employments',
  params,
  body: z.object({ reason: z.string().trim().max(500) }),
  response: z.object({ state: matchState }),
  problems: ['not-found', 'conflict', 'reason-needed'],
})
export const undoAffiliationMatch = endpoint({
  id: 'undoAffiliationMatch',
  method: 'POST',
  path: '/lifecycle/matches/:matchId/undo',
  permission: 'affiliation-match.decide',
  summary: 'Take back what was said about a pair',
  params,
  body: z.object({ reason: z.string().trim().max(500) }),
  response: z.object({ state: matchState }),
  problems: ['not-found', 'conflict', 'reason-needed'],
})
