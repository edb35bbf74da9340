import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { mappingIssue, mappingOrigin } from './lists.ts'
import * as s from './shapes.ts'

/** Tried before all others, or after them. */
export const mappingPlace = z.enum(['first', 'last'])
/** Of one that stands already: where it is, too. */
export const changedPlace = z.enum(['keep', ...mappingPlace.options])
const pattern = z.string().trim().min(1).max(256)
const entitlementKey = z.string().trim().min(3).max(300)
const rightRef = z.object({ id: s.id, key: z.string(), name: z.string(), system: s.systemRef })

export const mappingRow = z.object({
  id: s.id,
  source: z.string(),
  pattern: z.string(),
  entitlement: z.string(),
  origin: mappingOrigin,
  /** Declared by a file and taken out on the screen: not in force. */
  off: z.boolean(),
  /** Groups that get a right by it, and accounts that hold one by these groups. */
  groups: z.number().int(),
  holders: z.number().int(),
  /** Groups that the pattern fits, whether or not another mapping is asked before. */
  caught: z.number().int(),
  issues: z.array(mappingIssue),
  changedAt: s.instant.nullable(),
  changedBy: z.string().nullable(),
})
export const listMappings = endpoint({
  id: 'listMappings',
  path: '/group-mappings',
  permission: 'rule.read',
  summary: 'Which directory groups become which rights, in the order in which the mappings are asked',
  query: z.object({
    text: z.string().trim().max(100).optional(),
    issue: mappingIssue.optional(),
    origin: mappingOrigin.optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(mappingRow),
    total: z.number().int(),
    /** Groups that give no right and that nobody has set aside. */
    unmappedGroups: z.number().int(),
    issues: z.record(mappingIssue, z.number().int()),
    sources: z.array(z.string()),
    allowed: z.object({ change: z.boolean() }),
  }),
})

/** Groups that two patterns of their source fit, with different rights of one system: the first decides. */
export const listMappingConflicts = endpoint({
  id: 'listMappingConflicts',
  path: '/group-mappings/conflicts',
  permission: 'rule.read',
  summary: 'Groups that two mappings would give different rights of one system',
  query: z.object({ mapping: s.id.optional(), ...s.page.shape }),
  response: z.object({
    rows: z.array(
      z.object({
        group: z.object({ id: s.id, name: z.string(), source: z.string() }),
        system: z.string(),
        wins: z.object({ mapping: s.id, pattern: z.string(), entitlement: z.string() }),
        loses: z.object({ mapping: s.id, pattern: z.string(), entitlement: z.string() }),
      }),
    ),
    total: z.number().int(),
  }),
})

export const previewPattern = endpoint({
  id: 'previewPattern',
  method: 'POST',
  path: '/group-mappings/pattern',
  kind: 'search',
  permission: 'mapping.change',
  summary: 'What a pattern catches, while one writes it',
  body: z.object({
    source: z.string().max(100),
    pattern,
    entitlement: z.string().trim().max(300).optional(),
    place: changedPlace.default('last'),
    /** The mapping that is being changed: its own old pattern takes nothing. */
    replaces: s.id.optional(),
    ...s.page.shape,
  }),
  response: z.object({
    total: z.number().int(),
    /** Of these: taken by an earlier mapping; given a right by this one; of a right that no system has. */
    taken: z.number().int(),
    given: z.number().int(),
    unknown: z.number().int(),
    /** Another mapping would give another right of the same system: one of the two wins. */
    conflicts: z.number().int(),
    problem: z.enum(['mapping-unknown-star', 'entitlement-key-invalid']).nullable(),
    /** A page of them: those that mappings disagree about first, then rights that no system has, then by name. */
    rows: z.array(
      z.object({
        id: s.id,
        name: z.string(),
        members: z.number().int(),
        gives: z.string().nullable(),
        known: z.boolean(),
        /** What it would give, if no earlier mapping took it. */
        taken: z.boolean(),
        conflict: z.boolean(),
        /** What it gives today; of several the first. */
        now: z.string().nullable(),
      }),
    ),
  }),
  problems: ['not-allowed'],
})

export const mappingStep = z.discriminatedUnion('do', [
  /** This very group gives this right. */
  z.object({ do: z.literal('map'), group: s.id, entitlement: s.id }),
  z.object({
    do: z.literal('add'),
    source: z.string().max(100),
    pattern,
    entitlement: entitlementKey,
    place: mappingPlace,
  }),
  /** It becomes this, and stays where it is asked unless it is moved. */
  z.object({
    do: z.literal('change'),
    mapping: s.id,
    source: z.string().max(100),
    pattern,
    entitlement: entitlementKey,
    place: changedPlace,
  }),
  z.object({ do: z.literal('remove'), mapping: s.id }),
  z.object({ do: z.literal('restore'), mapping: s.id }),
  /** The group is not about rights. */
  z.object({ do: z.literal('not-right'), group: s.id, reason: z.string().trim().min(3).max(500) }),
  z.object({ do: z.literal('reopen'), group: s.id }),
])
export type MappingStep = z.output<typeof mappingStep>
const steps = z.array(mappingStep).min(1).max(500)

export const mappingCounts = z.object({
  /** Groups whose rights change. */
  groups: z.number().int(),
  /** Rights that accounts would be seen to hold, and no longer; and the people behind these accounts. */
  gains: z.number().int(),
  losses: z.number().int(),
  gaining: z.number().int(),
  losing: z.number().int(),
  /** Deviations that would come and go. */
  deviationsAdded: z.number().int(),
  deviationsGone: z.number().int(),
  /** People who would get a deviation. */
  deviating: z.number().int(),
  /** Systems that were not read and are read by groups from now on. Absent from changes of before. */
  reads: z.array(s.systemRef).optional(),
  heldBack: z.array(z.object({ guard: z.string(), part: z.string(), count: z.number(), limit: z.number() })),
})
export type MappingCounts = z.output<typeof mappingCounts>
export const previewMappings = endpoint({
  id: 'previewMappings',
  method: 'POST',
  path: '/group-mappings/changes/preview',
  kind: 'search',
  permission: 'mapping.change',
  summary: 'What a change of mappings would do, without doing it',
  body: z.object({ steps }),
  response: mappingCounts.extend({
    hash: z.string(),
    /** At most twenty, those who would lose most first; people whom the reader may see. */
    examples: z.array(z.object({ person: s.personRef, gains: z.array(z.string()), losses: z.array(z.string()) })),
  }),
  problems: ['not-found', 'not-allowed', 'conflict', 'mapping-invalid'],
})
export const changeMappings = endpoint({
  id: 'changeMappings',
  method: 'POST',
  path: '/group-mappings/changes',
  permission: 'mapping.change',
  summary: 'Change mappings; above the guard a second person is asked',
  body: z.object({
    steps,
    /** Of the preview; a single group may be decided without one, and is taken back as easily. */
    hash: z.string().max(100).nullable(),
    reason: z.string().trim().max(500).optional(),
  }),
  response: mappingCounts.extend({ changeId: s.id, applied: z.boolean() }),
  problems: ['not-found', 'not-allowed', 'conflict', 'mapping-invalid', 'plan-stale'],
})
export const undoMappingChange = endpoint({
  id: 'undoMappingChange',
  method: 'POST',
  path: '/group-mappings/changes/:changeId/undo',
  permission: 'mapping.change',
  summary: 'The same change backwards, as a change of its own',
  params: z.object({ changeId: s.id }),
  response: mappingCounts.extend({ changeId: s.id, applied: z.boolean() }),
  problems: ['not-found', 'not-allowed', 'conflict'],
})
export const approveMappingChange = endpoint({
  id: 'approveMappingChange',
  method: 'POST',
  path: '/group-mappings/changes/:changeId/approve',
  permission: 'mapping.change',
  summary: 'A second person lets a large change of mappings through',
  params: z.object({ changeId: s.id }),
  response: mappingCounts.extend({ applied: z.boolean() }),
  problems: ['not-found', 'not-allowed', 'second-person-needed', 'plan-stale'],
})
export const rejectMappingChange = endpoint({
  id: 'rejectMappingChange',
  method: 'POST',
  path: '/group-mappings/changes/:changeId/reject',
  permission: 'mapping.change',
  summary: 'A change that waits is dropped',
  params: z.object({ changeId: s.id }),
  body: z.object({ reason: z.string().trim().min(5).max(500) }),
  response: z.object({ changeId: s.id }),
  problems: ['not-found', 'not-allowed'],
})
export const listMappingChanges = endpoint({
  id: 'listMappingChanges',
  path: '/group-mappings/changes',
  permission: 'mapping.read',
  summary: 'Changes of mappings that wait for a second person, then the latest',
  response: z.object({
    rows: z.array(
      z.object({
        id: s.id,
        state: z.enum(['held', 'applied', 'undone', 'rejected']),
        createdAt: s.instant,
        createdBy: z.string(),
        decidedAt: s.instant.nullable(),
        decidedBy: z.string().nullable(),
        reason: z.string().nullable(),
        counts: mappingCounts,
        /** In words: at most ten of its steps. */
        steps: z.array(z.object({ do: z.string(), what: z.string(), gives: z.string().nullable() })),
        stepCount: z.number().int(),
        undoes: s.id.nullable(),
        own: z.boolean(),
        allowed: z.object({ approve: z.boolean(), undo: z.boolean() }),
      }),
    ),
  }),
})

export const proposalLevel = z.enum(['strong', 'possible', 'weak', 'none'])
/** Why a right is proposed: a text key with its values. */
export const proposalReason = z.object({
  code: z.enum([
    'name',
    'description',
    'members',
    'few-members',
    'convention',
    'close',
    'privileged',
    'nested',
    'unit',
    /** Its people belong where those who hold the right do; or where the right's system does. */
    'units-holders',
    'units-system',
    'set-aside',
  ]),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type ProposalReason = z.output<typeof proposalReason>
export const proposal = z.object({
  entitlement: rightRef.extend({ sensitivity: s.sensitivity, privileged: z.boolean() }),
  confidence: z.number().int().min(0).max(100),
  level: proposalLevel,
  reasons: z.array(proposalReason),
})

export const searchGroups = endpoint({
  id: 'searchGroups',
  method: 'POST',
  path: '/group-mappings/groups/search',
  kind: 'search',
  permission: 'mapping.read',
  summary: 'Groups that nobody has mapped, with what they might give',
  body: z.object({
    text: z.string().trim().max(100).optional(),
    source: z.string().max(100).optional(),
    level: proposalLevel.optional(),
    /** Proposed to be set aside: not about rights. */
    notRight: z.boolean().optional(),
    /** Set aside already. */
    aside: z.boolean().default(false),
    sort: z.enum(['members', 'confidence', 'name']).default('members'),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(
      z.object({
        id: s.id,
        name: z.string(),
        source: z.string(),
        description: z.string().nullable(),
        people: z.number().int(),
        level: proposalLevel,
        confidence: z.number().int(),
        notRight: z.boolean(),
        entitlement: rightRef.nullable(),
        privileged: z.boolean(),
        /** May be accepted with others: strong, not privileged, and the reader's to decide. */
        bulk: z.boolean(),
      }),
    ),
    total: z.number().int(),
    counts: z.object({
      strong: z.number().int(),
      possible: z.number().int(),
      weak: z.number().int(),
      none: z.number().int(),
      notRight: z.number().int(),
      aside: z.number().int(),
    }),
    sources: z.array(z.string()),
    /** When proposals were worked out; null: they are being. */
    madeAt: s.instant.nullable(),
    allowed: z.object({ change: z.boolean(), aside: z.boolean() }),
  }),
})
export const getGroupCase = endpoint({
  id: 'getGroupCase',
  path: '/group-mappings/groups/:groupId',
  permission: 'mapping.read',
  summary: 'A group: who is in it, what it might give and why',
  params: z.object({ groupId: s.id }),
  response: z.object({
    id: s.id,
    name: z.string(),
    source: z.string(),
    description: z.string().nullable(),
    dn: z.string().nullable(),
    people: z.number().int(),
    accounts: z.number().int(),
    /** Some of the people in it whom the reader may see, and the units most of them are in. */
    members: z.array(z.object({ person: s.personRef, title: z.string().nullable(), unit: s.unitRef.nullable() })),
    units: z.array(z.object({ unit: s.unitRef, people: z.number().int() })),
    inside: z.array(z.object({ id: s.id, name: z.string(), mapped: z.boolean() })),
    contains: z.array(z.object({ id: s.id, name: z.string() })),
    gives: z.array(rightRef),
    aside: z.object({ reason: z.string(), by: z.string(), at: s.instant }).nullable(),
    notRight: z.boolean(),
    notRightReasons: z.array(proposalReason),
    candidates: z.array(proposal.extend({ allowed: z.boolean() })),
    allowed: z.object({ change: z.boolean(), aside: z.boolean() }),
  }),
  problems: ['not-found'],
})
