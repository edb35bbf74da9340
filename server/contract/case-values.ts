import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/**
 * What counts of what a report said:
 * GET /lifecycle/cases/:caseId/values   getCaseValues
 */

export const caseValue = z.object({
  attribute: z.string(),
  /** What counts today, readable: a unit by its name, a civil date, a number; null: nothing. */
  now: z.string().nullable(),
  /** What the report said of it; null: nothing. */
  reported: z.string().nullable(),
  differs: z.boolean(),
  /** Whose word counts, and since when; null where nobody has said it. */
  source: z.string().nullable(),
  sourceName: z.object({ da: z.string(), en: z.string() }).nullable(),
  since: s.instant.nullable(),
  /** Who said it, where a person did and may be named. */
  author: z.string().nullable(),
})
export type CaseValue = z.output<typeof caseValue>

export const getCaseValues = endpoint({
  id: 'getCaseValues',
  path: '/lifecycle/cases/:caseId/values',
  permission: 'case.read',
  summary: 'The values of the employment that a report is about, each with whose word counts and what the report said',
  params: z.object({ caseId: s.id }),
  /** Empty where nothing has been stated yet, and for readers who do not see the details of the employment. */
  response: z.object({ affiliationId: s.id.nullable(), values: z.array(caseValue) }),
  problems: ['not-found'],
})
