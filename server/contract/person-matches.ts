import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { comparedField } from './links.ts'
import * as s from './shapes.ts'

/**
 * Who is who: records that may be one person, and merges.
 *
 * POST   /correlation/people/search                      listPersonCases    records that may be one person
 * GET    /correlation/people/:caseId                     getPersonCase
 * POST   /correlation/people/:caseId/different           keepPersonsApart
 * POST   /correlation/people/:caseId/different/undo      reopenPersonCase
 * POST   /correlation/merges/preview                     previewMerge       what it would change; nothing is changed
 * POST   /correlation/merges                             mergePersons
 * GET    /correlation/merges                             listMerges
 * POST   /correlation/merges/:mergeId/undo               unmergePersons
 */

const count = z.number().int()
const reason = z.string().trim().max(1000)

/** `same-cpr`: two records with facts of their own hold one number. `name-birth-date`: no number says otherwise. */
export const personMatchEvidence = z.enum(['same-cpr', 'name-birth-date'])
export const personCase = z.object({
  id: s.id,
  evidence: personMatchEvidence,
  confidence: count,
  since: s.instant,
  runId: s.id.nullable(),
  state: z.enum(['open', 'different', 'merged']),
  people: z.array(
    z.object({
      person: s.personRef,
      kind: s.personKind,
      status: s.affiliationStatus,
      title: z.string().nullable(),
      unit: s.unitRef.nullable(),
      sources: z.array(z.string()),
    }),
  ),
})
export const listPersonCases = endpoint({
  id: 'listPersonCases',
  method: 'POST',
  path: '/correlation/people/search',
  kind: 'search',
  permission: 'person-match.read',
  summary: 'Pairs of people who may be one person, oldest first',
  body: z.object({
    state: z.enum(['open', 'different', 'merged']).default('open'),
    evidence: personMatchEvidence.optional(),
    text: z.string().trim().max(100).optional(),
    ...s.page.shape,
  }),
  response: z.object({ rows: z.array(personCase), total: count }),
})
export const getPersonCase = endpoint({
  id: 'getPersonCase',
  path: '/correlation/people/:caseId',
  permission: 'person-match.read',
  summary: 'Two people side by side, differences first',
  params: z.object({ caseId: s.id }),
  response: personCase.extend({
    compared: z.array(comparedField),
    decision: z.object({ by: z.string(), at: s.instant, reason: z.string().nullable() }).nullable(),
    mergeId: s.id.nullable(),
    allowed: z.object({ decide: z.boolean(), merge: z.boolean() }),
  }),
  problems: ['not-found'],
})
export const keepPersonsApart = endpoint({
  id: 'keepPersonsApart',
  method: 'POST',
  path: '/correlation/people/:caseId/different',
  permission: 'person.merge',
  summary: 'These are two people: no later run asks again',
  params: z.object({ caseId: s.id }),
  body: z.object({ reason: reason.optional() }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'conflict'],
})
export const reopenPersonCase = endpoint({
  id: 'reopenPersonCase',
  method: 'POST',
  path: '/correlation/people/:caseId/different/undo',
  permission: 'person.merge',
  summary: 'The question is open again',
  params: z.object({ caseId: s.id }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'conflict'],
})

const mergeRight = z.object({ system: z.string(), key: z.string(), name: z.string() })
const mergeSide = z.object({
  person: s.personRef,
  affiliations: count,
  accounts: count,
  expected: count,
  observed: count,
})
export const mergePreview = z.object({
  survivor: mergeSide,
  absorbed: mergeSide,
  /** The survivor afterwards. */
  after: mergeSide,
  affiliations: z.array(
    z.object({
      id: s.id,
      kind: s.affiliationKind,
      title: z.string().nullable(),
      unit: s.unitRef.nullable(),
      status: s.affiliationStatus,
      from: z.enum(['survivor', 'absorbed']),
      primaryBefore: z.boolean(),
      primaryAfter: z.boolean(),
    }),
  ),
  accounts: z.array(
    z.object({ id: s.id, source: z.string(), username: z.string(), from: z.enum(['survivor', 'absorbed']) }),
  ),
  /** Rights by rule that the two together would have and neither has now, and the other way round. */
  gains: z.array(mergeRight),
  losses: z.array(mergeRight),
  orders: s.ordersAhead,
  compared: z.array(comparedField),
  /** Sent back with the merge, so that it does what was looked at. */
  hash: z.string(),
})
export const previewMerge = endpoint({
  id: 'previewMerge',
  method: 'POST',
  path: '/correlation/merges/preview',
  kind: 'search',
  permission: 'person.merge',
  summary: 'What merging two people would change',
  body: z.object({ survivorId: s.id, absorbedId: s.id }),
  response: mergePreview,
  problems: ['not-found', 'merge-refused'],
})
export const mergePersons = endpoint({
  id: 'mergePersons',
  method: 'POST',
  path: '/correlation/merges',
  permission: 'person.merge',
  summary: 'Two records are one person; reversible, both keep their keys and facts',
  body: z.object({ survivorId: s.id, absorbedId: s.id, hash: z.string().max(100), reason }),
  response: z.object({ mergeId: s.id }),
  problems: ['not-found', 'not-allowed', 'merge-refused', 'reason-needed', 'plan-stale'],
})
export const mergeRow = z.object({
  id: s.id,
  survivor: s.personRef,
  absorbed: s.personRef,
  at: s.instant,
  by: z.string(),
  reason: z.string(),
  undoneAt: s.instant.nullable(),
  undoneBy: z.string().nullable(),
  allowed: z.object({ undo: z.boolean() }),
})
export const listMerges = endpoint({
  id: 'listMerges',
  path: '/correlation/merges',
  permission: 'person-match.read',
  summary: 'Merges, newest first',
  query: z.object({ personId: s.id.optional(), ...s.page.shape }),
  response: z.object({ rows: z.array(mergeRow), total: count }),
})
export const unmergePersons = endpoint({
  id: 'unmergePersons',
  method: 'POST',
  path: '/correlation/merges/:mergeId/undo',
  permission: 'person.merge',
  summary: 'Two people again, each with their own facts, affiliations, accounts and history',
  params: z.object({ mergeId: s.id }),
  body: z.object({ reason }),
  response: z.object({ survivorId: s.id, absorbedId: s.id }),
  problems: ['not-found', 'not-allowed', 'reason-needed', 'conflict'],
})
