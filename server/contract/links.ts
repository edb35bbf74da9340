import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/**
 * Whose accounts are.
 *
 * POST   /correlation/accounts/search                    listLinkCases      the desk
 * GET    /correlation/accounts/:accountId                getLinkCase        one account, candidates side by side
 * POST   /correlation/accounts/:accountId/decisions      decideLink
 * POST   /correlation/decisions/:decisionId/undo         undoLinkDecision
 */

const count = z.number().int()
const reason = z.string().trim().max(1000)

/** Why an account stands where it does; the client has a text for each. */
export const linkReason = z.enum([
  'no-number',
  'number-unknown',
  'several-people',
  'contradiction',
  'two-links',
  'uncertain',
  'already-linked',
  'other-realm',
  'report-only',
  'not-personal',
  'by-intent',
  'out-of-scope',
  'left-out',
  'left-source',
])
/** By what a candidate was found. `name`, `email` and `username` never link: they are hints for a person. */
export const linkEvidence = z.enum([
  'source',
  'employee-no',
  'cpr',
  'attributes',
  'name',
  'email',
  'username',
  /** We ordered it for this person, under the name that it has. */
  'ordered',
  'manual',
])
export const linkFlags = z.object({
  /** The person has another account of the same source. */
  foundLinked: z.boolean(),
  /** Left out by a person's decision, or because its source says so (reason `left-out`). */
  outOfScope: z.boolean(),
  /** A feed never ends it: service, shared, test, ward tablet and administrator accounts. */
  protected: z.boolean(),
  /** A person has decided that it is nobody's. */
  byIntent: z.boolean(),
})
export const accountOwner = z.object({ person: s.personRef.nullable(), unit: s.unitRef.nullable() })

export const linkCase = z.object({
  id: s.id,
  source: z.string(),
  sourceName: z.object({ da: z.string(), en: z.string() }),
  username: z.string(),
  kind: s.accountKind,
  enabled: z.boolean(),
  situation: s.linkSituation,
  since: s.instant,
  /** The run that saw it come into this situation; null when a person's decision did. */
  runId: s.id.nullable(),
  flags: linkFlags,
  reason: linkReason.nullable(),
  evidence: linkEvidence.nullable(),
  /** 0 to 100; null where nothing was compared. */
  confidence: count.nullable(),
  /** People who may be behind it, as far as a rule found some. */
  candidates: count,
  person: s.personRef.nullable(),
  owner: accountOwner,
  /** Rights that are really held by it. */
  observed: count,
  decidedBy: z.enum(['rule', 'person']).nullable(),
})
export const listLinkCases = endpoint({
  id: 'listLinkCases',
  method: 'POST',
  path: '/correlation/accounts/search',
  kind: 'search',
  permission: 'link.read',
  summary: 'Accounts that wait for somebody to say whose they are, oldest first',
  body: z.object({
    text: z.string().trim().max(100).optional(),
    /** True: only what waits for somebody. False: everything, decided or not. */
    open: z.boolean().default(true),
    situation: s.linkSituation.optional(),
    flag: z.enum(['foundLinked', 'outOfScope', 'protected', 'byIntent']).optional(),
    reason: linkReason.optional(),
    source: z.string().max(100).optional(),
    kind: s.accountKind.optional(),
    enabled: z.boolean().optional(),
    /** In its situation for at least so many days. */
    olderThanDays: z.number().int().min(0).max(10_000).optional(),
    sort: z.enum(['age', 'username', 'rights']).default('age'),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(linkCase),
    total: count,
    /** Over the same filters without the situation. */
    counts: z.record(s.linkSituation, count),
    sources: z.array(z.object({ key: z.string(), name: z.object({ da: z.string(), en: z.string() }), open: count })),
  }),
})

/** One line of the comparison, differences first. Values are null where they are protected from the reader. */
export const comparedField = z.object({
  field: z.enum(['employeeNo', 'cpr', 'name', 'birthDate', 'email', 'unit', 'title', 'username', 'phone', 'realm']),
  result: z.enum(['same', 'similar', 'different', 'only-here', 'only-there', 'none']),
  here: z.string().nullable(),
  there: z.string().nullable(),
})
export const linkCandidate = z.object({
  person: s.personRef,
  personKind: s.personKind,
  status: s.affiliationStatus,
  title: z.string().nullable(),
  unit: s.unitRef.nullable(),
  evidence: linkEvidence,
  confidence: count,
  /** True: a rule found it. False: only a hint by name, e-mail or an earlier user name. */
  byRule: z.boolean(),
  /** Other accounts of the same source that are this person's already. */
  otherAccounts: count,
  /** A person has said that the account is not this person's. */
  ruledOut: z.boolean(),
  affiliations: z.array(
    z.object({
      id: s.id,
      kind: s.affiliationKind,
      status: s.affiliationStatus,
      employeeNo: z.string().nullable(),
      title: z.string().nullable(),
      unit: s.unitRef.nullable(),
      endsOn: s.civilDate.nullable(),
    }),
  ),
  compared: z.array(comparedField),
})
export const linkDecisionKind = z.enum([
  'link',
  'not-this-person',
  'nobody',
  'out-of-scope',
  'classify',
  'confirm-gone',
])
export const linkDecision = z.object({
  id: s.id,
  kind: linkDecisionKind,
  at: s.instant,
  /** Name of the user, or the user id where there is no name. */
  by: z.string(),
  reason: z.string().nullable(),
  person: s.personRef.nullable(),
  accountKind: s.accountKind.nullable(),
  undoneAt: s.instant.nullable(),
  undoneBy: z.string().nullable(),
})
export const linkCaseDetail = linkCase.extend({
  displayName: z.string().nullable(),
  email: z.string().nullable(),
  dn: z.string().nullable(),
  employeeNo: z.string().nullable(),
  description: z.string().nullable(),
  firstSeenAt: s.instant,
  goneAt: s.instant.nullable(),
  /** The same user name belonged to another account of this source before: nothing is inherited from it. */
  usernameUsedBefore: z.boolean(),
  /** Where the kind comes from. */
  kindBy: z.enum(['feed', 'rule', 'person']),
  kindRule: z.object({ id: s.id, pattern: z.string().nullable(), ou: z.string().nullable() }).nullable(),
  candidateList: z.array(linkCandidate),
  /** Newest first. */
  decisions: z.array(linkDecision),
  /** Sent back with a decision, so that it fits what was looked at. */
  version: z.string(),
  allowed: z.object({ decide: z.boolean(), undo: z.boolean() }),
})
export const getLinkCase = endpoint({
  id: 'getLinkCase',
  path: '/correlation/accounts/:accountId',
  permission: 'link.read',
  summary: 'An account with the people who may be behind it, side by side',
  params: z.object({ accountId: s.id }),
  response: linkCaseDetail,
  problems: ['not-found'],
})
export const decideLink = endpoint({
  id: 'decideLink',
  method: 'POST',
  path: '/correlation/accounts/:accountId/decisions',
  permission: 'link.decide',
  summary: 'Say whose an account is, that it is nobody’s, what kind it is, or that it is really gone',
  params: z.object({ accountId: s.id }),
  body: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('link'),
      version: z.string().max(200),
      personId: s.id,
      /** The affiliation it goes with; leave out for the person's primary one. */
      affiliationId: s.id.optional(),
      reason: reason.optional(),
    }),
    z.object({
      kind: z.literal('not-this-person'),
      version: z.string().max(200),
      personId: s.id,
      reason: reason.optional(),
    }),
    z.object({ kind: z.literal('nobody'), version: z.string().max(200), reason: reason.optional() }),
    z.object({ kind: z.literal('out-of-scope'), version: z.string().max(200), reason: reason.optional() }),
    z.object({
      kind: z.literal('classify'),
      version: z.string().max(200),
      accountKind: s.accountKind,
      /** Who answers for it: needed for every kind but `personal`; one of the two. */
      ownerPersonId: s.id.optional(),
      ownerUnitId: s.id.optional(),
      reason: reason.optional(),
    }),
    /** Only for an account that has left its source but is protected: a person says that it has really gone. */
    z.object({ kind: z.literal('confirm-gone'), version: z.string().max(200), reason: reason.optional() }),
  ]),
  response: z.object({ decisionId: s.id, situation: s.linkSituation, version: z.string() }),
  problems: ['not-found', 'conflict', 'reason-needed', 'not-allowed'],
})
export const undoLinkDecision = endpoint({
  id: 'undoLinkDecision',
  method: 'POST',
  path: '/correlation/decisions/:decisionId/undo',
  permission: 'link.decide',
  summary: 'Take the last decision about an account back: everything is as it was before it',
  params: z.object({ decisionId: s.id }),
  response: z.object({ accountId: s.id, situation: s.linkSituation, version: z.string() }),
  problems: ['not-found', 'not-allowed', 'conflict'],
})
