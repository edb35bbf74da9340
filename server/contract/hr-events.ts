import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/**
 * Events of personnel programs:
 * POST /hr/events             sendHrEvents     one event, or a batch as an array
 * GET  /hr/events/:receipt    getHrReceipt
 * GET  /hr/schemas            listHrSchemas
 * GET  /hr/schemas/:type      getHrSchema
 * and the inbox in which people see what became of them:
 * POST /lifecycle/inbox/search               searchInbox
 * GET  /lifecycle/inbox/:eventId             getInboxEvent
 * POST /lifecycle/inbox/:eventId/retry       retryInboxEvent
 * POST /lifecycle/inbox/:eventId/set-aside   setInboxEventAside
 * POST /lifecycle/inbox/approve              approveInboxEvents
 */

export const EVENT_STATES = [
  'received',
  'applied',
  'waiting',
  'held',
  'approved',
  'failed',
  'unknown-type',
  'set-aside',
] as const
export const eventState = z.enum(EVENT_STATES)
export type EventState = (typeof EVENT_STATES)[number]

/** Why an event is where it is. */
export const EVENT_WHYS = [
  'affiliation-unknown',
  'target-unknown',
  'target-other-type',
  'many-ends',
  'not-applied',
  'not-decided',
  'type-unknown',
  'by-hand',
] as const
export const eventWhy = z.enum(EVENT_WHYS)
export type EventWhy = (typeof EVENT_WHYS)[number]

export const hrReceipt = z.object({
  receipt: s.id,
  source: z.string(),
  id: z.string(),
  state: eventState,
  why: eventWhy.nullable(),
  receivedAt: s.instant,
  /** Below the address of this installation. */
  poll: z.string(),
})

export const sendHrEvents = endpoint({
  id: 'sendHrEvents',
  method: 'POST',
  path: '/hr/events',
  permission: 'hr-event.send',
  summary:
    'Send one event (application/cloudevents+json) or a batch (application/cloudevents-batch+json); 202 with a receipt when it is stored',
  body: z.unknown(),
  response: z.object({ receipts: z.array(hrReceipt) }),
  problems: ['event-differs', 'unsupported-media-type', 'payload-too-large'],
})

export const getHrReceipt = endpoint({
  id: 'getHrReceipt',
  path: '/hr/events/:receipt',
  permission: 'hr-event.send',
  summary: 'What became of an event',
  params: z.object({ receipt: s.id }),
  response: hrReceipt,
  problems: ['not-found'],
})

export const listHrSchemas = endpoint({
  id: 'listHrSchemas',
  path: '/hr/schemas',
  permission: 'public',
  summary: 'Types of events that are understood',
  response: z.object({ types: z.array(z.object({ type: z.string(), schema: z.string() })) }),
})

export const getHrSchema = endpoint({
  id: 'getHrSchema',
  path: '/hr/schemas/:type',
  permission: 'public',
  summary: 'The JSON Schema of one type of event',
  params: z.object({ type: z.string().max(200) }),
  response: z.record(z.string(), z.unknown()),
  problems: ['not-found'],
})

export const inboxRow = z.object({
  id: s.id,
  feed: z.string(),
  source: z.string(),
  eventId: z.string(),
  type: z.string(),
  /** Short name of a known type. */
  name: z.string().nullable(),
  subject: z.string(),
  time: s.instant,
  effectiveOn: s.civilDate.nullable(),
  receivedAt: s.instant,
  state: eventState,
  why: eventWhy.nullable(),
  person: s.personRef.nullable(),
  affiliationId: s.id.nullable(),
  /** Something that a person should look at stands on it. */
  notes: z.number().int(),
  allowed: z.object({ retry: z.boolean(), setAside: z.boolean(), approve: z.boolean() }),
})

export const inboxFilter = z.object({
  state: eventState.optional(),
  feed: z.string().max(60).optional(),
  name: z.string().max(60).optional(),
  notes: z.boolean().optional(),
  /** Name of a person, key of an affiliation or an event; in the body, so that no name stands in an address. */
  text: z.string().trim().max(100).optional(),
})

export const searchInbox = endpoint({
  id: 'searchInbox',
  method: 'POST',
  path: '/lifecycle/inbox/search',
  kind: 'search',
  permission: 'inbox.read',
  summary: 'Events received, with what became of them',
  body: inboxFilter.extend({ ...s.page.shape }),
  response: z.object({
    rows: z.array(inboxRow),
    total: z.number().int(),
    /** Of everything that the reader may see, whatever the filter. */
    states: z.record(z.string(), z.number().int()),
    feeds: z.array(z.string()),
    /** Numbers that a source has left out. */
    gaps: z.array(
      z.object({ feed: z.string(), source: z.string(), missing: z.number().int(), first: z.number().int() }),
    ),
  }),
})

/** Rights that were seen in use of the account after the day on which they should have ended. */
export const eventNote = z.object({
  kind: z.enum(['use-between']),
  from: s.civilDate,
  to: s.civilDate,
  rights: z.array(z.object({ name: z.string(), system: z.string(), account: z.string(), lastSeen: s.instant })),
  signedIn: z.array(z.object({ account: z.string(), at: s.instant })),
})

export const inboxEvent = inboxRow.extend({
  /** As received, without numbers; null for those who may not settle. */
  content: z.record(z.string(), z.unknown()).nullable(),
  attempts: z.number().int(),
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
  /** Events that this one corrects or cancels, or that do so with it. */
  related: z.array(
    z.object({ id: s.id.nullable(), eventId: z.string(), name: z.string().nullable(), how: z.enum(['of', 'by']) }),
  ),
  details: z.array(eventNote),
  /** What was stated by it: attributes with their values, readable. */
  facts: z.array(
    z.object({
      kind: z.string(),
      op: z.enum(['assert', 'retract']),
      from: s.civilDate.nullable(),
      to: s.civilDate.nullable(),
      attributes: z.array(z.string()),
    }),
  ),
})

const one = z.object({ eventId: s.id })
export const getInboxEvent = endpoint({
  id: 'getInboxEvent',
  path: '/lifecycle/inbox/:eventId',
  permission: 'inbox.read',
  summary: 'One event with what was received, masked, and what follows from it',
  params: one,
  response: inboxEvent,
  problems: ['not-found'],
})
export const retryInboxEvent = endpoint({
  id: 'retryInboxEvent',
  method: 'POST',
  path: '/lifecycle/inbox/:eventId/retry',
  permission: 'inbox.settle',
  summary: 'Try again to carry an event out',
  params: one,
  response: z.object({ state: eventState }),
  problems: ['not-found', 'conflict'],
})
export const setInboxEventAside = endpoint({
  id: 'setInboxEventAside',
  method: 'POST',
  path: '/lifecycle/inbox/:eventId/set-aside',
  permission: 'inbox.settle',
  summary: 'Nothing shall follow from an event that has not been carried out',
  params: one,
  body: z.object({ reason: z.string().trim().max(500) }),
  response: z.object({ state: eventState }),
  problems: ['not-found', 'conflict', 'reason-needed'],
})
export const approveInboxEvents = endpoint({
  id: 'approveInboxEvents',
  method: 'POST',
  path: '/lifecycle/inbox/approve',
  permission: 'inbox.settle',
  summary: 'Let events through that were held back because there were so many',
  body: z.object({ ids: z.array(s.id).min(1).max(500), reason: z.string().trim().max(500) }),
  response: z.object({ approved: z.number().int() }),
  problems: ['not-found', 'conflict', 'reason-needed'],
})
