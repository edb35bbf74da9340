import { z } from 'zod'

/* Closed lists of the register that stand in addresses of screens: apart from the endpoints (see lists.ts). */

export const rectificationState = z.enum(['open', 'answered'])

export const rectificationOutcome = z.enum([
  /** it was wrong, and is put right */ 'corrected',
  /** it is wrong, and somebody is on it */ 'will-be',
  /** it is as it should be, and why */ 'right-as-is',
])
