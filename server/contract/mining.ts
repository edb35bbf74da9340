import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

/** Roles proposed from the rights that people hold: runs, proposals, and what a person decided about each. */

const count = z.number().int()

/** Whose rights and which rights are looked at. Only active employees ever are. */
export const miningScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  /** The unit and all below it. */
  z.object({ kind: z.literal('unit'), id: s.id }),
  /** Systems of one area, by the area's name. */
  z.object({ kind: z.literal('area'), area: z.string().trim().min(1).max(200) }),
  z.object({ kind: z.literal('system'), id: s.id }),
])
export type MiningScope = z.output<typeof miningScope>

/** `few`: exactly what is held, fewest roles. `light`: exactly, least to look after. `broad`: most of it, few broad roles. */
export const miningAim = z.enum(['few', 'light', 'broad'])
export const miningOptions = z.object({
  /** Only for `broad`: share of what is held that the roles shall give, and people a role must have. */
  share: z.number().min(0.5).max(0.99).default(0.8),
  people: z.number().int().min(2).max(100).default(5),
  /** Leave out rights that somebody has decided about: exceptions with a date, marked for removal, accepted for now. */
  withoutDecided: z.boolean().default(true),
  /** Only what no rule explains today. */
  unexplainedOnly: z.boolean().default(false),
})
export type MiningOptions = z.output<typeof miningOptions>

/** `stopped`: somebody stopped it and took the best so far. `interrupted`: its process died; it can be begun anew. */
export const miningState = z.enum(['running', 'done', 'stopped', 'failed', 'interrupted'])
export const proposalState = z.enum(['open', 'accepted', 'rejected'])
export type ProposalState = z.output<typeof proposalState>
export const miningPhase = z.enum(['reading', 'few', 'light', 'broad', 'describing'])

/**
 * How much order there is in what is held. `none`: the roles are hardly less to look after than the rights one by one,
 * and `some`: they are less, but not by half.
 */
export const miningStructure = z.enum(['good', 'some', 'none'])

const runRow = z.object({
  id: s.id,
  scope: miningScope,
  /** Of the unit or system; of an area its own name; null: the whole municipality, or gone since. */
  scopeName: z.string().nullable(),
  aim: miningAim,
  options: miningOptions,
  state: miningState,
  startedAt: s.instant,
  startedBy: z.string(),
  endedAt: s.instant.nullable(),
  proposals: z.object({ open: count, accepted: count, rejected: count }),
})
export type MiningRunRow = z.output<typeof runRow>

/** Employees in this unit or below, in this position, with these kinds of affiliation. Null: any. */
const description = z.object({
  unit: z.object({ key: z.string(), name: z.string() }).nullable(),
  position: z.object({ key: z.string(), name: z.string() }).nullable(),
})
/** `meets`: people whom the description fits; `hits`: of them those who hold the role; `newly`: who would get something. */
const fit = { holders: count, hits: count, meets: count, newly: count }

const proposalRow = z.object({
  nr: count,
  state: proposalState,
  /** Given when it was accepted. */
  name: z.string().nullable(),
  rights: count,
  systems: count,
  /** The most sensitive of its rights. */
  sensitivity: s.sensitivity,
  privileged: z.boolean(),
  description,
  ...fit,
})
export type ProposalRow = z.output<typeof proposalRow>

const one = z.object({ runId: s.id })
const oneProposal = one.extend({ nr: z.coerce.number().int().min(1).max(1_000_000) })

export const listMiningRuns = endpoint({
  id: 'listMiningRuns',
  path: '/mining/runs',
  permission: 'mining.read',
  summary: 'Runs that propose roles from what is held, the latest first, and what may be looked at',
  query: s.page,
  response: z.object({
    rows: z.array(runRow),
    total: count,
    may: z.object({
      /** Begin a run, of anything (`all`) or only of own systems (`own`). */
      start: z.enum(['all', 'own', 'no']),
    }),
  }),
})
export const listMiningScopes = endpoint({
  id: 'listMiningScopes',
  path: '/mining/scopes',
  permission: 'mining.run',
  summary: 'Units, areas and systems that a run may be about',
  response: z.object({
    all: z.boolean(),
    units: z.array(z.object({ id: s.id, name: z.string(), level: count, people: count })),
    areas: z.array(z.object({ area: z.string(), systems: count })),
    /** Systems in which somebody is seen to hold something. */
    systems: z.array(z.object({ id: s.id, name: z.string(), rights: count })),
  }),
})
export const startMining = endpoint({
  id: 'startMining',
  method: 'POST',
  path: '/mining/runs',
  permission: 'mining.run',
  summary: 'Begin to look for roles in what is held; one run at a time for each scope',
  body: z.object({ scope: miningScope, aim: miningAim, options: miningOptions }),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'conflict', 'data-invalid'],
})
export const getMiningRun = endpoint({
  id: 'getMiningRun',
  path: '/mining/runs/:runId',
  permission: 'mining.read',
  summary: 'A run with how far it is, and a page of its proposals, those that cover most first',
  params: one,
  query: s.page.extend({ state: proposalState.optional() }),
  response: z.object({
    run: runRow,
    progress: z
      .object({
        phase: miningPhase,
        /** From 0 to 1, of the phase. */
        done: z.number(),
        roles: count.nullable(),
        complexity: count.nullable(),
      })
      .nullable(),
    /** What the run was about; null before it has read. */
    matrix: z.object({ people: count, holders: count, rights: count, held: count }).nullable(),
    result: z
      .object({
        roles: count,
        complexity: count,
        /** What there is to look after without roles: the rights people hold, one by one. */
        direct: count,
        structure: miningStructure,
        /** No smaller set of roles gives the same; null where it was not asked or not shown. */
        fewest: z.boolean().nullable(),
        /** Rights held that no role gives, and where they are: the stated deviation. */
        left: count,
        deviation: z.array(z.object({ entitlement: s.id, name: z.string(), system: z.string(), people: count })),
        /** Proposals left out because somebody has said no to the same set before. */
        rejectedBefore: count,
      })
      .nullable(),
    proposals: z.array(proposalRow),
    total: count,
    may: z.object({ run: z.boolean(), accept: z.boolean() }),
  }),
  problems: ['not-found'],
})
export type MiningRunPage = z.output<typeof getMiningRun.response>

export const stopMining = endpoint({
  id: 'stopMining',
  method: 'POST',
  path: '/mining/runs/:runId/stop',
  permission: 'mining.run',
  summary: 'Stop a run and keep the best that it has found so far',
  params: one,
  body: z.object({}),
  response: z.object({ asked: z.boolean() }),
  problems: ['not-found', 'conflict'],
})
export const restartMining = endpoint({
  id: 'restartMining',
  method: 'POST',
  path: '/mining/runs/:runId/restart',
  permission: 'mining.run',
  summary: 'Begin a new run with the scope, aim and options of one that has ended',
  params: one,
  body: z.object({}),
  response: z.object({ id: s.id }),
  problems: ['not-found', 'conflict', 'data-invalid'],
})

const person = z.object({
  person: s.personRef,
  unit: s.unitRef.nullable(),
  title: z.string().nullable(),
  /** Holds the role and is described; holds it and is not; is described and would get something. */
  group: z.enum(['inside', 'outside', 'newly']),
  /** Which of the rights, by their place in `rights`, the person holds today. */
  held: z.array(count),
})
export const getProposal = endpoint({
  id: 'getProposal',
  path: '/mining/runs/:runId/proposals/:nr',
  permission: 'mining.read',
  summary: 'A proposal: its rights, who holds them and who would get them, roles and rules that are like it',
  params: oneProposal,
  response: z.object({
    runId: s.id,
    nr: count,
    state: proposalState,
    name: z.string().nullable(),
    reason: z.string().nullable(),
    description,
    ...fit,
    rights: z.array(
      z.object({
        key: z.string(),
        name: z.string(),
        system: z.string(),
        systemId: s.id,
        entitlementId: s.id,
        sensitivity: s.sensitivity,
        privileged: z.boolean(),
        gone: z.boolean(),
      }),
    ),
    byUnit: z.array(z.object({ unit: s.unitRef.nullable(), people: count })),
    /** Some people whom the reader may see, holders first by unit; `shown` of them stand in `people`. */
    people: z.array(person),
    /** Holders and newly described people whom `people` leaves out. */
    notShown: count,
    /** Roles that give the same or nearly the same: rights in common as a share of the rights of both. */
    likeRoles: z.array(
      z.object({ key: z.string(), name: z.string(), jaccard: z.number(), common: count, rights: count }),
    ),
    /** Rules in force that give nothing beside what this role gives. */
    coversRules: z.array(z.object({ key: z.string(), name: z.string() })),
    /** What it became when it was accepted. */
    draft: z.object({ draftId: s.id, ruleKey: z.string(), roleKey: z.string() }).nullable(),
    may: z.object({ accept: z.boolean(), reject: z.boolean(), undo: z.boolean() }),
  }),
  problems: ['not-found'],
})
export type ProposalPage = z.output<typeof getProposal.response>

export const acceptProposal = endpoint({
  id: 'acceptProposal',
  method: 'POST',
  path: '/mining/runs/:runId/proposals/:nr/accept',
  permission: 'rule.change',
  summary: 'Make it a role and a rule in a draft, with what they would do worked out; nothing is in force',
  params: oneProposal,
  body: z.object({
    name: z.string().trim().min(3).max(150),
    purpose: z.string().trim().min(5).max(1000),
    owner: z.string().trim().min(1).max(200),
  }),
  response: z.object({ draftId: s.id, ruleKey: z.string(), roleKey: z.string() }),
  problems: ['not-found', 'conflict', 'rules-invalid', 'data-invalid'],
})
export const rejectProposal = endpoint({
  id: 'rejectProposal',
  method: 'POST',
  path: '/mining/runs/:runId/proposals/:nr/reject',
  permission: 'mining.run',
  summary: 'Say no with a reason; the same set of rights is not proposed again',
  params: oneProposal,
  body: z.object({ reason: z.string().trim().min(5).max(500) }),
  response: z.object({ state: proposalState }),
  problems: ['not-found', 'conflict'],
})
export const undoProposal = endpoint({
  id: 'undoProposal',
  method: 'POST',
  path: '/mining/runs/:runId/proposals/:nr/undo',
  permission: 'mining.run',
  summary: 'Take a decision back: a rejected one is open again, an accepted one too and its draft is withdrawn',
  params: oneProposal,
  body: z.object({}),
  response: z.object({ state: proposalState }),
  problems: ['not-found', 'conflict'],
})
