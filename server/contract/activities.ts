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
export const activityReason = z.string().trim().min(5).max(1000)
export const versionLock = z.number().int()
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

export const ofActivity = z.object({ activityId: s.id })
export const activityDone = z.object({ activityId: s.id })

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
        lock: versionLock,
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

export const versionMade = z.object({ activityId: s.id, versionId: s.id })
/** A person whose main employment answers for the record; as the content says where left out. */
export const ownerPersonId = s.id.optional()

export const startActivity = endpoint({
  id: 'startActivity',
  method: 'POST',
  path: '/activities',
  permission: 'activity.change',
  summary: 'Begin a record, as a draft',
  body: z.object({ content: activityContent, ownerPersonId, catalogueKey: z.string().max(60).optional() }),
  response: versionMade,
  problems: ['data-invalid', 'not-allowed'],
})

export const retireActivity = endpoint({
  id: 'retireActivity',
  method: 'POST',
  path: '/activities/:activityId/retired',
  permission: 'activity.decide',
  summary: 'End a record from a day. Nobody loses access by it',
  params: ofActivity,
  body: z.object({ from: s.civilDate, reason: activityReason }),
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
  response: activityDone,
  problems: ['not-found', 'not-allowed', 'conflict'],
})

export const confirmActivity = endpoint({
  id: 'confirmActivity',
  method: 'POST',
  path: '/activities/:activityId/confirmed',
  permission: 'activity.decide',
  summary: 'Somebody who knows the law has looked at it: says so, or takes it back',
  params: ofActivity,
  body: z.object({ confirmed: z.boolean(), note: activityReason }),
  response: activityDone,
  problems: ['not-found', 'not-allowed'],
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
