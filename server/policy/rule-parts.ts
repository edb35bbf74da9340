import type { RawRule } from '@casl/ability'
import type { ToolRole } from '#contract/permissions.ts'
import type { PolicyAction, PolicySubject } from './subjects.ts'

/* What the rules of all roles are written with. */

export type PolicyRule = RawRule<[PolicyAction, PolicySubject]> & { role: ToolRole | 'program' }
export type Rules = Omit<PolicyRule, 'role'>[]
export const can = (
  action: PolicyAction,
  subject: PolicySubject | PolicySubject[],
  conditions?: Record<string, unknown>,
  fields?: string[],
): Omit<PolicyRule, 'role'> => ({
  action,
  subject: Array.isArray(subject) && subject.length === 1 ? (subject[0] as PolicySubject) : subject,
  ...(conditions ? { conditions } : {}),
  ...(fields ? { fields } : {}),
})

export const STAFF = ['employee', 'external', 'other']
export const NOT_PUPIL = { $in: STAFF }
export const STAFF_AFFILIATIONS = {
  $in: ['employment', 'temp', 'external', 'elected', 'trainee', 'volunteer', 'network'],
}

export const inUnits = (units: readonly string[]) => ({ $in: [...units] })

export const OTHER = { about: 'other' }
