import type { Clock } from '../../platform/clock.ts'
import type { Sink } from '../../platform/feed-record.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { Log } from '../../platform/log.ts'
import type { Db } from '../../platform/unit-of-work.ts'
import type { NeverInBatch } from '../guards/weigh-plan.ts'
import type { SecretRef, SourceReader } from '../reading/reader.ts'
import type { ScreenLimits } from '../sources/screen-limits.ts'
import type { FeedAudit } from './feed-audit.ts'

/** What feeds are made of; wiring.ts puts it together. */
export type FeedsDeps = {
  db: Db
  sinks: readonly Sink[]
  readers: readonly SourceReader[]
  keyring: Keyring
  clock: Clock
  log: Log
  secretOf(ref: SecretRef, folder: string): string
  audit?: FeedAudit
  /** Rooms above that know of changes which no batch may carry out. */
  neverInBatch?: readonly NeverInBatch[]
  /** What sources that are declared on the screen may reach; without it they reach nothing. */
  screen?: ScreenLimits
  /** A worker without a sign of life for so long is taken for dead. */
  leaseSeconds?: number
  /** Records of a source that are held in memory by key and hash while it is read; of a larger one the database compares. */
  mostKnown?: number
  /** A file in a watched folder must look the same for so long before it is taken for whole. */
  settleMs?: number
}
