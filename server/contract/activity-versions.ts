import { z } from 'zod'
import {
  activityDone,
  activityNames,
  activityReason,
  ofActivity,
  ownerPersonId,
  shownVersion,
  versionLock,
  versionMade,
} from './activities.ts'
import { activityContent } from './activity-content.ts'
import { versionState } from './activity-lists.ts'
import { endpoint } from './endpoint.ts'
import { remark } from './register.ts'
import * as s from './shapes.ts'

/* Versions of a record: drafted, proposed, put in force; and what is said about one: that it is still true, and advice. */

const ofVersion = z.object({ activityId: s.id, versionId: s.id })

export const versionRow = z.object({
  versionId: s.id,
  number: z.number().int(),
  state: versionState,
  summary: z.string().nullable(),
  author: z.string().nullable(),
  madeAt: s.instant,
  proposedAt: s.instant.nullable(),
  decidedAt: s.instant.nullable(),
  decidedBy: z.string().nullable(),
  decision: z.string().nullable(),
  /** When it counts, as is known now. */
  valid: z.array(z.object({ from: s.civilDate, to: s.civilDate.nullable() })),
})
export type VersionRow = z.output<typeof versionRow>

export const listVersions = endpoint({
  id: 'listActivityVersions',
  path: '/activities/:activityId/versions',
  permission: 'activity.read',
  summary: 'The versions of a record, the newest first',
  params: ofActivity,
  response: z.object({ rows: z.array(versionRow) }),
  problems: ['not-found'],
})

/**
 * One difference between two contents. `field` is a field of the content; `key` names the entry of a list; `part` the
 * field of that entry. Values are parts of contents.
 */
export const contentChange = z.object({
  field: z.string(),
  key: z.string().nullable(),
  part: z.string().nullable(),
  kind: z.enum(['added', 'removed', 'changed']),
  before: z.unknown(),
  after: z.unknown(),
})
export type ContentChange = z.output<typeof contentChange>

export const getVersion = endpoint({
  id: 'getActivityVersion',
  path: '/activities/:activityId/versions/:versionId',
  permission: 'activity.read',
  summary: 'One version, and what sets it apart from another: that which it changes, unless another is named',
  params: ofVersion,
  query: z.object({ against: s.id.optional() }),
  response: z.object({
    version: shownVersion.extend({ lock: versionLock, summary: z.string().nullable() }),
    against: z.object({ versionId: s.id, number: z.number().int() }).nullable(),
    names: activityNames,
    changes: z.array(contentChange),
    remarks: z.array(remark),
  }),
  problems: ['not-found'],
})

export const startChange = endpoint({
  id: 'startActivityChange',
  method: 'POST',
  path: '/activities/:activityId/versions',
  permission: 'activity.change',
  summary: 'Begin a change: a draft of what counts, or of the version that is named',
  params: ofActivity,
  body: z.object({ from: s.id.optional() }),
  response: versionMade,
  problems: ['not-found', 'not-allowed', 'conflict'],
})

export const changeDraft = endpoint({
  id: 'changeActivityDraft',
  method: 'PUT',
  path: '/activities/:activityId/versions/:versionId',
  permission: 'activity.change',
  summary: 'Write a draft',
  params: ofVersion,
  body: z.object({
    content: activityContent,
    ownerPersonId,
    summary: z.string().trim().max(1000).nullable(),
    lock: versionLock,
  }),
  response: z.object({ lock: versionLock, remarks: z.array(remark) }),
  problems: ['not-found', 'not-allowed', 'conflict', 'data-invalid'],
})

const act = (id: string, path: string, summary: string) => ({
  id,
  method: 'POST' as const,
  path: `/activities/:activityId/versions/:versionId/${path}`,
  summary,
  params: ofVersion,
  response: activityDone,
})

export const proposeVersion = endpoint({
  ...act('proposeActivityVersion', 'proposed', 'Propose a draft: it can be put in force from here on'),
  permission: 'activity.change',
  body: z.object({ summary: z.string().trim().min(1).max(1000), effectiveOn: s.civilDate, lock: versionLock }),
  problems: ['not-found', 'not-allowed', 'conflict', 'data-invalid'],
})

export const withdrawVersion = endpoint({
  ...act('withdrawActivityVersion', 'withdrawn', 'Take a draft or a proposal back'),
  permission: 'activity.change',
  body: z.object({ lock: versionLock }),
  problems: ['not-found', 'not-allowed', 'conflict'],
})

export const putInForce = endpoint({
  ...act(
    'putActivityInForce',
    'in-force',
    'Put a proposal in force from a day; an earlier one than today as a correction',
  ),
  permission: 'activity.decide',
  body: z.object({ effectiveOn: s.civilDate, reason: z.string().trim().max(1000).nullable(), lock: versionLock }),
  problems: ['not-found', 'not-allowed', 'conflict', 'second-person-needed', 'reason-needed', 'data-invalid'],
})

export const rejectVersion = endpoint({
  ...act('rejectActivityVersion', 'rejected', 'Reject a proposal with a reason'),
  permission: 'activity.decide',
  body: z.object({ reason: activityReason, lock: versionLock }),
  problems: ['not-found', 'not-allowed', 'conflict', 'second-person-needed'],
})

export const attestActivity = endpoint({
  id: 'attestActivity',
  method: 'POST',
  path: '/activities/:activityId/attestations',
  permission: 'activity.change',
  summary: 'The owner says that the version in force is still true',
  params: ofActivity,
  body: z.object({ versionId: s.id, note: z.string().trim().max(1000).nullable() }),
  response: z.object({ attestDue: s.civilDate }),
  problems: ['not-found', 'not-allowed', 'conflict'],
})

export const spotCheckActivity = endpoint({
  id: 'spotCheckActivity',
  method: 'POST',
  path: '/activities/:activityId/spot-checks',
  permission: 'activity.advise',
  summary: 'The DPO has looked at the record',
  params: ofActivity,
  body: z.object({ versionId: s.id, asItIs: z.boolean(), note: activityReason }),
  response: activityDone,
  problems: ['not-found', 'not-allowed', 'conflict'],
})

export const activityComment = z.object({
  id: s.id,
  versionId: s.id,
  number: z.number().int(),
  kind: z.enum(['comment', 'advice']),
  text: z.string(),
  at: s.instant,
  by: z.string().nullable(),
  followUpOn: s.civilDate.nullable(),
  answer: z.enum(['followed', 'not-followed', 'partly']).nullable(),
  answeredAt: s.instant.nullable(),
  answeredBy: z.string().nullable(),
  answerNote: z.string().nullable(),
})
export type ActivityComment = z.output<typeof activityComment>

export const listComments = endpoint({
  id: 'listActivityComments',
  path: '/activities/:activityId/comments',
  permission: 'activity.read',
  summary: 'Comments and advice on a record, the newest first',
  params: ofActivity,
  response: z.object({
    rows: z.array(activityComment),
    today: s.civilDate,
    allowed: z.object({ comment: z.boolean(), advise: z.boolean(), answer: z.boolean() }),
  }),
  problems: ['not-found'],
})

export const commentActivity = endpoint({
  id: 'commentActivity',
  method: 'POST',
  path: '/activities/:activityId/comments',
  permission: 'activity.change',
  summary: 'Say something about a record',
  params: ofActivity,
  body: z.object({ text: z.string().trim().min(1).max(4000) }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'not-allowed'],
})

export const adviseActivity = endpoint({
  id: 'adviseActivity',
  method: 'POST',
  path: '/activities/:activityId/advice',
  permission: 'activity.advise',
  summary: "The DPO's word on a record: a comment, or advice that is to be answered by a day",
  params: ofActivity,
  body: z.object({ text: z.string().trim().min(1).max(4000), followUpOn: s.civilDate.nullable() }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'not-allowed', 'data-invalid'],
})

export const answerAdvice = endpoint({
  id: 'answerActivityAdvice',
  method: 'POST',
  path: '/activities/:activityId/advice/:commentId/answer',
  permission: 'activity.change',
  summary: 'What was done with advice',
  params: z.object({ activityId: s.id, commentId: s.id }),
  body: z.object({ answer: z.enum(['followed', 'not-followed', 'partly']), note: activityReason }),
  response: activityDone,
  problems: ['not-found', 'not-allowed', 'conflict'],
})
