import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { draftState, whatIfBase, whatIfEffect } from './lists.ts'
import * as s from './shapes.ts'
import { draftChange, draftPage, draftRow, movedBase } from './what-if-draft.ts'

/** What-if: a draft set of changes, what people would gain and lose by it on its date, and carrying it out then. */

const key = z.string().trim().min(1).max(200)
const count = z.number().int()

const effects = z.object({
  people: count,
  gains: count,
  losses: count,
  limits: count,
  /** Gains that strict mode would hold back; in none of the others. */
  withheld: count,
})
const guard = z.object({ guard: z.string(), part: z.string(), count, limit: count })
export const whatIfResult = z.object({
  base: whatIfBase,
  computedAt: s.instant,
  hash: z.string(),
  moved: z.array(movedBase),
  total: effects.extend({
    /** Who change unit and are carried along by the unit map, and who really move. */
    carried: count,
    movers: count,
  }),
  /** A second person must approve it. */
  guards: z.array(guard),
  /** Waves that the guards of a feed would hold back, unless they are announced. */
  waves: z.array(z.object({ source: z.string(), unit: z.string().nullable(), count, limit: count })),
  byUnit: z.array(effects.extend({ unit: z.string(), name: z.string() })),
  bySystem: z.array(effects.extend({ system: z.string(), name: z.string() })),
  byCause: z.array(effects.extend({ cause: z.string() })),
  /** Rights to confidential, special or criminal data that somebody would gain. */
  protectedData: z.array(
    z.object({ entitlement: z.string(), name: z.string(), sensitivity: s.sensitivity, people: count }),
  ),
  /** Entitlements with a cap that would be passed. */
  overCap: z.array(z.object({ entitlement: z.string(), name: z.string(), held: count, cap: count })),
  /** Rules and roles that the unit map makes name the new units. */
  translations: z.array(
    z.object({
      kind: z.enum(['rule', 'role']),
      key: z.string(),
      name: z.string(),
      before: z.string(),
      after: z.string(),
    }),
  ),
  /** Rules that name a unit that closes, and that no unit map translates. */
  dangling: z.array(z.object({ key: z.string(), name: z.string(), unit: z.string() })),
})

const right = z.object({ key: z.string(), name: z.string(), system: z.string(), cause: z.string() })
const personRow = z.object({
  affiliationId: s.id,
  person: s.personRef,
  title: z.string().nullable(),
  unit: z.string().nullable(),
  /** The unit after it, where it is another one. */
  newUnit: z.string().nullable(),
  carried: z.boolean(),
  /** `withheldIn`: the system whose strict mode would hold it back, since nobody has said what it is for. */
  gains: z.array(right.extend({ withheldIn: s.id.nullable() })),
  losses: z.array(right),
  limits: z.array(right.extend({ before: z.string(), after: z.string() })),
})

const one = z.object({ draftId: s.id })
const based = z.object({ base: whatIfBase.default('same-date') })
const narrowed = based.extend({
  effect: whatIfEffect.optional(),
  unit: key.optional(),
  system: key.optional(),
  cause: key.optional(),
})

export const listDrafts = endpoint({
  id: 'listDrafts',
  path: '/drafts',
  permission: 'what-if.read',
  summary: 'Drafts of changes: own ones and those that are shared, what still runs first',
  query: s.page.extend({ state: draftState.optional() }),
  response: z.object({ rows: z.array(draftRow), total: count, may: z.object({ create: z.boolean() }) }),
})
export const createDraft = endpoint({
  id: 'createDraft',
  method: 'POST',
  path: '/drafts',
  permission: 'what-if.change',
  summary: 'Begin a draft; changes nothing else',
  body: z.object({
    name: z.string().trim().min(3).max(200),
    note: z.string().trim().max(2000).default(''),
    onDate: s.civilDate,
    changes: z.array(draftChange).max(200).default([]),
  }),
  response: z.object({ id: s.id }),
  problems: ['data-invalid', 'rules-invalid'],
})
export const listDraftChoices = endpoint({
  id: 'listDraftChoices',
  path: '/drafts-choices',
  permission: 'what-if.change',
  summary:
    'Units, systems, rights, rules, roles, titles or positions that a change may speak of, by a part of name or key',
  query: z.object({
    /** `title`: as people have it now. `catalogue-title`: as the catalogue of positions knows it, the position as note. */
    kind: z.enum(['unit', 'system', 'entitlement', 'rule', 'role', 'title', 'position', 'catalogue-title']),
    text: z.string().trim().max(100).default(''),
  }),
  response: z.object({ rows: z.array(z.object({ key: z.string(), name: z.string(), note: z.string().nullable() })) }),
})
export const getDraft = endpoint({
  id: 'getDraft',
  path: '/drafts/:draftId',
  permission: 'what-if.read',
  summary: 'A draft with its changes and what the reader may do with it',
  params: one,
  response: draftPage,
  problems: ['not-found'],
})
export const changeDraft = endpoint({
  id: 'changeDraft',
  method: 'PUT',
  path: '/drafts/:draftId',
  permission: 'what-if.change',
  summary: 'Replace name, date and changes of a draft; an approval that it had is void',
  params: one,
  body: z.object({
    version: count,
    name: z.string().trim().min(3).max(200),
    note: z.string().trim().max(2000),
    onDate: s.civilDate,
    changes: z.array(draftChange).max(200),
  }),
  response: z.object({ version: count }),
  problems: ['not-found', 'conflict', 'data-invalid', 'rules-invalid'],
})
export const addDraftRules = endpoint({
  id: 'addDraftRules',
  method: 'POST',
  path: '/drafts/:draftId/rules',
  permission: 'what-if.change',
  summary: 'Add rules and roles to a draft as YAML; one change for each',
  params: one,
  body: z.object({ version: count, yaml: z.string().max(200_000) }),
  response: z.object({ version: count }),
  problems: ['not-found', 'conflict', 'rules-invalid'],
})
export const computeDraft = endpoint({
  id: 'computeDraft',
  method: 'POST',
  path: '/drafts/:draftId/compute',
  permission: 'what-if.read',
  summary: 'Work out in one snapshot who would gain and lose what; touches nothing but the stored result',
  params: one,
  body: based,
  response: z.object({ hash: z.string() }),
  problems: ['not-found', 'data-invalid', 'rules-invalid'],
})
export const getWhatIf = endpoint({
  id: 'getWhatIf',
  path: '/drafts/:draftId/result',
  permission: 'what-if.read',
  summary: 'The result of a draft as it was computed, and what has moved since; null: not computed',
  params: one,
  query: based,
  response: z.object({ result: whatIfResult.nullable() }),
  problems: ['not-found'],
})
export const searchWhatIfPeople = endpoint({
  id: 'searchWhatIfPeople',
  method: 'POST',
  kind: 'search',
  path: '/drafts/:draftId/people/search',
  permission: 'what-if.read',
  summary: 'Who would gain or lose what, person by person; people whom the reader may not see are counted',
  params: one,
  body: narrowed.extend({
    text: z.string().trim().max(100).optional(),
    offset: z.number().int().min(0).max(1_000_000).default(0),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  response: z.object({ rows: z.array(personRow), total: count, hidden: count }),
  problems: ['not-found'],
})
export const exportWhatIf = endpoint({
  id: 'exportWhatIf',
  method: 'POST',
  kind: 'search',
  large: true,
  path: '/drafts/:draftId/export',
  permission: 'what-if.read',
  summary: 'The people and rights of a result as a file, in base64; protected names are left out',
  params: one,
  body: narrowed.extend({ format: z.enum(['csv', 'xlsx']), language: z.enum(['da', 'en']).default('da') }),
  response: z.object({ fileName: z.string(), mediaType: z.string(), base64: z.string() }),
  problems: ['not-found'],
})
export const compareDrafts = endpoint({
  id: 'compareDrafts',
  path: '/drafts/:draftId/compare/:otherId',
  permission: 'what-if.read',
  summary: 'What two drafts would do differently, right by right',
  params: one.extend({ otherId: s.id }),
  query: based.extend({ offset: s.page.shape.offset, limit: s.page.shape.limit }),
  response: z.object({
    names: z.object({ one: z.string(), other: z.string() }),
    computed: z.object({ one: z.boolean(), other: z.boolean() }),
    counts: z.object({ same: count, onlyOne: count, onlyOther: count, opposite: count }),
    rows: z.array(
      z.object({
        person: s.personRef.nullable(),
        entitlement: z.string(),
        name: z.string(),
        one: whatIfEffect.nullable(),
        other: whatIfEffect.nullable(),
      }),
    ),
    total: count,
  }),
  problems: ['not-found'],
})
export const shareDraft = endpoint({
  id: 'shareDraft',
  method: 'POST',
  path: '/drafts/:draftId/share',
  permission: 'what-if.change',
  summary: 'Let everybody who may read what-ifs open it by its address',
  params: one,
  body: z.object({ shared: z.boolean() }),
  response: z.object({ shared: z.boolean() }),
  problems: ['not-found', 'conflict'],
})
export const approveDraft = endpoint({
  id: 'approveDraft',
  method: 'POST',
  path: '/drafts/:draftId/approve',
  permission: 'what-if.change',
  summary:
    'Approve the result with this hash for the date of the draft; above the limit by another person than its owner',
  params: one,
  body: z.object({ hash: z.string().min(1).max(100) }),
  response: z.object({ state: draftState }),
  problems: ['not-found', 'conflict', 'plan-stale', 'second-person-needed', 'data-invalid', 'rules-invalid'],
})
export const applyDraft = endpoint({
  id: 'applyDraft',
  method: 'POST',
  path: '/drafts/:draftId/apply',
  permission: 'what-if.change',
  summary: 'Carry out an approved draft whose date has come, if it still does what was approved',
  params: one,
  body: z.object({}),
  response: z.object({ state: draftState }),
  problems: ['not-found', 'conflict', 'data-invalid', 'rules-invalid'],
})
export const withdrawDraft = endpoint({
  id: 'withdrawDraft',
  method: 'POST',
  path: '/drafts/:draftId/withdraw',
  permission: 'what-if.change',
  summary: 'Give up a draft; it stays readable',
  params: one,
  body: z.object({ reason: z.string().trim().min(5).max(500) }),
  response: z.object({ state: draftState }),
  problems: ['not-found', 'conflict'],
})

export type WhatIfBase = z.output<typeof whatIfBase>
export type WhatIfEffect = z.output<typeof whatIfEffect>
export type WhatIfResult = z.output<typeof whatIfResult>
export type WhatIfPerson = z.output<typeof personRow>
