import { CONSTRAINT_KINDS, type EntitlementAttribute } from '#contract/entitlements.ts'
import { isEntitlementKey } from '../entitlement-key.ts'

/** What an entitlement is, as far as somebody can say it. */
export type EntitlementValues = {
  name: string
  description: string | null
  technicalNote: string | null
  kind: string
  sensitivity: string
  privileged: boolean
  constraints: readonly string[]
  ownerPersonId: string | null
  licenceCap: number | null
  licenceCounts: string
  /** Who has to agree; null: as its sensitivity says. */
  approval: 'unit' | 'system' | 'right' | null
  /** May it be given for some hours when it cannot wait? */
  emergency: boolean
}
export type EntitlementProblem = { where: string; what: string }

/** What feeds say too, and so stands against them when a person says it. The rest no feed knows. */
export const FED: readonly EntitlementAttribute[] = [
  'name',
  'description',
  'kind',
  'sensitivity',
  'privileged',
  'constraints',
]

/** Fewer letters describe nothing. */
const SHORTEST = 10

/**
 * What a colleague would object to. `systemHasOwner`: somebody owns the system, and so its rights; a privileged right
 * needs somebody who answers for it, and words that say what it opens. `constraints`: those that it has already; what
 * a feed has said of it may stay, but nobody writes a kind that no rule can fill.
 */
export function entitlementProblems(
  values: EntitlementValues,
  { systemHasOwner, constraints = [] }: { systemHasOwner: boolean; constraints?: readonly string[] },
): EntitlementProblem[] {
  const found: EntitlementProblem[] = []
  const described = (values.description ?? '').trim()
  if (values.name.trim() === '') found.push({ where: 'name', what: 'name-missing' })
  if (values.privileged && described.length < SHORTEST)
    found.push({ where: 'description', what: 'privileged-needs-description' })
  else if (described !== '' && described.length < SHORTEST)
    found.push({ where: 'description', what: 'description-short' })
  if (described !== '' && described.toLocaleLowerCase('da') === values.name.trim().toLocaleLowerCase('da'))
    found.push({ where: 'description', what: 'description-is-name' })
  if (values.privileged && values.ownerPersonId === null && !systemHasOwner)
    found.push({ where: 'ownerPersonId', what: 'privileged-needs-owner' })
  if (values.approval === 'right' && values.ownerPersonId === null)
    found.push({ where: 'approval', what: 'approval-needs-owner' })
  if (values.licenceCap !== null && !['licence', 'role', 'mailbox', 'equipment', 'physical'].includes(values.kind))
    found.push({ where: 'licenceCap', what: 'cap-not-for-kind' })
  if (new Set(values.constraints).size < values.constraints.length)
    found.push({ where: 'constraints', what: 'constraint-twice' })
  const known: readonly string[] = [...CONSTRAINT_KINDS, ...constraints]
  if (values.constraints.some(one => !known.includes(one)))
    found.push({ where: 'constraints', what: 'constraint-unknown' })
  return found
}

/** The key of a new entitlement, or what is wrong with it. */
export function newKey(system: string, part: string): { key: string } | EntitlementProblem {
  const key = `${system}/${part.trim()}`
  return isEntitlementKey(key) ? { key } : { where: 'key', what: 'key-invalid' }
}

/** Would an entitlement contain itself by these parts? `parts` answers what an entitlement includes. */
export function includesItself(
  id: string,
  wanted: readonly string[],
  parts: (id: string) => readonly string[],
): boolean {
  const seen = new Set<string>()
  const open = [...wanted]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === id) return true
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...parts(next))
  }
  return false
}
