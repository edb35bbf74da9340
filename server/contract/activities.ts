import { z } from 'zod'
import { activityContent, partyContact } from './activity-content.ts'
import { activityAttention, activityKind, activityStanding, versionState } from './activity-lists.ts'
import { endpoint } from './endpoint.ts'
import { remark } from './register.ts'
import * as s from './shapes.ts'

/*
 * The register: records of processing activities (Art. 30), in versions on two time axes. A version is drafted, proposed,
 * and put in force by somebody else; who advises does not decide.
 */

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)
const reason = z.string().trim().min(5).max(1000)
const lock = z.number().int()
const person = s.personRef

const openVersion = z.object({
  versionId: s.id,
  number: z.number().int(),
  state: z.enum(['draft', 'proposed']),
  proposedAt: s.instant.nullable(),
})

export const activityRow = z.object({
  id: s.id,
  ref: z.string(),
  kind: activityKind,
  name: z.string(),
  area: z.string(),
  standing: activityStanding,
  open: openVersion.nullable(),
  owner: person.nullable(),
  units: z.array(s.unitRef),
  systems: z.number().int(),
  attestDue: s.civilDate.nullable(),
  /** Advice of the DPO that nobody has answered. */
  advice: z.number().int(),
  followUpOn: s.civilDate.nullable(),
  attention: z.array(activityAttention),
})
export type ActivityRow = z.output<typeof activityRow>

export const listActivities = endpoint({
  id: 'listActivities',
  path: '/activities',
  permission: 'activity.read',
  summary: 'Records of processing activities, with what is due with each',
  query: z.object({
    search: z.string().trim().max(100).optional(),
    area: z.string().max(100).optional(),
    kind: activityKind.optional(),
    standing: activityStanding.optional(),
    attention: activityAttention.optional(),
    /** Due in this month: an attestation or the follow-up of advice. */
    month: month.optional(),
    system: s.id.optional(),
    /** Those that the reader answers for. */
    own: z.enum(['true']).optional(),
    /** Proposals that the reader may decide. */
    decide: z.enum(['true']).optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(activityRow),
    total: z.number().int(),
    areas: z.array(z.string()),
    counts: z.object({
      inForce: z.number().int(),
      proposed: z.number().int(),
      overdue: z.number().int(),
      advice: z.number().int(),
      own: z.number().int(),
    }),
    /** The next twelve months, the first with what is late. */
    wheel: z.array(z.object({ month, attestations: z.number().int(), followUps: z.number().int() })),
    allowed: z.object({ start: z.boolean(), settings: z.boolean() }),
  }),
})

/** Words for what a content only names by id. */
export const activityNames = z.object({
  owner: z.object({ person, title: z.string().nullable(), unit: z.string().nullable() }).nullable(),
  units: z.array(s.unitRef),
  systems: z.array(s.systemRef),
})
export type ActivityNames = z.output<typeof activityNames>

export const shownVersion = z.object({
  versionId: s.id,
  number: z.number().int(),
  state: versionState,
  content: activityContent,
  names: activityNames,
  /** From and to when it counts, where it does. */
  from: s.civilDate.nullable(),
  to: s.civilDate.nullable(),
})
export type ShownVersion = z.output<typeof shownVersion>

export const registerDefaults = z.object({
  controller: partyContact.nullable(),
  dpo: partyContact.nullable(),
  representative: partyContact.nullable(),
})
export type RegisterDefaults = z.output<typeof registerDefaults>

const ofActivity = z.object({ activityId: s.id })
const ofVersion = z.object({ activityId: s.id, versionId: s.id })

export const getActivity = endpoint({
  id: 'getActivity',
  path: '/activities/:activityId',
  permission: 'activity.read',
  summary:
    'One record: what counts (on a day, as known at an instant), what is proposed, and what the rights say of it',
  params: ofActivity,
  query: z.object({ asOf: s.civilDate.optional(), known: s.instant.optional() }),
  response: z.object({
    id: s.id,
    ref: z.string(),
    kind: activityKind,
    standing: activityStanding,
    today: s.civilDate,
    catalogueKey: z.string().nullable(),
    /** Somebody who knows the law has looked at it. */
    confirmed: z.object({ at: s.instant, by: z.string().nullable() }).nullable(),
    attestDue: s.civilDate.nullable(),
    /** What counted then; without a date, what counts, else what is open. Null: nothing did. */
    shown: shownVersion.nullable(),
    open: openVersion
      .extend({
        lock,
        author: z.string().nullable(),
        proposedBy: z.string().nullable(),
        effectiveOn: s.civilDate.nullable(),
        summary: z.string().nullable(),
      })
      .nullable(),
    coming: z.object({ versionId: s.id, number: z.number().int(), from: s.civilDate }).nullable(),
    /** Somebody has asked to retire it, and another has to agree. `own`: it was the reader. */
    retirement: z
      .object({ from: s.civilDate, reason: z.string(), rights: z.number().int(), own: z.boolean() })
      .nullable(),
    defaults: registerDefaults,
    remarks: z.array(remark),
    /** From what is read in the systems today: never typed, never of a past day. */
    access: z.object({
      people: z.number().int(),
      systems: z.array(z.object({ id: s.id, people: z.number().int(), read: z.boolean() })),
    }),
    attestations: z.array(
      z.object({
        id: s.id,
        kind: z.enum(['owner', 'spot-check']),
        at: s.instant,
        by: z.string().nullable(),
        number: z.number().int(),
        changed: z.boolean(),
        note: z.string().nullable(),
      }),
    ),
    /** What has changed since the owner attested last; null where nothing has, or nobody ever did. */
    changedSince: z.object({ versionId: s.id, number: z.number().int() }).nullable(),
    allowed: z.object({
      change: z.boolean(),
      propose: z.boolean(),
      withdraw: z.boolean(),
      decide: z.boolean(),
      /** May decide, but has proposed it. */
      ownProposal: z.boolean(),
      retire: z.boolean(),
      comment: z.boolean(),
      advise: z.boolean(),
      attest: z.boolean(),
      confirm: z.boolean(),
    }),
  }),
  problems: ['not-found'],
})

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
    version: shownVersion.extend({ lock, summary: z.string().nullable() }),
    against: z.object({ versionId: s.id, number: z.number().int() }).nullable(),
    names: activityNames,
    changes: z.array(contentChange),
    remarks: z.array(remark),
  }),
  problems: ['not-found'],
})

const made = z.object({ activityId: s.id, versionId: s.id })
/** A person whose main employment answers for the record; as the content says where left out. */
const ownerPersonId = s.id.optional()

export const startActivity = endpoint({
  id: 'startActivity',
  method: 'POST',
  path: '/activities',
  permission: 'activity.change',
  summary: 'Begin a record, as a draft',
  body: z.object({ content: activityContent, ownerPersonId, catalogueKey: z.string().max(60).optional() }),
  response: made,
  problems: ['data-invalid', 'not-allowed'],
})

export const startChange = endpoint({
  id: 'startActivityChange',
  method: 'POST',
  path: '/activities/:activityId/versions',
  permission: 'activity.change',
  summary: 'Begin a change: a draft of what counts, or of the version that is named',
  params: ofActivity,
  body: z.object({ from: s.id.optional() }),
  response: made,
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
    lock,
  }),
  response: z.object({ lock, remarks: z.array(remark) }),
  problems: ['not-found', 'not-allowed', 'conflict', 'data-invalid'],
})

const done = z.object({ activityId: s.id })
const act = (id: string, path: string, summary: string) => ({
  id,
  method: 'POST' as const,
  path: `/activities/:activityId/versions/:versionId/${path}`,
  summary,
  params: ofVersion,
  response: done,
})

export const proposeVersion = endpoint({
  ...act('proposeActivityVersion', 'proposed', 'Propose a draft: it can be put in force from here on'),
  permission: 'activity.change',
  body: z.object({ summary: z.string().trim().min(1).max(1000), effectiveOn: s.civilDate, lock }),
  problems: ['not-found', 'not-allowed', 'conflict', 'data-invalid'],
})

export const withdrawVersion = endpoint({
  ...act('withdrawActivityVersion', 'withdrawn', 'Take a draft or a proposal back'),
  permission: 'activity.change',
  body: z.object({ lock }),
  problems: ['not-found', 'not-allowed', 'conflict'],
})

export const putInForce = endpoint({
  ...act(
    'putActivityInForce',
    'in-force',
    'Put a proposal in force from a day; an earlier one than today as a correction',
  ),
  permission: 'activity.decide',
  body: z.object({ effectiveOn: s.civilDate, reason: z.string().trim().max(1000).nullable(), lock }),
  problems: ['not-found', 'not-allowed', 'conflict', 'second-person-needed', 'reason-needed', 'data-invalid'],
})

export const rejectVersion = endpoint({
  ...act('rejectActivityVersion', 'rejected', 'Reject a proposal with a reason'),
  permission: 'activity.decide',
  body: z.object({ reason, lock }),
  problems: ['not-found', 'not-allowed', 'conflict', 'second-person-needed'],
})

export const retireActivity = endpoint({
  id: 'retireActivity',
  method: 'POST',
  path: '/activities/:activityId/retired',
  permission: 'activity.decide',
  summary: 'End a record from a day. Nobody loses access by it',
  params: ofActivity,
  body: z.object({ from: s.civilDate, reason }),
  /** `asked`: rights rest on it, so that somebody else has to agree. */
  response: z.object({ activityId: s.id, state: z.enum(['asked', 'retired']) }),
  problems: ['not-found', 'not-allowed', 'conflict', 'data-invalid', 'second-person-needed'],
})

export const keepActivity = endpoint({
  id: 'keepActivity',
  method: 'POST',
  path: '/activities/:activityId/kept',
  permission: 'activity.decide',
  summary: 'It is not to be retired after all: what somebody asked for is dropped',
  params: ofActivity,
  body: z.object({}),
  response: done,
  problems: ['not-found', 'not-allowed', 'conflict'],
})

export const confirmActivity = endpoint({
  id: 'confirmActivity',
  method: 'POST',
  path: '/activities/:activityId/confirmed',
  permission: 'activity.decide',
  summary: 'Somebody who knows the law has looked at it: says so, or takes it back',
  params: ofActivity,
  body: z.object({ confirmed: z.boolean(), note: reason }),
  response: done,
  problems: ['not-found', 'not-allowed'],
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
  body: z.object({ versionId: s.id, asItIs: z.boolean(), note: reason }),
  response: done,
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
  body: z.object({ answer: z.enum(['followed', 'not-followed', 'partly']), note: reason }),
  response: done,
  problems: ['not-found', 'not-allowed', 'conflict'],
})

export const getRegisterSettings = endpoint({
  id: 'getRegisterSettings',
  path: '/register/settings',
  permission: 'activity.read',
  summary: 'Who is the controller, and whom a record names where it names nobody',
  response: z.object({ defaults: registerDefaults, allowed: z.object({ change: z.boolean() }) }),
})

export const changeRegisterSettings = endpoint({
  id: 'changeRegisterSettings',
  method: 'PUT',
  path: '/register/settings',
  permission: 'vocabulary.change',
  summary: 'Say who is the controller, the DPO and the representative',
  body: registerDefaults,
  response: registerDefaults,
})
