import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { EVENT_WHYS } from './hr-events.ts'
import * as s from './shapes.ts'

/**
 * Everything that has been said about people and their affiliations, whoever said it:
 * POST /lifecycle/inbox/all/search   searchSaid
 */

/** Whence something comes: a personnel program, a report on the screen, a file or a directory that was read, a hand. */
export const SAID_ORIGINS = ['event', 'report', 'file', 'manual'] as const
export const saidOrigin = z.enum(SAID_ORIGINS)
export const SAID_STATES = [
  'received',
  'applied',
  'waiting',
  'held',
  'approved',
  'failed',
  'unknown-type',
  'set-aside',
  'taken-back',
] as const
export const saidState = z.enum(SAID_STATES)

/**
 * Why it is where it is: as events have it; a report that waits for somebody or for its hour; a row that a guard holds back,
 * that a person has refused, that a later read has overtaken, or that could not be read.
 */
export const SAID_WHYS = [...EVENT_WHYS, 'not-stated', 'guard', 'refused', 'overtaken', 'unreadable'] as const
export const saidWhy = z.enum(SAID_WHYS)

export const saidRow = z.object({
  /** Unique among the rows of its origin. */
  id: z.string(),
  origin: saidOrigin,
  /** What was said: the type of an event, the kind of a report, `add-affiliation` and the like of a file, else the attributes. */
  what: z.string(),
  /** The source that said it; null where it was said in Hjemmel. */
  source: z.string().nullable(),
  person: s.personRef.nullable(),
  effectiveOn: s.civilDate.nullable(),
  at: s.instant,
  state: saidState,
  why: saidWhy.nullable(),
  /** Who said it, where a person did and may be named. */
  by: z.string().nullable(),
  /** Where to look further: an event, a report, a run. */
  ref: s.id.nullable(),
})

export const searchSaid = endpoint({
  id: 'searchSaid',
  method: 'POST',
  path: '/lifecycle/inbox/all/search',
  kind: 'search',
  permission: 'inbox.read',
  summary: 'Everything that has been said about people and affiliations, whoever said it, with what became of it',
  body: z.object({
    origin: saidOrigin.optional(),
    state: saidState.optional(),
    /** Name of a person; in the body, so that no name stands in an address. */
    text: z.string().trim().max(100).optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(saidRow),
    total: z.number().int(),
    /** Of everything that the reader may see and that has the searched text, by origin and state. */
    counts: z.array(z.object({ origin: saidOrigin, state: saidState, count: z.number().int() })),
  }),
})
