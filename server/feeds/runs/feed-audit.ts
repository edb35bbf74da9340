import type { Tx } from '../../platform/unit-of-work.ts'
import type { RunActor } from './feed-run.ts'

/** How a command on a run is written into the audit log; wiring.ts gives the audit room's writer. */
export type FeedAudit = (
  tx: Tx,
  entry: {
    action:
      | 'feed.run'
      | 'feed.taken-over'
      | 'feed.approve'
      | 'feed.reject'
      | 'feed.confirm-missing'
      | 'feed.set-aside'
      | 'feed.accept-shape'
      | 'feed.expired'
    actor: RunActor
    source: string
    runId: string | null
    detail: Record<string, string | number | boolean | null>
  },
) => Promise<void>
