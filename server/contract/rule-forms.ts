import { z } from 'zod'
import * as s from './shapes.ts'

/** What a form holds of a rule, of an exception to it and of a role; see rule-desk.ts for what is done with it. */

const key = z.string().trim().min(1).max(200)
const value = z.union([z.string().max(300), z.number(), z.boolean()])

/** What may be asked of a fact. `under`: the unit is one of these or below one of them. */
export const CONDITION_OPS = ['eq', 'ne', 'in', 'nin', 'gt', 'gte', 'lt', 'lte', 'exists', 'under'] as const
export const conditionOp = z.enum(CONDITION_OPS)
export type ConditionOp = z.output<typeof conditionOp>

/** Conditions as a form holds them: groups of lines, each line one fact with keys (not names) as values. */
export type ConditionTree =
  | { join: 'all' | 'any' | 'none'; parts: ConditionTree[] }
  | { field: string; op: ConditionOp; values: (string | number | boolean)[] }
export const conditionTree: z.ZodType<ConditionTree, ConditionTree> = z.lazy(() =>
  z.union([
    z.strictObject({ join: z.enum(['all', 'any', 'none']), parts: z.array(conditionTree).max(500) }),
    z.strictObject({ field: z.string().max(50), op: conditionOp, values: z.array(value).max(5000) }),
  ]),
)

/** How a right is limited when it is held. `on` is the constraint type that the entitlement takes. */
const on = z.string().min(1).max(100)
const values = z.array(z.string().min(1).max(300)).min(1).max(500)
export const limitSpec = z.discriminatedUnion('kind', [
  z.strictObject({ on, kind: z.literal('own-unit') }),
  z.strictObject({ on, kind: z.literal('own-unit-and-below') }),
  z.strictObject({ on, kind: z.literal('ancestor-at-level'), level: z.int().min(0).max(50) }),
  z.strictObject({ on, kind: z.literal('kle'), values: values.optional() }),
  z.strictObject({ on, kind: z.literal('fixed'), values }),
  z.strictObject({ on, kind: z.literal('chosen'), values: values.optional() }),
])
export type LimitSpec = z.output<typeof limitSpec>

/** Who is left out of a rule, why, and until when: kept as a prohibition of its own with the key `<rule>--<n>`. */
export const exceptionForm = z.strictObject({
  /** Null: new. */
  key: key.nullable(),
  reason: z.string().trim().max(500),
  conditions: conditionTree,
  validFrom: s.civilDate,
  /** Closed-open, and required: an exception ends by itself. */
  validTo: s.civilDate,
})
export type ExceptionForm = z.output<typeof exceptionForm>

/** Empty until it is written; a save asks for it. */
const formKey = z.string().trim().max(200)

/** Everything of a rule that may be written. Dates are closed-open; `validTo` null is an open end. */
export const ruleForm = z.strictObject({
  key: formKey,
  name: z.string().trim().max(200),
  owner: z.string().trim().max(200),
  /** The person who answers for it, beside the department in `owner`. */
  ownerPerson: s.id.nullable(),
  purpose: z.string().trim().max(1000).nullable(),
  inverted: z.boolean(),
  reason: z.string().trim().max(500).nullable(),
  conditions: conditionTree,
  entitlements: z.array(key).max(2000),
  roles: z.array(key).max(500),
  /** By entitlement key, `system/*`, or `*` for all that the rule gives. */
  limits: z.array(z.strictObject({ entitlement: key, specs: z.array(limitSpec).min(1).max(20) })).max(500),
  validFrom: s.civilDate,
  validTo: s.civilDate.nullable(),
  order: z.int().min(-100_000).max(100_000),
  state: z.enum(['draft', 'active']),
  exceptions: z.array(exceptionForm).max(100),
})
export type RuleForm = z.output<typeof ruleForm>

export const roleForm = z.strictObject({
  key: formKey,
  name: z.string().trim().max(200),
  description: z.string().trim().max(1000).nullable(),
  entitlements: z.array(z.strictObject({ key, limits: z.array(limitSpec).max(20) })).max(5000),
  roles: z.array(key).max(500),
})
export type RoleForm = z.output<typeof roleForm>

/** One change: a rule or role as it should be; a role can also be taken away. */
export const deskChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rule'), form: ruleForm }),
  z.strictObject({ kind: z.literal('role'), form: roleForm }),
  z.strictObject({ kind: z.literal('remove-role'), key }),
])
export type DeskChange = z.output<typeof deskChange>

/** A key with what people call it, for what a form names. */
export const named = z.object({ key: z.string(), name: z.string(), note: z.string().nullable() })
export type Named = z.output<typeof named>

/** What a form names, with names and the limits that each right takes. Gone ones are marked. */
export const grantable = z.object({
  key: z.string(),
  name: z.string(),
  kind: z.enum(['entitlement', 'system', 'role']),
  /** Name of the system; of a role, what it is. */
  note: z.string().nullable(),
  sensitivity: s.sensitivity,
  privileged: z.boolean(),
  /** Types of limit that it takes, such as `unit`, `kle`. */
  takes: z.array(z.string()),
  gone: z.boolean(),
})
export type Grantable = z.output<typeof grantable>
