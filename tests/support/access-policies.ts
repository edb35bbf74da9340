import { DEFAULT_ABSENCE } from '../../server/access/policies/access-policies.ts'
import { storePolicies } from '../../server/access/policies/policy-store.ts'
import type { Tx } from '../../server/platform/unit-of-work.ts'

/** Rights go at once with the job that gave them: for tests of what rules say. */
export const withoutGrace = (tx: Tx): Promise<void> =>
  storePolicies(tx, {
    absence: DEFAULT_ABSENCE,
    grace: { basic: 0, ordinary: 0, sensitive: 0, privileged: 0, kit: 0 },
  })
