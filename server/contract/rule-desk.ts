import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { previewCounts, readableCondition } from './rules.ts'
import * as s from './shapes.ts'

/** Writing rules and roles on the screen: what a form holds, what may be chosen, whom it catches, what it would do. */

const key = z.string().trim().min(1).max(200)
const count = z.number().int()
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

const factType = z.enum(['text', 'list', 'number', 'flag', 'date', 'kind'])
/** A fact that a condition may be about. */
export const vocabularyField = z.object({
  field: z.string(),
  type: factType,
  ops: z.array(conditionOp),
  /** Values there are today, with the number of affiliations; the most used first. Empty for numbers and dates. */
  values: z.array(z.object({ value: z.string(), name: z.string(), count })),
  /** Only in exceptions, because it names somebody. */
  exceptionOnly: z.boolean(),
})
export type VocabularyField = z.output<typeof vocabularyField>
export const vocabularyUnit = z.object({
  key: z.string(),
  name: z.string(),
  parent: z.string().nullable(),
  tree: s.unitTree,
  level: count,
  /** Affiliations in it and below it today. */
  count,
})
export const getRuleVocabulary = endpoint({
  id: 'getRuleVocabulary',
  path: '/rule-desk/vocabulary',
  permission: 'rule.change',
  summary: 'What conditions may be made of: facts, operators, and the values there are, with counts',
  response: z.object({
    fields: z.array(vocabularyField),
    units: z.array(vocabularyUnit),
    owners: z.array(z.string()),
    /** Affiliations today: what counts are shares of. */
    affiliations: count,
    orders: z.object({ rule: count, prohibition: count }),
  }),
})
export type RuleVocabulary = z.output<typeof getRuleVocabulary.response>

export const searchGrantable = endpoint({
  id: 'searchGrantable',
  method: 'POST',
  path: '/rule-desk/grantable',
  kind: 'search',
  permission: 'rule.change',
  summary: 'Rights, whole systems and roles that a rule or role may give, by text; or those with these keys',
  body: z.object({
    text: z.string().trim().max(100).default(''),
    kinds: z.array(z.enum(['entitlement', 'system', 'role'])).default(['entitlement', 'system', 'role']),
    keys: z.array(key).max(2000).optional(),
    limit: z.int().min(1).max(2000).default(30),
  }),
  response: z.object({ rows: z.array(grantable), total: count }),
})

/** Another's unfinished work on the same thing. */
const pending = z.object({ change: deskChange, note: z.string(), by: z.string(), at: s.instant, own: z.boolean() })

export const getRuleForm = endpoint({
  id: 'getRuleForm',
  path: '/rules/:key/form',
  permission: 'rule.change',
  summary: 'A rule as a form: keys as values, its exceptions, an unfinished change of it',
  params: z.object({ key }),
  response: z.object({
    form: ruleForm,
    /** What a save is compared with; null: not there yet. */
    version: count.nullable(),
    grantable: z.array(grantable),
    /** Names of the people that the form names, as far as the reader may know. */
    people: z.array(s.personRef),
    pending: pending.nullable(),
  }),
  problems: ['not-found'],
})
export const getNewRule = endpoint({
  id: 'getNewRule',
  path: '/rule-desk/new',
  permission: 'rule.change',
  summary: 'An empty rule, or one that is filled in from a right that nobody can explain',
  query: z.object({
    /** Key or id. */
    entitlement: z.string().max(300).optional(),
    unit: z.string().max(200).optional(),
    position: z.string().max(200).optional(),
    person: s.id.optional(),
    /** Key of a rule that it starts as a copy of. */
    like: z.string().max(200).optional(),
  }),
  response: getRuleForm.response.extend({ about: s.personRef.nullable() }),
})
export const getRoleForm = endpoint({
  id: 'getRoleForm',
  path: '/roles/:key/form',
  permission: 'rule.change',
  summary: 'A role as a form, and an unfinished change of it',
  params: z.object({ key }),
  response: z.object({
    form: roleForm,
    version: count.nullable(),
    grantable: z.array(grantable),
    pending: pending.nullable(),
  }),
  problems: ['not-found'],
})

/** For rules that stand elsewhere than in the store, such as in a draft of many changes: as in a rules file, and back. */
export const readRuleForm = endpoint({
  id: 'readRuleForm',
  method: 'POST',
  path: '/rule-desk/form-of',
  kind: 'search',
  permission: 'rule.change',
  summary: 'A rule of a rules file as a form',
  body: z.object({
    rule: z.record(z.string(), z.unknown()),
    exceptions: z.array(z.record(z.string(), z.unknown())).max(100).default([]),
  }),
  response: getRuleForm.response,
  problems: ['rules-invalid'],
})
export const writeRuleForm = endpoint({
  id: 'writeRuleForm',
  method: 'POST',
  path: '/rule-desk/rules-of',
  kind: 'search',
  permission: 'rule.change',
  summary: 'A form as rules of a rules file: the rule, then its exceptions. Checked like a save, saved nowhere',
  body: z.object({ change: deskChange, version: count.nullable() }),
  response: z.object({
    rules: z.array(z.record(z.string(), z.unknown())),
    roles: z.array(z.record(z.string(), z.unknown())),
    removed: z.array(z.string()),
  }),
  problems: ['not-found', 'rules-invalid', 'conflict'],
})

export const catchRule = endpoint({
  id: 'catchRule',
  method: 'POST',
  path: '/rule-desk/catch',
  kind: 'search',
  permission: 'rule.change',
  summary: 'Whom conditions catch today: how many, in which units, some of them',
  body: z.object({ conditions: conditionTree, person: s.id.optional() }),
  response: z.object({
    affiliations: count,
    people: count,
    /** Can catch nobody whoever is hired: the conditions contradict each other. */
    never: z.boolean(),
    /** Where they are, the most first; at most twelve, `otherUnits` for the rest. */
    units: z.array(z.object({ unit: s.unitRef.nullable(), count, of: count })),
    otherUnits: count,
    /** Some of those whom the reader may see. */
    sample: z.array(
      z.object({
        person: s.personRef,
        affiliationId: s.id,
        title: z.string().nullable(),
        unit: s.unitRef.nullable(),
      }),
    ),
    /** Whether the person asked about is among them. */
    catchesPerson: z.boolean().nullable(),
    problems: z.array(z.object({ code: z.string(), at: z.string(), params: z.record(z.string(), z.string()) })),
  }),
})

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

const change = { change: deskChange, version: count.nullable() }
const moved = z.object({
  person: s.personRef,
  unit: s.unitRef.nullable(),
  title: z.string().nullable(),
  gains: z.array(named),
  losses: z.array(named),
})
export const previewDesk = endpoint({
  id: 'previewDesk',
  method: 'POST',
  path: '/rule-desk/preview',
  kind: 'search',
  permission: 'rule.change',
  summary: 'What a change of one rule or role would do: who gains and loses what, and which guards it meets',
  body: z.object({ ...change, ...s.page.shape }),
  response: previewCounts.extend({
    orders: s.ordersAhead,
    hash: z.string(),
    /** Nothing would be another than it is. */
    nothing: z.boolean(),
    differences: z.array(ruleDifference),
    /** A page of those whom it moves and the reader may see, who loses most first. */
    moved: z.array(moved),
    movedTotal: count,
    byUnit: z.array(z.object({ unit: s.unitRef.nullable(), people: count, gains: count, losses: count })),
    byRight: z.array(z.object({ right: named, gains: count, losses: count })),
    /** What would be worth a look at afterwards, of what is changed. */
    findings: z.array(ruleFinding),
  }),
  problems: ['not-found', 'rules-invalid', 'conflict'],
})
export const exportDeskPreview = endpoint({
  id: 'exportDeskPreview',
  method: 'POST',
  path: '/rule-desk/preview-export',
  kind: 'search',
  permission: 'rule.change',
  summary: 'Who would gain and lose what, as CSV',
  body: z.object(change),
  response: z.object({ csv: z.string(), rows: count }),
  problems: ['not-found', 'rules-invalid', 'conflict'],
})
export const saveDesk = endpoint({
  id: 'saveDesk',
  method: 'POST',
  path: '/rule-desk/save',
  permission: 'rule.change',
  summary: 'Put a change of one rule or role in force as it was previewed; held for a second person when it moves many',
  body: z.object({ ...change, hash: z.string().max(200), reason: z.string().trim().min(5).max(500) }),
  response: z.object({ applied: z.boolean(), planId: s.id, key: z.string() }),
  problems: ['not-found', 'rules-invalid', 'conflict', 'plan-stale', 'reason-needed'],
})

export const listDeskDrafts = endpoint({
  id: 'listDeskDrafts',
  path: '/rule-desk/drafts',
  permission: 'rule.read',
  summary: 'Unfinished changes of rules and roles: nothing of them is in force',
  response: z.object({
    rows: z.array(
      z.object({
        kind: z.enum(['rule', 'role']),
        key: z.string(),
        name: z.string(),
        /** There is such a rule already, and this would change it. */
        exists: z.boolean(),
        /** The rule has been changed since the draft was begun. */
        behind: z.boolean(),
        note: z.string(),
        by: z.string(),
        at: s.instant,
      }),
    ),
  }),
})
export const keepDeskDraft = endpoint({
  id: 'keepDeskDraft',
  method: 'PUT',
  path: '/rule-desk/drafts',
  permission: 'rule.change',
  summary: 'Keep an unfinished change; never in force',
  body: z.object({ ...change, note: z.string().trim().max(500).default('') }),
  response: z.object({ kept: z.boolean() }),
  problems: ['rules-invalid', 'conflict'],
})
export const dropDeskDraft = endpoint({
  id: 'dropDeskDraft',
  method: 'DELETE',
  path: '/rule-desk/drafts/:kind/:key',
  permission: 'rule.change',
  summary: 'Throw an unfinished change away',
  params: z.object({ kind: z.enum(['rule', 'role']), key }),
  response: z.object({ dropped: z.boolean() }),
  problems: ['not-found'],
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
export const getRuleReach = endpoint({
  id: 'getRuleReach',
  path: '/rule-desk/reach/:key',
  permission: 'rule.read',
  summary: 'Where in the organisation a rule reaches, directly or from above, with counts',
  params: z.object({ key }),
  response: z.object({ units: z.array(reachUnit), withoutUnit: count }),
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
