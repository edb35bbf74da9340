import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { recordKind } from './lists.ts'
import * as s from './shapes.ts'
import { sourceKey, sourceNames } from './sources.ts'

/** How fresh what is shown is, per source; beside whatever is shown of the kinds that it feeds. */
export const freshness = z.object({
  source: sourceKey,
  name: sourceNames,
  feeds: z.array(recordKind),
  /** The last read that was let in. */
  readAt: s.instant.nullable(),
  /** fresh; delayed: late by its own rhythm; failing: the last reads did not come through; never: not read yet. */
  state: z.enum(['fresh', 'delayed', 'failing', 'never']),
  reading: z.boolean(),
})
export type Freshness = z.output<typeof freshness>
export const getFreshness = endpoint({
  id: 'getFreshness',
  path: '/freshness',
  permission: 'signed-in',
  summary: 'How fresh the data are: for everybody who sees any',
  response: z.object({ rows: z.array(freshness) }),
})

export const getStaleThen = endpoint({
  id: 'getStaleThen',
  path: '/freshness/then',
  permission: 'signed-in',
  summary: 'Which sources were too old on a day to conclude from, and when each had been read last',
  query: z.object({ asOf: s.civilDate, known: s.civilDate.optional() }),
  response: z.object({
    rows: z.array(z.object({ source: sourceKey, name: sourceNames, readAt: s.instant.nullable() })),
  }),
})
