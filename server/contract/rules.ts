import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import * as s from './shapes.ts'

export const ruleState = z.enum(['draft', 'active', 'expired', 'future'])
export const ruleRow = z.object({
  key: z.string(),
  name: z.string(),
  version: z.number().int(),
  state: ruleState,
  inverted: z.boolean(),
  owner: z.string().nullable(),
  validFrom: s.civilDate.nullable(),
  validTo: s.civilDate.nullable(),
  /**
   * Affiliations that hold something because of this rule, as far as the reader may know of them. A prohibition gives
   * nothing to count: null in lists, worked out on its own page.
   */
  caught: z.number().int().nullable(),
  entitlements: z.number().int(),
  roles: z.number().int(),
})
export const listRules = endpoint({
  id: 'listRules',
  path: '/rules',
  permission: 'rule.read',
  summary: 'Rights rules with how many they catch',
  query: z.object({
    text: z.string().trim().max(100).optional(),
    state: ruleState.optional(),
    inverted: z.stringbool().optional(),
    sort: z.enum(['name', 'caught', 'validTo']).default('name'),
    descending: z.stringbool().default(false),
    ...s.page.shape,
  }),
  response: z.object({ rows: z.array(ruleRow), total: z.number().int() }),
})

/** A condition as sentences; nested groups are indented by the client. */
export const readableCondition: z.ZodType<ReadableCondition> = z.lazy(() =>
  z.union([
    z.object({ join: z.enum(['all', 'any', 'none']), parts: z.array(readableCondition) }),
    z.object({ field: z.string(), op: z.string(), values: z.array(z.string()) }),
  ]),
)
export type ReadableCondition =
  | { join: 'all' | 'any' | 'none'; parts: ReadableCondition[] }
  | { field: string; op: string; values: string[] }

export const rulePage = ruleRow.extend({
  caught: z.number().int(),
  purpose: z.string().nullable(),
  reason: z.string().nullable(),
  conditions: readableCondition,
  grants: z.array(z.object({ key: z.string(), name: z.string(), via: z.enum(['entitlement', 'role']) })),
  /** Limits by entitlement (or `*`): `text` is for print, the parts are for a screen in any language. */
  constraints: z.array(
    z.object({
      entitlement: z.string(),
      on: z.string(),
      kind: z.string(),
      values: z.array(z.string()),
      text: z.string(),
    }),
  ),
  versions: z.array(z.object({ version: z.number().int(), recordedAt: s.instant, by: z.string().nullable() })),
  caughtPeople: z.array(
    z.object({ person: s.personRef, affiliationId: s.id, title: z.string().nullable(), unit: s.unitRef.nullable() }),
  ),
  yaml: z.string(),
})
export const getRule = endpoint({
  id: 'getRule',
  path: '/rules/:key',
  permission: 'rule.read',
  summary: 'A rule: conditions in words, what it gives, whom it catches, versions',
  params: z.object({ key: z.string().max(200) }),
  query: z.object({ ...s.page.shape }),
  response: rulePage,
  problems: ['not-found'],
})

export const roleRow = z.object({
  key: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  entitlements: z.number().int(),
  roles: z.number().int(),
  rules: z.number().int(),
  holders: z.number().int(),
})
export const listRoles = endpoint({
  id: 'listRoles',
  path: '/roles',
  permission: 'rule.read',
  summary: 'Roles (bundles) with what they hold and how many hold them',
  query: z.object({ text: z.string().trim().max(100).optional(), ...s.page.shape }),
  response: z.object({ rows: z.array(roleRow), total: z.number().int() }),
})
export const getRole = endpoint({
  id: 'getRole',
  path: '/roles/:key',
  permission: 'rule.read',
  summary: 'A role: entitlements, roles inside it, rules that give it',
  params: z.object({ key: z.string().max(200) }),
  response: roleRow.extend({
    contents: z.array(
      z.object({
        key: z.string(),
        name: z.string(),
        system: s.systemRef.nullable(),
        sensitivity: s.sensitivity,
        via: z.array(z.string()),
      }),
    ),
    contains: z.array(z.object({ key: z.string(), name: z.string() })),
    givenBy: z.array(z.object({ key: z.string(), name: z.string() })),
    yaml: z.string(),
  }),
  problems: ['not-found'],
})

export const previewCounts = z.object({
  rules: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
  roles: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
  mappings: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
  gains: z.number().int(),
  losses: z.number().int(),
  /** Rights that strict mode would hold back, since nobody has said what they are for: no gains. */
  withheld: z.number().int(),
  people: z.number().int(),
  heldBack: z.array(z.object({ guard: z.string(), part: z.string(), count: z.number(), limit: z.number() })),
})
export const previewRules = endpoint({
  id: 'previewRules',
  method: 'POST',
  path: '/rules/preview',
  kind: 'search',
  permission: 'rule.import',
  summary: 'What importing this YAML would change, without changing anything',
  body: z.object({ yaml: z.string().max(5_000_000) }),
  response: previewCounts.extend({
    /** At most twenty of the people whom it moves, those who would lose first. */
    orders: s.ordersAhead,
    examples: z.array(
      z.object({
        person: s.personRef,
        gains: z.array(z.string()),
        losses: z.array(z.string()),
        withheld: z.array(z.string()),
      }),
    ),
    hash: z.string(),
  }),
  problems: ['rules-invalid'],
})
export const importRules = endpoint({
  id: 'importRules',
  method: 'POST',
  path: '/rules/import',
  permission: 'rule.import',
  summary: 'Import rules, roles and mappings from YAML; held back for a second person when it moves many',
  body: z.object({ yaml: z.string().max(5_000_000), hash: z.string() }),
  response: previewCounts.extend({ applied: z.boolean(), planId: s.id }),
  problems: ['rules-invalid', 'plan-stale', 'second-person-needed'],
})
export const approveRules = endpoint({
  id: 'approveRules',
  method: 'POST',
  path: '/rules/plans/:planId/approve',
  permission: 'rule.import',
  summary: 'A second person lets a large change of rules through',
  params: z.object({ planId: s.id }),
  response: previewCounts.extend({ applied: z.boolean() }),
  problems: ['not-found', 'second-person-needed', 'plan-stale'],
})
export const listRulesChanges = endpoint({
  id: 'listRulesChanges',
  path: '/rules-changes',
  permission: 'rule.read',
  summary: 'Changes of rules that wait for a second person, then the latest that were let through',
  response: z.object({
    rows: z.array(
      z.object({
        id: s.id,
        state: z.enum(['held', 'applied', 'stale']),
        createdAt: s.instant,
        createdBy: z.string(),
        decidedAt: s.instant.nullable(),
        decidedBy: z.string().nullable(),
        counts: previewCounts,
        /** The reader made it, so somebody else must approve it. */
        own: z.boolean(),
      }),
    ),
  }),
})
export const exportRules = endpoint({
  id: 'exportRules',
  path: '/rules-export',
  permission: 'rule.read',
  summary: 'All rules, roles and mappings as YAML',
  response: z.object({ yaml: z.string() }),
})
