import { z } from 'zod'
import { systemKeyPattern } from '../systems/entitlement-key.ts'
import type { Condition } from './condition.ts'
import { constraintSpec } from './constraint.ts'

const key = z.string().min(1)

/**
 * A rights rule: affiliations for which the conditions hold, hold these entitlements and roles (or, inverted, must
 * never hold them). A CASL rule with action `hold`, subject `Affiliation` and entitlement keys as fields.
 */
export const rightsRule = z.strictObject({
  key,
  /** Counted by the store; a file need not say it. */
  version: z.int().min(1).default(1),
  name: z.string().min(1),
  inverted: z.boolean().default(false),
  /** Why it must never be held; required when inverted. */
  reason: z.string().min(1).optional(),
  /** Said in full, also when it is `{}` (every affiliation). Checked by `parseCondition`. */
  conditions: z.custom<Condition>(value => typeof value === 'object' && value !== null && !Array.isArray(value)),
  /** `system/entitlement` or `system/*`; `*` only in an inverted rule. */
  entitlements: z.array(key).default([]),
  roles: z.array(key).default([]),
  /** By entitlement key as written in `entitlements` or reached through a role, or `*` for all of them. */
  constraints: z.record(z.string(), z.array(constraintSpec)).optional(),
  validFrom: z.iso.date(),
  validTo: z.iso.date().nullable().default(null),
  state: z.enum(['draft', 'active']),
  owner: z.string().min(1),
  /** The person who answers for it, where `owner` is a department. Nothing follows from it but a finding when they leave. */
  ownerPerson: z.uuid().optional(),
  purpose: z.string().min(1).optional(),
  /** Of a prohibition: the key of the rule that it is an exception from. Only where it is shown; it forbids like any other. */
  excepts: key.optional(),
  /** Among rules that match, the one with the highest order decides. Equal orders fall back on the key. */
  order: z.number(),
})

export type RightsRule = z.infer<typeof rightsRule>

const compareText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** The rules that count on a civil date, in the order of CASL: later wins. Drafts never count. */
export function rulesInForce(rules: readonly RightsRule[], on: string): RightsRule[] {
  return rules
    .filter(rule => rule.state === 'active' && rule.validFrom <= on && (rule.validTo === null || on < rule.validTo))
    .sort((a, b) => a.order - b.order || compareText(a.key, b.key) || a.version - b.version)
}

const wildcardPattern = new RegExp(`^${systemKeyPattern}/\\*$`, 'u')

/** `system/*`: everything of one system. */
export const isSystemWildcard = (key: string) => wildcardPattern.test(key)
/** Everything there is: only to forbid. */
export const everything = '*'

/** Whether an entitlement key is meant by what a rule or role has written. */
export const covers = (written: string, key: string) =>
  written === key || written === everything || (isSystemWildcard(written) && key.startsWith(written.slice(0, -1)))
