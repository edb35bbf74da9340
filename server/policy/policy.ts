import { type AnyAbility, subject } from '@casl/ability'
import { packRules } from '@casl/ability/extra'
import { PERMISSIONS, type Permission, type ToolRole } from '#contract/permissions.ts'
import { type AuditActor, systemActor } from '../audit/audit-entry.ts'
import { problem } from '../platform/problem.ts'
import { abilityOf, type PolicyAbility, rulesFor } from './abilities.ts'
import type { Actor } from './actor.ts'
import { abilityToSql, type ColumnMap, type SqlCondition } from './condition-to-sql.ts'
import type { PolicyRule } from './rule-parts.ts'
import type { PolicyAction, PolicyRecords, PolicySubject } from './subjects.ts'

/** What each permission of the contract asks of the policy. */
const MEANING: Record<Permission, { action: PolicyAction; subject: PolicySubject; field?: string }> = {
  'me.read': { action: 'read', subject: 'Self' },
  'person.read': { action: 'read', subject: 'Person' },
  'person.reveal-cpr': { action: 'reveal', subject: 'Person' },
  'unit.read': { action: 'read', subject: 'Unit' },
  'unit.cutover': { action: 'change', subject: 'Unit' },
  'unit.worklist': { action: 'read', subject: 'Worklist' },
  'system.read': { action: 'read', subject: 'System' },
  'system.holders': { action: 'read', subject: 'Right' },
  'system.change': { action: 'change', subject: 'System' },
  'system.import': { action: 'import', subject: 'System' },
  'system.export': { action: 'export', subject: 'System' },
  'matrix.read': { action: 'read', subject: 'Right' },
  'history.read': { action: 'read', subject: 'Person', field: 'history' },
  'view.save': { action: 'change', subject: 'SavedView' },
  'account.read': { action: 'read', subject: 'Account' },
  'entitlement.change': { action: 'change', subject: 'Entitlement' },
  'mapping.read': { action: 'read', subject: 'Mapping' },
  'mapping.change': { action: 'change', subject: 'Mapping' },
  'rule.read': { action: 'read', subject: 'Rule' },
  'rule.import': { action: 'import', subject: 'Rule' },
  'rule.change': { action: 'change', subject: 'Rule' },
  'run.read': { action: 'read', subject: 'Run' },
  'run.start': { action: 'start', subject: 'Run' },
  'run.approve': { action: 'approve', subject: 'Run' },
  'source.read': { action: 'read', subject: 'Source' },
  'source.change': { action: 'change', subject: 'Source' },
  'audit.read': { action: 'read', subject: 'Audit' },
  'audit.verify': { action: 'verify', subject: 'Audit' },
  'local-role.read': { action: 'read', subject: 'LocalRole' },
  'local-role.grant': { action: 'grant', subject: 'LocalRole' },
  'link.read': { action: 'read', subject: 'LinkCase' },
  'link.decide': { action: 'decide', subject: 'LinkCase' },
  'person-match.read': { action: 'read', subject: 'PersonMatch' },
  'person.merge': { action: 'merge', subject: 'Person' },
  'account-rule.read': { action: 'read', subject: 'AccountRule' },
  'account-rule.change': { action: 'change', subject: 'AccountRule' },
  'what-if.read': { action: 'read', subject: 'WhatIf' },
  'what-if.change': { action: 'change', subject: 'WhatIf' },
  'mining.read': { action: 'read', subject: 'Mining' },
  'mining.run': { action: 'change', subject: 'Mining' },
  'finding.read': { action: 'read', subject: 'Finding' },
  'finding.settle': { action: 'decide', subject: 'Finding' },
  'finding.configure': { action: 'change', subject: 'Finding' },
  'hr-event.send': { action: 'send', subject: 'HrEvent' },
  'inbox.read': { action: 'read', subject: 'HrEvent' },
  'inbox.settle': { action: 'decide', subject: 'HrEvent' },
  'token.read': { action: 'read', subject: 'Token' },
  'token.manage': { action: 'change', subject: 'Token' },
  'affiliation-match.read': { action: 'read', subject: 'AffiliationMatch' },
  'affiliation-match.decide': { action: 'decide', subject: 'AffiliationMatch' },
  'case.read': { action: 'read', subject: 'Case' },
  'case.write': { action: 'change', subject: 'Case' },
  'case.send': { action: 'send', subject: 'Case' },
  'case.approve': { action: 'decide', subject: 'CaseApproval' },
  'case.confidential': { action: 'conceal', subject: 'Case' },
  'handover.read': { action: 'read', subject: 'Handover' },
  'shift.read': { action: 'read', subject: 'Shift' },
  'shift.confirm': { action: 'approve', subject: 'Shift' },
  // A sheet of proof is about what was to be carried out; which lines of it, the row decides.
  'proof.read': { action: 'read', subject: 'Order' },
  'lead-times.read': { action: 'read', subject: 'LeadTimes' },
  'order.read': { action: 'read', subject: 'Order' },
  'order.act': { action: 'decide', subject: 'Order' },
  'task.read': { action: 'read', subject: 'Task' },
  'task.settle': { action: 'decide', subject: 'Task' },
  'rung.change': { action: 'approve', subject: 'Delivery' },
  'account-type.change': { action: 'change', subject: 'Delivery' },
  'connector.change': { action: 'start', subject: 'Delivery' },
  'mail.read': { action: 'read', subject: 'Mail' },
  'mail.send': { action: 'send', subject: 'Mail' },
  'lock.read': { action: 'read', subject: 'Lock' },
  'lock.set': { action: 'change', subject: 'Lock' },
  'lock.release': { action: 'approve', subject: 'Lock' },
  'lock.roster': { action: 'grant', subject: 'Lock' },
  'access-policy.read': { action: 'read', subject: 'AccessPolicy' },
  'access-policy.change': { action: 'change', subject: 'AccessPolicy' },
  'emergency-access.use': { action: 'grant', subject: 'Right' },
  'emergency-access.check': { action: 'verify', subject: 'Right' },
  'activity.read': { action: 'read', subject: 'Activity' },
  'activity.change': { action: 'change', subject: 'Activity' },
  'activity.decide': { action: 'decide', subject: 'Activity' },
  // Advice is dated and followed up; it changes nothing.
  'activity.advise': { action: 'verify', subject: 'Activity' },
  'vocabulary.change': { action: 'change', subject: 'Vocabulary' },
  'binding.read': { action: 'read', subject: 'Binding' },
  'binding.change': { action: 'change', subject: 'Binding' },
  'binding.approve': { action: 'approve', subject: 'Binding' },
  'package.make': { action: 'start', subject: 'Package' },
  'person.export': { action: 'export', subject: 'Person' },
  // Who has looked, and who agreed, by name: others stand by their function until the adviser has weighed it.
  'person.export-names': { action: 'reveal', subject: 'NamedOthers' },
  'rectification.read': { action: 'read', subject: 'Rectification' },
  'rectification.answer': { action: 'decide', subject: 'Rectification' },
  'compliance.read': { action: 'read', subject: 'Compliance' },
  'compliance.change': { action: 'change', subject: 'Compliance' },
  'retention.run': { action: 'start', subject: 'Compliance' },
  'hold.read': { action: 'read', subject: 'Hold' },
  'hold.change': { action: 'change', subject: 'Hold' },
  'notice.follow-up': { action: 'read', subject: 'Notice' },
  'notice.record': { action: 'change', subject: 'Notice' },
  'lookup-sample.read': { action: 'read', subject: 'LookupSample' },
  'lookup-sample.answer': { action: 'verify', subject: 'LookupSample' },
}

/** Screens over many people are not for those who are there only for themselves, although a rule lets them see one row. */
const NOT_FOR_ONESELF: readonly Permission[] = [
  'person.read',
  'system.holders',
  'matrix.read',
  'history.read',
  'account.read',
]

const abilities = new WeakMap<Actor, PolicyAbility>()

/** The ability of an actor; made once per loaded actor. */
export function abilityFor(actor: Actor): PolicyAbility {
  const known = abilities.get(actor)
  if (known) return known
  const made = abilityOf(rulesFor(actor))
  abilities.set(actor, made)
  return made
}

/** Is there any record for which the policy says yes? Which ones, the row decides. */
export function can(actor: Actor, permission: Permission): boolean {
  const { action, subject: type, field } = MEANING[permission]
  const rules = abilityFor(actor).rulesFor(action, type, field) as unknown as { origin: PolicyRule }[]
  return NOT_FOR_ONESELF.includes(permission) ? rules.some(rule => rule.origin.role !== 'employee') : rules.length > 0
}

export const permissionsOf = (actor: Actor): Permission[] => PERMISSIONS.filter(permission => can(actor, permission))

/** For `createRoutes`: throws `not-allowed` unless the actor has the permission. */
export function gate(actor: Actor, permission: string): void {
  if (!(permission in MEANING) || !can(actor, permission as Permission)) throw problem('not-allowed')
}

/** May the actor do this with this very record (and this field of it)? */
export function allows<Type extends PolicySubject>(
  actor: Actor,
  action: PolicyAction,
  type: Type,
  record: PolicyRecords[Type],
  field?: string,
): boolean {
  return abilityFor(actor).can(action, subject(type, { ...record }) as never, field)
}

/** Throws `not-found` unless the actor may see the record: what you may not know of is not there. */
export function requireVisible<Type extends PolicySubject>(
  actor: Actor,
  type: Type,
  record: PolicyRecords[Type],
): void {
  if (!allows(actor, 'read', type, record)) throw problem('not-found')
}

/**
 * The filter of a list: rows of `type` that the actor may see (with `field`: in which the actor may see that field).
 * `columns` says where the names of `PolicyRecords[type]` stand in the query. No rule gives `false`.
 */
export function sqlFor<Type extends PolicySubject>(
  actor: Actor,
  action: PolicyAction,
  type: Type,
  columns: ColumnMap & { [Name in keyof PolicyRecords[Type]]?: ColumnMap[string] },
  options: { startAt?: number; field?: string } = {},
): SqlCondition {
  return abilityToSql(abilityFor(actor) as unknown as AnyAbility, action, type, columns, options)
}

/** The role under which the actor sees a record: what the person looked at is told. null: may not see it. */
export function functionFor<Type extends PolicySubject>(
  actor: Actor,
  type: Type,
  record: PolicyRecords[Type],
  action: PolicyAction = 'read',
): ToolRole | null {
  const rule = abilityFor(actor).relevantRuleFor(action, subject(type, { ...record }) as never)
  const role = rule && !rule.inverted ? (rule.origin as unknown as PolicyRule).role : null
  return role === 'program' ? null : role
}

/** The widest role, for what is not about one record. */
const BY_WIDTH: readonly ToolRole[] = [
  'admin',
  'it',
  'hr',
  'dpo',
  'auditor',
  'manager',
  'deputy',
  'systemowner',
  'reporter',
  'employee',
]
export const mainRole = (actor: Actor): ToolRole | null => BY_WIDTH.find(role => actor.roles.includes(role)) ?? null

/** May this field be seen of everybody, staff and pupils alike? For rows that are not yet people with a unit. */
export const seesOfAll = (actor: Actor, field: string): boolean =>
  (['employee', 'pupil'] as const).every(kind =>
    allows(
      actor,
      'read',
      'Person',
      { id: '', kind, status: 'active', unitIds: [], unitPath: [], systemIds: [] },
      field,
    ),
  )

/** The actor as the audit log keeps it. */
export function auditActor(actor: Actor, inFunction: ToolRole | null = mainRole(actor)): AuditActor {
  if (actor.program) return systemActor('token')
  return { kind: 'user', userId: actor.userId, personId: actor.personId, function: inFunction ?? 'none' }
}

/** The rules for the client's menus, in CASL's packed form. */
export function packedRulesFor(actor: Actor): unknown[][] {
  return packRules(rulesFor(actor).map(({ role: _, ...rule }) => rule) as never) as unknown[][]
}
