import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { announcementState, planOp, recordKind } from './lists.ts'
import * as s from './shapes.ts'

/** Mass changes that are expected: said ahead with how many, tried, and approved by a second person. */

const count = z.number().int()
const text = z.string().trim().min(1).max(200)

export const expectation = z.object({
  kind: recordKind,
  op: planOp,
  /** Only in this unit or system (its key); null: anywhere. */
  part: text.nullable().default(null),
  /** Only where this attribute changes; with `from` and `to` only from and to these values. */
  attribute: z.string().trim().min(1).max(100).nullable().default(null),
  from: text.nullable().default(null),
  to: text.nullable().default(null),
  least: count.min(0).max(1_000_000),
  most: count.min(1).max(1_000_000),
})

export const announcementRow = z.object({
  id: s.id,
  source: z.string(),
  sourceName: z.object({ da: z.string(), en: z.string() }),
  state: announcementState,
  reason: z.string(),
  startsOn: s.civilDate,
  /** The first day on which it no longer counts. */
  endsOn: s.civilDate,
  expected: z.array(
    expectation.extend({
      partName: z.string().nullable(),
      /** What runs inside the window have used of it. */
      used: count,
      /** What the simulation met; null before it. */
      simulated: count.nullable(),
    }),
  ),
  createdBy: z.string(),
  createdAt: s.instant,
  decidedBy: z.string().nullable(),
  decidedAt: s.instant.nullable(),
  simulation: z
    .object({
      runId: s.id,
      at: s.instant,
      state: z.enum(['running', 'done', 'rejected', 'failed']),
      /** Every expectation met as many changes as it says. */
      fits: z.boolean(),
      /** Changes that would be held back although this is announced. */
      held: count,
    })
    .nullable(),
  /** What the signed-in person may do with it now. */
  may: z.object({ simulate: z.boolean(), approve: z.boolean(), cancel: z.boolean() }),
  /** Why the signed-in person may not approve it; null: may, or there is nothing to approve yet or any more. */
  mayNot: z.enum(['own', 'no-permission']).nullable(),
})

const one = z.object({ announcementId: s.id })

export const listAnnouncements = endpoint({
  id: 'listAnnouncements',
  path: '/announcements',
  permission: 'run.read',
  summary: 'Announced mass changes, the newest first',
  query: z.object({ source: z.string().max(100).optional(), state: announcementState.optional(), ...s.page.shape }),
  response: z.object({ rows: z.array(announcementRow), total: count }),
})
export const getAnnouncement = endpoint({
  id: 'getAnnouncement',
  path: '/announcements/:announcementId',
  permission: 'run.read',
  summary: 'One announced mass change',
  params: one,
  response: announcementRow,
  problems: ['not-found'],
})
export const listParts = endpoint({
  id: 'listParts',
  path: '/sources/:sourceKey/parts',
  permission: 'run.approve',
  summary: 'The units, systems or groups that a source has records in, by name or key, the largest first',
  params: z.object({ sourceKey: z.string().max(100) }),
  query: z.object({ kind: recordKind, text: z.string().trim().max(200).default('') }),
  response: z.object({
    /** `key` is what an expectation names as its `part`; `name` is null where nobody knows one. */
    rows: z.array(z.object({ key: z.string(), name: z.string().nullable(), records: count })),
    total: count,
  }),
})
export const createAnnouncement = endpoint({
  id: 'createAnnouncement',
  method: 'POST',
  path: '/announcements',
  permission: 'run.approve',
  summary: 'Announce a mass change: source, window, what and how many, and why',
  body: z
    .object({
      source: z.string().min(1).max(100),
      startsOn: s.civilDate,
      endsOn: s.civilDate,
      reason: z.string().trim().min(5).max(500),
      expected: z.array(expectation).min(1).max(200),
    })
    .refine(body => body.startsOn < body.endsOn, { path: ['endsOn'], message: 'must be after startsOn' })
    .refine(body => body.expected.every(line => line.least <= line.most), {
      path: ['expected'],
      message: 'least must not be more than most',
    }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'invalid-request'],
})
export const simulateAnnouncement = endpoint({
  id: 'simulateAnnouncement',
  method: 'POST',
  path: '/announcements/:announcementId/simulate',
  permission: 'run.approve',
  summary: 'Read the source without carrying anything out, as if this were approved; or take a dry run made before',
  params: one,
  body: z.object({ runId: s.id.optional() }),
  response: z.object({ runId: s.id }),
  problems: ['not-found', 'conflict', 'run-in-progress'],
})
export const approveAnnouncement = endpoint({
  id: 'approveAnnouncement',
  method: 'POST',
  path: '/announcements/:announcementId/approve',
  permission: 'run.approve',
  summary: 'Another person than the author approves an announcement that has been simulated',
  params: one,
  body: z.object({}),
  response: z.object({ state: announcementState }),
  problems: ['not-found', 'conflict', 'second-person-needed'],
})
export const cancelAnnouncement = endpoint({
  id: 'cancelAnnouncement',
  method: 'POST',
  path: '/announcements/:announcementId/cancel',
  permission: 'run.approve',
  summary: 'Withdraw an announcement; what it let through stays',
  params: one,
  body: z.object({ reason: z.string().trim().min(5).max(500) }),
  response: z.object({ state: announcementState }),
  problems: ['not-found', 'conflict'],
})

export type Expectation = z.output<typeof expectation>
export type AnnouncementRow = z.output<typeof announcementRow>
