import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { entitlementLack } from './lists.ts'
import * as s from './shapes.ts'

/** What feeds say of an entitlement, and a person may say better: the person's word stands until it is released. */
export const entitlementAttribute = z.enum(['name', 'description', 'kind', 'sensitivity', 'privileged', 'constraints'])
export type EntitlementAttribute = z.output<typeof entitlementAttribute>
/** What a licence cap is compared with: people or accounts that hold it, or people who should. */
export const licenceCounts = z.enum(['people-held', 'accounts-held', 'people-expected'])
/** Who has to agree before a report gives it: the manager of the unit, the owner of the system, or its own owner. */
export const entitlementApproval = z.enum(['unit', 'system', 'right'])
export const entitlementStatus = z.enum(['active', 'retired'])

const reason = z.string().trim().min(5).max(500)
const text = (max: number) => z.string().trim().max(max)
/** What a right can be limited by and everything here understands. A system's feed may say others of its rights. */
export const CONSTRAINT_KINDS = ['unit', 'kle', 'sensitivity'] as const
const constraintKeys = z.array(text(60).min(1)).max(20)
const ref = z.object({ id: s.id, key: z.string(), name: z.string() })

export const entitlementRow = ref.extend({
  description: z.string().nullable(),
  kind: s.entitlementKind,
  sensitivity: s.sensitivity,
  privileged: z.boolean(),
  status: entitlementStatus,
  system: s.systemRef,
  /** Its own owner, or else the one of its system. */
  owner: s.personRef.nullable(),
  licence: z.object({ cap: z.number().int(), used: z.number().int(), counts: licenceCounts }).nullable(),
  lacks: z.array(entitlementLack),
})
export const listEntitlements = endpoint({
  id: 'listEntitlements',
  path: '/entitlements',
  permission: 'system.read',
  summary: 'What systems can give, and what of it nobody has described, owns or has licences enough for',
  query: z.object({
    text: z.string().trim().max(100).optional(),
    system: s.id.optional(),
    kind: s.entitlementKind.optional(),
    lack: entitlementLack.optional(),
    /** Only of systems that the reader owns. */
    own: z.stringbool().optional(),
    /** Only rights that may be given as emergency access. */
    emergency: z.stringbool().optional(),
    retired: z.stringbool().default(false),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(entitlementRow),
    total: z.number().int(),
    lacks: z.record(entitlementLack, z.number().int()),
  }),
})

/** Shown values of what differs between two versions; lists are joined by the client. */
const shown = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).nullable()
export const entitlementChange = z.object({ field: z.string(), before: shown, after: shown })

export const entitlementPage = entitlementRow.extend({
  technicalNote: z.string().nullable(),
  constraints: z.array(z.string()),
  ownOwner: s.personRef.nullable(),
  licenceCounts,
  /** null: as its sensitivity says. */
  approval: entitlementApproval.nullable(),
  /** May it be given for some hours when it cannot wait? */
  emergency: z.boolean(),
  source: z.string(),
  /** Which sources show who holds rights of its system; none: it is not read. */
  shownBy: z.array(z.string()),
  goneAt: s.instant.nullable(),
  /** As far as the reader may know of the people. */
  counts: z.object({
    expected: z.number().int(),
    observed: z.number().int(),
    missing: z.number().int(),
    unexplained: z.number().int(),
  }),
  /** Values that a person has set, with what the feed says. */
  setByHand: z.array(z.object({ attribute: entitlementAttribute, by: z.string(), at: s.instant, feed: shown })),
  /** Groups that give it, by which mapping. */
  groups: z.array(
    z.object({
      id: s.id,
      name: z.string(),
      source: z.string(),
      pattern: z.string(),
      origin: z.enum(['file', 'screen']),
      members: z.number().int(),
    }),
  ),
  includes: z.array(ref.extend({ system: s.systemRef })),
  includedIn: z.array(ref.extend({ system: s.systemRef })),
  roles: z.array(z.object({ key: z.string(), name: z.string() })),
  versions: z.array(
    z.object({
      version: z.number().int(),
      at: s.instant,
      by: z.string().nullable(),
      reason: z.string().nullable(),
      changes: z.array(entitlementChange),
    }),
  ),
  /** What feeds or files have changed since the last version. */
  since: z.array(entitlementChange),
  /** Fits one state of it: a change names the state that it was made from. */
  stamp: z.string(),
  allowed: z.object({ change: z.boolean(), retire: z.boolean(), restore: z.boolean() }),
})
export const getEntitlement = endpoint({
  id: 'getEntitlement',
  path: '/entitlements/:entitlementId',
  permission: 'system.read',
  summary: 'An entitlement: what it is, who says so, what it consists of, and its versions',
  params: z.object({ entitlementId: s.id }),
  response: entitlementPage,
  problems: ['not-found'],
})

export const changeEntitlement = endpoint({
  id: 'changeEntitlement',
  method: 'POST',
  path: '/entitlements/:entitlementId',
  permission: 'entitlement.change',
  summary: 'Say what an entitlement is; what a person says stands before what feeds say',
  params: z.object({ entitlementId: s.id }),
  body: z.object({
    stamp: z.string().max(100),
    reason,
    values: z
      .object({
        name: text(300).min(1),
        description: text(2000).nullable(),
        technicalNote: text(4000).nullable(),
        kind: s.entitlementKind,
        sensitivity: s.sensitivity,
        privileged: z.boolean(),
        constraints: constraintKeys,
        ownerPersonId: s.id.nullable(),
        licenceCap: z.number().int().min(0).max(10_000_000).nullable(),
        licenceCounts,
        approval: entitlementApproval.nullable(),
        emergency: z.boolean(),
        includes: z.array(s.id).max(200),
      })
      .partial(),
  }),
  response: z.object({ stamp: z.string() }),
  problems: ['not-found', 'not-allowed', 'conflict', 'entitlement-invalid'],
})
export const releaseEntitlement = endpoint({
  id: 'releaseEntitlement',
  method: 'POST',
  path: '/entitlements/:entitlementId/release',
  permission: 'entitlement.change',
  summary: 'Let the feed say these attributes again',
  params: z.object({ entitlementId: s.id }),
  body: z.object({ stamp: z.string().max(100), attributes: z.array(entitlementAttribute).min(1), reason }),
  response: z.object({ stamp: z.string() }),
  problems: ['not-found', 'not-allowed', 'conflict', 'entitlement-invalid'],
})
export const createEntitlement = endpoint({
  id: 'createEntitlement',
  method: 'POST',
  path: '/systems/:systemId/entitlements',
  permission: 'entitlement.change',
  summary: 'A right that no feed knows of',
  params: z.object({ systemId: s.id }),
  body: z.object({
    /** What stands after the system's key and the slash. */
    key: text(200).min(1),
    name: text(300).min(1),
    description: text(2000).nullable().default(null),
    kind: s.entitlementKind.default('role'),
    sensitivity: s.sensitivity.default('none'),
    privileged: z.boolean().default(false),
    constraints: constraintKeys.default([]),
    reason,
  }),
  response: z.object({ id: s.id, key: z.string() }),
  problems: ['not-found', 'not-allowed', 'entitlement-invalid'],
})
export const retireEntitlement = endpoint({
  id: 'retireEntitlement',
  method: 'POST',
  path: '/entitlements/:entitlementId/retire',
  permission: 'entitlement.change',
  summary: 'Take an entitlement out of use; refused while somebody holds it or a rule names it',
  params: z.object({ entitlementId: s.id }),
  body: z.object({ stamp: z.string().max(100), reason }),
  response: z.object({ stamp: z.string() }),
  problems: ['not-found', 'not-allowed', 'conflict', 'entitlement-in-use'],
})
export const restoreEntitlement = endpoint({
  id: 'restoreEntitlement',
  method: 'POST',
  path: '/entitlements/:entitlementId/restore',
  permission: 'entitlement.change',
  summary: 'Take a retired entitlement into use again',
  params: z.object({ entitlementId: s.id }),
  body: z.object({ stamp: z.string().max(100), reason }),
  response: z.object({ stamp: z.string() }),
  problems: ['not-found', 'not-allowed', 'conflict'],
})
