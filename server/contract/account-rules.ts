import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { accountOwner } from './links.ts'
import * as s from './shapes.ts'

/**
 * What kind of account one is: patterns and parts of a directory.
 *
 * GET    /correlation/account-rules                      listAccountRules   patterns and OUs that classify accounts
 * POST   /correlation/account-rules/preview              previewAccountRule live count of what one would catch
 * POST   /correlation/account-rules                      createAccountRule
 * PUT    /correlation/account-rules/:ruleId              changeAccountRule
 * DELETE /correlation/account-rules/:ruleId              removeAccountRule
 */

const count = z.number().int()

const accountRuleInput = z
  .object({
    /** One source, or all. */
    source: z.string().max(100).nullable().default(null),
    /** User names; `*` stands for any letters and nothing else has a meaning. Either a pattern or an OU. */
    pattern: z.string().trim().min(2).max(200).nullable().default(null),
    /** A part of the directory: the end of a DN. */
    ou: z.string().trim().min(3).max(500).nullable().default(null),
    accountKind: s.accountKind,
    ownerPersonId: s.id.nullable().default(null),
    ownerUnitId: s.id.nullable().default(null),
  })
  .refine(rule => (rule.pattern === null) !== (rule.ou === null), {
    error: 'either a pattern or an OU',
    path: ['pattern'],
  })
  .refine(rule => rule.pattern === null || /[^*\s]/.test(rule.pattern), {
    error: 'a pattern of stars alone catches everything',
    path: ['pattern'],
  })
export const accountRule = z.object({
  id: s.id,
  source: z.string().nullable(),
  pattern: z.string().nullable(),
  ou: z.string().nullable(),
  accountKind: s.accountKind,
  owner: accountOwner,
  /** Accounts whose kind comes from it today. */
  accounts: count,
  changedAt: s.instant,
  changedBy: z.string(),
})
export const listAccountRules = endpoint({
  id: 'listAccountRules',
  path: '/correlation/account-rules',
  permission: 'account-rule.read',
  summary: 'Patterns and OUs that say what kind an account is; the first that fits decides',
  response: z.object({ rows: z.array(accountRule), allowed: z.object({ change: z.boolean() }) }),
})
export const previewAccountRule = endpoint({
  id: 'previewAccountRule',
  method: 'POST',
  path: '/correlation/account-rules/preview',
  kind: 'search',
  permission: 'account-rule.read',
  summary: 'What a pattern or an OU would catch, counted live',
  body: accountRuleInput,
  response: z.object({
    total: count,
    /** Of these, accounts that are linked to a person today. */
    linked: count,
    /** Accounts whose kind would change. */
    changes: count,
    rows: z.array(
      z.object({
        id: s.id,
        source: z.string(),
        username: z.string(),
        kind: s.accountKind,
        situation: s.linkSituation,
        /** An earlier rule or a person's decision stands before this one. */
        decidedElsewhere: z.boolean(),
      }),
    ),
  }),
})
export const createAccountRule = endpoint({
  id: 'createAccountRule',
  method: 'POST',
  path: '/correlation/account-rules',
  permission: 'account-rule.change',
  summary: 'A pattern or an OU that classifies accounts from now on',
  body: accountRuleInput,
  response: z.object({ id: s.id, changed: count }),
  problems: ['not-found', 'conflict'],
})
export const changeAccountRule = endpoint({
  id: 'changeAccountRule',
  method: 'PUT',
  path: '/correlation/account-rules/:ruleId',
  permission: 'account-rule.change',
  summary: 'Change a rule that classifies accounts',
  params: z.object({ ruleId: s.id }),
  body: accountRuleInput,
  response: z.object({ id: s.id, changed: count }),
  problems: ['not-found', 'conflict'],
})
export const removeAccountRule = endpoint({
  id: 'removeAccountRule',
  method: 'DELETE',
  path: '/correlation/account-rules/:ruleId',
  permission: 'account-rule.change',
  summary: 'Remove a rule that classifies accounts; they get the kind that the next rule or the feed says',
  params: z.object({ ruleId: s.id }),
  response: z.object({ id: s.id, changed: count }),
  problems: ['not-found'],
})
