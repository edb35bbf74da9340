import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { named } from './rule-forms.ts'
import { readableCondition } from './rules.ts'
import * as s from './shapes.ts'

/** What there is to see of rules and roles: what differs, what is worth a look, their past, their reach. */

const key = z.string().trim().min(1).max(200)
const count = z.number().int()

/** One thing that is another than it was, for a sentence. `field` names it; lists say what came and went. */
export const ruleDifference = z.object({
  rule: z.string(),
  name: z.string(),
  kind: z.enum(['rule', 'exception', 'role']),
  change: z.enum(['added', 'changed', 'removed']),
  fields: z.array(
    z.object({
      field: z.enum([
        'name',
        'owner',
        'ownerPerson',
        'purpose',
        'description',
        'inverted',
        'reason',
        'conditions',
        'gives',
        'roles',
        'limits',
        'validFrom',
        'validTo',
        'order',
        'state',
      ]),
      before: z.string().nullable(),
      after: z.string().nullable(),
      added: z.array(named),
      removed: z.array(named),
      conditions: z.object({ before: readableCondition.nullable(), after: readableCondition.nullable() }).nullable(),
    }),
  ),
})
export type RuleDifference = z.output<typeof ruleDifference>

/** What is worth a look at in rules; each is exact over the people of today. */
export const RULE_FINDINGS = [
  'could-never',
  'catches-nobody',
  'never-wins',
  'forbids-nothing',
  'same-as',
  'covered-by',
  'gives-gone',
  'role-not-given',
  'owner-left',
] as const
export const ruleFindingCode = z.enum(RULE_FINDINGS)
export const ruleFinding = z.object({
  code: ruleFindingCode,
  kind: z.enum(['rule', 'role']),
  key: z.string(),
  name: z.string(),
  /** Affiliations that it catches. */
  caught: count,
  /** The rules that take its place, or rights that are gone. */
  others: z.array(named),
})
export type RuleFinding = z.output<typeof ruleFinding>
export const listRuleFindings = endpoint({
  id: 'listRuleFindings',
  path: '/rule-desk/findings',
  permission: 'rule.read',
  summary: 'Rules and roles worth a look: never wins, catches nobody, gives the same, names what is gone',
  query: z.object({ code: ruleFindingCode.optional(), key: z.string().max(200).optional(), ...s.page.shape }),
  response: z.object({
    rows: z.array(ruleFinding),
    total: count,
    byCode: z.array(z.object({ code: ruleFindingCode, count })),
    rules: count,
  }),
})

export const getRuleHistory = endpoint({
  id: 'getRuleHistory',
  path: '/rule-desk/history/:kind/:key',
  permission: 'rule.read',
  summary: 'Versions of a rule or role: who, when, why, and what became different',
  params: z.object({ kind: z.enum(['rule', 'role']), key }),
  response: z.object({
    versions: z.array(
      z.object({
        version: count,
        at: s.instant,
        by: z.string().nullable(),
        reason: z.string().nullable(),
        difference: ruleDifference.nullable(),
      }),
    ),
    exceptions: z.array(
      z.object({
        key: z.string(),
        reason: z.string(),
        conditions: readableCondition,
        validFrom: s.civilDate,
        validTo: s.civilDate.nullable(),
        state: z.enum(['draft', 'active', 'expired', 'future']),
      }),
    ),
    /** The rule that this one is an exception from. */
    excepts: named.nullable(),
    ownerPerson: s.personRef.nullable(),
    findings: z.array(ruleFinding),
  }),
  problems: ['not-found'],
})

/** A unit in the drawn reach of a rule. */
export const reachUnit = z.object({
  unit: s.unitRef,
  parent: s.id.nullable(),
  /** Named by the rule itself, covered because a unit above is, or only on the way there. */
  how: z.enum(['named', 'from-above', 'around']),
  /** Affiliations caught in the unit itself, and in it and below it; and how many there are. */
  here: count,
  below: count,
  of: count,
})
export const ruleReach = z.object({ units: z.array(reachUnit), withoutUnit: count })
export const getRuleReach = endpoint({
  id: 'getRuleReach',
  path: '/rule-desk/reach/:key',
  permission: 'rule.read',
  summary: 'Where in the organisation a rule reaches, directly or from above, with counts',
  params: z.object({ key }),
  response: ruleReach,
  problems: ['not-found'],
})
export const getRoleTree = endpoint({
  id: 'getRoleTree',
  path: '/rule-desk/role-tree/:key',
  permission: 'rule.read',
  summary: 'What contains what around a role: roles inside it, roles it is in, rules that give them',
  params: z.object({ key }),
  response: z.object({
    nodes: z.array(
      z.object({
        kind: z.enum(['role', 'rule']),
        key: z.string(),
        name: z.string(),
        entitlements: count,
        /** Affiliations that hold something by it. */
        holders: count,
      }),
    ),
    /** `from` gives or contains `to`. */
    edges: z.array(z.object({ from: z.string(), to: z.string() })),
  }),
  problems: ['not-found'],
})
