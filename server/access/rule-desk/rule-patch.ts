import type { RightsRule } from '../../rules/rights-rule.ts'
import type { Role } from '../../rules/role.ts'
import type { RulesFile } from '../../rules/rules-yaml.ts'

/** Some rules and roles as they should be, by key, and the keys of those that should be gone; the rest stays. */
export type RulesPatch = {
  rules: RightsRule[]
  roles: Role[]
  removedRules: string[]
  removedRoles: string[]
}

/** The stored content with a patch in it: each in the place where it stood, new ones last. */
export function applyPatch(stored: RulesFile, patch: RulesPatch): RulesFile {
  return {
    ...stored,
    rules: put(stored.rules, patch.rules, patch.removedRules),
    roles: put(stored.roles, patch.roles, patch.removedRoles),
  }
}

function put<T extends { key: string }>(stored: readonly T[], changed: readonly T[], removed: readonly string[]): T[] {
  const next = new Map(changed.map(one => [one.key, one]))
  const known = new Set(stored.map(one => one.key))
  const gone = new Set(removed)
  return [
    ...stored.filter(one => !gone.has(one.key)).map(one => next.get(one.key) ?? one),
    ...changed.filter(one => !known.has(one.key)),
  ]
}
