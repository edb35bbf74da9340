import { isEntitlementKey } from '../systems/entitlement-key.ts'
import { type ConditionNode, type ConditionProblemCode, parseCondition } from './condition.ts'
import { covers, everything, isSystemWildcard, type RightsRule } from './rights-rule.ts'
import { type Role, roleBook, roleCycles } from './role.ts'

export type RuleProblemCode =
  | ConditionProblemCode
  | 'rule-duplicate'
  | 'rule-grants-nothing'
  | 'rule-inverted-without-reason'
  | 'rule-validity-empty'
  | 'rule-constraint-unused'
  | 'rule-names-person'
  | 'rule-excepts-unknown'
  | 'role-duplicate'
  | 'role-unknown'
  | 'role-cycle'
  | 'entitlement-key-invalid'
  | 'entitlement-unknown'
  | 'entitlement-wildcard-empty'
  | 'entitlement-everything-granted'

/** A problem: the code is the text key, `at` the place inside the rule or role, `params` what the text needs. */
export type RuleProblem = {
  code: RuleProblemCode
  kind: 'rule' | 'role'
  key: string
  /** Place in the list that was given; keys need not be unique. */
  index: number
  at: readonly (string | number)[]
  params: Record<string, string>
}

/**
 * Everything that keeps these rules and roles from being used, or an empty list. Fails closed: nothing that is not
 * understood passes. With `knownEntitlements`, every entitlement named must exist. Drafts are checked like the rest,
 * except that several versions of a rule may stand side by side as long as only one of them is active at a time.
 */
export function validateRules(
  rules: readonly RightsRule[],
  roles: readonly Role[],
  knownEntitlements?: readonly string[],
): RuleProblem[] {
  const known = knownEntitlements && new Set(knownEntitlements)
  const systems = knownEntitlements && new Set(knownEntitlements.map(key => key.slice(0, key.indexOf('/') + 1)))
  const problems: RuleProblem[] = []
  const roleKeys = new Set(roles.map(role => role.key))

  const checker = (kind: RuleProblem['kind'], key: string, index: number) => {
    const report = (code: RuleProblemCode, at: RuleProblem['at'], params: RuleProblem['params'] = {}) => {
      problems.push({ code, kind, key, index, at, params })
    }
    const entitlement = (written: string, at: RuleProblem['at'], mayForbidAll: boolean) => {
      if (written === everything) {
        if (!mayForbidAll) report('entitlement-everything-granted', at)
      } else if (isSystemWildcard(written)) {
        if (systems && !systems.has(written.slice(0, -1)))
          report('entitlement-wildcard-empty', at, { entitlement: written })
      } else if (!isEntitlementKey(written)) report('entitlement-key-invalid', at, { entitlement: written })
      else if (known && !known.has(written)) report('entitlement-unknown', at, { entitlement: written })
    }
    const roleNamed = (named: string, at: RuleProblem['at']) => {
      if (!roleKeys.has(named)) report('role-unknown', at, { role: named })
    }
    return { report, entitlement, roleNamed }
  }

  const seenRoles = new Set<string>()
  for (const [index, role] of roles.entries()) {
    const { report, entitlement, roleNamed } = checker('role', role.key, index)
    if (seenRoles.has(role.key)) report('role-duplicate', ['key'])
    seenRoles.add(role.key)
    role.entitlements.forEach((one, i) => {
      entitlement(one.key, ['entitlements', i, 'key'], false)
    })
    role.roles.forEach((named, i) => {
      roleNamed(named, ['roles', i])
    })
  }
  for (const cycle of roleCycles(roles)) {
    const [key] = cycle as [string]
    const index = roles.findIndex(role => role.key === key)
    checker('role', key, index).report('role-cycle', ['roles'], { path: cycle.join(' > ') })
  }

  // Roles can only be opened when they are sound; until then a rule's reach through them is not judged.
  const book = problems.length === 0 ? roleBook(roles) : null

  const ruleKeys = new Set(rules.map(rule => rule.key))
  const seenRules = new Map<string, RightsRule[]>()
  for (const [index, rule] of rules.entries()) {
    const { report, entitlement, roleNamed } = checker('rule', rule.key, index)
    const earlier = seenRules.get(rule.key) ?? []
    if (earlier.some(other => clashes(rule, other))) report('rule-duplicate', ['key'])
    seenRules.set(rule.key, [...earlier, rule])
    if (rule.inverted && !rule.reason?.trim()) report('rule-inverted-without-reason', ['reason'])
    if (rule.validTo !== null && rule.validTo <= rule.validFrom) report('rule-validity-empty', ['validTo'])
    const { node, problems: inConditions } = parseCondition(rule.conditions)
    for (const { code, at, params } of inConditions) report(code, ['conditions', ...at], params)
    if (node && namesPerson(node) && !(rule.inverted && rule.validTo !== null))
      report('rule-names-person', ['conditions'])
    if (rule.excepts !== undefined && !(rule.inverted && ruleKeys.has(rule.excepts) && rule.excepts !== rule.key))
      report('rule-excepts-unknown', ['excepts'], { excepts: rule.excepts })
    rule.entitlements.forEach((written, i) => {
      entitlement(written, ['entitlements', i], rule.inverted)
    })
    rule.roles.forEach((named, i) => {
      roleNamed(named, ['roles', i])
    })
    if (rule.entitlements.length === 0 && rule.roles.length === 0) report('rule-grants-nothing', ['entitlements'])
    if (!book || !rule.roles.every(book.has)) continue
    const reach = [
      ...rule.entitlements,
      ...rule.roles.flatMap(role => book.grants(role).map(grant => grant.entitlement)),
    ]
    if (reach.length === 0 && rule.roles.length > 0) report('rule-grants-nothing', ['roles'])
    for (const written of Object.keys(rule.constraints ?? {}))
      if (written !== everything && !reach.some(one => covers(one, written) || covers(written, one)))
        report('rule-constraint-unused', ['constraints', written], { entitlement: written })
  }
  return problems
}

/** The same key twice: never as the same version, and never both active on one day (two answers to one question). */
function clashes(a: RightsRule, b: RightsRule): boolean {
  if (a.version === b.version) return true
  const overlap = (a.validTo === null || b.validFrom < a.validTo) && (b.validTo === null || a.validFrom < b.validTo)
  return a.state === 'active' && b.state === 'active' && overlap
}

const namesPerson = (node: ConditionNode): boolean =>
  node.op === 'test' ? node.field === 'personId' : node.op === 'not' ? namesPerson(node.of) : node.of.some(namesPerson)
