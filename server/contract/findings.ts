import { z } from 'zod'
import { accessBand } from './activity-content.ts'
import { endpoint } from './endpoint.ts'
import { licenceCounts } from './entitlements.ts'
import { findingAge, findingCode, findingListState, findingOwner, findingSeverity, findingState } from './lists.ts'
import * as s from './shapes.ts'

export type FindingCode = z.output<typeof findingCode>
/** Not worked out or shown before it is recorded that the employees' representatives have discussed it. */
export const GATED_CODES = ['dormant', 'outlier'] as const satisfies readonly FindingCode[]

export type FindingState = z.output<typeof findingState>
export const findingMode = z.enum(['off', 'counted', 'listed'])

/** Which of them. Without a state: those that wait for somebody, open ones. */
export const findingFilter = z.object({
  code: findingCode.optional(),
  severity: findingSeverity.optional(),
  state: findingListState.optional(),
  /** What was decided (or handed over) in one go, whatever has become of it. */
  batch: s.id.optional(),
  system: s.id.optional(),
  /** About this right: held, missing or itself what is wrong. */
  entitlement: s.id.optional(),
  /** At or below. */
  unit: s.id.optional(),
  owner: findingOwner.optional(),
  age: findingAge.optional(),
  person: s.id.optional(),
  /** About the record of a processing activity. */
  activity: s.id.optional(),
  /** Only those that have been handed to the reader. */
  mine: z.boolean().optional(),
  /** Also those of kinds that are only counted where they are. */
  counted: z.boolean().optional(),
})
const entitlementRef = z.object({ id: s.id, key: z.string(), name: z.string() })
const activityRef = z.object({ id: s.id, ref: z.string(), name: z.string() })
/** What the municipality calls a source; null: it is not declared any more. */
const sourceName = z.object({ da: z.string(), en: z.string() }).nullable()
const accountRef = z.object({
  ...{ id: s.id, source: z.string(), sourceName, username: z.string(), kind: s.accountKind },
})

const ruleFrom = z
  .object({ entitlement: z.string(), unit: z.string().nullable(), position: z.string().nullable() })
  .nullable()

/** Findings with one cause: one line, one decision. `key` goes back in as `cause`. */
export const findingGroup = z.object({
  key: z.string(),
  code: findingCode,
  /** Where they are all about one person. */
  person: s.personRef.nullable(),
  /** What they have in common: the first part of the cause. The client has words for each. */
  cause: z.string(),
  severity: findingSeverity,
  count: z.number().int(),
  people: z.number().int(),
  oldest: s.instant,
  owner: findingOwner,
  ownerPerson: s.personRef.nullable(),
  system: s.systemRef.nullable(),
  entitlement: entitlementRef.nullable(),
  unit: s.unitRef.nullable(),
  position: z.object({ key: z.string(), name: z.string() }).nullable(),
  rule: z.object({ key: z.string(), name: z.string() }).nullable(),
  source: z.string().nullable(),
  sourceName,
  /** The record of the register that it is about. */
  activity: activityRef.nullable(),
  /** For "explained by a rule": what the new rule's form starts from. */
  ruleFrom,
  /** The reader may settle some of it. */
  mayDecide: z.boolean(),
})
export const listFindingGroups = endpoint({
  id: 'listFindingGroups',
  method: 'POST',
  path: '/findings/groups',
  kind: 'search',
  permission: 'finding.read',
  summary: 'What does not fit, one line a cause; and how many of kinds that are counted and not listed',
  body: findingFilter.extend(s.page.shape),
  response: z.object({
    rows: z.array(findingGroup),
    total: z.number().int(),
    findings: z.number().int(),
    /** By kind over the same filters but the kind: those that are listed, and those that are only counted. */
    codes: z.array(z.object({ code: findingCode, listed: z.number().int(), counted: z.number().int() })),
    notice: z.boolean(),
    /** When everybody was last compared with everybody, of which outliers come; null: not yet, or not to be done. */
    comparedAt: s.instant.nullable(),
    /** What the filter asks for, by name; null: it does not, or the reader may not know. */
    about: z.object({
      system: z.string().nullable(),
      entitlement: z.string().nullable(),
      unit: z.string().nullable(),
      person: s.personRef.nullable(),
      activity: z.string().nullable(),
    }),
  }),
})

/** The order that a mark for removal has become: waits for a second person, on its way, needs a look, carried out. */
const removalOrder = z.object({ id: s.id, stage: z.enum(['held', 'ordered', 'stuck', 'done']) }).nullable()

/** Words and numbers of the evidence. Never a time of use. */
export const findingDetail = z.object({
  holders: z.number().int().optional(),
  of: z.number().int().optional(),
  cap: z.number().int().optional(),
  /** What of a licence is counted against the cap. */
  counts: licenceCounts.optional(),
  limits: z.array(z.string()).optional(),
  situation: z.string().optional(),
  why: z.string().optional(),
  /** Categories of data, as the vocabulary calls them. */
  terms: z.array(z.object({ code: z.string(), da: z.string(), en: z.string() })).optional(),
  /** Purposes, KLE numbers: what is wrong, by name. */
  names: z.array(z.string()).optional(),
  /** What a record says of how many people have access. */
  stated: accessBand.optional(),
  /** The words that say why a right is needed. */
  words: z.string().optional(),
  /** On how many bindings the same words stand. */
  copies: z.number().int().optional(),
  until: s.civilDate.optional(),
})
export const findingRow = z.object({
  id: s.id,
  code: findingCode,
  cause: z.string(),
  severity: findingSeverity,
  state: findingState,
  since: s.instant,
  until: s.civilDate.nullable(),
  reason: z.string().nullable(),
  decidedAt: s.instant.nullable(),
  decidedBy: z.string().nullable(),
  /** Marked for removal long enough ago that it should be gone by now. */
  overdue: z.boolean(),
  person: s.personRef.nullable(),
  title: z.string().nullable(),
  unit: s.unitRef.nullable(),
  account: accountRef.nullable(),
  system: s.systemRef.nullable(),
  entitlement: entitlementRef.extend({ sensitivity: s.sensitivity, privileged: z.boolean() }).nullable(),
  activity: activityRef.nullable(),
  owner: findingOwner,
  ownerPerson: s.personRef.nullable(),
  /** By which it is settled, in force now: until when (the first day it no longer holds), and who answers for it. */
  exception: z.object({ until: s.civilDate, owner: s.personRef.nullable() }).nullable(),
  /** Who it has been handed to. */
  assignee: s.personRef.nullable(),
  detail: findingDetail,
})
export const listFindings = endpoint({
  id: 'listFindings',
  method: 'POST',
  path: '/findings/search',
  kind: 'search',
  permission: 'finding.read',
  summary: 'Findings, those of one cause or those that a filter leaves',
  body: findingFilter.extend({ cause: z.string().max(300).optional(), ...s.page.shape }),
  response: z.object({ rows: z.array(findingRow), total: z.number().int() }),
})

export const settleAction = z.enum(['explained', 'exception', 'removal', 'accept', 'not-a-finding', 'reopen', 'end'])
export type SettleAction = z.output<typeof settleAction>
/** Which actions settle a kind, beside those that fit all. */
export const ACTIONS_OF: Record<FindingCode, readonly SettleAction[]> = {
  unexplained: ['explained', 'exception', 'removal', 'accept', 'not-a-finding', 'reopen', 'end'],
  mover: ['explained', 'exception', 'removal', 'accept', 'not-a-finding', 'reopen', 'end'],
  'still-held': ['exception', 'removal', 'accept', 'not-a-finding', 'reopen', 'end'],
  missing: ['accept', 'not-a-finding', 'reopen'],
  'leaver-active': ['removal', 'accept', 'not-a-finding', 'reopen'],
  privileged: ['removal', 'accept', 'not-a-finding', 'reopen'],
  orphan: ['removal', 'accept', 'not-a-finding', 'reopen'],
  unlinked: ['accept', 'not-a-finding', 'reopen'],
  dormant: ['removal', 'accept', 'not-a-finding', 'reopen'],
  shared: ['removal', 'accept', 'not-a-finding', 'reopen'],
  'outside-limit': ['removal', 'accept', 'not-a-finding', 'reopen'],
  'licence-over': ['accept', 'not-a-finding', 'reopen'],
  outlier: ['explained', 'removal', 'accept', 'not-a-finding', 'reopen'],
  'exception-ending': ['exception', 'accept', 'not-a-finding', 'reopen', 'end'],
  'no-purpose': ['accept', 'not-a-finding', 'reopen'],
  'purpose-ended': ['accept', 'not-a-finding', 'reopen'],
  'not-in-register': ['accept', 'not-a-finding', 'reopen'],
  'no-legal-basis': ['accept', 'not-a-finding', 'reopen'],
  'no-condition': ['accept', 'not-a-finding', 'reopen'],
  'outside-task': ['removal', 'accept', 'not-a-finding', 'reopen'],
  'kle-wider': ['accept', 'not-a-finding', 'reopen'],
  'sensitivity-above': ['accept', 'not-a-finding', 'reopen'],
  unlimited: ['accept', 'not-a-finding', 'reopen'],
  'empty-words': ['accept', 'not-a-finding', 'reopen'],
  'data-not-stated': ['accept', 'not-a-finding', 'reopen'],
  'reach-differs': ['accept', 'not-a-finding', 'reopen'],
  'log-unchecked': ['accept', 'not-a-finding', 'reopen'],
  'no-agreement': ['accept', 'not-a-finding', 'reopen'],
  'no-dpia': ['accept', 'not-a-finding', 'reopen'],
  'no-transfer-ground': ['accept', 'not-a-finding', 'reopen'],
  'consent-unchecked': ['accept', 'not-a-finding', 'reopen'],
}

/**
 * Where the numbered questions of the register are answered: each by one kind of finding, some of which ask it for other
 * reasons, too. Null: answered by work that is not there yet (reviews, requests).
 */
export const FINDING_NUMBERS = {
  F01: 'not-in-register',
  F02: 'no-purpose',
  F03: 'no-legal-basis',
  F04: 'no-condition',
  F05: 'outside-task',
  F06: 'kle-wider',
  F07: 'sensitivity-above',
  F08: 'unlimited',
  F09: 'leaver-active',
  F10: 'mover',
  F11: null,
  F12: 'purpose-ended',
  /** Shown after 90 days as low, since that is what managers are shown; after 180 it is what F13 asks, and medium. */
  F13: 'dormant',
  F14: 'shared',
  F15: 'log-unchecked',
  F16: 'privileged',
  F17: 'no-agreement',
  F18: 'no-dpia',
  F19: 'no-transfer-ground',
  F20: 'empty-words',
  F21: 'data-not-stated',
  F22: 'reach-differs',
  F23: null,
  F24: 'consent-unchecked',
} as const satisfies Record<string, FindingCode | null>

export const findingHistory = z.object({
  at: s.instant,
  action: z.string(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  until: s.civilDate.nullable(),
})
export const getFinding = endpoint({
  id: 'getFinding',
  path: '/findings/:findingId',
  permission: 'finding.read',
  summary: 'A finding with its evidence, what was done about it, and what the reader may do',
  params: z.object({ findingId: s.id }),
  response: findingRow.extend({
    /** Every way by which it is held: account and groups from it outwards; the last group is the one to take out of. */
    paths: z.array(
      z.object({ accountId: s.id, username: z.string(), source: z.string(), groups: z.array(z.string()) }),
    ),
    /** For "explained by a rule": what the new rule's form starts from. */
    ruleFrom,
    history: z.array(findingHistory),
    order: removalOrder,
    allowed: z.array(settleAction),
  }),
  problems: ['not-found'],
})

/** Either ids, or everything that a filter (and a cause) leaves. */
export const findingChoice = z.object({
  ids: z.array(s.id).max(5000).optional(),
  filter: findingFilter.extend({ cause: z.string().max(300).optional() }).optional(),
})
const settling = z.object({
  action: settleAction,
  choice: findingChoice,
  /** The first day on which it no longer holds: exception and accept. */
  until: s.civilDate.optional(),
})
export const previewSettle = endpoint({
  id: 'previewSettle',
  method: 'POST',
  path: '/findings/settle-preview',
  kind: 'search',
  permission: 'finding.settle',
  summary: 'How many of the chosen findings an action settles, and why it does not settle the others',
  body: settling,
  response: z.object({
    fits: z.number().int(),
    of: z.number().int(),
    people: z.number().int(),
    refused: z.array(
      z.object({
        why: z.enum(['wrong-kind', 'decided-already', 'not-yours', 'no-exception']),
        count: z.number().int(),
      }),
    ),
    /** Of exactly these; goes back in when it is done. */
    hash: z.string(),
  }),
})
export const settleFindings = endpoint({
  id: 'settleFindings',
  method: 'POST',
  path: '/findings/settle',
  permission: 'finding.settle',
  summary: 'Settle findings in one go; can be undone',
  body: settling.extend({
    /** Of an exception: who answers for it. Without: whoever decides. */
    ownerPersonId: s.id.optional(),
    reason: z.string().trim().max(500).default(''),
    hash: z.string(),
  }),
  response: z.object({ batchId: s.id, settled: z.number().int() }),
  problems: ['reason-needed', 'plan-stale', 'data-invalid'],
})
export const listSettlers = endpoint({
  id: 'listSettlers',
  method: 'POST',
  path: '/findings/settlers',
  kind: 'search',
  permission: 'finding.settle',
  summary: 'Who the chosen findings can be handed to: people who may settle them, those who may settle most first',
  /** `own`: who can answer for an exception of all of them, also of what has been decided already. */
  body: z.object({ choice: findingChoice, own: z.boolean().default(false) }),
  response: z.object({
    of: z.number().int(),
    people: z.array(z.object({ person: s.personRef, owner: findingOwner, fits: z.number().int() })),
  }),
})
export const assignFindings = endpoint({
  id: 'assignFindings',
  method: 'POST',
  path: '/findings/assign',
  permission: 'finding.settle',
  summary: 'Hand findings to a person who may settle them (null: to nobody in particular); can be undone',
  body: z.object({ choice: findingChoice, personId: s.id.nullable() }),
  response: z.object({
    batchId: s.id,
    assigned: z.number().int(),
    /** Not handed over: settled already, not the reader’s or not that person’s to settle, or that person’s already. */
    left: z.number().int(),
  }),
  problems: ['not-found', 'conflict'],
})
export const undoSettle = endpoint({
  id: 'undoSettle',
  method: 'POST',
  path: '/findings/settle/:batchId/undo',
  permission: 'finding.settle',
  summary: 'Undo what was settled or handed over in one go, where nobody has decided anything since',
  params: z.object({ batchId: s.id }),
  response: z.object({ restored: z.number().int() }),
  problems: ['not-found', 'conflict'],
})

export const listRemovals = endpoint({
  id: 'listRemovals',
  method: 'POST',
  path: '/findings/removals',
  kind: 'search',
  permission: 'finding.read',
  summary:
    'What is marked for removal in a system, with the account and the group to take it out of, or the limit to take off: to export',
  body: z.object({ system: s.id.optional() }),
  response: z.object({
    rows: z.array(
      z.object({
        system: z.string().nullable(),
        entitlement: z.string().nullable(),
        source: z.string(),
        username: z.string(),
        /** Groups from the account outwards; empty where the system itself lists the right, or the account is to go. */
        path: z.array(z.string()),
        /** Limits to take away, where the right itself stays; empty: all of it is to go. */
        limits: z.array(z.string()),
        reason: z.string().nullable(),
        markedAt: s.instant.nullable(),
        overdue: z.boolean(),
        order: removalOrder,
      }),
    ),
  }),
})

export const getFindingTrend = endpoint({
  id: 'getFindingTrend',
  path: '/findings/trend',
  permission: 'finding.read',
  summary: 'How many were open day by day, by kind',
  query: z.object({
    system: s.id.optional(),
    unit: s.id.optional(),
    days: z.coerce.number().int().min(7).max(730).default(90),
  }),
  response: z.object({
    days: z.array(z.object({ on: s.civilDate, code: findingCode, open: z.number().int() })),
    /** Names of the system and the unit that is asked for. */
    about: z.object({ system: z.string().nullable(), unit: z.string().nullable() }),
  }),
})

export const listDecisions = endpoint({
  id: 'listDecisions',
  path: '/findings/decisions',
  permission: 'finding.settle',
  summary: 'What was decided or handed over in one go during the last 30 days, the latest first',
  query: s.page,
  response: z.object({
    total: z.number().int(),
    rows: z.array(
      z.object({
        batchId: s.id,
        at: s.instant,
        by: z.string().nullable(),
        /** An action, or `assigned`. */
        action: z.union([settleAction, z.literal('assigned')]),
        /** Findings that the reader may know of; and of those, how many nobody has decided about since. */
        count: z.number().int(),
        left: z.number().int(),
        reason: z.string().nullable(),
        until: s.civilDate.nullable(),
        /** Whom they were handed to. */
        to: s.personRef.nullable(),
        mayUndo: z.boolean(),
      }),
    ),
  }),
})
