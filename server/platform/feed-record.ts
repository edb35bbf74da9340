import type { Keyring } from './keyring.ts'
import type { Tx } from './unit-of-work.ts'

/**
 * The one shape in which anything comes into the house: what every reader (CSV, LDIF, LDAP) yields and what every
 * sink (people, systems) takes. It stands in platform because the readers are above the rooms that receive.
 */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type NormalAttrs = Record<string, Json>

/** In the order in which they are applied: a kind may refer to what stands before it (and, through settle, after). */
export const RECORD_KINDS = [
  'unit',
  'position',
  'person',
  'affiliation',
  'deputy',
  'system',
  'entitlement',
  'account',
  'group',
  'held',
] as const
export type RecordKind = (typeof RECORD_KINDS)[number]

export type FeedRecord = {
  kind: RecordKind
  /** The source's own stable key of the record. */
  key: string
  attrs: NormalAttrs
  /** Where in the input: `file:line` or a DN. Not for logs. */
  at?: string
}

/** How much a source is trusted for one attribute; the higher number wins. Must answer for `manual` too. */
export type AuthorityLookup = (source: string, attribute: string) => number

export type RecordChange = {
  key: string
  op: 'add' | 'change' | 'gone' | 'return'
  before: NormalAttrs | null
  after: NormalAttrs | null
  /** What the sink answered for this key before; null the first time. */
  subjectId: string | null
}

export type SinkContext = {
  tx: Tx
  source: string
  runId: string
  /** `changes`: only little may have changed, and what is worked out from it must cost no more than that. */
  mode: 'full' | 'changes'
  /** Civil date of the run in Copenhagen. */
  today: string
  now: Date
  /** When the source stated this: the file's time or the start of the read. Decides among facts of one source. */
  seenAt: Date
  authority: AuthorityLookup
  keyring: Keyring
}

export type Parsed =
  | { ok: true; attrs: NormalAttrs }
  | { ok: false; reason: string; params?: Record<string, string | number> }

/** `situation` says what is not as it should be with this record (a reference that leads nowhere, ...). */
export type Applied = { key: string; subjectId: string | null; situation?: string }

/** SQL over `batch_item i`: joins with at most one row an item, and two expressions. `$1` is the source. */
export type StoredAnswer = { joins: string; subjectId: string; situation: string }

export type Sink = {
  kind: RecordKind
  /** Pure. A record that does not parse is rejected with its reason; the rest of the run goes on. */
  parse(attrs: NormalAttrs): Parsed
  /**
   * Several entries of one key say one thing together, in whatever order they come (a list names a right once per limit).
   * Pure, of parsed attributes; without it the first entry stands and the others are rejected.
   */
  merge?(entries: readonly NormalAttrs[]): NormalAttrs
  /** Which part a change counts in for the change guards: one unit, one system. */
  guardPart?(change: RecordChange): string
  /**
   * Keys of the source's own records of this kind that name one of these: groups that have them as members. Records by
   * key; names as they stand in a member list, in the one form of DNs and in small letters.
   */
  holders?(tx: Tx, source: string, keys: readonly string[], names: readonly string[]): Promise<string[]>
  /** Once after all batches of the kind: references between records, set-based. */
  settle?(ctx: SinkContext): Promise<void>
  /** Once after all kinds: current caches, correlation. Called for every sink, in order, even without changes. */
  after?(ctx: SinkContext): Promise<void>
} & (
  | {
      /** Set-based; called with batches of about 2,000. */
      apply(ctx: SinkContext, changes: RecordChange[]): Promise<Applied[]>
    }
  | {
      apply?: never
      /**
       * The same without bringing the records into the process, for a kind that comes by the million. The batch stands in
       * the temporary table `batch_item` (n, key, op, before, after); answers what an item's answer is, in SQL over it.
       */
      applyStored(ctx: SinkContext): Promise<StoredAnswer>
    }
)
