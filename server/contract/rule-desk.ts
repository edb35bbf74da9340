import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { conditionOp, conditionTree, deskChange, grantable, named, roleForm, ruleForm } from './rule-forms.ts'
import { ruleDifference, ruleFinding, ruleReach } from './rule-looks.ts'
import { previewCounts } from './rules.ts'
import * as s from './shapes.ts'

/** Writing rules and roles on the screen: what may be chosen, whom it catches, what it would do. */

const key = z.string().trim().min(1).max(200)
const count = z.number().int()

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
    /** The same units in their tree, with what stands above them: where conditions reach, named or from above. */
    reach: ruleReach,
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

const change = { change: deskChange, version: count.nullable() }
const moved = z.object({
  person: s.personRef,
  unit: s.unitRef.nullable(),
  title: z.string().nullable(),
  gains: z.array(named),
  losses: z.array(named),
  /** What strict mode of its system would hold back. */
  withheld: z.array(named.extend({ systemId: s.id })),
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
    byRight: z.array(z.object({ right: named, gains: count, losses: count, withheld: count })),
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
