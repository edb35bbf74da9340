export const RIGHT_CLASSES = ['basic', 'ordinary', 'sensitive', 'privileged', 'kit'] as const
export type RightClass = (typeof RIGHT_CLASSES)[number]

/** What a right is classed by: its own kind, sensitivity and flag, and the kind of the system that it opens. */
export type Classed = { kind: string; sensitivity: string; privileged: boolean; systemKind: string }

/**
 * The class of a right, that policies of absence and grace, previews and proof speak of. What harm it could do comes
 * first: a privileged key card is privileged. A mailbox or a licence with protected data in it is sensitive, not basic.
 */
export function rightClass({ kind, sensitivity, privileged, systemKind }: Classed): RightClass {
  if (privileged) return 'privileged'
  if (sensitivity === 'confidential' || sensitivity === 'special' || sensitivity === 'criminal') return 'sensitive'
  if (kind === 'equipment' || kind === 'physical' || systemKind !== 'it') return 'kit'
  if (kind === 'mailbox' || kind === 'licence' || sensitivity === 'none') return 'basic'
  return 'ordinary'
}

/** The same in SQL, over an entitlement `e` and its system `s`. */
export const rightClassSql = (e: string, s: string): string => `case
  when ${e}.privileged then 'privileged'
  when ${e}.sensitivity in ('confidential', 'special', 'criminal') then 'sensitive'
  when ${e}.kind in ('equipment', 'physical') or ${s}.kind <> 'it' then 'kit'
  when ${e}.kind in ('mailbox', 'licence') or ${e}.sensitivity = 'none' then 'basic'
  else 'ordinary' end`
