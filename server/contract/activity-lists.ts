import { z } from 'zod'

/* Closed lists of the register that stand in addresses of screens, too. */

export const activityKind = z.enum(['controller', 'processor'])
/** `draft`: never in force yet. `coming`: from a later day on. */
export const activityStanding = z.enum(['draft', 'coming', 'in-force', 'retired'])
export const versionState = z.enum(['draft', 'proposed', 'in-force', 'superseded', 'rejected', 'withdrawn'])
export type VersionState = z.output<typeof versionState>
/** What somebody should see to. */
export const activityAttention = z.enum([
  /** a proposal waits for somebody to decide */ 'proposal',
  /** the owner should have said that it is still true, or should within a month */ 'attest',
  /** advice that nobody has answered */ 'advice',
  /** a provision that nobody has looked up */ 'unchecked',
  /** nobody answers for it */ 'no-owner',
  /** nobody who knows the law has looked at it */ 'unconfirmed',
])
