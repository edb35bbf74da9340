/**
 * What an endpoint may ask for before it looks at any record. Having a permission means that there is at least one
 * record for which the policy says yes; which records those are is decided by the policy per row.
 */
export const PERMISSIONS = [
  'me.read',
  'person.read',
  'person.reveal-cpr',
  'unit.read',
  'unit.worklist',
  'system.read',
  'system.holders',
  'system.change',
  'system.import',
  'system.export',
  'matrix.read',
  'history.read',
  'view.save',
  'account.read',
  'entitlement.change',
  'mapping.read',
  'mapping.change',
  'rule.read',
  'rule.import',
  'rule.change',
  'run.read',
  'run.start',
  'run.approve',
  'source.read',
  'source.change',
  'audit.read',
  'audit.verify',
  'local-role.read',
  'local-role.grant',
  'link.read',
  'link.decide',
  'person-match.read',
  'person.merge',
  'account-rule.read',
  'account-rule.change',
  'what-if.read',
  'what-if.change',
  'mining.read',
  'mining.run',
  'finding.read',
  'finding.settle',
  'finding.configure',
  'case.read',
  'case.write',
  'case.send',
  'case.approve',
  'case.confidential',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/**
 * What somebody may be in Hjemmel. `admin` is a local role only: everything of `it`, and granting local roles. `reporter`
 * (indberetter) too: prepares reports about people of named units, which their manager sends.
 */
export const TOOL_ROLES = [
  'admin',
  'hr',
  'it',
  'dpo',
  'auditor',
  'systemowner',
  'manager',
  'deputy',
  'reporter',
  'employee',
] as const
export type ToolRole = (typeof TOOL_ROLES)[number]
