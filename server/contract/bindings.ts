import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { bindingLevel, confidence, operation } from './register-lists.ts'
import * as s from './shapes.ts'

/** From what a proposal was made. */
export const proposalSource = z.enum(['limits-kle', 'system-kle', 'record-systems', 'name'])

/** What is bound. Exactly the fields of its level. */
export const bindingObject = z.discriminatedUnion('level', [
  z.strictObject({ level: z.literal('system'), systemId: s.id }),
  z.strictObject({ level: z.literal('entitlement'), entitlementId: s.id }),
  z.strictObject({ level: z.literal('group'), groupId: s.id }),
  z.strictObject({ level: z.literal('role'), roleKey: z.string().min(1).max(200) }),
  z.strictObject({ level: z.literal('rule'), ruleKey: z.string().min(1).max(200) }),
  z.strictObject({ level: z.literal('assignment'), affiliationId: s.id, entitlementId: s.id }),
])

/** What is said of a binding, before anything is taken for granted. */
const said = {
  purposeKey: z.string().min(1).max(40),
  /** Of the categories of the activity; null: all of them. */
  subjects: z.array(z.string().max(60)).min(1).max(50).nullable(),
  data: z.array(z.string().max(60)).min(1).max(80).nullable(),
  operations: z.array(operation).max(4),
  /** By type of limit: `kle`, `unit`, `sensitivity`. Empty: whatever the limits of the right are. */
  scope: z.record(z.string().max(60), z.array(z.string().min(1).max(100)).min(1).max(100)),
  /** Why this work needs this right: words of whoever knows the work. */
  necessity: z.string().trim().min(10).max(1000),
  /** Last day on which it counts; null: until it is ended. */
  until: s.civilDate.nullable(),
  reviewMonths: z.number().int().min(1).max(60),
}
/** What is said of the binding itself; the legal basis follows from the purpose and is never said here. */
export const bindingTerms = z.object({
  ...said,
  activityId: s.id,
  subjects: said.subjects.default(null),
  data: said.data.default(null),
  operations: said.operations.default([]),
  scope: said.scope.default({}),
  until: said.until.default(null),
  reviewMonths: said.reviewMonths.default(12),
})
/** What somebody says otherwise than a proposal does. What is not said stays as proposed: nothing here has a default. */
export const bindingAdjustment = z.object(said).partial()

const activityRef = z.object({ id: s.id, ref: z.string(), name: z.string() })
export const bindingRow = z.object({
  id: s.id,
  object: bindingObject,
  /** What it is called on a screen. */
  label: z.string(),
  /** Of one holding of a right: the job and its unit. */
  detail: z.string().nullable(),
  system: s.systemRef.nullable(),
  activity: activityRef,
  purpose: z.object({ key: z.string(), name: z.string() }),
  subjects: z.array(z.string()).nullable(),
  data: z.array(z.string()).nullable(),
  operations: z.array(operation),
  scope: z.record(z.string(), z.array(z.string())),
  necessity: z.string(),
  origin: z.enum(['manual', 'proposed', 'imported']),
  proposalSource: proposalSource.nullable(),
  confidence: confidence.nullable(),
  proposedBy: z.string().nullable(),
  proposedAt: s.instant,
  /** Null: waits for the system's owner, and does not count until then. */
  approvedBy: z.string().nullable(),
  approvedAt: s.instant.nullable(),
  from: s.civilDate,
  to: s.civilDate.nullable(),
  reviewMonths: z.number().int(),
  reviewOn: s.civilDate.nullable(),
  /** It is time to say whether it is still true. */
  reviewDue: z.boolean(),
  /** Every system whose rights it speaks of: a group may give rights in several. */
  systems: z.array(s.systemRef),
  /** What ends when somebody says yes to this one. */
  replaces: z.object({ id: s.id, activity: activityRef }).nullable(),
  allowed: z.object({ change: z.boolean(), approve: z.boolean(), confirm: z.boolean() }),
})
export type BindingRow = z.output<typeof bindingRow>

export const searchBindings = endpoint({
  id: 'searchBindings',
  method: 'POST',
  path: '/bindings/search',
  kind: 'search',
  permission: 'binding.read',
  summary: 'Bindings of rights to purposes: those in force, and those that wait for a yes',
  body: z.object({
    system: s.id.optional(),
    activity: s.id.optional(),
    level: bindingLevel.optional(),
    /** `review`: counts, and it is time to say whether it is still true. */
    state: z.enum(['waits', 'counts', 'review']).optional(),
    /** What speaks of one right: its own, of groups that give it, and of its system. */
    entitlement: s.id.optional(),
    /** What is said of one job's holding of a right; with `entitlement`. */
    affiliation: s.id.optional(),
    role: z.string().min(1).max(200).optional(),
    rule: z.string().min(1).max(200).optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(bindingRow),
    total: z.number().int(),
    waiting: z.number().int(),
    /** Of those that count, how many it is time to look at. */
    due: z.number().int(),
    /** Whether the reader may say something of rights at all; the record decides. */
    allowed: z.object({ make: z.boolean() }),
  }),
})

export const makeBinding = endpoint({
  id: 'makeBinding',
  method: 'POST',
  path: '/bindings',
  permission: 'binding.change',
  summary:
    'Say why a right may be held; counts at once where the system is one’s own, else when its owner has said yes',
  body: bindingTerms.extend({ object: bindingObject }),
  response: z.object({ id: s.id, counts: z.boolean() }),
  problems: ['not-found', 'invalid-request', 'conflict'],
})

/** Another word about the same object: the one before is ended and kept. */
export const changeBinding = endpoint({
  id: 'changeBinding',
  method: 'PUT',
  path: '/bindings/:bindingId',
  permission: 'binding.change',
  summary: 'Say it otherwise; what was said before stays to be read',
  params: z.object({ bindingId: s.id }),
  body: bindingTerms,
  response: z.object({ id: s.id, counts: z.boolean() }),
  problems: ['not-found', 'invalid-request', 'conflict'],
})

export const approveBinding = endpoint({
  id: 'approveBinding',
  method: 'POST',
  path: '/bindings/:bindingId/approve',
  permission: 'binding.approve',
  summary: 'The owner of the system agrees: it counts from now on',
  params: z.object({ bindingId: s.id }),
  body: z.object({}),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'conflict', 'second-person-needed'],
})

export const confirmBinding = endpoint({
  id: 'confirmBinding',
  method: 'POST',
  path: '/bindings/:bindingId/confirm',
  permission: 'binding.approve',
  summary: 'Still true: whoever answers for it has looked, and it is looked at again after its rhythm',
  params: z.object({ bindingId: s.id }),
  body: z.object({ note: z.string().trim().max(500).nullable().default(null) }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'not-allowed', 'conflict', 'second-person-needed'],
})

export const endBinding = endpoint({
  id: 'endBinding',
  method: 'POST',
  path: '/bindings/:bindingId/end',
  permission: 'binding.change',
  summary: 'It no longer counts. Nobody loses a right by it: what has no purpose then is a finding',
  params: z.object({ bindingId: s.id }),
  body: z.object({ reason: z.string().trim().min(5).max(500) }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'conflict'],
})

/** A proposal is named by what is bound and to what; it is computed when it is asked for. */
export const proposal = z.object({
  key: z.string(),
  object: bindingObject,
  label: z.string(),
  system: s.systemRef,
  activity: activityRef,
  purpose: z.object({ key: z.string(), name: z.string() }),
  source: proposalSource,
  confidence,
  /** What it is made from: KLE numbers, words that are alike. */
  evidence: z.array(z.string()),
  scope: z.record(z.string(), z.array(z.string())),
  necessity: z.string(),
  /** People who hold what is bound, or should. */
  people: z.number().int(),
  /** The owner of the system may say yes; IT may too where it has none. */
  allowed: z.object({ decide: z.boolean() }),
})
export type Proposal = z.output<typeof proposal>

export const searchProposals = endpoint({
  id: 'searchProposals',
  method: 'POST',
  path: '/bindings/proposals/search',
  kind: 'search',
  permission: 'binding.read',
  summary: 'What rights might be for, with what says so; strongest first, by system',
  body: z.object({
    system: s.id.optional(),
    confidence: confidence.optional(),
    /** Only those that may be accepted together: not those that rest on names alone. */
    together: z.boolean().optional(),
    ...s.page.shape,
  }),
  response: z.object({
    rows: z.array(proposal),
    total: z.number().int(),
    systems: z.array(s.systemRef.extend({ proposals: z.number().int() })),
  }),
})

export const decideProposals = endpoint({
  id: 'decideProposals',
  method: 'POST',
  path: '/bindings/proposals/decide',
  permission: 'binding.approve',
  summary: 'Accept, adjust or reject proposals; together at most 500, weak ones one at a time',
  body: z.object({
    decisions: z
      .array(
        z.discriminatedUnion('action', [
          z.object({ action: z.literal('accept'), key: z.string().max(500), terms: bindingAdjustment.optional() }),
          z.object({
            action: z.literal('reject'),
            key: z.string().max(500),
            reason: z.string().trim().min(5).max(500),
          }),
        ]),
      )
      .min(1)
      .max(500),
  }),
  response: z.object({ batchId: s.id, accepted: z.number().int(), rejected: z.number().int() }),
  problems: ['not-found', 'invalid-request', 'conflict'],
})

export const undoBindings = endpoint({
  id: 'undoBindings',
  method: 'POST',
  path: '/bindings/batches/:batchId/undo',
  permission: 'binding.approve',
  summary: 'Take back what was decided together, where nobody has decided since',
  params: z.object({ batchId: s.id }),
  body: z.object({}),
  response: z.object({ undone: z.number().int() }),
  problems: ['not-found', 'conflict'],
})

const coverage = z.object({
  rights: z.number().int(),
  withPurpose: z.number().int(),
  areas: z.array(z.object({ area: z.string().nullable(), rights: z.number().int(), withPurpose: z.number().int() })),
  days: z.array(z.object({ on: s.civilDate, rights: z.number().int(), withPurpose: z.number().int() })),
})
export type CoverageFigures = z.output<typeof coverage>

export const getCoverage = endpoint({
  id: 'getCoverage',
  path: '/bindings/coverage',
  permission: 'binding.read',
  summary: 'How many rights that people hold have a purpose, by area of the systems',
  response: coverage,
})

/** The figure that everybody sees who reads the register: a share, about nobody. */
export const getWholeCoverage = endpoint({
  id: 'getWholeCoverage',
  path: '/register/coverage',
  permission: 'activity.read',
  summary: 'How many rights have a purpose: everywhere and over time, or of one system or unit',
  query: z.object({ system: s.id.optional(), unit: s.id.optional() }),
  response: coverage,
})
