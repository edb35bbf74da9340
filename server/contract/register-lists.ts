import { z } from 'zod'

/* Closed lists of the register that stand in addresses of screens: apart from the endpoints (see lists.ts). */

export const rectificationState = z.enum(['open', 'answered'])

export const rectificationOutcome = z.enum([
  /** it was wrong, and is put right */ 'corrected',
  /** it is wrong, and somebody is on it */ 'will-be',
  /** it is as it should be, and why */ 'right-as-is',
])

/** On which level something is said of what rights are for. */
export const bindingLevel = z.enum(['system', 'entitlement', 'group', 'role', 'rule', 'assignment'])
/** How strong a proposal is. */
export const confidence = z.enum(['strong', 'medium', 'weak'])
/** What a purpose needs to be done with data. */
export const operation = z.enum(['read', 'write', 'delete', 'export'])
